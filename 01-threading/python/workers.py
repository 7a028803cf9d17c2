"""Workers wait side by side: three waits of two seconds take two seconds, not six."""

import argparse
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))


def worker(name):
    # One string, line end included: print writes the two apart, and threads can come in between.
    print(f"Worker {name} starting\n", end="", flush=True)
    time.sleep(2 * PACE)
    print(f"Worker {name} finished\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["0", "1", "2"])
    args = parser.parse_args()

    threads = []
    for name in args.names:
        thread = threading.Thread(target=worker, args=(name,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    print("All workers finished")


if __name__ == "__main__":
    main()
