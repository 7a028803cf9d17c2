"""Numbers handed to a pool of threads one by one; each square is printed as it is done."""

import argparse
from concurrent.futures import ThreadPoolExecutor, as_completed


def square(number):
    return number * number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=5)
    parser.add_argument("--workers", type=int)
    args = parser.parse_args()

    with ThreadPoolExecutor(max_workers=args.workers) as executor:
        futures = []
        for number in range(1, args.numbers + 1):
            futures.append(executor.submit(square, number))
        for future in as_completed(futures):
            print(f"Squared value: {future.result()}")


if __name__ == "__main__":
    main()
