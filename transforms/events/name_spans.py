"""Proper names in a text: the model's entities, cleaned, completed and corrected, and what a title introduces."""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from transforms.events.lexicon import text_of
from transforms.events.name_lists import find_country, find_demonym, find_seat, is_given_name, titles, word_set
from transforms.events.referents import ORG_WORDS, PLACE_WORDS, SUFFIXES, NameSpan, fold_title

LABELS = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "country",
    "NORP": "group",
    "LOC": "country",
    "FAC": "organisation",
}
_AGENCIES = frozenset(
    {"Reuters", "AP", "AFP", "Xinhua", "TASS", "UPI", "dpa", "ANI", "PTI", "IANS", "Getty Images", "Getty"}
)


def _is_branded(doc: Doc, end: int) -> bool:
    """Whether the `'s` that ends a name belongs to it: nothing behind it that could be owned, `McDonald's said`."""
    if doc[end - 1].lower_ != "'s":
        return False
    after = doc[end] if end < len(doc) else None
    return after is None or (after.tag_ in ("VBD", "VBZ", "VBP", "MD", "IN", "CC") and after.dep_ != "amod")


def _strip(doc: Doc, start: int, end: int, person: bool) -> tuple[int, int]:
    while start < end:
        first = doc[start]
        if (
            first.lower_ in ("the", "a", "an", "'s", "'")
            or not first.text[0].isalnum()
            or (person and end - start > 1 and (fold_title(first) in titles() or _is_lower(first)))
        ):
            start += 1
        else:
            break
    if person:
        end = _before_mark(doc, start, end)
    if end - start == 2 and not person and _is_branded(doc, end):
        return start, end
    while (
        end > start
        and (doc[end - 1].lower_ in ("'s", "'", "s'") or not doc[end - 1].text[-1].isalnum())
        and not (doc[end - 1].text.endswith(".") and len(doc[end - 1]) > 1)
    ):
        end -= 1
    return start, end


def _is_lower(first: Token) -> bool:
    return first.text.islower() and first.lower_ not in word_set("particles")  # `de Ode`


def _before_mark(doc: Doc, start: int, end: int) -> int:
    """Where a person's name ends that the model runs on over a comma, a colon or a stroke: `Mayer, Disney`."""
    for i in range(start + 1, end - 1):
        if doc[i].text in (",", ":", "/", "|", "–", "—") and doc[i + 1].lower_.strip(".") not in SUFFIXES:
            return i
    return end


def _kind_of(doc: Doc, start: int, end: int, kind: str) -> str:
    text = doc[start:end].text
    if find_country(text):
        return "country"
    if find_demonym(text):
        return "group"
    if text in word_set("brands"):
        return "organisation"
    if find_seat(text) and kind != "person":
        return "country" if kind == "country" else "organisation"
    before = fold_title(doc[start - 1]) if start else ""
    if before in ("mr", "mrs", "ms", "sen", "rep", "gov", "dr", "gen", "col", "lt", "sgt", "sir", "judge", "justice"):
        return "person"
    if ORG_WORDS.fullmatch(doc[end - 1].text) and end - start > 1:
        return "organisation"
    if kind == "person" and end - start > 1 and doc[end - 1].text in PLACE_WORDS:
        return "organisation"
    if (
        kind == "person"
        and end - start > 1
        and doc[end - 1].lower_.removesuffix("s") in word_set("people")
        and doc[end - 1].lower_.endswith("s")
    ):
        return "group"
    if kind != "person" and 1 < end - start <= 3 and is_given_name(doc[start].text) and doc[end - 1].pos_ == "PROPN":
        return "person"
    return kind


def _is_role(token: Token) -> bool:
    return fold_title(token) in titles() or token.lower_ in word_set("people")


def find_names(doc: Doc) -> list[NameSpan]:
    """Finds proper names: the model's entities, cleaned and corrected, and what a title introduces."""
    found: list[NameSpan] = []
    taken = [False] * len(doc)
    for ent in doc.ents:
        kind = LABELS.get(ent.label_)
        if kind is None and not (ent.label_ in ("PRODUCT", "WORK_OF_ART", "EVENT", "LAW") and find_country(ent.text)):
            continue
        start, end = _strip(doc, ent.start, ent.end, kind == "person")
        if start >= end or "\n" in doc[start:end].text or not doc[start].text[0].isalnum():
            continue
        if (
            end - start == 1
            and doc[start].lower_ in ("republican", "democrat")
            and doc[start].dep_ not in ("amod", "compound")
        ):
            continue  # `the Republican`: somebody described, not a name
        if end - start in (3, 4) and _is_role(doc[start]) and is_given_name(doc[start + 1].text):
            start, kind = start + 1, "person"  # `Spokeswoman Ann Ode`
        kind = _kind_of(doc, start, end, kind or "organisation")
        start, end = _strip(doc, start, end, kind == "person")
        if kind == "organisation" and end - start == 1 and end < len(doc) and _is_branded(doc, end + 1):
            end += 1  # `McDonald's left Peru`
        if kind == "person" and any(char.isdigit() for char in doc[start:end].text):
            continue
        found.append(NameSpan(start, end, kind, doc[start:end].text))
        taken[start:end] = [True] * (end - start)
    for span in [*_groups(doc, taken), *_titled(doc, taken)]:
        found.append(span)
        taken[span.start : span.end] = [True] * (span.end - span.start)
    for token in doc:
        if not token.text[0].isupper() or taken[token.i]:
            continue
        brand = token.text in word_set("brands") and token.pos_ in ("PROPN", "NOUN")
        if brand or (find_country(token.text) and not token.text.isupper()):
            kind = "organisation" if brand else "country"
            found.append(NameSpan(token.i, token.i + 1, kind, token.text))
            taken[token.i] = True
    found = _as_elsewhere(doc, _spell_out(doc, found))
    branded = {span.text for span in found if span.text.endswith("'s")}
    for span in found:
        if span.kind != "person" and f"{span.text}'s" in branded and doc[span.end : span.end + 1].text == "'s":
            span.end, span.text = span.end + 1, f"{span.text}'s"
    return sorted(found, key=lambda span: span.start)


def _as_elsewhere(doc: Doc, found: list[NameSpan]) -> list[NameSpan]:
    """Gives a body's name, where the model breaks it off, the words that it has elsewhere: `Bureau of Engraving and Printing`."""
    fuller: dict[str, list[str]] = {}
    for span in found:
        if span.kind == "organisation" and span.end - span.start > 2:
            fuller.setdefault(doc[span.start].text, []).append(span.text)
    kept = []
    end = 0
    for span in sorted(found, key=lambda one: one.start):
        if span.start < end:
            continue
        longer = [name for name in fuller.get(doc[span.start].text, ()) if len(name) > len(span.text)]
        at = doc[span.start].idx
        whole = [name for name in longer if text_of(doc)[at : at + len(name)] == name and name.startswith(span.text)]
        if span.kind == "organisation" and whole:
            text = max(whole, key=len)
            extended = doc.char_span(at, at + len(text))
            if extended is not None:
                span.end, span.text = extended.end, text
        kept.append(span)
        end = span.end
    return kept


def _spell_out(doc: Doc, found: list[NameSpan]) -> list[NameSpan]:
    """Gives a name before `(USPTO)` all words whose initials the abbreviation has: `Patent and Trademark Office`."""
    for span in list(found):
        if span.kind == "person" or not (doc[span.end - 1].is_alpha and span.end + 2 < len(doc)):
            continue
        short = doc[span.end + 1].text
        if doc[span.end].text != "(" or doc[span.end + 2].text != ")" or not (short.isupper() and len(short) > 2):
            continue
        start = _spelt_from(doc, span.end, short)
        if start is None or start >= span.start:
            continue
        found = [one for one in found if one is span or not start <= one.start < span.end]
        span.start, span.text = start, doc[start : span.end].text
    return found


def _spelt_from(doc: Doc, end: int, short: str) -> int | None:
    """Where the words that an abbreviation stands for begin, going back from `end`; `US` gives both its letters."""
    start, initials = end, ""
    while start > 0 and len(initials) < len(short):
        word = doc[start - 1].text
        if not word[0].isupper() and word not in ("of", "and", "for", "the", "on", "in"):
            break
        start -= 1
        if word[0].isupper():
            initials = (word if word.isupper() and len(word) < 4 else word[0]) + initials
    return start if initials == short else None


def taken_by(doc: Doc, spans: list[NameSpan]) -> list[bool]:
    """Marks the tokens that stand in a name."""
    taken = [False] * len(doc)
    for span in spans:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    return taken


def _groups(doc: Doc, taken: list[bool]) -> Iterator[NameSpan]:
    """`Group of Seven`, whose number the model takes for a number alone."""
    for token in doc[: len(doc) - 2]:
        if token.text != "Group" or token.nbor(1).text != "of":
            continue
        number = token.nbor(2)
        if (
            number.like_num
            and (number.text[0].isupper() or number.text in ("20", "24", "77"))
            and not any(taken[token.i : token.i + 3])
        ):
            yield NameSpan(token.i, token.i + 3, "organisation", doc[token.i : token.i + 3].text)


def _titled(doc: Doc, taken: list[bool]) -> Iterator[NameSpan]:
    """Names after a title that the model saw no entity in."""
    for token in doc:
        if not token.text[0].isupper() or fold_title(token) not in titles() or token.i + 1 >= len(doc):
            continue
        end = token.i + 1
        while end < len(doc) and end - token.i <= 4 and _is_name_word(doc[end]) and not taken[end]:
            end += 1
        rank = token.i + 2 == end and doc[token.i + 1].lower_ in word_set("bodies")  # `Chief of the General Staff`
        if end > token.i + 1 and not rank:
            yield NameSpan(token.i + 1, end, "person", doc[token.i + 1 : end].text)


def _is_name_word(token: Token) -> bool:
    return (
        token.pos_ == "PROPN"
        and token.text[0].isupper()
        and fold_title(token) not in titles()
        and not token.is_sent_start
    )


def is_credit(doc: Doc, span: NameSpan) -> bool:
    """Whether a name is only the agency of a dateline or a picture credit: `(Reuters)`, `/AFP`."""
    if span.text not in _AGENCIES:
        return False
    before = doc[span.start - 1].text if span.start else ""
    after = doc[span.end].text if span.end < len(doc) else ""
    return before in ("(", "/", "via") or after in (")", "/")
