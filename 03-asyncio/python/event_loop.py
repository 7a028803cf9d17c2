"""Tasks start in order and finish by duration, all on one thread; one that fails cancels the rest."""

import argparse
import asyncio
import os
import sys

PACE = float(os.environ.get("PACE", "1"))

STARTING = {"approaches": "Task {name} starting", "comparison": "Starting worker"}
COMPLETED = {
    "approaches": "Task {name} completed after {duration:g} seconds",
    "comparison": "Worker finished",
}


def named(text):
    name, seconds = text.rsplit("=", 1)
    return name, float(seconds)


async def task(name, duration, args):
    print(STARTING[args.words].format(name=name), flush=True)
    try:
        await asyncio.sleep(duration * PACE)
    except asyncio.CancelledError:
        print(f"Task {name} cancelled", flush=True)
        raise
    if name == args.fail:
        raise RuntimeError(f"task {name} failed after {duration:g} seconds")
    print(COMPLETED[args.words].format(name=name, duration=duration), flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", type=named, metavar="NAME=SECONDS",
                        default=[("A", 2), ("B", 1), ("C", 3)])
    parser.add_argument("--fail", metavar="NAME")
    parser.add_argument("--words", choices=STARTING, default="approaches")
    args = parser.parse_args()

    try:
        async with asyncio.TaskGroup() as group:
            for name, duration in args.tasks:
                group.create_task(task(name, duration, args))
    except* RuntimeError as errors:
        sys.exit(f"error: {errors.exceptions[0]}")


if __name__ == "__main__":
    asyncio.run(main())
