# Every target that CI runs is here; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
HOME_DIR ?= $(or $(AIPOLICY_HOME),.aipolicy)
SAMPLES_HOME ?= $(or $(AIPOLICY_HOME),.aipolicy-samples)
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1
# The hundreds of processes that the suite starts would each compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

$(VENV)/.installed: Makefile requirements.lock pyproject.toml dbt/dbt_project.yml dbt/profiles.yml $(shell find dbt/models dbt/macros dbt/seeds dbt/tests -type f 2>/dev/null)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@cmp -s requirements.lock $(VENV)/requirements.lock || { \
	  echo "installing the locked dependencies into $(VENV) ..."; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	  cp requirements.lock $(VENV)/requirements.lock; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/dbt --quiet --no-partial-parse parse --project-dir $(CURDIR)/dbt --profiles-dir dbt --target-path target
	@touch $@

.PHONY: install
install: $(VENV)/.installed ## install everything into .venv, hash-pinned

.PHONY: run
run: install ## run the whole path on the bundled sample sources
	@$(BIN)/aipolicy --home $(SAMPLES_HOME) run --samples

.PHONY: live
live: install ## the same run against the real sources, last 7 days
	@$(BIN)/aipolicy --home $(HOME_DIR) run --live

.PHONY: ui
ui: install ## Dagster UI with schedules, on loopback
	@$(BIN)/python -m pipelines.ui --home $(HOME_DIR)

.PHONY: test
test: install ## the whole test suite
	@$(BIN)/python -m pytest

.PHONY: faults
faults: install ## inject the faults of tests/faults/faults.yaml and say what became of each (AIPOLICY_ALL_KILLS=1: all kills)
	@$(BIN)/python -m pytest -m "faults or fault" --faults-report build/faults.json

.PHONY: faults-slow
faults-slow: install ## the half of the faults that the test suite leaves out
	@$(BIN)/python -m pytest -m faults

.PHONY: fuzz
fuzz: install ## search parsers, extractors and renderers for bytes that break them, some seconds each (SEARCH="--tries 100")
	@$(BIN)/python -m tests.fuzz $(SEARCH)

.PHONY: control-room
control-room: install ## drive the real UI and its daemon through GraphQL: launch, cancel, kill, retry, backfill, freshness
	@$(BIN)/python -m pytest -n 0 -m ui tests/faults/test_control_room.py

.PHONY: scale
scale: install ## take 75,871 recorded documents through the whole path, twice
	@$(BIN)/python -m pytest -n 0 -s -m scale tests/scale

.venv-duckdb-%/.installed: tests/compat/duckdb-%.txt
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.PHONY: compat
compat: install $(patsubst tests/compat/duckdb-%.txt,.venv-duckdb-%/.installed,$(wildcard tests/compat/duckdb-*.txt)) ## read an edition with the oldest and the newest DuckDB
	@$(BIN)/python -m pytest -n 0 -m compat tests/compat

.PHONY: check
check: install ## ruff, mypy strict, sqlfluff, import-linter, yamllint
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt/models dbt/tests
	@$(BIN)/yamllint --strict .

.venv-rivals/.installed: tests/bench/rivals/requirements.txt
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.PHONY: bench
bench: install .venv-rivals/.installed ## measure beside rivals and limits, as ratios (BENCH="ingest size --sizes 10000")
	@$(BIN)/python -m tests.bench $(BENCH)

.PHONY: docs
docs: install ## write what is generated from the contracts and models: two pages and the lineage of columns
	@$(BIN)/python -m pipelines.column_lineage
	@$(BIN)/python -m pipelines.dictionary
	@$(BIN)/python -m pipelines.sources_page

.PHONY: screenshots
screenshots: install ## pictures of the UI and the digest (needs Chromium)
	@$(BIN)/python -m docs.screenshots --home $(SAMPLES_HOME)

.PHONY: new-source
new-source: install ## begin a source: make new-source SLUG=us_nist URL=https://...
	@$(BIN)/python -m tests.new_source "$(SLUG)" "$(URL)"

.PHONY: record
record: install ## keep one answer of each kind of a source as fixtures: make record SLUG=us_nist
	@$(BIN)/python -m tests.record "$(SLUG)"

.PHONY: accept
accept: install ## write what the parser reads from new fixtures, once, for review: make accept SLUG=us_nist
	@$(BIN)/python -m tests.accept "$(SLUG)"

$(VENV)/.scale-installed: $(VENV)/.installed requirements-scale.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-scale.lock
	@touch $@

.PHONY: scale-install
scale-install: $(VENV)/.scale-installed ## install what a warehouse on several machines needs beside it, hash-pinned

.PHONY: scale-servers
scale-servers: ## install PostgreSQL and Redis where they are missing (on Debian, as root)
	@missing=(); \
	compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql); \
	command -v redis-server >/dev/null || missing+=(redis-server); \
	if [ "$${#missing[@]}" -gt 0 ]; then \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
	    echo "expected $${missing[*]}, found none; install it, on Debian: sudo apt-get install $${missing[*]}" >&2; exit 1; }; \
	  echo "installing $${missing[*]} ..."; \
	  apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
	fi

.PHONY: scale-test
scale-test: scale-install scale-servers ## spread runs over workers with servers on loopback, kill some, and compare the edition
	@$(BIN)/python -m pytest -n 2 -m lake tests/lake

.PHONY: lock
lock: install ## resolve the dependencies anew into requirements.lock and requirements-scale.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --extra dev pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --custom-compile-command "make lock" --constraint requirements.lock $$(sed -nE 's/^([a-z0-9._-]+)(\[[^]]*\])?==.*/--no-emit-package \1/p' requirements.lock) requirements-scale.in -o requirements-scale.lock

.PHONY: clean
clean: ## remove the installation and caches; what was crawled stays
	@rm -rf $(VENV) .venv-duckdb-* .venv-rivals dbt/target dbt/logs build *.egg-info .mypy_cache .ruff_cache .pytest_cache

.PHONY: clean-state
clean-state: ## delete the state folders, with the archive, which cannot be made again
	@for folder in $(HOME_DIR) $(SAMPLES_HOME); do \
	  test ! -d $$folder || echo "deleting $$folder: $$(find $$folder/archive -name '*.ledger.json' 2>/dev/null | wc -l) archived crawls, editions, digests, run history"; \
	done
	@rm -rf $(HOME_DIR) $(SAMPLES_HOME)
