"""Labels for a twin's run: what its own functions and tasks did when, with no line of it changed.

On PYTHONPATH every interpreter of a traced run imports this. `main()` runs a twin with its functions wrapped through
the syntax tree; in processes that multiprocessing spawns, the same is done when they load the twin. A line of JSON is
appended to $LESSON_TIMELINE for each outermost call, and for each turn that a coroutine gets, as lab's timeline does.
"""

import os
import sys

# Of a function's code; `inspect`, which knows them, takes long to import.
_COROUTINE, _GENERATOR = 0x80, 0x20 | 0x200

_inside = None  # how many of our functions the thread is in, in `_inside.depth`


def _write(kind, name, fields, begin, end, in_turns=False):
    import json
    import threading

    asyncio, task = sys.modules.get("asyncio"), None
    if asyncio:
        try:
            task = asyncio.current_task()
        except RuntimeError:
            pass
    line = {
        "kind": kind, "name": name, "fields": fields, "pid": os.getpid(), "tid": threading.get_native_id(),
        "thread": threading.current_thread().name, "task": task and task.get_name(),
        "begin": begin / 1e9, "end": end / 1e9,
        "in_turns": in_turns,
    }
    file = os.open(os.environ["LESSON_TIMELINE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, (json.dumps(line) + "\n").encode())
    finally:
        os.close(file)


def _fields(function, args, kwargs):
    """The arguments that are plain values, by their names; but for times, which nobody would call a thing by."""
    named = {**dict(zip(function.__code__.co_varnames, args)), **kwargs}
    return {name: value for name, value in named.items() if isinstance(value, (int, str))}


def _call(function, args, kwargs):
    """A call of one of the twin's functions, labelled if it is in no other."""
    import time

    if _inside.depth:
        return function(*args, **kwargs)
    kind = _kind(function)
    begin = time.monotonic_ns()
    _inside.depth += kind == "span"
    try:
        return function(*args, **kwargs)
    finally:
        _inside.depth -= kind == "span"
        _write(kind, function.__qualname__, _fields(function, args, kwargs), begin, time.monotonic_ns())


async def _await(function, args, kwargs):
    """The same for a coroutine: each of its turns is labelled too."""
    if _inside.depth:
        return await function(*args, **kwargs)
    return await _Turns(function, args, kwargs)


class _Turns:
    """Drives a coroutine turn by turn."""

    def __init__(self, function, args, kwargs):
        self.coroutine = function(*args, **kwargs)
        self.kind, self.name, self.fields = _kind(function), function.__qualname__, _fields(function, args, kwargs)

    def __await__(self):
        import time

        created, step, value = time.monotonic_ns(), self.coroutine.send, None
        try:
            while True:
                try:
                    out = self.turn(step, value)
                except StopIteration as stop:
                    return stop.value
                try:
                    value, step = (yield out), self.coroutine.send
                except GeneratorExit:
                    self.coroutine.close()
                    raise
                except BaseException as error:
                    value, step = error, self.coroutine.throw
        finally:
            _write(self.kind, self.name, self.fields, created, time.monotonic_ns(), True)

    def turn(self, step, value):
        import time

        begin = time.monotonic_ns()
        _inside.depth += self.kind == "span"
        try:
            return step(value)
        finally:
            _inside.depth -= self.kind == "span"
            if self.kind == "span":
                _write("poll", self.name, self.fields, begin, time.monotonic_ns(), True)


def _kind(function):
    """Everything runs in `main`: it is no label, but where the twin begins and ends."""
    return "main" if function.__qualname__ == "main" else "span"


def _label(function):
    """What is put around each of the twin's functions. It refers to this module only, so that it can be pickled."""
    import functools

    flags = function.__code__.co_flags
    if flags & _GENERATOR:
        return function
    if flags & _COROUTINE:
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            return await _await(function, args, kwargs)
    else:
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return _call(function, args, kwargs)
    return wrapper


def _begin():
    import threading

    global _inside
    if _inside is None:
        _inside = type("Inside", (threading.local,), {"depth": 0})()
        # A child begins in no function of ours, wherever its parent was.
        os.register_at_fork(after_in_child=lambda: setattr(_inside, "depth", 0))


def _run(path, module):
    """Runs the program at `path` in `module`, its functions wrapped."""
    import ast
    import json  # Here, so that the first label does not wait for it.

    _begin()

    class Decorate(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            self.generic_visit(node)
            # Last is innermost: around the function itself, not around what other decorators make of it.
            node.decorator_list.append(ast.copy_location(ast.Name("__label__", ast.Load()), node))
            return node

        visit_AsyncFunctionDef = visit_FunctionDef

    with open(path, encoding="utf-8") as file:
        tree = ast.fix_missing_locations(Decorate().visit(ast.parse(file.read(), path)))
    module.__file__, module.__label__ = path, _label
    exec(compile(tree, path, "exec"), module.__dict__)


def main():
    """Runs the twin that the first argument names."""
    import types

    sys.argv = sys.argv[1:]
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    _run(sys.argv[0], module)


def _label_what_multiprocessing_loads():
    import runpy
    import types

    def run_path(path, init_globals=None, run_name=None):
        module = types.ModuleType(run_name)
        _run(path, module)
        return module.__dict__

    runpy.run_path = run_path
    # Functions may come here pickled, without the twin.
    _begin()


if "LESSON_TIMELINE" in os.environ and any("multiprocessing" in arg for arg in sys.orig_argv):
    _label_what_multiprocessing_loads()
