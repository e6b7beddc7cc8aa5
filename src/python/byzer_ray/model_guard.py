"""Keeps strangers from the models of ours: Serve's port, on which they answer, has no token of its own.

Whoever the gateway admits is admitted here. The token goes no further than this.
"""

import json
from collections.abc import Awaitable
from typing import Any, Callable

import ray
from ray.serve import Application
from ray.serve._private.http_util import ASGIAppReplicaWrapper

from byzer_ray.admitted import AdmittedTokens, bearer_token
from byzer_ray.ledger import LEDGER, NAMESPACE

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
# As for other refused WebSockets of ours.
TOKEN_WRONG = 4401
HEADER = b"authorization"


class UnguardedError(Exception):
    """An application cannot be guarded: requests would not pass where they could be looked at."""


def guarded(application: Application) -> Application:
    """The same application behind a token. Raises UnguardedError."""
    deployment = application._bound_deployment
    answering = deployment.func_or_class
    if not isinstance(answering, type) or not issubclass(answering, ASGIAppReplicaWrapper):
        raise UnguardedError("it is no application that answers by HTTP")
    if getattr(application, "_ingress_request_router", None) is not None:
        raise UnguardedError("requests reach the engine past its front (direct streaming)")
    return Application(deployment.options(func_or_class=guarded_class(answering)))


def guarded_class(answering: type) -> type:
    """A class that answers as `answering`, an ASGI application of Serve, does; only to those who are admitted."""

    class Guarded(answering):  # type: ignore[misc]
        async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
            if await is_let_in(scope, send):
                await super().__call__(without_token(scope), receive, send)

    Guarded.__name__ = answering.__name__
    Guarded.__qualname__ = answering.__qualname__
    return Guarded


async def is_let_in(scope: Scope, send: Send) -> bool:
    """Whether a request shows an admitted token; else it is answered."""
    if scope["type"] not in ("http", "websocket"):
        return True
    said = next((value for name, value in scope["headers"] if name.lower() == HEADER), b"")
    token = bearer_token(said.decode("latin-1"))
    if token and await _tokens().knows(token):
        return True
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": TOKEN_WRONG})
        return False
    message = "This model answers to machines that are admitted to Byzer's gateway on this cluster."
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "invalid_api_key"}
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps({"error": error}).encode("ascii")})
    return False


def without_token(scope: Scope) -> Scope:
    """What is handed on: engines write headers into logs."""
    if "headers" not in scope:
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name.lower() != HEADER]}


_admitted: list[AdmittedTokens] = []


def _tokens() -> AdmittedTokens:
    """Those of this process. The ledger is not made here: where it has gone, nobody is let in."""
    if not _admitted:
        _admitted.append(AdmittedTokens(ray.get_actor(LEDGER, NAMESPACE)))
    return _admitted[0]
