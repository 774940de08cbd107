"""`work`: does what is due (deviation checks), until interrupted or once."""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import asdict
from typing import Any

from agents.deviation_check.worker import Step, Worker
from api.commands.opening import backends


def run_work(*, once: bool, as_json: bool) -> int:
    """The exit status: 1 when a single pass left a deal unchecked. SIGTERM ends it after a deal."""
    opened = backends()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker = Worker(opened, on_step=lambda step: _show(step_to_json(step), as_json))
    try:
        if not once:
            worker.run(stop)
            return 0
        made = worker.run_pass(stop)
        _show({"event": "pass_ended", **asdict(made)}, as_json)
        return 1 if made.n_failed else 0
    finally:
        opened.database.dispose()


def step_to_json(step: Step) -> dict[str, Any]:
    if step.error is not None:
        event = "deal_failed"
    elif step.settled_elsewhere:
        event = "settled_elsewhere"
    else:
        event = "deal_checked" if step.report_id else "deal_passed_over"
    return {
        "event": event,
        "tenant": step.tenant_id,
        "deal_id": step.deal_id,
        "report_id": step.report_id,
        "n_deviations": step.n_deviations,
        "settled": [
            {
                "source_id": one.source_id,
                "version": one.version,
                "outcome": str(one.outcome),
                "kinds": [str(kind) for kind in one.kinds],
                "due_at": one.due_at.isoformat(),
            }
            for one in step.settled
        ],
        "error": step.error,
    }


def _show(line: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(line, ensure_ascii=False), flush=True)
        return
    parts = [f"{key}={shown}" for key, shown in line.items() if key not in ("event", "settled")]
    print(line["event"], *parts, flush=True)
