import concurrent.futures
import urllib.request
from concurrent.futures import FIRST_COMPLETED, CancelledError, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool


def load(url, timeout):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def done(future):
    print(future.done(), future.result())


with concurrent.futures.ThreadPoolExecutor(max_workers=5, thread_name_prefix="load") as executor:
    to_url = {executor.submit(load, url, 60): url for url in ["http://a.example"]}
    for future in concurrent.futures.as_completed(to_url):
        url = to_url[future]
        try:
            data = future.result()
        except concurrent.futures.TimeoutError:
            print(future.exception(), future.cancelled())
        else:
            print(len(data), url)
    first = executor.submit(pow, 2, 3)
    first.add_done_callback(done)
    print(first.cancel(), first.running(), first.result(timeout=60))
    finished, waiting = wait([first], return_when=FIRST_COMPLETED)
    for one in finished:
        print(one.result())

pool = ProcessPoolExecutor()
try:
    for prime in pool.map(str, range(4), chunksize=2):
        print(prime)
except BrokenProcessPool:
    pass
finally:
    pool.shutdown(wait=True, cancel_futures=True)
