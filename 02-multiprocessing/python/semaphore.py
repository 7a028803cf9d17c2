"""Many processes add to one number, and a semaphore lets only a few of them in at a time."""

import argparse
import multiprocessing


def increment(counter, inside, semaphore, additions):
    with semaphore:
        with inside.get_lock():
            inside[0] += 1
            inside[1] = max(inside[1], inside[0])
        for _ in range(additions):
            with counter.get_lock():
                counter.value += 1
        with inside.get_lock():
            inside[0] -= 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=12)
    parser.add_argument("--additions", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=3)
    args = parser.parse_args()

    counter = multiprocessing.Value("Q", 0)
    # How many processes are inside, and how many were at most.
    inside = multiprocessing.Array("i", 2)
    semaphore = multiprocessing.Semaphore(args.at_once)
    processes = []
    for _ in range(args.processes):
        process = multiprocessing.Process(target=increment, args=(counter, inside, semaphore, args.additions))
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
    print(f"Final counter value: {counter.value}")
    assert inside[1] <= args.at_once
    print(f"Never more than {args.at_once} processes at once")


if __name__ == "__main__":
    main()
