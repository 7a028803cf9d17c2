"""One thread changes two numbers that belong together, another reads both: it may see one old, one new."""

from plainly import in_threads, main


class Square:
    def __init__(self):
        self.width, self.height = 1, 1


def race():
    square, seen = Square(), []

    def grow():
        square.width = 2
        square.height = 2

    in_threads(grow, lambda: seen.extend((square.width, square.height)))
    assert seen[0] == seen[1], "no square"


def mended():
    square, seen = {"size": (1, 1)}, []

    def grow():
        square["size"] = (2, 2)  # one step

    in_threads(grow, lambda: seen.extend(square["size"]))
    assert seen[0] == seen[1], "no square"


if __name__ == "__main__":
    main(race, mended, __doc__)
