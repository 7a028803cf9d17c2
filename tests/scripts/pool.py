from multiprocessing import Pool, TimeoutError, get_context
from multiprocessing.pool import ThreadPool
from multiprocessing.managers import BaseManager, SyncManager
import multiprocessing


def square(x):
    return x * x


def start():
    pass


class Manager(BaseManager):
    pass


if __name__ == "__main__":
    with Pool(processes=4, initializer=start, maxtasksperchild=10) as pool:
        print(pool.map(square, range(10), chunksize=2))
        for number in pool.imap(square, range(10)):
            print(number)
        for number in pool.imap_unordered(square, range(10)):
            print(number)
        print(pool.starmap(pow, [(2, 3)]))
        one = pool.apply_async(square, (20,))
        try:
            print(one.get(timeout=1), one.ready(), one.successful())
        except TimeoutError:
            print("late")
        many = pool.map_async(square, range(3), callback=print)
        many.wait()
        print(pool.apply(square, (3,)))
        pool.close()
        pool.terminate()
        pool.join()
    with ThreadPool(4) as threads:
        threads.map(square, range(3))
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        shared["a"] = 1
        names = manager.list(range(3))
        names.append(4)
        space = manager.Namespace()
        lock = manager.Lock()
        q = manager.Queue()
        with lock:
            q.put(1)
    with get_context("spawn").Pool() as pool:
        pool.map(square, [1])
