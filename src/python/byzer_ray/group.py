"""A group of agents on the cluster: Node running our program, and a transcript that outlives both it and this actor.

Lines to the program: ``begin`` first, then ``replay`` for each entry of the transcript, then ``live``; from then on
``body`` from a window, ``passing`` likewise, and ``window`` when one comes or goes. Lines from it: ``body`` to the
window, ``passing`` likewise, ``busy``, ``log``. What passes is delivered as reliably, but never written down: a key for
a model, a piece of a stream.
"""

import asyncio
import contextlib
import json
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any, Optional

import ray
from pydantic_core import from_json

from byzer_ray.blobs import BlobMissing, ClusterBlobs, NodeBlobs
from byzer_ray.channel import Inbox
from byzer_ray.child_actor import ChildActor, StartError, body_of, node_name
from byzer_ray.child_process import ChildProcess, Launch, Pipes, start_with_pipes
from byzer_ray.creation import GroupCreation
from byzer_ray.environment import child_environment
from byzer_ray.ledger import Entry, ledger_handle
from byzer_ray.node_runtime import MINIMUM_MAJOR, PYPI_PACKAGE, find_node
from byzer_ray.places import child_folder, node_folder

PROGRAM = "ray-host.mjs"
LINE_LIMIT_BYTES = 31 * 1024 * 1024
LEAVE_WITHIN_S = 3.0
TAIL_CHARACTERS = 4000
# A program that ends more often than this within the time is left alone.
RESTARTS = 3
RESTARTS_WITHIN_S = 60.0
# So much may wait to be written down before the program has to wait.
UNWRITTEN_BODIES = 2000
# What the transcript tells of acknowledgements: enough that a restart does not repeat much.
ACKNOWLEDGED_EACH = 200
# An actor that is not reached yet is asked again after so long.
BEGIN_AGAIN_S = 1.0
GONE = '{"passing":null}'


class Group(ChildActor):
    """The actor. `creation`: a GroupCreation as JSON."""

    def __init__(self, key: str, creation: str) -> None:
        super().__init__(key)
        self._creation = GroupCreation.model_validate_json(creation)
        self.idle_limit_s = self._creation.idleS
        self._ledger: Any = ledger_handle()
        self._folder: Optional[Path] = None
        self._process: Optional[ChildProcess] = None
        self._pipes: Optional[Pipes] = None
        self._receiving = asyncio.Lock()
        # What is on its way to the window, by way of the transcript: its JSON, and whether it is kept.
        self._unwritten: list[tuple[str, bool]] = []
        self._writing: Optional[asyncio.Task[Any]] = None
        self._written = asyncio.Event()
        self._acknowledged = 0
        self._starts: list[float] = []
        self._lives = 0
        self._tail = ""
        # A group that has lost its actor goes on although no window is there.
        actor = ray.get_runtime_context().current_actor
        threading.Thread(target=_begin, args=(actor,), daemon=True).start()

    def pid(self) -> Optional[int]:
        """Of Node."""
        return None if self._process is None else self._process.pid

    async def launch(self) -> None:
        """Reads the transcript, starts Node and tells it all that was said before."""
        known = (await self._ledger.children.remote()).get(self.key, {})
        self.epoch = known.get("epoch", self.epoch)
        self._lives = known.get("lives", 0)
        # One that takes another's place knows of all that was before.
        self._is_new = self._lives == 0
        await self._ledger.update_child.remote(self.key, {"epoch": self.epoch})
        self._folder = child_folder("group", self.key.partition(":")[2], self.epoch)
        for part in ("work", "temporary"):
            (self._folder / part).mkdir(mode=0o700, exist_ok=True)
        entries: list[Entry] = await self._ledger.transcript.remote(self.key)
        self._restore(entries)
        await self._run(entries)

    def about(self) -> dict[str, Any]:
        """Where it lives, and how often its program was started."""
        return {"node": node_name(), "lives": self._lives, "running": self.busy}

    async def receive(self, window: str, bodies: "list[tuple[int, Any]]") -> None:
        """Hands bodies to the program and writes them down: only then are they acknowledged."""
        async with self._receiving:
            entries = [("in", seq, window, _kept(body)) for seq, body in bodies]
            # The ledger does things in the order they are asked for: no answer is written down before its question.
            written = self._ledger.append.remote(self.key, entries)
            for _, body in bodies:
                if isinstance(body, dict) and "line" in body:
                    self._tell({"t": "body", "window": window, "body": body["line"]})
                elif isinstance(body, dict) and "passing" in body:
                    self._tell({"t": "passing", "window": window, "body": body["passing"]})
            await written
        await self._note_acknowledged()

    async def attach(self, request: "dict[str, Any]") -> "dict[str, Any]":
        """As every child; the program hears that a window is there."""
        opened = await super().attach(request)
        if "reason" not in opened:
            self._tell({"t": "window", "window": request["window"], "here": True})
        return opened

    async def detach(self, link: str) -> None:
        """As every child; the program hears that no window is there."""
        window = self.window_of(link)
        await super().detach(link)
        if window is not None:
            self._tell({"t": "window", "window": window, "here": False})

    async def leave(self) -> None:
        """Ends Node and removes its folder."""
        if self._pipes is not None:
            self._pipes.writer.close()
        if self._process is not None:
            await self._process.end(LEAVE_WITHIN_S)
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, True)

    def _restore(self, entries: "list[Entry]") -> None:
        """Counts on where the life before this one has ended."""
        received: dict[str, int] = {}
        acknowledged = 0
        for direction, seq, window, body in entries:
            if direction == "in" and window is not None:
                received[window] = max(seq, received.get(window, 0))
            elif direction == "out":
                self.outbox.post(GONE if body is None else body)
            elif direction == "ack":
                acknowledged = max(acknowledged, seq)
        self.inbox = Inbox(received)
        self.outbox.acknowledge(acknowledged)
        self._acknowledged = acknowledged

    async def _run(self, entries: "list[Entry]") -> None:
        """Starts Node and brings it to where the conversation is."""
        self._lives += 1
        self._starts.append(time.monotonic())
        await self._ledger.update_child.remote(self.key, {"lives": self._lives})
        launch = await self._launch()
        try:
            self._process, self._pipes = await start_with_pipes(launch, LINE_LIMIT_BYTES)
        except OSError as error:
            raise StartError(f"Node could not be started on the cluster: {error.strerror or error}") from error
        creation = self._creation
        begin = {"t": "begin", "name": self.key.partition(":")[2], "title": creation.title, "node": node_name()}
        self._tell({**begin, "settings": creation.settings, "lives": self._lives})
        for direction, _, window, body in entries:
            if body is not None:
                value = json.loads(body)
                sender = "window" if direction == "in" else "group"
                if "line" in value:
                    self._tell({"t": "replay", "from": sender, "window": window, "body": value["line"]})
        self._tell({"t": "live"})
        self.spawn(self._watch(self._process, self._pipes))
        self.spawn(self._log(self._pipes))

    async def _launch(self) -> Launch:
        node = await asyncio.to_thread(find_node)
        if node is None:
            message = (
                f"There is no Node {MINIMUM_MAJOR} or newer on this node of the cluster ({PYPI_PACKAGE} brings one)."
            )
            raise StartError(message, "node-missing")
        assert self._folder is not None  # noqa: S101 - made by launch
        limit = []
        if self._creation.memoryBytes > 0:
            limit = [f"--max-old-space-size={max(64, int(self._creation.memoryBytes * 0.8) >> 20)}"]
        # What it leaves behind when it is killed goes with the folder.
        temporary = {"TMPDIR": str(self._folder / "temporary")}
        environment = {**child_environment(os.environ, self._creation.cpus), **temporary}
        return Launch([node, *limit, str(await self._program())], environment, str(self._folder / "work"))

    async def _program(self) -> Path:
        """What Node runs. A content by its hash has no ending: Node would not know that it is a module."""
        if self._creation.bundle is None:
            return Path(__file__).parent.parent / PROGRAM
        assert self._folder is not None  # noqa: S101 - made by launch
        here = NodeBlobs(node_folder() / "blobs")
        blobs = ClusterBlobs(here, ray.get_runtime_context().get_node_id(), self._ledger)
        try:
            content = await blobs.bring(self._creation.bundle)
        except BlobMissing as error:
            raise StartError(str(error), "bundle-missing") from error
        program = self._folder / PROGRAM
        await asyncio.to_thread(shutil.copyfile, content, program)
        return program

    async def _watch(self, process: ChildProcess, pipes: Pipes) -> None:
        """Carries what the program says until it ends; then it is started again, unless it ends too often."""
        while True:
            line = await _line(pipes.output)
            if line is None:
                break
            self._relay(line)
            if len(self._unwritten) > UNWRITTEN_BODIES:
                self._written.clear()
                await self._written.wait()
            await self.room()
        await process.end(LEAVE_WITHIN_S)
        if self.ending is not None:
            return
        code = process.ended.result()
        self.busy = None
        self._starts = [start for start in self._starts if time.monotonic() - start < RESTARTS_WITHIN_S]
        story = {"code": code, "reason": "itself", "tail": self._tail}
        if len(self._starts) > RESTARTS:
            await self._give_up(story)
            return
        self._say(body_of("restarted", story), kept=False)
        await self._written_down()
        async with self._receiving:
            try:
                await self._run(await self._ledger.transcript.remote(self.key))
            except StartError as error:
                await self._give_up({**story, "tail": str(error)})

    async def _give_up(self, story: "dict[str, Any]") -> None:
        self._say(body_of("exited", story), kept=False)
        await self._written_down()
        self.exited("The agents' program has ended.")

    def _relay(self, line: bytes) -> None:
        try:
            message = from_json(line, allow_inf_nan=False)
            kind = message["t"]
            if kind in ("body", "passing"):
                name = "line" if kind == "body" else "passing"
                self._say(body_of(name, message["body"]), kept=kind == "body")
            elif kind == "busy":
                self.busy = "agents" if message["busy"] else None
            elif kind == "log":
                self._remember(str(message["text"]))
        except (ValueError, KeyError, TypeError):
            # Something that agents import prints to the standard output.
            self._remember(line.decode("utf-8", "replace"))

    def _say(self, body: str, kept: bool) -> None:
        self._unwritten.append((body, kept))
        if self._writing is None or self._writing.done():
            self._writing = self.spawn(self._write())

    async def _write(self) -> None:
        """Writes down what is to be said, then says it: a window never knows more than the transcript."""
        while self._unwritten:
            batch, self._unwritten = self._unwritten, []
            first = self.outbox.last_posted + 1
            entries = [("out", first + index, None, body if kept else None) for index, (body, kept) in enumerate(batch)]
            await self._ledger.append.remote(self.key, entries)
            for body, _ in batch:
                self.post(body)
            self._written.set()

    async def _written_down(self) -> None:
        if self._writing is not None:
            await self._writing

    async def _note_acknowledged(self) -> None:
        if self.outbox.acknowledged - self._acknowledged >= ACKNOWLEDGED_EACH:
            self._acknowledged = self.outbox.acknowledged
            await self._ledger.append.remote(self.key, [("ack", self._acknowledged, None, None)])

    def _tell(self, message: "dict[str, Any]") -> None:
        if self._pipes is not None and not self._pipes.writer.is_closing():
            line = json.dumps(message, separators=(",", ":"))
            self._pipes.writer.write(line.encode("ascii") + b"\n")

    async def _log(self, pipes: Pipes) -> None:
        with contextlib.suppress(OSError):
            while data := await pipes.errors.read(4096):
                self._remember(data.decode("utf-8", "replace"))

    def _remember(self, text: str) -> None:
        self._tail = f"{self._tail}{text}"[-TAIL_CHARACTERS:]


def _begin(actor: Any) -> None:
    """Has an actor start its program. While it takes the place of a lost one, a call to it may be lost with that."""
    while True:
        try:
            ray.get(actor.ready.remote())
            return
        except ray.exceptions.RayActorError:
            time.sleep(BEGIN_AGAIN_S)


def _kept(body: Any) -> Optional[str]:
    """What the transcript keeps of a body; None for what only passes."""
    if isinstance(body, dict) and "line" in body:
        return body_of("line", body["line"])
    return None


async def _line(reader: asyncio.StreamReader) -> Optional[bytes]:
    try:
        line = await reader.readline()
    except (ValueError, OSError):
        return None
    return line[:-1] if line.endswith(b"\n") else None
