"""The same fixtures that the TypeScript side is tested with."""

import json
from pathlib import Path
from typing import Any, Callable

import pytest

from byzer_ray.frames import (
    MAX_FRAME_FROM_WINDOW_BYTES,
    Data,
    FrameError,
    Hello,
    encode_frame,
    read_from_gateway,
    read_from_window,
)

FRAMES = Path(__file__).parent.parent / "fixtures" / "frames"
READERS: dict[str, list[Callable[[Any], Any]]] = {
    "window": [read_from_window],
    "gateway": [read_from_gateway],
    "both": [read_from_window, read_from_gateway],
}


def fixtures(kind: str) -> list[Any]:
    """Every fixture with each reader that it is for."""
    files = sorted((FRAMES / kind).glob("*.json"))
    pairs = [(file, reader) for file in files for reader in READERS[file.name.split("-")[0]]]
    return [pytest.param(file, reader, id=f"{file.stem}-{reader.__name__}") for file, reader in pairs]


@pytest.mark.parametrize(("file", "reader"), fixtures("valid"))
def test_a_valid_frame_is_read_and_written_again(file: Path, reader: Callable[[Any], Any]) -> None:
    """What is read and written again says the same, unknown members aside."""
    text = file.read_text("utf-8")
    expected = json.loads(text)
    expected.pop("later", None)
    if expected["t"] == "open":
        expected.setdefault("epoch", None)
    frame = reader(text)
    assert json.loads(encode_frame(frame)) == expected
    assert reader(encode_frame(frame)) == frame


@pytest.mark.parametrize(("file", "reader"), fixtures("invalid"))
def test_an_invalid_frame_is_refused(file: Path, reader: Callable[[Any], Any]) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(FrameError):
        reader(file.read_text("utf-8"))


@pytest.mark.parametrize(("file", "reader"), fixtures("ignored"))
def test_an_unknown_kind_is_passed_over(file: Path, reader: Callable[[Any], Any]) -> None:
    """A newer peer may say more."""
    assert reader(file.read_text("utf-8")) is None


def test_there_are_fixtures() -> None:
    """A moved folder would pass silently."""
    assert len(fixtures("valid")) > 20
    assert len(fixtures("invalid")) > 40
    assert len(fixtures("ignored")) > 4


def test_a_refusal_never_repeats_what_was_sent() -> None:
    """A token with a typing error must not end in a log."""
    with pytest.raises(FrameError) as refusal:
        read_from_window('{"v":1,"t":"hello","token":["secret canary"],"window":"w"}')
    assert "canary" not in str(refusal.value)
    assert "token" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "{", "{}x", "nul", '{"t":"ping","n":1}\x00'])
def test_what_is_not_json_is_refused(text: str) -> None:
    """Also half a frame."""
    with pytest.raises(FrameError):
        read_from_window(text)


def test_too_large_a_frame_is_refused() -> None:
    """Before it is parsed."""
    frame = Data(t="data", channel="c", seq=1, body="x" * MAX_FRAME_FROM_WINDOW_BYTES)
    with pytest.raises(FrameError):
        read_from_window(encode_frame(frame))


def test_bytes_are_read_as_well() -> None:
    """A WebSocket hands over either."""
    assert isinstance(read_from_window(b'{"v":1,"t":"hello","token":"' + b"a" * 43 + b'","window":"w"}'), Hello)
