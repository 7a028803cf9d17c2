"""Two threads each put a value under one key, if there is none: a dict locks each call, not two calls."""

from plainly import in_threads, main


def race():
    tickets, sold = {}, []

    def buy(name):
        if "seat 1" not in tickets:
            tickets["seat 1"] = name
            sold.append(name)

    in_threads(lambda: buy("Ann"), lambda: buy("Bob"))
    assert len(sold) == 1, "one seat was sold to two"


def mended():
    tickets, sold = {}, []

    def buy(name):
        if tickets.setdefault("seat 1", name) is name:  # one call
            sold.append(name)

    in_threads(lambda: buy("Ann"), lambda: buy("Bob"))
    assert len(sold) == 1, "one seat was sold to two"


if __name__ == "__main__":
    main(race, mended, __doc__)
