"""Who is let in: whoever shows a token whose hash the ledger knows."""

import hashlib
import time
from typing import Any

# A token that was found to be admitted is not asked for again so long.
ADMITTED_S = 60.0


class AdmittedTokens:
    """`ledger`: the handle of the ledger."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self._known: dict[str, float] = {}

    async def knows(self, token: str) -> bool:
        """Whether the token is admitted."""
        token_hash = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        if self._known.get(token_hash, 0) > time.monotonic():
            return True
        if not await self._ledger.is_admitted.remote(token_hash):
            return False
        self._known[token_hash] = time.monotonic() + ADMITTED_S
        return True


def bearer_token(authorization: str) -> str:
    """The token of an ``Authorization`` header; empty where there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
