"""The interpreter on a real cluster."""

import asyncio
import contextlib
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from conftest import Cluster
from window import Window

pytestmark = pytest.mark.cluster

SLEEPER = "import time\nprint('up', flush=True)\ntime.sleep(60)"
CREATE = {"title": "births.csv", "cpus": 0, "memoryBytes": 0}


def kernel(cluster: Cluster, name: str, window: str = "window-1", **create: Any) -> Window:
    """A window that has not opened it yet."""
    return Window(
        cluster.gateway, cluster.token, {"kind": "kernel", "name": name, "create": {**CREATE, **create}}, window
    )


async def run(window: Window, cell: str, code: str, within_s: float = 60) -> "tuple[str, list[Any]]":
    """Runs a cell to its end; returns its status and its outputs, text of one stream joined."""
    await window.post({"line": {"t": "run", "cell": cell, "code": code}})
    return await ended(window, cell, within_s)


async def ended(window: Window, cell: str, within_s: float = 60) -> "tuple[str, list[Any]]":
    """Waits for a cell to end."""
    done = await window.body(lambda body: _says(body, "done", cell), within_s)
    outputs = [body["line"]["output"] for body in window.bodies if _says(body, "output", cell)]
    return done["line"]["status"], outputs


def _says(body: Any, kind: str, cell: str) -> bool:
    line = body.get("line")
    return line is not None and line["t"] == kind and line.get("cell") == cell


def _shown(window: Window) -> str:
    return "".join(body.get("terminal", "") for body in window.bodies)


def _text(outputs: "list[Any]") -> str:
    return "".join(output["text"] for output in outputs if output["type"] == "text")


async def test_cells_run_and_remember(cluster: Cluster) -> None:
    """And its greeting tells where."""
    async with kernel(cluster, "cells") as window:
        about = window.opened["about"]
        assert window.opened["fresh"] is True
        assert about["hello"]["version"].startswith("3.")
        assert "token" not in about["hello"]
        assert await run(window, "a", "x = 20") == ("ok", [])
        status, outputs = await run(window, "b", "print(x + 1); 1 / 0")
        assert status == "error"
        assert _text(outputs) == "21\n"
        assert outputs[-1]["name"] == "ZeroDivisionError"


async def test_no_key_and_no_token_is_in_its_environment(cluster: Cluster) -> None:
    """Ray's token is in its parent's."""
    async with kernel(cluster, "environment") as window:
        _, outputs = await run(window, "a", "import os\nprint(dict(os.environ))")
        assert "canary" not in _text(outputs)
        assert "RAY_ADDRESS" in _text(outputs)


async def test_a_cell_is_interrupted(cluster: Cluster) -> None:
    """By the protocol, and its variables stay."""
    async with kernel(cluster, "interrupt") as window:
        await run(window, "a", "x = 1")
        await window.post({"line": {"t": "run", "cell": "b", "code": SLEEPER}})
        await window.body(lambda body: _says(body, "output", "b"))
        await window.post({"line": {"t": "interrupt", "cell": "b", "reason": "stop"}})
        assert (await ended(window, "b", 10))[0] == "interrupted"
        assert _text((await run(window, "c", "print(x)"))[1]) == "1\n"


async def test_ctrl_c_of_the_terminal_interrupts_too(cluster: Cluster) -> None:
    """As a signal by the actor, and as a key that is typed."""
    async with kernel(cluster, "signal") as window:
        for cell, body in (("a", {"signal": "interrupt"}), ("b", {"typed": "\x03"})):
            await window.post({"line": {"t": "run", "cell": cell, "code": SLEEPER}})
            await window.body(lambda body, cell=cell: _says(body, "output", cell))  # type: ignore[misc]
            await window.post(body)
            assert (await ended(window, cell, 10))[0] == "interrupted"


async def test_a_cell_asks_and_somebody_types(cluster: Cluster) -> None:
    """In the terminal, which is shown on the way."""
    async with kernel(cluster, "typing", columns=99) as window:
        code = "import os\nprint(input('who? '), os.get_terminal_size(0).columns)"
        await window.post({"line": {"t": "run", "cell": "a", "code": code}})
        await window.body(lambda body: body.get("line") == {"t": "waiting", "waiting": True})
        await window.post({"size": {"columns": 88, "rows": 20}})
        await window.post({"typed": "Zoë\r"})
        status, outputs = await ended(window, "a")
        assert (status, _text(outputs)) == ("ok", "who? Zoë 88\n")
        # What the terminal shows is gathered for a moment, and comes in pieces.
        await window.body(lambda _body: all(said in _shown(window) for said in ("births.csv", "who? ")))


async def test_a_cell_that_wants_too_much_memory_ends_alone(cluster: Cluster) -> None:
    """With the reason; the interpreter and its variables stay."""
    async with kernel(cluster, "memory", memoryBytes=2 << 30) as window:
        await run(window, "a", "x = 1")
        status, outputs = await run(window, "b", "y = bytearray(3 << 30)")
        assert (status, outputs[-1]["name"]) == ("error", "MemoryError")
        assert (await run(window, "c", "x"))[0] == "ok"


async def test_files_are_put_where_a_cell_finds_them(cluster: Cluster) -> None:
    """Below its working folder and nowhere else; what the cluster lacks is named."""
    sha256 = cluster.put("a,b\n1,é\n".encode())
    missing = "0" * 64
    async with kernel(cluster, "files") as window:
        file = {"sha256": sha256, "sizeBytes": 8, "modifiedMs": 1_000_000_000_000}
        await window.post({"place": {"id": 1, "files": [{"path": "data/über.csv", **file}]}})
        assert await window.named("placed") == {"id": 1, "problem": None, "missing": []}
        _, outputs = await run(
            window, "a", "import os\nprint(open('data/über.csv').read(), os.stat('data/über.csv').st_mtime)"
        )
        assert _text(outputs) == "a,b\n1,é\n 1000000000.0\n"
        await run(window, "b", "os.symlink('/tmp', 'data/out')")
        for path in ("../x", "/tmp/x", "data/out/x", "data//x", ""):
            await window.post({"place": {"id": 2, "files": [{"path": path, **file}]}})
            assert (await window.named("placed"))["problem"] is not None
        await window.post({"place": {"id": 3, "files": [{"path": "y", "sha256": missing, "sizeBytes": 1}]}})
        placed = await window.named("placed")
        assert placed["missing"] == [missing]
        assert placed["problem"] is not None


async def test_what_a_cell_wrote_is_told_until_a_window_has_dealt_with_it(cluster: Cluster) -> None:
    """After each cell, also where Python ends with it; what was put there is not told."""
    sha256 = cluster.put(b"laid")
    async with kernel(cluster, "written") as window:
        file = {"sha256": sha256, "sizeBytes": 4, "modifiedMs": 1_000_000_000_000}
        await window.post({"place": {"id": 1, "files": [{"path": "laid.csv", **file}]}})
        await window.named("placed")
        await run(window, "a", "import os; os.mkdir('sub'); open('sub/new.csv', 'w').write('new')")
        written = await window.named("written")
        assert (written["cell"], [entry["path"] for entry in written["files"]]) == ("a", ["sub/new.csv"])
        assert cluster.ask("GET", f"blobs/{written['files'][0]['sha256']}").body == b"new"
        await window.cut_link()
        assert (await window.open())["about"]["written"] == [written]
        await window.post({"brought": written["id"]})
        window.bodies.clear()
        await run(window, "b", "open('laid.csv', 'a').write('!'); 1/0")
        changed = await window.named("written")
        assert (changed["cell"], [entry["path"] for entry in changed["files"]]) == ("b", ["laid.csv"])
        await window.cut_link()
        assert (await window.open())["about"]["written"] == [changed]
        window.bodies.clear()
        await window.post({"line": {"t": "run", "cell": "c", "code": "open('last', 'w').write('x'); os._exit(3)"}})
        last = await window.named("written")
        assert (last["cell"], [entry["path"] for entry in last["files"]]) == ("c", ["last"])
        assert (await window.named("exited"))["code"] == 3


async def test_pictures_come_before_the_output_that_names_them(cluster: Cluster) -> None:
    """Small ones inside the body, large ones by their hash."""
    async with kernel(cluster, "pictures") as window:
        # Building its cache of fonts, which is new here, it says so where that takes long.
        await run(window, "fonts", "import matplotlib.pyplot as plt", 120)
        window.bodies.clear()
        status, outputs = await run(window, "a", "plt.plot([1, 2]); plt.title('T'); plt.show()", 120)
        assert (status, outputs[0]["type"]) == ("ok", "image")
        names = [next(iter(body)) for body in window.bodies]
        file = next(body["file"] for body in window.bodies if "file" in body)
        assert file["name"] == outputs[0]["file"]
        assert names.index("file") < [_says(body, "output", "a") for body in window.bodies].index(True)
        large = "np.random.randint(0, 255, (700, 700, 3), dtype='uint8')"
        await run(window, "b", f"import numpy as np\nfrom PIL import Image\nImage.fromarray({large})")
        file = next(body["file"] for body in window.bodies if body.get("file", {}).get("sizeBytes", 0) > 500_000)
        content = cluster.ask("GET", f"blobs/{file['sha256']}").body
        assert content.startswith(b"\x89PNG")
        assert len(content) == file["sizeBytes"]


async def test_a_link_that_is_cut_loses_nothing_and_runs_nothing_twice(cluster: Cluster) -> None:
    """While a cell runs, and while the window goes on writing."""
    async with kernel(cluster, "cut") as window:
        await run(window, "a", "n = 0")
        code = "import time\nfor i in range(200):\n    print(i, flush=True); time.sleep(0.01)"
        await window.post({"line": {"t": "run", "cell": "b", "code": code}})
        await asyncio.sleep(0.5)
        for _ in range(3):
            await window.cut_link()
            await window.post({"line": {"t": "run", "cell": f"n{window.received}", "code": "n += 1"}})
            await asyncio.sleep(0.3)
            assert (await window.open())["fresh"] is False
            await asyncio.sleep(0.2)
        status, outputs = await ended(window, "b")
        assert status == "ok"
        assert _text(outputs) == "".join(f"{number}\n" for number in range(200))
        assert _text((await run(window, "z", "print(n)"))[1]) == "3\n"
        assert window.cut == 0


async def test_a_second_window_takes_over(cluster: Cluster) -> None:
    """It finds the variables and what runs; the first is told."""
    first = kernel(cluster, "taken", "first")
    await first.open()
    await run(first, "a", "x = 7")
    await first.post({"line": {"t": "run", "cell": "b", "code": "import time\ntime.sleep(1)\nprint('late')"}})
    await asyncio.sleep(0.2)
    second = kernel(cluster, "taken", "second")
    opened = await second.open()
    assert (opened["fresh"], opened["received"], opened["about"]["running"]) == (False, 0, "b")
    assert (await first.until_closed())["reason"]["code"] == "taken"
    assert _text((await ended(second, "b"))[1]) == "late\n"
    assert _text((await run(second, "c", "print(x)"))[1]) == "7\n"
    await first.leave()
    await second.leave()


async def test_an_interpreter_that_ends_says_how(cluster: Cluster) -> None:
    """A new one is made only when somebody asks for it, and it is new."""
    async with kernel(cluster, "exit") as window:
        await run(window, "a", "x = 1")
        await window.post(
            {"line": {"t": "run", "cell": "b", "code": "import os\nos.write(1, b'last words')\nos._exit(5)"}}
        )
        story = await window.named("exited")
        assert (story["code"], story["reason"]) == (5, "itself")
        assert (await window.until_closed())["reason"]["code"] == "exited"
        await window.cut_link()
        window.opened = {}
        opened = await window.open()
        assert opened["fresh"] is True
        status, outputs = await run(window, "c", "print('x' in globals())")
        assert _text(outputs) == "False\n"


async def test_a_kill_is_told_as_one(cluster: Cluster) -> None:
    """Whoever did it."""
    async with kernel(cluster, "killed") as window:
        await window.post({"signal": "kill"})
        story = await window.named("exited")
        assert (story["code"], story["reason"]) == (-9, "killed")
        assert (await window.until_closed())["reason"]["code"] == "exited"


async def test_a_lost_actor_is_told_and_leaves_no_python_behind(cluster: Cluster) -> None:
    """It is never made again in silence: its variables are gone."""
    async with kernel(cluster, "lost") as window:
        pid = window.opened["about"]["hello"]["pid"]
        _, outputs = await run(window, "a", "import os\nprint(os.getppid())")
        supervisor = int(_text(outputs))
        actor = _parent(supervisor)
        os.kill(actor, signal.SIGKILL)
        closed = await window.until_closed(60)
        assert closed["reason"]["code"] == "lost"
        for _ in range(100):
            if not Path(f"/proc/{pid}").exists():
                break
            await asyncio.sleep(0.1)
        assert not Path(f"/proc/{pid}").exists()


async def test_it_ends_when_it_is_asked_to(cluster: Cluster) -> None:
    """And its folder is gone."""
    window = kernel(cluster, "ending")
    await window.open()
    folder = Path(window.opened["about"]["workingDirectory"])
    assert folder.exists()
    await window.leave(end=True)
    assert not folder.exists()
    assert (await Window(cluster.gateway, cluster.token, {**window.target, "create": None}).open())["reason"][
        "code"
    ] == "gone"


async def test_it_ends_itself_where_nobody_uses_it(cluster: Cluster) -> None:
    """A window that was closed for good would keep its memory for ever."""
    window = kernel(cluster, "idle", idleS=1)
    await window.open()
    await asyncio.sleep(3)
    assert (await run(window, "a", "1"))[0] == "ok"
    await window.leave()
    for _ in range(40):
        await asyncio.sleep(0.5)
        names = [child["name"] for child in json.loads(cluster.ask("GET", "status").body)["children"]]
        if "idle" not in names:
            break
    assert "idle" not in names


async def test_many_lines_come_in_order(cluster: Cluster) -> None:
    """More than is under way at a time."""
    async with kernel(cluster, "much") as window:
        code = "for i in range(3000):\n    display_id = i\n    print('x' * 1000, i)"
        status, _ = await run(window, "a", code, 120)
        assert status == "ok"


def _parent(pid: int) -> int:
    with contextlib.suppress(FileNotFoundError):
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
    raise AssertionError(f"there is no process {pid}")
