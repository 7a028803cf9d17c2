"""Greetings after 2, 1 and 3 seconds: all of them in 3."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


def named(text):
    name, seconds = text.rsplit("=", 1)
    return name, float(seconds)


async def say_hello(name, delay):
    await asyncio.sleep(delay * PACE)
    print(f"Hello, {name}!", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("greetings", nargs="*", type=named, metavar="NAME=SECONDS",
                        default=[("Alice", 2), ("Bob", 1), ("Charlie", 3)])
    args = parser.parse_args()

    await asyncio.gather(*(say_hello(name, delay) for name, delay in args.greetings))


if __name__ == "__main__":
    asyncio.run(main())
