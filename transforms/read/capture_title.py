"""The headline of a page capture: the line that the body takes up again, by its place, its length and what stands around it."""

import re
from collections import Counter
from collections.abc import Iterator

from transforms.article.furniture import is_label
from transforms.read.capture_lines import MIN_PARAGRAPH, Line, load_settings

MAX_TITLE = 40
MAX_TITLE_CHARS = 300
# A headline stands at most so many lines above the first paragraph, or below a teaser that was taken for it.
ABOVE, BELOW = 200, 15
# A byline or date stands at most so many lines behind the headline.
REACH = 6
LEAD = 4
MAX_BODY, MAX_LEAD = 6000, 1500
MIN_TERM = 4

_LENGTHS = ((1, "words_1"), (3, "words_3"), (5, "words_5"), (14, "words_14"), (20, "words_20"))
_PLACES = ((0, "place_0"), (1, "place_1"), (2, "place_2"), (15, "place_15"), (30, "place_30"))
_SIGNED = ((1, "signed_1"), (2, "signed_2"), (4, "signed_4"), (REACH, "signed_6"))
_SIGNS = ("date", "byline", "ago")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_ADDRESS = re.compile(r"\S+\.\S+")
_FORMS = {
    "stopped": re.compile(r".*[.…;,]$"),
    "parted": re.compile(r".*(?:[|»›→]| [-–] )"),
    "marked": re.compile(r"[-•|(\[#@]"),
    "credited": re.compile(r".*\)$"),
    "glued": re.compile(r".*[a-z][A-Z][a-z]"),
}


def find_title(lines: list[Line], first: int, last: int) -> int | None:
    """Number of the line that is the headline of the body that lies between two lines; None where no line may be it.

    Every line before the first paragraph is weighed by its signs; the weights stand in `data/capture.yaml`.
    """
    weights = load_settings()["title"]
    scores = {
        number: sum(weights.get(sign, 0.0) * value for sign, value in signs.items())
        for number, signs in weigh_titles(lines, first, last)
    }
    best = max(scores, key=lambda number: scores[number], default=None)
    return best if best is not None and scores[best] >= weights["least"] else None


def find_opening(lines: list[Line], first: int, last: int) -> int:
    """Number of the first paragraph of a body."""
    paragraphs = (n for n in range(first, last) if lines[n].kind == "text" and lines[n].words >= MIN_PARAGRAPH)
    return next(paragraphs, first)


def weigh_titles(lines: list[Line], first: int, last: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Lines that may be the headline, with their signs: 1.0, or a share of what a sign can be."""
    opening = find_opening(lines, first, last)
    body = [line.text for line in lines[opening:last] if line.kind in ("text", "short")]
    known, lead = _terms(" ".join(body)[:MAX_BODY]), _terms(" ".join(body[:LEAD])[:MAX_LEAD])
    counts = Counter(line.text for line in lines)
    took_up = False
    for number in range(max(0, opening - ABOVE), min(opening + BELOW, len(lines))):
        line = lines[number]
        terms = _terms(line.text)
        if not terms or not _may_be_title(line):
            continue
        share = len(terms & known) / len(terms)
        signs = (
            _signs_of_line(line) | _signs_of_place(lines, number, opening) | _signs_of_neighbours(lines, number, known)
        )
        signs["share"], signs["lead"] = share, len(terms & lead) / len(terms)
        signs["matched"] = min(len(terms & known), 8) / 8
        if line.words >= MIN_TERM - 1:
            signs |= _signs_of_echo(line.text, counts)
        if not took_up and share * line.words >= 4:
            took_up = True
            signs["first_taken_up"] = 1.0
        yield number, signs


def _may_be_title(line: Line) -> bool:
    if line.kind in (*_SIGNS, "notice") or line.words > MAX_TITLE or len(line.text) > MAX_TITLE_CHARS:
        return False
    if line.kind == "text" and line.text.endswith((".", "。")):
        return False
    return not (line.kind == "label" and is_label(line.text)) and _ADDRESS.fullmatch(line.text) is None


def _bucket(value: int, bounds: tuple[tuple[int, str], ...], beyond: str) -> str:
    return next((name for bound, name in bounds if value <= bound), beyond)


def _signs_of_line(line: Line) -> dict[str, float]:
    text = line.text
    signs = {_bucket(line.words, _LENGTHS, "words_40"): 1.0, f"is_{line.kind}": 1.0}
    signs |= {name: 1.0 for name, form in _FORMS.items() if form.match(text)}
    if text.upper() == text != text.lower():
        signs["upper"] = 1.0
    return signs


def _signs_of_place(lines: list[Line], number: int, opening: int) -> dict[str, float]:
    if number <= opening:
        return {_bucket(opening - number, _PLACES, "place_more"): 1.0}
    above = sum(line.words for line in lines[opening:number] if line.kind == "text")
    return {"below": 1.0, "text_above": min(1.0, above / 100)}


def _signs_of_neighbours(lines: list[Line], number: int, known: set[str]) -> dict[str, float]:
    before, behind = lines[max(0, number - 6) : number], lines[number + 1 : number + 1 + REACH]
    signs = {
        "headlines_near": sum(line.kind == "headline" for line in (*before[-4:], *behind[:4])) / 8,
        "labels_above": sum(line.kind in ("label", "ending") for line in before) / 6,
    }
    gap = next((gap for gap, line in enumerate(behind, 1) if line.kind in _SIGNS), None)
    if gap is not None:
        signs[_bucket(gap, _SIGNED, "")] = 1.0
    if any(line.kind in _SIGNS for line in before[-3:]):
        signs["signed_above"] = 1.0
    if before:
        signs[f"after_{before[-1].kind}"] = 1.0
        if _leads(before[-1], ("headline", "short"), known):
            signs["standfirst"] = 1.0
    if behind:
        signs[f"before_{behind[0].kind}"] = 1.0
        if behind[0].words > lines[number].words and _leads(behind[0], ("headline", "short", "text"), known):
            signs["over_standfirst"] = 1.0
    return signs


def _leads(line: Line, kinds: tuple[str, ...], known: set[str]) -> bool:
    """Whether a line has words enough that the body takes up again."""
    terms = _terms(line.text)
    return line.kind in kinds and line.words >= MIN_TERM and 2 * len(terms & known) > len(terms)


def _signs_of_echo(text: str, counts: Counter[str]) -> dict[str, float]:
    """Whether other lines end with a line's text, as share buttons and paths do, or begin with it."""
    signs = {}
    if any(other.endswith(text) and other != text for other in counts):
        signs["echoed"] = 1.0
    if any(other.startswith(text) and other != text for other in counts):
        signs["begun"] = 1.0
    return signs


def _terms(text: str) -> set[str]:
    """Words that carry a text: those of four letters and more, and pairs of characters of scripts that part no words."""
    folded = text.casefold()
    pairs = (run[at : at + 2] for run in _UNSPACED.findall(folded) for at in range(len(run) - 1))
    words = (word for word in re.findall(r"\w+", _UNSPACED.sub(" ", folded)) if len(word) >= MIN_TERM)
    return {*words, *pairs}
