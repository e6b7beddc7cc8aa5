"""Contents by their hash, and where files may be put."""

import hashlib
import os
from pathlib import Path

import pytest

from byzer_ray.blobs import BlobMismatch, NodeBlobs, place
from byzer_ray.cell_files import file_named_by
from byzer_ray.places import inside


def test_a_content_appears_when_it_is_whole(tmp_path: Path) -> None:
    """And never half."""
    blobs = NodeBlobs(tmp_path / "blobs")
    sha256 = hashlib.sha256(b"onetwo").hexdigest()
    with blobs.receiving() as writer:
        writer.write(b"one")
        assert blobs.path(sha256) is None
        writer.write(b"two")
        writer.finish(sha256)
    path = blobs.path(sha256)
    assert path is not None
    assert path.read_bytes() == b"onetwo"
    assert len(list((tmp_path / "blobs").iterdir())) == 1


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """Neither what is not what its hash says."""
    blobs = NodeBlobs(tmp_path)
    with pytest.raises(OSError, match="gone"), blobs.receiving() as writer:
        writer.write(b"x")
        raise OSError("gone")
    with pytest.raises(BlobMismatch), blobs.receiving() as writer:
        writer.write(b"x")
        writer.finish("0" * 64)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../x", "0" * 63, "0" * 65, "G" * 64, "0" * 64 + "\n"])
def test_what_is_no_hash_is_no_path(tmp_path: Path, name: str) -> None:
    """It comes from afar."""
    blobs = NodeBlobs(tmp_path)
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.path(name)
    with pytest.raises(ValueError, match="SHA-256"), blobs.receiving() as writer:
        writer.finish(name)


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    """Where too much is kept."""
    blobs = NodeBlobs(tmp_path, kept_bytes=25)
    hashes = [blobs.put(bytes([number]) * 10) for number in range(3)]
    for age, sha256 in zip((30, 10, 20), hashes):
        os.utime(tmp_path / sha256, (1_000_000 - age, 1_000_000 - age))
    assert blobs.trim() == [hashes[0]]
    assert blobs.trim() == []
    assert blobs.path(hashes[1]) is not None


@pytest.mark.parametrize("path", ["", "/x", "a//b", "../x", "a/../b", "./a", "a/", "a\\b", "a\0b", "."])
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    """However it is written."""
    with pytest.raises(ValueError, match="path"):
        inside(tmp_path, path)


def test_no_link_is_followed(tmp_path: Path) -> None:
    """Neither on the way nor at its end."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "link").symlink_to(tmp_path)
    for path in ("link", "link/x"):
        with pytest.raises(ValueError, match="link"):
            inside(tmp_path / "work", path)
    assert inside(tmp_path / "work", "a/ü.csv") == tmp_path / "work" / "a" / "ü.csv"


def test_a_copy_is_placed_and_can_be_changed(tmp_path: Path) -> None:
    """The content itself stays."""
    content = tmp_path / "content"
    content.write_bytes(b"abc")
    content.chmod(0o400)
    target = tmp_path / "work" / "data" / "a.csv"
    place(content, target, 1_500)
    assert target.stat().st_mtime == 1.5
    target.write_bytes(b"changed")
    assert content.read_bytes() == b"abc"
    place(content, target, None)
    assert target.read_bytes() == b"abc"
    assert [path.name for path in target.parent.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"t": "output", "output": {"type": "image", "file": "a.png"}}, "a.png"),
        ({"t": "output", "output": {"type": "truncation", "file": "a.txt"}}, "a.txt"),
        ({"t": "output", "output": {"type": "text", "file": "a.txt"}}, None),
        ({"t": "done", "output": {"type": "image", "file": "a.png"}}, None),
        ({"t": "output", "output": {"type": "image", "file": "../a"}}, None),
        ({"t": "output", "output": {"type": "image", "file": ".."}}, None),
        ({"t": "output", "output": {"type": "image", "file": 5}}, None),
        ({"t": "output", "output": None}, None),
        ([], None),
    ],
)
def test_only_files_of_outputs_travel(message: object, name: object) -> None:
    """Code in a cell may have written the message."""
    assert file_named_by(message) == name
