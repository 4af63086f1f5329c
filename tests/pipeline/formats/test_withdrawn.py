"""A department withdraws by a file of the contract what its own system cannot say to be withdrawn."""

from collections.abc import Callable
from pathlib import Path

from tests.pipeline.formats.hl7v2.messages import results
from tests.pipeline.mapping.conftest import profile
from tests.support.extracts import row
from tests.support.registry import Registry, registry

__all__ = ["profile", "registry"]

WITHDRAWN = "result_id,patient_id,collected_at,test_code,value,unit,status\nF-11|AST,,,,,,cancelled\n"


def test_a_line_of_a_key_and_cancelled_withdraws_a_result_of_a_message(
    registry: Registry, profile: Callable[..., Path]
) -> None:
    profile({"feed": "results", "files": "oru_{date:%Y%m%d}.hl7", "format": "hl7v2", "columns": {}})
    registry.deliver("patients", "2023-06-01", row("patients", patient_id="chx:A-301"))
    message = registry.extracts / "chx" / "oru_20230601.hl7"
    by_contract = registry.extracts / "chx" / "laboratory" / "results" / "2023-06-02" / "withdrawn.csv"
    by_contract.parent.mkdir(parents=True)
    message.write_text(results("1|NM|AST^AST^L||62|U/L|||||F", "2|NM|ALT^ALT^L||40|U/L|||||F"))
    registry.load()
    by_contract.write_text(WITHDRAWN)
    registry.load()

    assert registry.states("results", "result_id, status") == [
        ("chx:F-11|ALT", "final", "current"),
        ("chx:F-11|AST", "cancelled", "current"),
        ("chx:F-11|AST", "final", "past"),
    ]
