"""Who is let in, what is kept, and what runs there, by the gateway of a real cluster."""

import hashlib
import json
import os

import pytest
from websockets.asyncio.client import connect

from conftest import Cluster
from window import Window

pytestmark = pytest.mark.cluster

ABSENT = {"kind": "kernel", "name": "nobody", "create": None}


def test_health_tells_strangers_nothing(cluster: Cluster) -> None:
    """But that it is there."""
    answer = cluster.ask("GET", "health", token="wrong")
    assert json.loads(answer.body) == {"byzer": 1}


def test_status_needs_an_admitted_token(cluster: Cluster) -> None:
    """And names versions and nodes."""
    assert cluster.ask("GET", "status", token="wrong").status == 403
    assert cluster.ask("GET", "status", token="").status == 401
    status = json.loads(cluster.ask("GET", "status").body)
    assert status["server"]["ray"].startswith("2.")
    assert [node["isHead"] for node in status["nodes"]] == [True]
    assert status["nodes"][0]["cpus"] == 4


async def test_a_wrong_token_is_refused_on_the_link(cluster: Cluster) -> None:
    """With a word of the protocol, then with a code of the WebSocket."""
    answer = await Window(cluster.gateway, "wrong", ABSENT).open()
    assert (answer["t"], answer["code"], answer["websocket"]) == ("refused", "token", 4401)


@pytest.mark.parametrize("text", ["nonsense", '{"t":"ping","n":1}', '{"v":2,"t":"hello","token":"x","window":"w"}'])
async def test_a_link_that_does_not_begin_with_a_hello_is_refused(cluster: Cluster, text: str) -> None:
    """Whatever it says."""
    async with connect(f"{cluster.gateway.replace('http', 'ws')}/byzer/v1/link") as socket:
        await socket.send(text)
        refused = json.loads(await socket.recv())
        assert (refused["t"], refused["code"]) == ("refused", "hello")
        await socket.wait_closed()
        assert socket.close_code == 4400


async def test_what_is_not_there_is_not_made(cluster: Cluster) -> None:
    """Where nobody says how."""
    answer = await Window(cluster.gateway, cluster.token, ABSENT).open()
    assert answer["reason"]["code"] == "gone"


@pytest.mark.parametrize(
    ("create", "code"),
    [
        ({"title": "t", "cpus": 1000, "memoryBytes": 0}, "resources"),
        ({"title": "t", "cpus": 0, "memoryBytes": 1 << 50}, "resources"),
        ({"title": "t", "cpus": 0, "memoryBytes": 0, "resources": {"unheard-of": 1}}, "resources"),
        ({"title": "t", "cpus": -1, "memoryBytes": 0}, "refused"),
        ({"cpus": 1}, "refused"),
    ],
)
async def test_what_cannot_be_made_says_why_at_once(cluster: Cluster, create: "dict[str, object]", code: str) -> None:
    """Rather than wait for a node that never comes."""
    target = {"kind": "kernel", "name": "impossible", "create": create}
    answer = await Window(cluster.gateway, cluster.token, target).open()
    assert answer["reason"]["code"] == code
    status = json.loads(cluster.ask("GET", "status").body)
    assert "impossible" not in [child["name"] for child in status["children"]]


async def test_an_unknown_kind_is_refused(cluster: Cluster) -> None:
    """By name."""
    target = {"kind": "database", "name": "x", "create": {"title": "t", "cpus": 0, "memoryBytes": 0}}
    answer = await Window(cluster.gateway, cluster.token, target).open()
    assert answer["reason"]["code"] == "refused"
    assert "database" in answer["reason"]["message"]


def test_a_content_is_kept_by_its_hash(cluster: Cluster) -> None:
    """Once."""
    content = os.urandom(3_000_000)
    sha256 = hashlib.sha256(content).hexdigest()
    assert cluster.ask("HEAD", f"blobs/{sha256}").status == 404
    assert cluster.ask("GET", f"blobs/{sha256}").status == 404
    assert cluster.ask("PUT", f"blobs/{sha256}", content).status == 201
    assert cluster.ask("PUT", f"blobs/{sha256}", content).status == 204
    head = cluster.ask("HEAD", f"blobs/{sha256}")
    assert (head.status, head.headers["x-byzer-size"]) == (200, "3000000")
    assert cluster.ask("GET", f"blobs/{sha256}").body == content


def test_a_content_that_is_not_what_its_hash_says_is_refused(cluster: Cluster) -> None:
    """And not kept."""
    sha256 = hashlib.sha256(b"this").hexdigest()
    assert cluster.ask("PUT", f"blobs/{sha256}", b"that").status == 400
    assert cluster.ask("HEAD", f"blobs/{sha256}").status == 404


@pytest.mark.parametrize("name", ["abc", "A" * 64, "..%2f..%2fetc%2fpasswd", "0" * 63 + "g"])
def test_what_is_no_hash_is_refused(cluster: Cluster, name: str) -> None:
    """Before a path is made of it."""
    assert cluster.ask("PUT", f"blobs/{name}", b"x").status in (400, 404, 405)


def test_contents_need_an_admitted_token(cluster: Cluster) -> None:
    """All ways."""
    sha256 = cluster.put(b"of somebody")
    for method in ("GET", "HEAD", "PUT"):
        assert cluster.ask(method, f"blobs/{sha256}", b"x" if method == "PUT" else None, token="wrong").status == 403


async def test_a_second_link_of_a_window_replaces_the_first(cluster: Cluster) -> None:
    """A window that lost its link need not wait until the gateway notices."""
    url = f"{cluster.gateway.replace('http', 'ws')}/byzer/v1/link"
    hello = json.dumps({"v": 1, "t": "hello", "token": cluster.token, "window": "same"})
    async with connect(url) as first, connect(url) as second:
        await first.send(hello)
        await first.recv()
        await second.send(hello)
        await second.recv()
        await first.wait_closed()
        assert first.close_code == 4409
        await second.send('{"t":"ping","n":7}')
        assert json.loads(await second.recv()) == {"t": "pong", "n": 7}
