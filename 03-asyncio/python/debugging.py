"""A task that knows its name, under asyncio's debug mode, which reports whoever blocks the event loop."""

import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


async def named_task():
    print(f"Running task: {asyncio.current_task().get_name()}", flush=True)
    await asyncio.sleep(1 * PACE)


def main():
    asyncio.run(named_task(), debug=True)


if __name__ == "__main__":
    main()
