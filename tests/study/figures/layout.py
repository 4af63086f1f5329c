"""What stands where in a figure."""

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SLACK = 0.5
"""Points by which boxes of letters may touch: they are higher than what is printed."""


def texts(figure: Figure) -> list[str]:
    """Everything written."""
    return [text.get_text() for text in _written(figure)]


def outside(figure: Figure) -> list[str]:
    """Texts that reach beyond the page."""
    return [name for name, box in _boxes(figure) if not _within(box, figure.bbox)]


def crowded(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts that cover one another."""
    return [
        (one, other)
        for (one, a), (other, b) in combinations(_boxes(figure), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]


def _written(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def _boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in _written(figure)]


def _within(box: Bbox, page: Bbox) -> bool:
    return box.x0 >= page.x0 and box.x1 <= page.x1 and box.y0 >= page.y0 and box.y1 <= page.y1
