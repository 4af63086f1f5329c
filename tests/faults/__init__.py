"""Faults: nights that are disturbed at random moments, mutated files, orders of arrival; `make test-faults`.

Not part of the tests: a run takes an hour or more. Each case is drawn from SEED and its number, and is told with both.
"""
