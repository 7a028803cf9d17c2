"""A process sends squares by a queue, and none is lost.

Run it with `python3 -P`: else this file, queue.py, stands in for the module `queue`.
"""

import argparse
import multiprocessing


def square_numbers(items, queue):
    for n in range(1, items + 1):
        queue.put(n * n)
    queue.put(None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5)
    args = parser.parse_args()

    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=square_numbers, args=(args.items, queue))
    process.start()
    for square in iter(queue.get, None):
        print(square)
    process.join()


if __name__ == "__main__":
    main()
