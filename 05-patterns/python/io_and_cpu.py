"""Mixed work, each on what suits it: files are read by threads, sums computed by processes."""

import argparse
import multiprocessing
import threading
from pathlib import Path

FILES = Path(__file__).resolve().parents[2] / "target/lab/files"  # made by the Rust example


def read_file(path):
    path.read_text(encoding="utf-8")
    print(f"File '{path.name}' read successfully.\n", end="", flush=True)


def compute_sum(below):
    print(f"Sum of numbers up to {below} is {sum(range(below))}.\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sums", type=int, nargs="+", default=[10_000_000, 20_000_000])
    args = parser.parse_args()

    workers = []
    # The processes first: a fork copies a process with threads in an undefined state.
    for below in args.sums:
        workers.append(multiprocessing.Process(target=compute_sum, args=(below,)))
    for name in ["file1.txt", "file2.txt"]:
        workers.append(threading.Thread(target=read_file, args=(FILES / name,)))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
