"""The short way between a link and a child: a connection of their own, beside the calls of the actor.

A call of an actor passes several threads and processes; a connection does not. Whoever dials has been handed two
secrets by Ray, says one of them and is told the other: neither end says anything to a stranger. Messages are texts,
each behind its length.
"""

import asyncio
import contextlib
import hmac
import os
import secrets
import socket
import struct
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Callable, Optional

DIAL_WITHIN_S = 1.0
# A host that could not be reached is not tried again so long.
UNREACHABLE_S = 600.0
GREET_WITHIN_S = 5.0
# The largest message: a frame of the largest kind, and what surrounds it.
LIMIT_BYTES = 33 * 1024 * 1024
_BUFFER_BYTES = 1024 * 1024
_LENGTH = struct.Struct(">I")
_SECRET_LETTERS = 64


class WireError(Exception):
    """The other end is not who it should be, or says what cannot be understood."""


class Wire:
    """One connection that both ends trust."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        connection = writer.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    async def read(self) -> Optional[str]:
        """The next message; None when the other end has gone. Raises WireError."""
        try:
            size = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))[0]
            if size > LIMIT_BYTES:
                raise WireError(f"a message of {size} bytes")
            return (await self._reader.readexactly(size)).decode("utf-8", "surrogatepass")
        except (asyncio.IncompleteReadError, OSError):
            return None
        except UnicodeDecodeError:
            raise WireError("a message that is no text") from None

    def send(self, text: str) -> None:
        """Sends a message; an end that has gone is noticed by whoever reads."""
        if not self._writer.is_closing():
            data = text.encode("utf-8", "surrogatepass")
            self._writer.write(_LENGTH.pack(len(data)) + data)

    async def drain(self) -> None:
        """Returns when what was sent does not fill memory any more."""
        with contextlib.suppress(OSError):
            await self._writer.drain()

    async def leave(self, within_s: float) -> None:
        """Says that nothing more comes, waits until the other end has taken all that was sent, and ends it."""
        with contextlib.suppress(OSError, RuntimeError, asyncio.TimeoutError):
            # Some loops refuse this where the other end has gone already.
            self._writer.write_eof()
            await asyncio.wait_for(self._until_end(), within_s)
        self._writer.close()

    def close(self) -> None:
        """Lets what was sent go out, then ends it."""
        self._writer.close()

    async def _until_end(self) -> None:
        while await self._reader.read(_BUFFER_BYTES):
            pass


@dataclass(frozen=True)
class Offer:
    """Where a child listens, what it wants to hear, and what it answers. Never written down."""

    host: str
    port: int
    asks: str
    answers: str

    def as_member(self) -> "dict[str, Any]":
        """For a call of the actor."""
        return {"host": self.host, "port": self.port, "asks": self.asks, "answers": self.answers}


class WireServer:
    """A child's end. `on_wire` is called with each wire and the link that it was offered to, and keeps it."""

    def __init__(self, host: str, on_wire: "Callable[[str, Wire], Awaitable[None]]") -> None:
        self._host = host
        self._on_wire = on_wire
        self._server: Optional[asyncio.AbstractServer] = None
        self._offered: Optional[tuple[str, Offer]] = None

    async def offer(self, link: str) -> Optional[Offer]:
        """Lets `link` dial, once, and nobody else; None where that cannot be done here, or where Ray itself hides what
        it says and this would not.
        """
        if os.environ.get("RAY_USE_TLS", "0") not in ("", "0"):
            return None
        try:
            port = await self._port()
        except OSError:
            return None
        offer = Offer(
            self._host, port, secrets.token_hex(_SECRET_LETTERS // 2), secrets.token_hex(_SECRET_LETTERS // 2)
        )
        self._offered = (link, offer)
        return offer

    async def _port(self) -> int:
        if self._server is None:
            self._server = await asyncio.start_server(self._receive, self._host, 0, limit=_BUFFER_BYTES)
        sockets: Any = getattr(self._server, "sockets", ())
        return int(sockets[0].getsockname()[1])

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = b""
        with contextlib.suppress(asyncio.TimeoutError, asyncio.IncompleteReadError, OSError):
            said = await asyncio.wait_for(reader.readexactly(_SECRET_LETTERS), GREET_WITHIN_S)
        offered = self._offered
        if offered is None or not hmac.compare_digest(said, offered[1].asks.encode("ascii")):
            writer.close()
            return
        self._offered = None
        writer.write(offered[1].answers.encode("ascii"))
        await self._on_wire(offered[0], Wire(reader, writer))


class WireDialler:
    """A gateway's end. A host that cannot be reached is remembered: not every link waits to find that out again."""

    def __init__(self) -> None:
        self._unreachable: dict[str, float] = {}

    async def dial(self, offer: "dict[str, Any]") -> Optional[Wire]:
        """The wire; None where the child's host cannot be reached this way.

        Raises WireError where what answers there is not the child.
        """
        host = str(offer["host"])
        if self._unreachable.get(host, 0) > time.monotonic():
            return None
        try:
            connecting = asyncio.open_connection(host, int(offer["port"]), limit=_BUFFER_BYTES)
            reader, writer = await asyncio.wait_for(connecting, DIAL_WITHIN_S)
        except (asyncio.TimeoutError, OSError):
            self._unreachable[host] = time.monotonic() + UNREACHABLE_S
            return None
        try:
            writer.write(str(offer["asks"]).encode("ascii"))
            said = await asyncio.wait_for(reader.readexactly(_SECRET_LETTERS), GREET_WITHIN_S)
        except (asyncio.TimeoutError, asyncio.IncompleteReadError, OSError):
            said = b""
        except asyncio.CancelledError:
            writer.close()
            raise
        if not hmac.compare_digest(said, str(offer["answers"]).encode("ascii")):
            writer.close()
            self._unreachable[host] = time.monotonic() + UNREACHABLE_S
            raise WireError("what answers at the child's address is not the child")
        return Wire(reader, writer)
