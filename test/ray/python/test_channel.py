"""Nothing is lost, nothing comes twice, whatever happens to the links."""

import json
import random
from typing import Optional

import pytest

from byzer_ray.channel import REMEMBERED_WINDOWS, Inbox, Numbered, Outbox, ack_frame, data_frame
from byzer_ray.frames import Ack, Data, read_from_gateway


class Window:
    """A window's end, with a link that loses what is under way when it breaks."""

    def __init__(self, name: str, outbox: Outbox, inbox: Inbox, arrived: list[str]) -> None:
        self.name = name
        self.got: list[str] = []
        self.cut = 0
        self._target_out = outbox
        self._target_in = inbox
        self._arrived = arrived
        self._received = 0
        self._posted = 0
        self._unacknowledged: list[tuple[int, str]] = []
        self._to_target: list[tuple[int, str]] = []
        self._to_window: list[Numbered] = []
        self._acks_to_target: list[int] = []
        self._acks_to_window: list[int] = []

    def post(self, text: str, linked: bool) -> None:
        """Sends a body now or with the next link."""
        self._posted += 1
        self._unacknowledged.append((self._posted, text))
        if linked:
            self._to_target.append((self._posted, text))

    def connect(self) -> None:
        """A new link: what was under way on the old one is gone."""
        self._acks_to_target, self._acks_to_window = [], []
        first = self._target_out.greet(self._received)
        self.cut += first - 1 - self._received
        self._received = first - 1
        received = self._target_in.greet(self.name)
        self._unacknowledged = [body for body in self._unacknowledged if body[0] > received]
        self._to_target = list(self._unacknowledged)
        self._to_window = []

    def step(self, chance: random.Random, duplicates: bool) -> None:
        """Moves one thing along the link."""
        move = chance.randrange(4)
        if move == 0 and self._to_target:
            seq, text = self._to_target.pop(0)
            for _ in range(2 if duplicates and chance.random() < 0.1 else 1):
                if self._target_in.accept(self.name, seq) == "next":
                    self._arrived.append(text)
                    self._target_in.settle(self.name, seq)
            number = self._target_in.take_acknowledgement(self.name)
            if number is not None:
                self._acks_to_window.append(number)
        elif move == 1:
            self._to_window += self._target_out.take(chance.randrange(1, 200))
            if self._to_window:
                body = self._to_window.pop(0)
                assert body.seq == self._received + 1
                self._received = body.seq
                self.got.append(body.text)
                if chance.random() < 0.3:
                    self._acks_to_target.append(self._received)
        elif move == 2 and self._acks_to_target:
            self._target_out.acknowledge(self._acks_to_target.pop(0))
        elif move == 3 and self._acks_to_window:
            number = self._acks_to_window.pop(0)
            self._unacknowledged = [body for body in self._unacknowledged if body[0] > number]


@pytest.mark.parametrize("seed", range(15))
def test_cut_links_lose_nothing_and_repeat_nothing(seed: int) -> None:
    """Links break at any moment, with bodies and acknowledgements under way both ways."""
    chance = random.Random(seed)
    outbox, inbox = Outbox(tail_bytes=chance.choice([0, 50, 10_000])), Inbox()
    arrived: list[str] = []
    window = Window("w", outbox, inbox, arrived)
    said: list[str] = []
    told: list[str] = []
    window.connect()
    for number in range(1000):
        if number < 700 and chance.random() < 0.3:
            told.append(json.dumps(f"down {number}"))
            outbox.post(told[-1])
        if number < 700 and chance.random() < 0.3:
            said.append(json.dumps(f"up {number}"))
            window.post(said[-1], linked=True)
        if chance.random() < 0.03:
            window.connect()
        window.step(chance, duplicates=True)
    window.connect()
    for _ in range(4000):
        window.step(chance, duplicates=False)
    assert window.got == told
    assert arrived == said
    assert window.cut == 0
    assert outbox.acknowledged <= outbox.last_posted


@pytest.mark.parametrize("seed", range(10))
def test_windows_that_take_over_from_each_other_drop_nothing_of_each_other(seed: int) -> None:
    """Every body of either arrives once; what the target says comes to one of them, or was kept for the next."""
    chance = random.Random(seed)
    outbox, inbox = Outbox(tail_bytes=100), Inbox()
    arrived: list[str] = []
    windows = [Window(name, outbox, inbox, arrived) for name in ("a", "b")]
    said: list[str] = []
    told: list[str] = []
    current: Optional[Window] = None
    for number in range(1000):
        if current is None or chance.random() < 0.02:
            current = chance.choice(windows)
            current.connect()
        if number < 700 and chance.random() < 0.2:
            told.append(f'"down {number}"')
            outbox.post(told[-1])
        sender = chance.choice(windows)
        if number < 700 and chance.random() < 0.2:
            said.append(f'"{sender.name} {number}"')
            sender.post(said[-1], linked=sender is current)
        current.step(chance, duplicates=True)
    for window in windows:
        window.connect()
        for _ in range(4000):
            window.step(chance, duplicates=False)
    assert sorted(arrived) == sorted(said)
    for name in ("a", "b"):
        assert [text for text in arrived if text[1] == name] == [text for text in said if text[1] == name]
    assert set(told) == set(windows[0].got) | set(windows[1].got)
    for window in windows:
        assert len(window.got) + window.cut == len(told)


def test_a_window_from_elsewhere_gets_the_tail() -> None:
    """And what was never acknowledged by anybody."""
    outbox = Outbox(tail_bytes=30)
    for number in range(100):
        outbox.post(f'"{number:08}"')
    outbox.take(10_000)
    outbox.acknowledge(90)
    first = outbox.greet(0)
    assert first == 88
    assert [body.seq for body in outbox.take(10_000)] == list(range(88, 101))


def test_a_number_that_was_never_posted_is_of_another_life() -> None:
    """Such a window has nothing."""
    outbox = Outbox()
    outbox.post("1")
    assert outbox.greet(50) == 1
    assert outbox.acknowledged == 0


def test_a_full_outbox_says_so_until_it_is_acknowledged() -> None:
    """It never refuses."""
    outbox = Outbox(limit_bytes=20)
    outbox.post('"12345678"')
    assert not outbox.is_full
    outbox.post('"é2345678"')
    assert outbox.waiting_bytes == 21
    assert outbox.is_full
    outbox.acknowledge(1)
    assert not outbox.is_full
    assert outbox.waiting_bytes == 11


def test_a_body_larger_than_a_batch_goes_alone() -> None:
    """Rather than never."""
    outbox = Outbox()
    for text in ("1" * 100, "2" * 100, "3"):
        outbox.post(text)
    assert [[body.seq for body in outbox.take(50)] for _ in range(3)] == [[1], [2], [3]]
    assert outbox.take(50) == []


def test_no_more_is_under_way_than_is_acknowledged_in_time() -> None:
    """A slow link must not fill somebody's memory."""
    outbox = Outbox()
    for _ in range(12):
        outbox.post("1" * 1024 * 1024)
    while outbox.take(1024 * 1024):
        pass
    assert outbox.has_unsent
    outbox.acknowledge(3)
    assert [body.seq for body in outbox.take(10 * 1024 * 1024)] == [9, 10, 11, 12]
    assert outbox.greet(3) == 4


def test_a_gap_is_told() -> None:
    """It is not accepted, so that the body that is missing can still come."""
    inbox = Inbox()
    assert inbox.accept("w", 2) == "gap"
    assert inbox.accept("w", 1) == "next"
    assert inbox.accept("w", 1) == "again"
    assert inbox.accept("w", 2) == "next"


def test_what_is_not_in_good_hands_is_not_acknowledged() -> None:
    """It would be lost with the target, and the window would not send it again."""
    inbox = Inbox()
    inbox.accept("w", 1)
    assert inbox.take_acknowledgement("w") is None
    assert inbox.greet("w") == 0
    inbox.settle("w", 1)
    assert inbox.take_acknowledgement("w") == 1
    assert inbox.accept("w", 1) == "again"
    assert inbox.take_acknowledgement("w") == 1
    assert inbox.take_acknowledgement("w") is None


def test_windows_long_gone_are_forgotten() -> None:
    """Memory stays bounded."""
    inbox = Inbox()
    for number in range(REMEMBERED_WINDOWS + 5):
        inbox.accept(f"w{number}", 1)
    assert inbox.received("w0") == 0
    assert inbox.received(f"w{REMEMBERED_WINDOWS}") == 1


def test_frames_are_read_as_such() -> None:
    """Also with letters that JSON escapes."""
    channel = 'a"\\é'
    assert read_from_gateway(data_frame(channel, Numbered(3, '{"x":"\\u00e9"}', 14))) == Data(
        t="data", channel=channel, seq=3, body={"x": "é"}
    )
    assert read_from_gateway(ack_frame(channel, 4)) == Ack(t="ack", channel=channel, seq=4)
