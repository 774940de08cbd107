#!/bin/sh
# Usage: setup.sh core|dev|models|peers. Creates the environment once and again when its lock changes.
set -eu
kind="$1"
python="${PYTHON:-python3}"
cd "$(dirname "$0")/.."

venv=.venv
[ "$kind" = models ] && venv=.venv-models
lock="requirements/$kind.txt"
hashes=--require-hashes
if [ "$kind" = peers ]; then
  # Other libraries to measure against, apart from the product: their pins would not agree with ours.
  venv=.venv-peers
  lock=evals/peers/requirements.txt
  hashes=
fi
stamp="$venv/.installed-$kind"
wanted="$(cat "$lock" pyproject.toml scripts/setup.sh | cksum)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || {
  echo "Junshi needs Python 3.11, 3.12 or 3.13; '$python' is $("$python" --version 2>&1)." >&2
  echo "Name another one: make PYTHON=python3.12 ..." >&2
  exit 1
}
echo "Setting up $venv ($kind) ..."
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check -q "$@"; }

if [ "$kind" = models ]; then
  # pip, not uv: it finds a CPU build of torch where one is provided, and whisper must not pull triton.
  sh scripts/models.sh "$venv"
else
  # uv is several times faster; plain pip does the same where uv cannot be had.
  [ -x "$venv/bin/uv" ] || pip install uv || true
  if [ -x "$venv/bin/uv" ]; then
    VIRTUAL_ENV="$PWD/$venv" "$venv/bin/uv" pip install -q --compile-bytecode \
      $hashes -r "$lock"
  else
    pip install $hashes -r "$lock"
  fi
fi
pip install --no-deps -e .
# Compiled here once, so that a start is quick even where Python may not write bytecode.
"$venv/bin/python" -m compileall -q \
  agents api core evals feedback knowledge_graph retrieval transcripts || true
echo "$wanted" > "$stamp"
# Development locks contain the core one.
[ "$kind" = dev ] && cat requirements/core.txt pyproject.toml scripts/setup.sh | cksum > "$venv/.installed-core"
exit 0
