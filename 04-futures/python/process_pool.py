"""A pool of processes squares numbers: results in the order of the numbers."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial


def square(number, panic=None):
    if number == panic:
        raise AssertionError(f"as --panic {number} asks")
    return number * number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=5)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--panic", type=int)
    args = parser.parse_args()

    numbers = range(1, args.numbers + 1)
    with ProcessPoolExecutor(max_workers=args.workers) as executor:
        try:
            for value in executor.map(partial(square, panic=args.panic), numbers):
                print(f"Squared value: {value}")
        except AssertionError as error:
            sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
