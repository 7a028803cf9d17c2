"""Each worker is a process: its own memory, its own name, and an exit code that is checked."""

import argparse
import multiprocessing
import os
import sys
import time

PACE = float(os.environ.get("PACE", "1"))

CLOSING = {
    "approaches": "All workers finished",
    "introduction": "All processes are done.",
    "comparison": "All processes have completed",
}


def worker(number, wait, fails, words):
    # One string, line end included: print writes the two apart, and processes can come in between.
    if words == "approaches":
        print(f"Worker {number} starting\n", end="", flush=True)
    elif words == "introduction":
        print(f"{number} squared is {number * number}\n", end="", flush=True)
    else:
        print(f"Process {multiprocessing.current_process().name} is running\n", end="", flush=True)
    time.sleep(wait * PACE)
    if fails:
        raise RuntimeError(f"worker {number} was told to fail")
    if words == "approaches":
        print(f"Worker {number} finished\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=[0, 1, 2])
    parser.add_argument("--wait", type=float, default=2)
    parser.add_argument("--fail", type=int)
    parser.add_argument("--words", choices=CLOSING, default="approaches")
    args = parser.parse_args()

    processes = [
        multiprocessing.Process(target=worker, args=(n, args.wait, n == args.fail, args.words))
        for n in args.numbers
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    failed = sum(process.exitcode != 0 for process in processes)
    if failed:
        sys.exit(f"error: {failed} of {len(processes)} workers failed")
    print(CLOSING[args.words])


if __name__ == "__main__":
    main()
