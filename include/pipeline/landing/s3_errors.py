"""What S3 answers, as errors with a code: which kind it is, in which bucket; never a key's or a credential's text."""

from collections.abc import Iterator
from contextlib import contextmanager

from include.basics.errors import RegistryError

SAID = {
    "REG-210": "The bucket {} does not exist.",
    "REG-211": "Access to the bucket {} is denied.",
    "REG-212": "The bucket {} is in another region.",
    "REG-213": "The credentials for the bucket {} are missing, wrong or expired.",
    "REG-214": "The S3 endpoint of the bucket {} does not answer.",
    "REG-215": "The S3 endpoint of the bucket {} cannot be trusted: TLS fails.",
    "REG-216": "The Airflow connection for the bucket {} cannot be used.",
    "REG-217": "An object of the bucket {} did not arrive as it was listed.",
}

# HEAD has no body: botocore puts the status in place of S3's word. Of expired credentials Amazon says 400 then.
BY_WORD = {
    **dict.fromkeys(("NoSuchBucket",), "REG-210"),
    **dict.fromkeys(("AccessDenied", "AllAccessDisabled", "Forbidden", "403"), "REG-211"),
    **dict.fromkeys(
        ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"), "REG-212"
    ),
    **dict.fromkeys(
        (
            *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "InvalidToken"),
            *("InvalidAccessKeyId", "InvalidClientTokenId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"),
            "400",
        ),
        "REG-213",
    ),
    **dict.fromkeys(
        ("SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "500", "502", "503", "504"), "REG-214"
    ),
}


class OverwrittenError(Exception):
    """The object is no longer the one that was listed."""


@contextmanager
def s3_errors(bucket: str) -> Iterator[None]:
    """S3's errors as RegistryErrors REG-210 to REG-216; others as a folder would raise them."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError
    from s3transfer.exceptions import RetriesExceededError, S3DownloadFailedError

    try:
        yield
    except ClientError as error:
        word = error.response["Error"]["Code"]
        if word in ("412", "PreconditionFailed"):
            raise OverwrittenError from None
        if word in ("404", "NoSuchKey"):
            raise FileNotFoundError("the object cannot be reached") from None
        raise _told(BY_WORD.get(word), bucket) from None
    except S3DownloadFailedError:
        raise OverwrittenError from None
    except RetriesExceededError:
        raise _told("REG-214", bucket) from None
    except (BotoCoreError, Boto3Error) as error:
        raise _told(_kind_of(error), bucket) from None


def s3_error(code: str, bucket: str) -> RegistryError:
    """The error of a code."""
    return RegistryError(code, SAID[code].format(bucket))


def _told(code: str | None, bucket: str) -> Exception:
    return s3_error(code, bucket) if code else OSError("the bucket cannot be reached")


def _kind_of(error: Exception) -> str | None:
    from botocore import exceptions as raised

    kinds = {
        "REG-215": (raised.SSLError,),
        "REG-214": (raised.HTTPClientError, raised.ConnectionError),
        "REG-213": (
            *(raised.NoCredentialsError, raised.PartialCredentialsError, raised.CredentialRetrievalError),
            *(raised.TokenRetrievalError, raised.SSOError, raised.ProfileNotFound, raised.ConfigNotFound),
        ),
        "REG-212": (raised.NoRegionError, raised.InvalidRegionError),
    }
    return next((code for code, classes in kinds.items() if isinstance(error, classes)), None)
