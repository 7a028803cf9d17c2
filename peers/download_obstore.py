"""many-downloads by obstore: Rust's object_store from asyncio, 32 at once, each object streamed to its file."""

import argparse
import asyncio
import os

import obstore
from obstore.store import S3Store


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--size", type=int, default=16384)
    args = parser.parse_args()
    store = S3Store("your-bucket-name", endpoint=os.environ["LAB_S3"], region="us-east-1",
                    access_key_id="lab", secret_access_key="lab-secret",
                    client_options={"allow_http": True})
    room = asyncio.Semaphore(32)

    async def download(number):
        async with room:
            found = await obstore.get_async(store, f"made/{args.size}/file{number}.txt")
            with open(f"downloaded_file{number}.txt", "wb") as file:
                async for part in found:
                    file.write(part)

    await asyncio.gather(*(download(number) for number in range(1, args.count + 1)))


if __name__ == "__main__":
    asyncio.run(main())
    # obstore's threads outlive it, and one that returns while the interpreter shuts down would abort the process.
    os._exit(0)
