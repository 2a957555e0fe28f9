"""Articles are parsed: the stage between near-duplicates and events."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler
from apache_beam.utils.shared import Shared
from spacy.language import Language
from spacy.tokens import Doc

from schemas.article import Article
from schemas.quarantine import Failure
from transforms.annotate.default import DEFAULT_MODEL
from transforms.annotate.model import AnnotateError, annotate_texts, load_model

FAILED: Literal["failed"] = "failed"
NAMESPACE = "newsmill.annotate"


@dataclasses.dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article and its parse.

    Attributes:
        doc: None where no events are read: another language, or nothing that an earlier version does not have.
    """

    article: Article
    doc: Doc | None


def is_english(article: Article) -> bool:
    """Whether events are read in the article; one whose language is unknown is taken for English."""
    language = article.body.language
    return language is None or language.replace("_", "-").split("-")[0].lower() in ("en", "eng")


def annotate_articles(articles: Sequence[Article], nlp: Language) -> Iterator[AnnotatedArticle | Failure]:
    """Parses a batch; an article that the model fails on gives a Failure, the others go through."""
    chosen = [one for one in articles if is_english(one) and one.fresh != ()]
    try:
        docs: list[Doc | AnnotateError] = list(annotate_texts((one.body.text for one in chosen), nlp))
    except AnnotateError:
        docs = [_annotate_alone(one.body.text, nlp) for one in chosen]
    by_id = {id(article): doc for article, doc in zip(chosen, docs, strict=True)}
    for article in articles:
        doc = by_id.get(id(article))
        if isinstance(doc, AnnotateError):
            body = article.body
            yield Failure(
                stage="annotate",
                reason=doc.reason,
                source_uri=body.source_uri,
                detail=str(doc)[:2000],
                url=body.url,
                payload_sha256=article.text_sha256,
                outlet=body.outlet,
            )
        else:
            yield AnnotatedArticle(article, doc)


def _annotate_alone(text: str, nlp: Language) -> Doc | AnnotateError:
    try:
        return next(annotate_texts((text,), nlp))
    except AnnotateError as error:
        return error


class AnnotateFn(beam.DoFn):
    """Parses batches with one model a process."""

    def __init__(self, loader: Callable[[], Language]) -> None:
        self._loader = loader
        self._shared = Shared()

    def setup(self) -> None:
        """Acquires the process's model, loading it on first use."""
        self._nlp = self._shared.acquire(self._loader)
        self._counts = {
            name: Metrics.counter(NAMESPACE, name)
            for name in ("parsed", "failed", "unchanged", "language-without-events")
        }

    def process(self, batch: list[Article]) -> Iterable[AnnotatedArticle | TaggedOutput[Literal["failed"], Failure]]:
        """Yields annotated articles; failures go to the tag FAILED."""
        for result in annotate_articles(batch, self._nlp):
            if isinstance(result, Failure):
                self._counts["failed"].inc()
                yield TaggedOutput(FAILED, result)
                continue
            if result.doc is not None:
                self._counts["parsed"].inc()
            elif is_english(result.article):
                self._counts["unchanged"].inc()
            else:
                self._counts["language-without-events"].inc()
            yield result


@dataclasses.dataclass(frozen=True)
class _Loader:
    name: str

    def __call__(self) -> Language:
        return load_model(self.name)


@dataclasses.dataclass
class AnnotateArticles(beam.PTransform):
    """Parses articles in batches; texts that the model fails on go to errors.

    Attributes:
        errors: the run's error handler. model: name of an installed spaCy pipeline.
    """

    errors: ErrorHandler
    model: str = DEFAULT_MODEL

    def expand(self, articles: PCollection[Article]) -> PCollection[AnnotatedArticle]:
        """Batches, parses, parts failures from articles."""
        results = (
            articles
            | "Batch" >> beam.BatchElements(min_batch_size=8, max_batch_size=32)
            | "Parse" >> beam.ParDo(AnnotateFn(_Loader(self.model))).with_outputs(FAILED, main="annotated")
        )
        self.errors.add_error_pcollection(results[FAILED])
        return results["annotated"]
