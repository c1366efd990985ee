# Everything there is to do with Sayso. A machine with git, make and Python 3 is enough; the rest is brought here.
SHELL := /bin/sh
PYTHON := .venv/bin/python
SAYSO := .venv/bin/sayso

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench evaluate adapt train demo clean

help: ## Lists these targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Brings Python, its packages, node and npm into .venv; the other targets do this themselves.
	@ops/setup.sh

run: setup ## Runs Sayso on this machine and says where to find it; Ctrl-C stops it.
	@exec $(SAYSO) run

test: setup ## Runs every test; ARGS="-k word" chooses some.
	@ops/browser.sh
	@$(SAYSO) build
	@$(SAYSO) train
	@# three on two cores: many tests wait for a process, a browser or a clock
	$(PYTHON) -m pytest -n 3 --dist loadfile $(ARGS)

lint: setup ## Checks style, types, the layers of the house and the page's script.
	@failed=0; \
	.venv/bin/ruff check . || failed=1; \
	.venv/bin/ruff format --check . || failed=1; \
	.venv/bin/mypy || failed=1; \
	.venv/bin/lint-imports || failed=1; \
	if [ -f package.json ]; then \
		$(SAYSO) build && PATH="$(CURDIR)/.venv/bin:$$PATH" node_modules/.bin/tsc -p bot/page || failed=1; \
	fi; \
	exit $$failed

bench: setup ## Measures a turn against two usual Rasa bots; takes a while.
	@$(SAYSO) build
	@$(SAYSO) train
	$(PYTHON) -m ops.bench

evaluate: setup ## Measures how well Sayso understands and screens, beside DIET; takes long. Writes docs/evaluation.md.
	@# on one core, so that its figures of cost are those of one
	OPENBLAS_NUM_THREADS=1 $(PYTHON) -m ops.evaluate $(ARGS)

adapt: setup ## Fits the larger encoder's adapters to the lessons; takes twenty minutes and more. Writes data/encoder/adapters.npz.
	$(PYTHON) -m ops.adapting

train: setup ## Trains the assistant if something it learns from has changed.
	@$(SAYSO) train

demo: setup ## Fills an empty database with invented people and statements.
	@$(SAYSO) demo

clean: ## Removes what was built; keeps .venv and var/, where the records and the key are.
	rm -rf models/*.tar.gz models/sayso.fingerprint models/draft models/diet .rasa bot/page/built node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -not -path './.uv/*' -prune -exec rm -rf {} +
