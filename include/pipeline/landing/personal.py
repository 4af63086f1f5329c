"""What names a person and no feed needs is not kept: it is left out of the landed copy."""

from pathlib import Path

from include.definitions.sites import Export, Site
from include.pipeline.formats import reader_of


def without_personal(copy: Path, site: Site, export: Export, path: str, ending: str) -> Path:
    """The copy of a file as it may be kept: itself, or another one beside it; `path` is its place below the site's."""
    source = copy.rename(copy.with_name(f"copy{ending}"))
    kept = copy.with_name(f"kept{ending}")
    beside = site.personal_beside(export, path)
    reader = reader_of(export.format)
    return kept if reader.without_personal(source, kept, export.personal, export.dialect, beside) else source
