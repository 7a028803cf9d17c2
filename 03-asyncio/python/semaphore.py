"""Six tasks want to work at once; a semaphore lets in three at a time."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))

inside = 0


async def controlled_async_task(task, sem):
    global inside
    async with sem:
        inside += 1
        count = inside
        print(f"Task {task} starting", flush=True)
        await asyncio.sleep(1 * PACE)
        print(f"Task {task} finished", flush=True)
        inside -= 1
        return count


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=6)
    parser.add_argument("--limit", type=int, default=3)
    args = parser.parse_args()

    sem = asyncio.Semaphore(args.limit)
    tasks = []
    for task in range(1, args.tasks + 1):
        tasks.append(controlled_async_task(task, sem))
    counts = await asyncio.gather(*tasks)
    print(f"At most {max(counts)} tasks at a time")


if __name__ == "__main__":
    asyncio.run(main())
