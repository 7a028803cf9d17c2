"""The ways, and what they share. (An import prefers this folder to the program of the same name.)"""

import threading

THREADS = 4


def in_threads(count, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
