"""The same task as a thread, as a process, and as a task on an event loop."""

import argparse
import asyncio
import multiprocessing
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def concurrent_task(name, wait):
    time.sleep(wait * PACE)
    # One string, line end included: print writes the two apart, and others can come in between.
    print(f"{name}\n", end="", flush=True)


async def async_task(wait):
    await asyncio.sleep(wait * PACE)
    print(f"Asyncio: {asyncio.__name__}\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wait", type=float, default=0)
    args = parser.parse_args()

    # The process first: a fork copies a process with threads in an undefined state.
    name = f"Multiprocessing: {multiprocessing.__name__}"
    process = multiprocessing.Process(target=concurrent_task, args=(name, args.wait))
    process.start()
    name = f"Threading: {threading.__name__}"
    thread = threading.Thread(target=concurrent_task, args=(name, args.wait))
    thread.start()
    asyncio.run(async_task(args.wait))
    thread.join()
    process.join()


if __name__ == "__main__":
    main()
