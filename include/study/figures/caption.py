"""Captions and alternative texts."""

from dataclasses import dataclass
from pathlib import Path

from include.definitions.described import read_yaml
from include.study.figures.marts import Marts
from include.study.figures.page import Drawn

FILE = Path(__file__).with_name("captions.yml")
SYNTHETIC = "Synthetic data: every patient is invented."


@dataclass(frozen=True)
class Caption:
    """What is said of a figure: title, kind of picture, the panels and their numbers, methods, what the data are."""

    title: str
    picture: str
    panels: str
    methods: str
    data: str

    @property
    def alternative(self) -> str:
        """For readers who do not see the figure: what it shows."""
        return f"{self.picture}. {self.title}. {self.panels} {self.data}"

    @property
    def text(self) -> str:
        """The file beside the figure."""
        parts = f"{self.title}.", self.panels, self.methods, self.data, f"Alternative text: {self.alternative}"
        return "\n\n".join(parts) + "\n"


def caption_of(marts: Marts, name: str, drawn: Drawn) -> Caption:
    """The caption of a figure by its name in captions.yml."""
    known = read_yaml(FILE)
    title, methods = known["titles"][name]
    picture, method = known["methods"][methods]
    settings = {row["name"]: f"{row['value']:g}" for _, row in marts.frame("setting").iterrows()}
    return Caption(title, picture, " ".join(drawn.panels), method.format(**settings), _data(marts))


def _data(marts: Marts) -> str:
    about = marts.frame("data").iloc[0]
    synthetic = f" {SYNTHETIC}" if about["is_synthetic"] else ""
    return f"Data cut-off: {about['data_cutoff_date']:%Y-%m-%d}.{synthetic}"
