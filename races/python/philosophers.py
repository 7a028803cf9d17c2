"""Three philosophers, three forks, and each needs two: where each has its left one, none gets a second."""

import threading
from functools import partial

from plainly import in_threads, main


def eat(first, second):
    with first, second:
        pass


def race():
    forks = [threading.Lock() for _ in range(3)]
    pairs = [(left, (left + 1) % 3) for left in range(3)]
    in_threads(*(partial(eat, forks[left], forks[right]) for left, right in pairs))


def mended():
    forks = [threading.Lock() for _ in range(3)]
    pairs = [sorted((left, (left + 1) % 3)) for left in range(3)]  # the lower first
    in_threads(*(partial(eat, forks[left], forks[right]) for left, right in pairs))


if __name__ == "__main__":
    main(race, mended, __doc__)
