# `make` alone lists the targets. What is needed beforehand: Python 3.11 with venv, and make.

PYTHON ?= python3.11
UV_VERSION := 0.13.9
BIN := .venv/bin
INSTALLED := .venv/.installed
UV := .venv/uv/bin/uv
SUPERSET := .superset
# Certificates of the house's own (a proxy, a mirror) are those of the system, where it has any.
UV_RUN := $(UV) $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),--system-certs)
LOCK := pip compile --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' --quiet

SQLFLUFF := $(BIN)/sqlfluff lint --processes 2 --disable-progress-bar
RENDERED := var/rendered
# What a person does not write: layout, quotes, and names that are double for one feed alone; the rest as in .sqlfluff.
AS_RENDERED := --exclude-rules AM04,AM08,AL08,AL09,RF02,RF03,RF04,RF06,ST05,ST06,ST10,layout

export PYTHONPATH := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help install nightly serve test test-thorough test-long test-events test-deployment test-faults test-bi deployed-nightly dashboards secrets lint lint-code lint-types lint-sql lint-lock lint-packages format lock rules bench bench-arrival clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## create .venv from the locked requirements

nightly: $(INSTALLED) ## run the nights through Airflow to fresh marts (EXTRACTS=... WAREHOUSE=... for your own)
	@$(BIN)/python -m include.running.nightly

serve: $(INSTALLED) ## keep Airflow running: web pages on 127.0.0.1:8080 (PORT=...), schedules on
	@$(BIN)/python -m include.running.nightly serve

test: $(INSTALLED) ## the tests (ARGS="-k name" for some)
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder -m "not thorough" $(ARGS)

test-thorough: $(INSTALLED) ## the other tests: the same on PostgreSQL, long histories, whole worlds made anew
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder -m thorough $(ARGS)

test-long: $(INSTALLED) ## the tests of random histories and files, ten times as much
	@EXAMPLES=10 $(BIN)/python -m pytest --numprocesses 2 tests/pipeline/resolving/test_order.py tests/pipeline/loading/test_arrival_order.py \
		tests/people/decisions/test_conservation.py tests/mutations/test_stage.py tests/pipeline/formats $(ARGS)

test-events: $(INSTALLED) ## an object on S3 to the marts by webhook and by queue, through an Airflow of its own
	@$(BIN)/python -m pytest tests/running/nightly/events_end_to_end.py $(ARGS)

test-deployment: $(INSTALLED) ## the compose file for real, in an engine of its own (needs root and ../shared/compose-lab)
	@timeout --signal=INT --kill-after=120 4800 $(BIN)/python -m pytest tests/deployment -p no:cacheprovider --timeout=2400 $(ARGS)

test-faults: $(INSTALLED) ## disturbed nights, mutated files, orders of arrival (FAULTS= FILES= ORDERS= STACK= SEED=); docs/reliability.md
	@FAULTS=$(FAULTS) FILES=$(FILES) ORDERS=$(ORDERS) SEED=$(SEED) ONLY=$(ONLY) $(BIN)/python -W ignore -m tests.faults
	@[ "$(STACK)" = 0 ] || STACK=$(STACK) SEED=$(SEED) $(BIN)/python -m pytest tests/faults/test_stack.py -p no:cacheprovider --timeout=0

test-bi: $(INSTALLED) $(SUPERSET)/.installed ## the dashboard in a real Superset and a browser, against the marts (needs chromium)
	@SUPERSET=$(CURDIR)/$(SUPERSET)/bin $(BIN)/python -m pytest tests/bi -p no:cacheprovider $(ARGS)

secrets: ## write random passwords and keys for docker-compose.yml, and .env
	@deploy/secrets

deployed-nightly: ## the sample study's nights through the platform that docker-compose.yml has started
	@docker compose run --rm sample

dashboards: ## bring the dashboard of deploy/superset into the Superset that docker-compose.yml has started
	@docker compose run --rm dashboards

lint: lint-code lint-types lint-sql lint-lock lint-packages ## code, types, SQL, whether the locks are in step, licences and known holes

lint-code: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

lint-types: $(INSTALLED)
	$(BIN)/mypy

lint-sql: $(INSTALLED)
	@for dialect in duckdb postgres; do \
		rm -rf $(RENDERED) && $(BIN)/python -m include.definitions.checking.rendering $$dialect $(RENDERED) \
		&& $(SQLFLUFF) include/sql --dialect $$dialect && $(SQLFLUFF) $(RENDERED) --dialect $$dialect $(AS_RENDERED) \
		|| exit 1; done

lint-lock: $(INSTALLED)
	@mkdir -p .venv/lock/deploy/superset && cp requirements*.in requirements*.txt .venv/lock
	@cp deploy/superset/requirements.* .venv/lock/deploy/superset
	@cd .venv/lock && for lock in requirements requirements-dev deploy/superset/requirements; do \
		$(CURDIR)/$(UV_RUN) $(LOCK) $$lock.in --output-file $$lock.txt && diff -q -I '^#' $$lock.txt $(CURDIR)/$$lock.txt > /dev/null \
		|| { echo "$$lock.txt is not in step with $$lock.in: run make lock"; exit 1; }; done

lint-packages: $(INSTALLED)
	@$(BIN)/python deploy/packages

format: $(INSTALLED) ## put code and SQL into the project's layout
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format
	$(BIN)/sqlfluff fix include/sql --rules layout,capitalisation --processes 2

lock: $(UV) ## compile requirements.in and requirements-dev.in (UPGRADE=--upgrade for newer versions)
	$(UV_RUN) $(LOCK) $(UPGRADE) requirements.in --output-file requirements.txt
	$(UV_RUN) $(LOCK) $(UPGRADE) requirements-dev.in --output-file requirements-dev.txt
	$(UV_RUN) $(LOCK) $(UPGRADE) deploy/superset/requirements.in --output-file deploy/superset/requirements.txt

rules: $(INSTALLED) ## write docs/rules.md from the suites
	@$(BIN)/python -m include.running.cli rules --markdown > docs/rules.md

bench: $(INSTALLED) ## time and memory at five million results, against a bare DuckDB script
	@$(BIN)/python -m include.running.bench $(ARGS)

bench-arrival: $(INSTALLED) ## time from a file's arrival to fresh marts, through Airflow
	@$(BIN)/python -m include.running.bench.arrival

clean: ## remove the environment, Airflow's home and the sample's warehouse
	rm -rf .venv .superset .airflow var .mypy_cache .ruff_cache .pytest_cache .hypothesis

# uv has a folder of its own: the environment holds what requirements.txt says and nothing else.
$(UV):
	@$(PYTHON) -c "import ensurepip, venv" 2> /dev/null \
		|| { echo "Python 3.11 with venv is needed. On Debian: apt-get install python3.11 python3.11-venv"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --target .venv/uv uv==$(UV_VERSION)

# One environment for everything: requirements-dev.txt is requirements.txt, version for version, and what tests need.
$(INSTALLED): requirements-dev.txt $(UV)
	$(UV_RUN) pip sync --python $(BIN)/python --require-hashes --compile-bytecode requirements-dev.txt
	@touch $@

# Superset wants other versions than Airflow: an environment of its own.
$(SUPERSET)/.installed: tests/bi/superset.txt $(UV)
	$(UV_RUN) venv --quiet --clear --python $(PYTHON) $(SUPERSET)
	$(UV_RUN) pip install --quiet --python $(SUPERSET)/bin/python --requirement tests/bi/superset.txt
	@touch $@
