"""Folders and S3 prefixes, seen alike."""

import errno
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from include.basics.errors import RegistryError

OUT_OF_REACH = ("REG-101", *(f"REG-{number}" for number in range(210, 218)))
"""Codes of a place, or a file of it, that cannot be reached at the moment."""


class NoSuchPlaceError(RegistryError):
    """There is no such folder; one that cannot be listed may be full."""


@dataclass(frozen=True)
class Item:
    """A file of a place: its path below the place, its size in bytes, and a mark that changes with its content.

    `problem` is the code of what keeps it, or the folder that it stands for, from being read.
    """

    path: str
    size: int
    mark: str
    problem: str = ""


class Place(Protocol):
    """A folder or an S3 prefix."""

    def list(self) -> Iterator[Item]:
        """Every file below the place; raises RegistryError (`OUT_OF_REACH`) when it cannot be listed."""

    def stat(self, path: str) -> Item:
        """One file as it is now."""

    def uri(self, path: str) -> str:
        """The full address of a file."""

    def fetch(self, path: str, target: Path) -> None:
        """Copy a file of the place to a local file; raises OSError, or RegistryError where S3 says of which kind."""

    def copy(self, item: Item, target: Path) -> Item:
        """The same of one that was listed; what was copied. Raises FileNotFoundError when it changes meanwhile."""

    def store(self, file: Path, path: str) -> str:
        """Move a local file into the place; the file appears whole or not at all. Returns its address."""


def place(uri: str) -> Place:
    """The place at `s3://bucket/prefix` or at a folder's path."""
    if uri.startswith("s3://"):
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        from include.pipeline.landing.bucket import Bucket

        return Bucket(bucket, prefix.strip("/"))
    return Folder(Path(uri.removeprefix("file://")))


class Folder:
    """A folder of the file system; symbolic links are followed as long as they stay in it."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def list(self) -> Iterator[Item]:
        yield from self._below(self.root, (self.root,))

    def _below(self, folder: Path, way: tuple[Path, ...]) -> Iterator[Item]:
        """The files below a folder; `way` are the folders that lead to it, without symbolic links."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if folder == self.root:
                kind = NoSuchPlaceError if isinstance(error, FileNotFoundError) else RegistryError
                raise kind("REG-101", f"The folder {self.root} cannot be listed.") from None
            yield self._refused(folder, "REG-101")
            return
        for entry in entries:
            yield from self._entry(entry, way)

    def _entry(self, entry: os.DirEntry[str], way: tuple[Path, ...]) -> Iterator[Item]:
        path = Path(entry.path)
        real = Path(os.path.realpath(path)) if entry.is_symlink() else way[-1] / entry.name
        try:
            if not real.is_relative_to(self.root) or real in way:
                yield self._refused(path, "REG-208")
            elif entry.is_dir():
                yield from self._below(path, (*way, real))
            elif entry.is_file() or entry.is_symlink():
                yield self.stat(self._path(path))
            else:
                yield self._refused(path, "REG-203")
        except FileNotFoundError:
            if entry.is_symlink():
                yield self._refused(path, "REG-203")
        except OSError:
            yield self._refused(path, "REG-203")

    def _path(self, file: Path) -> str:
        return file.relative_to(self.root).as_posix()

    def _refused(self, file: Path, problem: str) -> Item:
        return Item(self._path(file), 0, problem, problem)

    def stat(self, path: str) -> Item:
        status = (self.root / path).stat()
        return Item(path, status.st_size, f"{status.st_size}-{status.st_mtime_ns}")

    def uri(self, path: str) -> str:
        return str((self.root / path).resolve())

    def fetch(self, path: str, target: Path) -> None:
        real = Path(os.path.realpath(self.root / path))
        if not real.is_relative_to(self.root):
            raise OSError(errno.ELOOP, "the file is a symbolic link by now")
        shutil.copyfile(real, target)

    def copy(self, item: Item, target: Path) -> Item:
        """A file that changed meanwhile is as good as gone, and pulled again by the next run."""
        self.fetch(item.path, target)
        if self.stat(item.path).mark != item.mark:
            raise FileNotFoundError(errno.ENOENT, "the file is being written")
        return item

    def store(self, file: Path, path: str) -> str:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        try:
            shutil.move(file, part)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        part.replace(target)
        return str(target.resolve())
