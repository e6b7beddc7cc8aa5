"""A loopback port that lets exactly one program in: the one that knows the token."""

import asyncio
import contextlib
import hmac
import json
import secrets
from typing import Any, Optional

LINE_LIMIT_BYTES = 31 * 1024 * 1024
HELLO_WITHIN_S = 5.0


class Visitor:
    """A program that was let in. `hello`: its first line, without the token."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: dict[str, Any]) -> None:
        self.hello = hello
        self._reader = reader
        self._writer = writer

    async def line(self) -> Optional[bytes]:
        """The next line without its end; None when the program has gone, or has said too much for one line."""
        try:
            line = await self._reader.readline()
        except (ValueError, OSError):
            return None
        return line[:-1] if line.endswith(b"\n") else None

    def say(self, message: Any) -> None:
        """Sends one line. Any JSON, also with half of a surrogate pair."""
        if not self._writer.is_closing():
            self._writer.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")

    def close(self) -> None:
        """Says goodbye: the program leaves when its connection ends."""
        self._writer.close()


class Doorway:
    """Listens until one program has proved itself, or `close`."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.accepted: asyncio.Future[Visitor] = asyncio.get_running_loop().create_future()
        self._server: Optional[asyncio.AbstractServer] = None

    @classmethod
    async def open(cls) -> "Doorway":
        """Listens on a free port of 127.0.0.1, with a new token."""
        doorway = cls(secrets.token_hex(32))
        doorway._server = await asyncio.start_server(doorway._receive, "127.0.0.1", 0, limit=LINE_LIMIT_BYTES)
        return doorway

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None  # noqa: S101 - made by open
        sockets: Any = getattr(self._server, "sockets", ())
        return int(sockets[0].getsockname()[1])

    def close(self) -> None:
        """Stops listening; a program that was let in stays."""
        if self._server is not None:
            self._server.close()

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello: Any = None
        with contextlib.suppress(asyncio.TimeoutError, ValueError, OSError):
            hello = json.loads(await asyncio.wait_for(reader.readline(), HELLO_WITHIN_S))
        if (
            isinstance(hello, dict)
            and isinstance(hello.get("token"), str)
            and hmac.compare_digest(hello.pop("token").encode("utf-8", "replace"), self.token.encode("ascii"))
            and not self.accepted.done()
        ):
            self.accepted.set_result(Visitor(reader, writer, hello))
        else:
            writer.close()
