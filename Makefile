# Two targets for everybody: `make demo` and `make test`. Both may be run again.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test torture fuzz lint types picture leaks baselines bench full-size clean

demo: .venv/program
	$(BIN)/python pmg_bench.py demo

test: .venv/tests
	$(BIN)/python -m pytest -n auto

lint: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/tests
	$(BIN)/mypy

# Builds that are killed, disks that fail, 10,000 damaged files: all of them; `make test` runs a few.
torture: .venv/tests
	TORTURE=all $(BIN)/python -m pytest -n auto -q tests/torture tests/hostile/mutations

# Readers fed with what a fuzzer thinks of, a minute each; atheris comes for Linux only.
fuzz: .venv/tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "atheris>=3.0"
	for target in pickles tables validation captions archives; do \
		$(BIN)/python -m tests.fuzz $$target $(or $(SECONDS),60) || exit 1; \
	done

# The picture on top of README.md; needs Chromium.
picture: .venv/tests
	PYTHONPATH=. $(BIN)/python docs/picture.py

# The tables of docs/leaks.md, of real ratings: make leaks MOVIELENS=ml-latest-small
leaks: .venv/tests
	PYTHONPATH=. $(BIN)/python docs/leaks.py $(MOVIELENS)

# First numbers to beat, of real ratings and drawn pictures, into the card: ten minutes.
baselines: .venv/tests
	PYTHONPATH=. $(BIN)/python docs/baselines.py $(MOVIELENS)

# Ours beside its rivals, written into benchmarks/README.md: three quarters of an hour, 40 GB.
bench: .venv/tests
	$(BIN)/python -m benchmarks bench

# What each domain costs at its published size: half an hour and up to 31 GB of disk.
full-size: .venv/tests
	$(BIN)/python -m benchmarks.full_size full-size

.venv/program: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/tests: .venv/program requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

# An old datasets, to load what is built with; the tests use it where it is there.
.venv-datasets3/ready:
	$(PYTHON) -m venv .venv-datasets3
	.venv-datasets3/bin/python -m pip install --quiet --disable-pip-version-check \
		"datasets==3.6.0" "pillow>=11.0"
	touch $@

clean:
	rm -rf .venv .venv-datasets3 demo bench full-size baselines
