import asyncio
from asyncio import subprocess


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
    data = await reader.read(100)
    line = await reader.readline()
    writer.write(data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 8888)
    reader, writer = await asyncio.open_connection("127.0.0.1", 8888)
    writer.write(b"hello")
    async with server:
        await server.serve_forever()
    child = await asyncio.create_subprocess_exec("ls", stdout=asyncio.subprocess.PIPE)
    out, err = await child.communicate()
    shell = await asyncio.create_subprocess_shell("ls", stdout=subprocess.PIPE)
    await shell.wait()


asyncio.run(main())
