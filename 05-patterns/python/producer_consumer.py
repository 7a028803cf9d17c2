"""A producer, a consumer, a queue between them, and an event that ends them: what is produced is consumed."""

import argparse
import os
import queue
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def producer(numbers, event, seed, begin):
    random, due = seed, begin
    # The event ends it after ten; the bound is for a machine so busy that the event is late.
    for _ in range(10):
        # Knuth's MMIX generator, so that both languages produce the same.
        random = (random * 6364136223846793005 + 1442695040888963407) % 2**64
        number = (random >> 33) % 100 + 1
        numbers.put(number)
        # One string, line end included: print writes the two apart, and threads can come in between.
        print(f"Produced: {number}\n", end="", flush=True)
        due += PACE
        if event.wait(max(0, due - time.monotonic())) and time.monotonic() < due:
            return


def consumer(numbers):
    while (number := numbers.get()) is not None:
        print(f"Consumed: {number}\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    numbers, event = queue.Queue(), threading.Event()
    producer_thread = threading.Thread(target=producer, args=(numbers, event, args.seed, time.monotonic()))
    consumer_thread = threading.Thread(target=consumer, args=(numbers,))
    producer_thread.start()
    consumer_thread.start()
    time.sleep(9.5 * PACE)  # half a second before an eleventh number
    event.set()
    producer_thread.join()
    numbers.put(None)
    consumer_thread.join()


if __name__ == "__main__":
    main()
