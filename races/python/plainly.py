"""Runs a race as it is, many times, and counts how often it went wrong. What tries out schedules, Python has not."""

import argparse
import threading

LIMIT = 2.0  # seconds: what has not ended then waits for ever
ENOUGH_DEADLOCKS = 3  # each costs the whole limit


def in_threads(*works):
    threads = [threading.Thread(target=work, daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run_once(program, failures):
    try:
        program()
    except AssertionError as error:
        failures.append(str(error))


def count(program, times):
    runs, deadlocks, failures = 0, 0, []
    while runs < times and deadlocks < ENOUGH_DEADLOCKS:
        runs += 1
        thread = threading.Thread(target=run_once, args=(program, failures), daemon=True)
        thread.start()
        thread.join(LIMIT)
        deadlocks += thread.is_alive()
    said = []
    if failures:
        said.append(f"{len(failures)} of {runs} runs went wrong: {failures[-1]}")
    if deadlocks:
        said.append(f"{deadlocks} of {runs} runs had not ended after {LIMIT:.0f} s: a deadlock")
    if deadlocks == ENOUGH_DEADLOCKS:
        said.append("no more were run")
    return "; ".join(said) or f"none of {runs} runs went wrong"


def main(race, mended, about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--runs", type=int, default=1000)
    runs = parser.parse_args().runs
    print("as it is:", count(race, runs))
    print("mended, as it is:", count(mended, runs))
