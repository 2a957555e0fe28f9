"""The parties that an article names: mentions of one party gathered under its fullest name."""

import dataclasses
import re
from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from transforms.events.names_table import (
    find_country,
    find_demonym,
    find_seat,
    is_given_name,
    name_gender,
    titles,
    word_set,
)

LABELS = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "country",
    "NORP": "group",
    "LOC": "country",
    "FAC": "organisation",
}
_LEADING = frozenset({"the", "a", "an", "'s", "'", "my", "our", "his", "her", "its", "their", "your", "this", "that"})
PLACE_WORDS = frozenset(
    "Tower Towers Street Avenue Road Hotel Park House Hall Square Building Stadium Airport Bridge Center Centre School "  # noqa: SIM905
    "Hospital Beach Island River Lake County City".split()
)
_AGENCIES = frozenset(
    {"Reuters", "AP", "AFP", "Xinhua", "TASS", "UPI", "dpa", "ANI", "PTI", "IANS", "Getty Images", "Getty"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
ORG_WORDS = re.compile(
    r"(?:Ministry|Department|Party|Bank|Agency|Institute|University|College|Committee|Council|Commission|Association|"
    r"Union|Group|Company|Corp|Inc|Ltd|Co|Plc|Foundation|Center|Centre|Office|Bureau|Authority|Court|Parliament|"
    r"Congress|Senate|House|Federation|Organization|Organisation|Administration|Police|Army|Navy|Force|Service|Board|"
    r"Times|Post|News|Society|Trust|Fund|Coalition|Alliance|Movement|Front|Network|Exchange|Treasury|Reserve)\.?"
)


@dataclasses.dataclass(slots=True, eq=False)
class Referent:
    """One party.

    Attributes:
        name: its fullest form so far. kind: person, country, organisation, group, document or None.
        country: ISO 3166-1 alpha-3. gender: m, f or None. plural: whether `they` fits better than `he` or `it`.
        words: lower-case words that describe it: roles, modifiers. author: for a document, who speaks through it.
        mentions: indices of head tokens, in text order.
    """

    name: str
    kind: str | None
    country: str | None = None
    gender: str | None = None
    plural: bool = False
    named: bool = True
    words: set[str] = dataclasses.field(default_factory=set)
    author: "Referent | None" = None
    mentions: list[int] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True)
class NameSpan:
    """A proper name in the text: token range without titles, and what it seems to be."""

    start: int
    end: int
    kind: str
    text: str
    title_words: tuple[str, ...] = ()


def fold_title(token: Token) -> str:
    """A word as the list of titles has it."""
    return token.lower_.rstrip(".")


def _strip(doc: Doc, start: int, end: int, person: bool) -> tuple[int, int]:
    while start < end:
        first = doc[start]
        if (
            first.lower_ in ("the", "a", "an", "'s", "'")
            or not first.text[0].isalnum()
            or (person and end - start > 1 and (fold_title(first) in titles() or first.text.islower()))
        ):
            start += 1
        else:
            break
    while (
        end > start
        and (doc[end - 1].lower_ in ("'s", "'", "s'") or not doc[end - 1].text[-1].isalnum())
        and not (doc[end - 1].text.endswith(".") and len(doc[end - 1]) > 1)
    ):
        end -= 1
    return start, end


def _kind_of(doc: Doc, start: int, end: int, kind: str) -> str:
    text = doc[start:end].text
    if find_country(text):
        return "country"
    if find_demonym(text):
        return "group"
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
        kind = _kind_of(doc, start, end, kind or "organisation")
        start, end = _strip(doc, start, end, kind == "person")
        if kind == "person" and any(char.isdigit() for char in doc[start:end].text):
            continue
        found.append(NameSpan(start, end, kind, doc[start:end].text))
        taken[start:end] = [True] * (end - start)
    for span in _titled(doc, taken):
        found.append(span)
        taken[span.start : span.end] = [True] * (span.end - span.start)
    for token in doc:
        if not taken[token.i] and token.text[0].isupper() and (find_country(token.text) and not token.text.isupper()):
            found.append(NameSpan(token.i, token.i + 1, "country", token.text))
            taken[token.i] = True
    return sorted(found, key=lambda span: span.start)


def taken_by(doc: Doc, spans: list[NameSpan]) -> list[bool]:
    """Marks the tokens that stand in a name."""
    taken = [False] * len(doc)
    for span in spans:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    return taken


def _titled(doc: Doc, taken: list[bool]) -> Iterator[NameSpan]:
    """Names after a title that the model saw no entity in."""
    for token in doc:
        if fold_title(token) not in titles() or not token.text[0].isupper() or token.i + 1 >= len(doc):
            continue
        end = token.i + 1
        while end < len(doc) and end - token.i <= 4 and _is_name_word(doc[end]) and not taken[end]:
            end += 1
        if end > token.i + 1:
            yield NameSpan(token.i + 1, end, "person", doc[token.i + 1 : end].text)


def _is_name_word(token: Token) -> bool:
    return (
        token.pos_ == "PROPN"
        and token.text[0].isupper()
        and fold_title(token) not in titles()
        and not token.is_sent_start
    )


def surname(name: str) -> str:
    """The last word of a name that is no generational suffix."""
    parts = name.split()
    while len(parts) > 1 and parts[-1].lower().strip(".,") in _SUFFIXES:
        parts.pop()
    return parts[-1]


def is_short_form(short: str, full: str) -> bool:
    """Whether `short` names a person called `full`: its words stand in it in order, the family name or the first among them."""
    a, b = short.replace(",", "").split(), full.replace(",", "").split()
    if a == b:
        return True
    rest = iter(b)
    if len(a) >= len(b) or not all(word in rest for word in a):
        return False
    if a[-1].lower().strip(".") in _SUFFIXES:
        return True
    return surname(full) == a[-1] or (len(a) == 1 and a[0] == b[0])


@dataclasses.dataclass(slots=True)
class _Form:
    """One form of a person's name over the article: how often, where first, and what titles before it say."""

    count: int = 0
    first: int = 0
    gender: str | None = None
    office: bool = False


def _name_forms(doc: Doc, people: list[NameSpan]) -> dict[str, _Form]:
    forms: dict[str, _Form] = {}
    for span in people:
        form = forms.setdefault(span.text, _Form(first=span.start, gender=name_gender(span.text)))
        form.count += 1
        title = fold_title(doc[span.start - 1]) if span.start else ""
        if title in word_set("male_titles"):
            form.gender = form.gender or "m"
        elif title in word_set("female_titles"):
            form.gender = form.gender or "f"
        elif titles().get(title):
            form.office = True
    return forms


def _may_be_one(short: str, full: str, forms: dict[str, _Form]) -> bool:
    """Whether nothing speaks against a short form naming the person of the full form.

    `President Ode`, first named so, is not the Ann Ode whom the article names later without that office.
    """
    a, b = forms[short], forms[full]
    if a.gender and b.gender and a.gender != b.gender:
        return False
    suffixed = (
        full.split()[-1].lower().strip(".,") in _SUFFIXES and short.split()[-1].lower().strip(".,") not in _SUFFIXES
    )
    if suffixed and (a.office or a.count >= 2 * b.count):
        return False
    return not (a.office and not b.office and a.first < b.first and b.gender == "f")


def gather_people(doc: Doc, spans: list[NameSpan]) -> dict[int, Referent]:
    """Puts person names that may be one person's under one referent.

    A short form belongs to the fuller name given most often; among equals to the first.

    Returns:
        index in `spans` -> referent, for spans of kind person.
    """
    people = [(index, span) for index, span in enumerate(spans) if span.kind == "person"]
    forms = _name_forms(doc, [span for _, span in people])
    # The fullest first, so that each shorter form finds it.
    fullest: dict[str, Referent] = {}
    owner: dict[str, Referent] = {}
    for name in sorted(forms, key=lambda form: -len(form.split())):
        candidates = [full for full in fullest if is_short_form(name, full) and _may_be_one(name, full, forms)]
        surnames = [full for full in candidates if surname(full) == surname(name)] or candidates
        if surnames:
            best = max(surnames, key=lambda full: forms[full].count)
            owner[name] = fullest[best]
        else:
            owner[name] = fullest[name] = Referent(name, "person", gender=forms[name].gender)
    return {index: owner[span.text] for index, span in people}


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[A-Z][\w’']*", name))


def gather_bodies(spans: list[NameSpan], doc: Doc) -> dict[int, Referent]:
    """Puts names of organisations under one referent: exact, abbreviated (`Energy Agency (IEA)`, initials) and short forms."""
    bodies = [(index, span) for index, span in enumerate(spans) if span.kind == "organisation"]
    names = {span.text for _, span in bodies}
    alias: dict[str, str] = {}
    for _, span in bodies:
        follow = doc[span.end : span.end + 3]
        if len(follow) == 3 and follow[0].text == "(" and follow[2].text == ")" and follow[1].text.isupper():
            alias[follow[1].text] = span.text
    for short in names:
        if short in alias:
            continue
        for full in sorted(names - {short}, key=lambda name: (-len(name), name)):
            if _is_short_body(short, full):
                alias[short] = full
                break
    owner: dict[str, Referent] = {}
    result: dict[int, Referent] = {}
    for index, span in bodies:
        name, steps = span.text, 0
        while name in alias and steps < 4:
            name, steps = alias[name], steps + 1
        seat = find_seat(name)
        owner.setdefault(name, Referent(name, "organisation", country=seat.code if seat else None))
        result[index] = owner[name]
    return result


def _is_short_body(short: str, full: str) -> bool:
    if short.isupper() and 2 <= len(short) <= 6:
        return _initials(full) == short and len(full.split()) > 1
    a, b = short.split(), full.split()
    if len(a) >= len(b) or (len(a) == 1 and (a[0].lower() in word_set("bodies") or len(a[0]) < 4)):
        return False
    return b[: len(a)] == a or (len(a) > 1 and b[-len(a) :] == a)


def is_credit(doc: Doc, span: NameSpan) -> bool:
    """Whether a name is only the agency of a dateline or a picture credit: `(Reuters)`, `/AFP`."""
    if span.text not in _AGENCIES:
        return False
    before = doc[span.start - 1].text if span.start else ""
    after = doc[span.end].text if span.end < len(doc) else ""
    return before in ("(", "/", "via") or after in (")", "/")


def span_head(doc: Doc, span: NameSpan) -> Token:
    """The head of a name in the parse."""
    return Span(doc, span.start, span.end).root
