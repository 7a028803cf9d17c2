"""Tasks of 3 s and less on a pool of threads; each result is printed when its task is done."""

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

PACE = float(os.environ.get("PACE", "1"))


def task(number):
    time.sleep(number * PACE)
    return f"Task {number} completed"


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()

    with ThreadPoolExecutor(max_workers=3) as executor:
        futures = []
        for number in range(1, 4):
            futures.append(executor.submit(task, number))
        for future in as_completed(futures):
            print(future.result(), flush=True)


if __name__ == "__main__":
    main()
