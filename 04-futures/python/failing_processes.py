"""Calls in other processes of which some fail: each is named with its cause, the others give their results."""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def square(number, fault):
    if fault == "panic":
        raise AssertionError(f"as --panic {number} asks")
    if fault == "exit":
        os._exit(3)
    return number * number


def submit(executor, number, fault):
    try:
        return executor.submit(square, number, fault)
    except BrokenProcessPool:
        return None  # what was submitted before tells it


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=5)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--panic", type=int)
    parser.add_argument("--exit", type=int)
    args = parser.parse_args()

    failed = 0
    with ProcessPoolExecutor(max_workers=args.workers) as executor:
        futures = {}
        for number in range(1, args.numbers + 1):
            fault = "panic" if number == args.panic else "exit" if number == args.exit else None
            futures[number] = submit(executor, number, fault)
        for number, future in futures.items():
            try:
                if future is None:
                    raise BrokenProcessPool("the pool is not usable any more")
                print(f"Squared value: {future.result()}", flush=True)
            except (AssertionError, BrokenProcessPool) as error:
                print(f"cannot square {number}: {error}", file=sys.stderr)
                failed += 1
    if failed:
        sys.exit(f"error: {failed} of {args.numbers} numbers failed")


if __name__ == "__main__":
    main()
