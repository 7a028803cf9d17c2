"""Processes of which some fail: each is named with its exit code, the others finish, and the exit code tells."""

import argparse
import multiprocessing
import os
import sys
import time

PACE = float(os.environ.get("PACE", "1"))


def worker(number, wait, fails):
    print(f"Worker {number} starting\n", end="", flush=True)
    time.sleep(wait * PACE)
    if fails:
        raise RuntimeError(f"worker {number} was told to fail")
    print(f"Worker {number} finished\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--wait", type=float, default=2)
    parser.add_argument("--fail", type=int, action="append", default=[])
    args = parser.parse_args()

    processes = []
    for number in args.numbers:
        process = multiprocessing.Process(target=worker, args=(number, args.wait, number in args.fail))
        process.start()
        processes.append((number, process))
    failed = 0
    for number, process in processes:
        process.join()
        if process.exitcode != 0:
            print(f"worker {number} failed: {process.name} ended with {process.exitcode}", file=sys.stderr)
            failed += 1
    if failed:
        sys.exit(f"error: {failed} of {len(processes)} workers failed")
    print("All workers finished")


if __name__ == "__main__":
    main()
