# Each target is enough on its own on a fresh Debian 12: it installs, builds and fetches what it needs.
.PHONY: quickstart test build all bench lint format setup inputs configure

JOBS ?= $(shell nproc)

quickstart: build inputs
	build/conceptune run configs/quickstart.toml

test: all inputs
	ctest --preset release -j$(JOBS)

build: configure
	cmake --build build -j$(JOBS) --target conceptune

all: configure
	cmake --build build -j$(JOBS)

bench: all inputs
	bench/run.sh

lint: configure
	scripts/lint.sh

format: setup
	scripts/lint.sh --fix

setup:
	@scripts/setup.sh

configure: setup
	@test -f build/build.ninja || cmake --preset release

inputs: setup
	@python3 scripts/fetch_inputs.py
