"""Web pages fetched at once, a thread each: the total is the slowest page, not the sum."""

import argparse
import os
import sys
import threading
import time

import requests

WORDS = {
    "approaches": ("status code", "Total time taken"),
    "techniques": ("status", "Total time"),
}


def url(text):
    """A URL; lab:NAME is a page of the local site, which `cargo xtask run --python` starts."""
    if not text.startswith("lab:"):
        return text
    if "LAB_SITE" not in os.environ:
        raise argparse.ArgumentTypeError(
            f"{text}: no local site; start one with `cargo xtask lab` and set LAB_SITE")
    return f"{os.environ['LAB_SITE']}/{text.removeprefix('lab:')}"


def fetch(page, args, failures):
    try:
        response = requests.get(page, timeout=args.timeout)
        label = WORDS[args.words][0]
        print(f"Fetched {page}, {label}: {response.status_code}\n", end="", flush=True)
        response.raise_for_status()
    except requests.RequestException as error:
        failures.append(page)
        print(f"cannot fetch {page}: {error}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", type=url)
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--words", choices=WORDS, default="approaches")
    args = parser.parse_args()
    pages = args.urls or [url(f"lab:{name}") for name in ("python.org", "pypi.org", "docs.python.org")]

    begin = time.perf_counter()
    failures = []
    threads = [threading.Thread(target=fetch, args=(page, args, failures)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{WORDS[args.words][1]}: {time.perf_counter() - begin:.2f} seconds")
    if failures:
        sys.exit(f"error: {len(failures)} of {len(pages)} pages failed")


if __name__ == "__main__":
    main()
