"""Forms of people's names that the model cuts: given names of two syllables, names in front, nicknames, `Jr.` behind a comma."""

from spacy.tokens import Doc, Token

from transforms.annotate.model import is_two_syllables
from transforms.events.name_lists import find_country, find_demonym, find_seat, is_given_name, titles, word_set
from transforms.events.referents import ORG_WORDS, SUFFIXES, NameSpan, fold_title

_QUOTES = frozenset({'"', "“", "”", "'", "‘", "’"})


def complete_forms(doc: Doc, words: list[str], spans: list[NameSpan]) -> list[NameSpan]:
    """Completes people's names; returns all names in text order, disjoint."""
    spans = _with_syllables(doc, words, spans)
    spans = _with_given(doc, spans)
    spans = _with_nickname(doc, words, spans)
    spans = _with_suffix(doc, words, spans)
    return sorted(spans, key=lambda span: span.start)


def is_name_word(token: Token) -> bool:
    """Whether a word can stand in a person's name: a capital, no title, no role, no country."""
    return (
        token.text[0].isupper()
        and token.tag_ in ("NNP", "NNPS")
        and fold_title(token) not in titles()
        and token.lower_ not in word_set("people")
        and not find_country(token.text)
        and not find_demonym(token.text)
        and not ORG_WORDS.fullmatch(token.text)
    )


def _person(doc: Doc, start: int, end: int, spans: list[NameSpan]) -> list[NameSpan]:
    """The names with that person among them, in place of what lies within."""
    kept = [span for span in spans if span.end <= start or end <= span.start]
    return [*kept, NameSpan(start, end, "person", doc[start:end].text)]


def _with_syllables(doc: Doc, words: list[str], spans: list[NameSpan]) -> list[NameSpan]:
    """`Moon Jae-in`: the family name and the given name behind it, whatever the model made of the two."""
    for i, word in enumerate(words):
        if "-" not in word or not is_two_syllables(word) or not i or not is_name_word(doc[i - 1]):
            continue
        whole = [span for span in spans if span.start < i < span.end and span.kind == "person"]
        start = min([i - 1, *(span.start for span in whole)])
        spans = _person(doc, start, i + 1, spans)
    return spans


def _with_given(doc: Doc, spans: list[NameSpan]) -> list[NameSpan]:
    """`Luiz [Inácio Lula da Silva]`, `[Ararat] [Mirzoyan]`: a first name that the model leaves out or takes for a body."""
    by_end = {span.end: span for span in spans}
    inside = {i for span in spans for i in range(span.start, span.end)}
    for span in list(spans):
        at = span.start - 1
        if at < 0 or span not in spans or not is_name_word(doc[at]) or doc[at].dep_ != "compound":
            continue
        one = span.end - span.start == 1
        alone = by_end.get(span.start)
        unknown = one and span.kind == "group" and not find_demonym(span.text) and span.text[-1] != "s"
        if unknown and alone is not None and alone.start == at and not find_seat(alone.text):
            spans = _person(doc, at, span.end, spans)
        elif at not in inside and span.kind == "person" and at in by_end and _is_of_place(doc, by_end[at]):
            spans = _person(doc, at, span.end, spans)  # `Minister of Trade of Jordan Ayman Al Nasser`
        elif at not in inside and is_given_name(doc[at].text):
            hyphened = span.kind == "organisation" and "-" in span.text
            if (span.kind == "person" and not one) or (hyphened and not span.text.isupper()):
                spans = _person(doc, at, span.end, spans)
    return spans


def _is_of_place(doc: Doc, span: NameSpan) -> bool:
    before = doc[span.start - 1].lower_ if span.start else ""
    return span.kind == "country" and before == "of"


def _with_nickname(doc: Doc, words: list[str], spans: list[NameSpan]) -> list[NameSpan]:
    """`Ann "Annie" Ode`: one name around a nickname in quotation marks."""
    for i in range(1, len(words) - 3):
        if words[i] not in _QUOTES or not words[i + 1][0].isupper() or not is_name_word(doc[i - 1]):
            continue
        close = next((at for at in (i + 2, i + 3) if at < len(words) - 1 and words[at] in _QUOTES), None)
        if close is None or not (words[close + 1][0].isupper() or words[close + 1] in word_set("particles")):
            continue
        before = next((span for span in spans if span.end == i and span.kind == "person"), None)
        behind = next((span for span in spans if span.start <= close + 1 < span.end), None)
        if before is None and not is_given_name(words[i - 1]):
            continue
        end = _family_end(doc, close + 1) if behind is None else behind.end
        if end is not None and (behind is None or behind.kind in ("person", "organisation")):
            spans = _person(doc, before.start if before else i - 1, end, spans)
    return spans


def _family_end(doc: Doc, start: int) -> int | None:
    at = start
    while at < len(doc) and doc[at].lower_ in word_set("particles"):
        at += 1
    return at + 1 if at < len(doc) and is_name_word(doc[at]) else None


def _with_suffix(doc: Doc, words: list[str], spans: list[NameSpan]) -> list[NameSpan]:
    """`[Ann Ode] III`, `[Ann Ode], [Jr.]`: with what the model leaves out or takes for another name."""
    for span in list(spans):
        at = span.end + (span.end < len(words) and words[span.end] == ",")
        known = span.kind == "person" and span.end - span.start > 1 and at < len(words) and words[at][0].isupper()
        if known and words[at].lower().strip(".") in SUFFIXES:
            spans = _person(doc, span.start, at + 1, spans)
    return spans
