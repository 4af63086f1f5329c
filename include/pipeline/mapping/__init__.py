"""Mapping: a site's rows become the contract's columns of text, as its profile says; after it all files are alike."""

from include.pipeline.mapping.mapped import mapped
from include.pipeline.mapping.plan import NO_EXPORT, WRONG_PROFILE, Plan, Plans

__all__ = ["NO_EXPORT", "WRONG_PROFILE", "Plan", "Plans", "mapped"]
