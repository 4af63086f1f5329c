"""Validate: Great Expectations' verdict on staged rows, inside the warehouse's engine."""

from include.validation.judge import RuleResult, judge, judge_file

__all__ = ["RuleResult", "judge", "judge_file"]
