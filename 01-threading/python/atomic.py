"""Many threads add to one counter. Python has no atomic numbers: the lock is what there is."""

import argparse
import threading

counter = 0
lock = threading.Lock()


def increment(additions):
    global counter
    for _ in range(additions):
        with lock:
            counter += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=100)
    parser.add_argument("--additions", type=int, default=1)
    args = parser.parse_args()

    threads = []
    for _ in range(args.threads):
        thread = threading.Thread(target=increment, args=(args.additions,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    print(f"Counter value: {counter}")


if __name__ == "__main__":
    main()
