"""Threads that compute: no gain where one lock, the GIL, guards the interpreter."""

import argparse
import threading
import time


def cpu_bound_task(additions):
    count = 0
    for number in range(additions):
        count += number
    assert count == additions * (additions - 1) // 2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ways", nargs="*", default=["threads", "sequential"])
    parser.add_argument("--tasks", type=int, default=4)
    parser.add_argument("--additions", type=int, default=10**7)
    args = parser.parse_args()

    for way in args.ways:
        begin = time.perf_counter()
        if way == "threads":
            threads = []
            for _ in range(args.tasks):
                thread = threading.Thread(target=cpu_bound_task, args=(args.additions,))
                thread.start()
                threads.append(thread)
            for thread in threads:
                thread.join()
            print(f"Time taken with threading: {time.perf_counter() - begin:.2f} seconds", flush=True)
        else:
            for _ in range(args.tasks):
                cpu_bound_task(args.additions)
            print(f"Time taken sequentially: {time.perf_counter() - begin:.2f} seconds", flush=True)


if __name__ == "__main__":
    main()
