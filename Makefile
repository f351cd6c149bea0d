# make demo         set up a virtual environment and run the main job on built-in input
# make test         lint, types and all tests, on real kernels too
# make lint         only lint, and who may import whom
# make conformance  every kind of configuration against the kernels' own conf, N random ones each (N=20)
# make oracle       what the solver says of N random small trees against all that the kernels' own conf makes of them (N=2000)
# make oracle-real  the same on whole configurations of distributions, N symbols on each of two kernels (N=200 takes hours)
# make modes-table  the smallest configuration for every mode on every kernel, judged by conf
# make snapshots    build kcfg/snapshots again from the kernels of the tests
# make bench        measure what README quotes
# make mutation     which one-line changes of the code the unit tests do not notice (N=300 SEED=1 FOLDER=kcfg/solver)
# make fuzz         every reader with inputs that are nearly right (SECONDS=600)
# make faults       each step of each command that writes files fails once in turn (a C compiler is needed)
# make kills        commands are killed at N random moments (N=300)
# make scaling      what ten times the input costs each reader
# make boot        generate, build and boot the smallest kernels under Xen in QEMU (see docs/booting.md)
# make kernels      only fetch and build what the tests need of the kernels
# make browser      only install the browser of the tests
# make clean
#
# PYTHON=python3.12 chooses the interpreter. KCFG_OFFLINE=1 tests without the kernels and the browser that are not there yet.

PYTHON ?= python3
N ?= 20
SEED ?= 1
SECONDS ?= 600
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install -q --disable-pip-version-check
PACKAGES := kcfg kcfg_cli patches graphs profiles
KERNEL_MODULES := tests/conformance/kernels.py tests/conformance/kernels_fetch.py tests/conformance/debian.py tests/browser/chromium.py \
  tests/golden/__main__.py tests/mutation/run.py tests/fuzz/mutate.py tests/fuzz/run.py tests/fuzz/targets.py \
  tests/faults/jobs.py tests/faults/run.py tests/faults/kills.py tests/scaling/measure.py tests/scaling/shapes.py \
  tests/scaling/hostile.py tests/scaling/hostile_queues.py \
  $(filter-out tests/oracle/test_%,$(wildcard tests/oracle/*.py))

.PHONY: demo test lint types kernels browser conformance oracle oracle-real modes-table snapshots bench mutation fuzz faults kills scaling boot clean
.DELETE_ON_ERROR:
# Two targets would install into one environment at the same time.
.NOTPARALLEL:
.SUFFIXES:

demo: $(VENV)/.installed
	@KCFG=$(BIN)/kcfg sh examples/demo.sh

# What is measured is measured first, in processes that have nothing else in memory.
test: lint types kernels browser
	$(PY) -m pytest -q -n 2 --dist loadgroup tests/scaling
	$(PY) -m pytest -n 2 --dist loadgroup --ignore=tests/scaling

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PY) -m tests.test_arrows

types: $(VENV)/.installed-test
	$(BIN)/mypy --strict $(PACKAGES) $(KERNEL_MODULES)

kernels: $(VENV)/.installed
	@$(PY) -m tests.conformance.kernels fetch

browser: $(VENV)/.installed-test
	@$(PY) -m tests.browser.chromium

conformance: $(VENV)/.installed-test kernels
	@$(PY) -m tests.conformance.kernels fetch --extra
	$(PY) -m tests.conformance.table --randconfigs $(N)
	KCFG_CONFORMANCE_N=1 $(PY) -m pytest -n 2 --dist loadgroup -rP tests/conformance/test_encode.py

oracle: $(VENV)/.installed-test kernels
	$(PY) -W ignore -m tests.oracle.run --trees $(N)

oracle-real: $(VENV)/.installed-test kernels
	$(PY) -W ignore -m tests.oracle.real --goals $(N) --seed $(SEED)

modes-table: $(VENV)/.installed-test kernels
	$(PY) -m tests.conformance.modes_table

snapshots: $(VENV)/.installed kernels
	@set -e; $(PY) -m tests.conformance.kernels list | while read -r series version package tree; do \
	  for arch in x86_64 arm64; do \
	    echo "snapshot of Linux $$version, $$arch"; \
	    cross=; test $$arch = x86_64 || cross=aarch64-linux-gnu-; \
	    CROSS_COMPILE=$$cross $(BIN)/kcfg snapshot "$$tree" --arch $$arch --run-probes \
	      -o kcfg/snapshots/linux-$$series-$$arch.kcfg </dev/null; \
	  done; \
	done

bench: $(VENV)/.installed-test kernels
	$(PY) benchmarks/check.py
	$(PY) benchmarks/solve.py
	$(PY) benchmarks/graph.py

# The N of this file is that of conformance.
mutation: $(VENV)/.installed-test
	$(PY) -m tests.mutation.run -n $(if $(filter file,$(origin N)),300,$(N)) --seed $(SEED) $(addprefix --folder ,$(FOLDER))

fuzz: $(VENV)/.installed-test
	$(PY) -W ignore -m tests.fuzz.run --seconds $(SECONDS) --seed $(SEED)

faults: $(VENV)/.installed-test
	$(PY) -W ignore -m tests.faults.run --seed $(SEED)

kills: $(VENV)/.installed-test
	$(PY) -W ignore -m tests.faults.kills -n $(if $(filter file,$(origin N)),300,$(N)) --seed $(SEED) $(addprefix --repository ,$(REPOSITORY))

scaling: $(VENV)/.installed-test
	$(PY) -W ignore -m tests.scaling.measure

boot: $(VENV)/.installed
	$(PY) -m tests.boot.boot $(if $(KERNEL_SOURCE),--kernel-source $(KERNEL_SOURCE))

clean:
	rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp comes last, so that an environment that was half made is made again.
$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "make: $(PYTHON) is not here; Python 3.11 or later is needed (PYTHON=... names another one)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: $$($(PYTHON) -V 2>&1) is too old; Python 3.11 or later is needed (PYTHON=... names another one)" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "make: $(PYTHON) has no venv module (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@rm -rf $(VENV)
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.made
	@echo "installing xen-kcfg into $(VENV)"
	@$(PIP) -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml $(VENV)/.made
	@echo "installing xen-kcfg and its tests' tools into $(VENV)"
	@$(PIP) -e '.[test]'
	@touch $@ $(VENV)/.installed
