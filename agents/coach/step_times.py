"""How long each step of a coaching run took, told by LangGraph's own callbacks.

LangGraph announces every node to langchain-core callback handlers; this one turns the pair of
announcements into one observation, so that an operator sees which step is slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from typing_extensions import override

Observe = Callable[[str, float], None]
"""Called with (step, seconds)."""


class StepTimes(BaseCallbackHandler):
    """Safe to share between threads: runs are told apart by their ids."""

    run_inline = True

    def __init__(self, observe: Observe) -> None:
        self._observe = observe
        self._started: dict[UUID, tuple[str, float]] = {}

    @override
    def on_chain_start(
        self, serialized: dict[str, Any], inputs: Any, *, run_id: UUID, **more: Any
    ) -> None:
        step = (more.get("metadata") or {}).get("langgraph_node")
        if step is not None and more.get("name") == step:
            self._started[run_id] = (step, time.perf_counter())

    @override
    def on_chain_end(self, outputs: Any, *, run_id: UUID, **_: Any) -> None:
        self._finish(run_id)

    @override
    def on_chain_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        self._finish(run_id)

    def _finish(self, run_id: UUID) -> None:
        started = self._started.pop(run_id, None)
        if started is not None:
            step, at = started
            self._observe(step, time.perf_counter() - at)
