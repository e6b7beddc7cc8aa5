"""What must outlive every other part: who is admitted, where contents lie, what groups of agents have said and heard.

An actor on the head, without a processor of its own. It writes down what it is told before it answers, so that it may
be killed at any moment; a restarted one reads that again.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Optional

import ray

from byzer_ray.places import session_folder

NAMESPACE = "byzer"
LEDGER = "ledger"

# One entry of a group's transcript: direction ``in`` or ``out``, number, window (of ``in``), and the body as JSON; None
# for a body that was not to be kept.
Entry = tuple[str, int, Optional[str], Optional[str]]


def alive_nodes() -> set[str]:
    """The ids of the nodes that are there."""
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return {node["NodeID"] for node in nodes if node["Alive"]}


class Journal:
    """A file of JSON lines that is only appended to. What a kill has cut off is passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        size = os.fstat(self._descriptor).st_size
        if size > 0 and os.pread(self._descriptor, 1, size - 1) != b"\n":
            os.write(self._descriptor, b"\n")

    def append(self, records: Iterable[Any]) -> None:
        """Writes records behind all others."""
        text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
        view = memoryview(text.encode("ascii"))
        while view:
            view = view[os.write(self._descriptor, view) :]

    def records(self) -> list[Any]:
        """All that was written whole."""
        found = []
        with open(self._path, "rb") as file:
            for line in file:
                try:
                    found.append(json.loads(line))
                except ValueError:
                    continue
        return found

    def remove(self) -> None:
        """Ends it and removes the file."""
        os.close(self._descriptor)
        self._path.unlink(missing_ok=True)


class Ledger:
    """The actor. All methods return at once, so that they never run at the same time."""

    def __init__(self, folder: Optional[str] = None) -> None:
        self._folder = Path(folder) if folder is not None else session_folder() / "ledger"
        self._journal = Journal(self._folder / "cluster.jsonl")
        self._admitted: dict[str, str] = {}
        self._children: dict[str, dict[str, Any]] = {}
        self._notes: dict[str, Any] = {}
        self._blobs: dict[str, dict[str, Any]] = {}
        self._transcripts: dict[str, Journal] = {}
        for record in self._journal.records():
            self._apply(record)

    def admit(self, token_hash: str, label: str) -> None:
        """From now on whoever knows the token of this hash (SHA-256, hexadecimal) is let in."""
        self._write({"is": "admitted", "hash": token_hash, "label": label})

    def is_admitted(self, token_hash: str) -> bool:
        """Whether it is."""
        return token_hash in self._admitted

    def note(self, name: str, value: Any) -> None:
        """Keeps a fact about this cluster, such as the version that was put there."""
        self._write({"is": "noted", "name": name, "value": value})

    def noted(self, name: str) -> Any:
        """A fact that was kept; None where none was."""
        return self._notes.get(name)

    def add_child(self, key: str, about: dict[str, Any]) -> dict[str, Any]:
        """A child exists. One of that key that is known already stays what it is; returns what is known now."""
        if key not in self._children:
            self._write({"is": "child", "key": key, "about": {**about, "startedAt": time.time()}})
        return self._children[key]

    def update_child(self, key: str, about: dict[str, Any]) -> None:
        """More is known of a child: its node, for one."""
        if key in self._children:
            self._write({"is": "child", "key": key, "about": {**self._children[key], **about}})

    def remove_child(self, key: str) -> None:
        """A child has ended, and with it its transcript."""
        if key in self._children:
            self._write({"is": "removed-child", "key": key})
        self._transcript(key).remove()
        self._transcripts.pop(key, None)

    def children(self) -> dict[str, dict[str, Any]]:
        """All children by their key."""
        return self._children

    def append(self, key: str, entries: list[Entry]) -> None:
        """Writes behind a child's transcript."""
        self._transcript(key).append(entries)

    def transcript(self, key: str) -> list[Entry]:
        """All entries in their order, each once: an append that was repeated after a kill is told once."""
        seen: set[tuple[str, int, Optional[str]]] = set()
        entries: list[Entry] = []
        for direction, seq, window, body in self._transcript(key).records():
            mark = (direction, seq, window)
            if mark not in seen:
                seen.add(mark)
                entries.append((direction, seq, window, body))
        return entries

    def add_blob(self, sha256: str, size_bytes: int, node_id: str, path: str) -> None:
        """A content lies on a node."""
        blob = self._blobs.setdefault(sha256, {"sizeBytes": size_bytes, "places": {}})
        if blob["places"].get(node_id) != path:
            self._write({"is": "blob", "hash": sha256, "sizeBytes": size_bytes, "node": node_id, "path": path})

    def forget_blobs(self, hashes: list[str], node_id: str) -> None:
        """Contents no longer lie on a node."""
        self._write({"is": "forgotten-blobs", "hashes": hashes, "node": node_id})

    def find_blob(self, sha256: str) -> Optional[dict[str, Any]]:
        """``sizeBytes`` of a content and ``places``, pairs of a node that is alive and a path there; None: nowhere."""
        blob = self._blobs.get(sha256)
        if blob is None:
            return None
        alive = alive_nodes()
        places = [(node_id, path) for node_id, path in blob["places"].items() if node_id in alive]
        return {"sizeBytes": blob["sizeBytes"], "places": places} if places else None

    def _write(self, record: dict[str, Any]) -> None:
        self._journal.append([record])
        self._apply(record)

    def _apply(self, record: dict[str, Any]) -> None:
        kind = record["is"]
        if kind == "admitted":
            self._admitted[record["hash"]] = record["label"]
        elif kind == "noted":
            self._notes[record["name"]] = record["value"]
        elif kind == "child":
            self._children[record["key"]] = record["about"]
        elif kind == "removed-child":
            self._children.pop(record["key"], None)
        elif kind == "blob":
            blob = self._blobs.setdefault(record["hash"], {"sizeBytes": record["sizeBytes"], "places": {}})
            blob["places"][record["node"]] = record["path"]
        elif kind == "forgotten-blobs":
            for sha256 in record["hashes"]:
                self._blobs.get(sha256, {"places": {}})["places"].pop(record["node"], None)

    def _transcript(self, key: str) -> Journal:
        journal = self._transcripts.get(key)
        if journal is None:
            name = hashlib.sha256(key.encode("utf-8")).hexdigest()
            journal = self._transcripts[key] = Journal(self._folder / "transcripts" / f"{name}.jsonl")
        return journal


def ledger_handle() -> Any:
    """The ledger of this cluster, made where there is none yet."""
    return (
        ray.remote(Ledger)
        .options(
            name=LEDGER,
            namespace=NAMESPACE,
            lifetime="detached",
            get_if_exists=True,
            num_cpus=0,
            resources={"node:__internal_head__": 0.001},
            max_restarts=-1,
            max_task_retries=-1,
        )
        .remote()
    )
