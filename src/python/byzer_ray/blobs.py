"""Contents by their hash: put once for the whole cluster, brought to a node when something there needs them."""

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Optional

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

# One piece on its way between nodes.
PIECE_BYTES = 8 * 1024 * 1024
# What a node keeps; beyond, what was used longest ago goes.
KEPT_BYTES = 20 * 1024**3
_HASH = re.compile(r"[0-9a-f]{64}")


class BlobMissing(Exception):
    """Nobody has a content of this hash. `sha256` says which."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"There is no content {sha256} on the cluster.")
        self.sha256 = sha256


class BlobMismatch(Exception):
    """What came is not what its hash says."""


class NodeBlobs:
    """The contents that lie on this node."""

    def __init__(self, folder: Path, kept_bytes: int = KEPT_BYTES) -> None:
        self._folder = folder
        self._kept_bytes = kept_bytes
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, sha256: str) -> Optional[Path]:
        """Where a content lies, None where it does not lie here. Not to be written to."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        path = self._folder / sha256
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        return path

    def writing(self, sha256: str) -> "BlobWriter":
        """Takes a content in pieces."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return BlobWriter(self._folder, sha256)

    def put(self, content: bytes) -> str:
        """Keeps `content` and returns its hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        with self.writing(sha256) as writer:
            writer.write(content)
            writer.finish()
        return sha256

    def trim(self) -> list[str]:
        """Removes what was used longest ago where too much lies here; returns the hashes of what went."""
        entries: list[tuple[float, int, str]] = []
        for entry in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                status = entry.stat()
                if _HASH.fullmatch(entry.name):
                    entries.append((status.st_mtime, status.st_size, entry.name))
        surplus = sum(size for _, size, _ in entries) - self._kept_bytes
        removed = []
        for _, size, name in sorted(entries):
            if surplus <= 0:
                break
            (self._folder / name).unlink(missing_ok=True)
            removed.append(name)
            surplus -= size
        return removed


class BlobWriter:
    """One content on its way in. It appears under its hash when it is whole, and never half."""

    def __init__(self, folder: Path, sha256: str) -> None:
        self._folder = folder
        self._sha256 = sha256
        self._partial = folder / f"{sha256}.{secrets.token_hex(8)}.part"
        self._hash = hashlib.sha256()
        self._file = open(self._partial, "xb", buffering=0)  # noqa: SIM115 - closed by __exit__

    def write(self, piece: bytes) -> None:
        """Takes the next piece."""
        self._hash.update(piece)
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]

    def finish(self) -> None:
        """All has come. Raises BlobMismatch where it is not what its hash says."""
        if self._hash.hexdigest() != self._sha256:
            raise BlobMismatch("what came is not what its hash says")
        os.chmod(self._partial, 0o400)
        os.replace(self._partial, self._folder / self._sha256)

    def __enter__(self) -> "BlobWriter":
        return self

    def __exit__(
        self, _kind: Optional[type[BaseException]], _error: Optional[BaseException], _trace: Optional[TracebackType]
    ) -> None:
        self._file.close()
        self._partial.unlink(missing_ok=True)


@ray.remote(num_cpus=0, max_retries=1)
def _piece_of(path: str, offset: int) -> Optional[bytes]:
    """A piece of a file of the node that this runs on; None where the file is gone."""
    try:
        with open(path, "rb") as file:
            file.seek(offset)
            return file.read(PIECE_BYTES)
    except FileNotFoundError:
        return None


class ClusterBlobs:
    """The contents of all nodes, seen from this one. `ledger`: the handle of the ledger, which knows who has what."""

    def __init__(self, here: NodeBlobs, node_id: str, ledger: Any) -> None:
        self.here = here
        self._node_id = node_id
        self._ledger = ledger
        self._fetching: dict[str, asyncio.Task[Path]] = {}

    async def has(self, sha256: str) -> Optional[int]:
        """The size of a content in bytes; None where nobody has it."""
        path = self.here.path(sha256)
        if path is not None:
            return path.stat().st_size
        found = await self._ledger.find_blob.remote(sha256)
        return None if found is None else int(found["sizeBytes"])

    async def added(self, sha256: str) -> None:
        """A content lies here now, all others may know."""
        path = self.here.path(sha256)
        if path is not None:
            await self._ledger.add_blob.remote(sha256, path.stat().st_size, self._node_id, str(path))
            gone = await asyncio.to_thread(self.here.trim)
            if gone:
                await self._ledger.forget_blobs.remote(gone, self._node_id)

    async def put(self, content: bytes) -> str:
        """Keeps `content` for the cluster and returns its hash."""
        sha256 = await asyncio.to_thread(self.here.put, content)
        await self.added(sha256)
        return sha256

    async def bring(self, sha256: str) -> Path:
        """The content on this node, brought from another one where it has to be. Raises BlobMissing."""
        path = self.here.path(sha256)
        if path is not None:
            return path
        task = self._fetching.get(sha256)
        if task is None:
            task = asyncio.ensure_future(self._fetch(sha256))
            self._fetching[sha256] = task
            task.add_done_callback(lambda _: self._fetching.pop(sha256, None))
        return await asyncio.shield(task)

    async def _fetch(self, sha256: str) -> Path:
        found = await self._ledger.find_blob.remote(sha256)
        for node_id, source in (found or {"places": []})["places"]:
            try:
                await self._copy(sha256, node_id, source)
            except (ray.exceptions.RayError, BlobMismatch, BlobMissing):
                await self._ledger.forget_blobs.remote([sha256], node_id)
                continue
            await self.added(sha256)
            path = self.here.path(sha256)
            if path is not None:
                return path
        raise BlobMissing(sha256)

    async def _copy(self, sha256: str, node_id: str, source: str) -> None:
        strategy = NodeAffinitySchedulingStrategy(node_id, soft=False)
        reader = _piece_of.options(scheduling_strategy=strategy)
        with self.here.writing(sha256) as writer:
            offset = 0
            coming = reader.remote(source, offset)
            while True:
                piece = await coming
                if piece is None:
                    raise BlobMissing(sha256)
                offset += len(piece)
                is_last = len(piece) < PIECE_BYTES
                if not is_last:
                    coming = reader.remote(source, offset)
                await asyncio.to_thread(writer.write, piece)
                if is_last:
                    break
            writer.finish()


def place(content: Path, target: Path, modified_ms: Optional[int]) -> None:
    """Puts a copy of `content` at `target`, whole or not at all; what was there is replaced."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        shutil.copyfile(content, partial)
        if modified_ms is not None:
            os.utime(partial, ns=(modified_ms * 1_000_000, modified_ms * 1_000_000))
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
