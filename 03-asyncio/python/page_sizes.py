"""How long web pages are, all fetched at once: told in the order asked, or as they come."""

import argparse
import asyncio
import os

import aiohttp

LAB_SITE = os.environ.get("LAB_SITE", "start `cargo xtask lab` and set LAB_SITE")
PAGES = ["lab:www.example.com", "lab:www.example.org", "lab:www.example.net"]


async def fetch_url(session, url):
    async with session.get(url) as response:
        return url, await response.text()


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", default=PAGES)
    parser.add_argument("--as-completed", action="store_true")
    args = parser.parse_args()

    async with aiohttp.ClientSession() as session:
        fetches = []
        for page in args.urls:
            fetches.append(fetch_url(session, page.replace("lab:", f"{LAB_SITE}/")))
        if args.as_completed:
            for fetched in asyncio.as_completed(fetches):
                url, html = await fetched
                print(f"{url}: {len(html)} characters", flush=True)
        else:
            for url, html in await asyncio.gather(*fetches):
                print(f"{url}: {len(html)} characters")


if __name__ == "__main__":
    asyncio.run(main())
