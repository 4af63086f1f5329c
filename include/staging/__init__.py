"""Stage: a file becomes the temporary table `staged`, every column as the contract's type and every row numbered."""

from include.staging.stage import FileFacts, stage

__all__ = ["FileFacts", "stage"]
