"""Many readers or one writer; not in the standard library."""

import contextlib
import threading

from more_locks import THREADS, in_threads


class RwLock:
    """Readers go first."""

    def __init__(self):
        self.readers, self.changed = 0, threading.Condition()

    @contextlib.contextmanager
    def read(self):
        with self.changed:
            self.readers += 1
        try:
            yield
        finally:
            with self.changed:
                self.readers -= 1
                self.changed.notify_all()

    @contextlib.contextmanager
    def write(self):
        with self.changed:
            self.changed.wait_for(lambda: self.readers == 0)
            yield


def show():
    lock, all_inside, value = RwLock(), threading.Barrier(THREADS), 1

    def reader(_):
        with lock.read():
            all_inside.wait()

    in_threads(THREADS, reader)
    with lock.write():
        value += 1
    print(f"rw-lock: {THREADS} readers at once, then 1 writer: {value}")
