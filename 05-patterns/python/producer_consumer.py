"""Producers and consumers with a bounded queue between them, and an orderly end."""

import argparse
import itertools
import math
import os
import queue
import signal
import sys
import threading
import time
import traceback

PACE = float(os.environ.get("PACE", "1"))


class Counter:
    def __init__(self):
        self.value, self.lock = 0, threading.Lock()

    def add_one(self):
        with self.lock:
            self.value += 1
            return self.value


produced, taken, consumed, failures = Counter(), Counter(), Counter(), Counter()


def say(line):
    # One string, line end included: print writes the two apart, and threads can come in between.
    print(line + "\n", end="", flush=True)


def put(numbers, number, stop):
    """False if the queue stayed full until the end."""
    try:
        numbers.put_nowait(number)
        return True
    except queue.Full:
        say("Queue full, producer waits")
    while not stop.is_set():  # there is no waiting for queue or event, whichever is first
        try:
            numbers.put(number, timeout=0.01)
            return True
        except queue.Full:
            pass
    return False


def producer(seed, args, numbers, stop):
    state, every, due = seed, args.every * PACE, time.monotonic()
    # No more than fit into the time. What is due is produced, also if this thread wakes up late.
    for _ in range(math.ceil(args.seconds / args.every)):
        if stop.wait(max(0, due - time.monotonic())) and time.monotonic() < due:
            return
        due += every
        # Knuth's MMIX generator, as in the Rust example.
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        number = (state >> 33) % 100 + 1
        full = numbers.full()
        if not put(numbers, number, stop):
            return
        if full:
            due = time.monotonic() + every
        produced.add_one()
        say(f"Produced: {number}")


def consumer(args, numbers, interrupted):
    """Works until the end marker comes; after an exception, from where it was."""
    in_hand = None
    while True:
        try:
            while True:
                in_hand = numbers.get() if in_hand is None else in_hand
                if in_hand is None:
                    return
                if taken.add_one() == args.panic_on:
                    raise RuntimeError("told to fail")
                interrupted.wait(args.work * PACE)
                say(f"Consumed: {in_hand}")
                consumed.add_one()
                in_hand = None
        except RuntimeError:
            failures.add_one()
            traceback.print_exc()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--every", type=float, default=1)
    parser.add_argument("--work", type=float, default=0)
    parser.add_argument("--producers", type=int, default=1)
    parser.add_argument("--consumers", type=int, default=1)
    parser.add_argument("--capacity", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--panic-on", type=int)
    args = parser.parse_args()

    numbers, stop, interrupted = queue.Queue(args.capacity), threading.Event(), threading.Event()
    signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    producers = [threading.Thread(target=producer, args=(args.seed + number, args, numbers, stop))
                 for number in range(args.producers)]
    consumers = [threading.Thread(target=consumer, args=(args, numbers, interrupted))
                 for _ in range(args.consumers)]
    for thread in itertools.chain(producers, consumers):
        thread.start()
    interrupted.wait(args.seconds * PACE)
    stop.set()
    for thread in producers:
        thread.join()
    for _ in consumers:
        numbers.put(None)
    for thread in consumers:
        thread.join()
    print(f"{produced.value} produced, {consumed.value} consumed")
    if failures.value:
        sys.exit("error: a consumer failed, and its number was consumed after all")
    if interrupted.is_set():
        print("error: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
