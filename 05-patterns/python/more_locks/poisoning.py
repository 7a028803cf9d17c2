"""A thread fails with the lock held, between two changes that belong together, and the lock opens."""

import sys
import threading

from more_locks import in_threads


def show():
    lock, accounts = threading.Lock(), [100, 0]

    def transfer(_):
        with lock:
            accounts[0] -= 30
            accounts[1] += 20
            sys.exit("told to fail with the lock held")  # any exception; this one prints nothing

    in_threads(1, transfer)
    with lock:  # opens as if nothing had happened
        left = f"{accounts[0]} and {accounts[1]}"
        accounts[1] = 100 - accounts[0]
    print(f"poisoning: {left} were left behind, put right to {accounts[0]} and {accounts[1]}")
