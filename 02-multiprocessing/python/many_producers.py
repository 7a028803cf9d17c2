"""Many processes send to one queue, a square each."""

import argparse
import multiprocessing


def square(x, output_queue):
    output_queue.put(x * x)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5)
    args = parser.parse_args()

    output_queue = multiprocessing.Queue()
    processes = []
    for number in range(1, args.items + 1):
        process = multiprocessing.Process(target=square, args=(number, output_queue))
        process.start()
        processes.append(process)
    for _ in processes:
        print(f"Squared value: {output_queue.get()}")
    for process in processes:
        process.join()


if __name__ == "__main__":
    main()
