"""Repairs of names that the model cuts in the wrong place: offices before a name, party tags behind it, words left out."""

from collections.abc import Iterable

from spacy.tokens import Doc, Token

from transforms.events.name_forms import complete_forms
from transforms.events.name_lists import find_country, find_demonym, find_seat, is_given_name, titles, word_set
from transforms.events.name_particles import join_particles
from transforms.events.referents import ORG_WORDS, NameSpan, fold_title

_OFFICE_PREPOSITIONS = frozenset({"of", "to", "for", "in", "at", "with"})
_INSIDE_OFFICE = frozenset({"of", "the", "and", "&", "'s", "’s", "-", "for", "to", "staff", "state"})
_LONGEST_OFFICE = 16


def repair_names(doc: Doc, spans: list[NameSpan]) -> list[NameSpan]:
    """Repairs the names found so far; returns them in text order, disjoint."""
    words = [token.text for token in doc]  # spaCy makes a token anew each time it is asked for one
    spans = _without(spans, _tagged(words))
    spans = _abbreviated(doc, words, [span for span in spans if not _is_title_alone(doc, span)])
    spans = [part for span in spans for part in _split_office(doc, span)]
    spans += _behind_places(doc, spans)
    _add_given(doc, spans)
    _add_last(doc, spans)
    spans = complete_forms(doc, words, spans)
    return join_particles(doc, [word.lower() for word in words], spans)


def _span(doc: Doc, start: int, end: int, kind: str) -> NameSpan:
    return NameSpan(start, end, kind, doc[start:end].text)


def _without(spans: Iterable[NameSpan], ranges: list[tuple[int, int]]) -> list[NameSpan]:
    return [span for span in spans if not any(start <= span.start < end for start, end in ranges)]


def _tagged(words: list[str]) -> list[tuple[int, int]]:
    """The party and seat behind a politician's name: `(D-Vt.)`, `(Lab, Leeds East)`; no names."""
    found = []
    for i, word in enumerate(words[:-2]):
        if word != "(" or not i or not words[i - 1][0].isupper():
            continue
        tag, stroke, _ = words[i + 1].replace("–", "-").partition("-")
        marked = bool(stroke) or words[i + 2] in (",", "-", "–", ")", "/")
        end = next((at for at in range(i + 1, min(len(words), i + 9)) if words[at] == ")"), None)
        if end is not None and marked and tag.rstrip(".") in word_set("party_tags"):
            found.append((i + 1, end))
    return found


def _is_title_alone(doc: Doc, span: NameSpan) -> bool:
    """`Emir` in `Emir of Qatar`, `Prince` in `Crown Prince`, which the model takes for a name."""
    if span.end - span.start > 1 or span.kind != "person" or span.end >= len(doc):
        return False
    before = fold_title(doc[span.start - 1]) if span.start else ""
    office = before in ("crown", "prime", "vice") and doc[span.end].pos_ != "PROPN"  # `the Crown Prince`
    return fold_title(doc[span.start]) in titles() and (doc[span.end].lower_ == "of" or office)


def _abbreviated(doc: Doc, words: list[str], spans: list[NameSpan]) -> list[NameSpan]:
    """`Smt. Ann Ode`: the name behind a title whose full stop the tokenizer cuts off; the title is none."""
    stops = [i for i, word in enumerate(words[:-1]) if i and word == "." and words[i - 1].lower() in titles()]
    for stop in stops:
        if not words[stop - 1][0].isupper():
            continue
        start = end = stop + 1
        while end < len(doc) and end - start < 4 and _goes_on(doc[end], end > start):
            end += 1
        if end == start or doc[start].is_sent_start:
            continue
        if fold_title(doc[start]) not in titles():
            kept = [span for span in spans if not stop - 1 <= span.start < end]
            longer = [span for span in spans if span.start == start and span.end > end]
            spans = [*kept, *(longer or [_span(doc, start, end, "person")])]
        else:
            spans = [span for span in spans if span.start != stop - 1]
    return spans


def _goes_on(token: Token, behind: bool) -> bool:
    return token.pos_ == "PROPN" and token.is_alpha and token.text[0].isupper() and not (behind and token.is_sent_start)


def _behind_places(doc: Doc, spans: list[NameSpan]) -> list[NameSpan]:
    """`ambassador to Turkey Ann Ode`, where the model sees no name: the capital words behind the place of an office."""
    inside = {i for span in spans for i in range(span.start, span.end)}
    found = []
    for place in spans:
        if place.kind == "person" or not (find_country(place.text) or find_seat(place.text)):
            continue
        end = place.end
        while end < len(doc) and end - place.end < 4 and end not in inside and _goes_on(doc[end], True):
            end += 1
        if end - place.end < 2 or not _follows_role(doc, place.start):
            continue
        if not ORG_WORDS.fullmatch(doc[end - 1].text) and not any(_is_role(one) for one in doc[place.end : end]):
            found.append(_span(doc, place.end, end, "person"))
    return found


def _add_given(doc: Doc, spans: list[NameSpan]) -> None:
    """Gives, in place, a family name the given name before it that the model leaves out: `Imran Khan`."""
    inside = {i: span for span in spans for i in range(span.start, span.end)}
    for span in spans:
        at = span.start - 1
        if span.kind != "person" or span.end - span.start > 1 or at < 0 or at in inside:
            continue
        before = doc[at]
        if before.tag_ != "NNP" or not before.is_alpha or _is_role(before) or before.ent_type_ == "DATE":
            continue
        place = inside.get(at - 1)  # `Mayor of London Sadiq Khan`
        given = is_given_name(before.text) or (place is not None and _follows_role(doc, place.start))
        if given and not doc[span.start].is_sent_start:
            span.start, span.text = at, f"{before.text} {span.text}"


def _add_last(doc: Doc, spans: list[NameSpan]) -> None:
    """Gives, in place, a name behind a title the last word that the model leaves out: `President Moon Jae Hyun`."""
    inside = {i for span in spans for i in range(span.start, span.end)}
    others = {word for span in spans for word in span.text.split()}
    for span in spans:
        if span.kind != "person" or span.end in inside or not 0 < span.start < span.end < len(doc):
            continue
        last = doc[span.end]
        if fold_title(doc[span.start - 1]) not in titles() or " " not in span.text or not _goes_on(last, True):
            continue
        one = (
            last.tag_ == "NNP" and not last.ent_type_ and doc[span.end - 1].head.i == last.i and last.text not in others
        )
        if one and not ORG_WORDS.fullmatch(last.text) and not _is_role(last):
            span.end, span.text = span.end + 1, f"{span.text} {last.text}"


def _split_office(doc: Doc, span: NameSpan) -> list[NameSpan]:
    """`Nepal PM Ann Ode`, or `Moscow Ann Ode` behind `ambassador to`: the country and the person, apart."""
    words = list(doc[span.start : span.end])
    if (span.kind == "person" and len(words) < 3) or ORG_WORDS.fullmatch(words[-1].text):
        return [span]
    at = _office_end(words)
    if at is None and _follows_role(doc, span.start):
        at = _place_end(words) or _given_at(words)
    if at is None:
        return [span]
    person = _span(doc, span.start + at, span.end, "person")
    return [*_place_of(doc, span.start, span.start + at), *([person] if at < len(words) else [])]


def _office_end(words: list[Token]) -> int | None:
    """How many words a country and an office take at the start of a name, where a name follows."""
    short = next(
        (i for i, word in enumerate(words[:3]) if word.text.endswith(".") and fold_title(word) in titles()), None
    )
    if short is not None and len(words) - short > 2 and words[0].lower_ in ("rear", "vice", "air", words[short].lower_):
        return short + 1  # `Rear Adm. Ann Ode`
    for i in (1, 2):  # `Delhi CM Ann Ode`
        short = len(words) > i + 2 and words[i].text.isupper() and words[i].lower_ in word_set("offices")
        if short and words[i - 1].text.istitle() and words[i + 1].text.istitle():
            return i + 1
    for i in range(1, min(len(words), 5)):
        nation = " ".join(word.text for word in words[:i])
        if not (find_country(nation) or find_demonym(nation)):
            continue
        end = i
        while end < len(words) and fold_title(words[end]) in titles():
            end += 1
        if end > i and any(word.lower_ in word_set("offices") for word in words[i:end]):
            return end
    return None


def _place_end(words: list[Token]) -> int | None:
    """How many words a country, a seat or a body takes before a person's two or three."""
    behind = words[-1].i + 1
    last = words[0].doc[behind] if behind < len(words[0].doc) else None
    cut = last is not None and last.ent_type_ == "PERSON"  # `[London Sadiq] [Khan]`
    for end in range(len(words) - 1 if cut else len(words) - 2, 0, -1):
        text = " ".join(word.text for word in words[:end])
        if find_country(text) or find_seat(text) or text in ("United Nations", "UN", "EU", "European Union", "NATO"):
            return end
    return None


def _given_at(words: list[Token]) -> int | None:
    return next((i for i in range(1, len(words) - 1) if is_given_name(words[i].text)), None)


def _place_of(doc: Doc, start: int, end: int) -> list[NameSpan]:
    """The country or body that an office names first."""
    for stop in range(end, start, -1):
        text = doc[start:stop].text
        if find_country(text) or find_seat(text):
            return [_span(doc, start, stop, "country")]
        if find_demonym(text):
            return [_span(doc, start, stop, "group")]
    return [_span(doc, start, end, "organisation")] if doc[start:end].text == "United Nations" else []


def _is_role(token: Token) -> bool:
    return token.lower_ in word_set("people") or fold_title(token) in titles() or token.lower_ == "representative"


def _follows_role(doc: Doc, start: int) -> bool:
    """Whether an office opens before: `ambassador to`, `director of the`, `Minister of Foreign Affairs of`."""
    at = start - 1
    if at > 0 and doc[at].lower_ == "the":
        at -= 1
    if at < 1 or doc[at].lower_ not in _OFFICE_PREPOSITIONS:
        return False
    for i in range(at - 1, max(-1, at - _LONGEST_OFFICE), -1):
        word = doc[i]
        if _is_role(word):
            return doc[i + 1].lower_ in _OFFICE_PREPOSITIONS
        if not word.text[0].isupper() and word.lower_ not in _INSIDE_OFFICE:
            return False
    return False


def find_apposed_holder(head: Token, starts: dict[int, int]) -> int | None:
    """Finds the person named between commas behind an office and its place: `the envoy to Peru, Ann Ode, said`.

    Args:
        head: the noun of the office.
        starts: first token -> last token of each person's name.

    Returns:
        Index of the last token of the name; None where no name is set off so.
    """
    doc, at = head.doc, head.i + 1
    if at >= len(doc) or doc[at].lower_ not in _OFFICE_PREPOSITIONS or head.tag_ not in ("NN", "NNP"):
        return None
    if not _is_role(head) or not any(c.dep_ in ("det", "poss") and c.lower_ not in ("a", "an") for c in head.lefts):
        return None
    last = min(len(doc) - 2, head.i + _LONGEST_OFFICE)
    while at < last and (doc[at].pos_ in ("NOUN", "PROPN", "ADJ", "ADP", "DET", "PART") or doc[at].lower_ == "and"):
        at += 1
    first = at + 1
    while first < last and fold_title(doc[first]) in titles():
        first += 1
    if doc[at].text != "," or first not in starts or doc[starts[first] + 1 : starts[first] + 2].text != ",":
        return None
    return starts[first]


def find_office_holder(head: Token, starts: dict[int, int]) -> int | None:
    """Finds the person whose office a noun opens: `Director of National Intelligence Ann Ode`.

    Args:
        head: the noun.
        starts: first token -> last token of each person's name.

    Returns:
        Index of the last token of the name; None where no name follows the office at once.
    """
    doc = head.doc
    first = head.i + 1
    if not _is_role(head) or first + 2 >= len(doc) or doc[first].lower_ not in _OFFICE_PREPOSITIONS:
        return None
    for at in range(first + 1, min(len(doc), first + _LONGEST_OFFICE)):
        if at in starts:
            end = at - 1
            while end > first and fold_title(doc[end]) in titles():  # `Chief of Army Staff General Ann Ode`
                end -= 1
            open_ = end == first or doc[end].lower_ in _INSIDE_OFFICE - {"staff", "state"}
            return None if open_ or (_is_role(doc[end]) and doc[end].lower_ != "staff") else starts[at]
        if not doc[at].text[0].isupper() and doc[at].lower_ not in _INSIDE_OFFICE:
            return None
    return None
