"""What a page holds besides its story: furniture of the site, and rubrics that gather several stories."""

import functools
import importlib.resources
import re
from typing import Any

import yaml

_ADDRESS = re.compile(r"\b(?:you|your|yours|us|our|we)\b")
_FIRST_WORD = re.compile(r"\w+")

MAX_FURNITURE = 400
"""Characters of the longest sentence that can be furniture."""


def _load(name: str) -> Any:
    source = importlib.resources.files("transforms.dedup") / "data" / name
    return yaml.safe_load(source.read_text(encoding="utf-8"))


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    lists = _load("furniture.yaml")
    always, addressed = (re.compile(rf"(?<!\w)(?:{'|'.join(lists[name])})(?!\w)") for name in ("always", "addressed"))
    return always, addressed, frozenset(lists["imperatives"].split())


@functools.cache
def _rubrics() -> re.Pattern[str]:
    return re.compile("|".join(_load("digests.yaml")))


def is_furniture(sentence: str) -> bool:
    """Whether a sentence, in lower case, is the site's and not the story's.

    >>> is_furniture("subscribe now for full access to our site."), is_furniture("the bank cut its subscription price.")
    (True, False)
    """
    if len(sentence) > MAX_FURNITURE:
        return False
    always, addressed, imperatives = _patterns()
    if always.search(sentence):
        return True
    if not addressed.search(sentence):
        return False
    first = _FIRST_WORD.search(sentence)
    return bool(_ADDRESS.search(sentence)) or (first is not None and first.group() in imperatives)


def split_rubric(title: str) -> tuple[str, bool]:
    """Parts a title, in lower case, from the rubric of a digest or of live coverage; and whether it had one.

    >>> split_rubric("world news in brief"), split_rubric("minister briefs parliament")
    (('', True), ('minister briefs parliament', False))
    """
    rest, found = _rubrics().subn("", title)
    return rest.strip(), found > 0
