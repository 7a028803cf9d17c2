"""image-blur by OpenCV: a thread a photo, since its functions let go of the GIL."""

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy

PHOTOS = Path(__file__).resolve().parents[1] / "target" / "lab" / "photos"
# Pillow's ImageFilter.BLUR: sixteen ones around nine zeros.
KERNEL = numpy.ones((5, 5), numpy.float32) / 16
KERNEL[1:4, 1:4] = 0


def blur(photo):
    blurred = cv2.filter2D(cv2.imread(str(photo)), -1, KERNEL)
    cv2.imwrite(f"blurred_{photo.name}", blurred, [cv2.IMWRITE_JPEG_QUALITY, 75])
    print(f"Processed {photo.name}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1600x1200")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    begin = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(blur, sorted((PHOTOS / args.size).glob("image*.jpg"))))
    print(f"Total time taken: {time.perf_counter() - begin:.2f} seconds")


if __name__ == "__main__":
    main()
