"""Job: lets the owner of a token in. It is given the token's SHA-256 only."""

import argparse
import re
from typing import Any

import ray

from byzer_ray.job import JobError, run_job
from byzer_ray.ledger import ledger_handle


def main() -> None:
    """``--hash``: hexadecimal; ``--label``: whose it is, for lists."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hash", required=True)
    parser.add_argument("--label", default="")
    arguments = parser.parse_args()
    run_job(lambda: admit(arguments.hash, arguments.label))


def admit(token_hash: str, label: str) -> dict[str, Any]:
    """Does it. Raises JobError."""
    if not re.fullmatch(r"[0-9a-f]{64}", token_hash):
        raise JobError("hash", "This is no SHA-256.")
    ray.get(ledger_handle().admit.remote(token_hash, label[:200]))
    return {}


if __name__ == "__main__":
    main()
