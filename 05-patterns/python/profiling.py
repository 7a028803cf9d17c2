"""Log lines that name process and thread, and where the time went: here, in a thread, in a process."""

import argparse
import cProfile
import logging
import multiprocessing
import pstats
import sys
import threading

FUNCTIONS = ("cpu_bound_func", "sum_of_squares")


def sum_of_squares(start, below):
    total = 0
    for number in range(start, below):
        total += number * number
    return total


def cpu_bound_func(below):
    bounds = [below * quarter // 4 for quarter in range(5)]
    total = sum(map(sum_of_squares, bounds, bounds[1:]))
    logging.info("the sum of squares below %d is %d", below, total)
    return total


def profiled(below):
    """The profile of a call, as text: of this thread only, so each takes its own."""
    profile = cProfile.Profile()
    profile.runcall(cpu_bound_func, below)
    rows = pstats.Stats(profile).get_stats_profile().func_profiles
    lines = ["   ncalls    tottime    cumtime  name"]
    for name in FUNCTIONS:
        row = rows[name]
        lines.append(f"{row.ncalls:>9} {row.tottime:>10.6f} {row.cumtime:>10.6f}  {name}")
    return "\n".join(lines)


def name_worker():
    """As in Rust; Python's own name tells the start method too: ForkPoolWorker-1."""
    multiprocessing.current_process().name = "PoolWorker-1"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--below", type=int, default=10**6)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                        format="%(processName)s %(threadName)s: %(message)s")
    threading.main_thread().name = "main"

    print("The main thread:")
    print(f"{profiled(args.below)}\n", flush=True)
    print("Another thread:", flush=True)
    results = []
    thread = threading.Thread(target=lambda: results.append(profiled(args.below)), name="Thread-1")
    thread.start()
    thread.join()
    print(f"{results[0]}\n", flush=True)
    print("A worker process:", flush=True)
    with multiprocessing.Pool(1, initializer=name_worker) as pool:
        print(pool.apply(profiled, (args.below,)))


if __name__ == "__main__":
    main()
