"""A queue of work: `join` returns when every item is done, not when the queue is empty."""

import argparse
import queue
import threading


def worker(work_queue):
    while (item := work_queue.get()) is not None:
        print(f"Processing: {item}\n", end="", flush=True)
        work_queue.task_done()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()

    work_queue = queue.Queue()
    for item in range(args.items):
        work_queue.put(item)
    threads = [threading.Thread(target=worker, args=(work_queue,)) for _ in range(args.workers)]
    for thread in threads:
        thread.start()
    work_queue.join()
    for _ in threads:
        work_queue.put(None)
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
