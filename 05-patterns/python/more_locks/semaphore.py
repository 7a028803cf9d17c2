"""So many threads at a time."""

import threading

from more_locks import THREADS, in_threads


def show():
    semaphore, lock, inside, most = threading.Semaphore(3), threading.Lock(), 0, 0

    def work(_):
        nonlocal inside, most
        with semaphore:
            with lock:
                inside += 1
                most = max(most, inside)
            with lock:
                inside -= 1

    in_threads(2 * THREADS, work)
    assert most <= 3
    print(f"semaphore: {2 * THREADS} threads, never more than 3 at once")
