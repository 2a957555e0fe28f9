"""Quarantine: one row for each input that gave nothing, with stage and reason."""

import dataclasses
from typing import Literal

import pyarrow as pa

from schemas.fields import TIMESTAMP, described, versioned

Stage = Literal["fetch", "parse", "extract", "annotate"]

# The one list of reasons; docs/errors.md is made from it.
REASONS: dict[str, str] = {
    "address-refused": "The address is private, reserved or of a scheme that is never fetched; allow your own network with --allow-net.",
    "not-an-address": "A line of a feed list holds no URL.",
    "fetch-failed": "The server could not be reached, or the connection broke.",
    "fetch-timeout": "The server did not deliver the whole answer before the deadline.",
    "http-error": "The server answered with an error status.",
    "too-large": "The document is larger, once decompressed, than newsmill takes, or a tag of it has more attributes.",
    "too-many-redirects": "The address led through more redirects than newsmill follows.",
    "postponed": "The site asked to wait, or has more pages than one run may ask it for; a later run fetches it.",
    "robots-disallowed": "The site's robots.txt asks not to fetch this page.",
    "unreadable": "The file could not be opened or read.",
    "empty": "The document holds no bytes but white space.",
    "not-a-feed": "The document was read as a feed and is none.",
    "parse-error": "The document broke the parser.",
    "parse-timeout": "The parser did not finish before the deadline.",
    "truncated": "The document ends before it is complete; what is whole in it is kept.",
    "bad-compression": "The compressed file is damaged or cut.",
    "bad-encoding": "The bytes fit no encoding that they or their source name, and none could be detected.",
    "bad-json": "The line is not a JSON object.",
    "no-url-no-text": "The record has neither a URL nor any text.",
    "no-content": "The record has no text and no html.",
    "unknown-format": "The document is of no kind that newsmill reads.",
    "too-many-entries": "The feed holds more entries than newsmill takes from one document; the rest is left.",
    "no-pages": "The web archive holds no HTML page that was served with success.",
    "no-text": "No article text was found.",
    "too-short": "Fewer than five words of text besides the title.",
    "not-an-article": "The page is a home page, list, forum, shop or service page, not an article.",
    "consent-wall": "The page asks for consent instead of showing the article.",
    "paywall": "The page shows only the stub of a paid article.",
    "bot-check": "The page asks for proof that no robot reads it, or shuts one out, instead of showing the article.",
    "error-page": "The page is an error message served as if all were well.",
    "html-too-deep": "The page is nested deeper than the HTML parser follows; text would be lost.",
    "annotate-timeout": "The language model did not finish before the deadline.",
    "annotate-failed": "The language model failed on this text.",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """One input that gave nothing.

    Attributes:
        reason: a key of REASONS.
        detail: what exactly, for a person; at most 2,000 characters.
        payload_sha256: SHA-256 of the bytes or text that failed, None when there are none.
        outlet: slug the input would have had, for the counters.
        once: what would come again at every poll or run: quarantined the first time, known from then on.
        entry_key: of the feed entry whose page failed for good (RawArticle.entry_key); it is not followed again. 0: none.
    """

    stage: Stage
    reason: str
    source_uri: str
    detail: str = ""
    url: str | None = None
    payload_sha256: str | None = None
    outlet: str = "unknown"
    once: bool = False
    entry_key: int = 0

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"unknown quarantine reason {self.reason!r}: add it to schemas.quarantine.REASONS")


QUARANTINE = versioned(
    [
        described("stage", pa.string(), "fetch, parse, extract or annotate.", example="parse", nullable=False),
        described(
            "reason",
            pa.string(),
            "Kebab-case reason from the list in docs/errors.md.",
            example="not-a-feed",
            nullable=False,
        ),
        described("detail", pa.string(), "What exactly happened.", example="line 3: Expecting value"),
        described(
            "source_uri", pa.string(), "The file or feed it stood in.", example="file:///data/feed.xml", nullable=False
        ),
        described(
            "url",
            pa.string(),
            "URL of the entry, page or record, where it has one.",
            example="https://caliber.az/en/post/1",
        ),
        described(
            "first_seen_at",
            TIMESTAMP,
            "Start of the run that met it.",
            example="2025-12-24 19:00:00+00",
            unit="UTC",
            nullable=False,
        ),
        described(
            "payload_sha256", pa.string(), "SHA-256 of the bytes that failed, hexadecimal.", example="9f86d081884c7d65…"
        ),
        described("run_id", pa.string(), "The run that wrote the row.", example="20251224T190000Z", nullable=False),
    ]
)
