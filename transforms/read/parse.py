"""The reading stage: sources -> documents -> raw articles."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from schemas.source import Document, RawArticle, Source
from transforms.read.cage import Cage, CageConfig
from transforms.read.documents import parse_document
from transforms.read.feed import FEED_CAGE
from transforms.read.files import read_file

_FAILURES = "failures"


@dataclasses.dataclass
class ReadFiles(beam.PTransform):
    """Reads the sources of kind `file`; those that can't be read go to `errors`."""

    errors: ErrorHandler

    def expand(self, sources: PCollection[Source]) -> PCollection[Document]:
        """Adds the steps."""
        documents, failures = (
            sources
            # Spread the small sources over the workers; what is read from them is never shuffled.
            | "Spread" >> beam.Reshuffle()
            | "Read" >> beam.ParDo(_ReadFileFn()).with_output_types(Document).with_outputs(_FAILURES, main="documents")
        )
        self.errors.add_error_pcollection(failures)
        return documents


@dataclasses.dataclass
class ParseDocuments(beam.PTransform):
    """Parses documents of every kind; what gives no article goes to `errors`.

    Attributes:
        cage: bounds of the process that feeds, pages and captures are parsed in.
    """

    errors: ErrorHandler
    cage: CageConfig = FEED_CAGE

    def expand(self, documents: PCollection[Document]) -> PCollection[RawArticle]:
        """Adds the steps."""
        parse = beam.ParDo(_ParseDocumentFn(self.cage)).with_output_types(RawArticle)
        articles, failures = documents | "Parse" >> parse.with_outputs(_FAILURES, main="articles")
        self.errors.add_error_pcollection(failures)
        return articles


class _ReadFileFn(beam.DoFn):
    def process(self, source: Source) -> Iterator[Any]:
        read = read_file(source)
        yield read if isinstance(read, Document) else TaggedOutput(_FAILURES, read)


class _ParseDocumentFn(beam.DoFn):
    def __init__(self, config: CageConfig) -> None:
        self._cage = Cage(config)

    def process(self, document: Document) -> Iterator[Any]:
        for parsed in parse_document(document, self._cage):
            yield parsed if isinstance(parsed, RawArticle) else TaggedOutput(_FAILURES, parsed)

    def teardown(self) -> None:
        self._cage.close()
