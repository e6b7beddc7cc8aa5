"""Who directs the updates of one shared index: an actor on the head, which gives work to tasks on all nodes.

Bodies from a window: ``order``, ``secrets``, ``files``, ``last``, ``cancel``. Bodies to it: ``accepted``, ``progress``,
``written``, ``notice``, ``report``, ``failed``. An update that has all it needs goes on without a window. Where this
actor is lost, the window that comes back finds one that knows nothing, and gives its order again: what is written is
known by its content, and is not done twice.
"""

import asyncio
from collections import deque
from typing import Any, Optional

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from byzer_ray.child_actor import ChildActor, body_of, node_name
from byzer_ray.creation import IndexCreation
from byzer_ray.index_job import IndexJob, stop
from byzer_ray.index_orders import Cancel, Files, IndexBodyError, Last, Order, Secrets, read_index_body
from byzer_ray.index_task import index_task, look_at
from byzer_ray.node_runtime import PYPI_PACKAGE

LEAVE_WITHIN_S = 10.0
LOOK_WITHIN_S = 60.0
LONGEST_LIST = 20


class Index(ChildActor):
    """The actor. `creation`: an IndexCreation as JSON."""

    def __init__(self, key: str, creation: str) -> None:
        super().__init__(key)
        self._creation = IndexCreation.model_validate_json(creation)
        self.idle_limit_s = self._creation.idleS
        self._jobs: dict[str, IndexJob] = {}
        self._waiting: deque[IndexJob] = deque()
        self._running: Optional[IndexJob] = None
        self._directing: Optional[asyncio.Task[None]] = None

    async def launch(self) -> None:
        """There is nothing to start before an order comes."""

    def about(self) -> dict[str, Any]:
        """Where it lives, and the update that runs."""
        return {"node": node_name(), "running": None if self._running is None else self._running.order.id}

    async def receive(self, window: str, bodies: "list[tuple[int, Any]]") -> None:
        """Orders, and what belongs to them."""
        for _, body in bodies:
            try:
                said = read_index_body(body)
            except IndexBodyError as error:
                failed: dict[str, Any] = {
                    "order": "",
                    "code": None,
                    "message": f"What the window said: {error}",
                    "details": {},
                }
                self.post(body_of("failed", failed))
                continue
            if isinstance(said, Order):
                self._accept(said)
            elif said is not None:
                self._tell(said)
        self._note_busy()

    async def describe(self) -> dict[str, Any]:
        """As every child, and how far its update is."""
        self._note_busy()
        described = await super().describe()
        running = self._running
        said = "" if running is None or running.is_over else f" ({running.said()})"
        return {**described, "title": f"{self._creation.title}{said}"}

    async def leave(self) -> None:
        """Stops what runs. What is written stays."""
        self._waiting.clear()
        if self._running is not None and self._directing is not None:
            await stop(self._running, self._directing, LEAVE_WITHIN_S)

    async def work(self, work_id: str, node: str) -> "Optional[dict[str, Any]]":
        """Asked by a task on `node`: what it is to do; None where nothing is wanted of it any more."""
        return None if self._running is None else self._running.work(work_id, node)

    async def secrets(self, work_id: str) -> "Optional[dict[str, Any]]":
        """Asked by a task: what its program needs that is written nowhere."""
        return None if self._running is None else self._running.told(work_id)

    async def heard(self, work_id: str, lines: "list[dict[str, Any]]") -> bool:
        """Told by a task what its program says; false where it is to stop."""
        self._note_busy()
        return self._running is not None and self._running.heard(work_id, lines)

    def _accept(self, order: Order) -> None:
        known = self._jobs.get(order.id)
        job = known or self._joined(order) or self._queued(order)
        self._jobs[order.id] = job
        for forgotten in list(self._jobs)[:-LONGEST_LIST]:
            if self._jobs[forgotten].is_over:
                del self._jobs[forgotten]
        self.post(body_of("accepted", {"order": order.id, "job": job.order.id, "parallel": job.parallel}))

    def _joined(self, order: Order) -> Optional[IndexJob]:
        """The update that does this already."""
        candidates = [*([] if self._running is None else [self._running]), *self._waiting]
        return next((job for job in candidates if not job.is_over and job.is_same(order)), None)

    def _queued(self, order: Order) -> IndexJob:
        for earlier in [*([] if self._running is None else [self._running]), *self._waiting]:
            # Whoever gives another order waits for those before it no more: what they lack does not come.
            earlier.leave_window()
        job = IndexJob(order, _processors(), RayHands(self.key))
        job.listen(lambda name, value: self._say(job, name, value))
        self._waiting.append(job)
        if self._directing is None or self._directing.done():
            self._directing = self.spawn(self._direct())
        return job

    def _tell(self, said: "Secrets | Files | Last | Cancel") -> None:
        job = self._jobs.get(said.order)
        if job is None:
            return
        if isinstance(said, Secrets):
            job.take_secrets(said)
        elif isinstance(said, Files):
            job.add_files(said.pack, said.files)
        elif isinstance(said, Last):
            job.close_source(said.unchanged, said.ofFiles)
        else:
            job.cancel()

    async def _direct(self) -> None:
        """One update after the other."""
        while self._waiting:
            self._running = self._waiting.popleft()
            self._note_busy()
            try:
                await self._running.run()
            finally:
                self._running = None
                self._note_busy()

    def _say(self, job: IndexJob, name: str, value: "dict[str, Any]") -> None:
        if name == "progress" and self._attachment is None:
            # Nobody sees it; what comes of it is kept.
            return
        self.post(body_of(name, {"order": job.order.id, **value}))

    def _note_busy(self) -> None:
        job = self._running
        self.busy = "indexing" if job is not None and job.is_working else None


class RayHands:
    """Runs tasks by Ray. `key`: of the actor that they ask."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._brings_node = False
        self._asked: set[Any] = set()
        self._used: dict[str, int] = {}

    async def nodes_with(self, root: str) -> "list[str]":
        """The nodes on which `root` is the same, as far as its first level tells; most of those that have it."""
        nodes = _alive()
        looks = await asyncio.gather(*(self._look(node, root) for node in nodes))
        found = [(node, str(look)) for node, look in zip(nodes, looks) if look is not None]
        if not found:
            return []
        looks_found = [look for _, look in found]
        usual = max(set(looks_found), key=looks_found.count)
        return [node for node, look in found if look == usual]

    async def run(self, work_id: str, nodes: "Optional[list[str]]", processors: float) -> "dict[str, Any]":
        """Has a task do it, where nodes have no fitting Node with one that pip brings."""
        ended = await self._run_once(work_id, nodes, processors)
        if ended["ended"] != "node-missing":
            return ended
        if not self._brings_node:
            self._brings_node = True
            ended = await self._run_once(work_id, nodes, processors)
        if ended["ended"] != "node-missing":
            return ended
        why = str(ended.get("message", "it is of another version"))
        message = f"A node of the cluster has no Node 22.13 or newer, and pip brought none ({PYPI_PACKAGE}): {why}"
        return {"ended": "failed", "code": "remote.resources", "message": message, "details": _reason(message)}

    def cancel(self) -> None:
        """Gives up what has not begun; what runs hears of it by itself."""
        for ref in list(self._asked):
            ray.cancel(ref, force=False)

    async def _run_once(self, work_id: str, nodes: "Optional[list[str]]", processors: float) -> "dict[str, Any]":
        options: dict[str, Any] = {"num_cpus": processors, "scheduling_strategy": "SPREAD"}
        node = None
        if nodes is not None:
            node = self._choose(nodes)
            if node is None:
                return {"ended": "lost", "message": "No node that has the files is there any more."}
            options["scheduling_strategy"] = NodeAffinitySchedulingStrategy(node, soft=False)
            self._used[node] = self._used.get(node, 0) + 1
        if self._brings_node:
            options["runtime_env"] = {"pip": [PYPI_PACKAGE]}
        ref = index_task.options(**options).remote(self._key, work_id)
        self._asked.add(ref)
        try:
            ended: dict[str, Any] = await ref
            return ended
        except ray.exceptions.RuntimeEnvSetupError as error:
            return {"ended": "node-missing", "message": _last_line(error)}
        except ray.exceptions.TaskCancelledError:
            return {"ended": "stopped"}
        except ray.exceptions.OutOfMemoryError as error:
            return {"ended": "crashed", "message": _first_line(error)}
        except ray.exceptions.RayTaskError as error:
            return {"ended": "failed", "code": None, "message": _last_line(error), "details": {}}
        except ray.exceptions.RayError as error:
            return {"ended": "lost", "message": _first_line(error)}
        finally:
            self._asked.discard(ref)
            if node is not None:
                self._used[node] -= 1

    def _choose(self, nodes: "list[str]") -> Optional[str]:
        """Of those that are there, the one that does least of this."""
        alive = set(_alive())
        return min((node for node in nodes if node in alive), key=lambda node: self._used.get(node, 0), default=None)

    async def _look(self, node: str, root: str) -> Any:
        strategy = NodeAffinitySchedulingStrategy(node, soft=False)
        try:
            return await asyncio.wait_for(look_at.options(scheduling_strategy=strategy).remote(root), LOOK_WITHIN_S)
        except (asyncio.TimeoutError, ray.exceptions.RayError):
            return None


def _alive() -> "list[str]":
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return [node["NodeID"] for node in nodes if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]


def _processors() -> int:
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    return max(1, int(sum(node["Resources"].get("CPU", 0) for node in nodes if node["Alive"])))


def _reason(message: str) -> "dict[str, str]":
    return {"address": "", "reason": message}


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:600] if lines else type(error).__name__


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:600] if lines else type(error).__name__
