"""Web pages fetched at once, a thread each: the total is the slowest page, not the sum."""

import argparse
import os
import threading
import time

import requests

LAB_SITE = os.environ.get("LAB_SITE", "start `cargo xtask lab` and set LAB_SITE")


def fetch_url(url):
    response = requests.get(url)
    print(f"Fetched {url}, status code: {response.status_code}\n", end="", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", default=["lab:python.org", "lab:pypi.org", "lab:docs.python.org"])
    args = parser.parse_args()

    begin = time.perf_counter()
    threads = []
    for page in args.urls:
        url = page.replace("lab:", f"{LAB_SITE}/")
        thread = threading.Thread(target=fetch_url, args=(url,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    print(f"Total time taken: {time.perf_counter() - begin:.2f} seconds")


if __name__ == "__main__":
    main()
