"""Futures of which some fail: each failure is told from its own future, the other tasks finish."""

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

PACE = float(os.environ.get("PACE", "1"))


def task(number, fail, panic):
    if number == panic:
        raise AssertionError(f"as --panic {number} asks")
    if number == fail:
        raise ValueError(f"as --fail {number} asks")
    time.sleep(number * PACE)
    return f"Task {number} completed"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=3)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--fail", type=int)
    parser.add_argument("--panic", type=int)
    args = parser.parse_args()

    failed = 0
    with ThreadPoolExecutor(max_workers=args.workers) as executor:
        number_of = {}
        for number in range(1, args.tasks + 1):
            number_of[executor.submit(task, number, args.fail, args.panic)] = number
        for future in as_completed(number_of):
            try:
                print(future.result(), flush=True)
            except Exception as error:
                print(f"task {number_of[future]} failed: {error}", file=sys.stderr)
                failed += 1
    if failed:
        sys.exit(f"error: {failed} of {args.tasks} tasks failed")


if __name__ == "__main__":
    main()
