# The two commands a newcomer needs are `make run` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
export MUSTER_HOME ?= $(CURDIR)/var
PY := .venv/bin/python

.PHONY: help run test test-fast check format bench lock clean

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run:  ## start everything and print the address (Ctrl-C stops it all, the data stays)
	@tools/bootstrap.sh server
	@exec .venv/bin/muster run

test:  ## run every test, on a real PostgreSQL of its own
	@tools/bootstrap.sh dev
	$(PY) -m pytest -n 2

check:  ## linters, types, layers, sizes, migrations, templates, translations
	@tools/bootstrap.sh dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PY) tools/check_house.py

format:  ## bring the code into the house's format
	@tools/bootstrap.sh dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench:  ## measure speed and scale; prints machine, size, median, p99 and the limit beside
	@tools/bootstrap.sh dev
	$(PY) -m bench $(ARGS)

lock:  ## choose the newest allowed versions again and write the lock files
	@tools/bootstrap.sh dev
	$(PY) tools/lock.py

clean:  ## remove the environment and the test database; the data in var/ stays
	rm -rf .venv .tools var/test
