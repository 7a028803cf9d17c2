"""Tasks that block the event loop are reported; on a thread of its own the same call holds nobody up."""

import argparse
import asyncio
import os
import time

PACE = float(os.environ.get("PACE", "1"))


async def named_task(nap):
    print(f"Running task: {asyncio.current_task().get_name()}", flush=True)
    match nap:
        case "blocking":
            time.sleep(1 * PACE)
        case "thread":
            await asyncio.to_thread(time.sleep, 1 * PACE)
        case "awaited":
            await asyncio.sleep(1 * PACE)


async def main(args):
    asyncio.get_running_loop().slow_callback_duration = args.slow
    async with asyncio.TaskGroup() as group:
        for name in args.names:
            group.create_task(named_task(args.nap), name=name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["A", "B", "C"])
    parser.add_argument("--nap", choices=["blocking", "thread", "awaited"], default="blocking")
    parser.add_argument("--slow", type=float, default=0.1)
    asyncio.run(main(parser.parse_args()), debug=True)
