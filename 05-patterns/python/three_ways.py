"""The same task as a thread, as a process, and as a task on an event loop."""

import argparse
import asyncio
import multiprocessing
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def finished(args, way, module):
    line = f"{way}: {module.__name__}" if args.words == "approaches" else f"{way} finished"
    # One string, line end included: print writes the two apart, and others can come in between.
    print(line + "\n", end="", flush=True)


def in_a_thread(args):
    time.sleep(args.wait * PACE)
    finished(args, "Threading", threading)


def in_a_process(args):
    time.sleep(args.wait * PACE)
    finished(args, "Multiprocessing", multiprocessing)


async def async_task(args):
    await asyncio.sleep(args.wait * PACE)
    finished(args, "Asyncio", asyncio)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wait", type=float, default=0)
    parser.add_argument("--words", choices=["approaches", "techniques"], default="approaches")
    args = parser.parse_args()

    # The process first: a fork copies a process with threads in an undefined state.
    process = multiprocessing.Process(target=in_a_process, args=(args,))
    process.start()
    thread = threading.Thread(target=in_a_thread, args=(args,))
    thread.start()
    asyncio.run(async_task(args))
    process.join()
    thread.join()


if __name__ == "__main__":
    main()
