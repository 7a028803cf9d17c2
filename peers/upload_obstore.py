"""many-uploads by obstore: Rust's object_store from asyncio, 32 at once, in parts where a file is large."""

import argparse
import asyncio
import os
from pathlib import Path

import obstore
from obstore.store import S3Store

LINE = b"a line of a file that goes to S3\n"


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--size", type=int, default=16384)
    args = parser.parse_args()
    file = Path("file.txt")
    file.write_bytes((LINE * (args.size // len(LINE) + 1))[:args.size])
    store = S3Store("your-bucket-name", endpoint=os.environ["LAB_S3"], region="us-east-1",
                    access_key_id="lab", secret_access_key="lab-secret",
                    client_options={"allow_http": True})
    room = asyncio.Semaphore(32)

    async def upload(number):
        async with room:
            await obstore.put_async(store, f"uploaded_file{number}.txt", file)

    await asyncio.gather(*(upload(number) for number in range(1, args.count + 1)))


if __name__ == "__main__":
    asyncio.run(main())
    # obstore's threads outlive it, and one that returns while the interpreter shuts down would abort the process.
    os._exit(0)
