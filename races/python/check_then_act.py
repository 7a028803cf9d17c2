"""Two threads each take 60 of 100, if there are 60: the answer is old by the time they take."""

import threading

from plainly import in_threads, main


def race():
    balance = 100
    lock = threading.Lock()

    def withdraw():
        nonlocal balance
        with lock:
            enough = balance >= 60
        if enough:
            with lock:
                balance -= 60

    in_threads(withdraw, withdraw)
    assert balance == 40, "more was taken than was there"


def mended():
    balance = 100
    lock = threading.Lock()

    def withdraw():
        nonlocal balance
        with lock:  # until the end
            enough = balance >= 60
            if enough:
                balance -= 60

    in_threads(withdraw, withdraw)
    assert balance == 40, "more was taken than was there"


if __name__ == "__main__":
    main(race, mended, __doc__)
