"""Training of the recogniser's networks, in numpy, so that the same seed gives the same file.

One hidden layer with dropout over [embeddings | cues], and a linear term over n-grams, trained
together on the binary cross-entropy with Adam and decoupled weight decay (Loshchilov and Hutter
2019), the rate falling along a cosine. A few thousand utterances train in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Parameters = dict[str, Array]

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; chosen by macro-F1 on unseen authors (see evals/datasets/intents/REPORT.json).

    `decay` and `gram_decay` act a step, times the rate. The scales say how loud cues and n-grams
    are beside the unit-length embedding. `n_hidden` 0 is a linear model.
    """

    n_hidden: int = 512
    n_networks: int = 2
    n_epochs: int = 40
    rate: float = 3e-3
    decay: float = 0.3
    gram_decay: float = 0.05
    dropout: float = 0.6
    input_dropout: float = 0.15
    cue_scale: float = 0.4
    gram_scale: float = 3.0
    batch: int = 128
    seed: int = 7


def train(inputs: Array, grams: Any, targets: Array, recipe: Recipe, *, seed: int) -> Parameters:
    """Parameters of one network: w1, b1 (with a hidden layer), w2, b2, wg.

    `inputs` (n, d), `grams` a SciPy CSR matrix (n, n_grams), `targets` (n, n_columns) in [0, 1],
    NaN where unknown.
    """
    random = np.random.default_rng(seed)
    found = _fresh(inputs.shape[1], grams.shape[1], targets, recipe, random)
    first = {name: np.zeros_like(value) for name, value in found.items()}
    second = {name: np.zeros_like(value) for name, value in found.items()}
    n = len(inputs)
    n_steps = recipe.n_epochs * -(-n // recipe.batch)
    step = 0
    for _ in range(recipe.n_epochs):
        order = random.permutation(n)
        for at in range(0, n, recipe.batch):
            rows = order[at : at + recipe.batch]
            step += 1
            gradients = _gradients(found, inputs[rows], grams[rows], targets[rows], recipe, random)
            # A NumPy rate would turn every array of the step into float64.
            rate = float(recipe.rate * 0.5 * (1 + np.cos(np.pi * step / n_steps)))
            _step(found, gradients, first, second, step, rate, recipe)
    return found


def logits(parameters: Parameters, inputs: Array, grams: Any) -> Array:
    """(n, n_columns)."""
    hidden = inputs
    if "w1" in parameters:
        hidden = np.maximum(inputs @ parameters["w1"] + parameters["b1"], 0)
    return np.asarray(
        hidden @ parameters["w2"] + parameters["b2"] + grams @ parameters["wg"], dtype=np.float32
    )


def _fresh(
    n_inputs: int, n_grams: int, targets: Array, recipe: Recipe, random: np.random.Generator
) -> Parameters:
    n_columns = targets.shape[1]
    found: Parameters = {}
    width = n_inputs
    if recipe.n_hidden:
        width = recipe.n_hidden
        found["w1"] = _normal(random, (n_inputs, width), 2 / n_inputs)
        found["b1"] = np.zeros(width, dtype=np.float32)
        found["w2"] = _normal(random, (width, n_columns), 1 / width)
    else:
        found["w2"] = np.zeros((width, n_columns), dtype=np.float32)
    share = np.clip(np.nanmean(targets, axis=0), 1e-3, 1 - 1e-3)
    found["b2"] = np.log(share / (1 - share)).astype(np.float32)
    found["wg"] = np.zeros((n_grams, n_columns), dtype=np.float32)
    return found


def _normal(random: np.random.Generator, shape: tuple[int, int], variance: float) -> Array:
    return random.normal(0, np.sqrt(variance), shape).astype(np.float32)


def _gradients(
    found: Parameters,
    inputs: Array,
    grams: Any,
    targets: Array,
    recipe: Recipe,
    random: np.random.Generator,
) -> Parameters:
    seen = inputs * _mask(random, inputs.shape, recipe.input_dropout)
    hidden, mask = seen, None
    if recipe.n_hidden:
        mask = _mask(random, (len(inputs), recipe.n_hidden), recipe.dropout)
        before = seen @ found["w1"] + found["b1"]
        mask = mask * (before > 0)
        hidden = before * mask
    raw = hidden @ found["w2"] + found["b2"] + grams @ found["wg"]
    # What nobody labelled (NaN) teaches nothing.
    error = np.nan_to_num(1 / (1 + np.exp(-raw)) - targets) / len(inputs)
    gradients = {"w2": hidden.T @ error, "b2": error.sum(axis=0), "wg": grams.T @ error}
    if mask is not None:
        back = (error @ found["w2"].T) * mask
        gradients |= {"w1": seen.T @ back, "b1": back.sum(axis=0)}
    return gradients


def _mask(random: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Array:
    if not dropped:
        return np.ones(shape, dtype=np.float32)
    kept = random.random(shape, dtype=np.float32) >= dropped
    return np.asarray(kept / (1 - dropped), dtype=np.float32)


def _step(
    found: Parameters,
    gradients: Parameters,
    first: Parameters,
    second: Parameters,
    step: int,
    rate: float,
    recipe: Recipe,
) -> None:
    for name, gradient in gradients.items():
        first[name] = _BETA_1 * first[name] + (1 - _BETA_1) * gradient
        second[name] = _BETA_2 * second[name] + (1 - _BETA_2) * gradient**2
        mean = first[name] / (1 - _BETA_1**step)
        spread = np.sqrt(second[name] / (1 - _BETA_2**step)) + _EPSILON
        value = found[name] - rate * mean / spread
        if name.startswith("w"):
            value = value * (1 - rate * (recipe.gram_decay if name == "wg" else recipe.decay))
        found[name] = np.asarray(value, dtype=np.float32)
