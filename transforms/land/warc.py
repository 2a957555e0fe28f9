"""What was fetched, as WARC segments: whole answers, and the errors, so that a repeated run repeats both."""

import dataclasses
import datetime as dt
import gzip
import io
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from transforms.land.outcome import Fetched, FetchError

# Extension field (WARC 1.1, 5.1 allows them): what the standard fields have no place for, as JSON in ASCII.
_FIELD = "Newsmill-Fetch"
_LEVEL = 4
_ERROR_TYPE = "application/vnd.newsmill.fetch-error+json"


@dataclasses.dataclass(frozen=True, slots=True)
class Landed:
    """One URL and what came of it.

    Attributes:
        url: as it was asked for, before redirects.
        source_uri: the feed or list it stood in.
        fetched: the answer, or None with an error.
    """

    url: str
    source_uri: str
    fetched: Fetched | None = None
    error: FetchError | None = None
    at: dt.datetime | None = None


class SegmentWriter:
    """Gathers records of one WARC segment in memory, compressed as they come.

    Attributes:
        size: compressed bytes so far.
        records: how many there are.
    """

    def __init__(self) -> None:
        self._members: list[bytes] = []
        self._plain = io.BytesIO()
        self._writer = WARCWriter(self._plain, gzip=False, warc_version="1.1")
        self.size = 0
        self.records = 0

    def add(self, landed: Landed) -> None:
        """Adds a record: `response` for an answer (its body decoded, coding fields left out), `metadata` for an error.

        Raises:
            ValueError: it holds neither an answer nor an error.
        """
        if landed.fetched is not None:
            record = self._response(landed, landed.fetched)
        elif landed.error is not None:
            record = self._failure(landed, landed.error)
        else:
            raise ValueError(f"nothing came of {landed.url}: neither an answer nor an error")
        self._writer.write_record(record)
        # One gzip member a record, as WARC has it; warcio's own level 9 would take longer than the fetching.
        member = gzip.compress(self._plain.getvalue(), _LEVEL, mtime=0)
        self._plain.seek(0)
        self._plain.truncate()
        self._members.append(member)
        self.size += len(member)
        self.records += 1

    def finish(self) -> bytes:
        """The segment's bytes."""
        return b"".join(self._members)

    def _response(self, landed: Landed, fetched: Fetched) -> object:
        # Validators are kept here as well: warcio rewrites header bytes that are not ASCII.
        extra: dict[str, object] = {
            "url": landed.url,
            "source_uri": landed.source_uri,
            "final_url": fetched.url,
            "etag": fetched.etag,
            "last_modified": fetched.last_modified,
            "content_type": fetched.content_type,
            "permanent_url": fetched.permanent_url,
            "truncated": fetched.truncated or None,
        }
        headers = [(n, _one_line(v)) for n, v in fetched.headers] + [("Content-Length", str(len(fetched.body)))]
        return self._writer.create_warc_record(
            _target(fetched.url),
            "response",
            payload=io.BytesIO(fetched.body),
            length=len(fetched.body),
            warc_headers_dict=self._fields(fetched.fetched_at, extra, f"{fetched.url} {landed.url}"),
            http_headers=StatusAndHeaders(f"{fetched.status} -", headers, protocol="HTTP/1.1"),
        )

    def _failure(self, landed: Landed, error: FetchError) -> object:
        extra: dict[str, object] = {"url": landed.url, "source_uri": landed.source_uri}
        facts = {
            "reason": error.reason,
            "detail": error.detail,
            "status": error.status,
            "retry_after": error.retry_after,
            "url": error.url,
        }
        block = json.dumps(facts, sort_keys=True).encode("ascii")
        return self._writer.create_warc_record(
            _target(error.url or landed.url),
            "metadata",
            payload=io.BytesIO(block),
            length=len(block),
            warc_content_type=_ERROR_TYPE,
            warc_headers_dict=self._fields(landed.at, extra, f"error {landed.url}"),
        )

    def _fields(self, at: dt.datetime | None, extra: dict[str, object], name: str) -> dict[str, str]:
        when = (at or dt.datetime.fromtimestamp(0, dt.UTC)).astimezone(dt.UTC)
        date = when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        # Named by content and not by chance, so that one run's bytes can be compared with another's.
        record_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{date} {name}".encode("utf-8", "replace").decode())
        cut = {"WARC-Truncated": "disconnect"} if extra.get("truncated") else {}
        return {
            **cut,
            "WARC-Date": date,
            "WARC-Record-ID": f"<urn:uuid:{record_id}>",
            _FIELD: json.dumps({k: v for k, v in extra.items() if v is not None}, sort_keys=True),
        }


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _target(url: str) -> str:
    """A URL as it can stand in a header line; as it was asked for it stands in the extension field."""
    try:
        parsed = httpx.URL(url)
        # warcio looks for HTTP headers below an http(s) target in lower case only.
        return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}{parsed.raw_path.decode('ascii')}"
    except (httpx.InvalidURL, ValueError, TypeError):
        return "urn:newsmill:no-url"


def read_segment(data: bytes) -> Iterator[Landed]:
    """Reads back what SegmentWriter wrote; records of others are passed over.

    Raises:
        ValueError: the segment is damaged.
    """
    try:
        for record in ArchiveIterator(io.BytesIO(data)):
            field = record.rec_headers.get_header(_FIELD)
            if field is None:
                continue
            extra = json.loads(field)
            at = dt.datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
            block = record.raw_stream.read()
            if record.rec_type == "response":
                fetched = _fetched(record.http_headers, extra, at, block)
                yield Landed(extra["url"], extra["source_uri"], fetched=fetched, at=at)
            else:
                facts = json.loads(block)
                error = FetchError(facts.pop("reason"), facts.pop("detail"), **facts)
                yield Landed(extra["url"], extra["source_uri"], error=error, at=at)
    except (ArchiveLoadFailed, KeyError, EOFError) as error:
        raise ValueError(f"damaged landing segment: {error}") from error


def _fetched(http: StatusAndHeaders, extra: dict[str, Any], at: dt.datetime, body: bytes) -> Fetched:
    return Fetched(
        url=extra["final_url"],
        status=int(http.get_statuscode()),
        body=body,
        fetched_at=at,
        headers=tuple((name, value) for name, value in http.headers if name != "Content-Length"),
        etag=extra.get("etag"),
        last_modified=extra.get("last_modified"),
        content_type=extra.get("content_type"),
        permanent_url=extra.get("permanent_url"),
        truncated=extra.get("truncated", False),
    )
