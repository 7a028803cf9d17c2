"""A pool of threads squares numbers: results in the order of the numbers, or as they come."""

import argparse
from concurrent.futures import ThreadPoolExecutor, as_completed


def square(number):
    return number * number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=5)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--words", choices=["introduction", "slideshow"], default="introduction")
    args = parser.parse_args()

    numbers = range(1, args.numbers + 1)
    with ThreadPoolExecutor(max_workers=args.workers) as executor:
        if args.words == "introduction":
            for value in executor.map(square, numbers):
                print(f"Squared value: {value}")
        else:
            futures = [executor.submit(square, number) for number in numbers]
            for future in as_completed(futures):
                print(future.result())


if __name__ == "__main__":
    main()
