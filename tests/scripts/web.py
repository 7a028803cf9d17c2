import asyncio
import aiohttp
import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError, HTTPError, Timeout

s = requests.Session()
s.mount("https://", HTTPAdapter(max_retries=3, pool_maxsize=10))
s.headers.update({"a": "b"})
try:
    r = s.get("https://a.example", params={"q": 1}, timeout=3)
    r.raise_for_status()
    print(r.status_code, r.text, r.content, r.json(), r.headers)
    requests.post("https://a.example", json={})
    with requests.get("https://a.example", stream=True) as big:
        for chunk in big.iter_content(8192):
            print(chunk)
except (HTTPError, ConnectionError, Timeout, requests.RequestException):
    pass


async def fetch(session: aiohttp.ClientSession, url):
    async with session.get(url) as response:
        print(response.status)
        response.raise_for_status()
        data = await response.json()
        body = await response.read()
        async for chunk in response.content.iter_chunked(1024):
            print(chunk)
        return await response.text()


async def main():
    timeout = aiohttp.ClientTimeout(total=10)
    connector = aiohttp.TCPConnector(limit=10)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        async with session.post("http://a.example", json={}) as answer:
            print(answer.headers)
        try:
            await asyncio.gather(*(fetch(session, u) for u in ["http://a.example"]))
        except aiohttp.ClientError:
            pass


asyncio.run(main())
