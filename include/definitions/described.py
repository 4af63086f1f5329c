"""Reads the YAML files that describe contracts, suites, tables and figures."""

from pathlib import Path
from typing import Any

import yaml

SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXT_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Loader(SAFE_LOADER):  # type: ignore[misc]
    """Refuses a key that is there twice: YAML would take the last one and say nothing."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.checked: set[yaml.Node] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put what is merged (`<<`) among a mapping's keys, which are its own until then."""
        if node not in self.checked:
            self.checked.add(node)
            _refuse_twice(node)
        super().flatten_mapping(node)


class _TextLoader(TEXT_LOADER):  # type: ignore[misc]
    """Refuses the same, and leaves every scalar as it is written."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """A mapping whose keys are there once."""
        _refuse_twice(node)
        return super().construct_mapping(node, deep=deep)


def _refuse_twice(node: yaml.MappingNode) -> None:
    seen = set()
    for key, _ in node.value:
        if (key.tag, str(key.value)) in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key.value} is there twice", key.start_mark)
        seen.add((key.tag, str(key.value)))


def read_yaml(file: Path) -> Any:
    """The content of a YAML file; raises OSError or yaml.YAMLError."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506


def read_text_yaml(file: Path) -> Any:
    """The same with every scalar as text: 007 stays 007, and no stays no."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_TextLoader)  # noqa: S506
