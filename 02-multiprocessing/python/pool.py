"""A pool of processes calls a function on many numbers; the results come in the numbers' order."""

import argparse
import multiprocessing
import time


def sum_of_squares(below):
    return sum(number * number for number in range(below))


def square(number):
    return number**2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=[10**7] * 4)
    parser.add_argument("--task", choices=["sum-of-squares", "square"], default="sum-of-squares")
    parser.add_argument("--processes", type=int)
    args = parser.parse_args()

    begin = time.perf_counter()
    pool = multiprocessing.Pool(args.processes)
    if args.task == "sum-of-squares":
        results = pool.map(sum_of_squares, args.numbers, chunksize=1)
        print(f"Results: {results}")
        print(f"Time taken: {time.perf_counter() - begin:.2f} seconds")
    else:
        print(pool.map(square, args.numbers))
    pool.close()
    pool.join()


if __name__ == "__main__":
    main()
