"""Two threads add 1: each reads, then writes. What one writes in between is lost."""

import threading

from plainly import in_threads, main


def race():
    counter = 0

    def add():
        nonlocal counter
        read = counter
        counter = read + 1

    in_threads(add, add)
    assert counter == 2, "an update was lost"


def mended():
    counter = 0
    lock = threading.Lock()

    def add():
        nonlocal counter
        with lock:  # one step
            read = counter
            counter = read + 1

    in_threads(add, add)
    assert counter == 2, "an update was lost"


if __name__ == "__main__":
    main(race, mended, __doc__)
