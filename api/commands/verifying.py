"""`verify`: JSON lines in, JSON lines out, one claim a line; a state or a database is not needed.

In:  {"id", "claim", "evidence": [{"text", "date"?, "speaker"?, "role"?}]}
Out: {"id", "supported", "reasons"}, same order. `role` is customer or rep, in either language.

Lines are read, checked and written one at a time: memory does not grow with the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.commands.json_lines import line_writer, read_lines
from retrieval.claim_lines import verify_line
from retrieval.meaning import EmbeddedRelatedness
from retrieval.verify import Verification


def verify_file(source: Path, out: Path) -> dict[str, int]:
    """Counts {"n", "n_supported"}. Raises InvalidInput naming the first line that is wrong."""
    relatedness = EmbeddedRelatedness.of_package()
    counts = {"n": 0, "n_supported": 0}

    def verified_of(number: int, line: str) -> tuple[Any, Verification]:
        return verify_line(line, number=number, relatedness=relatedness)

    with line_writer(out) as write:
        for row_id, verified in read_lines(source, verified_of):
            counts["n"] += 1
            counts["n_supported"] += verified.supported
            write(
                {"id": row_id, "supported": verified.supported, "reasons": list(verified.reasons)}
            )
    return counts
