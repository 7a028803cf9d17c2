"""A value made by whoever asks first; the others wait for it."""

import threading

from more_locks import THREADS, in_threads


def show():
    lock, made = threading.Lock(), []

    def get(_):
        with lock:
            if not made:
                made.append("value")

    in_threads(THREADS, get)
    print(f"once: asked for by {THREADS} threads, made {len(made)} time")
