"""The words of a figure in the language of whoever reads it: English, unless `told_by` gives other words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from matplotlib.figure import Figure

Words = Callable[[str], str]
_words: ContextVar[Words] = ContextVar("words", default=str)


@contextmanager
def told_by(words: Words) -> Iterator[None]:
    """Figures made inside have the words that `words` gives for the English ones."""
    before = _words.set(words)
    try:
        yield
    finally:
        _words.reset(before)


def said(english: str) -> str:
    """What stands in the figure."""
    return _words.get()(english)


def word_axes(figure: Figure) -> None:
    """Give labels and texts inside of axes their words; what stands on the page has them as it is written."""
    for axes in figure.axes:
        for text in (axes.xaxis.label, axes.yaxis.label, *axes.texts):
            text.set_text(said(text.get_text()))
