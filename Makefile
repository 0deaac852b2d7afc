# The two commands a newcomer needs are `make run` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
export MUSTER_HOME ?= $(CURDIR)/var
export VENV ?= .venv
PY := $(VENV)/bin/python
JOBS ?= 2

.PHONY: help run test test-postgres test-pythons check format bench lock clean

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run:  ## start everything and print the address (Ctrl-C stops it all, the data stays)
	@tools/bootstrap.sh server
	@exec $(VENV)/bin/muster run

test:  ## run every test, on a real PostgreSQL of its own
	@tools/bootstrap.sh dev
	$(PY) -m pytest -n $(JOBS)

test-postgres:  ## run every test on a PostgreSQL 15 or newer of yours: URL=postgres://user:password@host:port/name
	@[ -n "$(URL)" ] || { echo "Say which: make test-postgres URL=postgres://user:password@host:5432/name"; exit 2; }
	@DATABASE_URL='$(URL)' $(MAKE) --no-print-directory test

test-pythons:  ## run every test on each further Python that this machine has (3.12 to 3.14)
	@for version in 3.12 3.13 3.14; do \
	  if python$$version -c '' 2>/dev/null; then \
	    PYTHON=python$$version VENV=.venv-$$version $(MAKE) --no-print-directory test || exit 1; \
	  else echo "Python $$version is not here: skipped"; fi; \
	done

check: export MUSTER_HOME := $(CURDIR)/var/test
check:  ## linters, types, layers, sizes, migrations, templates, translations
	@tools/bootstrap.sh dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) tools/check_house.py

format:  ## bring the code into the house's format
	@tools/bootstrap.sh dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench:  ## measure speed and scale; prints machine, size, median, p99 and the limit beside
	@tools/bootstrap.sh dev
	$(PY) -m bench $(ARGS)

lock:  ## choose the newest allowed versions again and write the lock files
	@tools/bootstrap.sh dev
	$(PY) tools/lock.py

clean:  ## remove the environment and the test database; the data in var/ stays
	rm -rf .venv .venv-* var/test
