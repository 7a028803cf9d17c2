"""word-count by DuckDB: the lines of the file as a table, their words counted by SQL."""

import argparse
from pathlib import Path

import duckdb

TEXT = Path(__file__).resolve().parents[1] / "target" / "lab" / "text"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=64 << 20)
    args = parser.parse_args()
    file = TEXT / f"{args.size}.txt"
    duckdb.execute("""
        CREATE TABLE counts AS
        SELECT word, count(*) AS times
        FROM (SELECT unnest(string_split(line, ' ')) AS word
              FROM read_csv($file, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '',
                            header = false, auto_detect = false))
        WHERE word <> '' GROUP BY word
    """, {"file": str(file)})
    words, distinct = duckdb.execute("SELECT sum(times)::BIGINT, count(*) FROM counts").fetchone()
    print(f"{file.stat().st_size} bytes, {words} words, {distinct} of them distinct")
    top = "SELECT times, word FROM counts ORDER BY times DESC, word LIMIT 10"
    for times, word in duckdb.execute(top).fetchall():
        print(f"{times:>12} {word}")


if __name__ == "__main__":
    main()
