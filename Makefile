# Everything sets up what it needs: a virtual environment in .venv, the engine built into it, a Vulkan driver for tests.
#
#   make demo [DEVICE=gpu]   train on handwritten digits
#   make test                all tests, Rust and Python
#   make check               format, lint, types
#   make bench               benchmarks beside the peers that are installed; writes benches/results.md
#   make wheel               a release wheel in dist/

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
PIP    := $(BIN)/python -m pip

export PIP_QUIET := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check bench wheel release dev vulkan browser tools clean

demo: DEVICE ?=
demo: EPOCHS ?=
demo: DATA   ?=
demo: release $(if $(filter gpu%,$(DEVICE)),vulkan)
	$(if $(filter gpu%,$(DEVICE)),RUTILE_SOFTWARE_GPU=1) $(BIN)/rutile demo \
	    $(if $(DEVICE),--device $(DEVICE)) $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(DATA),--data '$(DATA)')

test: dev vulkan browser
	cargo test --workspace --quiet
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

check: dev
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --project . --pythonpath $(BIN)/python

bench: release
	$(BIN)/python benches/run.py

wheel: tools
	$(BIN)/maturin build --release --out dist

# The engine in .venv, optimised for use.
release: tools
	$(BIN)/maturin develop --release --quiet

# The engine in .venv, quick to build; shares its artefacts with `cargo test`.
dev: tools
	$(BIN)/maturin develop --profile dev --quiet

tools: $(BIN)/.ready

$(BIN)/.ready: pyproject.toml
	@command -v cargo >/dev/null || { echo "rutile needs a Rust toolchain: install rustup, or apt-get install cargo (1.89 or newer)"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "rutile needs Python 3.11 or newer: set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { sh scripts/install.sh python3-venv && $(PYTHON) -m venv $(VENV); }
	# The pip that comes with a virtual environment may be too old for dependency groups.
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install --group dev
	@touch $@

# A Vulkan adapter for the GPU backend: the machine's own, or Mesa's software one.
vulkan: tools
	@$(BIN)/python -c 'import sys, rutile; sys.exit(len(rutile.devices()) < 2)' || sh scripts/install.sh mesa-vulkan-drivers libvulkan1

# A browser with WebGPU, whose compiler takes the generated shaders too; without one that test is skipped.
browser:
	@for name in chromium-headless-shell chromium chromium-browser google-chrome; do \
	    command -v $$name >/dev/null && exit 0; done; sh scripts/install.sh chromium-headless-shell || true

clean:
	rm -rf $(VENV) target dist runs
