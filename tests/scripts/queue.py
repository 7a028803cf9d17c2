import queue
from queue import Empty, Full, LifoQueue, PriorityQueue, SimpleQueue
import threading

jobs = queue.Queue(maxsize=4)
stack = LifoQueue()
first = PriorityQueue()
plain = SimpleQueue()


def worker():
    while True:
        try:
            job = jobs.get(timeout=1)
        except Empty:
            break
        print(job, jobs.qsize(), jobs.empty(), jobs.full())
        jobs.task_done()


threading.Thread(target=worker, daemon=True).start()
for number in range(8):
    try:
        jobs.put(number, block=False)
    except Full:
        jobs.put(number)
    stack.put(number)
    first.put((-number, number))
    plain.put(number)
try:
    print(stack.get_nowait(), first.get(), plain.get())
    jobs.put_nowait(1)
except queue.Empty:
    pass
jobs.join()
