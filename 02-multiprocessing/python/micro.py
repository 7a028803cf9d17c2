"""What processes cost, one thing at a time."""

import argparse
import multiprocessing


def nothing():
    pass


def start(args):
    ballast = bytearray(b"\1") * (args.megabytes * 1_000_000)
    context = multiprocessing.get_context(args.method)
    for _ in range(args.times):
        process = context.Process(target=nothing)
        process.start()
        process.join()
        assert process.exitcode == 0
    assert all(byte == 1 for byte in ballast[::4096])
    return f"{args.times} processes started and joined"


def square(number):
    return number * number


def map_numbers(args):
    with multiprocessing.Pool(2) as pool:
        squares = pool.map(square, range(args.numbers), chunksize=args.chunk)
        pool.close()
        pool.join()
    return f"{len(squares)} squares, sum {sum(squares)}"


def add(counter, additions):
    for _ in range(additions):
        with counter.get_lock():
            counter.value += 1


def lock(args):
    counter = multiprocessing.Value("Q", 0)
    adders = [multiprocessing.Process(target=add, args=(counter, args.additions))
              for _ in range(args.processes)]
    for adder in adders:
        adder.start()
    for adder in adders:
        adder.join()
    return f"{counter.value} additions"


def produce(items, queue):
    for item in range(items):
        queue.put(item)
    queue.put(None)


def queue(args):
    items = multiprocessing.Queue()
    producer = multiprocessing.Process(target=produce, args=(args.items, items))
    producer.start()
    total = sum(iter(items.get, None))
    producer.join()
    return f"{args.items} items, sum {total}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.set_defaults(cost=start, times=1, megabytes=0, method="fork")
    costs = parser.add_subparsers()
    cost = costs.add_parser("start")
    cost.set_defaults(cost=start)
    cost.add_argument("times", type=int)
    cost.add_argument("--megabytes", type=int, default=0)
    cost.add_argument("--method", choices=["fork", "spawn"], default="fork")
    cost = costs.add_parser("map")
    cost.set_defaults(cost=map_numbers)
    cost.add_argument("numbers", type=int)
    cost.add_argument("--chunk", type=int)
    cost = costs.add_parser("lock")
    cost.set_defaults(cost=lock)
    cost.add_argument("additions", type=int)
    cost.add_argument("--processes", type=int, default=2)
    cost = costs.add_parser("queue")
    cost.set_defaults(cost=queue)
    cost.add_argument("items", type=int)
    args = parser.parse_args()
    print(args.cost(args))


if __name__ == "__main__":
    main()
