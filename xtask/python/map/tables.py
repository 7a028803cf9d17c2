"""What is known of modules' functions and classes."""

# Modules that are meant by their names even where a script forgets to import them.
MODULES = "aiohttp asyncio boto3 cProfile concurrent logging multiprocessing queue requests threading time".split()
# And classes that are meant by theirs.
CLASSES = {
    "Pipe": "multiprocessing.Pipe",
    "Pool": "multiprocessing.Pool",
    "Process": "multiprocessing.Process",
    "ProcessPoolExecutor": "concurrent.futures.ProcessPoolExecutor",
    "Thread": "threading.Thread",
    "ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
}
# What a call gives, where that is not an object of what is called.
RETURNS = {
    "aiohttp.ClientSession.delete": "aiohttp.ClientResponse",
    "aiohttp.ClientSession.get": "aiohttp.ClientResponse",
    "aiohttp.ClientSession.head": "aiohttp.ClientResponse",
    "aiohttp.ClientSession.post": "aiohttp.ClientResponse",
    "aiohttp.ClientSession.put": "aiohttp.ClientResponse",
    "aiohttp.ClientSession.request": "aiohttp.ClientResponse",
    "aiohttp.request": "aiohttp.ClientResponse",
    "asyncio.TaskGroup.create_task": "asyncio.Task",
    "asyncio.create_subprocess_exec": "asyncio.subprocess.Process",
    "asyncio.create_subprocess_shell": "asyncio.subprocess.Process",
    "asyncio.create_task": "asyncio.Task",
    "asyncio.current_task": "asyncio.Task",
    "asyncio.ensure_future": "asyncio.Task",
    "asyncio.get_event_loop": "asyncio.loop",
    "asyncio.get_running_loop": "asyncio.loop",
    "asyncio.new_event_loop": "asyncio.loop",
    "asyncio.loop.create_future": "asyncio.Future",
    "asyncio.loop.create_task": "asyncio.Task",
    "asyncio.run_coroutine_threadsafe": "concurrent.futures.Future",
    "asyncio.start_server": "asyncio.Server",
    "boto3.Session.client": "boto3.client",
    "boto3.Session.resource": "boto3.resource",
    "concurrent.futures.ProcessPoolExecutor.submit": "concurrent.futures.Future",
    "concurrent.futures.ThreadPoolExecutor.submit": "concurrent.futures.Future",
    "dask.bag.from_sequence": "dask.bag.Bag",
    "dask.bag.read_text": "dask.bag.Bag",
    "dask.bag.Bag.str.lower": "dask.bag.Bag",
    "dask.bag.Bag.str.split": "dask.bag.Bag",
    "dask.distributed.Client.submit": "dask.distributed.Future",
    "logging.getLogger": "logging.Logger",
    "multiprocessing.Pool.apply_async": "multiprocessing.AsyncResult",
    "multiprocessing.Pool.map_async": "multiprocessing.AsyncResult",
    "multiprocessing.Pool.starmap_async": "multiprocessing.AsyncResult",
    "multiprocessing.connection.Client": "multiprocessing.Connection",
    "multiprocessing.connection.Listener.accept": "multiprocessing.Connection",
    "multiprocessing.current_process": "multiprocessing.Process",
    "multiprocessing.get_context": "multiprocessing",
    "multiprocessing.Array.get_lock": "multiprocessing.Lock",
    "multiprocessing.Value.get_lock": "multiprocessing.Lock",
    "multiprocessing.Manager.Queue": "multiprocessing.Queue",
    "multiprocessing.Manager.Lock": "multiprocessing.Lock",
    "asyncio.timeout_at": "asyncio.timeout",
    "asyncio.timeout": "asyncio.timeout",
    "PIL.Image.new": "PIL.Image.Image",
    "PIL.Image.open": "PIL.Image.Image",
    "requests.delete": "requests.Response",
    "requests.get": "requests.Response",
    "requests.head": "requests.Response",
    "requests.post": "requests.Response",
    "requests.put": "requests.Response",
    "requests.request": "requests.Response",
    "requests.Session.get": "requests.Response",
    "requests.Session.post": "requests.Response",
    "subprocess.Popen": "subprocess.Popen",
    "threading.current_thread": "threading.Thread",
    "threading.main_thread": "threading.Thread",
}
# Functions that are used as classes are.
MAKERS = {
    "boto3.client",
    "boto3.client.get_paginator",
    "boto3.resource",
    "multiprocessing.Manager.dict",
    "multiprocessing.Manager.list",
    "sched.scheduler",
}
# Methods that give an object of their own kind.
SAME = {
    "dask.bag.Bag": {"map", "filter", "flatten", "distinct", "pluck", "repartition", "fold", "foldby", "reduction", "sum", "frequencies", "topk"},
    "pstats.Stats": {"sort_stats", "strip_dirs"},
    "PIL.Image.Image": {"filter", "convert", "copy", "crop", "resize", "rotate"},
}
# What one gets in a loop over it, or as one of several values.
ELEMENTS = {
    "asyncio.as_completed": "asyncio.Task",
    "concurrent.futures.as_completed": "concurrent.futures.Future",
    "dask.distributed.as_completed": "dask.distributed.Future",
    "multiprocessing.Pipe": "multiprocessing.Connection",
    "multiprocessing.active_children": "multiprocessing.Process",
    "threading.enumerate": "threading.Thread",
}
# Calls that give several collections.
COLLECTIONS = {"asyncio.wait": "asyncio.Task", "concurrent.futures.wait": "concurrent.futures.Future"}
# Calls that give a pair.
PAIRS = {"asyncio.open_connection": ("asyncio.StreamReader", "asyncio.StreamWriter")}
# Where a module's names come from, if they are not its own.
HOMES = {
    "concurrent.futures.process": "concurrent.futures",
    "concurrent.futures.thread": "concurrent.futures",
    "dask.distributed": "dask.distributed",
    "distributed": "dask.distributed",
    "multiprocessing.context": "multiprocessing",
    "multiprocessing.connection.Connection": "multiprocessing.Connection",
    "multiprocessing.managers.SyncManager": "multiprocessing.Manager",
    "multiprocessing.pool.Pool": "multiprocessing.Pool",
    "multiprocessing.pool.AsyncResult": "multiprocessing.AsyncResult",
    "multiprocessing.pool.ThreadPool": "multiprocessing.pool.ThreadPool",
    "multiprocessing.process.current_process": "multiprocessing.current_process",
    "multiprocessing.queues": "multiprocessing",
    "multiprocessing.synchronize": "multiprocessing",
    "boto3.session.Session": "boto3.Session",
    "requests.sessions.Session": "requests.Session",
    "requests.session": "requests.Session",
    "asyncio.tasks": "asyncio",
    "asyncio.events": "asyncio",
    "asyncio.AbstractEventLoop": "asyncio.loop",
    "asyncio.queues": "asyncio",
    "asyncio.locks": "asyncio",
    "asyncio.exceptions": "asyncio",
}
# Calls that have another function called later: where that function stands, and where its arguments begin.
# A number is a position, a word a keyword; a pair says that the arguments are in a tuple.
CALLERS = {
    "submit": (0, 1),
    "run_in_executor": (1, 2),
    "to_thread": (0, 1),
    "call_soon": (0, 1),
    "call_soon_threadsafe": (0, 1),
    "call_later": (1, 2),
    "apply": (0, (1, "args")),
    "apply_async": (0, (1, "args")),
    "start_new_thread": (0, (1, "args")),
    "Thread": ("target", (3, "args")),
    "Process": ("target", (3, "args")),
    "Timer": (1, (2, "args")),
    # It gets the future itself.
    "add_done_callback": (0, 1),
}


def home(name):
    """The name under which a thing is known."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in HOMES and HOMES[prefix] != prefix:
            return home(".".join([HOMES[prefix], *parts[length:]]))
    return name
