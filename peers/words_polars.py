"""word-count by Polars: the lines of the file as a column, split, exploded and counted."""

import argparse
from pathlib import Path

import polars as pl

TEXT = Path(__file__).resolve().parents[1] / "target" / "lab" / "text"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=64 << 20)
    args = parser.parse_args()
    file = TEXT / f"{args.size}.txt"
    lines = pl.scan_csv(file, separator="\x01", has_header=False, quote_char=None, new_columns=["word"])
    words = lines.select(pl.col("word").str.split(" ").explode()).filter(pl.col("word") != "")
    counts = words.group_by("word").len("times").sort(["times", "word"], descending=[True, False]).collect()
    print(f"{file.stat().st_size} bytes, {counts['times'].sum()} words, {len(counts)} of them distinct")
    for word, times in counts.head(10).iter_rows():
        print(f"{times:>12} {word}")


if __name__ == "__main__":
    main()
