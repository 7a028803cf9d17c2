"""A bag of numbers: each is squared, and the squares are added, by a pool of processes."""

import argparse

import dask.bag as db


BLOCK = 2**18  # numbers that a task has


def square(number):
    return number**2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=list(range(1, 11)))
    parser.add_argument("--first", type=int, metavar="N", help="the numbers 1 to N")
    parser.add_argument("--on", choices=["threads", "processes"], default="processes")
    args = parser.parse_args()

    if args.first:
        # From 0 on, which adds nothing; Dask keeps a block in memory at a time.
        numbers = db.range(args.first + 1, npartitions=args.first // BLOCK + 1)
    else:
        numbers = db.from_sequence(args.numbers)
    total = numbers.map(square).sum().compute(scheduler=args.on)
    print(f"Sum of squared numbers: {total}")


# Dask's processes import this file anew: without the guard each of them would start its own.
if __name__ == "__main__":
    main()
