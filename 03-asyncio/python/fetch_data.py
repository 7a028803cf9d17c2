"""Simulated fetches run at once, and their results come in the order asked."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


async def fetch_data(url):
    print(f"Start fetching {url}", flush=True)
    await asyncio.sleep(2 * PACE)
    print(f"Finished fetching {url}", flush=True)
    return f"Data from {url}"


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", default=["http://example.com", "http://example.org", "http://example.net"])
    parser.add_argument("--each", action="store_true")
    args = parser.parse_args()

    fetches = []
    for url in args.urls:
        fetches.append(fetch_data(url))
    results = await asyncio.gather(*fetches)
    if args.each:
        for result in results:
            print(result)
    else:
        print(results)


if __name__ == "__main__":
    asyncio.run(main())
