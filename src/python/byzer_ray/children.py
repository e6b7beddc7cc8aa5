"""Finds children by their name, makes them, ends them."""

import asyncio
import collections
import contextlib
import json
from typing import Any, Optional

import ray

from byzer_ray.creation import Creation
from byzer_ray.ledger import NAMESPACE

# Calls that one child may have open at a time: a pull for each link that ever had it.
CONCURRENT_CALLS = 1000
END_WITHIN_S = 10.0
LOOK_AGAIN_S = 0.05
# How long a list waits for a child that is busy being started.
DESCRIBE_WITHIN_S = 2.0
STARTING = {"state": "starting", "window": False}


class NoRoom(Exception):
    """No node of the cluster is large enough. The message says what is wanted and what is there."""


def child_key(kind: str, name: str) -> str:
    """What a child is called among Ray's actors and in the ledger."""
    return f"{kind}:{name}"


class Children:
    """All children of this cluster."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        # Known to the ledger, and not yet to Ray.
        self._in_making: collections.Counter[str] = collections.Counter()

    async def find(self, key: str) -> Optional[Any]:
        """The handle of a child; None where there is none."""
        try:
            return await asyncio.to_thread(ray.get_actor, key, NAMESPACE)
        except ValueError:
            return None

    async def make(self, key: str, creation: Creation) -> Any:
        """Makes a child where none of that key is there. Raises NoRoom.

        Where two windows make the same one at a time, both get it.
        """
        refuse_what_fits_nowhere(creation, ray.nodes())  # type: ignore[no-untyped-call]
        about = {
            "title": creation.title,
            "cpus": creation.cpus,
            "gpus": creation.gpus,
            "memoryBytes": creation.memoryBytes,
            "node": None,
        }
        # Who gives up waiting does not leave one behind that nobody knows.
        return await asyncio.shield(asyncio.ensure_future(self._make(key, about, creation)))

    async def _make(self, key: str, about: "dict[str, Any]", creation: Creation) -> Any:
        self._in_making[key] += 1
        try:
            await self._ledger.add_child.remote(key, about)
            return await asyncio.to_thread(_make_actor, key.partition(":")[0], key, creation)
        finally:
            self._in_making[key] -= 1
            if self._in_making[key] == 0:
                del self._in_making[key]

    async def end(self, key: str) -> bool:
        """Ends a child with its program; false where there was none."""
        while self._in_making[key] > 0:
            await asyncio.sleep(LOOK_AGAIN_S)
        handle = await self.find(key)
        if handle is not None and await self._has_begun(key):
            with contextlib.suppress(asyncio.TimeoutError, ray.exceptions.RayError):
                await asyncio.wait_for(handle.end.remote(), END_WITHIN_S)
        if handle is not None:
            ray.kill(handle, no_restart=True)
            await self._until_gone(key)
        await self._ledger.remove_child.remote(key)
        return handle is not None

    async def _has_begun(self, key: str) -> bool:
        """Whether it has a program; one that waits for room has none, and does not answer."""
        known: dict[str, dict[str, Any]] = await self._ledger.children.remote()
        return key in known and known[key]["node"] is not None

    async def _until_gone(self, key: str) -> None:
        """Waits until the name is free: whoever makes a child of it would get the one that dies."""
        for _ in range(int(END_WITHIN_S / LOOK_AGAIN_S)):
            if await self.find(key) is None:
                return
            await asyncio.sleep(LOOK_AGAIN_S)

    async def list(self) -> "list[dict[str, Any]]":
        """What is known of all of them. Those that were lost are forgotten here."""
        known: dict[str, dict[str, Any]] = await self._ledger.children.remote()
        return [child for child in await asyncio.gather(*(self._describe(*item) for item in known.items())) if child]

    async def _describe(self, key: str, about: dict[str, Any]) -> Optional[dict[str, Any]]:
        kind, _, name = key.partition(":")
        described: dict[str, Any] = {"kind": kind, "name": name, **about}
        handle = await self.find(key)
        if handle is None:
            # What was looked up before it was made is there by now, or is being made.
            if self._in_making[key] > 0 or await self.find(key) is not None:
                return {**described, **STARTING}
            await self._ledger.remove_child.remote(key)
            return None
        if about["node"] is None:
            # It waits for room: there is nobody to ask.
            return {**described, **STARTING}
        try:
            found: dict[str, Any] = await asyncio.wait_for(handle.describe.remote(), DESCRIBE_WITHIN_S)
        except (asyncio.TimeoutError, ray.exceptions.RayError):
            found = STARTING
        return {**described, **found}


def _make_actor(kind: str, key: str, creation: Creation) -> Any:
    options: dict[str, Any] = {
        "name": key,
        "namespace": NAMESPACE,
        "lifetime": "detached",
        "get_if_exists": True,
        "num_cpus": creation.cpus,
        "num_gpus": creation.gpus,
        "memory": creation.memoryBytes or None,
        "resources": {name: amount for name, amount in creation.resources.items() if amount > 0},
        "max_concurrency": CONCURRENT_CALLS,
        # A lost interpreter has lost its variables: it is told, never made again in silence.
        "max_restarts": 0 if kind == "kernel" else -1,
    }
    if kind == "index":
        # It directs tasks on all nodes, and goes with none of them but the head.
        options["resources"] = {**options["resources"], "node:__internal_head__": 0.001}
    if creation.pip:
        options["runtime_env"] = {"pip": list(creation.pip)}
    return ray.remote(_class_of(kind)).options(**options).remote(key, creation.model_dump_json())


def _class_of(kind: str) -> Any:
    if kind == "kernel":
        from byzer_ray.kernel import Kernel

        return Kernel
    if kind == "index":
        from byzer_ray.index import Index

        return Index
    from byzer_ray.group import Group

    return Group


def refuse_what_fits_nowhere(creation: Creation, nodes: "list[dict[str, Any]]") -> None:
    """Raises NoRoom where not even an idle node would do."""
    wanted = wanted_resources(creation)
    alive = [node["Resources"] for node in nodes if node["Alive"]]
    if any(all(node.get(name, 0) >= amount for name, amount in wanted.items()) for node in alive):
        return
    there = "; ".join(f"{node.get('CPU', 0):g} CPUs, {_gigabytes(node.get('memory', 0))}" for node in alive)
    # What each could have of some node is only too much where it is wanted of one.
    lacking = {name: amount for name, amount in wanted.items() if all(node.get(name, 0) < amount for node in alive)}
    said = ", ".join(_said(name, amount) for name, amount in (lacking or wanted).items())
    together = "" if lacking or len(wanted) < 2 else " at once"
    raise NoRoom(f"No node of the cluster has {said}{together}. Its nodes have: {there}.")


def wanted_resources(creation: Creation) -> "dict[str, float]":
    """By Ray's names."""
    wanted = {"CPU": creation.cpus, "GPU": creation.gpus, "memory": float(creation.memoryBytes), **creation.resources}
    return {name: amount for name, amount in wanted.items() if amount > 0}


def _said(name: str, amount: float) -> str:
    return _gigabytes(amount) + " of memory" if name == "memory" else f"{amount:g} {json.dumps(name)[1:-1]}"


def _gigabytes(amount: float) -> str:
    return f"{amount / 2**30:.1f} GB"
