"""The publication of a page capture: the date beside its headline, or the one that signs it off."""

import functools
import re

from schemas.article import PublishedAt
from transforms.article.dates import find_instant
from transforms.article.furniture import is_caption
from transforms.read.capture_lines import Line, load_settings, unglue

# Lines around the headline in which the date of publication is looked for, and behind the body.
NEAR = 14
# Lines of the body that may stand above it, where a dateline was taken for text.
INTO_BODY = 6
MAX_DATELINE = 20
# A line that begins by saying that it tells the publication may tell more.
MAX_SAYING = 40
MAX_CLOCK = 6

_YEAR = re.compile(r"\d{4}")
_CLOCK = re.compile(r"\W*(?:at |um )?\d{1,2} ?(?:[:.h]\d{2}|[ap]\.?m)", re.IGNORECASE)


def find_date(lines: list[Line], title_at: int | None, opening: int, last: int) -> str | None:
    """The words that show the date of publication: near the headline, just before the body, or right behind it.

    Args:
        lines: all lines of the capture.
        title_at: number of the headline, where there is one.
        opening: number of the first paragraph.
        last: number behind the last line of the body.
    """
    centre = title_at if title_at is not None else opening
    best: tuple[float, int] | None = None
    for number in range(max(0, min(centre, opening) - NEAR), min(len(lines), opening + INTO_BODY)):
        at = _read_line(lines[number])
        if at.at is None:
            continue
        distance = number - centre if number >= centre else 2 * (centre - number)
        score = _weigh(lines[number], at) - 0.1 * distance
        if (distance <= NEAR or opening - number <= NEAR) and (best is None or score > best[0]):
            best = (score, number)
    found = best[1] if best is not None else _find_behind(lines, max(opening + INTO_BODY, last - 2), last)
    return _with_time(lines, found) if found is not None else None


def _weigh(line: Line, at: PublishedAt) -> float:
    text = _publication_part(unglue(line.text))
    published = _words("published").search(text) is not None
    updated = not published and _words("updated").search(text) is not None
    timed = at.precision != "day"
    return 1.0 * published + 1.0 * timed - 1.0 * updated - 1.0 * (line.kind == "text")


def _read_line(line: Line) -> PublishedAt:
    """The date that a line shows, none for a caption or a line that says more than a date."""
    says = _words("published").match(line.text) or _words("updated").match(line.text)
    if line.words > (MAX_SAYING if says else MAX_DATELINE) or not _YEAR.search(line.text) or is_caption(line.text):
        return PublishedAt()
    return find_instant(_publication_part(unglue(line.text)))


def _find_behind(lines: list[Line], start: int, last: int) -> int | None:
    """A line behind the body that says when it was published, or the only date there: many are of other articles."""
    behind = range(start, min(len(lines), last + NEAR))
    dated = [number for number in behind if _read_line(lines[number]).at is not None]
    said = [number for number in dated if _words("published").search(unglue(lines[number].text))]
    if said:
        return said[0]
    return dated[0] if len(dated) == 1 and lines[dated[0]].kind == "date" else None


def _with_time(lines: list[Line], number: int) -> str:
    """A line's date, with the time of day that stands on the next line."""
    text = _publication_part(unglue(lines[number].text))
    behind = lines[number + 1] if number + 1 < len(lines) else None
    if behind is None or behind.words > MAX_CLOCK or not _CLOCK.match(behind.text) or _YEAR.search(behind.text):
        return text
    joined = f"{text} {behind.text}"
    return joined if find_instant(text).precision == "day" and find_instant(joined).precision != "day" else text


def _publication_part(text: str) -> str:
    """The part of a line that tells the publication and not the last change, where it tells both."""
    match = _words("updated").search(text)
    if match is None:
        return text
    before, after = text[: match.start()], text[match.end() :]
    if find_instant(before).at is not None:
        return before
    published = _words("published").search(after)
    return after[published.start() :] if published and find_instant(after[published.start() :]).at is not None else text


@functools.cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{load_settings()[name]})\b", re.IGNORECASE)
