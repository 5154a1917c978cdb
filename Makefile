# Each target is enough on its own on a fresh Debian 12: it installs, builds and fetches what it needs.
.PHONY: quickstart test build all install package bench lint format sanitize sanitize-quick setup setup-lint \
        setup-package inputs configure configure-sanitize

JOBS ?= $(shell nproc)

quickstart: build inputs
	build/conceptune run configs/quickstart.toml

test: all inputs
	ctest --preset release -j$(JOBS)

build: configure
	cmake --build build -j$(JOBS) --target conceptune

all: build
	cmake --build build -j$(JOBS)

# Where to: PREFIX=/usr/local, or what CMAKE_INSTALL_PREFIX says.
install: configure
	cmake --build build -j$(JOBS) --target installable
	cmake --install build $(if $(PREFIX),--prefix $(PREFIX))

package: setup-package configure
	cmake --build build -j$(JOBS) --target installable
	cd build && cpack

bench: all inputs
	bench/run.sh

lint: setup-lint
	cmake --preset release  # sources may have come or gone since the last time
	scripts/lint.sh

format: setup-lint
	scripts/lint.sh --fix

sanitize: configure-sanitize inputs
	cmake --build --preset asan-ubsan -j$(JOBS)
	ctest --preset asan-ubsan -j$(JOBS)

sanitize-quick: configure-sanitize inputs
	cmake --build --preset sanitize-quick -j$(JOBS)
	ctest --preset sanitize-quick -j$(JOBS)

setup:
	@scripts/setup.sh

setup-lint:
	@scripts/setup.sh --lint

setup-package:
	@scripts/setup.sh --package

configure: setup
	@test -f build/build.ninja || cmake --preset release

configure-sanitize: setup
	@test -f build-asan/build.ninja || cmake --preset asan-ubsan

# What is in the folder already, fetched or put there by hand, is checked and taken.
inputs: build
	@build/conceptune fetch quickstart --into inputs >/dev/null
