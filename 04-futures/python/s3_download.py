"""Objects fetched at once from S3, each into a file."""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor, as_completed

import boto3

LOCAL = {
    "endpoint_url": os.environ.get("LAB_S3", "start `cargo xtask lab` and set LAB_S3"),
    "region_name": "us-east-1", "aws_access_key_id": "lab", "aws_secret_access_key": "lab-secret",
}


def download_file(s3, bucket, key, file):
    # One string, line end included: print writes the two apart, and threads can come in between.
    print(f"Downloading {key} from {bucket}\n", end="", flush=True)
    s3.download_file(bucket, key, file)
    print(f"Downloaded {key} from {bucket} to {file}\n", end="", flush=True)
    return file


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*", default=["file1.txt", "file2.txt", "file3.txt"])
    parser.add_argument("--endpoint")
    parser.add_argument("--bucket", default="your-bucket-name")
    args = parser.parse_args()

    s3 = boto3.client("s3", **({"endpoint_url": args.endpoint} if args.endpoint else LOCAL))
    with ThreadPoolExecutor() as executor:
        futures = []
        for key in args.keys:
            file = f"downloaded_{key.replace('/', '_')}"
            futures.append(executor.submit(download_file, s3, args.bucket, key, file))
    for future in as_completed(futures):
        print(f"Completed download: {future.result()}")


if __name__ == "__main__":
    main()
