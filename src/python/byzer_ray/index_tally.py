"""What has come of an update of a shared index so far."""

from typing import Any

from byzer_ray.index_batches import Batch


class IndexTally:
    """Counts files as they are written, each once. `remembers_seen`: keeps what was seen of each, in `seen`."""

    def __init__(self, remembers_seen: bool) -> None:
        self.done_files = 0
        self.embedded = 0
        self.passages = 0
        # Path, stamp, time in ms and hash of each, for the node to remember.
        self.seen: list[dict[str, Any]] = []
        self._remembers_seen = remembers_seen
        self._fates = {"added": 0, "changed": 0, "unchanged": 0}
        self._read_bytes = 0
        self._by_node: dict[str, int] = {}

    def take_written(self, files: "list[dict[str, Any]]", batch: Batch) -> "list[dict[str, Any]]":
        """Counts what the program of a batch has written, and returns path, hash and fate of each that is new.

        What it has left is put down in the batch, to be read again.
        """
        told = []
        for file in files:
            pending = batch.pending.pop(file["path"], None)
            if pending is None:
                continue
            if file["fate"] == "left":
                batch.again.append(pending)
                continue
            told.append(self._count(file, pending, batch))
        return told

    def progress(self) -> "dict[str, Any]":
        """As members of what the window is told on the way."""
        return {"doneFiles": self.done_files, "embedded": self.embedded, "nodes": self._by_node}

    def report(self, plan: "dict[str, Any]", finished: "dict[str, Any]", duration_ms: int) -> "dict[str, Any]":
        """What the window is told at the end. `plan`, `finished`: what the first and the last program said."""
        unreadable = plan.get("unreadable", [])
        return {
            **{name: value for name, value in finished.items() if name != "t"},
            "added": self._fates["added"],
            "changed": self._fates["changed"],
            "readBytes": self._read_bytes,
            "removed": plan.get("removed", 0),
            "unchanged": self._fates["unchanged"] + plan.get("unchanged", 0),
            "leftOut": finished["leftOut"] + [{"path": path, "reason": "unreadable"} for path in unreadable],
            "leftOutFiles": finished["leftOutFiles"] + len(unreadable),
            "tooManyFiles": plan.get("tooManyFiles", False),
            "durationMs": duration_ms,
            "nodes": self._by_node,
        }

    def _count(self, file: "dict[str, Any]", pending: "dict[str, Any]", batch: Batch) -> "dict[str, Any]":
        fate = file["fate"]
        if fate == "unchanged" and batch.is_retried:
            # Written by the task that was lost before it could say so.
            fate = "added" if pending["knownHash"] is None else "changed"
        if fate != "added" or file["reason"] is None:
            self._fates[fate] += 1
        if fate != "unchanged":
            self.passages += file["passages"]
        self._read_bytes += file["readBytes"]
        self.done_files += 1
        self._by_node[batch.node] = self._by_node.get(batch.node, 0) + 1
        if self._remembers_seen:
            self.seen.append({name: file[name] for name in ("path", "stamp", "seenMs", "hash")})
        return {"path": file["path"], "hash": file["hash"], "fate": fate}
