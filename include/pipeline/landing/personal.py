"""What names a person and no feed needs is not kept: it is left out of the landed copy."""

from pathlib import Path

from include.definitions.sites import Export
from include.pipeline.formats import reader_of


def without_personal(copy: Path, export: Export, ending: str) -> Path:
    """The copy of a file as it may be kept: itself, or another one beside it."""
    source = copy.rename(copy.with_name(f"copy{ending}"))
    kept = copy.with_name(f"kept{ending}")
    return kept if reader_of(export.format).without_personal(source, kept, export.personal, export.dialect) else source
