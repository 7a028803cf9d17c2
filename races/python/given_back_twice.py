"""A semaphore of one place, for three threads: who gives its place back twice lets two in at once."""

import threading

from plainly import in_threads, main


def three_use_it(give_backs):
    place, counting = threading.Semaphore(1), threading.Lock()
    inside = most = 0

    def use_it(give_backs):
        nonlocal inside, most
        place.acquire()
        with counting:
            inside += 1
            most = max(most, inside)
        with counting:
            inside -= 1
        for _ in range(give_backs):
            place.release()

    in_threads(lambda: use_it(give_backs), lambda: use_it(1), lambda: use_it(1))
    assert most == 1, "two were in at once"


def race():
    three_use_it(2)  # once where the work ends, once more where the function ends


def mended():
    three_use_it(1)


if __name__ == "__main__":
    main(race, mended, __doc__)
