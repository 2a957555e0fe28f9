"""Mentions of one person or body are gathered under its fullest name."""

import dataclasses
import re
from collections.abc import Collection, Mapping

from spacy.tokens import Doc

from transforms.events.gazetteer import UNKNOWN, geocode
from transforms.events.name_lists import (
    find_country,
    find_demonym,
    find_seat,
    is_given_name,
    name_gender,
    titles,
    word_set,
)
from transforms.events.referents import (
    ORG_WORDS,
    SUFFIXES,
    NameSpan,
    Referent,
    fold_title,
    is_short_form,
    surname,
    without_article,
)

_FORMS = frozenset(
    {
        "International",
        "Holdings",
        "Holding",
        "SA",
        "AG",
        "NV",
        "SE",
        "SpA",
        "LLC",
        "SRL",
        "GmbH",
        "AB",
        "BV",
        "KG",
        "LLP",
        "LP",
        "PLC",
        "plc",
        "Technologies",
        "Industries",
        "Partners",
        "Systems",
        "Limited",
        "Incorporated",
        "Corporation",
        "Brothers",
        "&",
        "and",
        "-",
    }
)
# Titles that a first mention bears without a given name; whoever is named so is not a namesake without the title.
_LADY = "|f"
_CROWNED = frozenset({"president", "king", "prince", "emperor", "sultan", "pope"})


@dataclasses.dataclass(slots=True)
class _Form:
    """One form of a person's name over the article: how often, where first, and what titles and relatives beside it say."""

    count: int = 0
    first: int = 0
    gender: str | None = None
    office: bool = False
    crowned: bool = False
    kin: bool = False


def _is_kin(doc: Doc, span: NameSpan) -> bool:
    """`first lady Ann Ode`, `his wife, Ann Ode`, `Ann Ode, the president's daughter`: somebody's relative."""
    before = doc[max(0, span.start - 2) : span.start]
    after = doc[span.end : span.end + 5] if doc[span.end : span.end + 1].text == "," else doc[0:0]
    return any(token.lower_ in word_set("kin") for token in (*before, *after))


def _form_of(doc: Doc, span: NameSpan) -> str:
    """A form by its words; a family name alone behind `Mrs.` is a form of its own, for it need not be the president."""
    title = fold_title(doc[span.start - 1]) if span.start else ""
    return f"{span.text}{_LADY}" if " " not in span.text and title in word_set("female_titles") else span.text


def _name_forms(doc: Doc, people: list[NameSpan]) -> dict[str, _Form]:
    forms: dict[str, _Form] = {}
    for span in people:
        form = forms.setdefault(_form_of(doc, span), _Form(first=span.start, gender=name_gender(span.text)))
        form.count += 1
        form.kin = form.kin or _is_kin(doc, span)
        title = fold_title(doc[span.start - 1]) if span.start else ""
        if title in word_set("male_titles"):
            form.gender = form.gender or "m"
        elif title in word_set("female_titles"):
            form.gender = form.gender or "f"
        elif titles().get(title):
            form.office = True
            form.crowned = form.crowned or (span.start == form.first and title in _CROWNED)
    return forms


def _is_suffixed(name: str) -> bool:
    return name.split()[-1].lower().strip(".,") in SUFFIXES


def _may_be_one(short: str, full: str, forms: dict[str, _Form], fullest: Collection[str]) -> bool:
    """Whether nothing speaks against a short form naming the person of the full form.

    `President Ode`, first named so, is not the Ann Ode whom the article names later without that office.
    """
    a, b = forms[short], forms[full]
    a_words, b_words = short.split(), full.split()
    # `Lula da Silva`, of Luiz Inácio Lula da Silva: no given name, so no gender
    inner = len(b_words) - len(a_words) > 1 and len(a_words) > 1 and a_words[0] in b_words[1:]
    if a.gender and b.gender and a.gender != b.gender and not inner:
        return False
    if b.kin and a.office and not b.office:
        return False  # the president, whose wife alone the article calls by both names
    suffixed = _is_suffixed(full) and not _is_suffixed(short)
    # `Ode`, where nobody but Ann Ode Jr. is called so in full
    alone = " " not in short and not any(surname(one) == short and not _is_suffixed(one) for one in fullest)
    if suffixed and (a.office or (a.count >= 2 * b.count and not alone)):
        return False
    return not (a.crowned and not b.office and a.first < b.first and b.gender == "f")


def gather_people(doc: Doc, spans: list[NameSpan]) -> dict[int, Referent]:
    """Puts person names that may be one person's under one referent.

    A short form belongs to the fuller name given most often, relatives last; among equals to the first.

    Returns:
        index in `spans` -> referent, for spans of kind person.
    """
    people = [(index, span) for index, span in enumerate(spans) if span.kind == "person"]
    forms = _name_forms(doc, [span for _, span in people])
    # The fullest first, so that each shorter form finds it.
    fullest: dict[str, Referent] = {}
    owner: dict[str, Referent] = {}
    for form in sorted(forms, key=lambda form: (-len(form.split()), form.endswith(_LADY))):
        name = form.removesuffix(_LADY)
        candidates = [full for full in fullest if is_short_form(name, full) and _may_be_one(form, full, forms, fullest)]
        if " " not in name and not is_given_name(name) and geocode(name) != UNKNOWN:
            candidates = [
                full for full in candidates if without_article(surname(full)) == name
            ]  # `Plymouth` is not Plymouth Citibus
        if not candidates and " " not in name:
            inner = [full for full in fullest if _is_inner(name, full) and _may_be_one(form, full, forms, fullest)]
            candidates = inner if len(inner) == 1 else []
        surnames = [full for full in candidates if surname(full) == surname(name)] or candidates
        if surnames:
            owner[form] = fullest[max(surnames, key=lambda full: _weight(forms[full]))]
        elif name in owner and owner[name].gender != "m":
            owner[form] = owner[name]
            owner[form].gender = owner[form].gender or forms[form].gender
        else:
            owner[form] = fullest[form] = Referent(name, "person", gender=forms[form].gender)
    return {index: owner[_form_of(doc, span)] for index, span in people}


def _is_inner(name: str, full: str) -> bool:
    """`Lula`, of Luiz Inácio Lula da Silva; a second given name is nobody's short form."""
    words = full.split()
    at = words.index(name) if name in words[1:-1] else 0
    return at > 0 and (words[at + 1].lower() in word_set("particles") or not is_given_name(name))


def _weight(form: _Form) -> tuple[float, int]:
    """How much a full name is the one meant by the family name alone: given often, as nobody's relative, first of all."""
    return form.count - 1.5 * form.kin, -form.first


def initials(name: str) -> str:
    """The capitals that the words of a name begin with."""
    return "".join(word[0] for word in re.findall(r"[A-Z][\w’']*", name))


def gather_bodies(spans: list[NameSpan], doc: Doc) -> dict[int, Referent]:
    """Puts names of organisations under one referent: exact, abbreviated (`Energy Agency (IEA)`, initials) and short forms."""
    bodies = [(index, span) for index, span in enumerate(spans) if span.kind == "organisation"]
    first: dict[str, int] = {}
    alias: dict[str, str] = {}
    for _, span in bodies:
        first.setdefault(span.text, span.start)
        follow = doc[span.end : span.end + 3]
        if len(follow) == 3 and follow[0].text == "(" and follow[2].text == ")" and follow[1].text.isupper():
            alias[follow[1].text] = span.text
    for short in sorted(first):
        full = _full_form(short, first) if short not in alias else None
        if full is not None:
            alias[short] = full
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


def _full_form(short: str, first: Mapping[str, int]) -> str | None:
    """The name that a shorter one stands for: the one that was given before it, or the only one that adds a legal form.

    What comes later and says more (`Stadia Pro` after `Stadia`, `White House Dinner`) is something else.
    """
    fuller = sorted(full for full in first if full != short and _is_short_body(short, full))
    given = [full for full in fuller if first[full] < first[short]]
    if given:
        return max(given, key=lambda full: first[full])
    legal = [full for full in fuller if initials(full) == short or _adds_form(short, full)]
    return legal[0] if len(legal) == 1 else None


def _adds_form(short: str, full: str) -> bool:
    """Whether a fuller name adds but words like `Inc` and `Group`, or a country before a public body."""
    a, b = short.split(), full.split()
    if b[: len(a)] == a:
        return all(ORG_WORDS.fullmatch(word) or word.strip(".,") in _FORMS for word in b[len(a) :])
    return all(find_demonym(word) or find_country(word) for word in b[: -len(a)])


def _is_short_body(short: str, full: str) -> bool:
    if short.isupper() and 2 <= len(short) <= 6:
        return initials(full) == short and len(full.split()) > 1
    a, b = short.split(), full.split()
    if len(a) >= len(b) or find_seat(short) or (len(a) == 1 and (a[0].lower() in word_set("bodies") or len(a[0]) < 4)):
        return False
    if b[: len(a)] == a:
        return not any(
            word in ("of", "for", "'s", "’s", "'", "’") or word.endswith(("'s", "’s", "s'")) for word in b[len(a) :]
        )
    return len(a) > 1 and b[-len(a) :] == a and bool(ORG_WORDS.fullmatch(a[-1]) or a[-1].lower() in word_set("bodies"))
