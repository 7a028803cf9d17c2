"""The numbers 1 to N, squared and added on a card by CuPy: what `bag --first N --on gpu` is measured beside."""

import argparse
import ctypes
import sys

# Without them there is nothing to measure: an ImportError, as for any library that is missing, says so.
try:
    ctypes.CDLL("libcuda.so.1")
except OSError as error:
    raise ImportError(f"no CUDA: {error}") from None
try:
    import cupy
except ModuleNotFoundError:
    install = f"{sys.executable} -m pip install cupy-cuda13x, or the one for your CUDA"
    raise ImportError(f"No module named 'cupy': {install}") from None
try:
    cupy.cuda.runtime.getDeviceCount()
except cupy.cuda.runtime.CUDARuntimeError as error:
    raise ImportError(f"no CUDA: {error}") from None

CHUNK = 2**22  # numbers that are in the card's memory at once


def square_sum(begin, end):
    squares = cupy.arange(begin, end, dtype=cupy.uint64) ** 2
    # The sum may need more than 64 bits: 2**22 halves of a square do not, and Python puts them together.
    low = squares & 0xFFFFFFFF
    high = squares >> 32
    return int(low.sum()) + (int(high.sum()) << 32)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=10, metavar="N", help="the numbers 1 to N")
    args = parser.parse_args()

    parts = range(1, args.first + 1, CHUNK)
    total = sum(square_sum(begin, min(begin + CHUNK, args.first + 1)) for begin in parts)
    print(f"Sum of squared numbers: {total}")


if __name__ == "__main__":
    main()
