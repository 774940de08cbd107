"""The check's wiring, and the one call that runs it, for the schedule and on demand alike.

load_deal → compare_with_crm → compare_channels → record_report ─┐
    ↑──────── the deal's sources changed meanwhile ──────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.backends import Backends, open_backends
from agents.deviation_check.nodes import CheckNodes
from agents.deviation_check.state import CheckState, FieldByChannel, Record, Settled
from core.domain import DeviationReport
from core.errors import Conflict
from core.settings import Settings

STEPS = ("load_deal", "compare_with_crm", "compare_channels", "record_report")
# A deal that changes under three comparisons in a row is being ingested: the next pass has it.
MAX_ATTEMPTS = 3

CheckGraph = CompiledStateGraph[CheckState, Any, CheckState, CheckState]


@dataclass(frozen=True, slots=True)
class Checked:
    """One run's answer: the comparison, and what recording it did."""

    report: DeviationReport
    by_channel: tuple[FieldByChannel, ...]
    record: Record


def build_graph(nodes: CheckNodes) -> CheckGraph:
    graph = StateGraph(CheckState)
    for name in STEPS:
        graph.add_node(name, getattr(nodes, name))
    for before, after in zip((START, *STEPS), STEPS, strict=False):
        graph.add_edge(before, after)
    graph.add_conditional_edges(STEPS[-1], _next_step, [STEPS[0], END])
    return cast(CheckGraph, graph.compile())


def _next_step(state: CheckState) -> str:
    again = state["record"].how == "outdated" and state["n_attempts"] < MAX_ATTEMPTS
    return STEPS[0] if again else END


class DeviationCheck:
    """Holds the compiled graph, so that a run pays for no wiring."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self._graph = build_graph(CheckNodes(backends))

    def run(self, *, tenant_id: str, deal_id: str, due: Sequence[Settled] = ()) -> Checked:
        """`due` are the touchpoints that this run settles; none when somebody asked.

        Raises NotFound when the tenant has no such deal, Conflict when it would not hold still.
        """
        state = self._graph.invoke({"tenant_id": tenant_id, "deal_id": deal_id, "due": tuple(due)})
        record: Record = state["record"]
        if record.how == "outdated":
            raise Conflict(
                f"Deal {deal_id} changed while it was compared.", remedy="Ask again in a moment."
            )
        return Checked(report=state["report"], by_channel=state["by_channel"], record=record)


def graph() -> CheckGraph:
    """What langgraph.json points at: the graph over the settings of the environment."""
    return build_graph(CheckNodes(open_backends(Settings())))
