"""A number in memory that several processes share, exact under a lock."""

import argparse
import multiprocessing


def increment(counter, lock, additions):
    for _ in range(additions):
        with lock:
            counter.value += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--additions", type=int, default=10_000)
    args = parser.parse_args()

    counter = multiprocessing.Value("Q", 0, lock=False)
    lock = multiprocessing.Lock()
    processes = []
    for _ in range(args.processes):
        process = multiprocessing.Process(target=increment, args=(counter, lock, args.additions))
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
    print(f"Final counter value: {counter.value}")


if __name__ == "__main__":
    main()
