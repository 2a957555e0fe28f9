"""What a fetch gives: a document, or an error with its reason."""

import dataclasses
import datetime as dt


class FetchError(Exception):
    """A URL that gave no document.

    Attributes:
        reason: a key of schemas.quarantine.REASONS.
        status: of the HTTP answer, where there was one.
        retry_after: seconds that the server asks to wait, already bounded.
        url: where it happened, after redirects.
    """

    def __init__(
        self,
        reason: str,
        detail: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        self.url = url


@dataclasses.dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the body it sent last; opaque, sent back byte for byte (as Latin-1 text)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave.

    Attributes:
        url: after redirects.
        status: 2xx, or 304 when validators were sent; a 304 has no body.
        etag, last_modified: byte for byte, as Latin-1 text.
        headers: in order, as sent, without those that told how the body was coded.
        body: decoded from its transfer and content codings.
        fetched_at: when the answer was complete, UTC.
        permanent_url: where the URL has moved for good, by the 301 and 308 that come before any other redirect.
        truncated: the connection broke inside the body; `body` is what had come.
    """

    url: str
    status: int
    body: bytes
    fetched_at: dt.datetime
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    permanent_url: str | None = None
    truncated: bool = False
