"""Something happens once, and any number of threads wait for it."""

import threading

from more_locks import THREADS, in_threads


def show():
    event, ready, value = threading.Event(), threading.Barrier(THREADS + 1), []

    def work(number):
        ready.wait()
        if number == THREADS:
            value.append("set before the event")
            event.set()
        else:
            event.wait()
            assert value

    in_threads(THREADS + 1, work)
    print(f"event: {THREADS} threads waited, one set let them all go")
