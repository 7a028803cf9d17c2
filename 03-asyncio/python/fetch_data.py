"""Simulated fetches run at once, and their results come in the order asked."""

import argparse
import asyncio
import os

PACE = float(os.environ.get("PACE", "1"))


async def fetch_data(url, words):
    label = "Start fetching" if words == "techniques" else "Fetching data from"
    print(f"{label} {url}", flush=True)
    await asyncio.sleep(2 * PACE)
    if words == "techniques":
        print(f"Finished fetching {url}", flush=True)
    return f"Data from {url}"


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", default=[
        "http://example.com", "http://example.org", "http://example.net"])
    parser.add_argument("--words", choices=["techniques", "slideshow"], default="techniques")
    args = parser.parse_args()

    tasks = [asyncio.create_task(fetch_data(url, args.words)) for url in args.urls]
    results = await asyncio.gather(*tasks)
    if args.words == "techniques":
        print(results)
    else:
        print(*results, sep="\n")


if __name__ == "__main__":
    asyncio.run(main())
