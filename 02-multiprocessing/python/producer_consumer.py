"""A process puts numbers into a queue, another takes them out."""

import argparse
import multiprocessing


def producer(items, queue):
    for i in range(items):
        queue.put(i)
        print(f"Producer put {i} in the queue.\n", end="", flush=True)


def consumer(queue):
    for item in iter(queue.get, None):
        print(f"Consumer got {item} from the queue.\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10)
    args = parser.parse_args()

    queue = multiprocessing.Queue()
    producer_process = multiprocessing.Process(target=producer, args=(args.items, queue))
    consumer_process = multiprocessing.Process(target=consumer, args=(queue,))
    producer_process.start()
    consumer_process.start()
    producer_process.join()
    queue.put(None)
    consumer_process.join()


if __name__ == "__main__":
    main()
