"""A number in memory that several processes share, under a lock."""

import argparse
import contextlib
import multiprocessing

LABELS = {"approaches": "Final counter value", "introduction": "Counter value"}


def increment(counter, lock, inside, semaphore, additions):
    with semaphore or contextlib.nullcontext():
        with inside.get_lock():
            inside[0] += 1
            inside[1] = max(inside[1], inside[0])
        for _ in range(additions):
            with lock:
                counter.value += 1
        with inside.get_lock():
            inside[0] -= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--additions", type=int, default=10_000)
    parser.add_argument("--at-once", type=int)
    parser.add_argument("--words", choices=LABELS, default="approaches")
    args = parser.parse_args()

    counter = multiprocessing.Value("Q", 0, lock=False)
    lock = multiprocessing.Lock()
    # How many are adding now, and how many were at most.
    inside = multiprocessing.Array("i", 2)
    semaphore = multiprocessing.Semaphore(args.at_once) if args.at_once else None
    processes = [
        multiprocessing.Process(
            target=increment, args=(counter, lock, inside, semaphore, args.additions))
        for _ in range(args.processes)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(f"{LABELS[args.words]}: {counter.value}")
    if args.at_once:
        assert inside[1] <= args.at_once
        print(f"Never more than {args.at_once} processes at once")


if __name__ == "__main__":
    main()
