"""A server process owns a dict and a list, which other processes read and change."""

import argparse
import multiprocessing


def visit(number, visits, visitors, lock):
    # A proxy's += is a read and a write, and another process may come in between: hence the lock.
    with lock:
        visits["all"] = visits.get("all", 0) + 1
        if number % 2 == 0:
            visits["even"] = visits.get("even", 0) + 1
    visitors.append(number)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=3)
    args = parser.parse_args()

    with multiprocessing.Manager() as manager:
        visits, visitors, lock = manager.dict(), manager.list(), manager.Lock()
        processes = []
        for number in range(1, args.processes + 1):
            process = multiprocessing.Process(target=visit, args=(number, visits, visitors, lock))
            process.start()
            processes.append(process)
        for process in processes:
            process.join()
        print(f"Visits: {visits.get('all', 0)}")
        print(f"Even numbers: {visits.get('even', 0)}")
        print(f"Visitors: {sorted(visitors)}")


if __name__ == "__main__":
    main()
