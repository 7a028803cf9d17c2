"""Mixed work, each on what suits it: files are read by threads, sums computed by processes."""

import argparse
import multiprocessing
import os
import sys
import tempfile
import threading


def read_file(path, failures):
    try:
        with open(path, encoding="utf-8") as file:
            file.read()
    except (OSError, UnicodeDecodeError) as error:
        failures.append(path)
        print(f"cannot read {path}: {error}", file=sys.stderr)
    else:
        print(f"File '{os.path.basename(path)}' read successfully.\n", end="", flush=True)


def compute_sum(below):
    print(f"Sum of numbers up to {below} is {sum(range(below))}.\n", end="", flush=True)


def make_files(folder):
    paths = [os.path.join(folder, name) for name in ("file1.txt", "file2.txt")]
    for path in paths:
        with open(path, "w", encoding="utf-8") as file:
            file.write("A line of text.\n" * 1000)
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--sums", type=int, nargs="+", default=[10_000_000, 20_000_000])
    parser.add_argument("--sums-in", choices=["processes", "threads"], default="processes")
    args = parser.parse_args()

    worker = multiprocessing.Process if args.sums_in == "processes" else threading.Thread
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        files = args.files or make_files(folder)
        workers = [worker(target=compute_sum, args=(below,)) for below in args.sums]
        workers += [threading.Thread(target=read_file, args=(path, failures)) for path in files]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    failed = len(failures) + sum(getattr(each, "exitcode", 0) != 0 for each in workers)
    if failed:
        sys.exit(f"error: {failed} of {len(workers)} tasks failed")


if __name__ == "__main__":
    main()
