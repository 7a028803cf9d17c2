"""Two processes talk both ways over a pipe."""

import argparse
import multiprocessing


def answer(end, parent):
    # Under fork the child has a copy of the parent's end: unless the child closes it, `recv` never ends.
    parent.close()
    while True:
        try:
            end.send(end.recv() ** 2)
        except EOFError:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=5)
    args = parser.parse_args()

    parent, child = multiprocessing.Pipe()
    process = multiprocessing.Process(target=answer, args=(child, parent))
    process.start()
    child.close()
    for number in range(1, args.items + 1):
        parent.send(number)
        print(f"Sent {number}, received {parent.recv()}")
    parent.close()
    process.join()


if __name__ == "__main__":
    main()
