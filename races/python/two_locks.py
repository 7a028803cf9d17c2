"""One thread locks A, then B; another B, then A. Each may have what the other waits for."""

import threading

from plainly import in_threads, main


def lock_both(first, second):
    with first, second:
        pass


def race():
    a, b = threading.Lock(), threading.Lock()
    in_threads(lambda: lock_both(a, b), lambda: lock_both(b, a))


def mended():
    a, b = threading.Lock(), threading.Lock()
    in_threads(lambda: lock_both(a, b), lambda: lock_both(a, b))  # one order for all


if __name__ == "__main__":
    main(race, mended, __doc__)
