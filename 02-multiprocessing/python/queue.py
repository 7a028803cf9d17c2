"""Items cross between processes by a queue, and none is lost.

Run it with `python3 -P`: else this file, queue.py, stands in for the module `queue`.
"""

import argparse
import multiprocessing


def square_numbers(first, last, squares):
    for number in range(first, last + 1):
        squares.put(number * number)
    squares.put(None)


def produce(items, queue):
    for item in range(items):
        queue.put(item)
        print(f"Producer put {item} in the queue.\n", end="", flush=True)


def consume(queue):
    for item in iter(queue.get, None):
        print(f"Consumer got {item} from the queue.\n", end="", flush=True)


def read(queue, producers, label):
    """Reads until each of the producers has sent its end marker."""
    while producers:
        item = queue.get()
        if item is None:
            producers -= 1
        else:
            print(f"{label}{item}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5)
    parser.add_argument(
        "--words", choices=["techniques", "introduction", "slideshow"], default="techniques")
    args = parser.parse_args()

    queue = multiprocessing.Queue()
    if args.words == "slideshow":
        producer = multiprocessing.Process(target=produce, args=(args.items, queue))
        consumer = multiprocessing.Process(target=consume, args=(queue,))
        producer.start()
        consumer.start()
        producer.join()
        queue.put(None)
        consumer.join()
        return
    if args.words == "techniques":
        ranges, label = [(1, args.items)], ""
    else:
        ranges, label = [(n, n) for n in range(1, args.items + 1)], "Squared value: "
    processes = [
        multiprocessing.Process(target=square_numbers, args=(first, last, queue))
        for first, last in ranges
    ]
    for process in processes:
        process.start()
    read(queue, len(processes), label)
    for process in processes:
        process.join()


if __name__ == "__main__":
    main()
