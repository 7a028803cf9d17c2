import cProfile
import functools
import io
import logging
import pstats
import sched
import signal
import subprocess
import time
import timeit
from PIL import Image, ImageFilter
import dask
import dask.array as da
import dask.bag as db
import dask.dataframe as dd
from dask import delayed
from dask.distributed import Client, LocalCluster, as_completed


@functools.lru_cache(maxsize=None)
def slow(n):
    time.sleep(n)
    return n


@delayed
def inc(x):
    return x + 1


image = Image.open("a.jpg")
image.filter(ImageFilter.GaussianBlur(2)).convert("L").resize((10, 10)).save("b.jpg")
image.thumbnail((128, 128))
with Image.open("b.jpg") as small:
    print(small.size)
bag = db.from_sequence([1, 2, 3], npartitions=2)
print(bag.map(slow).filter(bool).sum().compute(scheduler="threads"))
words = db.read_text("*.txt").str.split().flatten().frequencies().topk(10, key=1).compute()
print(bag.fold(max).compute(), bag.reduction(sum, sum).compute())
total = dask.compute(inc(1), inc(2))
frame = dd.read_csv("*.csv").groupby("a").sum().compute()
array = da.ones((10, 10)).sum().compute()
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2)
    with Client(cluster) as client:
        future = client.submit(slow, 1)
        print(future.result(), client.gather(client.map(slow, [1])))
        for one in as_completed([future]):
            print(one.result())
profile = cProfile.Profile()
profile.enable()
slow(1)
profile.disable()
pstats.Stats(profile).sort_stats("cumulative").print_stats(10)
cProfile.run("slow(1)")
with cProfile.Profile() as measured:
    slow(2)
print(timeit.timeit("1 + 1", number=10), time.perf_counter(), time.time(), time.monotonic())
logging.basicConfig(level=logging.DEBUG, format="%(threadName)s %(processName)s")
log = logging.getLogger(__name__)
log.debug("x")
log.error("x")
scheduler = sched.scheduler(time.time, time.sleep)
scheduler.enter(1, 1, slow, (1,))
scheduler.run()
signal.signal(signal.SIGINT, signal.SIG_IGN)
subprocess.run(["ls"], check=True, timeout=3)
child = subprocess.Popen(["ls"], stdout=subprocess.PIPE)
print(child.communicate())
child.kill()
