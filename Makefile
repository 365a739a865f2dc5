# Every target does its own set-up; a machine needs only Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo run test test-fast lint format texts check lock clean bench bench-quick chaos torture fuzz

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

demo: $(VENV)/.run ## the whole bot with a pretend Telegram, in your browser
	@$(BIN)/python -m viewbank demo

run: $(VENV)/.run ## the bot on Telegram, with the settings in .env
	@$(BIN)/python -m viewbank

# Two test files at a time: more would slow down those that start the whole program.
TEST_PROCESSES ?= 2
PYTEST := $(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

test: $(VENV)/.dev ## every test; it took 16 minutes on two slow cores
	@$(PYTEST)

test-fast: $(VENV)/.dev ## those without browser, processes and long loops, in less than a minute
	@$(PYTEST) -m "not (browser or process or slow)"

lint: $(VENV)/.dev ## formatter, linter, strict type check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.dev ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

texts: $(VENV)/.run ## collect the texts of the code and update the catalogs of all languages
	@$(BIN)/python -m i18n

check: lint test ## lint and test

bench: $(VENV)/.bench ## speed and size beside what people would use instead; the figures go into bench/README.md
	@$(BIN)/python -m bench

bench-quick: $(VENV)/.bench ## the same in about a minute, with small sizes; writes no figures
	@$(BIN)/python -m bench --quick

MINUTES ?= 10
KILLS ?= 200
chaos: $(VENV)/.dev ## kills, disk faults and power cuts: the ledger for MINUTES=10, the program KILLS=200 times; SEED= if given
	@$(BIN)/python -m chaos --minutes $(MINUTES) --kills $(KILLS) $(if $(SEED),--seed $(SEED))

torture: chaos ## the former name of chaos

FUZZ_SECONDS ?= 60
fuzz: $(VENV)/.fuzz ## bytes that look for new paths through the readers, for FUZZ_SECONDS=60
	@$(BIN)/python -m fuzz --seconds $(FUZZ_SECONDS)

$(VENV)/.run: requirements.lock pyproject.toml
	@echo "Setting up (once, about half a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Viewbank needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@echo "$(CURDIR)" > $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/viewbank.pth
	@echo "$(CURDIR)/http" >> $$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/viewbank.pth
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Setting up the tools for tests (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.run
	@echo "Setting up what we measure against (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

# Not in a lock file: it has wheels for some machines only, and nothing else needs it.
ATHERIS := atheris==3.0.0
$(VENV)/.fuzz: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: $(ATHERIS) || { echo "$(ATHERIS), the fuzzer, is not to be had for this machine. 'make test' tries much of the same with Hypothesis."; exit 1; }
	@touch $@

# The tools' versions are those of the bench where both have one: they share the environment.
lock: $(VENV)/.dev ## the newest versions that pyproject.toml allows, with hashes, without addresses
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --python-version 3.11 --quiet pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --python-version 3.11 --quiet --extra bench pyproject.toml -o requirements-bench.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --python-version 3.11 --quiet --extra dev --constraint requirements-bench.lock pyproject.toml -o requirements-dev.lock

clean: ## the virtual environment and caches; never data/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
