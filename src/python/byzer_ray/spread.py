"""Files of a kernel on all nodes, under the same path: code that spreads over the cluster reads them where it runs."""

import asyncio
import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from byzer_ray.blobs import ClusterBlobs, NodeBlobs, place
from byzer_ray.ledger import alive_nodes, ledger_handle
from byzer_ray.places import node_folder

REMOVE_WITHIN_S = 5.0


@dataclass(frozen=True)
class LaidFile:
    """A file as it lies on the kernel's node, and is to lie on others."""

    target: str
    sha256: str
    modified_ms: Optional[int]


class SpreadFiles:
    """Those of one kernel. `folder`: below which all of them lie; `node_id`: of the kernel."""

    def __init__(self, folder: Path, node_id: str) -> None:
        self._folder = folder
        self._node_id = node_id
        self._files: dict[str, LaidFile] = {}
        self._there: dict[str, dict[str, LaidFile]] = {}

    def add(self, file: LaidFile) -> None:
        """It lies on the kernel's node; a later one of the same path takes its place."""
        self._files[file.target] = file

    async def lay(self) -> None:
        """Has all files lie on all nodes that are there now. Raises RayError, BlobMissing, OSError."""
        alive = await asyncio.to_thread(alive_nodes)
        self._there = {node_id: there for node_id, there in self._there.items() if node_id in alive}
        await asyncio.gather(*(self._lay_on(node_id) for node_id in alive - {self._node_id}))

    async def _lay_on(self, node_id: str) -> None:
        there = self._there.setdefault(node_id, {})
        due = [file for target, file in self._files.items() if there.get(target) != file]
        if due:
            await _lay_out.options(scheduling_strategy=_on(node_id)).remote(due)
            there.update({file.target: file for file in due})

    async def remove(self) -> None:
        """Removes them from the other nodes, as far as these can still be reached."""
        removing = [
            _remove.options(scheduling_strategy=_on(node_id)).remote(str(self._folder)) for node_id in self._there
        ]
        with contextlib.suppress(asyncio.TimeoutError, ray.exceptions.RayError):
            await asyncio.wait_for(asyncio.gather(*removing), REMOVE_WITHIN_S)
        self._there = {}


def _on(node_id: str) -> NodeAffinitySchedulingStrategy:
    return NodeAffinitySchedulingStrategy(node_id, soft=False)


@ray.remote(num_cpus=0, max_retries=1)
def _lay_out(files: "list[LaidFile]") -> None:
    """Lays files onto the node that this runs on."""
    asyncio.run(_lay_all(files))


async def _lay_all(files: "list[LaidFile]") -> None:
    node_id = ray.get_runtime_context().get_node_id()
    blobs = ClusterBlobs(NodeBlobs(node_folder() / "blobs"), node_id, ledger_handle())
    for file in files:
        content = await blobs.bring(file.sha256)
        if not _is_laid(file, content.stat().st_size):
            place(content, Path(file.target), file.modified_ms)


def _is_laid(file: LaidFile, size_bytes: int) -> bool:
    """Nodes may share a folder; what one of them has laid is there for all."""
    try:
        found = Path(file.target).stat()
    except FileNotFoundError:
        return False
    return found.st_size == size_bytes and found.st_mtime_ns == (file.modified_ms or 0) * 1_000_000


@ray.remote(num_cpus=0, max_retries=1)
def _remove(folder: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
