"""One parsed article in, its events out: what the kinds share is built once, their mentions become records."""

import dataclasses
import datetime as dt
import functools
import hashlib
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata

from spacy.tokens import Doc, Span

from schemas.article import Article
from schemas.event import Event
from transforms.events import meeting, statement, trade_figure, withdrawal
from transforms.events.actor_facts import note_kinds, settle_actor
from transforms.events.attribution import attribute_mentions
from transforms.events.codes import find_codes
from transforms.events.confidence import confidence_of
from transforms.events.context import Context, Mention
from transforms.events.locations import locate_place
from transforms.events.names import build_names
from transforms.events.quotes import find_quotes
from transforms.events.time_expressions import Times
from transforms.events.time_links import is_of_past_verb
from transforms.events.time_outlook import is_decision, is_nearer_ahead
from transforms.events.verbatim import quote_cue, quote_mention, quote_place, quote_time

Finder = Callable[[Span, Context], list[Mention]]
Dropper = Callable[[Sequence[Mention]], list[Mention]]
# Statements first: what stands inside them is attributed to their speakers.
FINDERS: tuple[Finder, ...] = (statement.find, meeting.find, withdrawal.find, trade_figure.find)
DROPPERS: dict[str, Dropper] = {
    "statement": statement.drop_repeats,
    "meeting": meeting.drop_repeats,
    "withdrawal": withdrawal.drop_repeats,
    "trade_figure": trade_figure.drop_repeats,
}


def extract_events(article: Article, doc: Doc) -> list[Event]:
    """Reads the events of an article in the order of their triggers.

    Args:
        article: only sentences in `article.fresh` give events where that is set; the others still lend them context.
        doc: parse of a reading copy of `article.body.text`, with the same offsets.
    """
    context = build_context(article.body.text, doc, publication_day(article))
    mentions = find_mentions(context)
    if article.fresh is not None:
        mentions = [m for m in mentions if _is_fresh(m.evidence, article.fresh)]
    seen: Counter[tuple[str, int, int]] = Counter()
    events = []
    for mention in mentions:
        key = (mention.kind, *mention.trigger)
        events.append(_make_event(article, mention, context, seen[key]))
        seen[key] += 1
    return events


def publication_day(article: Article) -> dt.date | None:
    """The day of publication in the outlet's own zone; None where no date can be trusted."""
    body = article.body
    published = body.published
    if not published.trusted or published.at is None:
        return None
    if published.precision == "day":
        return published.at.date()
    if published.utc_offset is not None:
        return (published.at + dt.timedelta(minutes=published.utc_offset)).date()
    if body.timezone is not None:
        return published.at.astimezone(zoneinfo.ZoneInfo(body.timezone)).date()
    return published.at.date()


def build_context(text: str, doc: Doc, day: dt.date | None) -> Context:
    """Builds what the kinds share: quotations, names, times."""
    quotes = find_quotes(text)
    return Context(text, doc, day, build_names(doc, quotes), quotes, Times(doc, day))


def find_mentions(context: Context) -> list[Mention]:
    """Finds all kinds in all sentences; repeats are dropped, what is inside a statement is attributed to its speaker."""
    found: list[Mention] = []
    for sentence in context.doc.sents:
        for find in FINDERS:
            found.extend(find(sentence, context))
    kept = [m for m in found if m.kind not in DROPPERS]
    for kind, drop_repeats in DROPPERS.items():
        kept.extend(drop_repeats([m for m in found if m.kind == kind]))
    kept = [_turn_ahead(m, context) for m in attribute_mentions(kept, found)]
    return sorted(kept, key=lambda m: (m.trigger, m.kind))


def _turn_ahead(mention: Mention, context: Context) -> Mention:
    """A planned event on `Friday` is on the next Friday, whatever the tense of its clause."""
    time = mention.time
    if mention.modality != "planned" or time is None or context.day is None or time.last >= context.day:
        return mention
    for expression in context.times.in_span(*mention.evidence):
        if expression.ahead and (context.day - time.last).days < 90 and (expression.ahead[0] - context.day).days > 180:
            continue  # `the forum planned for early April`, told at its end, was this year's
        if expression.ahead and (expression.first, expression.last) == (time.first, time.last):
            if is_of_past_verb(context.doc, expression, mention.trigger[0]):
                continue  # `signed it on Monday to leave`: when it was signed
            if is_decision(mention.modality_cue) and not is_nearer_ahead(expression, context.day):
                continue
            return dataclasses.replace(mention, time=expression.event_time(future=True))
    return mention


def _is_fresh(evidence: tuple[int, int], fresh: Iterable[tuple[int, int]]) -> bool:
    """Whether most of a sentence lies in the fresh ranges: their edges need not be those of sentences."""
    start, end = evidence
    inside = sum(max(0, min(end, b) - max(start, a)) for a, b in fresh)
    return 2 * inside > end - start


@functools.cache
def extractor_version() -> str:
    """The installed version of newsmill."""
    return metadata.version("newsmill")


def event_id(article: Article, mention: Mention, nth: int) -> str:
    """Id of an event: its article version, kind, sentence, trigger, and which of several on that trigger it is."""
    parts = (article.article_id, article.version, mention.kind, *mention.evidence, *mention.trigger, nth)
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=10).hexdigest()


def _make_event(article: Article, mention: Mention, context: Context, nth: int) -> Event:
    body, (start, end) = article.body, mention.evidence
    published = body.published
    dated = published.at if published.trusted and published.at else article.first_seen_at
    codes = find_codes(mention, context.text[slice(*mention.trigger)])
    place = quote_place(mention, context)
    kinds = note_kinds(context)
    return Event(
        event_id=event_id(article, mention, nth),
        kind=mention.kind,
        article_id=article.article_id,
        article_version=article.version,
        story_id=article.story_id or article.article_id,
        outlet=body.outlet,
        url=body.url,
        title=body.title,
        language=body.language,
        published_at=published.at,
        partition_day=dated.astimezone(dt.UTC).date(),
        first_seen_at=article.first_seen_at,
        trigger=context.text[slice(*mention.trigger)],
        evidence=context.text[start:end],
        evidence_start=start,
        evidence_end=end,
        modality=mention.modality,
        detail=mention.detail,
        confidence=confidence_of(mention, context),
        extractor=f"newsmill {extractor_version()} {mention.rule}",
        modality_cue=quote_cue(mention, context),
        attributed_to=mention.attributed_to,
        time=quote_time(mention, context),
        place=locate_place(place, context.text[start:end]) if place is not None else None,
        actors=tuple(
            settle_actor(quote_mention(actor, mention, context), context.text, kinds) for actor in mention.actors
        ),
        cameo_code=codes.cameo,
        plover_type=codes.plover_type,
        plover_mode=codes.plover_mode,
    )
