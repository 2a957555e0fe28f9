"""Parses invented sentences for the tests of event rules; one model a process."""

import datetime as dt
import functools

from transforms.annotate.model import annotate_texts, load_model
from transforms.events.context import Context
from transforms.events.names import build_names
from transforms.events.quotes import find_quotes
from transforms.events.time_expressions import Times

DAY = dt.date(2024, 5, 8)  # a Wednesday


@functools.cache
def nlp():
    return load_model()


@functools.lru_cache(maxsize=256)
def read(text: str, day: dt.date | None = DAY) -> Context:
    (doc,) = annotate_texts([text], nlp())
    quotes = find_quotes(text)
    return Context(text, doc, day, build_names(doc, quotes), quotes, Times(doc, day))


def find_all(module, text: str, day: dt.date | None = DAY):
    context = read(text, day)
    mentions = [mention for sentence in context.doc.sents for mention in module.find(sentence, context)]
    return module.drop_repeats(mentions)


def names_of(mention, role: str) -> list[str]:
    return [actor.name for actor in mention.actors if actor.role == role]


def trigger_of(mention, text: str) -> str:
    start, end = mention.trigger
    return text[start:end]
