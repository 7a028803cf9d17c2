"""Many objects fetched from S3: each is there whole, or not at all."""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def client(args):
    """An S3 client; the local bucket's, which `cargo xtask run --python` starts, by default."""
    config = Config(max_pool_connections=args.concurrency, s3={"addressing_style": "path"})
    if args.endpoint:
        return boto3.client("s3", endpoint_url=args.endpoint, config=config)
    if "LAB_S3" not in os.environ:
        sys.exit("error: no local bucket; start one with `cargo xtask lab` and set LAB_S3")
    return boto3.client("s3", endpoint_url=os.environ["LAB_S3"], config=config,
                        aws_access_key_id="lab", aws_secret_access_key="lab-secret",
                        region_name="us-east-1")


def say(line):
    # One string, line end included: print writes the two apart, and threads can come in between.
    print(line + "\n", end="", flush=True)


def download_file(s3, bucket, key, file):
    say(f"Downloading {key} from {bucket}")
    s3.download_file(bucket, key, str(file))
    say(f"Downloaded {key} from {bucket} to {file}")
    return file


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*", default=["file1.txt", "file2.txt", "file3.txt"])
    parser.add_argument("--count", type=int)
    parser.add_argument("--size", type=int, default=16384)
    parser.add_argument("--into", type=Path, default=Path())
    parser.add_argument("--endpoint")
    parser.add_argument("--bucket", default="your-bucket-name")
    parser.add_argument("--concurrency", type=int, default=8)
    args = parser.parse_args()
    keys = args.keys
    if args.count:
        keys = [f"made/{args.size}/file{number}.txt" for number in range(1, args.count + 1)]

    s3 = client(args)
    with ThreadPoolExecutor(max_workers=args.concurrency) as executor:
        futures = {}
        for key in keys:
            file = args.into / f"downloaded_{key.rpartition('/')[2]}"
            futures[executor.submit(download_file, s3, args.bucket, key, file)] = key
    failed = 0
    for future in as_completed(futures):
        try:
            say(f"Completed download: {future.result()}")
        except (Boto3Error, BotoCoreError, ClientError, OSError) as error:
            print(f"cannot download {futures[future]} from {args.bucket}: {error}", file=sys.stderr)
            failed += 1
    if failed:
        sys.exit(f"error: {failed} of {len(keys)} downloads failed")


if __name__ == "__main__":
    main()
