# `make demo` and `make test` work after nothing but a clone.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-slow pictures bench lint clean

VENV := .venv
BIN := $(VENV)/bin
OUT ?= output
# Files of tests run side by side, one process a processor.
WORKERS ?= --numprocesses=auto --dist=loadfile
PIP_INSTALL = $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check install

help:
	@echo "make demo       a made-up marketplace, and every document for it, in $(OUT)/"
	@echo "make test       the tests, but for the slow ones"
	@echo "make test-slow  the slow tests"
	@echo "make bench      each limit on seconds, memory and the ratio to the usual way: met or not"
	@echo "make lint       style (ruff) and types (mypy)"
	@echo "make clean      removes the environment, caches and $(OUT)/"

demo: $(VENV)/.installed
	$(BIN)/playbook demo --out $(OUT)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m "not slow" $(WORKERS)

test-slow: $(VENV)/.installed-test
	$(BIN)/python -m pytest -m slow $(WORKERS)

pictures: $(VENV)/.installed
	PLAYBOOK_RENEW=1 $(BIN)/python -m pytest tests/test_page_pictures.py

bench: $(VENV)/.installed-bench
	$(BIN)/python tests/benchmarks/bench.py $(BENCH)

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) $(OUT) build dist .tox .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say that what pyproject.toml asks for is installed: a second run installs nothing.
$(VENV)/.installed: pyproject.toml .ci/system-libraries .ci/find-python
	@.ci/system-libraries run
	@test -x $(BIN)/python || "$$(.ci/find-python)" -m venv $(VENV)
	@echo "Installing segment-playbook in $(VENV) (once, a minute or two)"
	@$(PIP_INSTALL) -e '.[test,notebooks]'
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@$(PIP_INSTALL) -e '.[test,notebooks,spark]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	@$(PIP_INSTALL) -e '.[test,notebooks,bench]'
	@touch $@

$(VENV)/.installed-lint: $(VENV)/.installed
	@$(PIP_INSTALL) -e '.[test,notebooks,lint]'
	@touch $@
