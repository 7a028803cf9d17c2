import asyncio
from contextvars import ContextVar

user = ContextVar("user", default="nobody")


class Store:
    def __init__(self):
        self.lock = asyncio.Lock()
        self.changed = asyncio.Condition()
        self.slots = asyncio.BoundedSemaphore(3)
        self.started = asyncio.Event()
        self.all = asyncio.Barrier(2)

    async def put(self):
        async with self.lock:
            pass
        async with self.changed:
            self.changed.notify_all()
            await self.changed.wait()
        async with self.slots:
            self.started.set()
        await self.lock.acquire()
        try:
            await self.started.wait()
        finally:
            self.lock.release()
        await self.all.wait()
        user.set("me")
        print(user.get(), self.lock.locked())


asyncio.run(Store().put())
heap = asyncio.PriorityQueue()
stack = asyncio.LifoQueue()
