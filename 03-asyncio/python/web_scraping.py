"""Web pages fetched at once by one session on one thread: the total is the slowest page, not the sum."""

import argparse
import asyncio
import os
import time

import aiohttp

LAB_SITE = os.environ.get("LAB_SITE", "start `cargo xtask lab` and set LAB_SITE")
PAGES = ["lab:python.org", "lab:pypi.org", "lab:docs.python.org", "lab:github.com", "lab:stackoverflow.com"]


async def fetch_url(session, url):
    async with session.get(url) as response:
        print(f"Fetched {url}, status code: {response.status}", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", default=PAGES)
    args = parser.parse_args()

    begin = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        fetches = []
        for page in args.urls:
            fetches.append(fetch_url(session, page.replace("lab:", f"{LAB_SITE}/")))
        await asyncio.gather(*fetches)
    print(f"Total time taken: {time.perf_counter() - begin:.2f} seconds")


if __name__ == "__main__":
    asyncio.run(main())
