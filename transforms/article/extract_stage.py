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

FAILED: Literal["failed"] = "failed"


def fail_extraction(raw: RawArticle, error: ExtractError) -> Failure:
    """The quarantine row of a raw article that gave nothing."""
    url = canonical_url(raw.url)
    payload = raw.html if raw.html is not None else raw.text
    return Failure(
        stage="extract",
        reason=error.reason,
        source_uri=raw.source_uri,
        detail=error.detail[:2000],
        url=url,
        payload_sha256=hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest() if payload else None,
        outlet=name_outlet(raw, url)[0],
        once=raw.origin == "entry",
    )


def extract_or_fail(raw: RawArticle, reference: dt.datetime) -> ExtractedArticle | Failure:
    """`extract_article`, with what it refuses as a row instead of an exception; top-level, so that a cage can run it."""
    try:
        return extract_article(raw, reference)
    except ExtractError as error:
        return fail_extraction(raw, error)


@dataclasses.dataclass
class ExtractArticles(beam.PTransform):
    """Makes clean articles of raw ones; those that are none go to errors.

    Attributes:
        reference: start of the run (UTC), the bound for dates.
        errors: takes the failures.
    """

    reference: dt.datetime
    errors: ErrorHandler

    def expand(self, articles: PCollection[RawArticle]) -> PCollection[ExtractedArticle]:
        """Wires the stage."""
        outcomes = articles | "ExtractArticle" >> beam.FlatMap(_route, self.reference).with_outputs(
            FAILED, main="extracted"
        )
        self.errors.add_error_pcollection(outcomes[FAILED])
        return outcomes["extracted"]


def _route(
    raw: RawArticle, reference: dt.datetime
) -> Iterator[ExtractedArticle | TaggedOutput[Literal["failed"], Failure]]:
    outcome = extract_or_fail(raw, reference)
    yield TaggedOutput(FAILED, outcome) if isinstance(outcome, Failure) else outcome
