# Everything that one does with Arioso; `make` lists it. GNU make.
SWIFT ?= swift
PYTHON ?= python3
# The data folder of `make run`.
DATA ?= ./data
# Which benchmark, scenario or fuzz target; empty or * for all.
ONLY ?=
# The folder of the conformance kit.
KIT ?= ../shared/conformance
# How long each fuzz target runs.
SECONDS ?= 60
# STRICT=1: warnings in our own sources are errors.
STRICT ?=

SHELL := /bin/bash
flags := $(if $(STRICT),-Xswiftc -warnings-as-errors)
release := $(SWIFT) build -c release --product arioso $(flags)

.DEFAULT_GOAL := help
.PHONY: help setup toolchain packages test-packages build run demo test test-webrtc test-browser bench conformance fuzz lint imports format clean

help: ## List what make can do
	@echo "make TARGET, where TARGET is one of:"
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: toolchain ## Install the system packages that building and testing need
	@Scripts/install-packages all

toolchain:
	@command -v $(SWIFT) >/dev/null || { echo "There is no Swift compiler. Install Swift 6.1 or later: https://www.swift.org/install/linux/" >&2; exit 1; }

packages: toolchain
	@Scripts/install-packages build

test-packages: toolchain
	@Scripts/install-packages all

build: packages ## Build the server for real use (.build/release/arioso)
	$(release)

run: build ## Build, then start a server with two phones and one ARI user [DATA=./data]
	@exec "$$($(release) --show-bin-path)/arioso" serve --quickstart --data "$(DATA)"

demo: build ## Build, then show a call from end to end
	@exec "$$($(release) --show-bin-path)/arioso" demo

test: test-packages imports ## Run all tests [STRICT=1]
	$(SWIFT) build --build-tests $(flags)
	$(SWIFT) test $(flags)

test-webrtc: test-packages ## Run the tests of calls with browsers
	$(SWIFT) build --build-tests $(flags)
	$(SWIFT) test $(flags) --filter WebRTCTests

test-browser: test-packages ## Run the tests that need a browser; pictures are left in .build/screenshots
	$(SWIFT) build --build-tests $(flags)
	$(SWIFT) test $(flags) --filter ConsoleTests

bench: packages ## Measure [ONLY=name]
	@Scripts/bench $(if $(filter-out *,$(ONLY)),"$(ONLY)")

conformance: build ## Compare with the reference [KIT=folder] [ONLY=id, name, area or glob]
	@$(PYTHON) Scripts/conformance --server "$$($(release) --show-bin-path)/arioso" --kit "$(KIT)" --only "$(or $(ONLY),*)"

fuzz: packages ## Feed the parsers with random input [ONLY=target] [SECONDS=60]
	@Scripts/fuzz "$(SECONDS)" $(if $(filter-out *,$(ONLY)),"$(ONLY)")

lint: toolchain imports ## Check format and imports
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift

imports:
	@$(PYTHON) Scripts/check-imports

format: toolchain ## Format the sources
	$(SWIFT) format format --in-place --parallel --recursive Sources Tests Package.swift

clean: ## Remove everything that was built
	rm -rf .build Benchmarks/.build Fuzz/.build
