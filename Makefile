# Everything a newcomer needs: `make film`, `make test`. Nothing from the system but Python 3.11+ and make.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
READY := $(VENV)/.ready
JOBS ?= 2

PROMPT ?= Close-up of glowing fireflies dancing in a dark forest at twilight. Soft bioluminescent particles float through the air. Shallow depth of field, bokeh lights in background. Magical atmosphere, gentle movement.
FILM ?= film.mp4
# As typed: make would otherwise expand a dollar in the prompt, or run what stands in $(...).
override PROMPT := $(value PROMPT)
override FILM := $(value FILM)
export PROMPT FILM

.PHONY: film test test-full wire-full test-bounds check format serve doctor wheel sheets bench clean help

film: $(READY)  ## Make film.mp4 from PROMPT
	@$(BIN)/soundstage film "$$PROMPT" --output "$$FILM"

test: $(READY)  ## Run every test, two at a time; JOBS=4 takes more, and 0.5 GB for each
	@$(BIN)/pytest -n $(JOBS) --dist worksteal

test-full: $(READY)  ## Run the tests that take minutes: the wheel, 101 MB, every Python on this machine
	@$(BIN)/pytest -m full -n $(JOBS) --dist worksteal

wire-full: $(READY)  ## Of those, the wire's
	@$(BIN)/pytest tests/wire -m full -n $(JOBS) --dist worksteal

test-bounds: $(READY)  ## Run the kernel tests again with bounds checking, in a cache of their own
	@rm -rf .run/bounds && mkdir -p .run/bounds
	@NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=.run/bounds $(BIN)/pytest tests/render tests/sound

check: $(READY)  ## Lint, format and types, as CI runs them
	@PATH="$(BIN):$$PATH" scripts/check

format: $(READY)  ## Put the code into house format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

serve: $(READY)  ## Serve fal's API on this machine
	@$(BIN)/soundstage serve

doctor: $(READY)  ## Say what this machine can do
	@$(BIN)/soundstage doctor

wheel: $(READY)  ## Build dist/soundstage-*.whl
	@$(BIN)/uv build --wheel --out-dir dist

sheets: $(READY)  ## Draw contact sheets and spectrograms into .run/sheets
	@$(BIN)/python scripts/draw_sheets.py .run/sheets
	@$(BIN)/python scripts/draw_spectrograms.py .run/sheets

bench: $(READY)  ## Measure what is claimed to be fast
	@for claim in $$(ls benchmarks/*.py | grep -v encoder_choice); do echo "== $$claim"; $(BIN)/python "$$claim" || exit 1; done

$(READY): pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "soundstage needs Python 3.11 to 3.14: install it, or run make PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m uv --version 2>/dev/null | grep -qF "uv $(UV_VERSION)" || $(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV= $(BIN)/uv sync --frozen --quiet --compile-bytecode --python $(BIN)/python
	@touch $@

clean:  ## Remove what was built
	@rm -rf $(VENV) .run dist build .pytest_cache .ruff_cache

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14
