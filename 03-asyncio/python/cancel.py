"""Tasks of which one fails: the others are cancelled where they wait, and say so; so they do on Ctrl-C."""

import argparse
import asyncio
import os
import sys

PACE = float(os.environ.get("PACE", "1"))


async def task(name, duration, fails):
    print(f"Task {name} starting", flush=True)
    try:
        await asyncio.sleep(duration * PACE)
    except asyncio.CancelledError:
        print(f"Task {name} cancelled", flush=True)
        raise
    if fails:
        raise RuntimeError(f"task {name} failed after {duration:g} seconds")
    print(f"Task {name} completed after {duration:g} seconds", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", metavar="NAME=SECONDS", default=["A=2", "B=1", "C=3"])
    parser.add_argument("--fail", metavar="NAME")
    args = parser.parse_args()

    try:
        async with asyncio.TaskGroup() as group:
            for text in args.tasks:
                name, duration = text.rsplit("=", 1)
                group.create_task(task(name, float(duration), name == args.fail))
    except* RuntimeError as errors:
        sys.exit(f"error: {errors.exceptions[0]}")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)
