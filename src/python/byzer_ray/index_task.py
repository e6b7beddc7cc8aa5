"""One task of an update: runs the program that parses, cuts, embeds and writes, on whichever node Ray has chosen.

What is secret is asked of the actor that directs the update and handed to the program in its first line: it is in no
argument of a task, in no environment and in no file.
"""

import asyncio
import contextlib
import errno
import io
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO, Optional

import ray
from pydantic_core import from_json

from byzer_ray.blobs import BlobMissing, ClusterBlobs, NodeBlobs
from byzer_ray.child_actor import node_name
from byzer_ray.child_process import Launch, Pipes, start_with_pipes
from byzer_ray.environment import child_environment
from byzer_ray.ledger import NAMESPACE, ledger_handle
from byzer_ray.node_runtime import find_node
from byzer_ray.object_store import StoreError, open_store
from byzer_ray.places import inside, node_folder

PROGRAM = Path(__file__).parent.parent / "index" / "corpus-worker.mjs"
# It keeps what it has read in a database that older ones do not have.
MINIMUM_NODE = (22, 13)
MEMORY_MEGABYTES = 1024
LINE_LIMIT_BYTES = 31 * 1024 * 1024
# What the program says goes on as often, and whoever directs is asked as often whether it is still wanted.
GATHER_S = 0.3
GATHER_LINES = 200
HEARTBEAT_S = 1.0
LEAVE_WITHIN_S = 3.0
TAIL_CHARACTERS = 2000
LISTED_EACH = 1000
PIECE_BYTES = 1024 * 1024

# How it ended: ``ended`` is done, stopped, failed (``code``, ``message``, ``details``), crashed (``message``),
# node-missing or pack-missing.
Ended = dict[str, Any]


@ray.remote(num_cpus=1, max_retries=0)
def index_task(key: str, work_id: str) -> Ended:
    """Does a piece of work of the update that the actor `key` directs."""
    return asyncio.run(_do(key, work_id))


@ray.remote(num_cpus=0, max_retries=2)
def look_at(root: str) -> Optional[list[Any]]:
    """What lies directly below `root` on this node, to tell one folder from another; None where it has none."""
    try:
        status = os.stat(root)
        if not os.path.isdir(root):
            return [status.st_size, status.st_mtime_ns]
        found = []
        with os.scandir(root) as entries:
            for entry in entries:
                about = entry.stat(follow_symlinks=False)
                is_folder = entry.is_dir(follow_symlinks=False)
                found.append([entry.name, is_folder, None if is_folder else about.st_size])
        return sorted(found)
    except OSError:
        return None


async def _do(key: str, work_id: str) -> Ended:
    actor: Any = await asyncio.to_thread(ray.get_actor, key, NAMESPACE)
    work = await actor.work.remote(work_id, node_name())
    if work is None:
        return {"ended": "stopped"}
    node = await asyncio.to_thread(find_node, MINIMUM_NODE)
    if node is None:
        return {"ended": "node-missing"}
    folder = _work_folder()
    try:
        order = await _prepared(work, folder)
        told: Any = await actor.secrets.remote(work_id)
        if told is None:
            return {"ended": "stopped"}
        program = _Program(actor, work_id, told)
        return await program.run(node, {**order, "secrets": told}, await _listed(work))
    except BlobMissing:
        return {"ended": "pack-missing"}
    except StoreError as error:
        return {"ended": "failed", "code": "remote.file", "message": str(error), "details": _about(work, str(error))}
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, True)


def _about(work: "dict[str, Any]", reason: str) -> "dict[str, str]":
    return {"path": str(work.get("store", "")), "reason": reason}


def _work_folder() -> Path:
    """A folder of this task alone. What tasks that were killed have left is removed."""
    parent = node_folder() / "index"
    parent.mkdir(mode=0o700, exist_ok=True)
    for left in parent.glob("work-*"):
        match = re.fullmatch(r"work-(\d+)-[0-9a-f]+", left.name)
        if match is not None and not _is_alive(int(match.group(1))):
            shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"work-{os.getpid()}-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    return folder


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def _prepared(work: "dict[str, Any]", folder: Path) -> "dict[str, Any]":
    """The order as this node carries it out: files of packs and stores lie in `folder` then."""
    order: dict[str, Any] = dict(work["order"])
    if "memory" in work:
        order["memory"] = None if work["memory"] is None else str(node_folder() / "index" / f"{work['memory']}.db")
    if "sizes" in work:
        pack = None if work["pack"] is None else await _brought(work["pack"])
        await asyncio.to_thread(_unpack, pack, work["sizes"], folder)
    if order["verb"] == "carry" and work.get("store") is not None:
        paths = [file["path"] for file in order["files"] if not file["isSecret"] and file["givenUp"] is None]
        await asyncio.to_thread(_fetch, work["store"], paths, folder)
    if order["verb"] == "carry" and (work.get("store") is not None or "sizes" in work):
        order["folder"] = str(folder)
    if order["verb"] == "plan" and work.get("store") is not None:
        order["root"] = str(folder)
    return order


async def _brought(sha256: str) -> Path:
    """A content of the cluster on this node. Raises BlobMissing."""
    here = NodeBlobs(node_folder() / "blobs")
    return await ClusterBlobs(here, ray.get_runtime_context().get_node_id(), ledger_handle()).bring(sha256)


def _unpack(pack: Optional[Path], sizes: "list[tuple[str, int]]", folder: Path) -> None:
    """Lays the contents of a pack out below `folder`, by their paths. None: all are empty.

    What cannot lie there under its name is passed over: the program names it as unreadable.
    """
    with io.BytesIO() if pack is None else open(pack, "rb") as source:
        for path, size in sizes:
            left = size
            file = _opened(folder, path)
            with contextlib.nullcontext() if file is None else file:
                while left > 0:
                    piece = source.read(min(left, PIECE_BYTES))
                    if not piece:
                        raise EOFError("a pack is shorter than its files")
                    if file is not None:
                        file.write(piece)
                    left -= len(piece)


def _opened(folder: Path, path: str) -> Optional[BinaryIO]:
    """A new file below `folder`; None where its name does not do here."""
    try:
        target = inside(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return open(target, "xb")
    except ValueError:
        return None
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EILSEQ):
            return None
        raise


def _fetch(root: str, paths: "list[str]", folder: Path) -> None:
    """Brings files of a store. One that cannot be had is not there for the program, which names it as unreadable."""
    store = open_store(root)
    for path in paths:
        file = _opened(folder, path)
        if file is None:
            continue
        file.close()
        target = inside(folder, path)
        try:
            store.fetch(path, target)
        except OSError as error:
            target.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise


async def _listed(work: "dict[str, Any]") -> "Optional[list[dict[str, Any]]]":
    """The files of a store that is planned; None where the program looks at a folder itself."""
    store = work.get("store")
    if work["order"]["verb"] != "plan" or store is None:
        return None

    def all_of() -> "list[dict[str, Any]]":
        opened = open_store(store)
        try:
            return [{"path": path, "stamp": list(stamp)} for path, stamp in opened.files()]
        except Exception as error:  # noqa: BLE001 - each library has errors of its own
            raise StoreError(f"{store} cannot be read on the cluster: {type(error).__name__}: {error}") from error

    return await asyncio.to_thread(all_of)


class _Program:
    """The program while it runs. `told`: what is secret, which is taken out of whatever is said about a failure."""

    def __init__(self, actor: Any, work_id: str, told: "dict[str, Any]") -> None:
        self._actor = actor
        self._work_id = work_id
        self._secrets = [value for value in told.values() if isinstance(value, str) and value]
        self._tail = ""
        self._failure: Optional[dict[str, Any]] = None
        self._is_done = False

    async def run(self, node: str, order: "dict[str, Any]", listed: "Optional[list[dict[str, Any]]]") -> Ended:
        """Runs it to its end."""
        limit = f"--max-old-space-size={MEMORY_MEGABYTES}"
        launch = Launch(
            [node, limit, "--disable-warning=ExperimentalWarning", str(PROGRAM)],
            child_environment(os.environ, 1),
            str(node_folder()),
        )
        process, pipes = await start_with_pipes(launch, LINE_LIMIT_BYTES)
        errors = asyncio.ensure_future(self._remember(pipes))
        try:
            _tell(pipes, order)
            for at in range(0, len(listed or []), LISTED_EACH):
                _tell(pipes, {"listed": (listed or [])[at : at + LISTED_EACH]})
                await pipes.writer.drain()
            if listed is not None:
                _tell(pipes, {"listed": None})
            is_wanted = await self._follow(pipes)
            if not is_wanted:
                return {"ended": "stopped"}
            await process.end(LEAVE_WITHIN_S)
            return self._ended(process.ended.result())
        finally:
            pipes.writer.close()
            process.kill()
            await process.ended
            errors.cancel()

    def _ended(self, code: Optional[int]) -> Ended:
        if self._failure is not None:
            return {"ended": "failed", **self._failure}
        if self._is_done:
            return {"ended": "done"}
        return {"ended": "crashed", "message": f"The program ended with code {code}. {self._clean(self._tail)}".strip()}

    async def _follow(self, pipes: Pipes) -> bool:
        """Carries what it says to whoever directs; false when it is not wanted any more."""
        gathered: list[Any] = []
        said_at = time.monotonic()
        async for line in _lines(pipes):
            if line:
                self._take(line, gathered)
            waited_s = time.monotonic() - said_at
            if waited_s > (GATHER_S if gathered else HEARTBEAT_S) or len(gathered) >= GATHER_LINES:
                if not await self._actor.heard.remote(self._work_id, gathered):
                    return False
                gathered, said_at = [], time.monotonic()
        return bool(await self._actor.heard.remote(self._work_id, gathered))

    def _take(self, line: bytes, gathered: "list[Any]") -> None:
        try:
            said = from_json(line)
            kind = said["t"]
        except (ValueError, KeyError, TypeError):
            self._tail = f"{self._tail}{line.decode('utf-8', 'replace')}\n"[-TAIL_CHARACTERS:]
            return
        if kind == "done":
            self._is_done = True
        elif kind == "failed":
            message = self._clean(str(said["message"]))
            self._failure = {"code": said["code"], "message": message, "details": said["details"]}
        else:
            gathered.append(said)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    async def _remember(self, pipes: Pipes) -> None:
        with contextlib.suppress(OSError):
            while data := await pipes.errors.read(4096):
                self._tail = f"{self._tail}{data.decode('utf-8', 'replace')}"[-TAIL_CHARACTERS:]


def _tell(pipes: Pipes, message: "dict[str, Any]") -> None:
    pipes.writer.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")


async def _lines(pipes: Pipes) -> AsyncIterator[bytes]:
    """Lines as they come; an empty one now and then while nothing comes."""
    while True:
        try:
            line = await asyncio.wait_for(pipes.output.readline(), GATHER_S)
        except asyncio.TimeoutError:
            yield b""
            continue
        except (ValueError, OSError):
            return
        if not line.endswith(b"\n"):
            return
        yield line[:-1]
