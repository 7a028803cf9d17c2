import multiprocessing as mp
import os
from multiprocessing import Array, Lock, Process, Queue, Value, cpu_count, shared_memory
from multiprocessing.connection import Client, Listener


def job(q, conn, total, values, lock):
    print(os.getpid(), os.getppid(), mp.parent_process(), mp.current_process().name)
    with lock:
        total.value += 1
    with values.get_lock():
        values[0] = 1
    q.put([42])
    conn.send("hello")
    conn.close()


if __name__ == "__main__":
    mp.freeze_support()
    mp.set_start_method("spawn")
    ctx = mp.get_context("spawn")
    q = Queue()
    here, there = mp.Pipe(duplex=False)
    lock = Lock()
    total, values = Value("i", 0), Array("i", 4)
    p = Process(target=job, args=(q, there, total, values, lock))
    p.daemon = True
    p.start()
    print(q.get(), here.recv(), here.poll(1), p.pid, p.sentinel)
    p.join(5)
    if p.is_alive():
        p.terminate()
        p.kill()
    print(p.exitcode, cpu_count(), mp.active_children())
    memory = shared_memory.SharedMemory(create=True, size=16)
    memory.buf[0] = 1
    memory.close()
    memory.unlink()
    other = ctx.Process(target=print)
    other.start()
    tasks = mp.JoinableQueue()
    tasks.put(1)
    tasks.task_done()
    tasks.join()
    event = mp.Event()
    event.set()
    barrier = mp.Barrier(2)
    print(mp.get_start_method(), mp.SimpleQueue(), mp.Condition(), mp.RLock(), mp.BoundedSemaphore(2))
    with Listener(("localhost", 6000)) as listener:
        with listener.accept() as conn:
            conn.send_bytes(b"x")
    Client(("localhost", 6000))
