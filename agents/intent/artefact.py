"""The trained recogniser as a file: JSON with its arrays in base64, its hash and signature beside.

Never pickle: loading a model must not be able to run code. A flipped bit in a weight would go
unnoticed for ever and an exchanged file would steer every suggestion, so hash and signature are
checked at every load.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core import signing
from core.domain import LANGUAGES, IntentId
from core.errors import BackendFailed
from core.ports import Vectors

FORMAT = 2
MODEL_FILE = Path(__file__).parent / "model" / "intents.json"
_REMEDY = "Restore agents/intent/model from the release, or retrain with `make train`."
_HASH_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Layer:
    """weights (n_in, n_out), bias (n_out,)."""

    weights: Vectors
    bias: Vectors


@dataclass(frozen=True, slots=True)
class Calibration:
    """One language's frequencies: p = sigmoid(slope · logit + intercepts), (n_columns,) each.

    Below `none_below` the highest p says that nothing was meant; from there to an intent's
    threshold the recogniser is unsure.
    """

    slope: float
    intercepts: Vectors
    none_below: float


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that recognition needs; `version` is the id with a prefix of the file's hash.

    A logit is the mean over the networks (embeddings of the words and of what was said before
    them, and the cues of both, through one hidden layer) plus a linear term of the n-grams. The
    columns are the intents, then `signs` (reported speech, mood). `thresholds` (n_intents,) are
    the p from which an intent counts.
    """

    version: str
    embedder: str
    n_dimensions: int
    intents: tuple[IntentId, ...]
    signs: tuple[str, ...]
    cues: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Vectors
    gram_weights: Vectors
    networks: tuple[tuple[Layer, ...], ...]
    calibration: Mapping[str, Calibration]
    thresholds: Vectors
    scope: Vectors
    scope_floor: float

    @property
    def n_columns(self) -> int:
        return len(self.intents) + len(self.signs)


def read_model(file: Path = MODEL_FILE) -> Model:
    """Raises BackendFailed when the file is missing, damaged or of another format."""
    try:
        raw = file.read_bytes()
        expected = hash_file(file).read_text(encoding="ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise BackendFailed(
            f"The intent model {file.name} cannot be read ({type(error).__name__}).",
            remedy=_REMEDY,
        ) from error
    actual = hashlib.sha256(raw).hexdigest()
    if actual != expected:
        raise BackendFailed(
            f"The intent model {file.name} is damaged: its SHA-256 is not the recorded one.",
            remedy=_REMEDY,
        )
    signing.check(file, raw, remedy=_REMEDY)
    try:
        return _model(json.loads(raw), actual)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise BackendFailed(
            f"The intent model {file.name} is of another format ({error!r}).", remedy=_REMEDY
        ) from error


def write_model(file: Path, content: Mapping[str, Any], *, key_file: Path | None = None) -> str:
    """Writes the file, its hash and signature; the hash. Equal content gives equal bytes."""
    raw = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=0).encode()
    digest = hashlib.sha256(raw).hexdigest()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    hash_file(file).write_text(f"{digest}  {file.name}\n", encoding="ascii")
    signing.sign(file, key_file=key_file)
    return digest


def hash_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def pack(array: Any, kind: str = "float16") -> dict[str, Any]:
    """A JSON form of an array; float16 costs the logits less than 0.01."""
    values = np.ascontiguousarray(array, dtype=np.dtype(kind).newbyteorder("<"))
    return {
        "kind": kind,
        "shape": list(values.shape),
        "base64": base64.b64encode(values.tobytes()).decode("ascii"),
    }


def unpack(packed: Mapping[str, Any]) -> Vectors:
    """The array as float32. Raises ValueError on another kind, length or a non-finite value."""
    if packed["kind"] not in ("float16", "float32"):
        raise ValueError(f"an array of {packed['kind']}")
    raw = base64.b64decode(packed["base64"], validate=True)
    values = np.frombuffer(raw, dtype=np.dtype(packed["kind"]).newbyteorder("<"))
    array = values.reshape(packed["shape"]).astype(np.float32)
    if not np.isfinite(array).all():
        raise ValueError("an array that is not finite")
    return array


def _model(content: Mapping[str, Any], digest: str) -> Model:
    if content["format"] != FORMAT:
        raise ValueError(f"format {content['format']} instead of {FORMAT}")
    model = Model(
        version=f"{content['id']}@{digest[:_HASH_CHARACTERS]}",
        embedder=content["embedder"],
        n_dimensions=int(content["n_dimensions"]),
        intents=tuple(content["intents"]),
        signs=tuple(content["signs"]),
        cues=tuple(content["cues"]),
        vocabulary={gram: at for at, gram in enumerate(content["vocabulary"])},
        idf=unpack(content["idf"]),
        gram_weights=unpack(content["gram_weights"]),
        networks=tuple(
            tuple(Layer(unpack(one["weights"]), unpack(one["bias"])) for one in layers)
            for layers in content["networks"]
        ),
        calibration={
            language: Calibration(
                slope=float(one["slope"]),
                intercepts=np.array(one["intercepts"], dtype=np.float32),
                none_below=float(one["none_below"]),
            )
            for language in LANGUAGES
            for one in [content["calibration"][language]]
        },
        thresholds=unpack(content["thresholds"]),
        scope=unpack(content["scope"]),
        scope_floor=float(content["scope_floor"]),
    )
    _check_shapes(model)
    return model


def _check_shapes(model: Model) -> None:
    """Raises ValueError unless the arrays fit each other."""
    n_grams, n_columns = len(model.vocabulary), model.n_columns
    fits = [
        model.idf.shape == (n_grams,),
        model.gram_weights.shape == (n_grams, n_columns),
        model.thresholds.shape == (len(model.intents),),
        model.scope.ndim == 2 and model.scope.shape[1] == model.n_dimensions,
        bool(model.networks),
        all(one.intercepts.shape == (n_columns,) for one in model.calibration.values()),
    ]
    for layers in model.networks:
        width = 2 * (model.n_dimensions + len(model.cues))
        for layer in layers:
            fits.append(layer.weights.shape == (width, *layer.bias.shape))
            width = layer.bias.shape[0]
        fits.append(width == n_columns)
    if not all(fits):
        raise ValueError("arrays that do not fit each other")
