"""A lock: one thread at a time changes what they share."""

import argparse
import threading

lock = threading.Lock()


def thread_safe_function(shared_resource):
    with lock:
        shared_resource.append("update")


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    shared_resource, threads = [], []
    for _ in range(4):
        threads.append(threading.Thread(target=thread_safe_function, args=(shared_resource,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"mutex: {len(shared_resource)} updates by 4 threads")


if __name__ == "__main__":
    main()
