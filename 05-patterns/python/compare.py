"""Threads that wait, processes that compute, tasks that wait: timed side by side."""

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import threading
import time

PACE = float(os.environ.get("PACE", "1"))
FILE_SIZE = 16 << 20


def cpu_bound_task(additions):
    one = 1  # a variable: 1 + 1 would be added once, by the compiler
    for _ in range(additions):
        _ = one + 1


def run_threading(args):
    threads = [threading.Thread(target=time.sleep, args=(args.wait * PACE,))
               for _ in range(args.tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_multiprocessing(args):
    with multiprocessing.Pool(args.tasks) as pool:
        pool.map(cpu_bound_task, [args.additions] * args.tasks, chunksize=1)


async def run_asyncio(args):
    await asyncio.gather(*(asyncio.sleep(args.wait * PACE) for _ in range(args.tasks)))


def benchmark(function, args):
    begin = time.perf_counter()
    function(args)
    print(f"{function.__name__}: {time.perf_counter() - begin:.2f} seconds", flush=True)


# The grid: every kind of work in every model.


def read(path):
    with open(path, "rb") as file:
        assert len(file.read()) == FILE_SIZE


def fetch(page):
    import requests
    requests.get(page, timeout=10).raise_for_status()


async def fetch_all(page, tasks):
    import aiohttp

    async def fetch_one():
        async with session.get(page) as response:
            response.raise_for_status()
            await response.read()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(fetch_one() for _ in range(tasks)))


def sequential(function, argument, tasks):
    for _ in range(tasks):
        function(argument)


def threads(function, argument, tasks):
    workers = [threading.Thread(target=function, args=(argument,)) for _ in range(tasks)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def processes(function, argument, tasks):
    with multiprocessing.Pool(tasks) as pool:
        pool.map(function, [argument] * tasks, chunksize=1)


def tasks_on_a_loop(function, argument, tasks):
    async def task():
        if function is time.sleep:
            await asyncio.sleep(argument)
        elif function is read:
            await asyncio.to_thread(read, argument)
        else:
            function(argument)

    async def all_tasks():
        if function is fetch:
            await fetch_all(argument, tasks)
        else:
            await asyncio.gather(*(task() for _ in range(tasks)))

    asyncio.run(all_tasks())


MODELS = {"sequential": sequential, "threads": threads, "processes": processes,
          "async": tasks_on_a_loop}


def grid(args):
    import aiohttp  # noqa: F401: their import is no part of what is timed
    import requests  # noqa: F401
    if "LAB_SITE" not in os.environ:
        sys.exit("error: no local site; start one with `cargo xtask lab` and set LAB_SITE")
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x" * FILE_SIZE)
        file.flush()
        works = {
            "wait": (time.sleep, args.wait * PACE),
            "network": (fetch, f"{os.environ['LAB_SITE']}/python.org"),
            "file": (read, file.name),
            "computation": (cpu_bound_task, args.additions),
        }
        print(f"Seconds for {args.tasks} tasks, starts included:")
        print(" " * 12 + "".join(f"{model:>12}" for model in MODELS) + f"{'rayon':>12}  best")
        for name, (function, argument) in works.items():
            seconds = {}
            for model, run in MODELS.items():
                begin = time.perf_counter()
                run(function, argument, args.tasks)
                seconds[model] = time.perf_counter() - begin
            times = "".join(f"{time:>12.3f}" for time in seconds.values())
            print(f"{name:<12}{times}{'-':>12}  {min(seconds, key=seconds.get)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=4)
    parser.add_argument("--wait", type=float, default=1)
    parser.add_argument("--additions", type=int, default=10**7)
    parser.add_argument("--grid", action="store_true")
    args = parser.parse_args()

    if args.grid:
        grid(args)
    else:
        benchmark(run_threading, args)
        benchmark(run_multiprocessing, args)
        benchmark(lambda args: asyncio.run(run_asyncio(args)), args)


if __name__ == "__main__":
    main()
