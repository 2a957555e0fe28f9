"""The parties that an article names, and the names that stand for them."""

import dataclasses
import re

from spacy.tokens import Token

PLACE_WORDS = frozenset(
    "Tower Towers Street Avenue Road Hotel Park House Hall Square Building Stadium Airport Bridge Center Centre School "  # noqa: SIM905
    "Hospital Beach Island River Lake County City".split()
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
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


def surname(name: str) -> str:
    """The last word of a name that is no generational suffix."""
    parts = name.split()
    while len(parts) > 1 and parts[-1].lower().strip(".,") in SUFFIXES:
        parts.pop()
    return parts[-1].rstrip(",")


def without_article(family: str) -> str:
    """A family name without the Arabic article: `al-Sadr` -> `Sadr`."""
    return family[3:] if family.lower().startswith(("al-", "el-")) else family


def is_short_form(short: str, full: str) -> bool:
    """Whether `short` names a person called `full`: its words stand in it in order, the family name or the first among them."""
    a, b = short.replace(",", "").split(), full.replace(",", "").split()
    if a == b:
        return True
    if "-" not in a[-1]:
        b[-1] = without_article(b[-1])  # `Sadr`, of Muqtada al-Sadr
        full = " ".join(b)
    rest = iter(b)
    if len(a) >= len(b) or not all(word in rest for word in a):
        return False
    if a[-1].lower().strip(".") in SUFFIXES:
        return True
    return surname(full) == a[-1] or (len(a) == 1 and a[0] == b[0])
