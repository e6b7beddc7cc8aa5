"""Stands in for Serve's LLM application where no engine and no GPU is: the same arguments, the same paths."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from ray import serve

api = FastAPI()
# Serve copies the class as it is where it is decorated: what it uses stands before it.
PAUSE_S = 0.05


async def _pieces(words: "list[str]") -> AsyncIterator[str]:
    for number, word in enumerate(words):
        delta = {"content": word if number == 0 else f" {word}"}
        yield _event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        await asyncio.sleep(PAUSE_S)
    yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    yield "data: [DONE]\n\n"


def _event(value: "dict[str, Any]") -> str:
    return f"data: {json.dumps(value)}\n\n"


@serve.deployment(name="model", ray_actor_options={"num_cpus": 0})
@serve.ingress(api)
class Model:
    """Says again what it was told, word by word."""

    def __init__(self, names: "list[str]") -> None:
        self._names = names

    @api.get("/v1/models")
    async def models(self) -> "dict[str, Any]":
        """The models there are."""
        return {"object": "list", "data": [{"id": name, "object": "model"} for name in self._names]}

    @api.get("/v1/headers")
    async def headers(self, request: Request) -> "dict[str, str]":
        """What an engine sees of a request."""
        return dict(request.headers)

    @api.post("/v1/chat/completions")
    async def chat(self, request: Request) -> Response:
        """An answer, in pieces where that is asked for."""
        body = await request.json()
        if body["model"] not in self._names:
            error = {"message": f"Could not find model with id {body['model']}", "code": 404}
            return JSONResponse({"error": error}, status_code=404)
        # Code in what was said is not the model's own: fences would have it run.
        said = body["messages"][-1]["content"].replace("```", "'''")
        words = f"You said: {said}".split(" ")
        if body.get("stream"):
            return StreamingResponse(_pieces(words), media_type="text/event-stream")
        message = {"role": "assistant", "content": " ".join(words)}
        return JSONResponse({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def build(arguments: "dict[str, Any]") -> Any:
    """As ``ray.serve.llm:build_openai_app``."""
    configs = arguments["llm_configs"]
    needs = configs[0]["engine_kwargs"].get("tensor_parallel_size", 0)
    options = {"num_cpus": 0, "num_gpus": needs}
    names = [config["model_loading_config"]["model_id"] for config in configs]
    return Model.options(ray_actor_options=options).bind(names)  # type: ignore[attr-defined]


def build_without_a_front(arguments: "dict[str, Any]") -> Any:
    """An application that answers by no paths, and so cannot be guarded."""

    @serve.deployment
    class Other:
        def __call__(self, request: Request) -> str:
            return str(arguments)

    return Other.bind()  # type: ignore[attr-defined]


def build_refused(arguments: "dict[str, Any]") -> Any:
    """An engine that does not take what it is given."""
    raise ValueError(f"no such engine argument in {sorted(arguments)}")
