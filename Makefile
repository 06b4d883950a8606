# Every target works from a bare clone: what it needs is installed into .venv first.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PY := .venv/bin/python
SUITE := not browser and not faults and not conformance and not slow
MAKEFLAGS += --no-print-directory
PYTEST := $(PY) -m pytest
WORKERS ?= 2
# What CI leaves out of the second engine: it has no database.
LEFT_OUT ?=
PACKAGES := accounts benchmarks config console core events notifications registrations scripts tests
# A bytecode cache makes each start of Django more than a second quicker.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-dev run test test-postgres test-full lint types contracts format templates \
        schema schema-check messages migrations-check deploy-check conformance browser faults \
        faults-postgres faults-full browser-full bench ci clean

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with what running needs
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Lectern needs Python 3.11 or newer: install python3 and python3-venv, then run make again." >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py

setup-dev: ## Make .venv with what developing and testing need, too
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Lectern needs Python 3.11 or newer: install python3 and python3-venv, then run make again." >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py --dev

run: setup ## Start everything in the foreground (PORT=8000, LECTERN_HOME=var); Ctrl-C stops it
	@exec $(PY) -m scripts.run

test: setup-dev ## Run the suite on the embedded default (SQLite)
	$(PYTEST) -q -n $(WORKERS) --create-db -m "$(SUITE)"

test-postgres: setup-dev ## Run the same suite on a throw-away PostgreSQL
	$(PY) -m scripts.test_postgres -- $(PYTEST) -q -n $(WORKERS) --create-db -m "$(SUITE)" $(LEFT_OUT)

test-full: setup-dev ## Run the suite on both engines with every walk whole (an hour)
	TESTS_SIZE=full $(PYTEST) -q -n $(WORKERS) --create-db -m "not browser and not faults and not conformance"
	TESTS_SIZE=full $(PY) -m scripts.test_postgres -- $(PYTEST) -q -n $(WORKERS) --create-db -m "not browser and not faults and not conformance"

lint: setup-dev ## Check style, idioms and formatting of the code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	find $(PACKAGES) -name '*.py' -print0 | xargs -0 $(PY) -m django_upgrade --target-version 5.2 --check

types: setup-dev ## Check types (mypy --strict)
	$(PY) -m mypy .

contracts: setup-dev ## Check the arrows between and inside the apps
	$(PY) -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

format: setup-dev ## Format code and templates
	find $(PACKAGES) -name '*.py' -print0 | xargs -0 $(PY) -m django_upgrade --target-version 5.2 --exit-zero-even-if-changed
	$(PY) -m ruff check --fix-only --exit-zero --quiet .
	$(PY) -m ruff format .
	$(PY) -m djlint --quiet --reformat --profile django .

templates: setup-dev ## Check the templates
	$(PY) -m djlint --quiet --lint --check --profile django .

schema: setup-dev ## Write docs/openapi.yml
	$(PY) manage.py spectacular --settings config.settings.test --validate --fail-on-warn --file docs/openapi.yml

schema-check: setup-dev ## Check that docs/openapi.yml is what the code says
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PY) manage.py spectacular --settings config.settings.test --validate --fail-on-warn --file "$$folder/openapi.yml" && \
	diff -u docs/openapi.yml "$$folder/openapi.yml" || \
	{ echo "docs/openapi.yml is not what the code says: run make schema." >&2; exit 1; }

messages: setup-dev ## Bring the catalogues of what guests read up to date and compile them
	$(PY) -m scripts.messages

migrations-check: setup-dev ## Check that no model change lacks its migration
	$(PY) manage.py makemigrations --check --dry-run --settings config.settings.test

deploy-check: setup-dev ## Run Django's deployment checks with production-like settings
	@SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(60))") \
	LINK_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(32))") \
	TICKET_KEY=$$($(PY) -c "import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())") \
	BASE_URL=https://conferences.example.org ALLOWED_HOSTS=conferences.example.org \
	DATABASE_URL=postgres://lectern:lectern@127.0.0.1:5432/lectern REDIS_URL=redis://127.0.0.1:6379/0 \
	EMAIL_URL=smtp://127.0.0.1:25 DJANGO_SETTINGS_MODULE=config.settings.base \
	$(PY) manage.py check --deploy --fail-level WARNING

conformance: setup-dev ## Have calendar entries, mails and schedules judged by programs of others
	@$(PY) -c "import ctypes; ctypes.CDLL('libical.so.3')" 2>/dev/null || { echo "make conformance needs libical: apt-get install libical3, then run make again." >&2; exit 1; }
	@test -n "$(SCHEDULE_SCHEMAS)" || echo "schedule.xml and schedule.json are not judged: SCHEDULE_SCHEMAS names no folder (docs/operations.md)." >&2
	$(PYTEST) -q --create-db -m conformance $(if $(SCHEDULE_SCHEMAS),,--ignore tests/conformance/test_schedule.py) tests/conformance

browser: setup-dev ## Run the journeys in real Chromium
	$(PYTEST) -q -n $(WORKERS) --dist loadfile --create-db -m "browser and not slow"

browser-full: setup-dev ## Run them with hostile words in every stored text, all forty turns (an hour)
	TESTS_SIZE=full $(PYTEST) -q -n $(WORKERS) --dist loadfile --create-db -m browser

faults: setup-dev ## Run the small fault tests on SQLite: real processes killed, a real SMTP sink
	$(PYTEST) -q --create-db -m "faults and not slow"

faults-postgres: setup-dev ## Run the same fault tests on PostgreSQL, which is killed too
	$(PY) -m scripts.test_postgres -- $(PYTEST) -q --create-db -m "faults and not slow"

faults-full: setup-dev ## Run the whole fault suite on both engines in the sizes of a release (two hours)
	@$(PY) -m tests.faults.clock || { echo "make faults-full needs libfaketime: apt-get install faketime, then run make again." >&2; exit 1; }
	FAULTS_SIZE=full $(PYTEST) -q --create-db -m faults
	FAULTS_SIZE=full $(PY) -m scripts.test_postgres -- $(PYTEST) -q --create-db -m faults

bench: setup-dev ## Print the table of ratios
	$(PY) -m benchmarks.run

ci: lint types contracts templates migrations-check schema-check deploy-check ## Run what CI runs
	$(MAKE) test
	$(MAKE) test-postgres LEFT_OUT="--ignore=tests/events/exchange --ignore=tests/events/conflicts --ignore=tests/config --ignore=tests/scripts --ignore=tests/benchmarks --database-only"
	$(MAKE) conformance
	$(MAKE) browser
	$(MAKE) faults

clean: ## Remove caches and .venv; data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
