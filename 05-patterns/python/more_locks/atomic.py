"""A number that changes in one step: there is none, += needs a lock."""

import threading

from more_locks import THREADS, in_threads


def show():
    lock, counter = threading.Lock(), 0

    def add(_):
        nonlocal counter
        for _ in range(1000):
            with lock:
                counter += 1

    in_threads(THREADS, add)
    print(f"atomic: {counter} additions by {THREADS} threads")
