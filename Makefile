# `make check` is what CI runs before the tests. Everything happens in .venv, which is made when it is missing.
PYTHON = .venv/bin/python
BIN = .venv/bin
# What the checks need to read the settings: a mode, and no database.
STATIC_ENV = CLAUSUM_MODE=test DATABASE_URL=postgresql://nobody@127.0.0.1:1/none CELERY_BROKER_URL=memory://

.PHONY: run test bench check format environment lint types layers migrations deployment security audit

run:
	./run

test:
	./test

# BENCH takes options: make bench BENCH="--payments 200000 --entries 100000"; `--help` names them all.
bench: environment
	$(PYTHON) -m bench $(BENCH)

check: lint types layers migrations deployment security audit

format: environment
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

environment:
	@sh scripts/bootstrap.sh dev

lint: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: environment
	$(STATIC_ENV) $(PYTHON) -m mypy .

layers: environment
	$(STATIC_ENV) $(PYTHON) $(BIN)/lint-imports

migrations: environment
	$(PYTHON) -m clausum.runner with-postgres -- $(PYTHON) manage.py makemigrations --check --dry-run

deployment: environment
	@sh scripts/check_deployment.sh

security: environment
	$(PYTHON) -m bandit --quiet --recursive --severity-level medium --confidence-level medium \
		--exclude ./.venv,./.bootstrap,./.bench,./.run,./tests .

audit: environment
	@sh scripts/audit_dependencies.sh
