"""Contents that are brought in large pieces: the frames, and the gateway of a real cluster."""

import asyncio
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Callable

import pytest
from websockets.asyncio.client import ClientConnection, connect

from byzer_ray.upload import UploadError, read_from_sender, read_to_sender
from conftest import Cluster

FRAMES = Path(__file__).parent.parent / "fixtures" / "uploads"
READERS: dict[str, Callable[[str], Any]] = {"window": read_from_sender, "gateway": read_to_sender}
PIECE_BYTES = 1024 * 1024


def fixtures(kind: str) -> list[Any]:
    """Every fixture with the reader that it is for."""
    files = sorted((FRAMES / kind).glob("*.json"))
    return [pytest.param(file, READERS[file.name.split("-")[0]], id=file.stem) for file in files]


@pytest.mark.parametrize(("file", "reader"), fixtures("valid"))
def test_a_valid_frame_is_read(file: Path, reader: Callable[[str], Any]) -> None:
    """Unknown members aside."""
    expected = json.loads(file.read_text("utf-8"))
    expected.pop("later", None)
    assert json.loads(reader(file.read_text("utf-8")).model_dump_json()) == expected


@pytest.mark.parametrize(("file", "reader"), fixtures("invalid"))
def test_an_invalid_frame_is_refused(file: Path, reader: Callable[[str], Any]) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(UploadError):
        reader(file.read_text("utf-8"))


def test_there_are_fixtures() -> None:
    """A moved folder would pass silently."""
    assert len(fixtures("valid")) > 6
    assert len(fixtures("invalid")) > 12


async def begun(cluster: Cluster, token: str, size: int, sha256: "str | None") -> ClientConnection:
    """A connection that has said what is to come."""
    socket = await connect(f"{cluster.gateway.replace('http', 'ws')}/byzer/v1/upload", compression=None)
    await socket.send(json.dumps({"t": "hello", "v": 1, "token": token, "window": "w"}))
    await socket.send(json.dumps({"t": "put", "sizeBytes": size, "sha256": sha256}))
    return socket


async def heard(socket: ClientConnection, kind: str) -> "dict[str, Any]":
    """The next frame of this kind, or the one that ends all."""
    while True:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 60))
        if frame["t"] in (kind, "refused", "failed", "kept"):
            return frame


@pytest.mark.cluster
@pytest.mark.parametrize("size", [0, 1, 3 * PIECE_BYTES + 7])
async def test_a_content_is_kept_when_its_hash_is_known(cluster: Cluster, size: int) -> None:
    """Which may be said while it is sent, or after it."""
    content = os.urandom(size) or b""
    sha256 = hashlib.sha256(content).hexdigest()
    async with await begun(cluster, cluster.token, size, None) as socket:
        assert await heard(socket, "wrote") == {"t": "wrote", "bytes": 0}
        for start in range(0, size, PIECE_BYTES):
            await socket.send(content[start : start + PIECE_BYTES])
        await socket.send(json.dumps({"t": "hash", "sha256": sha256}))
        assert (await heard(socket, "kept"))["t"] == "kept"
    assert cluster.ask("GET", f"blobs/{sha256}").body == content


@pytest.mark.cluster
async def test_what_is_there_need_not_be_sent(cluster: Cluster) -> None:
    """Whether its hash is said before or on the way."""
    sha256 = cluster.put(os.urandom(1000))
    async with await begun(cluster, cluster.token, 1000, sha256) as socket:
        assert await heard(socket, "wrote") == {"t": "kept", "fresh": False}
    async with await begun(cluster, cluster.token, 1000, None) as socket:
        await heard(socket, "wrote")
        await socket.send(json.dumps({"t": "hash", "sha256": sha256}))
        assert await heard(socket, "kept") == {"t": "kept", "fresh": False}


@pytest.mark.cluster
async def test_what_is_not_what_its_hash_says_is_not_kept(cluster: Cluster) -> None:
    """Nor more than was announced."""
    sha256 = hashlib.sha256(b"another one").hexdigest()
    async with await begun(cluster, cluster.token, 3, sha256) as socket:
        await heard(socket, "wrote")
        await socket.send(b"abc")
        assert (await heard(socket, "kept"))["code"] == "mismatch"
    async with await begun(cluster, cluster.token, 3, sha256) as socket:
        await heard(socket, "wrote")
        await socket.send(b"abcd")
        assert (await heard(socket, "kept"))["code"] == "order"
    assert cluster.ask("HEAD", f"blobs/{sha256}").status == 404


@pytest.mark.cluster
async def test_a_stranger_brings_nothing(cluster: Cluster) -> None:
    """And hears that its token is not admitted."""
    async with await begun(cluster, "wrong", 3, None) as socket:
        assert (await heard(socket, "wrote"))["code"] == "token"
