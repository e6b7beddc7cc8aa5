"""A group of agents on a real cluster, with a program that echoes."""

import asyncio
import json
import os
import signal
import time
from pathlib import Path
from typing import Any, Optional

import pytest

from byzer_ray.node_runtime import find_node
from conftest import Cluster
from window import Window

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(find_node() is None, reason="there is no Node 22 or newer on the path"),
]

PROGRAM = Path(__file__).with_name("echo-group.mjs")
# A lost actor comes back with a Python and a Node of its own, for which a busy machine takes its time.
BACK_WITHIN_S = 300


def group(cluster: Cluster, name: str, window: str = "window-1", **create: Any) -> Window:
    """A window that has not opened it yet."""
    bundle = cluster.put(PROGRAM.read_bytes())
    made = {"title": "Readers", "cpus": 0, "memoryBytes": 0, "bundle": bundle, **create}
    return Window(cluster.gateway, cluster.token, {"kind": "group", "name": name, "create": made}, window)


async def heard(window: Window, member: str, within_s: float = 60) -> Any:
    """The value of `member` in the next line with it."""
    body = await window.body(lambda body: member in (body.get("line") or {}), within_s)
    return body["line"][member]


async def test_messages_go_both_ways(cluster: Cluster) -> None:
    """Kept or passing."""
    async with group(cluster, "echo", settings={"model": "m"}) as window:
        assert window.opened["fresh"] is True
        await window.post({"line": {"x": "é\U0001f600"}})
        assert await heard(window, "echo") == {"x": "é\U0001f600"}
        await window.post({"passing": 5})
        assert await window.named("passing") == {"echo": 5}
        await window.post({"line": {"tell": "before"}})
        begin = await heard(window, "begin")
        assert (begin["name"], begin["title"], begin["settings"], begin["lives"]) == (
            "echo",
            "Readers",
            {"model": "m"},
            1,
        )


async def test_no_key_is_in_its_environment_and_its_memory_is_limited(cluster: Cluster) -> None:
    """As for interpreters."""
    async with group(cluster, "environment", memoryBytes=1 << 30) as window:
        await window.post({"line": {"tell": "environment"}})
        body = await window.body(lambda body: "environment" in (body.get("line") or {}))
        assert "canary" not in str(body["line"]["environment"])
        assert body["line"]["args"] == ["--max-old-space-size=819"]


async def test_a_program_that_crashes_is_started_again_with_what_was_said(cluster: Cluster) -> None:
    """But not with what only passed."""
    async with group(cluster, "crash") as window:
        await window.post({"line": "first"})
        assert await heard(window, "echo") == "first"
        await window.post({"passing": {"secret": "canary"}})
        assert await window.named("passing") == {"hasSecret": True}
        await window.post({"line": {"crash": 3}})
        story = await window.named("restarted")
        assert (story["code"], story["reason"]) == (3, "itself")
        assert "crashing as asked" in story["tail"]
        await window.post({"line": {"tell": "before"}})
        before = (await window.body(lambda body: "told" in (body.get("line") or {})))["line"]
        assert before["begin"]["lives"] == 2
        assert before["secret"] is None
        assert before["told"][:2] == [["window", "window-1", "first"], ["group", None, {"echo": "first"}]]
        assert window.closed is None


async def test_a_program_that_always_crashes_is_given_up(cluster: Cluster) -> None:
    """With the reason, rather than for ever."""
    async with group(cluster, "hopeless") as window:
        for _ in range(3):
            await window.post({"line": {"crash": 9}})
            await window.named("restarted")
        await window.post({"line": {"crash": 9}})
        story = await window.named("exited")
        assert story["code"] == 9
        assert (await window.until_closed())["reason"]["code"] == "exited"


async def test_a_killed_actor_comes_back_and_nothing_is_lost_or_said_twice(cluster: Cluster) -> None:
    """While messages go on; the numbering goes on, too."""
    window = group(cluster, "phoenix")
    epoch = (await window.open())["epoch"]
    sent: list[int] = []
    pid = await _actor_of(cluster, "group:phoenix")
    for number in range(400):
        if number == 150:
            os.kill(pid, signal.SIGKILL)
        if window.closed is not None:
            assert window.closed["reason"]["code"] == "restarted"
            await window.cut_link()
            opened = await window.open()
            assert (opened["t"], opened["epoch"], opened["fresh"]) == ("opened", epoch, False)
        await window.post({"line": number})
        sent.append(number)
        await asyncio.sleep(0.002)
    if window.closed is not None or number < 399:
        await window.cut_link()
    await _until_answered(window, sent)
    await window.leave()


async def _until_answered(window: Window, sent: "list[int]") -> None:
    """Every message was heard once, and the answers that came, came once. A message that was lost with the program
    before it was answered is in the transcript, for agents to answer."""
    for _ in range(120):
        if window.closed is not None:
            await window.cut_link()
            assert (await window.open())["t"] == "opened"
        answers = [body["line"]["echo"] for body in window.bodies if "echo" in (body.get("line") or {})]
        if sent[-1] in answers:
            break
        await asyncio.sleep(0.5)
    assert sent[-1] in answers
    assert len(answers) == len(set(answers))
    assert answers == sorted(answers)
    await window.post({"line": {"tell": "before"}})
    told = await heard(window, "told")
    replayed = [body for sender, _, body in told if sender == "window" and isinstance(body, int)]
    assert replayed == sent[: len(replayed)]
    assert set(sent) <= set(answers) | set(replayed)


async def test_it_is_found_again_by_another_window(cluster: Cluster) -> None:
    """With what was said while nobody was there."""
    first = group(cluster, "outlives", "first")
    await first.open()
    await first.post({"line": {"count": 50}})
    await heard(first, "number")
    await first.leave()
    second = Window(cluster.gateway, cluster.token, {"kind": "group", "name": "outlives", "create": None}, "second")
    assert (await second.open())["fresh"] is False
    numbers = [await heard(second, "number") for _ in range(50)]
    assert numbers == list(range(50))
    await second.leave(end=True)
    assert (await second.open())["reason"]["code"] == "gone"


async def test_thousands_of_messages_come_in_order(cluster: Cluster) -> None:
    """More than are written down at a time."""
    async with group(cluster, "many") as window:
        for kind in ("line", "passing"):
            await window.post({kind: {"count": 5000}})
            numbers = [(await window.body(lambda body, kind=kind: kind in body))[kind]["number"] for _ in range(5000)]  # type: ignore[misc]
            assert numbers == list(range(5000))


async def test_it_goes_on_without_a_window(cluster: Cluster) -> None:
    """Also when its actor is lost."""
    window = group(cluster, "alone")
    await window.open()
    await window.post({"line": "before"})
    await heard(window, "echo")
    actor = await _actor_of(cluster, "group:alone")
    await window.leave()
    os.kill(actor, signal.SIGKILL)
    pid: Optional[int] = None
    deadline = time.monotonic() + BACK_WITHIN_S
    while (pid is None or _parent(_parent(pid)) == actor) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        children = json.loads((await asyncio.to_thread(cluster.ask, "GET", "status")).body)["children"]
        pid = next(child.get("pid") for child in children if child["name"] == "alone")
    assert pid is not None, f"nobody was back within {BACK_WITHIN_S} s"
    assert _parent(_parent(pid)) != actor
    assert (await window.open())["about"]["lives"] == 2
    await window.leave()


async def _actor_of(cluster: Cluster, key: str) -> int:
    """The process id of an actor: the parent of the supervisor of its program."""
    status = json.loads((await asyncio.to_thread(cluster.ask, "GET", "status")).body)
    child = next(child for child in status["children"] if f"{child['kind']}:{child['name']}" == key)
    return _parent(_parent(child["pid"]))


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
