"""What the YAML files beside this say: the words of DICOM, and what is usual for each feed."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from include.pipeline.formats.words import read_words

FOLDER = Path(__file__).resolve().parent


@cache
def grammar() -> Mapping[str, Any]:
    """The words of DICOM."""
    return read_words(FOLDER / "grammar.yml")


@cache
def usual() -> Mapping[str, Any]:
    """What is usual for each feed."""
    return read_words(FOLDER / "usual.yml")
