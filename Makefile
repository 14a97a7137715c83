PYTHON ?= python3
BIN := .venv/bin
# Without it each start of a server, of which the tests make hundreds, compiles the packages anew.
unexport PYTHONDONTWRITEBYTECODE

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help run test thorough steady check fuzz loadtest capacity floor compare bench proofs clients upstreams hosts routers lock screenshots clean
.DEFAULT_GOAL := help

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run ## start the app on the mock: http://127.0.0.1:8000 (PORT, MOCKLLM_PORT)
	@$(BIN)/python -m loadtests.stack

test: .venv/dev ## run the whole suite: Python, JavaScript, browser, gunicorn
	$(BIN)/python -m pytest -n 4 --dist worksteal -m "not thorough" $(ARGS)

thorough: .venv/dev ## run the slower proofs with real parts that `make test` leaves out
	$(BIN)/python -m pytest -n 4 --dist worksteal -m thorough $(ARGS)

steady: .venv/dev ## run each test that has to do with time fifty times on a busy machine
	@$(BIN)/python -m tests.steady $(ARGS)

check: .venv/dev ## lint, format check, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@$(BIN)/python -m tests.javascript_types

fuzz: .venv/dev ## send the app 60,000 generated requests, 10,000 of them damaged
	FUZZ_REQUESTS=10000 $(BIN)/python -m pytest tests/webapp/http/test_openapi.py tests/test_marker.py -o timeout=3600 --hypothesis-show-statistics $(ARGS)

loadtest: .venv/dev ## 20 users for 30 s against the stack: table, HTML report, exit code
	@$(BIN)/python -m loadtests $(ARGS)

capacity: .venv/dev ## search for the highest rate and number of streams within limits: ten minutes, --quick three
	@$(BIN)/python -m loadtests.capacity $(ARGS)

floor: .venv/dev ## the load test alone, straight at the mock: its own share of the times
	@$(BIN)/python -m loadtests.bench.floor $(ARGS)

compare: .venv/dev ## blocking against streaming, same prompt, same model
	@$(BIN)/python -m loadtests.compare $(ARGS)

bench: .venv/dev ## what one relayed token costs, beside other stacks
	@$(BIN)/python -m loadtests.bench $(ARGS)

proofs: .venv/dev ## how answers end: leave, stop, kill, stall, crowd, attack, soak
	@$(BIN)/python -m loadtests.proofs $(ARGS)

clients: .venv/dev ## the newest clients of nine vendors in front of the mock, each in an environment of its own
	@$(BIN)/python -m tests.clients $(ARGS)

upstreams: .venv/dev ## the app in front of model servers and gateways that nobody here wrote, with tiny models
	@$(BIN)/python -m tests.upstreams $(ARGS)

hosts: .venv/dev ## the app on the hosts' own parts: Heroku, Vercel, Lambda, an image
	@$(BIN)/python -m tests.hosts $(ARGS)

routers: .venv/dev ## what nginx, HAProxy, Apache, Caddy and Varnish do to an answer
	@$(BIN)/python -m tests.hosts.routers $(ARGS)

lock: .venv/dev ## pin the requirements anew from requirements*.in
	$(BIN)/uv pip compile --quiet $(LOCK) requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet $(LOCK) requirements-dev.in -o requirements-dev.txt

screenshots: .venv/dev ## make the README's pictures in docs/pictures
	@$(BIN)/python -m tests.browser.screenshots

clean: ## remove what the other targets made
	rm -rf .venv reports build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"First Token needs Python 3.11 or newer, and $(PYTHON) is {sys.version.split()[0]}; name another with make PYTHON=...")'
	$(PYTHON) -m venv .venv

# What `make run` needs, which is a third of what the tests need: the app, the mock and honcho. pip takes no
# hashes from a constraints file, so honcho's own lines are cut out of the lock.
.venv/run: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing the app's requirements into .venv ..."
	@$(PIP) -r requirements.txt
	@sed -n '/^honcho==/,/[^\\]$$/p' requirements-dev.txt > $@.txt && $(PIP) -r $@.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing the development requirements into .venv ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/run
