"""An update of a shared index, with hands that do as they are told."""

import asyncio
import io
import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Optional

import pytest

from byzer_ray.index_batches import Batch, after_crash, batches_of
from byzer_ray.index_job import IndexJob
from byzer_ray.index_orders import (
    CarriedFile,
    IndexBodyError,
    Last,
    Order,
    Secrets,
    read_index_body,
)
from byzer_ray.index_task import _unpack
from byzer_ray.object_store import StoreError, _FsspecStore, is_store, open_store

DATABASE: "dict[str, Any]" = {"host": "db", "port": 5432, "database": "team", "user": "ann"}
SECRETS = {"password": "canary-password", "tlsKey": None, "embeddingKey": "canary-key"}
FINISHED = {"t": "finished", "files": 1, "passages": 1, "leftOut": [], "leftOutFiles": 0, "sizeBytes": 1, "embedded": 0}

Behaviour = Callable[["Hands", str, "dict[str, Any]"], "Optional[dict[str, Any]]"]


class Hands:
    """Does a task at once; `behaviour` may say how it ends instead. All works that were asked for are kept."""

    def __init__(self, behaviour: "Optional[Behaviour]" = None) -> None:
        self.job: Optional[IndexJob] = None
        self.behaviour = behaviour
        self.works: list[dict[str, Any]] = []
        self.most = 0
        self.nodes_asked: list[Optional[list[str]]] = []
        self._now = 0

    async def nodes_with(self, root: str) -> "list[str]":
        """Two nodes have every root but /nowhere."""
        return [] if root == "/nowhere" else ["one", "two"]

    async def run(self, work_id: str, nodes: "Optional[list[str]]", processors: float) -> "dict[str, Any]":
        """Reads the files of a batch."""
        assert self.job is not None
        self.nodes_asked.append(nodes)
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            await asyncio.sleep(0)
            work = self.job.work(work_id, "203.0.113.2")
            if work is None:
                return {"ended": "stopped"}
            self.works.append(work)
            said = None if self.behaviour is None else self.behaviour(self, work_id, work)
            return self.do(work_id, work) if said is None else said
        finally:
            self._now -= 1

    def cancel(self) -> None:
        """Nothing waits here."""

    def do(self, work_id: str, work: "dict[str, Any]") -> "dict[str, Any]":
        """As the program would."""
        order = work["order"]
        assert self.job is not None
        if order["verb"] == "plan":
            self.job.heard(work_id, [{"t": "tasks", "files": [described(f"{n}.md") for n in range(40)]}])
            planned = {"t": "planned", "folder": "/data", "removed": 2, "unchanged": 3, "unreadable": ["no"]}
            self.job.heard(work_id, [{**planned, "tooManyFiles": False}])
        elif order["verb"] == "carry":
            self.job.heard(work_id, [{"t": "written", "files": [written(file) for file in order["files"]]}])
        elif order["verb"] == "finish":
            self.job.heard(work_id, [FINISHED])
        return {"ended": "done"}


def described(path: str) -> "dict[str, Any]":
    """A file of a plan."""
    return {"path": path, "stamp": [10, 1, 1], "isSecret": False, "knownHash": None, "givenUp": None}


def written(file: "dict[str, Any]", fate: str = "added") -> "dict[str, Any]":
    """What a program says of a file that it has written."""
    more = {"hash": "h", "fate": fate, "reason": file["givenUp"], "passages": 2, "readBytes": 10}
    return {"path": file["path"], **more, "stamp": file["stamp"], "seenMs": 1}


def order_of(source: "dict[str, Any]", **changes: Any) -> Order:
    """An order."""
    body = {
        "id": "o1",
        "corpus": "handbook",
        "database": DATABASE,
        "embedder": None,
        "isWhole": True,
        "parallel": 0,
        "source": source,
        **changes,
    }
    order = read_index_body({"order": body})
    assert isinstance(order, Order)
    return order


CLUSTER = {"kind": "cluster", "root": "/data", "exclude": [], "keepExcluded": False, "mostFiles": 1000}
WINDOW = {"kind": "window"}


class Said:
    """What a job has told its window."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Any]] = []

    def __call__(self, name: str, value: Any) -> None:
        """Takes it."""
        self.all.append((name, value))

    def of(self, name: str) -> "list[Any]":
        """The values of one kind."""
        return [value for kind, value in self.all if kind == name]


def job_of(order: Order, hands: Hands, parallel: int = 2) -> "tuple[IndexJob, Said]":
    """A job that has its secrets."""
    job = IndexJob(order, parallel, hands)
    hands.job = job
    said = Said()
    job.listen(said)
    job.take_secrets(Secrets(order=order.id, **SECRETS))
    return job, said


def carried(path: str, size: Optional[int] = 10) -> CarriedFile:
    """A file of a pack."""
    return CarriedFile(path=path, sizeBytes=size, isSecret=size is None, knownHash=None, givenUp=None)


async def test_a_place_of_the_cluster_is_planned_read_and_ended() -> None:
    """Each file once, on nodes that have it, so many at a time, and never a secret in a work."""
    hands = Hands()
    job, said = job_of(order_of(CLUSTER), hands)
    await asyncio.wait_for(job.run(), 10)
    (report,) = said.of("report")
    assert (report["added"], report["removed"], report["unchanged"]) == (40, 2, 3)
    assert report["leftOut"] == [{"path": "no", "reason": "unreadable"}]
    assert report["nodes"] == {"203.0.113.2": 40}
    verbs = [work["order"]["verb"] for work in hands.works]
    assert (verbs[0], verbs[-1]) == ("plan", "finish")
    assert verbs.count("carry") == 3
    assert hands.most <= 2
    assert all(nodes == ["one", "two"] for nodes in hands.nodes_asked)
    assert "canary" not in json.dumps(hands.works)
    assert "canary" not in json.dumps(said.all)
    assert len(hands.works[-1]["order"]["seen"]) == 40
    assert hands.works[-1]["order"]["isWhole"] is True
    assert job.secrets is None


async def test_a_place_that_no_node_has_is_said() -> None:
    """With its name."""
    job, said = job_of(order_of({**CLUSTER, "root": "/nowhere"}), Hands())
    await asyncio.wait_for(job.run(), 10)
    (failed,) = said.of("failed")
    assert (failed["code"], failed["details"]) == ("index.not-found", {"path": "/nowhere"})


async def test_files_of_a_window_are_read_as_they_come() -> None:
    """And it hears of each."""
    hands = Hands()
    job, said = job_of(order_of(WINDOW), hands)
    running = asyncio.ensure_future(job.run())
    job.add_files("a" * 64, [carried("a.md"), carried("key.pem", None)])
    for _ in range(20):
        await asyncio.sleep(0)
    assert job.is_working is False
    job.add_files("b" * 64, [carried("b.md")])
    job.close_source(unchanged=7, of_files=3)
    await asyncio.wait_for(running, 10)
    told = [file["path"] for value in said.of("written") for file in value["files"]]
    assert sorted(told) == ["a.md", "b.md", "key.pem"]
    assert said.of("report")[0]["unchanged"] == 7
    carry = hands.works[0]
    assert (carry["pack"], carry["sizes"]) == ("a" * 64, [("a.md", 10)])


async def test_a_lost_node_costs_no_file_and_none_counts_twice() -> None:
    """Also not one that was written before the node was lost."""
    lost: list[str] = []

    def lose(hands: Hands, work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        order = work["order"]
        if order["verb"] == "carry" and len(lost) < 3:
            lost.append(work_id)
            assert hands.job is not None
            hands.job.heard(work_id, [{"t": "written", "files": [written(order["files"][0])]}])
            return {"ended": "lost", "message": "The node died."}
        return None

    job, said = job_of(order_of(CLUSTER), Hands(lose))
    await asyncio.wait_for(job.run(), 60)
    assert said.of("report")[0]["added"] == 40


async def test_what_a_lost_task_has_written_unsaid_counts_as_new() -> None:
    """The task after it finds it as it is."""
    lost: list[str] = []

    def lose(hands: Hands, work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        if work["order"]["verb"] != "carry":
            return None
        if not lost:
            lost.extend(file["path"] for file in work["order"]["files"])
            return {"ended": "lost", "message": "The node died."}
        fates = ["unchanged" if file["path"] in lost else "added" for file in work["order"]["files"]]
        assert hands.job is not None
        files = [written(file, fate) for file, fate in zip(work["order"]["files"], fates)]
        hands.job.heard(work_id, [{"t": "written", "files": files}])
        return {"ended": "done"}

    job, said = job_of(order_of(CLUSTER), Hands(lose))
    await asyncio.wait_for(job.run(), 60)
    report = said.of("report")[0]
    assert (report["added"], report["unchanged"]) == (40, 3)


async def test_the_file_that_a_program_falls_over_is_named_and_the_rest_is_read() -> None:
    """Whatever batch it is in."""

    def fall(_hands: Hands, _work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        files = work["order"].get("files", [])
        if any(file["path"] == "17.md" and file["givenUp"] is None for file in files):
            return {"ended": "crashed", "message": "code -9"}
        return None

    hands = Hands(fall)
    job, said = job_of(order_of(CLUSTER), hands)
    await asyncio.wait_for(job.run(), 60)
    report = said.of("report")[0]
    # One that has no passages is not counted as added.
    assert report["added"] == 39
    given_up = [file for work in hands.works for file in work["order"].get("files", []) if file["givenUp"] == "broken"]
    assert [file["path"] for file in given_up] == ["17.md"]


async def test_what_will_not_pass_ends_it_with_its_code() -> None:
    """And nothing more is begun."""

    def refuse(_hands: Hands, _work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        if work["order"]["verb"] != "carry":
            return None
        return {"ended": "failed", "code": "index.wrong-password", "message": "no", "details": {"server": "db"}}

    hands = Hands(refuse)
    job, said = job_of(order_of(CLUSTER), hands)
    await asyncio.wait_for(job.run(), 10)
    assert said.of("failed")[0]["code"] == "index.wrong-password"
    assert len(hands.works) <= 4


async def test_it_stops_when_it_is_told_to() -> None:
    """What runs hears of it with its next word."""
    hands = Hands()
    job, said = job_of(order_of(CLUSTER), hands)

    def stop(_hands: Hands, work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        if work["order"]["verb"] != "carry":
            return None
        job.cancel()
        assert job.heard(work_id, []) is False
        return {"ended": "stopped"}

    hands.behaviour = stop
    await asyncio.wait_for(job.run(), 10)
    assert said.of("failed")[0]["code"] == "cancelled"
    assert job.is_over


async def test_a_file_that_others_have_written_meanwhile_is_read_once_more() -> None:
    """As if the index did not have it."""
    seen: list[Any] = []

    def leave(hands: Hands, work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        order = work["order"]
        if order["verb"] != "carry" or seen:
            seen.extend(order.get("files", []))
            return None
        seen.append(None)
        assert hands.job is not None
        files = [written(file, "left") for file in order["files"]]
        hands.job.heard(work_id, [{"t": "written", "files": files}])
        return {"ended": "done"}

    job, said = job_of(order_of(CLUSTER), Hands(leave))
    await asyncio.wait_for(job.run(), 10)
    assert said.of("report")[0]["added"] == 40


async def test_a_pack_that_is_gone_is_asked_for_again() -> None:
    """Its files come with the next order."""
    hands = Hands(lambda _hands, _id, work: {"ended": "pack-missing"} if work["order"]["verb"] == "carry" else None)
    job, said = job_of(order_of(WINDOW), hands)
    job.add_files("a" * 64, [carried("a.md")])
    job.close_source(0, 1)
    await asyncio.wait_for(job.run(), 10)
    assert said.of("written")[0]["files"] == [{"path": "a.md", "hash": "", "fate": "lost"}]


async def test_an_embedder_that_fails_is_said_once_and_stops_nothing() -> None:
    """The index is searched by words."""

    def trouble(hands: Hands, work_id: str, work: "dict[str, Any]") -> "Optional[dict[str, Any]]":
        if work["order"].get("embedder") is not None:
            assert hands.job is not None
            hands.job.heard(work_id, [{"t": "embedding-problem", "code": "embedding.wrong-key", "message": "no"}])
        return None

    embedder = {"baseUrl": "http://e", "model": "m", "maxBatch": 8}
    hands = Hands(trouble)
    job, said = job_of(order_of(CLUSTER, embedder=embedder), hands)
    await asyncio.wait_for(job.run(), 10)
    assert [notice["code"] for notice in said.of("notice")] == ["embedding.wrong-key"]
    assert len(said.of("report")) == 1
    assert hands.works[-1]["order"]["embedder"] is None


def test_small_folders_are_shared_out_and_large_ones_in_large_batches() -> None:
    """Every file is in one batch, in its order."""
    few = batches_of([described(f"{n}") for n in range(100)], 2)
    assert [len(batch.files) for batch in few] == [16, 16, 16, 16, 16, 16, 4]
    many = batches_of([described(f"{n}") for n in range(10_000)], 2)
    assert max(len(batch.files) for batch in many) <= 256
    assert [file["path"] for batch in many for file in batch.files] == [f"{n}" for n in range(10_000)]
    large = [{**described(f"{n}"), "stamp": [20 * 1024 * 1024, 0, 0]} for n in range(3)]
    assert [len(batch.files) for batch in batches_of(large, 1)] == [1, 1, 1]


def test_after_crashes_a_batch_is_halved_until_the_file_is_alone() -> None:
    """Then it is given up, and after that left alone."""
    batch = Batch([described("a"), described("b")])
    for _ in range(2):
        (batch,) = after_crash(batch)
        assert len(batch.files) == 2
    halves = after_crash(batch)
    assert [len(half.files) for half in halves] == [1, 1]
    (given_up,) = after_crash(halves[0])
    assert given_up.files[0]["givenUp"] == "broken"
    assert after_crash(given_up) == []


@pytest.mark.parametrize(
    "body",
    [
        {"secrets": {"order": "o", "password": 5, "tlsKey": None, "embeddingKey": None}},
        {"order": {"id": ""}},
        {"files": {"order": "o", "pack": "no hash", "files": []}},
        {"files": {"order": "o", "pack": None, "files": []}, "last": {}},
        {"last": {"order": "o", "ofFiles": -1, "unchanged": 0}},
        [],
    ],
)
def test_what_nobody_may_say_is_refused_without_its_values(body: Any) -> None:
    """They may be passwords."""
    with pytest.raises(IndexBodyError) as refused:
        read_index_body(body)
    assert "no hash" not in str(refused.value)


def test_what_is_not_known_is_passed_over() -> None:
    """A newer window may say more."""
    assert read_index_body({"newer": 1}) is None
    assert read_index_body({"last": {"order": "o", "ofFiles": 1, "unchanged": 0, "newer": 1}}) == Last(
        order="o", ofFiles=1, unchanged=0
    )


def test_packs_are_laid_out_below_their_folder_and_nowhere_else(tmp_path: Path) -> None:
    """Whatever a window says."""
    pack = tmp_path / "pack"
    pack.write_bytes(b"firstsecond")
    folder = tmp_path / "work"
    folder.mkdir()
    _unpack(pack, [("a/one.md", 5), ("empty.md", 0), ("two.md", 6)], folder)
    found = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.md")}
    assert found == {"a/one.md": "first", "empty.md": "", "two.md": "second"}
    _unpack(None, [("none.md", 0)], folder)
    assert (folder / "none.md").read_text() == ""
    names = ["../out.md", "/etc/out.md", "a/../../out.md", "back\\slash.md", "x" * 300, "a", "half\ud800.md"]
    pack.write_bytes(b"12345" * (len(names) + 1))
    _unpack(pack, [*((name, 5) for name in names), ("last.md", 5)], folder)
    assert (folder / "last.md").read_text() == "12345"
    with pytest.raises(EOFError):
        _unpack(pack, [("long.md", 50000)], folder)
    assert not (tmp_path / "out.md").exists()


class FakeSystem:
    """A store as fsspec shows it."""

    files = {
        "bucket/docs/a.md": {"size": 3, "LastModified": datetime(2026, 1, 2, tzinfo=timezone.utc), "ETag": '"1"'},
        "bucket/docs/deep/b.md": {"size": 4, "mtime": 5.0},
        "bucket/docs/../evil.md": {"size": 1},
    }

    def find(self, path: str, detail: bool) -> "dict[str, Any]":
        """All below a path."""
        return {name: about for name, about in self.files.items() if name.startswith(path)} if detail else {}

    def exists(self, path: str) -> bool:
        """Nothing else is."""
        return bool(self.find(path, True))

    def isfile(self, path: str) -> bool:
        """Whether it is one."""
        return path in self.files

    def open(self, path: str, mode: str) -> Any:
        """Its content is its name."""
        return io.BytesIO(path.encode())


def test_files_of_a_store_have_plain_paths_and_marks_of_their_content(tmp_path: Path) -> None:
    """A path that leads out is passed over."""
    store = _FsspecStore(FakeSystem(), "bucket/docs/")
    found = dict(store.files())
    assert sorted(found) == ["a.md", "deep/b.md"]
    assert found["a.md"][:2] == (3.0, 1767312000000.0)
    assert found["a.md"][2] != found["a.md"][1]
    assert found["deep/b.md"] == (4.0, 5000.0, 5000.0)
    store.fetch("deep/b.md", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "bucket/docs/deep/b.md"
    one = _FsspecStore(FakeSystem(), "bucket/docs/a.md")
    assert [path for path, _ in one.files()] == ["a.md"]
    one.fetch("a.md", tmp_path / "a")
    assert (tmp_path / "a").read_text() == "bucket/docs/a.md"
    with pytest.raises(FileNotFoundError):
        list(_FsspecStore(FakeSystem(), "bucket/other").files())


def test_a_store_that_nothing_here_reads_is_said_and_one_with_keys_refused() -> None:
    """With the packages that would help."""
    assert is_store("s3://bucket/x") and not is_store("/data/x")
    with pytest.raises(StoreError, match="neither fsspec"):
        open_store("nosuchstore://bucket/x")
    with pytest.raises(StoreError) as refused:
        open_store("s3://key:canary@bucket/x")
    assert "canary" not in str(refused.value)
