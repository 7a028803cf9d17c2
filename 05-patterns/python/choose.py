"""A decision tree: which kind of concurrency for which kind of task."""

import argparse


def choose_concurrency_approach(task, io_bound, cpu_bound):
    match task, io_bound, cpu_bound:
        case "network", True, False:
            return "Asyncio"
        case _, True, False:
            return "Threading"
        case _, _, True:
            return "Multiprocessing"
        case _:
            return "Sequential execution"


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(choose_concurrency_approach("network", True, False))
    print(choose_concurrency_approach("file", True, False))
    print(choose_concurrency_approach("computation", False, True))


if __name__ == "__main__":
    main()
