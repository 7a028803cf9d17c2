"""Two tasks on one thread; one awaits with the lock in its hand. The other blocks the thread that both need."""

import asyncio
import threading

from plainly import main


def race():
    lock = threading.Lock()
    total = 0

    async def add():
        nonlocal total
        with lock:
            await asyncio.sleep(0)
            total += 1

    async def both():
        await asyncio.gather(add(), add())

    asyncio.run(both())
    assert total == 2


def mended():
    lock = threading.Lock()
    total = 0

    async def add():
        nonlocal total
        await asyncio.sleep(0)
        with lock:  # after the await
            total += 1

    async def both():
        await asyncio.gather(add(), add())

    asyncio.run(both())
    assert total == 2


if __name__ == "__main__":
    main(race, mended, __doc__)
