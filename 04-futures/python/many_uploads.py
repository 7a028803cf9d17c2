"""Many files sent to S3: each is there whole, or not at all."""

import argparse
import os
import sys
import tempfile
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


def upload_file(s3, bucket, key, path, file):
    say(f"Uploading {file} to {bucket}/{key}")
    with open(path, "rb") as content:
        s3.upload_fileobj(content, bucket, key)
    say(f"Uploaded {file} to {bucket}/{key}")
    return key


def made_file(size):
    """A file that has no name, so that it is gone when the program is; /proc/self/fd/N opens it anew."""
    made = tempfile.TemporaryFile()
    lines = b"a line of a file that goes to S3\n" * (1 << 15)
    while size > 0:
        size -= made.write(lines[:size])
    made.flush()
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--size", type=int, default=16384)
    parser.add_argument("--endpoint")
    parser.add_argument("--bucket", default="your-bucket-name")
    parser.add_argument("--concurrency", type=int, default=8)
    args = parser.parse_args()

    s3 = client(args)
    made = None if args.files else made_file(args.size)
    files = args.files or [f"file{number}.txt" for number in range(1, args.count + 1)]
    with ThreadPoolExecutor(max_workers=args.concurrency) as executor:
        futures = {}
        for file in files:
            path = f"/proc/self/fd/{made.fileno()}" if made else file
            key = f"uploaded_{Path(file).name}"
            futures[executor.submit(upload_file, s3, args.bucket, key, path, file)] = file
    failed = 0
    for future in as_completed(futures):
        try:
            say(f"Completed upload: {future.result()}")
        except (Boto3Error, BotoCoreError, ClientError, OSError) as error:
            print(f"cannot upload {futures[future]} to {args.bucket}: {error}", file=sys.stderr)
            failed += 1
    if failed:
        sys.exit(f"error: {failed} of {len(files)} uploads failed")


if __name__ == "__main__":
    main()
