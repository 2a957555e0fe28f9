"""What a page holds besides its story: furniture of the site, and rubrics that gather several stories."""

import dataclasses
import functools
import importlib.resources
import re
from collections.abc import Sequence
from typing import Any

import yaml

_ADDRESS = re.compile(r"\b(?:you|your|yours|us|our|we)\b")

MAX_FURNITURE = 400
"""Characters of the longest sentence that can be furniture."""


def _load(name: str) -> Any:
    source = importlib.resources.files("transforms.dedup") / "data" / name
    return yaml.safe_load(source.read_text(encoding="utf-8"))


@dataclasses.dataclass(frozen=True, slots=True)
class _Furniture:
    hints: frozenset[str]
    always: re.Pattern[str]
    addressed: re.Pattern[str]
    imperatives: frozenset[str]


@functools.cache
def _furniture() -> _Furniture:
    lists = _load("furniture.yaml")
    always, addressed = (re.compile(rf"(?<!\w)(?:{'|'.join(lists[name])})(?!\w)") for name in ("always", "addressed"))
    return _Furniture(frozenset(lists["hints"].split()), always, addressed, frozenset(lists["imperatives"].split()))


@functools.cache
def _rubrics() -> re.Pattern[str]:
    return re.compile("|".join(_load("digests.yaml")))


def is_furniture(sentence: str, words: Sequence[str]) -> bool:
    """Whether a sentence, in lower case, with its words is the site's and not the story's.

    >>> is_furniture("subscribe now for access to our site.", ["subscribe", "now"])
    True
    >>> is_furniture("the bank cut its subscription price.", ["the", "bank", "cut", "its", "subscription", "price"])
    False
    """
    lists = _furniture()
    # Text without words, such as a mark of copyright alone, is cheap to look at.
    if len(sentence) > MAX_FURNITURE or (lists.hints.isdisjoint(words) and "©" not in sentence):
        return False
    if lists.always.search(sentence):
        return True
    if not lists.addressed.search(sentence):
        return False
    return bool(_ADDRESS.search(sentence)) or (len(words) > 0 and words[0] in lists.imperatives)


def split_rubric(title: str) -> tuple[str, bool]:
    """Parts a title, in lower case, from the rubric of a digest or of live coverage; and whether it had one.

    >>> split_rubric("world news in brief"), split_rubric("minister briefs parliament")
    (('', True), ('minister briefs parliament', False))
    """
    rest, found = _rubrics().subn("", title)
    return rest.strip(), found > 0
