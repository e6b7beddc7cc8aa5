"""What every child of the cluster is to its windows: one actor that owns one program, behind a channel that lasts.

The actor is asynchronous and does one thing at a time; only what awaits gives way.
"""

import asyncio
import contextlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Optional

import ray

from byzer_ray.channel import Inbox, Outbox, ack_frame, data_frame
from byzer_ray.frames import Ack, Closed, Data, FrameError, encode_frame, read_from_window
from byzer_ray.frames import Reason as ReasonPart
from byzer_ray.ledger import ledger_handle
from byzer_ray.wire import Wire, WireError, WireServer

# What goes to the gateway in one answer, or one message.
BATCH_BYTES = 1024 * 1024
# What has come over a wire and was not yet taken is not more than that, and one message.
UNTAKEN_CHARACTERS = 4 * 1024 * 1024
# An acknowledgement with nothing to go along with waits so long for company.
ACK_WITHIN_S = 0.05
# How long a pull waits for something to say; shorter than what Ray or Serve would call stuck.
PULL_S = 20.0
# A child that has ended is kept so long, for a window that comes back to hear of it.
REMEMBERED_S = 600.0
# One whose window has heard of its end holds on to what was reserved for it no longer than this.
HEARD_S = 2.0
IDLE_CHECK_S = 5.0

Reason = dict[str, str]
RESTARTED: Reason = {"code": "restarted", "message": "It was restarted: the channel is to be opened again."}
Texts = list[str]


class StartError(Exception):
    """The child could not be started. The message is a sentence for the person; `code` is for the program."""

    def __init__(self, message: str, code: str = "failed") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Attachment:
    """A link that has opened the channel. Only the newest gets bodies; `reason` says why an older one gets none."""

    link: str
    window: str
    channel: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    reason: Optional[Reason] = None
    ack_due: bool = False
    # Set when the link has nothing to expect any more.
    over: asyncio.Event = field(default_factory=asyncio.Event)
    # Where it stands, all goes over it, and nothing is left to be pulled.
    wire: Optional[Wire] = None


class ChildActor:
    """To be extended by a flavour: `launch`, `receive`, `about`, `leave`."""

    def __init__(self, key: str, epoch: str = "") -> None:
        self.key = key
        self.epoch = epoch or secrets.token_hex(8)
        self.outbox = Outbox()
        self.inbox = Inbox()
        self.busy: Optional[str] = None
        self.idle_limit_s = 0.0
        self._room = asyncio.Event()
        self._attachment: Optional[Attachment] = None
        self._superseded: dict[str, Reason] = {}
        self._started: Optional[asyncio.Task[Optional[Reason]]] = None
        # Why there is no child any more; None while there is.
        self.ending: Optional[Reason] = None
        self._heard_by = 0.0
        self._is_new = True
        self._last_used = time.monotonic()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._wires: Optional[WireServer] = None

    async def launch(self) -> None:
        """Starts the program and returns when it is ready. Raises StartError."""
        raise NotImplementedError

    async def receive(self, window: str, bodies: "list[tuple[int, Any]]") -> None:
        """Takes bodies of a window, with their numbers, each once and in order."""
        raise NotImplementedError

    def about(self) -> dict[str, Any]:
        """What a window is told when it has opened the channel."""
        raise NotImplementedError

    async def leave(self) -> None:
        """Ends the program and removes what it leaves behind. Called once, also where it never started."""
        raise NotImplementedError

    async def ready(self) -> Optional[Reason]:
        """Starts the program where it was not yet; returns what went wrong, or None."""
        if self._started is None:
            self._started = asyncio.ensure_future(self._start())
        return await asyncio.shield(self._started)

    async def attach(self, request: dict[str, Any]) -> dict[str, Any]:
        """A window opens the channel over a link; the link that had it is told that it was taken over.

        `request`: ``link``, ``window``, ``channel``, ``epoch``, ``received``. Returns the members of the frame
        ``opened`` and ``wire``, where the link may dial; or ``reason`` where the child has ended and the window knows
        all that it said.
        """
        problem = await self.ready()
        if problem is not None:
            return {"reason": problem}
        received = request["received"] if request["epoch"] == self.epoch else 0
        if self.ending is not None and request["epoch"] != self.epoch:
            return {"reason": self.ending}
        self._wires = self._wires or WireServer(node_name(), self._wired)
        offer = await self._wires.offer(request["link"])
        self._supersede({"code": "taken", "message": "Another window has taken over."})
        self._attachment = Attachment(request["link"], request["window"], request["channel"])
        self._last_used = time.monotonic()
        fresh = self._is_new or (request["epoch"] not in (None, self.epoch))
        self._is_new = False
        return {
            "wire": None if offer is None else offer.as_member(),
            "epoch": self.epoch,
            "received": self.inbox.greet(request["window"]),
            "next": self.outbox.greet(received),
            "fresh": fresh,
            "about": self.about(),
        }

    async def push(self, link: str, texts: Texts) -> bool:
        """Takes frames of the window; false where one before them is missing, so that the link is not to be trusted."""
        attachment = self._attachment
        if attachment is None or attachment.link != link:
            return True
        self._last_used = time.monotonic()
        bodies: list[tuple[int, Any]] = []
        is_whole = True
        for text in texts:
            try:
                frame = read_from_window(text)
            except FrameError:
                is_whole = False
                break
            if isinstance(frame, Ack):
                self.outbox.acknowledge(frame.seq)
                self._room.set()
                if self.ending is not None:
                    attachment.wake.set()
            elif isinstance(frame, Data):
                acceptance = self.inbox.accept(attachment.window, frame.seq)
                if acceptance == "gap":
                    is_whole = False
                    break
                if acceptance == "next":
                    bodies.append((frame.seq, frame.body))
                else:
                    self._acknowledge_soon(attachment)
        if bodies:
            await self.receive(attachment.window, bodies)
            self.inbox.settle(attachment.window, bodies[-1][0])
            self._acknowledge_soon(attachment)
        return is_whole

    async def pull(self, link: str) -> "tuple[Texts, Optional[Reason]]":
        """Waits for frames for the window. With a reason, the channel is closed on this link."""
        attachment = self._attachment
        if attachment is None or attachment.link != link:
            return [], self._superseded.get(link, RESTARTED)
        deadline = time.monotonic() + PULL_S
        while True:
            said = self._said(attachment)
            remaining = deadline - time.monotonic()
            if said is not None or remaining <= 0:
                return said or ([], None)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(attachment.wake.wait(), remaining)

    async def watch(self, link: str) -> bool:
        """Waits a while beside a wire, so that who calls hears of it when this actor is lost; false: nothing is left to
        wait for.
        """
        attachment = self._attachment
        if attachment is None or attachment.link != link:
            return False
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(attachment.over.wait(), PULL_S)
        return not attachment.over.is_set()

    async def detach(self, link: str) -> None:
        """A link has gone, or its window has closed the channel."""
        self._superseded.pop(link, None)
        if self._attachment is not None and self._attachment.link == link:
            self._attachment.reason = {"code": "taken", "message": "The channel was closed."}
            self._attachment.wake.set()
            self._attachment.over.set()
            self._attachment = None
            self._last_used = time.monotonic()

    def window_of(self, link: str) -> Optional[str]:
        """The window that listens over `link`; None where it is another one, or none."""
        attachment = self._attachment
        return attachment.window if attachment is not None and attachment.link == link else None

    async def end(self) -> None:
        """Ends the child on somebody's word. The actor is killed by whoever called this."""
        self._supersede({"code": "ended", "message": "It was ended."})
        await self._finish({"code": "ended", "message": "It was ended."})

    async def describe(self) -> dict[str, Any]:
        """How it is, for lists of what runs on the cluster."""
        state = "ended" if self.ending is not None else "running" if self.busy is not None else "idle"
        return {
            "state": state,
            "window": self._attachment is not None,
            "waitingBytes": self.outbox.waiting_bytes,
            "pid": self.pid(),
        }

    def pid(self) -> Optional[int]:
        """Of the program."""
        return None

    def post(self, body: str) -> None:
        """Sends a body, its JSON, to whichever window listens, now or later."""
        self.outbox.post(body)
        if self._attachment is not None:
            self._attachment.wake.set()

    async def room(self) -> None:
        """Returns when there is room for more bodies."""
        while self.outbox.is_full and self.ending is None:
            self._room.clear()
            await self._room.wait()

    def exited(self, message: str) -> None:
        """The program has ended by itself, or was lost: nothing will be said any more."""
        if self.ending is None:
            self.ending = {"code": "exited", "message": message}
            self._heard_by = time.monotonic() + HEARD_S
            asyncio.get_running_loop().call_later(HEARD_S, self._wake)
            self._wake()
            self.spawn(self._forget())

    def _wake(self) -> None:
        if self._attachment is not None:
            self._attachment.wake.set()

    def spawn(self, work: "Any") -> "asyncio.Task[Any]":
        """Runs work beside everything else; what it raises ends in the actor's log."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _start(self) -> Optional[Reason]:
        try:
            await self.launch()
        except StartError as error:
            self.ending = {"code": error.code, "message": str(error)}
            await self.leave()
            return self.ending
        context = ray.get_runtime_context()
        await ledger_handle().update_child.remote(self.key, {"node": node_name(), "nodeId": context.get_node_id()})
        if self.idle_limit_s > 0:
            self.spawn(self._watch_idleness())
        return None

    def _said(self, attachment: Attachment) -> "Optional[tuple[Texts, Optional[Reason]]]":
        """What there is to say, or why the channel is closed; None where that has to be waited for."""
        attachment.wake.clear()
        if attachment.reason is not None:
            return [], attachment.reason
        frames = self._frames(attachment)
        if frames:
            return frames, None
        if self.ending is not None and self._is_heard():
            return [], self.ending
        return None

    def _is_heard(self) -> bool:
        """Whether the window has heard the last word, so that what is held for it is let go, or has had time to."""
        if self.outbox.has_unsent:
            return False
        return self.outbox.acknowledged >= self.outbox.last_posted or time.monotonic() >= self._heard_by

    async def _wired(self, link: str, wire: Wire) -> None:
        """A link has dialled: from now on it is spoken to over the wire."""
        attachment = self._attachment
        if attachment is None or attachment.link != link:
            wire.close()
            return
        attachment.wire = wire
        feeding = self.spawn(self._feed(attachment, wire))
        try:
            await self._take_from(wire, link)
        finally:
            feeding.cancel()
            wire.close()
            await self.detach(link)

    async def _feed(self, attachment: Attachment, wire: Wire) -> None:
        while True:
            said = self._said(attachment)
            if said is None:
                await attachment.wake.wait()
                continue
            frames, reason = said
            if frames:
                wire.send("\n".join(frames))
            if reason is not None:
                closed = Closed(t="closed", channel=attachment.channel, reason=ReasonPart(**reason))
                wire.send(encode_frame(closed))
                await wire.drain()
                wire.close()
                return
            await wire.drain()

    async def _take_from(self, wire: Wire, link: str) -> None:
        """Takes what comes, several messages at a time where taking is slower than coming."""
        untaken: list[str] = []
        taking: Optional[asyncio.Task[bool]] = None

        async def take() -> bool:
            while untaken:
                texts = [text for message in untaken for text in message.split("\n")]
                untaken.clear()
                if not await self.push(link, texts):
                    return False
            return True

        with contextlib.suppress(WireError):
            while (message := await wire.read()) is not None:
                untaken.append(message)
                if taking is None or (taking.done() and taking.result()):
                    taking = self.spawn(take())
                if sum(len(text) for text in untaken) > UNTAKEN_CHARACTERS:
                    await taking
                if taking.done() and not taking.result():
                    return
        if taking is not None:
            await taking

    def _frames(self, attachment: Attachment) -> Texts:
        frames = [data_frame(attachment.channel, body) for body in self.outbox.take(BATCH_BYTES)]
        if frames or attachment.ack_due:
            attachment.ack_due = False
            number = self.inbox.take_acknowledgement(attachment.window)
            if number is not None:
                frames.append(ack_frame(attachment.channel, number))
        return frames

    def _acknowledge_soon(self, attachment: Attachment) -> None:
        def due() -> None:
            attachment.ack_due = True
            attachment.wake.set()

        asyncio.get_running_loop().call_later(ACK_WITHIN_S, due)

    def _supersede(self, reason: Reason) -> None:
        if self._attachment is not None:
            self._superseded = {self._attachment.link: reason, **dict(list(self._superseded.items())[:20])}
            self._attachment.reason = reason
            self._attachment.wake.set()
            self._attachment.over.set()
            self._attachment = None

    async def _finish(self, reason: Reason) -> None:
        self.ending = reason
        self._room.set()
        await self.leave()
        await ledger_handle().remove_child.remote(self.key)

    async def _forget(self) -> None:
        deadline = time.monotonic() + REMEMBERED_S
        while self.outbox.acknowledged < self.outbox.last_posted and time.monotonic() < deadline:
            await asyncio.sleep(HEARD_S)
        await asyncio.sleep(HEARD_S)
        await self._end_myself()

    async def _watch_idleness(self) -> None:
        while self.ending is None:
            await asyncio.sleep(min(IDLE_CHECK_S, self.idle_limit_s))
            is_used = self._attachment is not None or self.busy is not None
            if is_used:
                self._last_used = time.monotonic()
            elif time.monotonic() - self._last_used > self.idle_limit_s:
                await self._end_myself()

    async def _end_myself(self) -> None:
        await self._finish(self.ending or {"code": "ended", "message": "Nobody used it."})
        ray.kill(ray.get_runtime_context().current_actor, no_restart=True)


def body_of(name: str, value: Any) -> str:
    """The JSON of a body with one member."""
    return json.dumps({name: value}, separators=(",", ":"), allow_nan=False)


def node_name() -> str:
    """The address of this node, as Ray knows it."""
    return str(ray.util.get_node_ip_address())  # type: ignore[no-untyped-call]
