# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2
# A file goes to one worker, with what its tests share; the longest start first (tests/durations.py).
BALANCED := -n $(JOBS) --dist loadfile --no-loadscope-reorder

# For each fuzzer.
SECONDS ?= 600

.PHONY: demo test test-all bench fuzz clean

demo: .venv/.demo
	@mkdir -p demo
	@$(BIN)/compose sample:china --explain \
	  -o demo/china.mid -o demo/china.wav -o demo/china.pdf -o demo/china.png \
	  -o demo/china.musicxml -o demo/china.voices.musicxml -o demo/china.json \
	  -o demo/china.html
	@echo
	@echo "The files are in $(CURDIR)/demo. Now your own picture:"
	@echo "  .venv/bin/compose YOUR.jpg --explain"

test: .venv/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(BALANCED) -m "not slow"

test-all: .venv/.test
	$(BIN)/python -m pytest $(BALANCED)

bench: .venv/.test
	$(BIN)/python -m tests.bench

fuzz: .venv/.test
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS)

# Set up once; again only when what is installed changes.
.venv/.demo: EXTRAS := pdf,film
.venv/.test: EXTRAS := test
.venv/.demo .venv/.test: setup.cfg pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$(EXTRAS)]"
	$(BIN)/python -m compileall -q analysis composer corpora neural theory cli.py
	@touch $@

clean:
	rm -rf .venv demo build *.egg-info
