"""What cells write into the folder in which they run, on its way home to the window's working folder."""

import asyncio
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional

import ray

from byzer_ray.blobs import ClusterBlobs

# Of one cell: what is brought home at most, the smallest first.
MOST_FILES = 200
MOST_BYTES = 500_000_000
# So many that are not brought home are named; the others are counted.
MOST_NAMED = 50
# So many entries of the folder are looked at.
MOST_ENTRIES = 100_000
# So many are looked at in passing, which takes about a millisecond.
ENTRIES_AT_ONCE = 200
# What Python and placing leave behind, which nobody meant to write.
_BY_THE_WAY = re.compile(r"__pycache__|\.ipynb_checkpoints|\..*\.[0-9a-f]{8}\.part")


@dataclass(frozen=True)
class Stamp:
    """How a file is, as far as can be told without reading it."""

    size: int
    modified_ns: int
    inode: int
    is_regular: bool


@dataclass
class Look:
    """The folder at one moment, by paths relative to it, with slashes. `complete`: all of it was looked at."""

    stamps: "dict[str, Stamp]" = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True)
class Changes:
    """What became of the folder between two looks."""

    written: "dict[str, Stamp]"
    deleted: "list[str]"
    complete: bool


class WorkFolder:
    """Remembers how the folder was, so that what code wrote is told from what was put there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Stamp] = {}
        self._laid: dict[str, Stamp] = {}

    def laid(self, target: Path) -> None:
        """A file was put there by us; it counts as written from its next change on."""
        stamp = _stamp(os.lstat(target))
        path = target.relative_to(self._folder).as_posix()
        self._known[path] = stamp
        self._laid[path] = stamp

    async def changes(self) -> Changes:
        """What was written and deleted since the last call, but for what was laid meanwhile."""
        self._laid = {}
        return self._since(await asyncio.to_thread(look_at, self._folder))

    def changes_at_once(self) -> Optional[Changes]:
        """As `changes`, without waiting; None where the folder holds too much for that."""
        self._laid = {}
        look = look_at(self._folder, ENTRIES_AT_ONCE)
        return self._since(look) if look.complete else None

    def _since(self, look: Look) -> Changes:
        found = {**look.stamps, **self._laid}
        written = {path: stamp for path, stamp in found.items() if self._known.get(path) != stamp}
        deleted = sorted(path for path in self._known if path not in found) if look.complete else []
        # What was not looked at this time is as it was known.
        self._known = found if look.complete else {**self._known, **found}
        return Changes(written, deleted, look.complete)


def look_at(folder: Path, most: int = MOST_ENTRIES) -> Look:
    """The files below `folder`; links are not followed."""
    look = Look()
    folders = [""]
    seen = 0
    while folders:
        base = folders.pop()
        try:
            entries = sorted(os.scandir(folder / base), key=lambda entry: entry.name)
        except OSError:
            look.complete = False
            continue
        for entry in entries:
            seen += 1
            if seen > most:
                look.complete = False
                return look
            if _BY_THE_WAY.fullmatch(entry.name):
                continue
            path = f"{base}/{entry.name}" if base else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                else:
                    look.stamps[path] = _stamp(entry.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue
    return look


async def written_body(changes: Changes, blobs: ClusterBlobs, folder: Path) -> "dict[str, Any]":
    """What the window is told, with the contents put where it can fetch them."""
    files: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    room = MOST_BYTES
    for path, stamp in sorted(changes.written.items(), key=lambda item: (item[1].size, item[0])):
        why: Optional[str] = _why_left(path, stamp, room, len(files))
        if why is None:
            try:
                sha256, size = await blobs.put_file(folder / path, room)
            except OverflowError:
                why = "size"
            except (OSError, ray.exceptions.RayError):
                why = "unreadable"
            else:
                room -= size
                files.append({"path": path, "sha256": sha256, "sizeBytes": size})
        if why is not None:
            left.append({"path": _printable(path), "sizeBytes": stamp.size, "why": why})
    deleted = [_printable(path) for path in changes.deleted]
    return {
        "files": files,
        "left": left[:MOST_NAMED],
        "deleted": deleted[:MOST_NAMED],
        "more": max(0, len(left) - MOST_NAMED) + max(0, len(deleted) - MOST_NAMED),
        "complete": changes.complete,
    }


def _why_left(path: str, stamp: Stamp, room: int, count: int) -> Optional[str]:
    if not stamp.is_regular:
        return "link"
    if _printable(path) != path:
        return "name"
    if count >= MOST_FILES:
        return "count"
    return "size" if stamp.size > room else None


def _printable(path: str) -> str:
    """A name that is no UTF-8 cannot travel as it is."""
    return path.encode("utf-8", "replace").decode("utf-8")


def _stamp(status: os.stat_result) -> Stamp:
    is_regular = (status.st_mode & 0o170000) == 0o100000
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ino, is_regular)
