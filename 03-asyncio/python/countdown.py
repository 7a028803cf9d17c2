"""Two countdowns take turns on one event loop."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


def named(text):
    name, n = text.rsplit("=", 1)
    return name, int(n)


async def countdown(name, n, words):
    for n in range(n, 0, -1):
        print(f"{name}: {n}", flush=True)
        await asyncio.sleep(1 * PACE)
    if words == "approaches":
        print(f"{name}: Countdown finished!", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("countdowns", nargs="*", type=named, metavar="NAME=N",
                        default=[("Countdown 1", 3), ("Countdown 2", 5)])
    parser.add_argument("--words", choices=["approaches", "techniques"], default="approaches")
    args = parser.parse_args()

    tasks = [asyncio.create_task(countdown(name, n, args.words)) for name, n in args.countdowns]
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(main())
