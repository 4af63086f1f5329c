"""Reads a DICOM object whole, or not at all: what pydicom leaves out of a file that was cut short is looked for."""

import logging
import warnings
import zlib
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pydicom
from pydicom import config
from pydicom.dataelem import RawDataElement
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_file_meta_info
from pydicom.uid import DeflatedExplicitVRLittleEndian

from include.basics.errors import RegistryError
from include.pipeline.formats.dicom_sr.words import grammar
from include.pipeline.staging.limits import limits

Result = TypeVar("Result")
PREAMBLE = 128 + 4
GROUP_LENGTH = 12
UNDEFINED = 0xFFFFFFFF

config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)  # its messages quote the file


def of_object(file: Path, feed: str, what: Callable[[pydicom.Dataset], Result]) -> Result:
    """What a function makes of a DICOM object.

    Raises RegistryError REG-301 when the object is not whole or not what it should be, REG-306 when it is too large:
    pydicom raises whatever comes to pass.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they quote the file
            _check_size(file, feed)
            dataset = pydicom.dcmread(file)
            _check_whole(dataset)
            return what(dataset)
    except RegistryError:
        raise
    except RecursionError:
        raise RegistryError("REG-306", f"A file of {feed} has sequences that are nested too deep.") from None
    except InvalidDicomError:
        raise RegistryError(
            "REG-301", f"A file of {feed} is no DICOM file: it lacks the preamble of 128 bytes."
        ) from None
    except EOFError:
        raise RegistryError(
            "REG-301", f"A file of {feed} is a DICOM object that was cut short, or lacks content."
        ) from None
    except Exception:
        raise RegistryError("REG-301", f"A file of {feed} is a DICOM object that is broken.") from None


def _check_size(file: Path, feed: str) -> None:
    largest = int(grammar()["largest_bytes"])
    if file.stat().st_size > largest or _inflates_too_far(file, largest):
        raise RegistryError("REG-306", f"A file of {feed} is larger than a DICOM report that the registry takes.")


def _inflates_too_far(file: Path, largest: int) -> bool:
    """Whether more comes out of a deflated object than is allowed: pydicom would inflate it to its end."""
    meta = read_file_meta_info(file)
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return False
    content = file.read_bytes()[PREAMBLE + GROUP_LENGTH + int(meta.FileMetaInformationGroupLength) :]
    allowed = min(largest, limits().allowed(len(content)))
    return len(zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, allowed + 1)) > allowed


def _check_whole(dataset: pydicom.Dataset) -> None:
    """Of a file that was cut short pydicom gives what there is."""
    for tag in list(dataset.keys()):
        raw: object = dataset.get_item(tag)
        if isinstance(raw, RawDataElement) and raw.length not in (UNDEFINED, len(raw.value or b"")):
            raise EOFError
    deque((element.value for element in dataset.iterall()), maxlen=0)  # each is read now, or never
