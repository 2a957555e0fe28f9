"""The parse: our sentences, the text's offsets, one failure for one bad text."""

import datetime as dt
import hashlib
import pickle

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.testing.test_pipeline import TestPipeline as _TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.article import Article, ExtractedArticle
from schemas.quarantine import Failure
from transforms.annotate import stage
from transforms.annotate.model import MAX_CHARACTERS, AnnotateError, annotate_texts, load_model, make_doc, trim_span
from transforms.annotate.sentences import split_sentences

TEXT = (
    "River deal near\n\n“We  met Mr. Ode. He left,” Finch said.\n    Talks go on…  “Why?” the U.S.-led\u00a0side asked."
)


@pytest.fixture(scope="module")
def nlp():
    return load_model()


def make_article(text: str = TEXT, **changes) -> Article:
    body = ExtractedArticle(
        source_uri="file:///in.jsonl",
        origin="page",
        url="https://example.org/1",
        outlet="example.org",
        text=text,
        language=changes.pop("language", "en"),
    )
    return Article(
        article_id="a1",
        version=1,
        body=body,
        first_seen_at=dt.datetime(2025, 1, 2, tzinfo=dt.UTC),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        **changes,
    )


@pytest.mark.parametrize("text", [TEXT, "", " ", "\n\nA b.\n", "One.Two? Three"])
def test_sentences_and_offsets_are_those_of_the_text(nlp, text):
    (doc,) = annotate_texts([text], nlp)
    assert len(doc.text) == len(text)
    found = [trim_span(one) for one in doc.sents if one.text.strip()]
    assert found == split_sentences(text)


def test_long_texts_are_cut_at_a_sentence(nlp):
    text = "The talks go on. " * (MAX_CHARACTERS // 17 + 10)
    assert MAX_CHARACTERS - 20 < len(make_doc(text, nlp).text) <= MAX_CHARACTERS


@pytest.mark.parametrize("text", ["&" * 50_000, "a/" * 25_000, "😀" * 50_000, "“" * 50_000])
def test_a_run_of_signs_without_end_stays_whole(nlp, text):
    # Taken apart sign by sign, each of these would take minutes.
    assert [token.text for token in make_doc(f"Ships met {text} at sea.", nlp)][3:] == ["at", "sea", "."]


@pytest.mark.parametrize("text", ["and " * 25_000, "ab\n" * 30_000, "A. " * 30_000])
def test_work_does_not_grow_with_the_square_of_a_text(nlp, text):
    assert len(make_doc(text, nlp).text) == len(text[:MAX_CHARACTERS])


@pytest.mark.parametrize(("language", "english"), [("en", True), ("en-GB", True), (None, True), ("de", False)])
def test_is_english(language, english):
    assert stage.is_english(make_article(language=language)) is english


def test_articles_without_events_pass_without_a_parse(nlp):
    articles = [make_article(), make_article(language="de"), make_article(fresh=())]
    assert [one.doc is None for one in stage.annotate_articles(articles, nlp)] == [False, True, True]


def test_one_bad_text_does_not_take_the_batch_with_it(nlp, monkeypatch):
    def fail_on_bad(texts, nlp):
        for text in texts:
            if "bad" in text:
                raise AnnotateError("broken")
            yield nlp.make_doc(text)

    monkeypatch.setattr(stage, "annotate_texts", fail_on_bad)
    good, bad = stage.annotate_articles([make_article("A good text."), make_article("A bad text.")], nlp)
    assert good.doc.text == "A good text."
    assert isinstance(bad, Failure)
    assert (bad.stage, bad.reason, bad.url) == ("annotate", "annotate-failed", "https://example.org/1")


def test_stage():
    class Collect(beam.PTransform):
        def expand(self, failures):
            return failures | beam.Map(lambda failure: failure)

    pipeline = _TestPipeline()
    with ErrorHandler(Collect()) as errors:
        annotated = (
            pipeline
            | beam.Create([make_article(), make_article(language="fr"), make_article(fresh=())])
            | stage.AnnotateArticles(errors)
        )
    lengths = annotated | beam.Map(lambda one: 0 if one.doc is None else len(one.doc.text))
    assert_that(lengths, equal_to([len(TEXT), 0, 0]))
    result = pipeline.run()
    counts = {
        one.key.metric.name: one.committed
        for one in result.metrics().query(MetricsFilter().with_namespace(stage.NAMESPACE))["counters"]
    }
    assert counts == {"parsed": 1, "unchanged": 1, "language-without-events": 1}


def test_pickles():
    assert pickle.loads(pickle.dumps(stage._Loader("x"))) == stage._Loader("x")  # noqa: S301
