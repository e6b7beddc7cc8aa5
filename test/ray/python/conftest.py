"""A cluster of one node for the tests that need one: with a token, without a dashboard, and gone when they are over.

The package travels as it does in the product: by the runtime environment of the jobs.
"""

import base64
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import pytest

PACKAGE = Path(__file__).parents[3] / "src" / "python"
START_WITHIN_S = 300


@dataclass(frozen=True)
class Answer:
    """Of the gateway."""

    status: int
    body: bytes
    headers: "dict[str, str]"


@dataclass(frozen=True)
class Cluster:
    """A head that runs, with ours on it. `token` is admitted."""

    address: str
    gateway: str
    token: str
    folder: Path
    package: Path
    environment: "dict[str, str]"

    def job(self, module: str, *arguments: str) -> "dict[str, Any]":
        """Runs a job to its end; returns its result."""
        ended = subprocess.run(
            [sys.executable, "-m", f"byzer_ray.{module}", *arguments],
            env=self.environment,
            cwd=self.package,
            capture_output=True,
            text=True,
            timeout=START_WITHIN_S,
            check=False,
        )
        lines = ended.stdout.splitlines()
        assert lines, ended.stderr[-2000:]
        result: dict[str, Any] = json.loads(lines[-1])
        return result

    def deploy(self, version: str, **changes: Any) -> "dict[str, Any]":
        """Runs the job `deploy`."""
        port = int(self.gateway.rpartition(":")[2])
        config = {
            "version": version,
            "http": {"host": "127.0.0.1", "port": port},
            "ray": {"min": "2.52.0", "below": "3"},
            **changes,
        }
        text = base64.urlsafe_b64encode(json.dumps(config).encode()).decode().rstrip("=")
        return self.job("deploy", "--config", text)

    def run(self, code: str) -> str:
        """Runs a driver of somebody else; returns what it prints."""
        environment = {name: value for name, value in self.environment.items() if name != "RAY_JOB_CONFIG_JSON_ENV_VAR"}
        ended = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-2000:]
        return ended.stdout

    def ask(
        self, method: str, path: str, body: Optional[bytes] = None, token: Optional[str] = None, timeout_s: float = 60
    ) -> Answer:
        """An HTTP request to the gateway, with the token that is admitted unless another is given."""
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        request = urllib.request.Request(f"{self.gateway}/byzer/v1/{path}", data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as response:
                return Answer(response.status, response.read(), {k.lower(): v for k, v in response.headers.items()})
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), {})

    def put(self, content: bytes) -> str:
        """Puts a content; returns its hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        assert self.ask("PUT", f"blobs/{sha256}", content).status in (201, 204)
        return sha256

    def admit(self, token: str) -> None:
        """Admits another token."""
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        assert self.job("admit", "--hash", token_hash, "--label", "test") == {"ok": True}


def pytest_collection_modifyitems(items: "list[pytest.Item]") -> None:
    """What removes ours from the cluster that all share comes last, whatever file it stands in."""
    items.sort(key=lambda item: item.get_closest_marker("removes") is not None)


def _free_ports(count: int) -> "list[int]":
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster, with ours deployed as version ``first``."""
    # Short: paths of sockets have at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    gcs, http, agent, client = _free_ports(4)
    home = folder / "home"
    home.mkdir()
    package = folder / "package"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(Path(__file__).with_name("stand_in_model.py"), package)
    token = secrets.token_urlsafe(32)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": tempfile.gettempdir(),
        "RAY_ADDRESS": f"127.0.0.1:{gcs}",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": f"canary-of-ray-{secrets.token_hex(16)}",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_enable_worker_prestart": "0",
        # A busy machine starts slowly.
        "RAY_raylet_start_wait_time_s": "240",
        # A key of somebody who started the cluster.
        "OPENAI_API_KEY": "sk-canary0123456789canary",
        "RAY_JOB_CONFIG_JSON_ENV_VAR": json.dumps({"runtime_env": {"working_dir": str(package)}}),
    }
    started = {name: value for name, value in environment.items() if not name.startswith("RAY_JOB")}
    started["PYTHONUNBUFFERED"] = "1"
    ray = str(Path(sys.executable).with_name("ray"))
    arguments = [
        f"--port={gcs}",
        f"--dashboard-agent-listen-port={agent}",
        f"--temp-dir={folder / 'ray'}",
        "--node-ip-address=127.0.0.1",
        "--include-dashboard=false",
        f"--ray-client-server-port={client}",
        "--num-cpus=4",
        "--object-store-memory=200000000",
        "--disable-usage-stats",
        "--block",
    ]
    log = open(folder / "ray.log", "w", encoding="utf-8")  # noqa: SIM115 - closed below
    head = subprocess.Popen(
        [ray, "start", "--head", *arguments], env=started, stdout=log, stderr=log, start_new_session=True
    )
    cluster = Cluster(f"127.0.0.1:{gcs}", f"http://127.0.0.1:{http}", token, folder, package, environment)
    try:
        _wait_for(cluster, head)
        deployed = cluster.deploy("first")
        assert deployed["ok"], deployed
        cluster.admit(token)
        yield cluster
    finally:
        head.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            head.wait(5)
        _end_group(head.pid)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(cluster: Cluster, head: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_WITHIN_S
    log = cluster.folder / "ray.log"
    while time.monotonic() < deadline and head.poll() is None:
        if "Ray runtime started" in log.read_text("utf-8"):
            return
        time.sleep(0.5)
    raise AssertionError(log.read_text("utf-8")[-3000:])


def _end_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
