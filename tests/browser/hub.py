"""A proxy on loopback such as a hub has: it knows one person's prefix, and hands on what begins with it."""

import asyncio
import contextlib
import threading
from urllib.parse import urlsplit

from lab_server import free_port


class Hub(threading.Thread):
    """Hands what comes for `address`'s path on to `address`; `refused` holds the other paths that were asked for.

    A context manager: its server has ended when the block has.
    """

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(address)
        self.target, self.prefix = parts.port, parts.path.rstrip("/") + "/"
        self.port, self.refused = free_port(), []
        self.address = f"http://127.0.0.1:{self.port}{parts.path}"
        self.loop, self.ready, self.open = asyncio.new_event_loop(), threading.Event(), set()

    def __enter__(self) -> "Hub":
        self.start()
        assert self.ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.over.cancel)
        self.join(10)

    def run(self) -> None:
        self.over = self.loop.create_task(self.serve())
        with contextlib.suppress(asyncio.CancelledError):
            self.loop.run_until_complete(self.over)
        left = asyncio.all_tasks(self.loop)  # the page is gone, its connections may not be
        for task in left:
            task.cancel()
        if left:
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.close()

    async def serve(self) -> None:
        server = await asyncio.start_server(self.accept, "127.0.0.1", self.port)
        self.ready.set()
        async with server:
            await server.serve_forever()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self.loop.create_task(self.connect(reader, writer))
        self.open.add(task)
        task.add_done_callback(self.open.discard)

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            if path.startswith(self.prefix):
                await self.hand_on(head, reader, writer)
            else:
                self.refused.append(path)
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
        writer.close()

    async def hand_on(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection, so that each one's path is looked at; a WebSocket stays open for both sides."""
        lines = head.split("\r\n")
        if not any(line.lower().startswith("upgrade:") for line in lines):
            lines = [line for line in lines if not line.lower().startswith("connection:")]
            lines.insert(1, "Connection: close")
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        to_server.write("\r\n".join(lines).encode("latin-1"))
        back = asyncio.create_task(carry(from_server, writer))
        forth = asyncio.create_task(carry(reader, to_server))
        await back
        forth.cancel()
        to_server.close()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
