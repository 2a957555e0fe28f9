"""Lines of a page that are the site's furniture: labels, buttons, counters, notices and calls to action."""

import functools
import importlib.resources
import re

import yaml

from transforms.article.patterns import compile_lines, fold_case

# Notices are sentences; anything longer is an article's own paragraph that happens to begin like one.
MAX_NOTICE_WORDS = 60
MAX_NOTICE_CHARS = 600


@functools.cache
def _patterns() -> dict[str, re.Pattern[str]]:
    text = importlib.resources.files("transforms.article").joinpath("data/furniture.yaml").read_text("utf-8")
    groups = yaml.safe_load(text)
    return {name: compile_lines(lines) for name, lines in groups.items()}


def is_label(line: str) -> bool:
    """Whether a line is a label, button or counter.

    >>> is_label("Views: 306"), is_label("Share this article"), is_label("Ministers share this view.")
    (True, True, False)
    """
    return len(line) <= 120 and _patterns()["labels"].match(fold_case(line)) is not None


def is_notice(line: str) -> bool:
    """Whether a line is the site speaking of itself.

    >>> is_notice("Sign up for our daily newsletter to stay informed."), is_notice("The ministers signed up for talks.")
    (True, False)
    """
    return _is_brief(line) and _patterns()["notices"].match(fold_case(line)) is not None


def is_caption(line: str) -> bool:
    """Whether a line stands under a picture: it ends with who made it, or begins by pointing at it.

    >>> is_caption("The two ministers in Vienna. Photo: A. Maker"), is_caption("The ministers met in Vienna.")
    (True, False)
    """
    return _is_brief(line) and _patterns()["captions"].match(fold_case(line)) is not None


def is_furniture(line: str) -> bool:
    """Whether a line is a label or a notice."""
    return is_label(line) or is_notice(line)


def _is_brief(line: str) -> bool:
    return len(line) <= MAX_NOTICE_CHARS and len(line.split()) <= MAX_NOTICE_WORDS
