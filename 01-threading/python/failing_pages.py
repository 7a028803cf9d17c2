"""Web pages of which some fail: each is named with its cause, the others are fetched, and the exit code tells."""

import argparse
import os
import sys
import threading
import time

import requests

LAB_SITE = os.environ.get("LAB_SITE", "start `cargo xtask lab` and set LAB_SITE")

failed = []


def fetch_url(url, timeout):
    try:
        response = requests.get(url, timeout=timeout)
        print(f"Fetched {url}, status code: {response.status_code}\n", end="", flush=True)
        response.raise_for_status()
    except requests.RequestException as error:
        failed.append(url)
        print(f"cannot fetch {url}: {error}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", default=["lab:python.org", "lab:pypi.org", "lab:docs.python.org"])
    parser.add_argument("--timeout", type=float, default=10)
    args = parser.parse_args()

    begin = time.perf_counter()
    threads = []
    for page in args.urls:
        url = page.replace("lab:", f"{LAB_SITE}/")
        thread = threading.Thread(target=fetch_url, args=(url, args.timeout))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    print(f"Total time taken: {time.perf_counter() - begin:.2f} seconds")
    if failed:
        sys.exit(f"error: {len(failed)} of {len(args.urls)} pages failed")


if __name__ == "__main__":
    main()
