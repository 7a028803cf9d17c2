"""A thread receives until a sentinel comes, which it would send itself, afterwards: it waits for its own end."""

import queue
import threading

from plainly import main

END = object()


def race():
    numbers = queue.SimpleQueue()
    producer = threading.Thread(target=numbers.put, args=(1,), daemon=True)
    producer.start()
    for _ in iter(numbers.get, END):
        pass
    producer.join()
    numbers.put(END)  # too late


def mended():
    numbers = queue.SimpleQueue()
    producer = threading.Thread(target=numbers.put, args=(1,), daemon=True)
    producer.start()
    producer.join()
    numbers.put(END)
    for _ in iter(numbers.get, END):
        pass


if __name__ == "__main__":
    main(race, mended, __doc__)
