"""Two threads print at once, and nobody decides who is next."""

import argparse
import os
import string
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def print_all(label, items):
    for item in items:
        print(f"{label}{item}\n", end="", flush=True)
        time.sleep(0.01 * PACE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--words", choices=["introduction", "slideshow"], default="introduction")
    args = parser.parse_args()

    if args.words == "introduction":
        work = [("Number: ", range(1, args.count + 1)),
                ("Letter: ", string.ascii_lowercase[: args.count])]
        closing = "All threads are done."
    else:
        work = [("", range(args.count))] * 2
        closing = "Done!"
    threads = [threading.Thread(target=print_all, args=task) for task in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(closing)


if __name__ == "__main__":
    main()
