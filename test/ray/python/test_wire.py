"""The short way between a link and a child: who is let in, and that nothing is lost or doubled on either way."""

import asyncio
import contextlib
import json
import random
from typing import Any, Callable, Optional

import pytest

from byzer_ray import child_actor
from byzer_ray.child_actor import ChildActor
from byzer_ray.frames import Open, Target
from byzer_ray.link import LinkChannel, LinkError
from byzer_ray.wire import Wire, WireDialler, WireError, WireServer

HOST = "127.0.0.1"
OPEN = Open(t="open", channel="c", target=Target(kind="kernel", name="k", create=None), received=0)


async def pair() -> "tuple[Wire, Wire]":
    """Both ends of a wire."""
    arrived: asyncio.Future[Wire] = asyncio.get_running_loop().create_future()

    async def on_wire(_link: str, found: Wire) -> None:
        arrived.set_result(found)

    offer = await WireServer(HOST, on_wire).offer("link")
    assert offer is not None
    dialled = await WireDialler().dial(offer.as_member())
    assert dialled is not None
    return dialled, await arrived


async def test_messages_go_both_ways_as_they_are() -> None:
    """Also none, half a surrogate pair, and large ones."""
    near, far = await pair()
    texts = ["", "é\n\u2028", "\ud800", "x" * 5_000_000]
    for text in texts:
        near.send(text)
        far.send(text)
    for text in texts:
        assert await far.read() == text
        assert await near.read() == text
    far.close()
    assert await near.read() is None


async def test_what_was_sent_arrives_before_the_end() -> None:
    """Whoever leaves waits for that, although the other end is speaking meanwhile."""
    near, far = await pair()
    for number in range(200):
        near.send(f"{number}" * 10_000)
        far.send("unheard" * 10_000)
    leaving = asyncio.ensure_future(near.leave(10))
    got = []
    while (text := await far.read()) is not None:
        got.append(text)
    assert got == [f"{number}" * 10_000 for number in range(200)]
    far.close()
    await leaving


async def test_only_who_was_offered_it_gets_in_and_only_once() -> None:
    """Neither a stranger nor a second one with the same words."""
    found: list[str] = []

    async def on_wire(link: str, _wire: Wire) -> None:
        found.append(link)

    offer = await WireServer(HOST, on_wire).offer("link")
    assert offer is not None
    for said in (b"0" * 64, b"", b"x" * 5000):
        reader, writer = await asyncio.open_connection(HOST, offer.port)
        writer.write(said)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()
    assert found == []
    assert await WireDialler().dial(offer.as_member()) is not None
    with pytest.raises(WireError):
        await WireDialler().dial(offer.as_member())
    assert found == ["link"]


async def test_a_stranger_at_the_childs_address_is_told_nothing() -> None:
    """It cannot say what the child would say."""
    heard: list[bytes] = []

    async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1000))
        writer.write(b"1" * 64)

    server = await asyncio.start_server(stranger, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    offer = {"host": HOST, "port": port, "asks": "a" * 64, "answers": "b" * 64}
    with pytest.raises(WireError):
        await WireDialler().dial(offer)
    assert heard == [b"a" * 64]
    server.close()


async def test_a_host_that_cannot_be_reached_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls of the actor are the way then."""
    dialled: list[str] = []

    async def refuse(host: str, *_: Any, **__: Any) -> Any:
        dialled.append(host)
        raise OSError("no way")

    monkeypatch.setattr(asyncio, "open_connection", refuse)
    dialler = WireDialler()
    for _ in range(3):
        assert await dialler.dial({"host": "198.51.100.1", "port": 1, "asks": "", "answers": ""}) is None
    assert dialled == ["198.51.100.1"]


async def test_where_ray_hides_what_it_says_no_wire_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would say the same openly."""
    monkeypatch.setenv("RAY_USE_TLS", "1")

    async def on_wire(_link: str, _wire: Wire) -> None:
        raise AssertionError("nobody was let in")

    assert await WireServer(HOST, on_wire).offer("link") is None


class Echo(ChildActor):
    """Says what it hears; no program."""

    async def ready(self) -> None:
        """It is."""

    def about(self) -> "dict[str, Any]":
        """Nothing."""
        return {}

    async def receive(self, window: str, bodies: "list[tuple[int, Any]]") -> None:
        """Now and then after a while."""
        if random.random() < 0.2:
            await asyncio.sleep(0.002)
        for _, body in bodies:
            self.post(json.dumps(body))


class Method:
    """As one of an actor is called."""

    def __init__(self, method: "Callable[..., Any]") -> None:
        self._method = method

    def remote(self, *arguments: Any) -> "asyncio.Task[Any]":
        """Calls it."""
        return asyncio.ensure_future(self._method(*arguments))


class Handle:
    """Of an actor in this process."""

    def __init__(self, actor: ChildActor) -> None:
        self._actor = actor

    def __getattr__(self, name: str) -> Method:
        return Method(getattr(self._actor, name))


class TestWindow:
    """A window and its link in one, which loses what is under way when it breaks."""

    __test__ = False

    def __init__(self, actor: ChildActor, is_wired: bool) -> None:
        self.got: list[Any] = []
        self.closed: Optional[str] = None
        self.broken = asyncio.Event()
        self._handle = Handle(actor)
        self._is_wired = is_wired
        self._epoch: Optional[str] = None
        self._received = 0
        self._posted = 0
        self._unacknowledged: list[tuple[int, str]] = []
        self._links = 0
        self._channel: Optional[LinkChannel] = None
        self.wire: Optional[Wire] = None

    async def join(self) -> None:
        """Opens the channel, and sends what the child lacks."""
        self._links += 1
        link = f"link-{self._links}"
        self.broken.clear()
        request = {"link": link, "window": "w", "channel": "c", "epoch": self._epoch, "received": self._received}
        opened = await self._handle.attach.remote(request)
        self.wire = await WireDialler().dial(opened["wire"]) if self._is_wired else None
        assert (self.wire is not None) == self._is_wired
        assert opened["next"] == self._received + 1, "nothing is cut"
        self._epoch = opened["epoch"]
        self._unacknowledged = [body for body in self._unacknowledged if body[0] > opened["received"]]
        owner: Any = Owner(self, link)
        self._channel = LinkChannel(owner, OPEN, self._handle, link)
        self._channel.start(self.wire)
        for _, text in self._unacknowledged:
            self._channel.push([text])

    def post(self, body: Any) -> None:
        """Sends a body."""
        self._posted += 1
        text = f'{{"t":"data","channel":"c","seq":{self._posted},"body":{json.dumps(body)}}}'
        self._unacknowledged.append((self._posted, text))
        if self._channel is not None:
            self._channel.push([text])

    def take(self, message: str) -> None:
        """What the link says."""
        for frame in map(json.loads, message.split("\n")):
            if frame["t"] == "data":
                assert frame["seq"] == self._received + 1, "in order, each once"
                self._received = frame["seq"]
                self.got.append(frame["body"])
                if self._channel is not None and random.random() < 0.2:
                    self._channel.push([f'{{"t":"ack","channel":"c","seq":{self._received}}}'])
            elif frame["t"] == "ack":
                self._unacknowledged = [body for body in self._unacknowledged if body[0] > frame["seq"]]

    async def drop(self) -> None:
        """The window goes without a word; what its link has passed on arrives."""
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.leave()


class Owner:
    """The link of a channel, as far as a channel knows it. What an earlier one says is not heard any more."""

    def __init__(self, window: TestWindow, name: str) -> None:
        self._window = window
        self._name = name

    def _is_current(self) -> bool:
        return self._name == f"link-{self._window._links}"

    async def send(self, message: str) -> None:
        """To the window."""
        if self._is_current():
            self._window.take(message)

    async def pass_closed(self, _channel: str, message: str) -> None:
        """To the window."""
        if self._is_current():
            self._window.closed = json.loads(message)["reason"]["code"]

    async def close(self, _channel: str, code: str, _message: str) -> None:
        """To the window."""
        if self._is_current():
            self._window.closed = code

    def fail(self, _error: LinkError) -> None:
        """The window is to come again."""
        if self._is_current():
            self._window.broken.set()


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Echo:
    """A child without Ray."""
    monkeypatch.setattr(child_actor, "node_name", lambda: HOST)
    return Echo("kernel:k")


@pytest.mark.parametrize("is_wired", [True, False], ids=["wire", "calls"])
@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_lost_or_doubled(monkeypatch: pytest.MonkeyPatch, seed: int, is_wired: bool) -> None:
    """While windows leave and come again, and connections are cut at any moment with bodies under way both ways."""
    monkeypatch.setattr(child_actor, "node_name", lambda: HOST)
    chance = random.Random(seed)
    window = TestWindow(Echo("kernel:k"), is_wired)
    await window.join()
    for number in range(600):
        window.post({"n": number, "text": "é" * chance.randrange(200)})
        if chance.random() < 0.2:
            await asyncio.sleep(chance.random() * 0.004)
        if is_wired and chance.random() < 0.02:
            assert window.wire is not None
            window.wire._writer.transport.abort()
            await asyncio.wait_for(window.broken.wait(), 10)
        if window.broken.is_set() or chance.random() < 0.01:
            await window.drop()
            await window.join()
    for _ in range(1000):
        if len(window.got) >= 600:
            break
        await asyncio.sleep(0.01)
    assert [body["n"] for body in window.got] == list(range(600))
    await window.drop()


@pytest.mark.parametrize("is_wired", [True, False], ids=["wire", "calls"])
async def test_the_end_comes_after_all_that_was_said(echo: Echo, is_wired: bool) -> None:
    """And says why."""
    window = TestWindow(echo, is_wired)
    await window.join()
    window.post("a")
    while not window.got:
        await asyncio.sleep(0.01)
    echo.post('"last words"')
    echo.ending = {"code": "exited", "message": "It has ended."}
    echo._attachment.wake.set()  # type: ignore[union-attr]
    while window.closed is None:
        await asyncio.sleep(0.01)
    assert window.got == ["a", "last words"]
    assert window.closed == "exited"
    assert not window.broken.is_set()


@pytest.mark.parametrize("is_wired", [True, False], ids=["wire", "calls"])
async def test_who_is_superseded_hears_that(echo: Echo, is_wired: bool) -> None:
    """And its link goes on."""
    first = TestWindow(echo, is_wired)
    await first.join()
    request = {"link": "other", "window": "v", "channel": "c", "epoch": None, "received": 0}
    await echo.attach(request)
    while first.closed is None:
        await asyncio.sleep(0.01)
    assert first.closed == "taken"
    assert not first.broken.is_set()
