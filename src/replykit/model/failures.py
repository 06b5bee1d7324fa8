"""From what an endpoint or a network did to one of our own errors, with the remedy and without a secret."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from replykit.errors import AnswerError, ModelError, SettingsError

TRANSIENT = frozenset({408, 409, 429})
"""Worth another try beside every 5xx; the list of the issue, which is openai's own list too."""

KEY_SHAPES = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|AIza|key)[-_][\w*-]{6,}|(?i:bearer)\s+\S+|\beyJ[\w-]+\.[\w-]+\.?[\w-]*"
)
"""What keys look like in the answers of endpoints that echo them: prefixed keys, bearer headers, signed tokens."""

TOO_LONG = re.compile(
    r"context[ _](?:length|window|size)|maximum context|too many tokens|prompt is too long|reduce the length"
)
FILTERED = re.compile(r"content[ _]?(?:filter|policy|management)|responsible ?ai|safety system")
NO_MONEY = re.compile(r"insufficient_quota|billing|credit balance|exceeded your current quota")


class TransientError(Exception):
    """A failure that may be gone on the next try; `error` is what the caller gets when it is not.

    Attributes:
        error: The typed error that this becomes when trying has come to an end.
        wait: The seconds that the endpoint asked for, where it did.
    """

    def __init__(self, error: ModelError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.wait = error, wait


class Scrubber:
    """Takes every trace of a key out of a text, and cuts it to a length that fits into a sentence."""

    def __init__(self, *secrets: str | None) -> None:
        self._secrets = tuple(s for s in secrets if s and len(s) > 3)

    def __call__(self, text: object, limit: int = 300) -> str:
        words = " ".join(str(text).split())
        for secret in self._secrets:
            words = words.replace(secret, "***")
        words = KEY_SHAPES.sub("***", words)
        return words if len(words) <= limit else words[: limit - 1] + "…"


def public_url(url: str) -> str:
    """A base URL without user, password and query, as it may be shown."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def said_by(body: object, *keys: str) -> str:
    """What an error body says: its message, or the named keys of it."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return str(inner or "")
    return " ".join(str(inner[key]) for key in keys or ("message", "detail") if inner.get(key))


def meant_by(body: object) -> str:
    """What an error body says with its code and the parameter it names, in small letters, to be understood by us."""
    return said_by(body, "message", "detail", "code", "param", "type").lower()


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """The seconds that `Retry-After` asks for, in any of the three forms in use; None where there is none."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) / unit)
        except (KeyError, ValueError):
            continue
    try:
        asked = email.utils.parsedate_to_datetime(headers["retry-after"])
        return max(0.0, asked.timestamp() - time.time())
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def from_status(
    status: int, body: object, headers: Mapping[str, str], *, model: str, url: str, scrub: Scrubber
) -> Exception:
    """The error for an answer with this status.

    Returns:
        A `TransientError` where another try may help, a `SettingsError` where only the caller can, an `AnswerError`
        where this one question was refused.
    """
    said, meant = said_by(body), meant_by(body)
    told = f": {scrub(said)}" if said and not said.lstrip().startswith("<") else ""
    if status == 429 and NO_MONEY.search(meant):
        return SettingsError(
            f"{url} refuses because of the account's quota or billing{told}; top it up or use another key"
        )
    if status in TRANSIENT or status >= 500:
        return TransientError(ModelError(f"{url} answered {status}{told}"), wait_asked(headers))
    if status in {400, 413, 422} and TOO_LONG.search(meant):
        return AnswerError(f"the question is too long for {model}{told}")
    if status in {400, 403} and FILTERED.search(meant):
        return AnswerError(f"a content filter of {url} refused the question{told}")
    return SettingsError(f"{url} answered {status}{told}; {_remedy(status, model)}")


def _remedy(status: int, model: str) -> str:
    """What a caller can do about it."""
    remedies = {
        401: "the key is missing or wrong: set OPENAI_API_KEY or pass api_key=",
        402: "the account has to be paid for at the provider",
        403: f"the key may not use {model!r}: give it access, or choose another model with REPLYKIT_MODEL or model=",
        404: f"check the model name {model!r} (REPLYKIT_MODEL, model=) and the base URL (OPENAI_BASE_URL, base_url=)",
        405: "check the base URL (OPENAI_BASE_URL or base_url=); it usually ends in /v1",
    }
    return remedies.get(
        status, f"the endpoint does not take this request for {model!r}: check model=, base_url= and extra="
    )


def from_exception(error: BaseException, *, url: str, scrub: Scrubber) -> Exception:
    """The error for a request that never became an answer.

    A connection that broke, or could not be made, is worth another try. What cannot even be sent is a setting.
    """
    cause: BaseException = error.__cause__ or error
    kind, kinds = type(cause).__name__, {type(cause).__name__, type(error).__name__}
    if kinds & {"UnsupportedProtocol", "InvalidURL"}:
        return SettingsError(
            f"the base URL {url} cannot be used: it begins with http:// or https://, as in http://localhost:8000/v1"
        )
    if "DecodingError" in kinds or kind == "error":  # zlib's own name for its error
        return AnswerError(f"{url} sent an answer whose compression is broken")
    if "TooManyRedirects" in kinds:
        return SettingsError(f"{url} redirects in circles; check the base URL (OPENAI_BASE_URL or base_url=)")
    if _broken_connection(error):
        return TransientError(ModelError(f"the connection to {url} failed ({kind}{_detail(cause, scrub)})"))
    return ModelError(f"asking {url} failed ({kind}{_detail(cause, scrub)})")


def _broken_connection(error: Any) -> bool:
    """Whether a connection could not be made, or did not hold: by name, as two generations of httpx raise them."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & {"APIConnectionError", "TransportError", "OSError", "EndOfStream", "ClientError"})


def _detail(cause: BaseException, scrub: Scrubber) -> str:
    told = scrub(cause, 120)
    return f": {told}" if told else ""
