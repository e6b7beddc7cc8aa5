"""Stands in for Serve's LLM application where no engine and no GPU is: the same arguments, the same paths."""

from typing import Any

from fastapi import FastAPI
from ray import serve

api = FastAPI()


@serve.deployment(name="model", ray_actor_options={"num_cpus": 0})
@serve.ingress(api)
class Model:
    """Answers with the name of the model that was asked for."""

    def __init__(self, names: "list[str]") -> None:
        self._names = names

    @api.get("/v1/models")
    async def models(self) -> "dict[str, Any]":
        """The models there are."""
        return {"object": "list", "data": [{"id": name, "object": "model"} for name in self._names]}


def build(arguments: "dict[str, Any]") -> Any:
    """As ``ray.serve.llm:build_openai_app``."""
    configs = arguments["llm_configs"]
    needs = configs[0]["engine_kwargs"].get("tensor_parallel_size", 0)
    options = {"num_cpus": 0, "num_gpus": needs}
    names = [config["model_loading_config"]["model_id"] for config in configs]
    return Model.options(ray_actor_options=options).bind(names)  # type: ignore[attr-defined]
