#!/bin/sh
# Usage: models.sh VENV. The product and the models extra, pinned, into an environment of its own.
set -eu
pip() { "$1/bin/python" -m pip --disable-pip-version-check -q install $2; }

# torch first and by exact version, so that a CPU build is taken where one is provided; the rest
# without dependencies: openai-whisper would pull triton, a gigabyte that CPUs do not need.
pip "$1" "$(grep '^torch==' requirements/models.txt)"
pip "$1" "--no-deps -r requirements/models.txt"
