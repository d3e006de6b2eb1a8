# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
#
# Short names for start.py, which does the work on every system (Windows: py start.py demo).

PYTHON ?= python3

.PHONY: help setup demo test bench pictures lock clean

help:
	@$(PYTHON) start.py --help

setup demo test bench pictures lock:
	@$(PYTHON) start.py $@ $(ARGS)

# Leaves demo/ alone: it may hold somebody's decisions.
clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
