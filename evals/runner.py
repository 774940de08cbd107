"""`junshi eval run NAME`: each evaluation by name, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from core.errors import NotFound

Json = dict[str, Any]


def _intent() -> Json:
    """Trains anew without the authors kept for testing: minutes, not seconds."""
    from threadpoolctl import threadpool_limits

    from evals.train_intents import evaluate, read

    said, _ = read()
    with threadpool_limits(1):
        return evaluate(said, with_curve=False)


def _calibration() -> Json:
    from evals.intent_calibration_check import run

    return run()


def _deviations() -> Json:
    from evals.deviation_scores import CASES, UNSEEN, figures, read_cases
    from evals.deviation_signals import check_as_product

    cases, check = read_cases(CASES), check_as_product()
    shown: Json = {"n_cases": len(cases)}
    for half in sorted({case.half for case in cases}):
        shown[half] = figures([case for case in cases if case.half == half], check=check)
    if UNSEEN.exists():
        shown["unseen"] = figures(read_cases(UNSEEN), check=check)
    return shown


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


def _moments() -> Json:
    from evals.moment_scores import run

    return run()


def _public_intents() -> Json:
    """Minutes: one line a set on stderr while it runs."""
    from evals.public_intents import run

    return run(tell=Console(stderr=True).print)


def _deal_probability() -> Json:
    from evals.deal_probability import run

    return run()


EVALUATIONS: Mapping[str, tuple[str, Callable[[], Json]]] = {
    "intent": ("intent recognition on authors kept apart", _intent),
    "calibration": ("whether an intent's p is a frequency, and real people's words", _calibration),
    "deviations": ("CRM deviations on labelled deal triples", _deviations),
    "samples": ("the sample deals against what is expected of them", _samples),
    "anchors": ("quotes found again after random edits of real texts", _anchors),
    "verify": ("the claim verifier on true and perturbed claims, zh and en", _verify),
    "moments": ("key moments on public minutes against simple rankings", _moments),
    "public-intents": ("the recogniser's recipe on public sets, beside peers", _public_intents),
    "deal-probability": ("whether half of a haggling dialogue ends in a deal", _deal_probability),
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
