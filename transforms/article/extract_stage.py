"""The stage from raw articles to clean ones."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Literal

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.article import ExtractedArticle
from schemas.quarantine import Failure
from schemas.source import RawArticle
from transforms.article.errors import ExtractError
from transforms.article.extract import extract_article
from transforms.article.outlet import name_outlet
from transforms.article.urls import canonical_url
from transforms.read.cage import Cage, CageConfig, CageError

FAILED: Literal["failed"] = "failed"
EXTRACT_CAGE = CageConfig(deadline_s=10.0, max_calls=2000)
# What a site shows for a while in place of its pages: the entry is followed again as long as its feed names it.
OF_THE_MOMENT = frozenset(("bot-check", "error-page"))


def fail_extraction(raw: RawArticle, error: ExtractError | CageError) -> Failure:
    """The quarantine row of a raw article that gave nothing."""
    url = canonical_url(raw.url)
    if raw.partial and raw.origin == "entry":
        detail = "the feed was cut in transfer inside this entry"
        return Failure("parse", "truncated", raw.source_uri, detail, url, outlet=name_outlet(raw, url)[0], once=True)
    payload = raw.html if raw.html is not None else raw.text
    return Failure(
        stage="extract",
        reason=error.reason,
        source_uri=raw.source_uri,
        detail=error.detail[:2000],
        url=url,
        payload_sha256=hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest() if payload else None,
        outlet=name_outlet(raw, url)[0],
        once=True,
        entry_key=0 if error.reason in OF_THE_MOMENT else raw.entry_key,
    )


def extract_or_fail(raw: RawArticle, reference: dt.datetime) -> ExtractedArticle | Failure:
    """`extract_article`, with what it refuses as a row instead of an exception; top-level, so that a cage can run it."""
    try:
        return extract_article(raw, reference)
    except ExtractError as error:
        return fail_extraction(raw, error)


def warm_up() -> None:
    """Loads what extraction loads on its first call (language profiles, trafilatura's settings), out of any deadline."""
    body = (
        "<p>The council of the harbour met on Monday and spoke about the price of herring in the coming year.</p>" * 9
    )
    html = f"<html><head><title>Warm up</title></head><body><article>{body}</article></body></html>"
    page = RawArticle("warm:up", "page", url="https://warm.example/news/the-council-met", html=html)
    extract_or_fail(page, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@dataclasses.dataclass
class ExtractArticles(beam.PTransform):
    """Makes clean articles of raw ones; those that are none go to errors.

    Attributes:
        reference: start of the run (UTC), the bound for dates.
        errors: takes the failures.
        cage: bounds of the process that extraction runs in.
    """

    reference: dt.datetime
    errors: ErrorHandler
    cage: CageConfig = EXTRACT_CAGE

    def expand(self, articles: PCollection[RawArticle]) -> PCollection[ExtractedArticle]:
        """Wires the stage."""
        extract = beam.ParDo(_ExtractFn(self.reference, self.cage))
        outcomes = articles | "ExtractArticle" >> extract.with_outputs(FAILED, main="extracted")
        self.errors.add_error_pcollection(outcomes[FAILED])
        return outcomes["extracted"]


class _ExtractFn(beam.DoFn):
    def __init__(self, reference: dt.datetime, config: CageConfig) -> None:
        self._reference = reference
        self._cage = Cage(config, warm_up)

    def process(self, raw: RawArticle) -> Iterator[ExtractedArticle | TaggedOutput[Literal["failed"], Failure]]:
        try:
            outcome = self._cage.run(extract_or_fail, raw, self._reference)
        except CageError as error:
            outcome = fail_extraction(raw, error)
        yield TaggedOutput(FAILED, outcome) if isinstance(outcome, Failure) else outcome

    def teardown(self) -> None:
        self._cage.close()
