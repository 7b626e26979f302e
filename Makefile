# `make demo` simulates the pilot plant and opens the dashboard; `make help` lists the rest.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PORT ?= 8050
PYTEST_ARGS ?= -n 2
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
BROWSERS := chromium chromium-browser google-chrome
VIEWER := $(filter-out %/node_modules,$(wildcard dashboard/viewer/*.json dashboard/viewer/js/*))

.PHONY: help demo test verify lint docs pictures render-env bench browser assets clean
.DEFAULT_GOAL := help

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(VENV)/.installed ## Simulate the pilot plant with a slow robot and open the dashboard
	$(BIN)/celltwin demo --port $(PORT)

test: $(VENV)/.dev browser ## Run every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

verify: $(VENV)/.dev ## Compare with theory, and run what takes long (part of test)
	$(BIN)/python -m pytest $(PYTEST_ARGS) tests/verification
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m thorough tests/unit tests/examples

lint: $(VENV)/.dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.dev ## Write the generated parts of the documentation
	$(BIN)/python docs/generate.py

render-env: ## Install Blender (1 GB) for pictures of the stage and the tests in tests/render
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "bpy 5.0.1 needs Python 3.11; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv-bpy
	.venv-bpy/bin/pip install --quiet --disable-pip-version-check bpy==5.0.1

pictures: $(VENV)/.dev browser ## Take the pictures of the documentation
	$(BIN)/python docs/pictures.py

bench: $(VENV)/.dev ## Measure speed (some minutes); see docs/performance.md
	$(BIN)/python -m benchmarks

assets: $(VENV)/.dev ## Build the asset library from its CAD models
	$(BIN)/python -m scenes.assets.build

clean: ## Remove what was built; runs/ stays
	rm -rf $(VENV) build dist dashboard/viewer/static dashboard/viewer/node_modules
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/browser/screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/pip:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' \
	  || { $(SUDO) apt-get update && $(SUDO) apt-get install -y python3-venv; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/pip pyproject.toml hatch_build.py $(VIEWER)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/pip pyproject.toml hatch_build.py $(VIEWER)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

browser:
	@for b in $(BROWSERS); do command -v $$b >/dev/null && exit 0; done; \
	echo "Installing Chromium for the browser tests."; \
	{ $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends \
	  chromium fonts-dejavu-core; } >/dev/null \
	|| echo "Chromium could not be installed (apt-get failed), so the browser tests are skipped." \
	  "Install Chromium or Chrome and run make test again." >&2
