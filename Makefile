# Every command a developer needs. Each sets up what it needs; `make` alone lists them.
# ARGS is passed on:  make test ARGS="src/tutelage/ops -k supervisor"

PYTHON ?= $(shell command -v python3.11 || command -v python3)
RUN := .venv/bin/python
TOOLS := TUTELAGE_PROFILE=tools $(RUN)
TEMPLATES := src/tutelage/web/templates src/tutelage/domain/notifications/templates
MESSAGES := src/tutelage/locale
ARGS ?=

# What was compiled once is kept, whatever the shell says: a start takes half the time.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
CHECKS := check-locks check-format check-lint check-templates check-types check-contracts \
	check-migrations check-messages check-security check-deploy

.PHONY: help demo run test test-deep check fix worker migrate shell bench bench-quick mutants diagram messages lock release for-use for-development $(CHECKS)

# Beside the checkout's code, and apart from one another: the demo never mixes with real data.
demo: export TUTELAGE_HOME ?= $(CURDIR)/var/demo
run worker migrate shell: export TUTELAGE_HOME ?= $(CURDIR)/var/main

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

demo: for-use ## Run everything with a demo programme in it
	@$(RUN) -m tutelage demo

run: for-use ## Run everything as in real use; prints a link to set it up
	@$(RUN) -m tutelage up

test: for-development ## Run the tests on a real PostgreSQL of their own
	@$(RUN) -m tests.with_database $(RUN) -m tests.in_parts $(ARGS)

test-deep: export DEEP = 1
test-deep: test ## Run the same tests with many more rounds, before a release; within an hour

mutants: for-development ## Plant defects one at a time, and say which the tests let pass
	@$(RUN) -m tests.with_database $(RUN) -m tests.mutants $(ARGS)

check: $(CHECKS) ## Check all that needs no server: locks, format, lint, types, contracts

fix: for-development ## Mend what can be mended by itself
	@$(RUN) -m ruff format
	@$(RUN) -m ruff check --fix
	@$(RUN) -m djlint --quiet --reformat $(wildcard $(TEMPLATES))

worker: for-use ## Run a worker alone
	@$(RUN) -m tutelage worker

migrate: for-use ## Bring the database up to date
	@$(RUN) -m tutelage migrate

shell: for-use ## Python with the product loaded
	@$(RUN) manage.py shell $(ARGS)

bench: for-development ## Measure against the budgets, on 10 000 and on 1 000 000 sessions
	@$(RUN) -m bench $(ARGS)

bench-quick: for-development ## Measure SQL counts and ratios alone, in two minutes
	@$(RUN) -m bench --quick $(ARGS)

diagram: for-development ## Draw the architecture anew from the imports, into ARCHITECTURE.md
	@$(RUN) -m tests.consistency.architecture

messages: for-development ## Bring new texts into the catalogues of translations
	@mkdir -p var
	@$(TOOLS) -m babel.messages.frontend -q extract -F babel.cfg -k gettext_lazy -k gettext_noop -k ngettext:1,2 \
		-k pgettext:1c,2 -k npgettext:1c,2,3 --ignore-dirs 'tests .*' --sort-output \
		--no-location --no-wrap --project=Tutelage -o var/messages.pot src
	@$(TOOLS) -m babel.messages.frontend -q update -i var/messages.pot -d $(MESSAGES) -D django \
		--no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm var/messages.pot

lock: ## Make the locks anew after pyproject.toml was changed
	@$(PYTHON) requirements/lock.py $(ARGS)

release: for-development ## Check what a release alone has to hold, and keep its schema
	@$(PYTHON) requirements/newest.py
	@$(RUN) -m tests.with_database $(RUN) -m tests.migrations.snapshot

for-use:
	@$(PYTHON) requirements/install.py base

for-development:
	@$(PYTHON) requirements/install.py dev

check-locks:
	@$(PYTHON) requirements/lock.py --check

check-format: for-development
	@$(RUN) -m ruff format --check

check-lint: for-development
	@$(RUN) -m ruff check

check-templates: for-development
	@$(RUN) -m djlint --check --lint $(wildcard $(TEMPLATES))

check-types: for-development
	@$(TOOLS) -m mypy

check-contracts: for-development
	@.venv/bin/lint-imports

# It would look at a database if there were one; that it found none is no news.
check-migrations: for-development
	@$(TOOLS) -W "ignore:Got an error checking a consistent migration history" \
		manage.py makemigrations --check --dry-run

check-messages: for-development
	@$(RUN) -m tutelage.config.catalogues

check-security: for-development
	@$(RUN) -m bandit --configfile pyproject.toml --severity-level medium --quiet --recursive src

# As it is served behind a proxy with TLS: on plain HTTP the warnings are right.
check-deploy: for-development
	@BASE_URL=https://tutelage.example.org TRUSTED_PROXIES=1 $(TOOLS) \
		manage.py check --deploy --fail-level WARNING
