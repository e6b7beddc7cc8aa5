"""What the ledger was told it still knows after it was killed."""

from pathlib import Path

import pytest

from byzer_ray.ledger import Journal, Ledger


def test_everything_is_known_again(tmp_path: Path) -> None:
    """By the next life of the actor."""
    ledger = Ledger(str(tmp_path))
    ledger.admit("a" * 64, "laptop")
    ledger.note("version", "1")
    ledger.note("version", "2")
    ledger.add_child("kernel:a", {"title": "é"})
    ledger.add_child("kernel:b", {"title": "b"})
    ledger.update_child("kernel:a", {"node": "10.0.0.1"})
    ledger.remove_child("kernel:b")
    again = Ledger(str(tmp_path))
    assert again.is_admitted("a" * 64)
    assert not again.is_admitted("b" * 64)
    assert again.noted("version") == "2"
    assert again.noted("other") is None
    assert list(again.children()) == ["kernel:a"]
    assert (again.children()["kernel:a"]["title"], again.children()["kernel:a"]["node"]) == ("é", "10.0.0.1")


def test_a_child_that_is_known_stays_what_it_is(tmp_path: Path) -> None:
    """Two windows may make the same one at a time."""
    ledger = Ledger(str(tmp_path))
    first = ledger.add_child("group:g", {"title": "first"})
    assert ledger.add_child("group:g", {"title": "second"}) == first


def test_an_update_of_nobody_makes_nobody(tmp_path: Path) -> None:
    """A child that was removed meanwhile stays removed."""
    ledger = Ledger(str(tmp_path))
    ledger.update_child("group:g", {"node": "x"})
    assert ledger.children() == {}


def test_a_transcript_tells_each_entry_once(tmp_path: Path) -> None:
    """Also one whose append was repeated because its answer was lost."""
    ledger = Ledger(str(tmp_path))
    ledger.append("group:a/b", [("in", 1, "w", '{"line":1}'), ("out", 1, None, '{"line":"\\u00e9"}')])
    ledger.append("group:a/b", [("out", 1, None, '{"line":"\\u00e9"}'), ("out", 2, None, None), ("in", 1, "v", "2")])
    again = Ledger(str(tmp_path))
    assert again.transcript("group:a/b") == [
        ("in", 1, "w", '{"line":1}'),
        ("out", 1, None, '{"line":"\\u00e9"}'),
        ("out", 2, None, None),
        ("in", 1, "v", "2"),
    ]
    again.remove_child("group:a/b")
    assert again.transcript("group:a/b") == []


def test_names_of_any_length_have_a_transcript(tmp_path: Path) -> None:
    """And each its own."""
    ledger = Ledger(str(tmp_path))
    for letter in "ab":
        ledger.append("group:" + "x" * 200 + letter, [("in", 1, letter, "1")])
    assert [entry[2] for entry in ledger.transcript("group:" + "x" * 200 + "b")] == ["b"]


@pytest.mark.parametrize("rest", [b'{"half', b"\xff\xfe", b"{}x"])
def test_half_a_record_is_passed_over(tmp_path: Path, rest: bytes) -> None:
    """Those before and after it are not."""
    path = tmp_path / "journal"
    Journal(path).append([{"a": 1}])
    with open(path, "ab") as file:
        file.write(rest)
    Journal(path).append([{"b": 2}])
    assert Journal(path).records() == [{"a": 1}, {"b": 2}]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    """It holds what people have written."""
    Ledger(str(tmp_path / "x")).admit("a" * 64, "")
    for path in (tmp_path / "x").iterdir():
        assert path.stat().st_mode & 0o077 == 0
