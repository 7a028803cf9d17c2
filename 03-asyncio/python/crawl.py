"""Ten thousand web pages by one session on one thread, every one of them accounted for."""

import argparse
import asyncio
import os
import random
import resource
import sys

import aiohttp

PACE = float(os.environ.get("PACE", "1"))

BUSY = (429, 502, 503, 504)


def url(text):
    """A URL; lab:NAME is a page of the local site, which `cargo xtask run --python` starts."""
    if not text.startswith("lab:"):
        return text
    if "LAB_SITE" not in os.environ:
        raise argparse.ArgumentTypeError(
            f"{text}: no local site; start one with `cargo xtask lab` and set LAB_SITE")
    return f"{os.environ['LAB_SITE']}/{text.removeprefix('lab:')}"


async def try_once(session, page, args):
    """The page's characters."""
    async with session.get(page) as response:
        response.raise_for_status()
        size = response.content_length or 0
        if size > args.max_size:
            raise ValueError(f"{size} bytes, more than {args.max_size}")
        html = bytearray()
        async for chunk in response.content.iter_any():
            html += chunk
            if len(html) > args.max_size:
                raise ValueError(f"more than {args.max_size} bytes")
        return len(html.decode(errors="replace"))


async def fetch(session, page, args):
    """The page's characters, after as many tries as may help."""
    async with asyncio.timeout(args.timeout):
        for retry in range(args.retries):
            try:
                return await try_once(session, page, args)
            except aiohttp.TooManyRedirects:
                raise
            except aiohttp.ClientResponseError as error:
                if error.status not in BUSY:
                    raise
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1 * 2**retry * args.random.uniform(1, 2) * PACE)
        return await try_once(session, page, args)


async def worker(session, pages, results, args):
    """Takes the next page from what all workers share, until there is none."""
    for page in pages:
        try:
            characters = await fetch(session, page, args)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            results["failed"] += 1
            print(f"cannot fetch {page}: {error!r}", file=sys.stderr)
        else:
            results["fetched"] += 1
            results["characters"] += characters
            if not args.pages:
                print(f"Fetched {page}: {characters} characters", flush=True)


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", type=url)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--query", default="")
    parser.add_argument("--concurrency", type=int, default=100)
    parser.add_argument("--connect-timeout", type=float, default=5)
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--retries", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-size", type=int, default=10 * 2**20)
    args = parser.parse_args()
    args.random = random.Random(args.seed)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    if args.pages:
        pages = (url(f"lab:{number}?{args.query}") for number in range(1, args.pages + 1))
    else:
        names = ("python.org", "pypi.org", "docs.python.org", "github.com", "stackoverflow.com")
        pages = iter(args.urls or [url(f"lab:{name}") for name in names])
    results = {"fetched": 0, "failed": 0, "characters": 0}
    limits = aiohttp.ClientTimeout(total=None, sock_connect=args.connect_timeout)
    # The workers are the bound; the connector's own limit would hold back the rest of them.
    async with aiohttp.ClientSession(
            timeout=limits, connector=aiohttp.TCPConnector(limit=0)) as session:
        workers = min(args.concurrency, args.pages or args.concurrency)
        await asyncio.gather(*(worker(session, pages, results, args) for _ in range(workers)))
    asked = results["fetched"] + results["failed"]
    print(f"{asked} pages asked: {results['fetched']} fetched, {results['failed']} failed,"
          f" {results['characters']} characters")
    if results["failed"]:
        sys.exit(f"error: {results['failed']} of {asked} pages failed")


if __name__ == "__main__":
    asyncio.run(main())
