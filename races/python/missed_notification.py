"""One thread says that it is ready, another waits for it: who comes later than the word waits for ever."""

import threading

from plainly import in_threads, main


class Work:
    def __init__(self):
        self.ready = False
        self.changed = threading.Condition()

    def prepare(self):
        with self.changed:
            self.ready = True
            self.changed.notify()


def race():
    work = Work()

    def wait():
        with work.changed:
            work.changed.wait()

    in_threads(wait, work.prepare)


def mended():
    work = Work()

    def wait():
        with work.changed:
            work.changed.wait_for(lambda: work.ready)  # looks first

    in_threads(wait, work.prepare)


if __name__ == "__main__":
    main(race, mended, __doc__)
