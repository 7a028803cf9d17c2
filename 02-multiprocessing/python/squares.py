"""A process for each number, which prints its square."""

import argparse
import multiprocessing


def square(x):
    print(f"{x} squared is {x * x}\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=5)
    args = parser.parse_args()

    processes = []
    for number in range(args.numbers):
        process = multiprocessing.Process(target=square, args=(number,))
        process.start()
        processes.append(process)
    for process in processes:
        process.join()
    print("All processes are done.")


if __name__ == "__main__":
    main()
