"""Threads that compute: no gain, because one lock guards the interpreter."""

import argparse
import threading
import time

LABELS = {
    "approaches": {"threads": "Time taken with threading", "sequential": "Time taken sequentially"},
    "techniques": {"sequential": "Sequential execution time", "threads": "Threaded execution time"},
}


def cpu_bound_task(additions):
    count = 0
    for number in range(additions):
        count += number
    assert count == additions * (additions - 1) // 2


def sequential(args):
    for _ in range(args.threads):
        cpu_bound_task(args.additions)


def threaded(args):
    threads = [threading.Thread(target=cpu_bound_task, args=(args.additions,))
               for _ in range(args.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


WAYS = {"threads": threaded, "sequential": sequential}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--additions", type=int, default=10**7)
    parser.add_argument("--only", choices=WAYS)
    parser.add_argument("--words", choices=LABELS, default="approaches")
    args = parser.parse_args()

    wall = {}
    for way, label in LABELS[args.words].items():
        if args.only in (None, way):
            begin, cpu = time.perf_counter(), time.process_time()
            WAYS[way](args)
            wall[way] = time.perf_counter() - begin
            cores = (time.process_time() - cpu) / wall[way]
            print(f"{label}: {wall[way]:.3f} seconds, cores used: {cores:.2f}", flush=True)
    if args.only is None:
        print(f"Speed-up by threads: {wall['sequential'] / wall['threads']:.2f}")


if __name__ == "__main__":
    main()
