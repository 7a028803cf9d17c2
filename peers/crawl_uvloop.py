"""crawl's twin, aiohttp and all, on uvloop's event loop: the one of Node.js, in C."""

import runpy
from pathlib import Path

import uvloop

TWIN = Path(__file__).resolve().parents[1] / "03-asyncio" / "python" / "crawl.py"

if __name__ == "__main__":
    uvloop.install()
    runpy.run_path(str(TWIN), run_name="__main__")
