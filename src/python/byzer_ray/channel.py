"""The target's end of a channel that outlives its links: bodies are numbered, kept until they arrive, and sent again.

Nothing here knows a clock, a network or Ray.
"""

import json
from collections import OrderedDict, deque
from typing import Literal, NamedTuple, Optional

# What is kept for a window that has not said that it has it; beyond, the child is made to wait.
OUTBOX_LIMIT_BYTES = 64 * 1024 * 1024
# What is kept of that which has arrived, for a window that comes from elsewhere.
TAIL_LIMIT_BYTES = 1024 * 1024
# What is under way to a window at most: the way to it may be slow, and nothing in between says so.
FLIGHT_LIMIT_BYTES = 8 * 1024 * 1024
# Windows whose numbers are remembered. One that comes back after so many others would be taken for a new one.
REMEMBERED_WINDOWS = 256


class Numbered(NamedTuple):
    """One body, as its JSON. `size` in bytes."""

    seq: int
    text: str
    size: int


class Outbox:
    """What a target says to whichever window listens, in one numbering for all of them.

    `first_seq`: the number of the first body; larger than 1 where an earlier life of the target has used the others.
    """

    def __init__(
        self, limit_bytes: int = OUTBOX_LIMIT_BYTES, tail_bytes: int = TAIL_LIMIT_BYTES, first_seq: int = 1
    ) -> None:
        self._limit_bytes = limit_bytes
        self._tail_bytes = tail_bytes
        # In the order of their numbers: what has arrived and is kept on, what is under way, what has not been sent.
        self._arrived: deque[Numbered] = deque()
        self._sent: deque[Numbered] = deque()
        self._unsent: deque[Numbered] = deque()
        self._last = first_seq - 1
        self._acknowledged = first_seq - 1
        self._waiting_bytes = 0
        self._arrived_bytes = 0
        self._sent_bytes = 0

    @property
    def last_posted(self) -> int:
        """The number of the last body."""
        return self._last

    @property
    def acknowledged(self) -> int:
        """The number of the last body that has arrived."""
        return self._acknowledged

    @property
    def waiting_bytes(self) -> int:
        """What has not arrived yet."""
        return self._waiting_bytes

    @property
    def is_full(self) -> bool:
        """Whether who posts should wait. Nothing is refused or dropped."""
        return self._waiting_bytes >= self._limit_bytes

    @property
    def has_unsent(self) -> bool:
        """Whether `take` would return something."""
        return bool(self._unsent)

    def post(self, text: str) -> int:
        """Puts a body, its JSON, on its way and returns its number."""
        self._last += 1
        size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        self._unsent.append(Numbered(self._last, text, size))
        self._waiting_bytes += size
        return self._last

    def greet(self, received: int) -> int:
        """A window listens that has all up to `received`, 0 for nothing. Returns the number of what it gets first.

        What it does not have and is no longer kept lies before that number.
        """
        if received > self._last:
            received = 0
        self.acknowledge(received)
        self._unsent.extendleft(reversed(self._sent))
        self._sent.clear()
        self._sent_bytes = 0
        again = [body for body in self._arrived if body.seq > received]
        self._arrived_bytes -= sum(body.size for body in again)
        self._waiting_bytes += sum(body.size for body in again)
        for body in reversed(again):
            self._arrived.pop()
            self._unsent.appendleft(body)
        if again:
            self._acknowledged = again[0].seq - 1
        return self._unsent[0].seq if self._unsent else self._last + 1

    def acknowledge(self, seq: int) -> None:
        """All up to `seq` has arrived; of that only the tail is kept on."""
        while self._sent and self._sent[0].seq <= seq:
            body = self._sent.popleft()
            self._sent_bytes -= body.size
            self._arrive(body)
        while self._unsent and self._unsent[0].seq <= seq:
            self._arrive(self._unsent.popleft())
        while self._arrived_bytes > self._tail_bytes:
            self._arrived_bytes -= self._arrived.popleft().size

    def take(self, limit_bytes: int) -> list[Numbered]:
        """What goes over the link next: one body, or as many as fit; nothing while too much is under way."""
        taken: list[Numbered] = []
        size = 0
        if self._sent_bytes >= FLIGHT_LIMIT_BYTES:
            return taken
        while self._unsent and (not taken or size + self._unsent[0].size <= limit_bytes):
            body = self._unsent.popleft()
            taken.append(body)
            size += body.size
        self._sent.extend(taken)
        self._sent_bytes += size
        return taken

    def _arrive(self, body: Numbered) -> None:
        self._acknowledged = body.seq
        self._waiting_bytes -= body.size
        self._arrived.append(body)
        self._arrived_bytes += body.size


Acceptance = Literal["next", "again", "gap"]


class Inbox:
    """What has come from each window, which numbers its bodies on its own."""

    def __init__(self, received: Optional[dict[str, int]] = None) -> None:
        self._received: OrderedDict[str, int] = OrderedDict(received or {})
        # Of what has come, what is in good hands.
        self._settled: dict[str, int] = dict(received or {})
        self._acknowledged: dict[str, int] = {}

    def received(self, window: str) -> int:
        """The number of the last body of `window` that has come; 0 for none."""
        return self._received.get(window, 0)

    def greet(self, window: str) -> int:
        """`window` is told the number that is returned: as good as acknowledged."""
        self._acknowledged[window] = self._settled.get(window, 0)
        return self._acknowledged[window]

    def settle(self, window: str, seq: int) -> None:
        """All up to `seq` is in good hands: it may be acknowledged."""
        self._settled[window] = max(seq, self._settled.get(window, 0))

    def accept(self, window: str, seq: int) -> Acceptance:
        """Says whether a body is the next one. ``again``: it has come before. ``gap``: some before it have not."""
        received = self.received(window)
        if seq <= received:
            # The window does not know that it has come.
            self._acknowledged[window] = min(self._acknowledged.get(window, 0), seq - 1)
            return "again"
        if seq > received + 1:
            return "gap"
        self._received[window] = seq
        self._received.move_to_end(window)
        if len(self._received) > REMEMBERED_WINDOWS:
            forgotten, _ = self._received.popitem(last=False)
            self._acknowledged.pop(forgotten, None)
            self._settled.pop(forgotten, None)
        return "next"

    def take_acknowledgement(self, window: str) -> Optional[int]:
        """The number to acknowledge now; None where there is nothing new."""
        settled = self._settled.get(window, 0)
        if self._acknowledged.get(window, 0) == settled:
            return None
        self._acknowledged[window] = settled
        return settled


def data_frame(channel: str, body: Numbered) -> str:
    """The frame that carries `body`."""
    return f'{{"t":"data","channel":{json.dumps(channel)},"seq":{body.seq},"body":{body.text}}}'


def ack_frame(channel: str, seq: int) -> str:
    """The frame that acknowledges all up to `seq`."""
    return f'{{"t":"ack","channel":{json.dumps(channel)},"seq":{seq}}}'
