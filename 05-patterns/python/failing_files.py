"""Mixed work of which some fails: each failure is named with its cause, all else is finished, and the exit code tells."""

import argparse
import multiprocessing
import sys
import threading
from pathlib import Path

FILES = Path(__file__).resolve().parents[2] / "target/lab/files"  # made by the Rust example

failures = []


def read_file(path):
    try:
        path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        failures.append(path)
        print(f"cannot read {path}: {error}", file=sys.stderr)
    else:
        print(f"File '{path.name}' read successfully.\n", end="", flush=True)


def compute_sum(below):
    print(f"Sum of numbers up to {below} is {sum(range(below))}.\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", default=[FILES / "file1.txt", FILES / "file2.txt"])
    parser.add_argument("--sums", type=int, nargs="+", default=[10_000_000, 20_000_000])
    parser.add_argument("--sums-in", choices=["processes", "threads"], default="processes")
    args = parser.parse_args()

    workers = []
    # The processes first: a fork copies a process with threads in an undefined state.
    for below in args.sums:
        worker = multiprocessing.Process if args.sums_in == "processes" else threading.Thread
        workers.append(worker(target=compute_sum, args=(below,)))
    for path in args.files:
        workers.append(threading.Thread(target=read_file, args=(path,)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    failed = len(failures) + sum(getattr(worker, "exitcode", 0) != 0 for worker in workers)
    if failed:
        sys.exit(f"error: {failed} of {len(workers)} tasks failed")


if __name__ == "__main__":
    main()
