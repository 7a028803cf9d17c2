"""Many threads add to one counter under a lock, and the sum is exact.

Python has no atomic integers: `--with atomic` adds under the lock too.
"""

import argparse
import threading

LABELS = {"introduction": "Counter value", "slideshow": "Final counter value"}

counter = 0
lock = threading.Lock()


def increment(additions):
    global counter
    for _ in range(additions):
        with lock:
            counter += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=100)
    parser.add_argument("--additions", type=int, default=1)
    parser.add_argument("--with", choices=["mutex", "atomic"], default="mutex")
    parser.add_argument("--words", choices=LABELS, default="introduction")
    args = parser.parse_args()

    threads = [threading.Thread(target=increment, args=(args.additions,))
               for _ in range(args.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{LABELS[args.words]}: {counter}")


if __name__ == "__main__":
    main()
