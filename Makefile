# CasePilot. `make` alone lists what there is to do.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
YES ?=

VENV := .venv
IN := $(VENV)/bin/python
export VENV
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test bench check lock manage clean-demo setup-demo setup-dev

help:
	@echo "make demo            run the site on http://127.0.0.1:8000 (PORT=8001 for another port)"
	@echo "make test            run the tests      (ARGS=\"-k meter -x\" for some of them)"
	@echo "make check           linters, types, imports, migrations, deployment settings"
	@echo "make bench           measure the code page and the imports"
	@echo "make lock            write requirements/*.txt anew  (ARGS=--upgrade for newer versions)"
	@echo "make manage          a manage.py command on the demo's data  (ARGS=\"changepassword …\")"
	@echo "make clean-demo      remove the demo's data"

setup-demo:
	@$(PYTHON) -m scripts.bootstrap demo

setup-dev:
	@$(PYTHON) -m scripts.bootstrap dev

demo: setup-demo
	@exec $(IN) -m scripts.demo --port $(PORT)

test: setup-dev
	@exec $(IN) -m pytest $(ARGS)

bench: setup-dev
	@exec $(IN) -m bench $(ARGS)

check: setup-dev
	@exec $(IN) -m scripts.check

lock:
	@exec $(PYTHON) -m scripts.lock $(ARGS)

manage: setup-demo
	@exec $(IN) -m scripts.demo_manage $(ARGS)

clean-demo: setup-demo
	@exec $(IN) -m scripts.demo --clean $(if $(YES),--yes)
