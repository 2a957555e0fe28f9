import datetime as dt

import apache_beam as beam
import hanging
import pytest
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import CollectingErrorHandler

from schemas.source import RawArticle
from transforms.article.extract_stage import ExtractArticles
from transforms.read.cage import CageConfig

REFERENCE = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
PAGE = "<html><head><title>Herring quotas agreed</title></head><body><article>{}</article></body></html>"
STORY = "".join(
    f"<p>The ministers met in room {n} of the harbour office and settled quota {7 * n} for the coming year.</p>"
    for n in range(10)
)


def make_page(name: str, body: str) -> RawArticle:
    url = f"https://herald.example/news/{name}"
    return RawArticle("file:///in/pages", "page", url=url, html=PAGE.format(body))


def test_pages_that_never_end_cost_nobody_but_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    # No page is known that takes long once its elements are bounded: the function that the child runs hangs instead.
    monkeypatch.setattr("transforms.article.extract_stage.extract_or_fail", hanging.extract_or_hang)
    pages = [make_page(name, STORY) for name in ("quotas-agreed-1", "never-ends", "quotas-agreed-2")]
    with _TestPipeline(runner="FnApiRunner") as pipeline:
        errors = CollectingErrorHandler()
        stage = ExtractArticles(REFERENCE, errors, cage=CageConfig(deadline_s=1.0))
        articles = pipeline | beam.Create(pages) | stage
        errors.close()
        assert_that(articles | "Urls" >> beam.Map(lambda article: article.url), equal_to([pages[0].url, pages[2].url]))
        failed = errors.output() | "Reasons" >> beam.Map(lambda failure: (failure.stage, failure.reason, failure.url))
        assert_that(failed, equal_to([("extract", "parse-timeout", pages[1].url)]), label="failed")
