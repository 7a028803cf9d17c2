"""Two threads print at once, and nobody decides who is next."""

import argparse
import os
import string
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def print_numbers(first, last):
    for number in range(first, last + 1):
        print(f"Number: {number}\n", end="", flush=True)
        time.sleep(0.01 * PACE)


def print_letters(count):
    for letter in string.ascii_lowercase[:count]:
        print(f"Letter: {letter}\n", end="", flush=True)
        time.sleep(0.01 * PACE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--to", type=int, default=5)
    parser.add_argument("--twice", action="store_true")
    args = parser.parse_args()

    numbers = threading.Thread(target=print_numbers, args=(args.first, args.to))
    if args.twice:
        others = threading.Thread(target=print_numbers, args=(args.first, args.to))
    else:
        others = threading.Thread(target=print_letters, args=(args.to,))
    numbers.start()
    others.start()
    numbers.join()
    others.join()
    print("All threads are done.")


if __name__ == "__main__":
    main()
