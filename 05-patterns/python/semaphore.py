"""A semaphore: at most three tasks are inside at once."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))

inside = 0


async def controlled_async_task(sem):
    """Returns how many were inside when it had come in. Tasks take turns: the number needs no lock."""
    global inside
    async with sem:
        inside += 1
        at_once = inside
        await asyncio.sleep(PACE)
        inside -= 1
    return at_once


async def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    sem = asyncio.Semaphore(3)
    tasks = []
    for _ in range(6):
        tasks.append(controlled_async_task(sem))
    at_once = await asyncio.gather(*tasks)
    print(f"semaphore: 6 tasks, never more than {max(at_once)} at once")


if __name__ == "__main__":
    asyncio.run(main())
