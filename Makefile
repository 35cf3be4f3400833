# 'make demo' and 'make test' work from a fresh clone; every target prepares what it needs.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo dev fmt quick test fuzz check lint newest bench soak messages wheel lock clean

PORT ?= 8000
RESET ?=
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCRIPTS := 'lti_tool/**/*.js' 'worksheets/**/*.js'

# Its words come from here: '##@' begins a group, '##' says what a target makes.
help: ## this list
	@sed -n -e 's/^##@ /\n/p' -e 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

##@ Try it

demo: setup ## a small LMS and the tool; PORT=8000 moves both, RESET=1 begins anew
	@exec $(BIN)/python -m lti_tool.sandbox.demo --port $(PORT) $(if $(RESET),--reset)

##@ Change it

dev: setup ## the demo, which reloads what is saved and shows errors; PORT and RESET likewise
	@exec $(BIN)/python -m lti_tool.sandbox.demo --reload --port $(PORT) $(if $(RESET),--reset)

fmt: setup-dev ## format code, templates and scripts, and mend what is safe to mend
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .
	$(BIN)/djlint --reformat --quiet --warn templates
	@$(BIN)/oxlint --fix --quiet lti_tool worksheets >/dev/null || true
	$(BIN)/oxfmt $(SCRIPTS)

quick: setup-dev ## the tests without database, process or connection: seconds, while you write
	@$(BIN)/python -m pytest -q -r fE -p tests.quick --hypothesis-profile quick $(TESTS)

test: setup-dev ## everything that the tests need, browser and servers included, and the tests
	@$(BIN)/python -m pytest -n 4 --dist loadgroup --max-worker-restart 2 $(TESTS)

fuzz: setup-dev ## the property tests with new examples, and twenty times as many
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m hypothesis --hypothesis-profile fuzz \
	  --timeout 7200 -o faulthandler_timeout=7300 $(TESTS) || { \
	  echo "Write what a 'Falsifying example' says above its test as @example(...), or as a test of its own where it is drawn" >&2; \
	  echo "from st.data(). 'make test' fails from then on, every time, until the code is mended. Commit both." >&2; exit 1; }

check: setup-dev ## format, lint, types, import rules, migrations, deployment, tests
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test

lint: setup-dev node_modules/.ready ## everything of 'make check' but the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --check templates
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/oxfmt --check $(SCRIPTS)
	$(BIN)/oxlint lti_tool worksheets
	$(BIN)/node node_modules/typescript/bin/tsc
	$(BIN)/python -m pytest -q tests/test_docstrings.py tests/test_layout.py tests/test_templates.py
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	SECRET_KEY=only-for-this-check-01234567890123456789012345678901234567 \
	  PUBLIC_URL=https://worksheets.example.org \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING --settings lti_tool.settings

newest: setup-dev ## tries the newest Python found here and the newest Django: one line, never a failure
	@$(BIN)/python -m tests.newest

bench: setup-dev ## the benchmarks: a table, and JSON in .data/benchmarks.json
	@$(BIN)/python -m tests.benchmarks

soak: setup-dev ## 30 browsers type for 10 minutes while network and server fail; SEED, MINUTES, BROWSERS
	@$(BIN)/python -m tests.soak $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(BROWSERS),--browsers $(BROWSERS))

##@ Release it

messages: setup-dev ## gather the texts of the code into locale/ and compile what is translated
	@command -v xgettext >/dev/null || { echo "GNU gettext is missing: install it (Debian: apt install gettext)." >&2; exit 1; }
	@$(BIN)/python manage.py makemessages --all --no-obsolete --no-wrap --add-location file \
	  --ignore tests --ignore sandbox --ignore build --ignore node_modules --settings tests.settings
	@$(BIN)/python manage.py compilemessages --ignore .venv --ignore build --ignore node_modules --settings tests.settings

wheel: setup-dev ## the package in dist/, templates and static files included
	@$(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist .

lock: setup-dev ## pin what pyproject.toml and package.json ask for, with hashes
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes pyproject.toml -o requirements.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --group build -c requirements-dev.txt -o requirements-build.txt
	$(BIN)/npm install --package-lock-only --silent

##@ The environment

setup: $(VENV)/.ready ## what the tool needs, in .venv; the other targets call it

setup-dev: $(VENV)/.ready-dev ## the same with what the tests and linters need

$(VENV)/.ready: requirements.txt
	@PYTHON="$(PYTHON)" sh .ci/environment.sh requirements.txt $@

$(VENV)/.ready-dev: requirements-dev.txt requirements.txt
	@PYTHON="$(PYTHON)" sh .ci/environment.sh requirements-dev.txt $@
	@touch $(VENV)/.ready

# TypeScript checks the types of our scripts. It comes by npm, and npm by pip.
node_modules/.ready: package-lock.json $(VENV)/.ready-dev
	@$(BIN)/npm ci --silent || { echo "TypeScript could not be fetched: is there a network, and does npm reach a package registry?" >&2; exit 1; }
	@touch $@

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) node_modules .data .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
