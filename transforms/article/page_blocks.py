"""A page as its reader sees it: blocks of text in their order, and what shape they make: an article's, or a list's."""

import dataclasses
import re
from collections.abc import Sequence

from lxml import etree
from lxml import html as lxml_html

from transforms.article.words import count_words

MAX_BLOCKS = 20_000
MIN_HEADLINE = 4
MAX_HEADLINE = 40
LINKED = 0.8
MIN_PROSE = 12
LONG_PROSE = 40

_SENTENCE_END = re.compile(r"[.!?…。！？।॥؟۔։።။][\"'”’»」』)\]]*$")
# Thai, Lao and Khmer end no sentence with a mark; there a long block will do.
_UNMARKED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff]")
_STOP = re.compile(r"[.!?…][\"'”’»)]*\s|[。！？।॥؟۔։።။]")
_HIDDEN = frozenset(
    ["script", "style", "noscript", "template", "svg", "select", "textarea", "head", "iframe", "object"]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text without a block's boundary in it.

    Attributes:
        words: how many it has.
        links: how many links it touches.
        linked: characters of it in links.
        whole: whether it is all of a <p>.
    """

    text: str
    words: int
    links: int
    linked: int
    whole: bool = False

    @property
    def is_headline(self) -> bool:
        """Whether it is one link, as long as a headline."""
        return (
            self.links == 1
            and MIN_HEADLINE <= self.words <= MAX_HEADLINE
            and self.linked >= LINKED * len(self.text.replace(" ", ""))
        )

    @property
    def is_prose(self) -> bool:
        """Whether it is a sentence or more, most of it outside links."""
        if self.words < MIN_PROSE or 2 * self.linked >= len(self.text):
            return False
        return ends_sentence(self.text) or (self.words >= LONG_PROSE and _STOP.search(self.text) is not None)


@dataclasses.dataclass(frozen=True, slots=True)
class PageShape:
    """How a page's text is laid out.

    Attributes:
        headlines: links as long as a headline that stand for themselves.
        teasers: those of them that text follows before the next.
        prose: words in sentences.
        run: words of the longest stretch of sentences that no headline interrupts; one that is a paragraph among
            paragraphs does not.
    """

    headlines: int
    teasers: int
    prose: int
    run: int


def ends_sentence(text: str) -> bool:
    """Whether a block ends like a sentence, in any script."""
    end = text[-400:]
    return _SENTENCE_END.search(end) is not None or _UNMARKED.search(end) is not None


def read_blocks(body: lxml_html.HtmlElement) -> list[Block]:
    """The blocks of text of a page in their order, without scripts and what browsers don't show."""
    reader = _Reader()
    walker = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in _HIDDEN:
                walker.skip_subtree()
            else:
                reader.open(tag)
                reader.add(element.text)
        else:
            if event == "end" and tag not in _HIDDEN:
                reader.close(tag)
            if element is not body:
                reader.add(element.tail)
        if len(reader.blocks) >= MAX_BLOCKS:
            break
    reader.flush()
    return reader.blocks


class _Reader:
    """Gathers the text between two boundaries of blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._depth = self._links = self._linked = 0
        self._whole = False

    def open(self, tag: str) -> None:
        if tag == "a":
            self._depth += 1
            self._links += 1
        elif tag not in _INLINE:
            self.flush()
            self._whole = tag == "p"

    def close(self, tag: str) -> None:
        if tag == "a":
            self._depth = max(0, self._depth - 1)
        elif tag not in _INLINE:
            self.flush(ended=tag == "p")
            self._whole = False

    def add(self, text: str | None) -> None:
        # No block begins with white space; most of a page's is that between its tags.
        if text and (self._pieces or not text.isspace()):
            self._pieces.append(text)
            if self._depth:
                self._linked += len("".join(text.split()))

    def flush(self, ended: bool = False) -> None:
        if self._pieces:
            text = " ".join("".join(self._pieces).split())
            self.blocks.append(Block(text, count_words(text), self._links, self._linked, ended and self._whole))
            self._pieces = []
        # A block may begin inside a link that goes on.
        self._links, self._linked = (1 if self._depth else 0), 0


def measure_shape(blocks: Sequence[Block]) -> PageShape:
    """What shape the blocks make."""
    headlines = teasers = prose = run = longest = 0
    followed = True
    for block in blocks:
        if block.is_headline:
            headlines, followed = headlines + 1, False
            run = run if block.whole else 0
            continue
        if not followed and block.words >= MIN_HEADLINE:
            teasers, followed = teasers + 1, True
        if block.is_prose:
            prose, run = prose + block.words, run + block.words
            longest = max(longest, run)
    return PageShape(headlines, teasers, prose, longest)
