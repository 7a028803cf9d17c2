"""Threads that wait, processes that compute, tasks that wait: each way is timed."""

import argparse
import asyncio
import multiprocessing
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def cpu_bound_task(additions):
    one = 1  # a variable: 1 + 1 would be added once, by the compiler
    for _ in range(additions):
        _ = one + 1


def benchmark(name, run):
    begin = time.perf_counter()
    run(4)
    print(f"{name}: {time.perf_counter() - begin:.2f} seconds", flush=True)


def run_threading(n):
    threads = []
    for _ in range(n):
        threads.append(threading.Thread(target=time.sleep, args=(PACE,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_multiprocessing(n):
    with multiprocessing.Pool(n) as pool:
        pool.map(cpu_bound_task, [10_000_000] * n, chunksize=1)


async def run_asyncio(n):
    await asyncio.gather(*[asyncio.sleep(PACE) for _ in range(n)])


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    benchmark("run_threading", run_threading)
    benchmark("run_multiprocessing", run_multiprocessing)
    benchmark("<lambda>", lambda n: asyncio.run(run_asyncio(n)))


if __name__ == "__main__":
    main()
