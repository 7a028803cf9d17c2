"""Every kind of work in every model, timed; but rayon, which has no counterpart."""

import argparse
import asyncio
import multiprocessing
import os
import sys
import tempfile
import threading
import time

import aiohttp
import requests

sys.path.append(os.path.dirname(__file__))  # at the end, so that no twin hides a module of Python's
from compare import PACE, cpu_bound_task

FILE_SIZE = 16 << 20


def read(path):
    with open(path, "rb") as file:
        assert len(file.read()) == FILE_SIZE


def fetch(page):
    requests.get(page, timeout=10).raise_for_status()


async def awaiting(function, argument, session):
    if function is time.sleep:
        await asyncio.sleep(argument)
    elif function is fetch:
        async with session.get(argument, raise_for_status=True) as response:
            await response.read()
    elif function is read:
        await asyncio.to_thread(read, argument)
    else:
        function(argument)


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
    async def all_tasks():
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*[awaiting(function, argument, session) for _ in range(tasks)])

    asyncio.run(all_tasks())


MODELS = {"sequential": sequential, "threads": threads, "processes": processes, "async": tasks_on_a_loop}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*")
    parser.add_argument("--models", nargs="+", default=[*MODELS, "rayon"])
    parser.add_argument("--tasks", type=int, default=4)
    parser.add_argument("--wait", type=float, default=1)
    parser.add_argument("--additions", type=int, default=10**7)
    args = parser.parse_args()
    site = os.environ.get("LAB_SITE") or sys.exit("error: start `cargo xtask lab` and set LAB_SITE")

    with tempfile.NamedTemporaryFile(buffering=0) as file:
        file.write(b"x" * FILE_SIZE)
        works = {"wait": (time.sleep, args.wait * PACE), "network": (fetch, f"{site}/python.org"),
                 "file": (read, file.name), "computation": (cpu_bound_task, args.additions)}
        models = [model for model in [*MODELS, "rayon"] if model in args.models]
        print(f"Seconds for {args.tasks} tasks, starts included:")
        print(" " * 12 + "".join(f"{model:>12}" for model in models) + "  best")
        for name in args.works or works:
            function, argument = works[name]
            seconds = {}
            for model in [it for it in models if it in MODELS]:
                begin = time.perf_counter()
                MODELS[model](function, argument, args.tasks)
                seconds[model] = time.perf_counter() - begin
            times = [f"{seconds[model]:.3f}" if model in seconds else "-" for model in models]
            print(f"{name:<12}" + "".join(f"{it:>12}" for it in times) + f"  {min(seconds, key=seconds.get)}")


if __name__ == "__main__":
    main()
