# `make demo` and `make test` are all a newcomer needs; both work from a fresh clone.
PYTHON ?= python3
# More than there are cores: many tests wait for a process or a socket.
WORKERS ?= 5
PIP := .venv/bin/pip --disable-pip-version-check --quiet

.PHONY: install encrypted demo test format lock clean

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

format: .venv/installed-dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# Needs uv. The lock names versions and hashes only: no index, no download address.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 pyproject.toml
lock:
	$(LOCK) --group build --output-file requirements.txt
	$(LOCK) --extra encrypted --constraint requirements.txt --output-file requirements-encrypted.txt
	$(LOCK) --group build --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis
