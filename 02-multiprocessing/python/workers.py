"""Workers that are processes, each with memory of its own: three waits of two seconds take two seconds."""

import argparse
import multiprocessing
import os
import time

PACE = float(os.environ.get("PACE", "1"))


def worker(name):
    # One string, line end included: print writes the two apart, and processes can come in between.
    print(f"Worker {name} starting\n", end="", flush=True)
    time.sleep(2 * PACE)
    print(f"Worker {name} finished\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["0", "1", "2"])
    args = parser.parse_args()

    processes = []
    for name in args.names:
        process = multiprocessing.Process(target=worker, args=(name,))
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
    print("All workers finished")


if __name__ == "__main__":
    main()
