"""Greetings after 2, 1 and 3 seconds: all of them in 3."""

import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


async def say_hello(name, delay):
    await asyncio.sleep(delay * PACE)
    print(f"Hello, {name}!", flush=True)


async def main():
    # Three coroutines, and nothing has happened yet.
    alice = say_hello("Alice", 2)
    bob = say_hello("Bob", 1)
    charlie = say_hello("Charlie", 3)
    await asyncio.gather(alice, bob, charlie)


if __name__ == "__main__":
    asyncio.run(main())
