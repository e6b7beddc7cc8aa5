"""The gateway: the one Serve application of ours.

Serve keeps a copy of this module's class as it is when it is decorated: what it does lies in modules of their own.
"""

from typing import Any

from fastapi import FastAPI, Request, Response
from ray import serve
from starlette.websockets import WebSocket

from byzer_ray.frames import PROTOCOL_VERSION
from byzer_ray.reception import Reception

api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@serve.deployment(
    name="gateway",
    num_replicas=1,
    max_ongoing_requests=10_000,
    graceful_shutdown_timeout_s=2,
    graceful_shutdown_wait_loop_s=0.5,
    # Where the server in front of it is, and the ledger: nothing of ours outlives the head.
    ray_actor_options={"num_cpus": 0, "resources": {"node:__internal_head__": 0.001}},
)
@serve.ingress(api)
class Gateway:
    """`version`: of the package that was put on the cluster."""

    def __init__(self, version: str) -> None:
        self._reception = Reception(version)

    @api.get("/v1/health")
    async def health(self) -> dict[str, Any]:
        """Whether this is a gateway of ours; tells a stranger nothing else."""
        return {"byzer": PROTOCOL_VERSION}

    @api.get("/v1/status")
    async def status(self, request: Request) -> dict[str, Any]:
        """What of ours runs here, and on what."""
        return await self._reception.status(request)

    @api.get("/v1/models")
    async def models(self, request: Request) -> list[dict[str, Any]]:
        """The models that were put here by us, and how they are."""
        return await self._reception.models(request)

    @api.post("/v1/children/{kind}/{name}/end")
    async def end_child(self, kind: str, name: str, request: Request) -> dict[str, bool]:
        """Ends a child."""
        return await self._reception.end_child(kind, name, request)

    @api.put("/v1/blobs/{sha256}")
    async def put_blob(self, sha256: str, request: Request) -> Response:
        """Takes a content."""
        return await self._reception.put_blob(sha256, request)

    @api.head("/v1/blobs/{sha256}")
    async def head_blob(self, sha256: str, request: Request) -> Response:
        """Says whether the cluster has a content."""
        return await self._reception.head_blob(sha256, request)

    @api.get("/v1/blobs/{sha256}")
    async def get_blob(self, sha256: str, request: Request) -> Response:
        """Gives a content."""
        return await self._reception.get_blob(sha256, request)

    @api.websocket("/v1/upload")
    async def upload(self, socket: WebSocket) -> None:
        """One content from a window, in large pieces."""
        await self._reception.upload(socket)

    @api.websocket("/v1/link")
    async def link(self, socket: WebSocket) -> None:
        """The link of one window."""
        await self._reception.link(socket)
