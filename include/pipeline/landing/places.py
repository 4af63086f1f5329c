"""Folders and S3 prefixes, seen alike."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from include.basics.errors import RegistryError


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
        """Every file below the place; raises RegistryError REG-101 when it cannot be listed."""

    def stat(self, path: str) -> Item:
        """One file as it is now."""

    def uri(self, path: str) -> str:
        """The full address of a file."""

    def fetch(self, path: str, target: Path) -> None:
        """Copy a file of the place to a local file; raises OSError."""

    def store(self, file: Path, path: str) -> str:
        """Move a local file into the place; the file appears whole or not at all. Returns its address."""


def place(uri: str) -> Place:
    """The place at `s3://bucket/prefix` or at a folder's path."""
    if uri.startswith("s3://"):
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        return Bucket(bucket, prefix.strip("/"))
    return Folder(Path(uri.removeprefix("file://")))


@contextmanager
def _os_errors() -> Iterator[None]:
    """S3's errors as a folder would raise them."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        missing = error.response["Error"]["Code"] in ("404", "NoSuchKey")
        raise (FileNotFoundError if missing else OSError)("the object cannot be reached") from None
    except (BotoCoreError, Boto3Error):
        raise OSError("the bucket cannot be reached") from None


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
        except OSError:
            if folder == self.root:
                raise RegistryError("REG-101", f"The folder {self.root} cannot be listed.") from None
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


class Bucket:
    """A prefix of an S3 bucket; credentials and endpoint come from the usual AWS places."""

    def __init__(self, bucket: str, prefix: str) -> None:
        import boto3

        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self.client: Any = boto3.client("s3")

    def list(self) -> Iterator[Item]:
        """An empty object whose key ends with a slash is what S3's consoles make for a folder."""
        from botocore.exceptions import BotoCoreError, ClientError

        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
        try:
            for page in pages:
                for entry in page.get("Contents", ()):
                    if entry["Size"] or not entry["Key"].endswith("/"):
                        yield self._item(entry["Key"], entry["Size"], entry["ETag"])
        except (BotoCoreError, ClientError) as error:
            raise RegistryError("REG-101", f"The bucket {self.bucket} cannot be listed.") from error

    def stat(self, path: str) -> Item:
        with _os_errors():
            head = self.client.head_object(Bucket=self.bucket, Key=self.prefix + path)
        return self._item(self.prefix + path, head["ContentLength"], head["ETag"])

    def uri(self, path: str) -> str:
        return f"s3://{self.bucket}/{self.prefix}{path}"

    def fetch(self, path: str, target: Path) -> None:
        with _os_errors():
            self.client.download_file(self.bucket, self.prefix + path, str(target))

    def store(self, file: Path, path: str) -> str:
        with _os_errors():
            self.client.upload_file(str(file), self.bucket, self.prefix + path)
        file.unlink()
        return self.uri(path)

    def _item(self, key: str, size: int, etag: str) -> Item:
        return Item(key.removeprefix(self.prefix), size, f"{size}-{etag.strip(chr(34))}")
