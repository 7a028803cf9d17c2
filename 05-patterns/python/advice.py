"""Which kind of concurrency for which task: Python's answer, Rust's, and why they part."""

import argparse

CASES = [f"{task}={bound}" for task in ["network", "file", "computation"]
         for bound in ["io-bound", "cpu-bound", "both", "neither"]]


def advice(task, bound, isolated):
    if isolated:
        return """Python: Multiprocessing
  Rust: processes, see 02-multiprocessing
  Why: only a process can crash or be killed without taking the others along"""
    match bound, task:
        case "io-bound", "network":
            return """Python: Asyncio
  Rust: async tasks (tokio), see 03-asyncio
  Why: a task that waits costs some hundred bytes, a thread that waits a stack"""
        case "io-bound", _:
            return """Python: Threading
  Rust: threads, see 04-futures
  Why: a call that blocks needs a thread of its own, and files have no other kind"""
        case "cpu-bound", _:
            return """Python: Multiprocessing
  Rust: threads (rayon), see 04-futures
  Why: no lock around the interpreter: threads compute at once and copy nothing"""
        case "both", "network":
            return """Python: Multiprocessing
  Rust: async tasks (tokio), the computing on threads (rayon), see 03-asyncio
  Why: what computes between two awaits holds up every task of its thread"""
        case "both", _:
            return """Python: Multiprocessing
  Rust: threads (rayon), see 04-futures
  Why: while one thread waits for its file, the others compute"""
        case _:
            return """Python: Sequential execution
  Rust: sequential execution, see 01-threading
  Why: what takes no time gains nothing from threads, and pays for their start"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="TASK=BOUND")
    parser.add_argument("--isolated", action="store_true")
    args = parser.parse_args()
    if unknown := set(args.cases) - set(CASES):
        parser.error(f"unknown: {', '.join(unknown)}")

    for case in args.cases or CASES:
        task, bound = case.split("=")
        print(f"{task}, {bound}\n  {advice(task, bound, args.isolated)}")


if __name__ == "__main__":
    main()
