import asyncio
from asyncio import Queue, create_task, sleep, wait_for
from contextlib import asynccontextmanager, suppress


async def say_after(delay, what):
    await sleep(delay)
    return what


async def numbers(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


@asynccontextmanager
async def opened():
    yield 1


async def worker(q):
    while True:
        item = await q.get()
        q.task_done()


async def main():
    task = create_task(say_after(1, "hello"), name="hello")
    print(task.get_name(), task.done())
    task.add_done_callback(print)
    async with asyncio.TaskGroup() as group:
        one = group.create_task(say_after(1, "a"))
    print(one.result())
    with suppress(asyncio.TimeoutError):
        await wait_for(say_after(3, "late"), timeout=1)
    async with asyncio.timeout(10):
        await asyncio.shield(task)
    async with asyncio.timeout_at(10):
        pass
    done, pending = await asyncio.wait([task], return_when=asyncio.FIRST_COMPLETED)
    for it in pending:
        it.cancel()
    results = await asyncio.gather(say_after(1, "x"), return_exceptions=True)
    async for number in numbers(3):
        print(number)
    squares = [n async for n in numbers(3)]
    async with opened():
        pass
    for first in asyncio.as_completed([say_after(1, "y")]):
        print(await first)
    q = Queue(maxsize=10)
    workers = [asyncio.create_task(worker(q)) for _ in range(3)]
    await q.put(1)
    q.put_nowait(2)
    await q.join()
    for w in workers:
        w.cancel()
    try:
        await task
    except asyncio.CancelledError:
        raise
    print(await asyncio.to_thread(len, "abc"), asyncio.all_tasks(), asyncio.current_task())


asyncio.run(main(), debug=True)
