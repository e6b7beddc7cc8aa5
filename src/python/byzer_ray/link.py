"""One link of a window: a WebSocket on one side, the actors of children on the other. It keeps nothing for later."""

import asyncio
import contextlib
import secrets
import time
from typing import Any, Optional

import ray
from starlette.websockets import WebSocket, WebSocketDisconnect

from byzer_ray.children import Children, NoRoom, child_key
from byzer_ray.creation import CreationError, read_creation
from byzer_ray.frames import (
    Ack,
    Close,
    Closed,
    Data,
    FrameError,
    Open,
    Opened,
    Ping,
    Pong,
    Reason,
    Waiting,
    encode_frame,
    read_from_window,
)

NOT_UNDERSTOOD = 4400
# A window that opens a channel hears that often that it still has to wait.
WAITING_S = 2.0
# Where it waits so long, the cluster is busy rather than slow.
BUSY_AFTER_S = 8.0
# An actor whose node was lost is made again elsewhere within this.
RESTARTED_WITHIN_S = 180.0
ASK_AGAIN_S = 0.5


class LinkError(Exception):
    """The link cannot go on. `code`: of the WebSocket."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Link:
    """Carries frames until the WebSocket ends."""

    def __init__(self, socket: WebSocket, window: str, children: Children) -> None:
        self._socket = socket
        self._window = window
        self._children = children
        self._channels: dict[str, LinkChannel] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Runs until the window leaves, or something breaks. Raises LinkError."""
        reading = asyncio.ensure_future(self._read())
        try:
            await asyncio.wait({reading, self._broken}, return_when=asyncio.FIRST_COMPLETED)
            if self._broken.done():
                self._broken.result()
            reading.result()
        finally:
            reading.cancel()
            for task in list(self._opening.values()):
                task.cancel()
            await asyncio.gather(*(channel.leave() for channel in self._channels.values()))
            if not self._broken.done():
                self._broken.cancel()

    def fail(self, error: LinkError) -> None:
        """Ends the link: its window opens another one and both sides know what is missing."""
        if not self._broken.done():
            self._broken.set_exception(error)

    async def send(self, text: str) -> None:
        """Sends a frame; a window that has gone is noticed by the reader."""
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.send_text(text)

    async def close(self, channel: str, code: str, message: str) -> None:
        """Tells the window that a channel is closed."""
        self._channels.pop(channel, None)
        await self.send(encode_frame(Closed(t="closed", channel=channel, reason=Reason(code=code, message=message))))

    async def _read(self) -> None:
        while True:
            try:
                text = await self._socket.receive_text()
                frame = read_from_window(text)
            except (WebSocketDisconnect, RuntimeError):
                return
            except (FrameError, KeyError) as error:
                raise LinkError(NOT_UNDERSTOOD, str(error)) from None
            if isinstance(frame, (Data, Ack)):
                channel = self._channels.get(frame.channel)
                if channel is not None:
                    channel.push(text)
            elif isinstance(frame, Ping):
                await self.send(encode_frame(Pong(t="pong", n=frame.n)))
            elif isinstance(frame, Open):
                await self._begin(frame)
            elif isinstance(frame, Close):
                await self._close(frame)

    async def _begin(self, frame: Open) -> None:
        earlier = self._channels.pop(frame.channel, None)
        if earlier is not None:
            await earlier.leave()
        opening = self._opening.pop(frame.channel, None)
        if opening is not None:
            opening.cancel()
        task = asyncio.ensure_future(self._open(frame))
        self._opening[frame.channel] = task
        task.add_done_callback(lambda done: self._opened(frame.channel, done))

    def _opened(self, channel: str, done: "asyncio.Task[None]") -> None:
        if self._opening.get(channel) is done:
            del self._opening[channel]
        if not done.cancelled() and done.exception() is not None:
            self.fail(LinkError(1011, f"{type(done.exception()).__name__} while a channel was opened"))

    async def _close(self, frame: Close) -> None:
        opening = self._opening.pop(frame.channel, None)
        if opening is not None:
            opening.cancel()
        channel = self._channels.pop(frame.channel, None)
        if channel is None:
            return
        await channel.leave()
        if frame.end:
            await self._children.end(channel.key)
            await self.close(frame.channel, "ended", "It was ended.")

    async def _open(self, frame: Open) -> None:
        try:
            handle, opened = await self._attached(frame)
        except _Refusal as refusal:
            await self.close(frame.channel, refusal.code, str(refusal))
            return
        channel = LinkChannel(self, frame, handle, opened["link"])
        self._channels[frame.channel] = channel
        members = {name: value for name, value in opened.items() if name != "link"}
        await self.send(encode_frame(Opened(t="opened", channel=frame.channel, **members)))
        channel.start()

    async def _attached(self, frame: Open) -> "tuple[Any, dict[str, Any]]":
        """The actor, and what it says of the channel. Raises _Refusal."""
        target = frame.target
        key = child_key(target.kind, target.name)
        handle = await self._children.find(key)
        for _ in range(2):
            if handle is None:
                handle = await self._made(frame, key)
            opened = await self._attach(frame, handle)
            if "reason" not in opened:
                return handle, opened
            reason = opened["reason"]
            await self._children.end(key)
            handle = None
            if target.create is None or reason["code"] != "exited":
                break
        raise _Refusal(reason["code"], reason["message"])

    async def _made(self, frame: Open, key: str) -> Any:
        target = frame.target
        if target.create is None:
            raise _Refusal("gone", f"There is no {target.kind} of the name {target.name} on the cluster.")
        try:
            return await self._children.make(key, read_creation(target.kind, target.create))
        except CreationError as error:
            raise _Refusal("refused", str(error)) from None
        except NoRoom as error:
            raise _Refusal("resources", str(error)) from None

    async def _attach(self, frame: Open, handle: Any) -> "dict[str, Any]":
        link = secrets.token_hex(8)
        request = {
            "link": link,
            "window": self._window,
            "channel": frame.channel,
            "epoch": frame.epoch,
            "received": frame.received,
        }
        waiting = asyncio.ensure_future(self._say_waiting(frame.channel))
        try:
            opened = await self._asked(frame, handle, request)
            return {**opened, "link": link} if "reason" not in opened else opened
        except ray.exceptions.RayError as error:
            await self._children.end(child_key(frame.target.kind, frame.target.name))
            raise _Refusal("failed", _first_words(error)) from None
        finally:
            waiting.cancel()

    async def _asked(self, frame: Open, handle: Any, request: "dict[str, Any]") -> "dict[str, Any]":
        """What the actor says to the request; one that is being restarted is waited for."""
        deadline = time.monotonic() + RESTARTED_WITHIN_S
        while True:
            try:
                opened: dict[str, Any] = await handle.attach.remote(request)
                return opened
            except ray.exceptions.RayActorError:
                if frame.target.kind == "kernel" or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(ASK_AGAIN_S)

    async def _say_waiting(self, channel: str) -> None:
        waited_s = 0.0
        while True:
            await asyncio.sleep(WAITING_S)
            waited_s += WAITING_S
            code, message = "starting", "It is being started."
            if waited_s >= BUSY_AFTER_S:
                code, message = (
                    "resources",
                    "No node of the cluster has room for it at the moment, or it starts slowly.",
                )
            await self.send(encode_frame(Waiting(t="waiting", channel=channel, code=code, message=message)))


class _Refusal(Exception):
    """A channel is not opened. `code`: of the frame ``closed``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class LinkChannel:
    """One open channel of a link."""

    def __init__(self, owner: Link, frame: Open, handle: Any, link: str) -> None:
        self.key = child_key(frame.target.kind, frame.target.name)
        self._owner = owner
        self._name = frame.channel
        self._kind = frame.target.kind
        self._handle = handle
        self._link = link
        self._waiting: list[str] = []
        self._pushing: Optional[asyncio.Task[None]] = None
        self._pulling: Optional[asyncio.Task[None]] = None

    def start(self) -> None:
        """Begins to carry what the child says."""
        self._pulling = asyncio.ensure_future(self._pull())

    def push(self, text: str) -> None:
        """Sends a frame on; those that come while one is on its way go together after it."""
        self._waiting.append(text)
        if self._pushing is None or self._pushing.done():
            self._pushing = asyncio.ensure_future(self._push())

    async def leave(self) -> None:
        """The window does not listen any more. What it has sent before still arrives."""
        if self._pulling is not None:
            self._pulling.cancel()
        if self._pushing is not None:
            with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._pushing, 5)
        self._handle.detach.remote(self._link)

    async def _push(self) -> None:
        while self._waiting:
            texts, self._waiting = self._waiting, []
            try:
                is_whole = await self._handle.push.remote(self._link, texts)
            except ray.exceptions.RayError:
                # The pull tells the window.
                return
            if not is_whole:
                self._owner.fail(LinkError(NOT_UNDERSTOOD, "a body before this one is missing"))

    async def _pull(self) -> None:
        while True:
            try:
                frames, reason = await self._handle.pull.remote(self._link)
            except ray.exceptions.RayError as error:
                await self._lost(error)
                return
            for frame in frames:
                await self._owner.send(frame)
            if reason is not None:
                await self._owner.close(self._name, reason["code"], reason["message"])
                return

    async def _lost(self, error: ray.exceptions.RayError) -> None:
        if self._kind == "kernel":
            message = f"The interpreter was lost with its variables: {_first_words(error)}"
            await self._owner.close(self._name, "lost", message)
        else:
            await self._owner.close(self._name, "restarted", "It is being restarted.")


def _first_words(error: Exception) -> str:
    """What a person needs of Ray's error; the whole is in the cluster's logs."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines)[:600]
