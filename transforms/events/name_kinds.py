"""What kind of party a proper name is: the model's label, corrected by titles, descriptions and other mentions."""

from collections import Counter

from spacy.tokens import Doc, Token

from transforms.events.gazetteer import UNKNOWN, geocode
from transforms.events.name_lists import find_country, find_demonym, find_seat, is_given_name, titles, word_set
from transforms.events.parties import CALENDAR
from transforms.events.referents import ORG_WORDS, PLACE_WORDS, NameSpan, fold_title, is_short_form, surname

_SPEECH = frozenset(
    {"say", "tell", "add", "note", "argue", "explain", "write", "testify", "reply", "tweet", "recall", "warn", "meet"}
)
_PLATFORMS = frozenset({"Instagram", "Twitter", "Facebook", "YouTube", "TikTok", "Photo", "Video", "Getty", "Image"})
_CREDITS = frozenset({"getty", "reuters", "ap", "afp", "epa"})
_CONNECTORS = frozenset({"of", "the", "and", "for", "&", "-", "'s"})


def trim_names(doc: Doc, spans: list[NameSpan]) -> None:
    """Drops, in place, what is no part of a person's name: a word before the given name, a caption run into it, shouting."""
    known = {
        span.text
        for span in spans
        if span.kind == "person"
        and len(span.text.split()) in (2, 3)
        and span.text.split()[0].lower() not in word_set("particles")
    }
    spelt = {span.text.casefold(): span.text for span in spans if span.kind == "person" and not span.text.isupper()}
    for span in spans:
        words = [token.text for token in doc[span.start : span.end]]
        tail = len(words) >= 4 and " ".join(words[-2:]) in known and is_given_name(words[-2])
        if span.kind != "person" and not tail:
            continue
        start = span.start
        dated = (
            words[0].lower() in CALENDAR
            and start > 0
            and doc[start - 1].lower_ in ("in", "last", "since", "on", "this")
        )
        if len(words) > 1 and dated:
            start = span.start + 1  # `In August Ode left`
        elif len(words) > 2 and words[0].isupper() and words[0].lower() == words[-1].lower():
            start = span.start + 1  # `TRUMP Donald Trump`
        elif tail:
            start, span.kind = span.end - 2, "person"
        elif len(words) > 2 and words[0].isupper() and words[0].isalpha() and len(words[0]) > 2 and words[1].istitle():
            start = span.start + 1  # `NSA Ann Ode`
        elif len(words) > 2 and (words[0] in _PLATFORMS or _is_role(words[0]) or _leads(words)) and words[1] != "-":
            start = span.start + 1  # `Novelist Ann Ode`
        elif (
            len(words) > 2
            and " ".join(words[1:]) in known
            and not is_given_name(words[0])
            and not set(words) & word_set("particles")
        ):
            start = span.start + 1  # `Crooked Ann Ode`
        elif len(words) == 4 and {" ".join(words[:2]), " ".join(words[2:])} & known and is_given_name(words[2]):
            start = span.end - 2  # `Bo Ibe Ann Ode`, of a caption
        if len(words) > 1 and words[-1].lower() in _CREDITS and span.kind == "person":
            span.end -= 1  # `Melania GETTY`, of a caption
            span.text = doc[span.start : span.end].text
        text = span.text if start == span.start else doc[start : span.end].text
        if text.isupper():
            text = spelt.get(text.casefold(), text)
        elif any(word.isupper() and len(word) > 3 for word in text.split()):
            text = " ".join(word.title() if word.isupper() and len(word) > 3 else word for word in text.split())
        span.start, span.text = start, text


def _leads(words: list[str]) -> bool:
    """`Ukraine` in `envoy to Ukraine Kurt Volker`: a country before a given name."""
    return bool(find_country(words[0]) or find_demonym(words[0])) and is_given_name(words[1])


def _is_role(word: str) -> bool:
    return word.lower() in word_set("people") and not is_given_name(word)


def correct_kinds(doc: Doc, spans: list[NameSpan]) -> None:
    """Corrects the kinds of names in place.

    A description decides (`airline X`, `X, a professor`), then the other mentions: a name that ends in a person's family
    name is a person's; a capital is a place unless somebody bears the name.
    """
    heads = [doc[span.start : span.end].root for span in spans]
    for span, head in zip(spans, heads, strict=True):
        described = _described_kind(doc, span, head)
        if described is not None and not _is_fixed(span):
            span.kind = described
    people = Counter(span.text for span in spans if span.kind == "person")
    singles = {text for text in people if " " not in text}
    for span in spans:
        if _is_fixed(span):
            continue
        parts = span.text.split()
        if span.kind in ("organisation", "country") and 1 < len(parts) <= 4:
            known = surname(span.text) in singles or parts[0] in singles
            if known and is_given_name_like(parts) and not _has_body_word(parts):
                span.kind = "person"
        if span.kind == "person" and len(parts) == 1 and find_seat(span.text):
            borne = any(is_short_form(span.text, full) for full in people if " " in full)
            if not borne and (span.start == 0 or fold_title(doc[span.start - 1]) not in titles()):
                span.kind = "country"
    bodies = {
        span.text.split()[0]
        for span in spans
        if span.kind == "organisation" and ORG_WORDS.fullmatch(span.text.split()[-1])
    }
    full = [text for text in people if " " in text]
    for span in spans:  # `Mondelez`, of Mondelez International
        if span.kind == "person" and span.text in bodies and not any(span.text in name.split() for name in full):
            span.kind = "organisation"
    for span in spans:
        single = span.kind != "person" and not _is_fixed(span) and " " not in span.text
        alone = span.kind == "country" and span.text in singles and geocode(span.text) == UNKNOWN
        if single and (alone or any(surname(name) == span.text for name in full)):
            span.kind = "person"


def _is_fixed(span: NameSpan) -> bool:
    return bool(find_country(span.text) or find_demonym(span.text))


def is_given_name_like(parts: list[str]) -> bool:
    """Whether every word looks like part of a person's name: capitalised, not shouted, no digits."""
    return all(
        part[0].isupper() and not part.isupper() and part.replace("-", "").isalpha() for part in parts if len(part) > 2
    ) or is_given_name(parts[0])


def _has_body_word(parts: list[str]) -> bool:
    return (
        bool(ORG_WORDS.fullmatch(parts[-1]))
        or parts[-1] in PLACE_WORDS
        or any(part.lower() in word_set("bodies") or part.lower().rstrip("s") in word_set("bodies") for part in parts)
    )


def _described_kind(doc: Doc, span: NameSpan, head: Token) -> str | None:
    """What a description right before or behind the name makes of it."""
    if span.start and span.kind in ("person", "organisation", "country") and not _has_body_word(span.text.split()):
        before = doc[span.start - 1]
        if before.pos_ == "NOUN" and before.dep_ in ("compound", "nmod", "amod"):
            if (
                before.lemma_.lower() in word_set("bodies")
                and span.kind == "person"
                and not is_given_name(span.text.split()[0])
            ):
                return "organisation"
            if (
                before.lemma_.lower() in word_set("people")
                and span.kind != "person"
                and before.tag_ == "NN"
                and before.head.i == head.i
            ):
                return "person"
    owner = head.head
    kin = head.dep_ == "appos" and owner.tag_ == "NN" and owner.lemma_.lower() in word_set("people")
    if (
        kin
        and span.kind == "country"
        and span.start
        and doc[span.start - 1].text == ","
        and geocode(span.text) == UNKNOWN
    ):
        return "person"  # `his wife, Melania`
    for child in head.children:
        if child.dep_ == "appos" and child.i >= span.end and child.pos_ == "NOUN" and doc[span.end].text == ",":
            if child.lemma_.lower() in word_set("people") and child.tag_ == "NN" and span.kind != "person":
                return "person"
            if (
                child.lemma_.lower() in word_set("bodies")
                and span.kind == "person"
                and not is_given_name(span.text.split()[0])
            ):
                return "organisation"
    return None


def unlabelled_names(doc: Doc, taken: list[bool]) -> list[NameSpan]:
    """Finds names that the model labelled nothing: runs of proper nouns that speak or are described as people."""
    found: list[NameSpan] = []
    i = 0
    while i < len(doc):
        if not _in_run(doc[i], taken):
            i += 1
            continue
        end = i + 1
        while end < len(doc) and _in_run(doc[end], taken) and not doc[end].is_sent_start:
            end += 1
        head = doc[i:end].root
        if head.tag_.startswith("NNP"):
            start = i
            while start < end - 1 and fold_title(doc[start]) in titles():
                start += 1
            described = any(
                child.dep_ == "appos" and child.lemma_.lower() in word_set("people") for child in head.children
            )
            speaks = head.dep_ == "nsubj" and head.head.lemma_ in _SPEECH
            given = end - start > 1 and is_given_name(doc[start].text)
            common = {head.lower_, head.lemma_.lower(), fold_title(head)}
            if common & (word_set("people") | word_set("bodies") | word_set("documents") | titles().keys()):
                pass
            elif described or speaks or given:
                kind = "person" if described or given or 1 < end - start <= 3 else "organisation"
                found.append(NameSpan(start, end, kind, doc[start:end].text))
        i = end
    return found


def _in_run(token: Token, taken: list[bool]) -> bool:
    return (
        not taken[token.i]
        and token.tag_ in ("NNP", "NNPS")
        and token.text[0].isupper()
        and token.text.lower() not in _CONNECTORS
        and not find_country(token.text)
        and not find_demonym(token.text)
        and any(char.islower() for char in token.text)
    )
