"""A bag of numbers: each is squared, and the squares are added, by a pool of processes."""

import argparse

import dask.bag as db


def square(number):
    return number**2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=list(range(1, 11)))
    parser.add_argument("--on", choices=["threads", "processes"], default="processes")
    args = parser.parse_args()

    total = db.from_sequence(args.numbers).map(square).sum().compute(scheduler=args.on)
    print(f"Sum of squared numbers: {total}")


# Dask's processes import this file anew: without the guard each of them would start its own.
if __name__ == "__main__":
    main()
