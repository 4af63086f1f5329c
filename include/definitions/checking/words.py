"""Words that contracts and suites have in common."""

from typing import Annotated, Literal

from pydantic import AfterValidator


def _sentence(text: str) -> str:
    if not text.endswith("."):
        raise ValueError("has to be a sentence that ends with a full stop")
    return text


Sentence = Annotated[str, AfterValidator(_sentence)]
Severity = Literal["critical", "warning", "info"]
Context = Literal["verification", "validation"]
