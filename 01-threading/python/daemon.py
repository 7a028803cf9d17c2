"""A background thread works for two seconds; the program ends at once, and the thread with it."""

import argparse
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def background(started):
    print("Daemon thread: started", flush=True)
    started.set()
    time.sleep(2 * PACE)
    print("Daemon thread: finished", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--join", action="store_true")
    args = parser.parse_args()

    started = threading.Event()
    thread = threading.Thread(target=background, args=(started,), daemon=True)
    thread.start()
    started.wait()
    if args.join:
        thread.join()
    print("Main thread: done", flush=True)


if __name__ == "__main__":
    main()
