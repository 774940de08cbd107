"""A process killed while it ingests leaves the old state or the new one, and search shows that."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from agents.backends import open_backends
from core.settings import Settings, child_environment

ROOT = Path(__file__).parents[2]
N_MAILS = 12
N_KILLS = 3

WRITER = f"""
import sys
from pathlib import Path
from agents.backends import open_backends
from agents.ingestion.ingest import ingest
from core.settings import Settings

settings, folder = Settings(), Path(sys.argv[1])
opened = open_backends(settings)
for version in range(1_000):
    word = "alpha" if version % 2 else "omega"
    for n in range({N_MAILS}):
        mail = f"From: a@x.example\\nSubject: {{n}}\\n\\nThe {{word}} boiler number {{n}} leaks.\\n"
        (folder / f"{{n}}.eml").write_text(mail, encoding="utf-8")
    report = ingest(opened, folder, tenant_id=settings.tenant)
    assert not report.failures, report.failures
    print(version, flush=True)
"""


def test_after_a_kill_all_mails_are_of_one_version(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    settings = Settings(home=tmp_path / "home", database_url="")
    rng = random.Random(4)
    seen = set()
    search = open_backends(settings).search
    for _ in range(N_KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            cwd=ROOT,
            env=child_environment(settings),
            stdout=subprocess.PIPE,
        )
        try:
            assert child.stdout is not None
            assert child.stdout.readline()  # the first version is committed
            time.sleep(rng.random() / 3)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
        hits = search.search(
            "boiler leaks", tenant_id=settings.tenant, account_id="loose:letters", k=50
        )
        versions = {word for hit in hits for word in ("alpha", "omega") if word in hit.passage.text}
        assert len(versions) == 1
        assert len(hits) == N_MAILS
        seen |= versions
    assert seen
