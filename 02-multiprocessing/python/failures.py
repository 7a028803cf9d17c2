"""What CPython does in each failure that the Rust library reports: run it with `timeout 5`."""

import multiprocessing
import os
import signal
import sys
import threading
import time


def picky(number):
    if number == 3:
        raise ValueError("three is not welcome")
    return number


def wait(seconds):
    time.sleep(seconds)
    return seconds


def panic():
    with multiprocessing.Pool(2) as pool:
        try:
            print("map:", pool.map(picky, range(1, 6)))
        except ValueError as error:
            print("map:", error)
        print("the next map:", pool.map(picky, range(4, 7)))


def killed_worker():
    with multiprocessing.Pool(2) as pool:
        victim = pool._pool[0].pid
        threading.Timer(0.5, os.kill, (victim, signal.SIGKILL)).start()
        print("map:", pool.map(wait, [1, 1], chunksize=1), flush=True)


def die_with_lock(value):
    with value.get_lock():
        value.value = 1
        os.kill(os.getpid(), signal.SIGKILL)


def killed_lock_holder():
    value = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=die_with_lock, args=(value,))
    process.start()
    process.join()
    print("the holder:", process.exitcode, flush=True)
    with value.get_lock():
        print("lock:", value.value, flush=True)


def take_all(items):
    for item in iter(items.get, None):
        print("read:", item, flush=True)


def killed_queue_reader():
    items = multiprocessing.Queue()
    victim = multiprocessing.Process(target=take_all, args=(items,))
    victim.start()
    time.sleep(0.5)  # By now it waits for an item, with the queue's lock held.
    victim.kill()
    victim.join()
    other = multiprocessing.Process(target=take_all, args=(items,), daemon=True)
    other.start()
    items.put("an item")
    items.put(None)
    other.join()
    print("the other reader: done", flush=True)


KINDS = {
    "panic": panic,
    "killed-worker": killed_worker,
    "killed-lock-holder": killed_lock_holder,
    "killed-queue-reader": killed_queue_reader,
}

if __name__ == "__main__":
    kind = KINDS.get(sys.argv[1] if len(sys.argv) > 1 else None)
    kind() if kind else sys.exit(f"usage: failures.py {' | '.join(KINDS)}")
