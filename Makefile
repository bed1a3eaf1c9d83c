# One word per task; cmake and its presets do the work. `make help` lists them.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PREFIX ?= /usr/local
DESTDIR ?=
CMAKE ?= cmake
CTEST ?= ctest
ARGS ?=

# $(call configure,PRESET) and $(call compile,PRESET,TARGET): silent while all is well, the whole log when it is not.
quiet = mkdir -p build && { $(1) >build/$(2).log 2>&1 </dev/null || { cat build/$(2).log; exit 1; }; }
configure = echo "configure $(1)" && $(call quiet,$(CMAKE) --preset $(1),configure-$(1))
compile = echo "build $(1) ($(2))" && \
	$(call quiet,$(CMAKE) --build build/$(1) --parallel $(JOBS) --target $(2),build-$(1))

.PHONY: help deps deps-run deps-mcu deps-bench build run test mcu fuzz bench lab soak install format tidy clean

help: ## This list
	@echo "make …"
	@sed -nE 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

deps: ## Install what building and testing need (Debian 12, apt)
	@tools/deps test

deps-run: ## Install only what building and running the broker need
	@tools/deps run

deps-mcu: ## Install the cross compiler for the microcontroller build
	@tools/deps mcu

deps-bench: ## Install the peers that the benchmarks compare with
	@tools/deps bench

build: deps-run ## Build all for release; the program is build/release/nightjar
	@$(call configure,release)
	@$(call compile,release,all)

run: deps-run ## Build the broker alone and start it; options in ARGS="…"
	@$(call configure,release)
	@$(call compile,release,nightjar)
	@exec build/release/nightjar serve $(ARGS)

test: deps ## Build everything and run every test
	@$(call configure,dev)
	@$(call compile,dev,all)
	@$(CTEST) --preset dev --parallel $(JOBS)

mcu: deps-mcu ## Build what runs on a microcontroller for a Cortex-M4 and prove that it has no heap
	@$(call configure,mcu)
	@$(call compile,mcu,all)
	@tools/check-mcu build/mcu

fuzz: deps ## Build the fuzz targets into build/fuzz/
	@$(call configure,fuzz)
	@$(call compile,fuzz,fuzzers libraries)

bench: deps-bench build ## Run the whole-system benchmarks; options in ARGS="…"
	@bench/run $(ARGS)

lab: deps-bench build ## Compare loops and models with an echo server; options in ARGS="…"
	@build/release/nightjar lab run $(ARGS)

soak: deps-bench build ## Keep a broker busy for ten minutes and watch its memory; options in ARGS="…"
	@bench/soak $(ARGS)

install: build ## Install program, libraries, headers and manual below PREFIX (and DESTDIR)
	@echo "install $(DESTDIR)$(PREFIX)"
	@DESTDIR="$(DESTDIR)" $(call quiet,$(CMAKE) --install build/release --prefix "$(PREFIX)",install)

format: ## Format every C++ file in place
	@tools/check-format --fix

tidy: deps ## Run clang-tidy over the libraries and the program
	@$(call configure,dev)
	@tools/tidy build/dev $(JOBS)

clean: ## Remove everything that was built
	@rm -rf build
