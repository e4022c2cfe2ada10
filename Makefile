# homeshore: make run starts the service, make test proves it. Set-up happens by itself, once for each lock file.

PYTHON ?= python3
PORT ?= 8000
export UV_SYSTEM_CERTS = 1
export UV_PYTHON_DOWNLOADS = never
# Compiled once and kept, whatever the caller's shell says: a start would compile two thousand modules each time.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run setup test check bench kills pictures clean

run: .venv/.run  ## Start the service on the embedded database, with demonstration data
	HOMESHORE_PORT=$${HOMESHORE_PORT:-$(PORT)} .venv/bin/homeshore serve --demo

setup: .venv/.dev  ## Everything that the tests need

test: .venv/.dev  ## The whole suite, PostgreSQL and browser included
	.venv/bin/pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/.dev  ## Lint, types, import contracts, migrations, templates
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m tests.drift
	.venv/bin/python -m tests.templates

bench: .venv/.dev  ## Measured side by side with what a user would pick instead
	.venv/bin/python -m tests.benchmarks

kills: .venv/.dev  ## kill -9 of server and worker, fifty times each
	HOMESHORE_TEST_KILLS=50 .venv/bin/pytest -q -s tests/journeys/test_kills.py

pictures: .venv/.dev  ## Screenshots of each page and pictures of each document, for the README
	.venv/bin/python -m tests.pictures

.venv/.run: requirements.lock pyproject.toml
	@sh service/deploy/setup.sh $(PYTHON) requirements.lock run
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml
	@sh service/deploy/setup.sh $(PYTHON) requirements-dev.lock dev
	@touch $@ .venv/.run

clean:  ## Remove the environment (the data in var/ stay)
	rm -rf .venv
