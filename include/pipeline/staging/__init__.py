"""Stage: files become the temporary table `staged_rows`, every column as the contract's type and every row numbered.

Lines of a CSV file that are no rows become the temporary table `rejected_lines`.
"""

from include.pipeline.staging.stage import HOLDING, UNREADABLE_ROW, FileFacts, Stage, stage, staging

__all__ = ["HOLDING", "UNREADABLE_ROW", "FileFacts", "Stage", "stage", "staging"]
