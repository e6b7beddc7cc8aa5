"""Which files code has written, and which of them go home."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import Any, cast

import pytest

from byzer_ray import written_files
from byzer_ray.blobs import BlobMismatch, ClusterBlobs, NodeBlobs
from byzer_ray.written_files import WorkFolder, look_at, written_body


class HereBlobs:
    """Contents of one node, of which nobody else is told."""

    def __init__(self, folder: Path) -> None:
        self.here = NodeBlobs(folder)

    async def put_file(self, path: Path, most_bytes: int) -> "tuple[str, int]":
        """As the cluster's."""
        return self.here.put_file(path, most_bytes)


def told(work: WorkFolder, folder: Path) -> "dict[str, Any]":
    """What a window is told of what was written since."""

    async def tell() -> "dict[str, Any]":
        blobs = cast(ClusterBlobs, HereBlobs(folder.parent / "blobs"))
        return await written_body(await work.changes(), blobs, folder)

    return asyncio.run(tell())


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_what_was_written_is_told_with_its_hash(folder: Path) -> None:
    """Below folders too, whatever its name; once."""
    work = WorkFolder(folder)
    (folder / "图").mkdir()
    (folder / "图" / "图 表.png").write_bytes(b"png")
    (folder / "a.csv").write_bytes(b"")
    body = told(work, folder)
    empty = hashlib.sha256(b"").hexdigest()
    assert body["files"] == [
        {"path": "a.csv", "sha256": empty, "sizeBytes": 0},
        {"path": "图/图 表.png", "sha256": hashlib.sha256(b"png").hexdigest(), "sizeBytes": 3},
    ]
    assert (body["left"], body["deleted"], body["more"], body["complete"]) == ([], [], 0, True)
    assert told(work, folder)["files"] == []


def test_what_we_laid_counts_from_its_next_change(folder: Path) -> None:
    """And its deletion is told."""
    work = WorkFolder(folder)
    for name in ("kept.csv", "changed.csv", "deleted.csv"):
        (folder / name).write_text("a\n1\n")
        work.laid(folder / name)
    assert told(work, folder)["files"] == []
    with open(folder / "changed.csv", "a") as file:
        file.write("2\n")
    (folder / "deleted.csv").unlink()
    body = told(work, folder)
    assert [file["path"] for file in body["files"]] == ["changed.csv"]
    assert body["deleted"] == ["deleted.csv"]
    assert told(work, folder)["deleted"] == []


def test_links_and_strange_things_stay(folder: Path, tmp_path: Path) -> None:
    """Their contents are not looked at, and they are named."""
    secret = tmp_path / "secret"
    secret.write_text("s")
    (folder / "link").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / os.fsdecode(b"latin-\xe9")).write_text("x")
    body = told(WorkFolder(folder), folder)
    assert body["files"] == []
    assert sorted((left["path"], left["why"]) for left in body["left"]) == [
        ("folder", "link"),
        ("latin-?", "name"),
        ("link", "link"),
        ("pipe", "link"),
    ]


def test_limits_leave_the_largest_and_say_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the size in all, of the count, of what is named."""
    for name, value in (("MOST_BYTES", 100), ("MOST_FILES", 4), ("MOST_NAMED", 2)):
        monkeypatch.setattr(written_files, name, value)
    (folder / "large").write_bytes(b"x" * 101)
    (folder / "small").write_bytes(b"x" * 60)
    (folder / "other").write_bytes(b"x" * 61)
    body = told(WorkFolder(folder), folder)
    assert [file["path"] for file in body["files"]] == ["small"]
    assert body["left"] == [
        {"path": "other", "sizeBytes": 61, "why": "size"},
        {"path": "large", "sizeBytes": 101, "why": "size"},
    ]
    for number in range(7):
        (folder / f"n{number}").write_bytes(b"")
    body = told(WorkFolder(folder), folder)
    assert [file["path"] for file in body["files"]] == ["n0", "n1", "n2", "n3"]
    assert [(left["path"], left["why"]) for left in body["left"]] == [("n4", "count"), ("n5", "count")]
    assert body["more"] == 4


def test_a_folder_too_large_to_look_at_is_told(folder: Path) -> None:
    """Nothing is said to be deleted that was not looked for."""
    for number in range(5):
        (folder / f"n{number}").write_bytes(b"")
    look = look_at(folder, 3)
    assert (sorted(look.stamps), look.complete) == (["n0", "n1", "n2"], False)


def test_a_small_folder_is_looked_at_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same outcome; a larger one is left to a thread, which then finds all that has changed."""
    work = WorkFolder(folder)
    (folder / "a.csv").write_bytes(b"1")
    at_once = work.changes_at_once()
    assert at_once is not None
    assert (list(at_once.written), at_once.deleted, at_once.complete) == (["a.csv"], [], True)
    assert told(work, folder)["files"] == []
    (folder / "a.csv").unlink()
    at_once = work.changes_at_once()
    assert at_once is not None
    assert (at_once.written, at_once.deleted) == ({}, ["a.csv"])
    monkeypatch.setattr(written_files, "ENTRIES_AT_ONCE", 1)
    for name in ("b.csv", "c.csv"):
        (folder / name).write_bytes(b"1")
    assert work.changes_at_once() is None
    assert [file["path"] for file in told(work, folder)["files"]] == ["b.csv", "c.csv"]


def test_what_is_by_the_way_is_not_told(folder: Path) -> None:
    """Nobody meant to write it."""
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").write_bytes(b"x")
    (folder / ".a.csv.0123abcd.part").write_bytes(b"x")
    (folder / ".hidden").write_bytes(b"x")
    assert [file["path"] for file in told(WorkFolder(folder), folder)["files"]] == [".hidden"]


def test_a_content_is_kept_without_being_held(tmp_path: Path) -> None:
    """It must be a plain file, and no larger than it may be."""
    blobs = NodeBlobs(tmp_path / "blobs")
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    sha256, size = blobs.put_file(path, 3)
    kept = blobs.path(sha256)
    assert (size, kept and kept.read_bytes()) == (3, b"abc")
    with pytest.raises(OverflowError):
        blobs.put_file(path, 2)
    (tmp_path / "link").symlink_to(path)
    for other in ("link", "blobs", "missing"):
        with pytest.raises(OSError):
            blobs.put_file(tmp_path / other, 3)
    with pytest.raises(BlobMismatch), blobs.receiving() as writer:
        writer.finish("0" * 64)
    assert len(list((tmp_path / "blobs").iterdir())) == 1
