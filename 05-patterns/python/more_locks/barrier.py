"""Nobody goes on before all are there."""

import threading

from more_locks import THREADS, in_threads


def show():
    barrier, arrived, leaders = threading.Barrier(THREADS), [], []

    def work(number):
        arrived.append(number)
        if barrier.wait() == 0:
            leaders.append(number)
        assert len(arrived) == THREADS

    in_threads(THREADS, work)
    print(f"barrier: {THREADS} threads met, {len(leaders)} of them leads")
