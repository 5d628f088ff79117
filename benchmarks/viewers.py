"""Many who watch one run, without browsers: plain connections that read what the server sends. Knows messages, not runs."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

EVENT = b"\nevent: "
PATIENCE = 30  # seconds in which all of them must have heard something


@dataclass
class Audience:
    """What they have received so far, all together."""

    connected: int = 0
    messages: int = 0
    bytes: int = 0
    refused: int = 0


@contextlib.contextmanager
def watching(address: str, path: str, viewers: int) -> Iterator[Audience]:
    """So many connections to GET `path`, in one thread beside this one; entered once every one has heard something."""
    audience, over, loop = Audience(), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(_all(address, path, viewers, audience, over)))
    thread.start()
    try:
        until = time.monotonic() + PATIENCE
        while audience.connected + audience.refused < viewers and time.monotonic() < until:
            time.sleep(0.05)
        if audience.connected < viewers:
            raise SystemExit(f"only {audience.connected} of {viewers} viewers heard anything within {PATIENCE} s")
        yield audience
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


async def _all(address: str, path: str, viewers: int, audience: Audience, over: asyncio.Event) -> None:
    place = urlsplit(address)
    tasks = [asyncio.create_task(_watch(place.hostname, place.port, path, audience)) for _ in range(viewers)]
    await over.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _watch(host: str, port: int, path: str, audience: Audience) -> None:
    """Read until cancelled, counting messages; their content is not looked at, so that counting costs next to nothing."""
    writer = None
    try:
        reader, writer = await asyncio.open_connection(host, port, limit=2**20)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n\r\n".encode())
        end, heard = b"", False
        while part := await reader.read(2**18):
            new = (end + part).count(EVENT)
            end = part[-(len(EVENT) - 1) :]
            audience.messages += new
            audience.bytes += len(part)
            if new and not heard:
                heard = True
                audience.connected += 1
        audience.refused += not heard
    except OSError:
        audience.refused += 1
    finally:
        if writer:
            writer.close()
