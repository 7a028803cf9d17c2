"""Log lines that name process and thread, and where the time went: here, in a thread, in a process."""

import argparse
import cProfile
import logging
import multiprocessing
import pstats
import sys
import threading


def sum_of_squares(start, below):
    total = 0
    for number in range(start, below):
        total += number * number
    return total


def cpu_bound_func(below):
    total = 0
    for quarter in range(4):
        total += sum_of_squares(below * quarter // 4, below * (quarter + 1) // 4)
    logging.info("the sum of squares below %d is %d", below, total)


def profiled(below):
    """The profile of a call, as text: of this thread only, so each takes its own."""
    profile = cProfile.Profile()
    profile.runcall(cpu_bound_func, below)
    rows = pstats.Stats(profile).get_stats_profile().func_profiles
    text = "   ncalls    tottime    cumtime  name\n"
    for name in ["cpu_bound_func", "sum_of_squares"]:
        row = rows[name]
        text += f"{row.ncalls:>9} {row.tottime:>10.6f} {row.cumtime:>10.6f}  {name}\n"
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--below", type=int, default=10**6)
    args = parser.parse_args()
    form = "%(processName)s %(threadName)s: %(message)s"
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format=form)
    threading.main_thread().name = "main"

    print("The main thread:")
    print(profiled(args.below), flush=True)
    print("Another thread:", flush=True)
    thread = threading.Thread(target=lambda: print(profiled(args.below), flush=True), name="Thread-1")
    thread.start()
    thread.join()
    print("A worker process:", flush=True)
    # A fork, because it has the log's format too; named as in Rust, Python would say ForkPoolWorker-1.
    name_worker = lambda: setattr(multiprocessing.current_process(), "name", "PoolWorker-1")
    with multiprocessing.get_context("fork").Pool(1, initializer=name_worker) as pool:
        print(pool.apply(profiled, (args.below,)), end="")


if __name__ == "__main__":
    main()
