"""Tasks start in order and finish by duration, all on one thread."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


async def task(name, duration):
    print(f"Task {name} starting", flush=True)
    await asyncio.sleep(duration * PACE)
    print(f"Task {name} completed after {duration:g} seconds", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", metavar="NAME=SECONDS", default=["A=2", "B=1", "C=3"])
    args = parser.parse_args()

    tasks = []
    for text in args.tasks:
        name, duration = text.rsplit("=", 1)
        tasks.append(asyncio.create_task(task(name, float(duration))))
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main())
