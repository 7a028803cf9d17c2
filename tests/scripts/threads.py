import logging
import threading as th
from threading import Barrier, BoundedSemaphore, Condition, RLock, Timer, local

storage = local()
ready = Condition()
turns = RLock()
slots = BoundedSemaphore(value=2)
meeting = Barrier(3, timeout=5)
stop = th.Event()
boxes = []


class Ticker(th.Thread):
    def __init__(self, every):
        super().__init__(name="ticker", daemon=True)
        self.every = every
        self.lock = th.Lock()

    def run(self):
        while not stop.wait(self.every):
            with self.lock:
                storage.count = getattr(storage, "count", 0) + 1


def make():
    with ready:
        boxes.append(1)
        ready.notify()
        ready.notify_all()


def take():
    with ready:
        ready.wait_for(lambda: boxes)
        while not boxes:
            ready.wait()
        return boxes.pop()


def visit():
    with slots, turns:
        meeting.wait()
        print(th.get_ident(), th.current_thread().name, th.active_count())


ticker = Ticker(0.1)
ticker.start()
visitors = [th.Thread(target=visit) for _ in range(3)]
for one in visitors:
    one.start()
for one in visitors:
    one.join(timeout=1)
    print(one.is_alive())
later = Timer(1.0, make)
later.start()
later.cancel()
if turns.acquire(blocking=False):
    try:
        logging.info("%s", th.enumerate())
    finally:
        turns.release()
th.excepthook = print
stop.set()
stop.clear()
print(stop.is_set())
