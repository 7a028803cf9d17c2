"""Two countdowns take turns on one event loop."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


async def countdown(name, n):
    for n in range(n, 0, -1):
        print(f"{name}: {n}", flush=True)
        await asyncio.sleep(1 * PACE)
    print(f"{name}: Countdown finished!", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("countdowns", nargs="*", metavar="NAME=N", default=["Countdown 1=3", "Countdown 2=5"])
    args = parser.parse_args()

    tasks = []
    for text in args.countdowns:
        name, n = text.rsplit("=", 1)
        tasks.append(asyncio.create_task(countdown(name, int(n))))
    for task in tasks:
        await task


if __name__ == "__main__":
    asyncio.run(main())
