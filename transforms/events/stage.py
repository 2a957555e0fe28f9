"""Parsed articles become events: the stage between annotation and the store."""

import dataclasses

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection

from schemas.event import KINDS, Event
from transforms.annotate.stage import AnnotatedArticle
from transforms.events.extract import extract_events

NAMESPACE = "newsmill.events"


@dataclasses.dataclass
class ExtractEvents(beam.PTransform):
    """Extracts the events of every parsed article; one without a parse gives none."""

    def expand(self, articles: PCollection[AnnotatedArticle]) -> PCollection[Event]:
        """One element an event."""
        return articles | "Extract" >> beam.FlatMap(extract_annotated).with_output_types(Event)


def extract_annotated(annotated: AnnotatedArticle) -> list[Event]:
    """Extracts the events of one article and counts them by kind."""
    if annotated.doc is None:
        return []
    events = extract_events(annotated.article, annotated.doc)
    for kind in KINDS:
        Metrics.counter(NAMESPACE, kind).inc(sum(event.kind == kind for event in events))
    return events
