"""A pool of four processes squares numbers; the results come in the numbers' order."""

import argparse
import multiprocessing


def square(x):
    return x**2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=[1, 2, 3, 4, 5])
    args = parser.parse_args()

    pool = multiprocessing.Pool(4)
    results = pool.map(square, args.numbers)
    print(results)
    pool.close()
    pool.join()


if __name__ == "__main__":
    main()
