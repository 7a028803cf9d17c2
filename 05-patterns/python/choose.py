"""Which kind of concurrency for which task: Python's answer and Rust's, side by side."""

import argparse
import itertools

TASKS = ("network", "file", "computation")
BOUNDS = ("io-bound", "cpu-bound", "both", "neither")


def call(text):
    task, _, bound = text.partition("=")
    if task not in TASKS or bound not in BOUNDS:
        raise argparse.ArgumentTypeError(f"must be one of {TASKS} = one of {BOUNDS}")
    return task, bound


def python(task, bound, isolated):
    """The tutorials' decision tree."""
    if isolated or bound in ("cpu-bound", "both"):
        return "Multiprocessing"
    if bound == "neither":
        return "Sequential execution"
    return "Asyncio" if task == "network" else "Threading"


def rust(task, bound, isolated):
    """The answer, why, and the lesson to read."""
    if isolated:
        return ("processes",
                "only a process can crash or be killed without taking the others along",
                "02-multiprocessing")
    match bound, task:
        case "io-bound", "network":
            return ("async tasks (tokio)",
                    "a task that waits costs some hundred bytes, a thread that waits a stack",
                    "03-asyncio")
        case "io-bound", _:
            return ("threads",
                    "a call that blocks needs a thread of its own, and files have no other kind",
                    "04-futures")
        case "cpu-bound", _:
            return ("threads (rayon)",
                    "no lock around the interpreter: threads compute at once and copy nothing",
                    "04-futures")
        case "both", "network":
            return ("async tasks (tokio), the computing on threads (rayon)",
                    "what computes between two awaits holds up every task of its thread",
                    "03-asyncio")
        case "both", _:
            return ("threads (rayon)",
                    "while one thread waits for its file, the others compute",
                    "04-futures")
        case _:
            return ("sequential execution",
                    "what takes no time gains nothing from threads, and pays for their start",
                    "01-threading")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", nargs="*", type=call, metavar="TASK=BOUND")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--isolated", action="store_true")
    parser.add_argument("--explain", action="store_true")
    args = parser.parse_args()
    slide = [("network", "io-bound"), ("file", "io-bound"), ("computation", "cpu-bound")]
    calls = itertools.product(TASKS, BOUNDS) if args.all else args.calls or slide

    for task, bound in calls:
        answer = python(task, bound, args.isolated)
        if args.explain:
            other, why, read = rust(task, bound, args.isolated)
            print(f"{task}, {bound}")
            print(f"  Python: {answer}\n  Rust: {other}\n  Why: {why}\n  Read: {read}")
        else:
            print(answer)


if __name__ == "__main__":
    main()
