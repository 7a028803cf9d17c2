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

PACE = float(os.environ.get("PACE", "1"))

stop, interrupted = threading.Event(), threading.Event()
taken = itertools.count(1)
produced, consumed, failures = [], [], []  # append takes one step, += would need a lock


def say(line):
    # One string, line end included: print writes the two apart, and threads can come in between.
    print(line + "\n", end="", flush=True)


def producer(state, due, args, numbers):
    every = args.every * PACE
    # No more than fit into the time. What is due is produced, also if this thread wakes up late.
    for _ in range(math.ceil(args.seconds / args.every)):
        if stop.wait(max(0, due - time.monotonic())) and time.monotonic() < due:
            return
        due += every
        # Knuth's MMIX generator, as in the Rust example.
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        number = (state >> 33) % 100 + 1
        try:
            numbers.put_nowait(number)
        except queue.Full:
            say("Queue full, producer waits")
            while not stop.is_set():  # there is no waiting for queue or event, whichever is first
                try:
                    numbers.put(number, timeout=0.01)
                    break
                except queue.Full:
                    pass
            else:
                return
            due = time.monotonic() + every
        produced.append(number)
        say(f"Produced: {number}")


def consumer(args, numbers):
    in_hand = None  # kept over an exception
    while True:
        try:
            while (in_hand := numbers.get() if in_hand is None else in_hand) is not None:
                if next(taken) == args.panic_on:
                    raise RuntimeError("told to fail")
                interrupted.wait(args.work * PACE)
                say(f"Consumed: {in_hand}")
                consumed.append(in_hand)
                in_hand = None
            return
        except RuntimeError as error:
            failures.append(error)
            print(f"{threading.current_thread().name}: {error}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    defaults = dict(seconds=10.0, every=1.0, work=0.0, producers=1, consumers=1, capacity=10, seed=1)
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    parser.add_argument("--panic-on", type=int)
    args = parser.parse_args()

    signal.signal(signal.SIGINT, lambda *_: os._exit(130) if interrupted.is_set() else interrupted.set())
    numbers = queue.Queue(args.capacity)
    seeds = range(args.seed, args.seed + args.producers)
    begin = time.monotonic()  # of all producers, however late a busy machine starts their threads
    producers = [threading.Thread(target=producer, args=(seed, begin, args, numbers)) for seed in seeds]
    consumers = [threading.Thread(target=consumer, args=(args, numbers)) for _ in range(args.consumers)]
    for thread in producers + consumers:
        thread.start()
    interrupted.wait(args.seconds * PACE)
    stop.set()
    for thread in producers:
        thread.join()
    for thread in consumers:
        numbers.put(None)
    for thread in consumers:
        thread.join()
    print(f"{len(produced)} produced, {len(consumed)} consumed")
    if failures:
        sys.exit("error: a consumer failed, and its number was consumed after all")
    sys.exit(130 if interrupted.is_set() else 0)


if __name__ == "__main__":
    main()
