"""Six tasks want to work at once; a semaphore lets in three at a time."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))

inside = most = 0


async def controlled_task(task, sem, wait):
    global inside, most
    async with sem:
        inside += 1
        most = max(most, inside)
        print(f"Task {task} starting", flush=True)
        await asyncio.sleep(wait * PACE)
        print(f"Task {task} finished", flush=True)
        inside -= 1


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=6)
    parser.add_argument("--limit", type=int, default=3)
    parser.add_argument("--wait", type=float, default=1)
    args = parser.parse_args()

    sem = asyncio.Semaphore(args.limit)
    await asyncio.gather(*(controlled_task(task, sem, args.wait)
                           for task in range(1, args.tasks + 1)))
    print(f"At most {most} tasks at a time")


if __name__ == "__main__":
    asyncio.run(main())
