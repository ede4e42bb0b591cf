# `make demo` and `make test` are all a newcomer needs; both work from a fresh clone.
PYTHON ?= python3
# More than there are cores: many tests wait for a process or a socket.
WORKERS ?= 5
PIP := .venv/bin/pip --disable-pip-version-check --quiet

.PHONY: install encrypted demo test bench bench-full format lock clean

install: .venv/installed

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/pip
	$(PIP) install --require-hashes --requirement requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(PIP) install --require-hashes --requirement requirements-dev.txt
	touch $@

# The driver that encrypts; set DATABASE_KEY after it.
encrypted: install
	$(PIP) install --require-hashes --requirement requirements-encrypted.txt

demo: install
	.venv/bin/terugblik demo

# Every one of the test processes would compile all modules again.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/installed-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pytest -n $(WORKERS) --dist worksteal

# Other libraries' bots, to measure ours beside; in an environment of their own, never a dependency.
.venv-peers/installed: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip --disable-pip-version-check --quiet install --require-hashes --requirement benchmarks/peers/requirements.txt
	touch $@

bench: install .venv-peers/installed
	.venv/bin/python -m benchmarks.report

# Takes about twenty minutes, and writes docs/performance.md; leave the machine alone meanwhile.
bench-full: install .venv-peers/installed
	.venv/bin/python -m benchmarks.report --full

format: .venv/installed-dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# Needs uv. The lock names versions and hashes only: no index, no download address.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11
LOCK := $(COMPILE) pyproject.toml
lock:
	$(LOCK) --group build --output-file requirements.txt
	$(LOCK) --extra encrypted --constraint requirements.txt --output-file requirements-encrypted.txt
	$(LOCK) --group build --group dev --constraint requirements.txt --output-file requirements-dev.txt
	$(COMPILE) benchmarks/peers/requirements.in --output-file benchmarks/peers/requirements.txt

clean:
	rm -rf .venv .venv-peers .mypy_cache .ruff_cache .hypothesis
