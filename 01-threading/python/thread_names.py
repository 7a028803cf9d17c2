"""Threads that know their names, and a main thread that says that it waits for them."""

import argparse
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def worker(wait):
    name = threading.current_thread().name
    # One string, line end included: print writes the two apart, and threads can come in between.
    print(f"Worker thread started: {name}\n", end="", flush=True)
    time.sleep(wait * PACE)
    print(f"Worker thread finished: {name}\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--wait", type=float, default=2)
    args = parser.parse_args()

    threads = []
    for _ in range(args.workers):
        thread = threading.Thread(target=worker, args=(args.wait,))
        thread.start()
        threads.append(thread)
    print("Main thread waiting for worker threads to finish...\n", end="", flush=True)
    for thread in threads:
        thread.join()
    print("All worker threads have finished.")


if __name__ == "__main__":
    main()
