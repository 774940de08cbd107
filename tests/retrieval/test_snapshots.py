"""A snapshot is served whole and current, or not at all."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs

from retrieval.snapshots import (
    SnapshotHeader,
    forget_abandoned,
    read_snapshot,
    snapshot_path,
    write_snapshot,
)
from retrieval.vector_stores.faiss_index import FaissVectors

ROOT = Path(__file__).parents[2]
HEADER = SnapshotHeader(
    tenant_id="t-1",
    scope="acc-1",
    embedder="use-m3@0.2.1",
    tokenizer="words@1",
)
PARTS = {"vectors": b"\x00\x01" * 50, "keywords": b"", "words": "价格".encode()}


def vectors_of(seed: int) -> bytes:
    rows = np.random.default_rng(seed).normal(size=(40, 16)).astype(np.float32)
    store = FaissVectors(16, exact_up_to=0)
    store.add(np.arange(40, dtype=np.int64), rows / np.linalg.norm(rows, axis=1, keepdims=True))
    return store.to_bytes()


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    path = snapshot_path(tmp_path / "snapshots", tenant_id="t-1", scope="../acc/1")
    write_snapshot(path, HEADER, PARTS)
    assert read_snapshot(path, HEADER) == PARTS
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    write_snapshot(path, HEADER, {})
    assert read_snapshot(path, HEADER) == {}


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "snapshots" / "one"
    write_snapshot(path, HEADER, PARTS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_names_are_hashed_and_do_not_meet(tmp_path: Path) -> None:
    names = {
        snapshot_path(tmp_path, tenant_id=tenant, scope=scope).name
        for tenant, scope in (("a", "b"), ("a", ""), ("", "a"), ("ab", ""), ("a\0b", ""))
    }
    assert len(names) == 5


def test_no_snapshot_is_no_event(tmp_path: Path) -> None:
    with capture_logs() as events:
        assert read_snapshot(tmp_path / "none", HEADER) is None
    assert events == []


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with capture_logs() as events:
        assert read_snapshot(tmp_path, HEADER) is None
    assert [event["event"] for event in events] == ["snapshot_refused"]


@pytest.mark.parametrize("name", list(asdict(HEADER)))
def test_another_state_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    value = getattr(HEADER, name)
    changed: dict[str, Any] = {name: value + 1 if isinstance(value, int) else value + "x"}
    other = replace(HEADER, **changed)
    write_snapshot(tmp_path / "one", other, PARTS)
    with capture_logs() as events:
        assert read_snapshot(tmp_path / "one", HEADER) is None
    assert [(e["event"], e["reason"]) for e in events] == [("snapshot_refused", f"other_{name}")]


def damage(rng: random.Random, mine: bytes, others: list[bytes]) -> bytes:
    """One of: cut short, lengthened, bits flipped, swapped, spliced, a stretch zeroed."""
    kind = rng.choice(["cut", "grow", "flip", "swap", "splice", "zero", "empty_tail"])
    at, other = rng.randrange(len(mine)), rng.choice(others)
    if kind == "cut":
        return mine[:at]
    if kind == "grow":
        return mine + rng.randbytes(rng.randint(1, 64))
    if kind == "flip":
        damaged = bytearray(mine)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(len(mine))] ^= 1 << rng.randrange(8)
        return bytes(damaged)
    if kind == "swap":
        return other
    if kind == "splice":
        return mine[:at] + other[at:]
    length = rng.randint(1, 256)
    hole = bytes(min(length, len(mine) - at)) if kind == "zero" else b""
    return mine[:at] + hole + mine[at + length :]


def test_of_a_thousand_damaged_snapshots_none_is_served(tmp_path: Path) -> None:
    """Others: another scope's, another tenant's, another embedder's, other words'."""
    path = tmp_path / "one"
    headers = [
        HEADER,
        replace(HEADER, scope="acc-2"),
        replace(HEADER, tenant_id="t-2"),
        replace(HEADER, embedder="other"),
        replace(HEADER, tokenizer="other"),
    ]
    files = []
    for seed, header in enumerate(headers):
        write_snapshot(path, header, {"vectors": vectors_of(seed), "keywords": b"k" * 100})
        files.append(path.read_bytes())
    mine, others = files[0], files[1:]
    rng, n_damaged, n_served = random.Random(1), 0, 0
    with capture_logs() as events:
        while n_damaged < 1_000:
            damaged = damage(rng, mine, others)
            if damaged == mine:
                continue
            path.write_bytes(damaged)
            n_damaged += 1
            n_served += read_snapshot(path, HEADER) is not None
    assert (n_damaged, n_served, len(events)) == (1_000, 0, 1_000)
    path.write_bytes(mine)
    assert read_snapshot(path, HEADER) is not None


def test_a_failed_write_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one"
    write_snapshot(path, HEADER, PARTS)

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_snapshot(path, HEADER, {"vectors": b"new"})
    assert read_snapshot(path, HEADER) == PARTS
    assert [p.name for p in tmp_path.iterdir()] == ["one"]


WRITER = """
import sys
from pathlib import Path
from retrieval.snapshots import SnapshotHeader, write_snapshot
header = SnapshotHeader(**eval(sys.argv[2]))
n = 0
while True:
    n += 1
    write_snapshot(Path(sys.argv[1]), header, {"vectors": bytes([n % 256]) * 300_000})
"""


def test_a_killed_writer_leaves_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "one"
    rng = random.Random(2)
    write_snapshot(path, HEADER, {"vectors": b"\x00" * 300_000})
    for _ in range(3):
        before = path.stat().st_mtime_ns
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), repr(asdict(HEADER))], cwd=ROOT
        )
        try:
            while path.stat().st_mtime_ns == before and child.poll() is None:
                time.sleep(0.001)
            time.sleep(rng.random() / 20)
        finally:
            child.send_signal(signal.SIGKILL)
            child.wait()
        parts = read_snapshot(path, HEADER)
        assert parts is not None
        assert len(parts["vectors"]) == 300_000
        assert len(set(parts["vectors"])) == 1
    forget_abandoned(tmp_path)  # perhaps another process is still writing
    forget_abandoned(tmp_path, older_than_s=0)
    assert [p.name for p in tmp_path.iterdir()] == ["one"]
