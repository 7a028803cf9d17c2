"""Which names of other modules a script uses, and where: reads it from standard input, never runs it, and prints JSON.

A name is the place where a thing is defined: `threading.Thread`, `threading.Thread.join` for a method of an object
that the script made, `with threading.Lock`, `async with …`, `for … in`, and plain words for syntax: `async def`, `await`.
"""

import ast
import json
import sys

from reader import Reader


def answer_to(source):
    try:
        reader = Reader(ast.parse(source))
    except SyntaxError as error:
        not_utf8 = "'utf-8' codec can't decode" in error.msg
        return {"error": "it is not UTF-8" if not_utf8 else error.msg, "line": error.lineno or None}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"error": str(error) or type(error).__name__, "line": None}
    uses = sorted((line, column, name) for (line, name), column in reader.found.items())
    return {
        "uses": [{"line": line, "name": name} for line, _, name in uses],
        "missing": [] if reader.stars else sorted(reader.forgot),
    }


sys.setrecursionlimit(20_000)
json.dump(answer_to(sys.stdin.buffer.read()), sys.stdout)
