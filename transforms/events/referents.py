"""The parties that an article names: mentions of one party gathered under its fullest name."""

import dataclasses
import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from transforms.events.name_lists import (
    find_country,
    find_demonym,
    find_seat,
    is_given_name,
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
    r"Times|Post|News|United|Airlines|Airways|Motors|Society|Trust|Fund|Coalition|Alliance|Movement|Front|Network|Exchange|Treasury|Reserve|"
    r"International|Holdings?|Industries|Technologies|Partners|Systems|Capital|Securities|Investments?|Insurance|Financial|Finance|Management|"
    r"Energy|Petroleum|Oil|Mining|Resources|Electric|Electronics|Telecom|Communications|Solutions|Services|Stores|Foods|Productions|Pictures|"
    r"Studios|Records|Entertainment|Media|Magazine|Journal|Herald|Tribune|Gazette|Museum|Academy|Laboratory|Observatory|Forum|League|Club|"
    r"FC|Guard|Corps|Brigade|Battalion|Embassy|Consulate|Secretariat|Directorate|Tribunal|Assembly|Legislature|Campaign)\.?"
)


@dataclasses.dataclass(slots=True, eq=False)
class Referent:
    """One party.

    Attributes:
        name: its fullest form so far. kind: person, country, organisation, group, document or None.
        country: ISO 3166-1 alpha-3. gender: m, f or None. plural: whether `they` fits better than `he` or `it`.
        words: lower-case words that describe it: roles, modifiers. author: for a document, who speaks through it.
        members: the parties of a list.
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
    members: tuple["Referent", ...] = ()
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
            or (person and end - start > 1 and (fold_title(first) in titles() or first.text.islower()))
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


def _before_mark(doc: Doc, start: int, end: int) -> int:
    """Where a person's name ends that the model runs on over a comma, a colon or a stroke: `Mayer, Disney`."""
    for i in range(start + 1, end - 1):
        if doc[i].text in (",", ":", "/", "|", "–", "—") and doc[i + 1].lower_.strip(".") not in _SUFFIXES:
            return i
    return end


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
        if kind == "person" and any(char.isdigit() for char in doc[start:end].text):
            continue
        found.append(NameSpan(start, end, kind, doc[start:end].text))
        taken[start:end] = [True] * (end - start)
    for span in [*_groups(doc, taken), *_titled(doc, taken)]:
        found.append(span)
        taken[span.start : span.end] = [True] * (span.end - span.start)
    for token in doc:
        if not taken[token.i] and token.text[0].isupper() and (find_country(token.text) and not token.text.isupper()):
            found.append(NameSpan(token.i, token.i + 1, "country", token.text))
            taken[token.i] = True
    found = _spell_out(doc, found)
    branded = {span.text for span in found if span.text.endswith("'s")}
    for span in found:
        if span.kind != "person" and f"{span.text}'s" in branded and doc[span.end : span.end + 1].text == "'s":
            span.end, span.text = span.end + 1, f"{span.text}'s"
    return sorted(found, key=lambda span: span.start)


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
        number = token.nbor(2)
        if (
            token.text == "Group"
            and token.nbor(1).text == "of"
            and number.like_num
            and (number.text[0].isupper() or number.text in ("20", "24", "77"))
            and not any(taken[token.i : token.i + 3])
        ):
            yield NameSpan(token.i, token.i + 3, "organisation", doc[token.i : token.i + 3].text)


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


def is_credit(doc: Doc, span: NameSpan) -> bool:
    """Whether a name is only the agency of a dateline or a picture credit: `(Reuters)`, `/AFP`."""
    if span.text not in _AGENCIES:
        return False
    before = doc[span.start - 1].text if span.start else ""
    after = doc[span.end].text if span.end < len(doc) else ""
    return before in ("(", "/", "via") or after in (")", "/")
