"""`junshi eval run NAME`: each evaluation by name, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from core.errors import NotFound

Json = dict[str, Any]


def _intent() -> Json:
    from evals.train_intents import report

    return report()


def _deviations() -> Json:
    from evals.deviation_scores import run

    return run()


def _samples() -> Json:
    from evals.samples_check import run

    return run()


def _provenance() -> Json:
    from evals.provenance_check import run

    return run()


EVALUATIONS: Mapping[str, tuple[str, Callable[[], Json]]] = {
    "intent": ("intent recognition, leaving one author out at a time", _intent),
    "deviations": ("CRM deviations on labelled deal triples", _deviations),
    "samples": ("the sample deals against what is expected of them", _samples),
    "provenance": ("every shown claim re-read from the original files", _provenance),
}


def run(name: str) -> Json:
    """The figures of one evaluation. Raises NotFound for an unknown name."""
    if name not in EVALUATIONS:
        raise NotFound(
            f"There is no evaluation {name!r}.", remedy=f"Use one of {', '.join(EVALUATIONS)}."
        )
    return {"evaluation": name, **EVALUATIONS[name][1]()}


def show(figures: Json) -> None:
    console = Console()
    for key, value in figures.items():
        if isinstance(value, dict):
            console.print(f"[bold]{key}[/]")
            for inner, figure in value.items():
                console.print(f"  {inner:32} {figure}")
        else:
            console.print(f"{key:34} {value}")
