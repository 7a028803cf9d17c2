"""Processes that know their names."""

import argparse
import multiprocessing


def worker():
    name = multiprocessing.current_process().name
    print(f"Process {name} is running\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=5)
    args = parser.parse_args()

    processes = []
    for _ in range(args.workers):
        process = multiprocessing.Process(target=worker)
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
    print("All processes have completed")


if __name__ == "__main__":
    main()
