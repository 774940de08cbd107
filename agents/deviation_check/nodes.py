"""The steps of the check. Reading and comparing come first, one transaction records it all."""

from __future__ import annotations

from agents.backends import Backends
from agents.coach.material import MaterialCache
from agents.deviation_check import store
from agents.deviation_check.compare import compare_between_channels, compare_with_record
from agents.deviation_check.state import CheckState, Record


class CheckNodes:
    """The nodes share the backends; a run's own values travel in the state."""

    def __init__(self, backends: Backends) -> None:
        self.backends = backends
        self._materials = MaterialCache()

    def load_deal(self, state: CheckState) -> CheckState:
        """CRM record, passages, signals and the facts observed in them, as the coach reads them."""
        with self.backends.database.read() as session:
            material = self._materials.read(
                session, tenant_id=state["tenant_id"], deal_id=state["deal_id"]
            )
        return {"material": material, "n_attempts": state.get("n_attempts", 0) + 1}

    def compare_with_crm(self, state: CheckState) -> CheckState:
        return {"report": compare_with_record(state["material"])}

    def compare_channels(self, state: CheckState) -> CheckState:
        return {"by_channel": compare_between_channels(state["material"])}

    def record_report(self, state: CheckState) -> CheckState:
        """Commits report, deviations and settled touchpoints together, or nothing of them."""
        tenant_id, deal_id = state["tenant_id"], state["deal_id"]
        due, report = state.get("due", ()), state["report"]
        if not due:
            with self.backends.database.read() as session:
                known = store.as_recorded(
                    session, tenant_id=tenant_id, deal_id=deal_id, report=report
                )
            if known is not None:
                return {"record": Record("unchanged", stored=known)}
        with self.backends.database.write() as session:
            record = store.record(
                session,
                tenant_id=tenant_id,
                deal_id=deal_id,
                read_from=frozenset(state["material"].sources),
                report=report,
                by_channel=state["by_channel"],
                due=due,
                now=self.backends.clock.now(),
            )
        return {"record": record}
