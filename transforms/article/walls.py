"""What stands in an article's place: error messages, checks for robots, requests for consent, the stubs of paid articles."""

import functools
import importlib.resources
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

import yaml
from lxml import etree
from lxml import html as lxml_html

from transforms.article.metadata import PageMetadata
from transforms.article.page_blocks import Block, ends_sentence
from transforms.article.patterns import compile_lines
from transforms.article.words import count_words

MAX_TITLE = 200
MAX_LINE = 1_000
MAX_TEXT = 5_000
# What stands in an article's place says little; an article about it says more.
FEW_WORDS = 60
MAX_CHECK_WORDS = 250
MAX_ERROR_WORDS = 300
MAX_CONSENT_WORDS = 400
MAX_BARE_WORDS = 250
MIN_SUBJECTS = 4
MIN_SUBJECTS_SHORT = 3
# The open part of an article that says it is paid is a stub: below the first always, below the second with a wall or a cut end,
# below the third where it is two paragraphs, below the last where it is half of what the article says of its length.
MAX_STUB_WORDS = 80
MAX_CUT_WORDS = 100
MAX_TEASER_WORDS = 160
MAX_TEASER_LINES = 2
MAX_PART_WORDS = 250
MAX_WALL_WORDS = 60
LONG_LINE = 12

_SOURCES = etree.XPath("descendant::script/@src | descendant::iframe/@src | descendant::*/@id", smart_strings=False)
_SENTENCE_START = r"(?:^|[.!?…:。！？»”]\s*)"
_CUT = re.compile(r"(?:…|\.\.\.|\[…\])\W*$")


@functools.cache
def _words() -> Mapping[str, Sequence[str]]:
    text = importlib.resources.files("transforms.article").joinpath("data/walls.yaml").read_text("utf-8")
    words: dict[str, list[str]] = yaml.safe_load(text)
    return words


@functools.cache
def _pattern(group: str) -> re.Pattern[str]:
    start = _SENTENCE_START if group == "paywall" else ""
    return compile_lines([f"{start}(?:{'|'.join(_words()[group])})"], re.IGNORECASE)


@functools.cache
def _subjects() -> Sequence[re.Pattern[str]]:
    return [compile_lines([line], re.IGNORECASE) for line in _words()["consent"]]


def _titled(group: str, titles: Iterable[str]) -> str | None:
    return next((title for title in titles if len(title) <= MAX_TITLE and _pattern(group).fullmatch(title)), None)


def find_check(tree: lxml_html.HtmlElement, titles: Sequence[str], text: str, shown: str) -> str | None:
    """What asks for proof that no robot reads the page, or shuts one out; None where nothing does."""
    words = count_words(text)
    if words > MAX_CHECK_WORDS:
        return None
    said = {found[0].casefold(): found[0] for found in _pattern("check_texts").finditer((text or shown)[:MAX_TEXT])}
    title = _titled("check_titles", titles)
    if title and (said or (words <= FEW_WORDS and not _titled("vague_titles", [title]))):
        return repr(title)
    if len(said) >= 2 or (said and words <= FEW_WORDS):
        return repr(next(iter(said.values()))[:MAX_TITLE])
    if words:
        return None
    return next((repr(mark[:MAX_TITLE]) for mark in _SOURCES(tree) if _pattern("check_marks").search(mark)), None)


def find_error(titles: Sequence[str], text: str, shown: str) -> str | None:
    """The message of an error that is served as if all were well."""
    words = count_words(text)
    if words > MAX_ERROR_WORDS:
        return None
    title = _titled("error_titles", titles)
    if title:
        return repr(title)
    # Below a message stand the stories that others read.
    begin = text if words <= FEW_WORDS else "\n".join(text.split("\n")[:2])
    said = _pattern("error_texts").search((begin or shown)[:MAX_LINE])
    title = _titled("vague_titles", titles)
    if said and (title or words <= FEW_WORDS):
        return repr((title or said[0])[:MAX_TITLE])
    return repr(title) if title and words < FEW_WORDS // 3 else None


def find_consent(text: str, shown: str) -> str | None:
    """The subjects of a request for consent, where a page is little else."""
    words = count_words(text)
    if words > MAX_CONSENT_WORDS:
        return None
    # Headings and buttons say what extraction leaves out; on a page with more, they may be a banner's.
    source = (shown if count_words(shown) <= MAX_BARE_WORDS else text)[:MAX_TEXT]
    if not _pattern("voice").search(source):
        return None
    subjects = [found[0] for pattern in _subjects() if (found := pattern.search(source))]
    if len(subjects) < (MIN_SUBJECTS if words > 2 * FEW_WORDS else MIN_SUBJECTS_SHORT):
        return None
    others = [line for line in text.split("\n") if not any(pattern.search(line[:MAX_TEXT]) for pattern in _subjects())]
    return None if 2 * sum(map(count_words, others)) > words else ", ".join(subjects)


def asks_for_scripts(text: str, shown: str) -> bool:
    """Whether a page only says that it needs scripts."""
    return count_words(text) <= FEW_WORDS and _pattern("script_texts").search((text or shown)[:MAX_LINE]) is not None


def find_stub(page: PageMetadata, text: str, blocks: Sequence[Block]) -> str | None:
    """How little of a paid article is open, and what shows that there is more; None where it is whole."""
    lines = text.split("\n")
    if count_words(text) > MAX_PART_WORDS or page.free:
        return None
    lines = [line for line in lines if not _is_wall(line)]
    words = sum(map(count_words, lines))
    if page.paywalled and page.words >= 2 * words:
        return f"{words} of {page.words} words of the article are open"
    if words >= (MAX_TEASER_WORDS if len(lines) <= MAX_TEASER_LINES else MAX_CUT_WORDS):
        return None
    wall = _find_wall(blocks)
    if not page.paywalled:
        return f"{words} words of the article are open; {wall}" if wall else None
    cut = "its text is cut" if lines and _is_cut(lines[-1]) else None
    if words < MAX_STUB_WORDS or len(lines) <= MAX_TEASER_LINES or wall or cut:
        said = f"{words} words in {len(lines)} lines of the article are open, which says that it is paid"
        return "; ".join(filter(None, [said, wall, cut]))
    return None


def _is_cut(text: str) -> bool:
    return _CUT.search(text) is not None or (count_words(text) >= LONG_LINE and not ends_sentence(text))


def _is_wall(text: str) -> bool:
    return (
        len(text) <= MAX_LINE and count_words(text) <= MAX_WALL_WORDS and _pattern("paywall").search(text) is not None
    )


def _find_wall(blocks: Sequence[Block]) -> str | None:
    """The first sentence below the beginning of the text that keeps the rest of it for others."""
    below = itertools.dropwhile(lambda block: not block.is_prose, blocks)
    return next((repr(block.text[:MAX_TITLE]) for block in below if _is_wall(block.text)), None)
