"""What the jobs do to a cluster, and what they leave alone."""

import asyncio
import json
import os
import signal
import urllib.request
from pathlib import Path

import pytest

from conftest import Cluster
from test_kernel import kernel, run

pytestmark = pytest.mark.cluster

OTHER = """
from fastapi import FastAPI
from ray import serve
import ray
ray.init(address="auto", namespace="somebody", log_to_driver=False)
@serve.deployment(ray_actor_options={"num_cpus": 0})
class Other:
    def __call__(self, request): return "somebody's"
serve.run(Other.bind(), name="somebody", route_prefix="/somebody")
"""


@pytest.fixture(scope="module")
def somebody(cluster: Cluster) -> None:
    """Somebody else's application is there, too."""
    cluster.run(OTHER)


def others_answer(cluster: Cluster) -> str:
    """What somebody else's application says."""
    with urllib.request.urlopen(f"{cluster.gateway}/somebody", timeout=30) as response:
        return str(response.read().decode())


def test_a_ray_out_of_range_is_refused(cluster: Cluster) -> None:
    """With both versions."""
    refused = cluster.deploy("x", ray={"min": "1.0", "below": "2.10"})
    assert (refused["ok"], refused["code"]) == (False, "ray-version")
    assert refused["values"]["found"].startswith("2.")
    assert cluster.deploy("x", ray={"min": "3.1", "below": "4"})["code"] == "ray-version"


def test_a_hash_that_is_none_is_refused(cluster: Cluster) -> None:
    """Before anything is written."""
    assert cluster.job("admit", "--hash", "abc")["code"] == "hash"


async def test_a_newer_version_takes_the_place_and_children_live_on(cluster: Cluster, somebody: None) -> None:
    """And somebody else's application is not touched; the same and an older one change nothing."""
    window = kernel(cluster, "kept")
    await window.open()
    await run(window, "a", "x = 41")
    deployed = await asyncio.to_thread(cluster.deploy, "1.1.0+b", admit=["0" * 64])
    assert (deployed["ok"], deployed["version"], deployed["admitted"]) == (True, "1.1.0+b", True)
    await window.cut_link()
    opened = await window.open()
    assert opened["fresh"] is False
    _, outputs = await run(window, "b", "print(x + 1)")
    assert outputs[0]["text"] == "42\n"
    for version in ("1.1.0+b", "1.0.9+c"):
        assert (await asyncio.to_thread(cluster.deploy, version))["version"] == "1.1.0+b"
    assert window.closed is None
    await window.leave()
    assert others_answer(cluster) == "somebody's"
    status = json.loads(cluster.ask("GET", "status").body)
    assert status["server"]["version"] == "1.1.0+b"


async def test_a_killed_gateway_comes_back_and_loses_nothing(cluster: Cluster) -> None:
    """Cells go on meanwhile."""
    window = kernel(cluster, "gatewayless")
    await window.open()
    code = "import time\nfor i in range(100):\n    print(i, flush=True); time.sleep(0.05)"
    await window.post({"line": {"t": "run", "cell": "a", "code": code}})
    await asyncio.sleep(0.5)
    os.kill(_replica(cluster), signal.SIGKILL)
    await asyncio.sleep(0.5)
    await window.cut_link()
    for _ in range(120):
        try:
            opened = await window.open()
            break
        except Exception:  # noqa: BLE001 - whatever a gateway that is not there looks like
            await asyncio.sleep(0.5)
    assert opened["fresh"] is False
    await window.body(lambda body: (body.get("line") or {}).get("t") == "done")
    texts = [body["line"]["output"]["text"] for body in window.bodies if "output" in (body.get("line") or {})]
    assert "".join(texts) == "".join(f"{number}\n" for number in range(100))
    await window.leave()


def test_no_token_is_in_any_log(cluster: Cluster) -> None:
    """Of Ray, of Serve, of ours; nor is a key that whoever started the cluster had."""
    secrets = [cluster.token, cluster.environment["RAY_AUTH_TOKEN"], "sk-canary"]
    seen = 0
    for path in (cluster.folder / "ray").rglob("*"):
        if path.is_file() and not path.is_symlink() and "runtime_resources" not in path.parts:
            text = path.read_bytes()
            seen += 1
            if path.name == "ray-token":
                assert path.stat().st_mode & 0o077 == 0
                continue
            assert not [secret for secret in secrets if secret.encode() in text], path
    assert seen > 20


@pytest.mark.removes
async def test_everything_of_ours_is_removed_and_nothing_else(cluster: Cluster, somebody: None) -> None:
    """Applications, actors, programs, folders."""
    window = kernel(cluster, "last")
    await window.open()
    pid = window.opened["about"]["hello"]["pid"]
    folder = Path(window.opened["about"]["workingDirectory"])
    removed = await asyncio.to_thread(cluster.job, "remove")
    assert removed["ok"], removed
    assert removed["removed"]["application"] is True
    assert removed["removed"]["actors"] >= 2
    assert not Path(f"/proc/{pid}").exists()
    assert not folder.exists()
    assert others_answer(cluster) == "somebody's"
    assert cluster.ask("GET", "health").status == 404
    await window.cut_link()
    await asyncio.to_thread(cluster.run, OTHER.replace("/somebody", "/byzer"))
    refused = await asyncio.to_thread(cluster.deploy, "2.0.0+a")
    assert (refused["ok"], refused["code"]) == (False, "prefix-taken")
    assert refused["values"]["application"] == "somebody"


def _replica(cluster: Cluster) -> int:
    """The process id of the gateway's replica of this cluster: Ray names its processes."""
    node = str(cluster.folder)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if b"ServeReplica:byzer:gateway" in command and node.encode() in environment:
                return int(entry.name)
    raise AssertionError("there is no gateway")
