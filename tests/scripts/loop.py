import asyncio
import concurrent.futures
import functools
import signal


def blocking():
    return 1


async def main():
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, blocking)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        await loop.run_in_executor(pool, functools.partial(blocking))
    future = loop.create_future()
    loop.call_soon(future.set_result, 1)
    loop.call_later(1, print, "later")
    loop.call_at(loop.time() + 1, print)
    loop.call_soon_threadsafe(print)
    loop.add_signal_handler(signal.SIGTERM, loop.stop)
    loop.set_debug(True)
    await future
    waiting = asyncio.run_coroutine_threadsafe(main(), loop)
    waiting.result()


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
try:
    loop.run_until_complete(main())
    loop.run_forever()
finally:
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
with asyncio.Runner(debug=True) as runner:
    runner.run(main())
old = asyncio.get_event_loop()
asyncio.ensure_future(main())
