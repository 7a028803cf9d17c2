"""A pool of threads squares numbers; the results come in the order of the numbers."""

import argparse
from concurrent.futures import ThreadPoolExecutor


def square(number):
    return number * number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=5)
    args = parser.parse_args()

    with ThreadPoolExecutor() as executor:
        results = executor.map(square, range(1, args.numbers + 1))
    for result in results:
        print(f"Squared value: {result}")


if __name__ == "__main__":
    main()
