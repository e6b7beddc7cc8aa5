"""Job: puts a model on the cluster as a Ray Serve LLM application, says how those that are there are, removes one.

A model's address speaks OpenAI's protocol, to whoever shows a token that the gateway admits.
"""

import importlib
import json
import time
from typing import Annotated, Any, Literal, Optional

import ray
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from byzer_ray.job import JobError, config_argument, run_job
from byzer_ray.ledger import ledger_handle
from byzer_ray.model_guard import UnguardedError, guarded

APPLICATION_PREFIX = "byzer-model-"
ROUTE_PREFIX = "/byzer-models/"
NOTE = "models"
# What makes an application of OpenAI's protocol of these arguments. Part of ray[llm].
BUILDER = "ray.serve.llm:build_openai_app"
LOOK_AGAIN_S = 1.0
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,60}$")]


class ModelDeployment(BaseModel):
    """What is to be done. `name`: of the application; by `servedName` (or else `name`) requests choose the model."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", protected_namespaces=())

    action: Literal["deploy", "status", "remove"]
    name: Optional[Name] = None
    # What the engine loads: a name of Hugging Face, or a path or address that all nodes can read.
    model: Annotated[str, Field(min_length=1, max_length=1000)] = "-"
    servedName: Optional[Annotated[str, Field(min_length=1, max_length=200)]] = None
    # One worker is one copy of the model.
    workers: Annotated[int, Field(ge=1, le=1000)] = 1
    # 0: it runs on processors.
    gpusPerWorker: Annotated[int, Field(ge=0, le=64)] = 1
    acceleratorType: Optional[str] = None
    # Handed to the engine as they are.
    engineArguments: dict[str, Any] = {}
    # How long the answer may wait for the model to run, seconds. It goes on being started afterwards.
    waitS: Annotated[float, Field(ge=0, le=3600)] = 0
    builder: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")] = BUILDER


def main() -> None:
    """``--config``: a ModelDeployment."""
    config = config_argument()
    run_job(lambda: act(config))


def act(config: dict[str, Any]) -> dict[str, Any]:
    """Does it. Raises JobError."""
    try:
        order = ModelDeployment.model_validate_json(json.dumps(config))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise JobError("config", f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}") from None
    if order.action == "status":
        return {"models": list(model_states().values())}
    if order.name is None:
        raise JobError("config", "name: Field required")
    if order.action == "remove":
        return {"removed": _remove(order.name)}
    return {"model": _deploy(order.name, order)}


def llm_arguments(name: str, order: ModelDeployment) -> dict[str, Any]:
    """The arguments of Serve's LLM application. Raises JobError."""
    engine = dict(order.engineArguments)
    if order.gpusPerWorker > 0:
        engine.setdefault("tensor_parallel_size", _tensor_parallel(order))
        _count(engine, "tensor_parallel_size")
    config: dict[str, Any] = {
        "model_loading_config": {"model_id": order.servedName or name, "model_source": order.model},
        "deployment_config": {"num_replicas": order.workers},
        "engine_kwargs": engine,
    }
    if order.gpusPerWorker == 0:
        # Without a GPU among its bundles the engine takes processors.
        config["placement_group_config"] = {"bundles": [{"CPU": 1}]}
    if order.acceleratorType is not None:
        config["accelerator_type"] = order.acceleratorType
    return {"llm_configs": [config]}


def _tensor_parallel(order: ModelDeployment) -> int:
    """Into how many parts each stage of the model is cut, so that a worker takes the GPUs that it was given."""
    stages = _count(order.engineArguments, "pipeline_parallel_size")
    if order.gpusPerWorker % stages != 0:
        message = f"pipeline_parallel_size: {stages} does not divide the {order.gpusPerWorker} GPUs of a worker"
        raise JobError("config", message)
    return order.gpusPerWorker // stages


def _count(engine: dict[str, Any], name: str) -> int:
    value = engine.get(name, 1)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise JobError("config", f"{name}: {value!r} is no number of GPUs")
    return value


def _gpus(arguments: dict[str, Any]) -> int:
    """How many GPUs all workers take."""
    config = arguments["llm_configs"][0]
    if "placement_group_config" in config:
        return 0
    engine = config["engine_kwargs"]
    per_worker = _count(engine, "tensor_parallel_size") * _count(engine, "pipeline_parallel_size")
    return int(config["deployment_config"]["num_replicas"]) * per_worker


def _deploy(name: str, order: ModelDeployment) -> dict[str, Any]:
    from ray import serve
    from ray.serve.api import RunTarget

    application = APPLICATION_PREFIX + name
    arguments = llm_arguments(name, order)
    known = _known().get(name)
    there = serve.status().applications.get(application)
    if there is not None and known is None:
        raise JobError("name-taken", f"Another application of the name {application} runs there.", name=application)
    is_same = known is not None and known["arguments"] == arguments
    if there is not None and is_same and there.status != "DEPLOY_FAILED":
        return {**model_states()[name], "already": True}
    target = RunTarget(_built(order.builder, arguments), name=application, route_prefix=ROUTE_PREFIX + name)
    _note(name, {"arguments": arguments, "deployedAt": time.time()})
    serve.run_many([target], wait_for_ingress_deployment_creation=False, wait_for_applications_running=False)
    deadline = time.monotonic() + order.waitS
    while True:
        state = model_states()[name]
        if state["state"] in ("RUNNING", "DEPLOY_FAILED", "UNHEALTHY") or time.monotonic() >= deadline:
            return {**state, "already": False}
        time.sleep(LOOK_AGAIN_S)


def shortage(wanted: int, nodes: list[dict[str, Any]]) -> Optional[dict[str, float]]:
    """Where the cluster has fewer GPUs than `wanted`, both; more nodes may come."""
    found = sum(node["Resources"].get("GPU", 0) for node in nodes if node["Alive"])
    return {"wanted": wanted, "found": found} if wanted > found else None


def _built(path: str, arguments: dict[str, Any]) -> Any:
    build = _builder(path)
    try:
        return guarded(build(arguments))
    except UnguardedError as error:
        raise JobError("unguarded", f"The model's address cannot be protected: {error}.") from error
    except (TypeError, ValueError) as error:
        raise JobError("config", f"The engine does not take these arguments: {error}"[:2000]) from error


def _builder(path: str) -> Any:
    module, _, function = path.partition(":")
    try:
        return getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        message = f"its Python lacks the module {error.name}"
        raise JobError("llm-missing", message, module=error.name or "", install="ray[llm]") from error
    except (ImportError, AttributeError) as error:
        raise JobError("llm-missing", str(error), module=module, install="ray[llm]") from error


def model_states() -> dict[str, dict[str, Any]]:
    """All models of ours by their name."""
    from ray import serve

    applications = serve.status().applications
    nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
    states = {}
    for name, known in _known().items():
        found = applications.get(APPLICATION_PREFIX + name)
        loading = known["arguments"]["llm_configs"][0]["model_loading_config"]
        replicas = {} if found is None else {key: one.replica_states for key, one in found.deployments.items()}
        state = "GONE" if found is None else str(found.status.value)
        states[name] = {
            "name": name,
            "servedName": loading["model_id"],
            "model": loading["model_source"],
            "path": f"{ROUTE_PREFIX}{name}/v1",
            "state": state,
            "message": "" if found is None else found.message[:2000],
            "replicas": replicas,
            "shortage": shortage(_gpus(known["arguments"]), nodes) if state == "DEPLOYING" else None,
        }
    return states


def _remove(name: str) -> bool:
    from ray import serve

    is_ours = name in _known()
    if is_ours:
        serve.delete(APPLICATION_PREFIX + name)
        _note(name, None)
    return is_ours


def _known() -> dict[str, Any]:
    return dict(ray.get(ledger_handle().noted.remote(NOTE)) or {})


def _note(name: str, value: Any) -> None:
    known = _known()
    known.pop(name, None)
    if value is not None:
        known[name] = value
    ray.get(ledger_handle().note.remote(NOTE, known))


if __name__ == "__main__":
    main()
