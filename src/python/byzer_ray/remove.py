"""Job: removes everything of ours from the cluster, and nothing of others."""

import shutil
from typing import Any

import ray
from ray.util import list_named_actors
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from byzer_ray.deploy import APPLICATION
from byzer_ray.deploy_model import APPLICATION_PREFIX, NOTE
from byzer_ray.job import run_job
from byzer_ray.ledger import LEDGER, NAMESPACE, alive_nodes
from byzer_ray.places import session_folder

END_WITHIN_S = 10.0


def main() -> None:
    """Takes no arguments."""
    run_job(remove)


def remove() -> dict[str, Any]:
    """Does it and says what there was."""
    names = [actor["name"] for actor in list_named_actors(all_namespaces=True) if actor["namespace"] == NAMESPACE]
    is_ours = LEDGER in names and ray.get(ray.get_actor(LEDGER, NAMESPACE).noted.remote("version")) is not None
    application = is_ours and _delete_applications()
    for name in sorted(names, key=lambda name: name == LEDGER):
        _end(name)
    folders = [_remove_folder.options(scheduling_strategy=_on(node_id)).remote() for node_id in alive_nodes()]
    ray.get(folders, timeout=60)
    return {"removed": {"application": application, "actors": len(names)}}


def _delete_applications() -> bool:
    from ray import serve

    there = serve.status().applications
    models: Any = ray.get(ray.get_actor(LEDGER, NAMESPACE).noted.remote(NOTE)) or {}
    for name in [APPLICATION, *(APPLICATION_PREFIX + model for model in models)]:
        if name in there:
            serve.delete(name)
    return APPLICATION in there


def _end(name: str) -> None:
    """Ends an actor, a child with its program first."""
    try:
        handle = ray.get_actor(name, NAMESPACE)
        if name != LEDGER:
            ray.get(handle.end.remote(), timeout=END_WITHIN_S)
    except (ValueError, AttributeError, ray.exceptions.RayError):
        pass
    try:
        ray.kill(ray.get_actor(name, NAMESPACE), no_restart=True)
    except ValueError:
        return


def _on(node_id: str) -> NodeAffinitySchedulingStrategy:
    return NodeAffinitySchedulingStrategy(node_id, soft=False)


@ray.remote(num_cpus=0)
def _remove_folder() -> None:
    shutil.rmtree(session_folder(), ignore_errors=True)


if __name__ == "__main__":
    main()
