"""Many files upper-cased by a pool of threads, and each failure by name."""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path


def process_file(file):
    # newline="": leave the line ends as they are.
    with open(file, encoding="utf-8", newline="") as text:
        return text.read().upper()


def make_files(folder, count, size):
    files = []
    for number in range(1, count + 1):
        line = f"file {number} was read while others were read\n"
        file = Path(folder, f"file{number}.txt")
        file.write_text((line * (size // len(line) + 1))[:size], encoding="utf-8")
        files.append(file)
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--size", type=int, default=38)
    args = parser.parse_args()

    failed = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as executor:
        files = args.files or make_files(folder, args.count, args.size)
        futures = {executor.submit(process_file, file): file for file in files}
        for future in as_completed(futures):
            try:
                print(future.result(), flush=True)
            except (OSError, UnicodeError) as error:
                print(f"cannot read {futures[future]}: {error}", file=sys.stderr)
                failed += 1
    if failed:
        sys.exit(f"error: {failed} of {len(files)} files failed")


if __name__ == "__main__":
    main()
