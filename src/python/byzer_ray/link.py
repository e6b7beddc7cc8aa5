"""One link of a window: a WebSocket on one side, the actors of children on the other. It keeps nothing for later."""

import asyncio
import contextlib
import re
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
from byzer_ray.wire import Wire, WireDialler, WireError

NOT_UNDERSTOOD = 4400
# A window that opens a channel hears that often that it still has to wait.
WAITING_S = 2.0
# Where it waits so long, the cluster is busy rather than slow.
BUSY_AFTER_S = 8.0
# An actor whose node was lost is made again elsewhere within this.
RESTARTED_WITHIN_S = 180.0
ASK_AGAIN_S = 0.5
# A wire has ended: so long until Ray knows whether the actor has.
LOST_WITHIN_S = 5.0
LEAVE_WITHIN_S = 5.0

# How an actor begins to say that a channel is closed: a message of its own.
CLOSED = '{"t":"closed"'


class LinkError(Exception):
    """The link cannot go on. `code`: of the WebSocket."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Link:
    """Carries frames until the WebSocket ends."""

    def __init__(self, socket: WebSocket, window: str, children: Children, wires: WireDialler) -> None:
        self._socket = socket
        self._window = window
        self._children = children
        self._wires = wires
        self._channels: dict[str, LinkChannel] = {}
        # By channel: the task, and the key of the child.
        self._opening: dict[str, tuple[asyncio.Task[None], str]] = {}
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
            for task, _ in list(self._opening.values()):
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
        frame = Closed(t="closed", channel=channel, reason=Reason(code=code, message=message))
        await self.pass_closed(channel, encode_frame(frame))

    async def pass_closed(self, channel: str, message: str) -> None:
        """Passes on that a channel is closed."""
        self._channels.pop(channel, None)
        await self.send(message)

    async def _read(self) -> None:
        while True:
            try:
                message = await self._socket.receive_text()
            except (WebSocketDisconnect, RuntimeError):
                return
            except KeyError as error:
                raise LinkError(NOT_UNDERSTOOD, str(error)) from None
            pushed: dict[LinkChannel, list[str]] = {}
            for text in message.split("\n"):
                try:
                    frame = read_from_window(text)
                except FrameError as error:
                    raise LinkError(NOT_UNDERSTOOD, str(error)) from None
                if isinstance(frame, (Data, Ack)):
                    channel = self._channels.get(frame.channel)
                    if channel is not None:
                        pushed.setdefault(channel, []).append(text)
                    continue
                _push_all(pushed)
                await self._handle(frame)
            _push_all(pushed)

    async def _handle(self, frame: Any) -> None:
        if isinstance(frame, Ping):
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
            opening[0].cancel()
        task = asyncio.ensure_future(self._open(frame))
        self._opening[frame.channel] = (task, child_key(frame.target.kind, frame.target.name))
        task.add_done_callback(lambda done: self._opened(frame.channel, done))

    def _opened(self, channel: str, done: "asyncio.Task[None]") -> None:
        opening = self._opening.get(channel)
        if opening is not None and opening[0] is done:
            del self._opening[channel]
        if not done.cancelled() and done.exception() is not None:
            self.fail(LinkError(1011, f"{type(done.exception()).__name__} while a channel was opened"))

    async def _close(self, frame: Close) -> None:
        opening = self._opening.pop(frame.channel, None)
        channel = self._channels.pop(frame.channel, None)
        if opening is not None:
            opening[0].cancel()
        if channel is not None:
            await channel.leave()
        key = channel.key if channel is not None else None if opening is None else opening[1]
        if frame.end and key is not None:
            await self._children.end(key)
            await self.close(frame.channel, "ended", "It was ended.")

    async def _open(self, frame: Open) -> None:
        try:
            handle, opened = await self._attached(frame)
        except _Refusal as refusal:
            await self.close(frame.channel, refusal.code, str(refusal))
            return
        try:
            wire = None if opened["wire"] is None else await self._wires.dial(opened["wire"])
        except WireError as error:
            self.fail(LinkError(1011, str(error)))
            return
        channel = LinkChannel(self, frame, handle, opened["link"])
        self._channels[frame.channel] = channel
        members = {name: value for name, value in opened.items() if name not in ("link", "wire")}
        await self.send(encode_frame(Opened(t="opened", channel=frame.channel, **members)))
        channel.start(wire)

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
        installs = frame.target.create is not None and bool(frame.target.create.get("pip"))
        waiting = asyncio.ensure_future(self._say_waiting(frame.channel, installs))
        try:
            opened = await self._asked(frame, handle, request)
            return {**opened, "link": link} if "reason" not in opened else opened
        except ray.exceptions.RayError as error:
            await self._children.end(child_key(frame.target.kind, frame.target.name))
            if installs and "runtime environment" in str(error).lower():
                raise _Refusal("packages", pip_words(error)) from None
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

    async def _say_waiting(self, channel: str, installs: bool) -> None:
        waited_s = 0.0
        while True:
            await asyncio.sleep(WAITING_S)
            waited_s += WAITING_S
            code, message = "starting", "It is being started."
            if waited_s >= BUSY_AFTER_S and installs:
                code, message = "packages", "Its packages are being installed there, or no node has room for it."
            elif waited_s >= BUSY_AFTER_S:
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
    """One open channel of a link: over a wire to the actor where there is one, else by calls of the actor."""

    def __init__(self, owner: Link, frame: Open, handle: Any, link: str) -> None:
        self.key = child_key(frame.target.kind, frame.target.name)
        self._owner = owner
        self._name = frame.channel
        self._kind = frame.target.kind
        self._handle = handle
        self._link = link
        self._wire: Optional[Wire] = None
        # A task may miss that it is cancelled, where what it waits for comes at the same time.
        self._is_left = False
        self._waiting: list[str] = []
        self._pushing: Optional[asyncio.Task[None]] = None
        self._carrying: list[asyncio.Task[Any]] = []

    def start(self, wire: Optional[Wire]) -> None:
        """Begins to carry what the child says."""
        self._wire = wire
        if wire is None:
            self._carrying = [asyncio.ensure_future(self._pull())]
        else:
            watching = asyncio.ensure_future(self._watch())
            self._carrying = [watching, asyncio.ensure_future(self._read(wire, watching))]

    def push(self, texts: "list[str]") -> None:
        """Sends frames on; those that come while some are on their way by a call go together after them."""
        if self._wire is not None:
            self._wire.send("\n".join(texts))
            return
        self._waiting += texts
        if self._pushing is None or self._pushing.done():
            self._pushing = asyncio.ensure_future(self._push())

    async def leave(self) -> None:
        """The window does not listen any more. What it has sent before still arrives."""
        self._is_left = True
        for task in self._carrying:
            task.cancel()
        # Two must not read from a wire at a time.
        await asyncio.gather(*self._carrying, return_exceptions=True)
        if self._wire is not None:
            await self._wire.leave(LEAVE_WITHIN_S)
        if self._pushing is not None:
            with contextlib.suppress(asyncio.TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(self._pushing, LEAVE_WITHIN_S)
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
        while not self._is_left:
            try:
                frames, reason = await self._handle.pull.remote(self._link)
            except ray.exceptions.RayError as error:
                await self._lost(error)
                return
            if frames:
                await self._owner.send("\n".join(frames))
            if reason is not None:
                await self._owner.close(self._name, reason["code"], reason["message"])
                return

    async def _read(self, wire: Wire, watching: "asyncio.Task[bool]") -> None:
        """Carries messages as they come; where the wire ends, Ray says whether the actor has."""
        with contextlib.suppress(WireError):
            while (message := await wire.read()) is not None:
                if message.startswith(CLOSED):
                    watching.cancel()
                    await self._owner.pass_closed(self._name, message)
                    return
                await self._owner.send(message)
        await asyncio.wait({watching}, timeout=LOST_WITHIN_S)
        if not (watching.done() and watching.result()):
            self._owner.fail(LinkError(1011, "the way to a child was cut"))

    async def _watch(self) -> bool:
        """Whether the actor was lost, and the window was told; else it does not know this link any more."""
        try:
            while not self._is_left and await self._handle.watch.remote(self._link):
                pass
        except ray.exceptions.RayError as error:
            await self._lost(error)
            return True
        return False

    async def _lost(self, error: ray.exceptions.RayError) -> None:
        if self._kind == "kernel":
            message = f"The interpreter was lost with its variables: {_first_words(error)}"
            await self._owner.close(self._name, "lost", message)
        else:
            await self._owner.close(self._name, "restarted", "It is being restarted.")


def _push_all(pushed: "dict[LinkChannel, list[str]]") -> None:
    for channel, texts in pushed.items():
        channel.push(texts)
    pushed.clear()


def pip_words(error: Exception) -> str:
    """What pip said that went wrong: behind all that Ray tells of how it was called."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).replace("\\n", "\n")
    said = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in said if line.startswith("ERROR:")]
    return " ".join(dict.fromkeys(errors or said[-3:]))[:600]


def _first_words(error: Exception) -> str:
    """What a person needs of Ray's error; the whole is in the cluster's logs."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines)[:600]
