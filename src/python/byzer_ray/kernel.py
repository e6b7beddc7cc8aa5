"""An interpreter on the cluster: the program ``byzer_interpreter`` as it is, in a terminal of its own."""

import asyncio
import codecs
import contextlib
import json
import os
import resource
import shutil
import signal
import sys
from pathlib import Path
from typing import Any, Optional

import ray
from pydantic_core import from_json

from byzer_ray.blobs import BlobMissing, ClusterBlobs, NodeBlobs, place
from byzer_ray.cell_files import file_body, file_named_by
from byzer_ray.child_actor import ChildActor, StartError, body_of, node_name
from byzer_ray.child_process import ChildProcess, Launch, Terminal, start_in_terminal
from byzer_ray.creation import KernelCreation
from byzer_ray.doorway import Doorway, Visitor
from byzer_ray.environment import child_environment
from byzer_ray.ledger import ledger_handle
from byzer_ray.places import child_folder, inside, node_folder
from byzer_ray.ray_access import open_ray_access, ray_access
from byzer_ray.spread import LaidFile, SpreadFiles
from byzer_ray.written_files import Changes, WorkFolder, written_body

START_WITHIN_S = 60.0
LEAVE_WITHIN_S = 2.0
# Of the terminal: how long its text is gathered, how much of it is kept for the explanation of an end, and how much may
# wait for a window.
GATHER_S = 0.02
TAIL_CHARACTERS = 4000
TERMINAL_BACKLOG_BYTES = 4 * 1024 * 1024
# What Ray's client maps beside the objects of its node, without using it.
RAY_CLIENT_BYTES = 4 * 1024**3
LEFT_OUT = "\r\n[…]\r\n"


class Kernel(ChildActor):
    """The actor. `creation`: a KernelCreation as JSON."""

    def __init__(self, key: str, creation: str) -> None:
        super().__init__(key)
        self._creation = KernelCreation.model_validate_json(creation)
        self.idle_limit_s = self._creation.idleS
        self._folder: Optional[Path] = None
        self._blobs: Optional[ClusterBlobs] = None
        self._spread: Optional[SpreadFiles] = None
        self._work: Optional[WorkFolder] = None
        # What was told of files that cells wrote, by its number, until a window says that it has dealt with them.
        self._written: dict[int, dict[str, Any]] = {}
        self._written_count = 0
        self._reaches_ray = False
        self._terminal = Terminal(self._creation.columns, self._creation.rows)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._gathered: list[str] = []
        self._left_out = False
        self._tail = ""
        self._process: Optional[ChildProcess] = None
        self._visitor: Optional[Visitor] = None
        self._kill_asked = False
        self._out_of_memory_before = _out_of_memory_kills()

    def pid(self) -> Optional[int]:
        """Of Python."""
        return None if self._process is None else self._process.pid

    async def launch(self) -> None:
        """Starts Python and waits until it has dialled back."""
        name = self.key.partition(":")[2]
        self._folder = child_folder("kernel", name, self.epoch)
        for part in ("work", "output"):
            (self._folder / part).mkdir(mode=0o700, exist_ok=True)
        blobs = NodeBlobs(node_folder() / "blobs")
        node_id = ray.get_runtime_context().get_node_id()
        self._blobs = ClusterBlobs(blobs, node_id, ledger_handle())
        self._spread = SpreadFiles(self._folder, node_id)
        self._work = WorkFolder(self._path("work"))
        doorway = await Doorway.open()
        try:
            self._process = await start_in_terminal(self._launch(doorway), self._terminal)
            self._terminal.listen(self._on_terminal)
            self._visitor = await self._dialled_back(doorway, self._process)
        except OSError as error:
            raise StartError(f"Python could not be started: {error.strerror or error}") from error
        finally:
            doorway.close()
        self.spawn(self._listen(self._visitor))

    def about(self) -> dict[str, Any]:
        """Where it lives, and its greeting."""
        hello = {} if self._visitor is None else self._visitor.hello
        return {
            "node": node_name(),
            "hello": hello,
            "workingDirectory": str(self._path("work")),
            "outputDirectory": str(self._path("output")),
            "running": self.busy,
            "written": list(self._written.values()),
        }

    async def receive(self, window: str, bodies: "list[tuple[int, Any]]") -> None:
        """Lines, typed text, signals, sizes and files."""
        for _, body in bodies:
            if isinstance(body, dict):
                self._take(body)

    async def leave(self) -> None:
        """Ends Python and removes its folder."""
        if self._visitor is not None:
            self._visitor.close()
        if self._process is not None:
            await self._process.end(LEAVE_WITHIN_S)
        self._terminal.close()
        if self._spread is not None:
            await self._spread.remove()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, True)

    def _launch(self, doorway: Doorway) -> Launch:
        """How Python is started. The token lies in a file that it removes: an environment can be read by others."""
        assert self._folder is not None  # noqa: S101 - made before
        token = self._folder / "token"
        descriptor = os.open(token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(doorway.token)
        environment = {
            **child_environment(os.environ, self._creation.cpus),
            **ray_access(os.environ, self._folder),
            **self._packages(),
            "TERM": "xterm-256color",
            "BYZER_INTERPRETER_PORT": str(doorway.port),
            "BYZER_INTERPRETER_TOKEN_FILE": str(token),
            "BYZER_INTERPRETER_TITLE": self._creation.title,
            "BYZER_INTERPRETER_OUTPUT": str(self._path("output")),
            "BYZER_INTERPRETER_MEMORY_LIMIT": str(self._creation.memoryBytes),
            "BYZER_INTERPRETER_NODE": node_name(),
        }
        program = Path(__file__).parent.parent / "byzer_interpreter"
        return Launch([sys.executable, "-X", "utf8", str(program)], environment, str(self._path("work")))

    def _packages(self) -> dict[str, str]:
        """What has the tasks of its code find the packages that were installed for it; by Ray's own variable."""
        if not self._creation.pip:
            return {}
        return {"RAY_JOB_CONFIG_JSON_ENV_VAR": json.dumps({"runtime_env": {"pip": list(self._creation.pip)}})}

    async def _dialled_back(self, doorway: Doorway, process: ChildProcess) -> Visitor:
        accepted = doorway.accepted
        waited: set[asyncio.Future[Any]] = {accepted, process.ended}
        await asyncio.wait(waited, timeout=START_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        if accepted.done():
            return accepted.result()
        accepted.cancel()
        if process.ended.done():
            why = f"ended with exit code {process.ended.result()} before it was ready"
        else:
            why = f"was not ready within {START_WITHIN_S:.0f} seconds"
        said = f" It said: {self._tail[-1000:].strip()}" if self._tail.strip() else ""
        raise StartError(f"{sys.executable} was started on the cluster and {why}.{said}")

    def _take(self, body: dict[str, Any]) -> None:
        if "line" in body:
            message = body["line"]
            if isinstance(message, dict) and message.get("t") == "run":
                self.busy = str(message.get("cell"))
            if self._visitor is not None:
                self._visitor.say(message)
        elif "typed" in body and isinstance(body["typed"], str):
            self._terminal.type(body["typed"])
        elif "signal" in body and self._process is not None:
            if body["signal"] == "kill":
                self._kill_asked = True
                self._process.kill()
            else:
                self._process.interrupt()
        elif "size" in body:
            with contextlib.suppress(KeyError, TypeError, ValueError, OSError):
                self._terminal.resize(int(body["size"]["columns"]), int(body["size"]["rows"]))
        elif "place" in body:
            self.spawn(self._place(body["place"]))
        elif "brought" in body and isinstance(body["brought"], int):
            self._written.pop(body["brought"], None)

    async def _place(self, order: dict[str, Any]) -> None:
        """Puts files below the working folder, from contents that the cluster has; on all nodes where it says so."""
        # Made before anything is received.
        assert self._blobs is not None and self._spread is not None and self._work is not None  # noqa: S101
        missing: list[str] = []
        problem: Optional[str] = None
        try:
            for file in order["files"]:
                target = inside(self._path("work"), file["path"])
                try:
                    content = await self._blobs.bring(file["sha256"])
                except BlobMissing as error:
                    missing.append(error.sha256)
                    problem = str(error)
                    continue
                await asyncio.to_thread(place, content, target, file.get("modifiedMs"))
                self._work.laid(target)
                self._spread.add(LaidFile(str(target), file["sha256"], file.get("modifiedMs")))
            if (self._reaches_ray or order.get("spread") is True) and not missing:
                self._reach_ray()
                await self._spread.lay()
        except (KeyError, TypeError, ValueError, OSError, ray.exceptions.RayError) as error:
            problem = f"{type(error).__name__}: {error}"
        except BlobMissing as error:
            problem = str(error)
        self.post(body_of("placed", {"id": order.get("id"), "problem": problem, "missing": missing}))

    def _reach_ray(self) -> None:
        """Lets code that is about to use Ray do so."""
        if self._reaches_ray or self._process is None or self._folder is None:
            return
        self._reaches_ray = True
        open_ray_access(os.environ, self._folder)
        if self._creation.memoryBytes > 0:
            # Ray's client maps the objects of its node into the memory that is limited.
            mapped = int(own_node()["Resources"].get("object_store_memory", 0)) + RAY_CLIENT_BYTES
            _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_AS)
            resource.prlimit(self._process.pid, resource.RLIMIT_AS, (self._creation.memoryBytes + mapped, hard))

    async def _listen(self, visitor: Visitor) -> None:
        """Carries what Python says until it has ended, then says how."""
        while True:
            line = await visitor.line()
            if line is None:
                break
            await self._relay(line)
            await self.room()
        await self._say_how_it_ended()

    async def _relay(self, line: bytes) -> None:
        try:
            message = from_json(line, allow_inf_nan=False)
        except ValueError:
            # Code has written into the interpreter's own connection: nothing it says can be trusted any more.
            if self._process is not None:
                self._process.kill()
            return
        name = file_named_by(message)
        if name is not None and self._blobs is not None:
            body = await file_body(self._path("output"), name, self._blobs)
            if body is not None:
                self.post(body_of("file", body))
        is_done = isinstance(message, dict) and message.get("t") == "done"
        # What can be told at once goes the same way as the line.
        changes = self._work.changes_at_once() if is_done and self._work is not None else None
        self.post(f'{{"line":{line.decode("utf-8")}}}')
        if is_done:
            # After the line: an interrupted cell has ended when it says so, however much it wrote.
            self.busy = None
            await self._tell_written(message.get("cell"), changes)

    async def _tell_written(self, cell: Optional[str], changes: Optional[Changes] = None) -> None:
        """Says which files the cell wrote, also where there are none; remembered until a window has dealt with them."""
        if self._work is None or self._blobs is None:
            return
        if changes is None:
            changes = await self._work.changes()
        body = await written_body(changes, self._blobs, self._path("work"))
        self._written_count += 1
        told = {"id": self._written_count, "cell": cell, **body}
        if body["files"] or body["left"] or body["deleted"] or not body["complete"]:
            self._written[self._written_count] = told
        self.post(body_of("written", told))

    async def _say_how_it_ended(self) -> None:
        code: Optional[int] = None
        if self._process is not None:
            await self._process.end(LEAVE_WITHIN_S)
            code = self._process.ended.result()
        await asyncio.sleep(GATHER_S * 2)
        reason = "itself"
        if self._kill_asked:
            reason = "killed"
        elif code == -signal.SIGKILL:
            reason = "memory" if _out_of_memory_kills() > self._out_of_memory_before else "killed"
        # What was not told yet is of the cell in which it ended.
        cell, self.busy = self.busy, None
        await self._tell_written(cell)
        self.post(body_of("exited", {"code": code, "reason": reason, "tail": self._tail}))
        self.exited("Python has ended.")

    def _on_terminal(self, data: bytes) -> None:
        text = self._decoder.decode(data)
        self._tail = (self._tail + text)[-TAIL_CHARACTERS:]
        if not self._gathered:
            asyncio.get_running_loop().call_later(GATHER_S, self._flush_terminal)
        self._gathered.append(text)

    def _flush_terminal(self) -> None:
        text = "".join(self._gathered)
        self._gathered = []
        if self.outbox.waiting_bytes > TERMINAL_BACKLOG_BYTES:
            # Nobody is there to see it; cells' outputs are kept all the same.
            text = LEFT_OUT if not self._left_out else ""
            self._left_out = True
        else:
            self._left_out = False
        if text:
            self.post(body_of("terminal", text))

    def _path(self, part: str) -> Path:
        assert self._folder is not None  # noqa: S101 - made by launch
        return self._folder / part


def own_node() -> dict[str, Any]:
    """What Ray knows of the node that this runs on."""
    node_id = ray.get_runtime_context().get_node_id()
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return next(node for node in nodes if node["NodeID"] == node_id)


def _out_of_memory_kills() -> int:
    """How many processes this machine has ended for want of memory, ever."""
    try:
        lines = Path("/proc/vmstat").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
