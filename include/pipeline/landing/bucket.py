"""A prefix of an S3 bucket as a place."""

import hashlib
import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from include.basics.errors import RegistryError
from include.basics.settings import whole
from include.pipeline.landing.places import Item
from include.pipeline.landing.s3_errors import OverwrittenError, s3_error, s3_errors

TRIES = 3
"""How often an object is read that does not arrive as it was listed."""

MEGABYTE = 1 << 20
MD5 = re.compile("[0-9a-f]{32}")
"""The ETag of an object that came in one part; one of several has their number at its end."""


class Bucket:
    """A prefix of an S3 bucket.

    Credentials, endpoint and region come from the Airflow connection that S3_CONN_ID names, else from the usual AWS
    places. What fails for a moment is tried again AWS_MAX_ATTEMPTS times, with growing pauses.
    """

    def __init__(self, bucket: str, prefix: str) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""

    @cached_property
    def client(self) -> Any:
        """Made when it is needed first: it may fail."""
        from botocore.config import Config

        attempts = whole("AWS_MAX_ATTEMPTS", 5, least=1)
        retries: Any = {"mode": "standard", "total_max_attempts": attempts}
        config = Config(retries=retries, connect_timeout=10, read_timeout=60)
        with s3_errors(self.bucket):
            if name := os.environ.get("S3_CONN_ID"):
                return self._of_connection(name, config)
            import boto3

            try:
                return boto3.client("s3", config=config)
            except ValueError:
                raise s3_error("REG-214", self.bucket) from None

    def _of_connection(self, name: str, config: Any) -> Any:
        """Airflow's own way from a connection, through the role that it may name, to a client."""
        try:
            from airflow.providers.amazon.aws.hooks.s3 import S3Hook
            from airflow.sdk.exceptions import AirflowException
        except ImportError:
            raise s3_error("REG-216", self.bucket) from None
        try:
            S3Hook.get_connection(name)  # a hook whose connection is missing takes the usual places, silently
            return S3Hook(aws_conn_id=name, config=config).get_conn()
        except (AirflowException, ValueError):
            raise s3_error("REG-216", self.bucket) from None

    def list(self) -> Iterator[Item]:
        """An empty object whose key ends with a slash is what S3's consoles make for a folder."""
        try:
            with s3_errors(self.bucket):
                pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
                for page in pages:
                    for entry in page.get("Contents", ()):
                        if entry["Size"] or not entry["Key"].endswith("/"):
                            yield self._item(entry["Key"], entry["Size"], entry["ETag"])
        except OSError:
            raise RegistryError("REG-101", f"The bucket {self.bucket} cannot be listed.") from None

    def stat(self, path: str) -> Item:
        """One object as it is now."""
        head = self._head(path)
        return self._item(self.prefix + path, head["ContentLength"], head["ETag"])

    def uri(self, path: str) -> str:
        """The full address of an object."""
        return f"s3://{self.bucket}/{self.prefix}{path}"

    def fetch(self, path: str, target: Path) -> None:
        """Copy an object to a local file; raises RegistryError REG-217 when it breaks off again and again."""
        try:
            self._download(path, target, {})
        except OverwrittenError:
            raise s3_error("REG-217", self.bucket) from None

    def copy(self, item: Item, target: Path) -> Item:
        """Copy an object as it was listed; one that was overwritten since, as it is now. Which one it was.

        Raises RegistryError REG-217 when it changes again and again, or its bytes are neither those that its checksum
        says nor the same twice.
        """
        read: set[str] = set()
        for _ in range(TRIES):
            try:
                self._download(item.path, target, {"IfMatch": f'"{_etag(item)}"'})
            except OverwrittenError:
                item = self.stat(item.path)
                read.clear()
            else:
                if self._is_whole(item, target, read):
                    return item
        raise s3_error("REG-217", self.bucket)

    def store(self, file: Path, path: str) -> str:
        """Move a local file into the bucket."""
        with s3_errors(self.bucket), _manager(self.client) as manager:
            manager.upload(str(file), self.bucket, self.prefix + path).result()
        file.unlink()
        return self.uri(path)

    def _download(self, path: str, target: Path, asked: dict[str, str]) -> None:
        with s3_errors(self.bucket), _manager(self.client) as manager:
            manager.download(self.bucket, self.prefix + path, str(target), extra_args=asked).result()

    def _is_whole(self, item: Item, target: Path, read: set[str]) -> bool:
        """Whether size and checksum agree.

        Not every ETag that looks like a checksum is one: S3 that encrypts with a key says so, another store does not.
        Its object is whole when two reads under one ETag have the same bytes; `read` has the former ones' checksums.
        """
        if target.stat().st_size != item.size:
            return False
        if not MD5.fullmatch(_etag(item)):
            return True
        with target.open("rb") as content:
            md5 = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if md5 in {_etag(item), *read}:
            return True
        read.add(md5)
        return _is_encrypted(self._head(item.path))

    def _head(self, path: str) -> dict[str, Any]:
        with s3_errors(self.bucket):
            head: dict[str, Any] = self.client.head_object(Bucket=self.bucket, Key=self.prefix + path)
        return head

    def _item(self, key: str, size: int, etag: str) -> Item:
        return Item(key.removeprefix(self.prefix), size, f"{size}-{etag.strip(chr(34))}")


def _etag(item: Item) -> str:
    return item.mark.partition("-")[2]


def _is_encrypted(head: dict[str, Any]) -> bool:
    return head.get("ServerSideEncryption", "").startswith("aws:kms") or "SSECustomerAlgorithm" in head


def _manager(client: Any) -> Any:
    """Copies in parts, a few at a time, so that memory does not grow with a file; begins a broken part again."""
    from boto3.s3.transfer import TransferConfig
    from s3transfer.manager import TransferManager

    class Manager(TransferManager):
        ALLOWED_DOWNLOAD_ARGS = [*TransferManager.ALLOWED_DOWNLOAD_ARGS, "IfMatch"]  # noqa: RUF012

    threshold, part = 16 * MEGABYTE, 8 * MEGABYTE
    config = TransferConfig(multipart_threshold=threshold, multipart_chunksize=part, max_concurrency=4, max_io_queue=32)
    return Manager(client, config)
