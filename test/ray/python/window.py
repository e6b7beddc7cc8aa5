"""A window for tests: one link and one channel, reliable as the real one is."""

import asyncio
import json
from types import TracebackType
from typing import Any, Callable, Optional

from websockets.asyncio.client import ClientConnection, connect


class Window:
    """Sends and receives bodies of one target. `body` waits for one that is wanted, all others are kept in `bodies`."""

    def __init__(self, address: str, token: str, target: "dict[str, Any]", window: str = "window-1") -> None:
        self.target = target
        self.opened: dict[str, Any] = {}
        self.bodies: list[Any] = []
        self.closed: Optional[dict[str, Any]] = None
        self.waiting: list[dict[str, Any]] = []
        self.received = 0
        self.cut = 0
        self._url = address.replace("http", "ws", 1) + "/byzer/v1/link"
        self._token = token
        self._window = window
        self._posted = 0
        self._unsaid = 0
        self._unacknowledged: list[tuple[int, str]] = []
        self._socket: Optional[ClientConnection] = None
        self._arrived = asyncio.Event()
        self._reading: Optional[asyncio.Task[None]] = None

    async def __aenter__(self) -> "Window":
        await self.open()
        return self

    async def __aexit__(
        self, _kind: Optional[type[BaseException]], _error: Optional[BaseException], _trace: Optional[TracebackType]
    ) -> None:
        await self.leave()

    async def open(self) -> "dict[str, Any]":
        """Links and opens the channel; returns the answer, ``opened`` or ``closed`` or ``refused``."""
        self.closed = None
        socket = await connect(self._url, compression=None, max_size=None, open_timeout=30)
        await socket.send(json.dumps({"v": 1, "t": "hello", "token": self._token, "window": self._window}))
        welcome = json.loads(await socket.recv())
        if welcome["t"] != "welcome":
            await socket.wait_closed()
            return {**welcome, "websocket": socket.close_code}
        epoch = self.opened.get("epoch")
        frame = {"t": "open", "channel": "c", "target": self.target, "epoch": epoch, "received": self.received}
        await socket.send(json.dumps(frame))
        while True:
            # What opens a channel comes alone.
            answer: dict[str, Any] = json.loads(await socket.recv())
            if answer["t"] != "waiting":
                break
            self.waiting.append(answer)
        if answer["t"] != "opened":
            await socket.close()
            return answer
        self._socket = socket
        self._resume(epoch, answer)
        for seq, body in self._unacknowledged:
            await socket.send(self._frame(seq, body))
        self._reading = asyncio.ensure_future(self._read(socket))
        return answer

    async def post(self, body: Any) -> None:
        """Sends a body now, or with the next link."""
        self._posted += 1
        text = json.dumps(body)
        self._unacknowledged.append((self._posted, text))
        if self._socket is not None:
            await self._socket.send(self._frame(self._posted, text))

    async def body(self, wanted: "Callable[[Any], bool]", within_s: float = 60) -> Any:
        """The first body from now on, or kept from before, that is wanted; it is taken out of `bodies`."""

        async def found() -> Any:
            while True:
                for index, body in enumerate(self.bodies):
                    if wanted(body):
                        return self.bodies.pop(index)
                self._arrived.clear()
                await self._arrived.wait()

        return await asyncio.wait_for(found(), within_s)

    async def named(self, name: str, within_s: float = 60) -> Any:
        """The value of the next body with the member `name`."""
        return (await self.body(lambda body: name in body, within_s))[name]

    async def until_closed(self, within_s: float = 60) -> "dict[str, Any]":
        """The frame that closed the channel."""

        async def closed() -> "dict[str, Any]":
            while self.closed is None:
                self._arrived.clear()
                await self._arrived.wait()
            return self.closed

        return await asyncio.wait_for(closed(), within_s)

    async def cut_link(self) -> None:
        """The link is gone, without a word."""
        if self._reading is not None:
            self._reading.cancel()
        if self._socket is not None:
            self._socket.transport.abort()
            self._socket = None

    async def leave(self, end: bool = False) -> None:
        """Closes the channel, and with `end` what it led to, then the link."""
        if self._socket is not None:
            await self._socket.send(json.dumps({"t": "close", "channel": "c", "end": end}))
            if end:
                await self.until_closed()
            await self._socket.close()
        if self._reading is not None:
            self._reading.cancel()
        self._socket = None

    def _resume(self, epoch: Optional[str], opened: "dict[str, Any]") -> None:
        self.opened = opened
        if opened["epoch"] != epoch:
            bodies = [text for _, text in self._unacknowledged]
            first = opened["received"] + 1
            self._unacknowledged = [(first + index, text) for index, text in enumerate(bodies)]
            self._posted = opened["received"] + len(bodies)
            self.received = opened["next"] - 1
        else:
            self._unacknowledged = [body for body in self._unacknowledged if body[0] > opened["received"]]
            self.cut += max(0, opened["next"] - 1 - self.received)
            self.received = max(self.received, opened["next"] - 1)

    async def _read(self, socket: ClientConnection) -> None:
        async for message in socket:
            await self._take(socket, str(message))

    async def _take(self, socket: ClientConnection, message: str) -> None:
        for frame in map(json.loads, message.split("\n")):
            if frame["t"] == "data":
                if frame["seq"] <= self.received:
                    continue
                assert frame["seq"] == self.received + 1, "a body is missing"
                self.received = frame["seq"]
                self.bodies.append(frame["body"])
                self._unsaid += 1
                if self._unsaid >= 16:
                    self._unsaid = 0
                    await socket.send(json.dumps({"t": "ack", "channel": "c", "seq": self.received}))
            elif frame["t"] == "ack":
                self._unacknowledged = [body for body in self._unacknowledged if body[0] > frame["seq"]]
            elif frame["t"] == "closed":
                self.closed = frame
            self._arrived.set()

    @staticmethod
    def _frame(seq: int, body: str) -> str:
        return f'{{"t":"data","channel":"c","seq":{seq},"body":{body}}}'
