"""Contents by their hash: put once for the whole cluster, brought to a node when something there needs them."""

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
import shutil
import stat
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

    def receiving(self) -> "BlobWriter":
        """Takes a content in pieces."""
        return BlobWriter(self._folder)

    def put(self, content: bytes) -> str:
        """Keeps `content` and returns its hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        with self.receiving() as writer:
            writer.write(content)
            writer.finish(sha256)
        return sha256

    def put_file(self, path: Path, most_bytes: int) -> "tuple[str, int]":
        """Keeps the content of a file; returns its hash and its size.

        Raises OSError where it cannot be read or is no plain file, OverflowError where it has more than `most_bytes`.
        """
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb", buffering=0) as file, self.receiving() as writer:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError("no plain file")
            while piece := file.read(PIECE_BYTES):
                if writer.size + len(piece) > most_bytes:
                    raise OverflowError("larger than it may be")
                writer.write(piece)
            return writer.keep(), writer.size

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

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._folder = folder
        self._partial = folder / f"{secrets.token_hex(16)}.part"
        self._hash = hashlib.sha256()
        self._file = open(self._partial, "xb", buffering=0)  # noqa: SIM115 - closed by __exit__

    def write(self, piece: bytes) -> None:
        """Takes the next piece."""
        self._hash.update(piece)
        self.size += len(piece)
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) :]

    def finish(self, sha256: str) -> None:
        """All has come. Raises BlobMismatch where it is not what `sha256` says, ValueError where that is no hash."""
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        if self._hash.hexdigest() != sha256:
            raise BlobMismatch("what came is not what its hash says")
        self.keep()

    def keep(self) -> str:
        """All has come, and nobody said what it was to be. Returns its hash."""
        sha256 = self._hash.hexdigest()
        os.chmod(self._partial, 0o400)
        os.replace(self._partial, self._folder / sha256)
        return sha256

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
            size_bytes = path.stat().st_size
            # Whoever asks puts it nowhere else: all must know that it lies here.
            await self._ledger.add_blob.remote(sha256, size_bytes, self._node_id, str(path))
            return size_bytes
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

    async def put_file(self, path: Path, most_bytes: int) -> "tuple[str, int]":
        """Keeps the content of a file for the cluster; as ``NodeBlobs.put_file``."""
        sha256, size = await asyncio.to_thread(self.here.put_file, path, most_bytes)
        await self.added(sha256)
        return sha256, size

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
            except ray.exceptions.RayError:
                # It is this node that loses its way as often as the other one: only who has looked may say it is gone.
                continue
            except (BlobMismatch, BlobMissing):
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
        with self.here.receiving() as writer:
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
            writer.finish(sha256)


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
