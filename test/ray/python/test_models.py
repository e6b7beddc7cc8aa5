"""Models on the cluster: put there, looked for, protected, removed."""

import base64
import json
import time
import urllib.error
import urllib.request
from typing import Any, Optional

import pytest

from byzer_ray.deploy_model import ModelDeployment, llm_arguments, shortage
from byzer_ray.job import JobError
from conftest import Answer, Cluster

STAND_IN = "stand_in_model:build"


def model_job(cluster: Cluster, **config: Any) -> "dict[str, Any]":
    """Runs the job `deploy_model`."""
    text = base64.urlsafe_b64encode(json.dumps(config).encode()).decode().rstrip("=")
    return cluster.job("deploy_model", "--config", text)


def ask_model(cluster: Cluster, path: str, body: Any = None, token: Optional[str] = None) -> Answer:
    """A request to the address of a model; without a token where it is empty."""
    shown = cluster.token if token is None else token
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {shown}"} if shown else {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(cluster.gateway + path, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return Answer(response.status, response.read(), dict(response.headers))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read(), dict(error.headers))


@pytest.mark.cluster
def test_a_model_is_deployed_asked_and_removed(cluster: Cluster) -> None:
    """As an application of its own; a second time it is there already."""
    order = {"action": "deploy", "name": "small", "model": "org/small", "servedName": "small-1", "gpusPerWorker": 0}
    made = model_job(cluster, **order, waitS=60, builder=STAND_IN)
    assert made["ok"], made
    assert (made["model"]["state"], made["model"]["already"]) == ("RUNNING", False)
    path = made["model"]["path"]
    assert json.loads(ask_model(cluster, f"{path}/models").body)["data"][0]["id"] == "small-1"
    assert model_job(cluster, **order, builder=STAND_IN)["model"]["already"] is True
    models = json.loads(cluster.ask("GET", "models").body)
    assert [(model["name"], model["state"]) for model in models] == [("small", "RUNNING")]
    assert cluster.ask("GET", "models", token="wrong").status == 403
    for token in ("", "wrong"):
        refused = ask_model(cluster, f"{path}/models", token=token)
        assert (refused.status, json.loads(refused.body)["error"]["code"]) == (401, "invalid_api_key")
    seen = json.loads(ask_model(cluster, f"{path}/headers").body)
    assert "authorization" not in seen
    assert seen["content-type"] == "application/json"
    assert_streams(cluster, path)
    assert model_job(cluster, action="remove", name="small") == {"ok": True, "removed": True}
    assert model_job(cluster, action="remove", name="small")["removed"] is False
    assert model_job(cluster, action="status") == {"ok": True, "models": []}
    assert ask_model(cluster, f"{path}/models").status == 404


def assert_streams(cluster: Cluster, path: str) -> None:
    """An answer comes in pieces, each when it is said."""
    words = " ".join(f"word{number}" for number in range(20))
    body = {"model": "small-1", "stream": True, "messages": [{"role": "user", "content": words}]}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {cluster.token}"}
    request = urllib.request.Request(f"{cluster.gateway}{path}/chat/completions", json.dumps(body).encode(), headers)
    said, times = [], []
    with urllib.request.urlopen(request, timeout=30) as response:
        for line in response:
            if line.startswith(b"data: {"):
                said.append(json.loads(line[6:])["choices"][0]["delta"].get("content", ""))
                times.append(time.monotonic())
    assert "".join(said) == f"You said: {words}"
    # Of more than a second in all: they did not wait for each other.
    assert times[-1] - times[0] > 0.5


@pytest.mark.cluster
def test_a_model_without_gpus_waits_and_says_for_what(cluster: Cluster) -> None:
    """It is accepted and scheduled."""
    order = {"action": "deploy", "name": "large", "model": "org/large", "gpusPerWorker": 2, "workers": 3}
    made = model_job(cluster, **order, builder=STAND_IN)
    assert made["ok"], made
    assert (made["model"]["state"], made["model"]["shortage"]) == ("DEPLOYING", {"wanted": 6, "found": 0})
    assert json.loads(cluster.ask("GET", "models").body)[0]["shortage"]["wanted"] == 6
    assert model_job(cluster, action="remove", name="large")["removed"] is True


@pytest.mark.cluster
def test_a_cluster_without_the_engine_says_so(cluster: Cluster) -> None:
    """By what it lacks."""
    refused = model_job(cluster, action="deploy", name="real", model="org/real")
    assert (refused["ok"], refused["code"], refused["values"]["install"]) == (False, "llm-missing", "ray[llm]")


@pytest.mark.cluster
@pytest.mark.parametrize(
    ("builder", "code"),
    [("build_without_a_front", "unguarded"), ("build_refused", "config"), ("nothing", "llm-missing")],
)
def test_what_cannot_be_deployed_as_it_should_be_is_not(cluster: Cluster, builder: str, code: str) -> None:
    """And leaves nothing behind."""
    order = {"action": "deploy", "name": "odd", "model": "org/odd", "gpusPerWorker": 0}
    assert model_job(cluster, **order, builder=f"stand_in_model:{builder}")["code"] == code
    assert model_job(cluster, action="status") == {"ok": True, "models": []}


@pytest.mark.cluster
def test_an_application_of_somebody_else_is_left_alone(cluster: Cluster) -> None:
    """Of the name that a model would have."""
    cluster.run(
        "import ray\nfrom ray import serve\nfrom fastapi import FastAPI\n"
        'ray.init(address="auto", namespace="x", log_to_driver=False)\n'
        '@serve.deployment(ray_actor_options={"num_cpus": 0})\nclass Other:\n'
        '    def __call__(self, request): return "theirs"\n'
        'serve.run(Other.bind(), name="byzer-model-theirs", route_prefix="/theirs")'
    )
    order = {"action": "deploy", "name": "theirs", "model": "org/x", "gpusPerWorker": 0, "builder": STAND_IN}
    refused = model_job(cluster, **order)
    assert (refused["code"], refused["values"]["name"]) == ("name-taken", "byzer-model-theirs")
    assert model_job(cluster, action="remove", name="theirs")["removed"] is False
    assert ask_model(cluster, "/theirs", token="").body == b"theirs"


@pytest.mark.cluster
@pytest.mark.parametrize("config", [{"action": "fly"}, {"action": "deploy"}, {"action": "deploy", "name": "../x"}])
def test_an_order_that_cannot_be_read_is_refused(cluster: Cluster, config: "dict[str, Any]") -> None:
    """By its member."""
    assert model_job(cluster, **config)["code"] == "config"


def order_of(**given: Any) -> ModelDeployment:
    """An order as a window sends it."""
    return ModelDeployment.model_validate({"action": "deploy", "name": "m", "model": "org/m", **given})


def test_workers_and_their_gpus_are_what_the_engine_is_told() -> None:
    """In Serve's own words; what the person says of the engine comes first."""
    config = llm_arguments("m", order_of(workers=3, gpusPerWorker=2, acceleratorType="A10G"))["llm_configs"][0]
    assert config["model_loading_config"] == {"model_id": "m", "model_source": "org/m"}
    assert config["deployment_config"] == {"num_replicas": 3}
    assert config["engine_kwargs"] == {"tensor_parallel_size": 2}
    assert config["accelerator_type"] == "A10G"
    assert "placement_group_config" not in config
    said = order_of(gpusPerWorker=4, engineArguments={"pipeline_parallel_size": 2, "max_model_len": 8192})
    engine = llm_arguments("m", said)["llm_configs"][0]["engine_kwargs"]
    assert engine == {"pipeline_parallel_size": 2, "tensor_parallel_size": 2, "max_model_len": 8192}


def test_the_engine_is_told_what_the_person_wrote() -> None:
    """Before what follows from the number of GPUs."""
    said = order_of(gpusPerWorker=4, engineArguments={"tensor_parallel_size": 2}, servedName="x")
    config = llm_arguments("m", said)["llm_configs"][0]
    assert config["engine_kwargs"]["tensor_parallel_size"] == 2
    assert config["model_loading_config"]["model_id"] == "x"


def test_a_model_without_gpus_takes_processors() -> None:
    """Which Serve reads off the bundles."""
    config = llm_arguments("m", order_of(gpusPerWorker=0))["llm_configs"][0]
    assert config["placement_group_config"] == {"bundles": [{"CPU": 1}]}
    assert config["engine_kwargs"] == {}


@pytest.mark.parametrize(
    "engine", [{"pipeline_parallel_size": 3}, {"pipeline_parallel_size": "2"}, {"tensor_parallel_size": 0}]
)
def test_parts_that_do_not_add_up_are_refused(engine: "dict[str, Any]") -> None:
    """Before anything runs."""
    with pytest.raises(JobError) as refused:
        llm_arguments("m", order_of(gpusPerWorker=2, engineArguments=engine))
    assert refused.value.code == "config"


def test_a_shortage_is_told_in_numbers() -> None:
    """Of nodes that are alive."""
    nodes = [{"Alive": True, "Resources": {"GPU": 2.0}}, {"Alive": False, "Resources": {"GPU": 8.0}}]
    assert shortage(2, nodes) is None
    assert shortage(3, nodes) == {"wanted": 3, "found": 2.0}
