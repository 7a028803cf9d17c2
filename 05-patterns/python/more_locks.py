"""Seven more ways in which threads wait for one another, a small file each."""

import argparse
import os
import sys

sys.path.append(os.path.dirname(__file__))  # at the end, so that no twin hides a module of Python's
from more_locks import atomic, barrier, event, once, poisoning, rw_lock, semaphore

KINDS = {"poisoning": poisoning, "rw-lock": rw_lock, "semaphore": semaphore, "event": event, "barrier": barrier,
         "once": once, "atomic": atomic}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar=f"{{{','.join(KINDS)}}}")
    args = parser.parse_args()
    if unknown := set(args.kinds) - set(KINDS):
        parser.error(f"unknown: {', '.join(unknown)}")
    for kind in args.kinds or KINDS:
        KINDS[kind].show()


if __name__ == "__main__":
    main()
