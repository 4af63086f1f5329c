"""What several feeds of one file say of it together: what none of them names is told once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.definitions.sites import Export


@dataclass(frozen=True)
class Beside:
    """`columns` are those that any feed names or leaves out. `kinds` are, of each column by which several feeds choose
    their rows, the texts that one of them takes or leaves out. `is_first` = this feed tells what nobody names.
    """

    columns: frozenset[str]
    kinds: Mapping[str, list[str]]
    is_first: bool

    @classmethod
    def of(cls, exports: Sequence[Export], *, is_first: bool) -> "Beside":
        """What these exports of the same files say."""
        feeds = [taken for export in exports for taken in export.taken.values()]
        left = [name for export in exports for name in (*export.ignored, *export.personal, *export.ignored_rows)]
        named = {*left, *(name for taken in feeds for name in taken.named)}
        chosen = Counter(name for taken in feeds for name, texts in taken.rows.where.items() if texts.words)
        kinds: dict[str, set[str]] = {name: set() for name, count in chosen.items() if count > 1}
        said = [
            (name, texts.words)
            for taken in feeds
            for name, texts in (*taken.rows.where.items(), *taken.rows.unless.items())
        ]
        for name, words in (*said, *(one for export in exports for one in export.ignored_rows.items())):
            kinds.get(name, set()).update(words)
        return cls(frozenset(named), {name: sorted(words) for name, words in kinds.items()}, is_first)
