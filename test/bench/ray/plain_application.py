"""What ours is measured against: a bare actor behind a bare Serve application, as anybody would write it.

Run as a job: puts the application on the cluster and says so in one line of JSON.
"""

import json
import os
import sys
import tempfile

import ray
from fastapi import FastAPI, Request
from ray import serve
from starlette.websockets import WebSocket, WebSocketDisconnect

HEAD = {"node:__internal_head__": 0.001}
api = FastAPI()


@ray.remote(num_cpus=0)
class Echo:
    """Answers with what it is asked."""

    async def echo(self, text: str) -> str:
        """The text."""
        return text


@serve.deployment(max_ongoing_requests=1000, ray_actor_options={"num_cpus": 0, "resources": HEAD})
@serve.ingress(api)
class Plain:
    """`node`: the address of the node that the actor lives on."""

    def __init__(self, node: str) -> None:
        self._echo = Echo.options(resources={f"node:{node}": 0.001}).remote()

    @api.websocket("/call")
    async def call(self, socket: WebSocket) -> None:
        """One call of the actor for each message."""
        await socket.accept()
        try:
            while True:
                await socket.send_text(await self._echo.echo.remote(await socket.receive_text()))
        except WebSocketDisconnect:
            return

    @api.put("/file")
    async def file(self, request: Request) -> dict[str, int]:
        """Writes a body into a file, as it comes."""
        descriptor, path = tempfile.mkstemp()
        try:
            size = 0
            async for piece in request.stream():
                size += os.write(descriptor, piece)
            return {"size": size}
        finally:
            os.close(descriptor)
            os.unlink(path)


if __name__ == "__main__":
    ray.init()
    serve.run(Plain.bind(sys.argv[1]), name="plain", route_prefix="/plain")  # type: ignore[attr-defined]
    print(json.dumps({"ok": True}))
