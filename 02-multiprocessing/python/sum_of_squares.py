"""Four long sums on all cores, by a pool of processes."""

import argparse
import multiprocessing
import time


def cpu_intensive_task(n):
    return sum(i * i for i in range(n))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", type=int, default=[10**7] * 4)
    parser.add_argument("--processes", type=int)
    args = parser.parse_args()

    begin = time.perf_counter()
    pool = multiprocessing.Pool(args.processes)
    results = pool.map(cpu_intensive_task, args.numbers)
    print(f"Results: {results}")
    print(f"Time taken: {time.perf_counter() - begin:.2f} seconds")
    pool.close()
    pool.join()


if __name__ == "__main__":
    main()
