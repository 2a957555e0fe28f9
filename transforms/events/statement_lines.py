"""Statements without a verb: transcript lines, signed posts, and quotations behind a colon."""

import dataclasses
import functools
import re
from collections.abc import Iterator

from spacy.tokens import Span

from schemas.event import Actor, Statement
from transforms.annotate.model import trim_span
from transforms.events.context import Context, Mention
from transforms.events.said_range import trim_range

_TRANSCRIPT = re.compile(r"(?P<name>(?:[A-Z][A-Z.'’-]+ ?){1,4}(?:\([^)]{1,40}\))?):\s+(?=[A-Z\"“'‘])")
_NAMED_LINE = re.compile(r"(?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}):\s+(?=[A-Z\"“'‘])")
_SIGNATURE = re.compile(r"(?P<cue>(?:—|–|--?)\s*(?P<name>[^()\n]{2,40}?))\s*\(@\w+\)")
_NO_SPEAKER = re.compile(
    r"(?:DEAR|READ|MORE|RELATED|WATCH|UPDATE|NOTE|SEE|PHOTO|PHOTOS|VIDEO|CORRECTION|BREAKING|EXCLUSIVE|OPINION|ANALYSIS|ALSO|LIVE|FILE|SOURCE|TOPSHOT)\b",
    re.IGNORECASE,
)


def find_lines(sentence: Span, context: Context) -> Iterator[Mention]:
    """Finds `NAME: words` at the head of a line, and `words — Name (@name)` at a post's end."""
    start, end = trim_span(sentence)
    text = context.text
    signed = next((found for found in _SIGNATURE.finditer(text, start, end)), None)
    if signed is not None:
        begin = _post_start(text, start, signed.start("cue"))
        if not trim_range(text, begin, signed.start("cue"))[1] > begin:  # the signature stands on a line of its own
            above = text[:begin].rstrip()
            begin = above.rfind("\n") + 1
            if not above or len(above) - begin > 400:
                return
        mention = _mention(
            context, sentence, signed.span("cue"), signed["name"], begin, signed.start("cue"), "statement.post"
        )
        dates = context.times.in_span(signed.end(), end)
        yield dataclasses.replace(mention, time=dates[0].event_time() if dates else None)
        return
    if start and text[:start].rstrip(" \t")[-1:] not in ("\n", "\r"):
        return
    line = _TRANSCRIPT.match(text, start, end)
    if line is not None and not text[:start].strip() and not _opens_again(text, line.end()):
        return  # `LIMA: It is late`: a dateline
    if line is None and _has_transcript(text):
        line = _NAMED_LINE.match(text, start, end)
    if line is not None and not _NO_SPEAKER.match(line["name"]):
        stop = text.find("\n", line.end())
        stop = len(text) if stop < 0 else stop
        yield _mention(context, sentence, line.span("name"), line["name"], line.end(), stop, "statement.transcript")


def _opens_again(text: str, start: int) -> bool:
    """Whether a later line opens with a shouted name and a colon, too."""
    return re.search(r"(?m)^" + _TRANSCRIPT.pattern, text[start:]) is not None


@functools.lru_cache(maxsize=2)
def _has_transcript(text: str) -> bool:
    """Whether at least three lines of the text open with a name and a colon, two of them with one name."""
    names = [found["name"] for found in re.finditer(r"(?m)^" + _NAMED_LINE.pattern, text)]
    return len(names) >= 3 and len(set(names)) < len(names)


def _post_start(text: str, start: int, before: int) -> int:
    """A post may have several sentences; it begins with its paragraph, or with what the sentence splitter kept together."""
    begin = text.rfind("\n", 0, start) + 1
    return begin if before - begin < 320 else start


def _mention(
    context: Context, sentence: Span, trigger: tuple[int, int], name: str, begin: int, stop: int, rule: str
) -> Mention:
    content = trim_range(context.text, begin, stop)
    known = _find_known(context, name)
    return Mention(
        kind="statement",
        trigger=trigger,
        evidence=trim_span(sentence),
        detail=Statement("direct", context.text[slice(*content)]),
        rule=rule,
        actors=(known or Actor(_titled(name), "speaker", name.strip(), "person"),),
        content=content,
    )


def _find_known(context: Context, name: str) -> Actor | None:
    """The party of that name elsewhere in the article."""
    folded = name.strip().casefold()
    for referent in context.names.referents:
        if referent.named and (referent.name.casefold() == folded or referent.name.casefold().split()[-1] == folded):
            return Actor(referent.name, "speaker", name.strip(), referent.kind, referent.country)
    return None


def _titled(name: str) -> str:
    name = re.sub(r"\s*\(.*?\)", "", name).strip()
    return name.title() if name.isupper() and len(name) > 5 else name
