# Two commands matter: `make serve` and `make test`. Both create the environment first, from requirements.lock.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help serve test lint score teach bench audit-deps lock clean

help:
	@echo "make serve   build the index and serve the pages (PORT=8000)"
	@echo "make test    every check and every test"
	@echo "make lint    the checks alone: style, types, imports, entries"
	@echo "make score   how well the audit agrees with labelled copy"
	@echo "make teach   learn from labelled copy what the audit has no rules for (installs scikit-learn)"
	@echo "make bench   measure product and peers in turn, say what became slower, write benchmarks/RESULTS.md"
	@echo "             (10 minutes; FULL=1: also 100,000 claims, hours; RECORD=1: compare later runs with this one)"
	@echo "make audit-deps  ask for known holes in the locked packages; write dist/sbom.cdx.json (needs PyPI)"
	@echo "make lock    write requirements.lock anew (needs uv)"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else f"Caveat needs Python 3.11 or newer and $(PYTHON) is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

serve: $(READY)
	@$(BIN)/kb index
	@$(BIN)/kb serve --host $(HOST) --port $(PORT)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kb fmt --check claims
	$(BIN)/kb lint claims

# In the order of their names: by the number of their tests, the few slow ones would come last, to one of the cores.
test: lint
	$(BIN)/pytest -rs --numprocesses auto --dist loadfile --no-loadscope-reorder

score: $(READY)
	@echo "corpus/labelled"; $(BIN)/kb score corpus/labelled --floor corpus/floor.json
	@echo "corpus/fresh"; $(BIN)/kb score corpus/fresh
	@echo "corpus/unread"; $(BIN)/kb score corpus/unread
	@echo "corpus/blind"; $(BIN)/kb score corpus/blind
	@echo "corpus/sealed"; $(BIN)/kb score corpus/sealed
	@echo "corpus/kept: totals only, never read it"; $(BIN)/kb score corpus/kept
	@echo "corpus/withheld: totals only, never read it"; $(BIN)/kb score corpus/withheld

teach: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group teach
	$(BIN)/python corpus/teach.py

bench: $(READY)
	@$(BIN)/python benchmarks/bench.py $(if $(FULL),--full) $(if $(RECORD),--record)

audit-deps: $(READY)
	@$(BIN)/python .ci/audit_deps.py

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml --group dev --all-extras --upgrade --output-file requirements.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
