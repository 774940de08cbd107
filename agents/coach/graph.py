"""The coaching workflow's wiring, and the one call that runs it.

load_deal → pool_intents → compare_with_crm → draft_plays → find_support
          → verify_claims → rank_suggestions → [reword] → answer
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agents.backends import Backends, open_backends
from agents.coach.nodes import CoachNodes
from agents.coach.state import CoachState
from core.domain import CoachAnswer, DeviationReport
from core.settings import Settings

STEPS = (
    "load_deal",
    "pool_intents",
    "compare_with_crm",
    "draft_plays",
    "find_support",
    "verify_claims",
    "rank_suggestions",
)

CoachGraph = CompiledStateGraph[CoachState, Any, CoachState, CoachState]


def build_graph(nodes: CoachNodes) -> CoachGraph:
    """The compiled graph; without a language model the rewording step is passed by."""
    graph = StateGraph(CoachState)
    for name in (*STEPS, "reword", "answer"):
        graph.add_node(name, getattr(nodes, name))
    for before, after in zip((START, *STEPS), STEPS, strict=False):
        graph.add_edge(before, after)
    graph.add_conditional_edges(STEPS[-1], _next_step, ["reword", "answer"])
    graph.add_edge("reword", "answer")
    graph.add_edge("answer", END)
    return cast(CoachGraph, graph.compile())


def _next_step(state: CoachState) -> str:
    return "reword" if state.get("with_model") and state["suggestions"] else "answer"


class Coach:
    """Holds the compiled graph, so that a request pays for no wiring."""

    def __init__(
        self, backends: Backends, *, callbacks: Sequence[BaseCallbackHandler] = ()
    ) -> None:
        self.backends = backends
        self._callbacks = list(callbacks)
        self._nodes = CoachNodes(backends)
        self._graph = build_graph(self._nodes)

    def suggest(
        self, *, tenant_id: str, deal_id: str, rep_id: str = "", with_model: bool = False
    ) -> CoachAnswer:
        """Raises NotFound when the tenant has no such deal."""
        state = self._graph.invoke(
            {
                "tenant_id": tenant_id,
                "deal_id": deal_id,
                "rep_id": rep_id,
                "with_model": with_model,
            },
            {"callbacks": self._callbacks},
        )
        return cast(CoachAnswer, state["answer"])

    def compare(self, *, tenant_id: str, deal_id: str) -> DeviationReport:
        """The deviation check alone. Raises NotFound when the tenant has no such deal."""
        state: CoachState = {"tenant_id": tenant_id, "deal_id": deal_id}
        for step in (self._nodes.load_deal, self._nodes.pool_intents, self._nodes.compare_with_crm):
            state = {**state, **step(state)}
        return state["report"]


def graph() -> CoachGraph:
    """What langgraph.json points at: the graph over the settings of the environment."""
    return build_graph(CoachNodes(open_backends(Settings())))
