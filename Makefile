# Each command says what it does and how long it took.
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE ?= cms.settings.dev

define timed
	@started=$$(date +%s); echo "→ $(1)"; { $(2); }; status=$$?; \
	echo "  ($(1): $$(( $$(date +%s) - started )) s)"; exit $$status
endef

.PHONY: run test check bench services services-stop messages

.venv/base: requirements/base.txt
	$(call timed,install what the site needs,\
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt && touch .venv/base)

.venv/dev: requirements/dev.txt
	$(call timed,install what the tests need,\
	  $(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt && touch .venv/dev .venv/base)

run: .venv/base
	@$(BIN)/python manage.py start --port $(PORT)

test: .venv/dev
	@DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py messages --compile
	$(call timed,tests,DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python -m pytest -n 4 $(ARGS))

check: .venv/dev
	$(call timed,format,$(BIN)/ruff format --check -q .)
	$(call timed,lint,$(BIN)/ruff check -q .)
	$(call timed,types,DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/mypy -p core -p startups -p pilots -p search -p cms)
	$(call timed,floors,$(BIN)/lint-imports --no-cache > /tmp/floors.$$PPID 2>&1 || { cat /tmp/floors.$$PPID; false; })
	$(call timed,migrations,DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py makemigrations --check --dry-run)
	$(call timed,templates,$(BIN)/djlint --check --lint --quiet templates)
	$(call timed,translations,DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py messages --check)

messages: .venv/dev
	$(call timed,translations,DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python manage.py messages)

bench: .venv/dev
	$(call timed,benchmarks,DJANGO_SETTINGS_MODULE=cms.settings.test $(BIN)/python -m tests.bench)

services:
	$(call timed,services,.ci/services start)

services-stop:
	$(call timed,services,.ci/services stop)
