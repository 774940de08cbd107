"""`junshi eval run NAME`: each evaluation by name, with its figures."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from core.errors import NotFound

Json = dict[str, Any]


def _intent() -> Json:
    """Trains anew, leaving one author out at a time: minutes, not seconds."""
    from evals.intent_data import DATA
    from evals.train_intents import train

    with tempfile.TemporaryDirectory(prefix="junshi-eval-") as scratch:
        out = Path(scratch)
        report = train(DATA, out / "intents.json", out / "report.json", with_curve=False)
    return {key: report[key] for key in ("how", "n_utterances", "authors", "by_language")}


def _deviations() -> Json:
    from evals.deviation_scores import CASES, read_cases, score

    cases = read_cases(CASES)
    halves = sorted({case.half for case in cases})
    figures: Json = {"n_cases": len(cases)}
    for half in halves:
        found = score([case for case in cases if case.half == half])
        figures[half] = {
            "recall": round(found.recall, 4),
            "false_alarm_rate": round(found.false_alarm_rate, 4),
            "false_share": round(found.false_share, 4),
            "consistent_found": round(found.agreed, 4),
            "missed": [" ".join(one) for one in found.missed],
            "false": [" ".join(one) for one in found.false],
        }
    return figures


def _samples() -> Json:
    from evals.samples_check import run

    return run()


def _provenance() -> Json:
    from evals.provenance_check import run

    return run()


def _retrieval() -> Json:
    from evals.retrieval_run import run

    return run()


def _anchors() -> Json:
    from evals.anchor_edits import run

    return run()


def _verify() -> Json:
    from evals.verify_suite import run

    return run()


EVALUATIONS: Mapping[str, tuple[str, Callable[[], Json]]] = {
    "intent": ("intent recognition, leaving one author out at a time", _intent),
    "deviations": ("CRM deviations on labelled deal triples", _deviations),
    "samples": ("the sample deals against what is expected of them", _samples),
    "anchors": ("quotes found again after random edits of real texts", _anchors),
    "verify": ("the claim verifier on true and perturbed claims, zh and en", _verify),
    "provenance": ("every shown claim re-read from the original files", _provenance),
    "retrieval": ("search on labelled sets, beside other libraries where installed", _retrieval),
}


def run(name: str) -> Json:
    """The figures of one evaluation. Raises NotFound for an unknown name."""
    if name not in EVALUATIONS:
        raise NotFound(
            f"There is no evaluation {name!r}.", remedy=f"Use one of {', '.join(EVALUATIONS)}."
        )
    return {"evaluation": name, **EVALUATIONS[name][1]()}


def show(figures: Json) -> None:
    if figures["evaluation"] == "retrieval":
        from evals.retrieval_run import show_retrieval

        show_retrieval(figures)
        return
    console = Console()
    for key, value in figures.items():
        if isinstance(value, dict):
            console.print(f"[bold]{key}[/]")
            for inner, figure in value.items():
                console.print(f"  {inner:32} {figure}")
        else:
            console.print(f"{key:34} {value}")
