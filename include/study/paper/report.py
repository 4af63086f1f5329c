"""The comparison as tables: in the terminal, or as Markdown."""

from collections import Counter
from collections.abc import Sequence
from string import Formatter

import pandas as pd

from include.study.paper.comparison import Finding

PHRASES = (
    "{count}/{n} ({pct} %)",
    "{count}/{n} ({pct} %), p {p}",
    "{count}/{n}",
    "{pct} %",
    "{mean} ± {sd} ({median}; {min} to {max}), n {n}",
    "{mean} ± {sd} ({median}; {min} to {max})",
    "{mean} ± {sd} ({median})",
    "{median} ({lcl} to {ucl})",
    "{surv} % ({lcl} to {ucl})",
    "p {p}",
    "p {p_lt}",
    "p {p}, medians {medians_yes} (yes) and {medians_no} (no)",
    "p {p}, medians {medians_a_1} (one) and {medians_c_ge4} (four or more)",
    "{values_1}, {values_2}, {values_3} and {values_4} x ULN",
    "AST {values_ast}, ALT {values_alt}, bilirubin {values_bili}",
    "{values_sessions_1} to {values_sessions_2} sessions, {values_weeks_1} to {values_weeks_2} weeks apart",
)
"""How numbers are written that a target prints together."""


def as_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """A row a target."""
    rows = [
        {
            "target": finding.target.id,
            "label": finding.target.label,
            "printed": phrase(finding.target.printed),
            "derived": phrase(finding.derived),
            "verdict": finding.verdict,
            "why": finding.why,
        }
        for finding in findings
    ]
    return pd.DataFrame(rows, columns=["target", "label", "printed", "derived", "verdict", "why"])


def closing_count(findings: Sequence[Finding]) -> str:
    """How many targets came to which verdict."""
    counted = Counter(finding.verdict for finding in findings)
    same, differ, cannot = counted["same"], counted["differs"], counted["cannot be"]
    return f"{len(findings)} targets: {same} same, {differ} differ, {cannot} cannot be."


def phrase(numbers: dict[str, str]) -> str:
    """Numbers as print writes them together; each with its name where there is no way of writing them."""
    for way in PHRASES:
        if {field for _, field, _, _ in Formatter().parse(way) if field} == numbers.keys():
            return way.format(**numbers)
    return ", ".join(f"{name} {text}" for name, text in numbers.items())


def markdown(frame: pd.DataFrame) -> str:
    """A table in GitHub's Markdown."""
    head = [" | ".join(frame.columns), " | ".join("---" for _ in frame.columns)]
    rows = (" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in frame.itertuples(index=False))
    return "\n".join(f"| {line} |" for line in [*head, *rows])
