"""A task takes 10 here, awaits, and gives 10 there; who is told to stop in between leaves half its work done."""

import asyncio
import threading

from plainly import main


async def unless_stopped(transfer):
    task = asyncio.create_task(transfer())
    loop = asyncio.get_running_loop()
    stopper = threading.Thread(target=lambda: loop.call_soon_threadsafe(task.cancel), daemon=True)
    stopper.start()
    await asyncio.wait([task])
    while stopper.is_alive():
        await asyncio.sleep(0)


def race():
    accounts = {"from": 100, "to": 0}

    async def transfer():
        accounts["from"] -= 10
        await asyncio.sleep(0)
        accounts["to"] += 10

    asyncio.run(unless_stopped(transfer))
    assert sum(accounts.values()) == 100, "money was lost"


def mended():
    accounts = {"from": 100, "to": 0}

    async def transfer():
        await asyncio.sleep(0)  # before both, none between them
        accounts["from"] -= 10
        accounts["to"] += 10

    asyncio.run(unless_stopped(transfer))
    assert sum(accounts.values()) == 100, "money was lost"


if __name__ == "__main__":
    main(race, mended, __doc__)
