"""Named workers wait side by side: three waits of two seconds take two seconds, not six."""

import argparse
import os
import threading
import time

PACE = float(os.environ.get("PACE", "1"))

STARTING = {
    "approaches": "Worker {name} starting",
    "techniques": "Worker {name} starting",
    "slideshow": "Worker thread started: {thread}",
    "comparison": "Thread {thread} is running",
}
FINISHED = {
    "approaches": "Worker {name} finished",
    "techniques": "Worker {name} finished",
    "slideshow": "Worker thread finished: {thread}",
}
CLOSING = {
    "approaches": "All workers finished",
    "techniques": "All workers completed",
    "slideshow": "All worker threads have finished.",
    "comparison": "All threads have completed",
}


def say(words, name):
    # One string, line end included: print writes the two apart, and threads can come in between.
    thread = threading.current_thread().name
    print(words.format(name=name, thread=thread) + "\n", end="", flush=True)


def worker(name, args):
    say(STARTING[args.words], name)
    time.sleep(args.wait * PACE)
    if args.words in FINISHED:
        say(FINISHED[args.words], name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["0", "1", "2"])
    parser.add_argument("--workers", type=int)
    parser.add_argument("--wait", type=float, default=2)
    parser.add_argument("--words", choices=CLOSING, default="approaches")
    args = parser.parse_args()
    names = args.names if args.workers is None else map(str, range(args.workers))

    threads = [threading.Thread(target=worker, args=(name, args)) for name in names]
    for thread in threads:
        thread.start()
    if args.words == "slideshow":
        say("Main thread waiting for worker threads to finish...", None)
    for thread in threads:
        thread.join()
    print(CLOSING[args.words])


if __name__ == "__main__":
    main()
