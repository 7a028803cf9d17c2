"""Eight ways in which threads wait for one another, a few lines each."""

import argparse
import contextlib
import sys
import threading

THREADS = 4


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def mutex():
    lock, resource = threading.Lock(), []

    def update(number):
        with lock:
            resource.append(number)

    in_threads(THREADS, update)
    print(f"mutex: {len(resource)} updates by {THREADS} threads")


def poisoning():
    lock, accounts = threading.Lock(), [100, 0]

    def transfer(_):
        with lock:
            accounts[0] -= 30
            accounts[1] += 20
            sys.exit("told to fail with the lock held")  # any exception; this one prints nothing

    in_threads(1, transfer)
    with lock:  # opens as if nothing had happened
        left = f"{accounts[0]} and {accounts[1]}"
        accounts[1] = 100 - accounts[0]
    print(f"poisoning: {left} were left behind, put right to {accounts[0]} and {accounts[1]}")


class RwLock:
    """Many readers or one writer; not in the standard library. Readers go first."""

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


def rw_lock():
    lock, all_inside, value = RwLock(), threading.Barrier(THREADS), 1

    def reader(_):
        with lock.read():
            all_inside.wait()

    in_threads(THREADS, reader)
    with lock.write():
        value += 1
    print(f"rw-lock: {THREADS} readers at once, then 1 writer: {value}")


def semaphore():
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


def event():
    event, ready, value = threading.Event(), threading.Barrier(THREADS + 1), []

    def work(number):
        if number == THREADS:
            ready.wait()
            value.append("set before the event")
            event.set()
        else:
            ready.wait()
            event.wait()
            assert value

    in_threads(THREADS + 1, work)
    print(f"event: {THREADS} threads waited, one set let them all go")


def barrier():
    barrier, arrived, leaders = threading.Barrier(THREADS), [], []

    def work(number):
        arrived.append(number)
        if barrier.wait() == 0:
            leaders.append(number)
        assert len(arrived) == THREADS

    in_threads(THREADS, work)
    print(f"barrier: {THREADS} threads met, {len(leaders)} of them leads")


def once():
    lock, made = threading.Lock(), []

    def get(_):
        with lock:
            if not made:
                made.append("value")

    in_threads(THREADS, get)
    print(f"once: asked for by {THREADS} threads, made {len(made)} time")


def atomic():
    lock, counter = threading.Lock(), 0

    def add(_):
        nonlocal counter
        for _ in range(1000):
            with lock:
                counter += 1

    in_threads(THREADS, add)
    print(f"atomic: {counter} additions by {THREADS} threads")


KINDS = {"mutex": mutex, "poisoning": poisoning, "rw-lock": rw_lock, "semaphore": semaphore,
         "event": event, "barrier": barrier, "once": once, "atomic": atomic}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar=f"{{{','.join(KINDS)}}}")
    args = parser.parse_args()
    if unknown := set(args.kinds) - set(KINDS):
        parser.error(f"unknown: {', '.join(unknown)}")
    for kind in args.kinds or KINDS:
        KINDS[kind]()


if __name__ == "__main__":
    main()
