"""Rule-based sentence splitting: no model, deterministic, cheap enough to run before anything else."""

import functools
import importlib.resources
import itertools
import re
from collections.abc import Iterator

import yaml

from transforms.annotate.lines import split_paragraphs

# Begun at the first mark of a run only: from each of them it would be read to its end again.
_END = re.compile(
    r"(?<![.!?…。！？])(?:\.(?:\s?\.){2,}|[.!?…。！？]+)(?P<closers>[\"'”’»“)\]]*)(?=(?P<gap>\s+)|$|[A-Z#@“\"«]|--)"
)
_OPENERS = "\"'“‘«„`([‹¿¡—–-•*#@ "
# How far to look back for the word before a stop: a text may be one sentence of any length.
_MAX_WORD = 64
_MAX_URL = 2_000
_WORD_BEFORE = re.compile(r"[\w.'’&-]+$")
_WORD_AFTER = re.compile(r"[A-Za-z][\w’']*")
_HYPHENED = re.compile(r"[-–]")  # `Lt.-Gen.`, `Sub-Lt.`
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]$")
_CLOCK = re.compile(r"(?:^|[\d\s])[ap]\.?m$", re.IGNORECASE)
_BULLET = re.compile(r"\s(?=[•▪●■◆]\s)")
_CREDIT = re.compile(
    r"\([^()]{3,80}\)(?=\s+[A-Z“\"])|['‘][A-Z][^'’.!?,\n]{3,60}['’](?=\s+(?:A|An|The|It|He|She|They)\s+[a-z])"
)
# The signature under a quoted post: `— Ann Lee (@annlee) March 3, 2020`.
_SIGNATURE = re.compile(r"(?:—|–|-{1,2})\s*[^()\n]{2,40}\(@\w+\)(?:\s+[A-Z][a-z]+\.? \d{1,2}, \d{4})?")
# `GENEVA, March 3 (Agency) —` before the first sentence.
_DATELINE = re.compile(
    r"(?:(?:[A-Z][A-Z.'’-]+(?:[ ,/]+(?:[A-Z][\w.'’-]*|\d{1,2}))*|[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:\s*\([A-Z][\w ./&-]{1,30}\))?"
    r"\s+(?:—|–|--|-|_|―)|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2},? \((?!Ret)[A-Z][\w ./&-]{1,30}\))\s+(?=[A-Z\"“‘`])"
)
# `GENEVA:` or `Geneva (Agency):` there, unless other lines open so, too: then it is who speaks.
_SHOUTED = r"[A-Z][A-Z.'’-]{2,}(?: [A-Z][A-Z.'’-]+){0,2}(?:, [A-Z][a-z]+)?"
_DATELINE_COLON = re.compile(
    rf"(?:{_SHOUTED}|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)?(?=\s*\())(?:\s*\([A-Z][\w ./&-]{{1,30}}\))?:\s+(?=[A-Z])"
)
_SHOUTED_LINE = re.compile(rf"^{_SHOUTED}:\s", re.MULTILINE)
# What may stand between a quoted question and its cue: `“Why now?” Ms. Ortiz, the mayor, asked`.
_CUE_AFTER = re.compile(
    r"\s+(?=[A-Z])(?:\b(?:Mr|Ms|Mrs|Dr|Gov|Sen|Rep|Gen|Lt|Prof|Col|Sgt|[A-Z])\.|[^.!?:;“”\"\n]){0,120}?\b"
    r"(?:said|says|asked|asks|added|wrote|writes|told|shouted|replied|tweeted|exclaimed|cried|yelled|chanted|continued|"
    r"wondered|quipped|joked|declared|responded|recalled|demanded|screamed|testified|argued|explained|read|reads)"
    r"(?=[.,;:]|\s+(?:in|at|on|during|after|before|to|when|as|of|with|while|later|earlier|him|her|them|reporters|"
    r"rhetorically|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
# `… are missing.” Ode said.`: a full stop where a comma should be.
_BARE_CUE = re.compile(
    r"\s+(?:[A-Z][\w’'-]*\.?\s+){1,4}(?:said|says|added|adds|told|wrote|asked|noted|explained|continued)(?=[.,])"
)
_COMPANY_VERB = re.compile(
    r"[A-Z][\w&’'-]+\s+(?:said|says|is|was|are|were|has|had|will|would|also|told|reported|announced|declined|plans)\b"
)
_COMPANY = frozenset({"inc", "corp", "ltd", "co", "cos", "plc", "llc", "bhd"})
_AUXILIARIES = frozenset(
    "Do Does Did Is Are Was Were Has Have Had Can Could Will Would Should May Might Must".split()  # noqa: SIM905
)
# A caption or headline run into the text: `… between its triangles However, others praised`.
_RUN_IN = re.compile(r"(?<=[a-z]{2})\s+(?=(?P<word>[A-Z][a-z]+),?\s+[a-z]{2,})")
_RUN_IN_WORDS = frozenset(
    "The This These Those There He She It They We However But Although Though Despite Meanwhile When While If After "  # noqa: SIM905
    "According".split()
)

_NAME_BEFORE = re.compile(r"\b[A-Z][a-z]+$")  # `Vice Premier Liu He said`: a given name, no pronoun


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    """Loads the word lists: class -> words."""
    source = importlib.resources.files("transforms.annotate") / "data" / "abbreviations.yaml"
    lists = yaml.safe_load(source.read_text(encoding="utf-8"))
    return {
        name: frozenset(word.strip() for line in lines for word in str(line).split(","))
        for name, lines in lists.items()
    }


def _begins_sentence(text: str, at: int) -> bool:
    """Whether a word stands at `at`, after opening marks, that often begins a sentence."""
    while at < len(text) and text[at] in _OPENERS:
        at += 1
    word = _WORD_AFTER.match(text, at)
    return word is not None and word.group() in _words()["starters"]


def _begins_with_verb(text: str, at: int) -> bool:
    # Old wire copy capitalises what follows an abbreviation: `The U.S. Was the largest supplier`.
    word = _WORD_AFTER.match(text, at)
    return word is not None and word.group() in _AUXILIARIES


def _in_quotation(text: str, start: int, end: int) -> bool:
    part = text[start:end]
    return part.count("“") > part.count("”") or part.count('"') % 2 == 1 or part.count("``") > part.count("''")


def _ends_sentence(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether the mark of punctuation, in the sentence that began at `start`, ends it."""
    after = mark.end() + len(mark["gap"] or "")
    if after >= len(text):
        return True
    following = text[after]
    inner = after
    while inner < len(text) and text[inner] in _OPENERS:
        inner += 1
    first = text[inner : inner + 1]
    before = _WORD_BEFORE.search(text, max(start, mark.start() - _MAX_WORD), mark.start())
    word = before.group().lstrip("'’-") if before else ""
    if not mark["gap"]:
        # Glued together: `talks.The`; not `Amazon.Com`, `U.S.-led`, `St.Louis`.
        return (
            ((len(word) > 2 and word.isalpha() and word.islower()) or word[-1:].isdigit() or bool(mark["closers"]))
            and not mark.group().startswith("..")
            and (following in '#@“"«-' or _begins_sentence(text, after))
            and not re.search(r"(?:https?:|www\.)\S*$", text[max(start, mark.start() - _MAX_URL) : mark.start()])
        )
    if first.islower() or following in ",;:)" or _SIGNATURE.match(text, after):
        return False
    marks = mark.group()[: len(mark.group()) - len(mark["closers"])]
    if marks != ".":
        if marks.startswith("...") or "…" in marks or ". ." in marks:
            return (first.isupper() or first.isdigit()) and not _in_quotation(text, start, mark.end())
        # A quoted question or exclamation goes on to its cue.
        return not (mark["closers"] and _CUE_AFTER.match(text, mark.end()))
    if mark["closers"].strip("\"'”’»“)]") == "" and mark["closers"] not in ("", ")", "]"):
        return not _BARE_CUE.match(text, mark.end())
    lists, lower = _words(), word.lower()
    if mark["closers"] and lower not in lists["open"] and not _DOTTED.search(word):
        return True
    if _HYPHENED.split(lower)[-1] in lists["titles"] and word[:1].isupper():
        return False
    if lower in lists["numbered"]:
        return not first.isdigit()
    if _CLOCK.search(text[max(start, mark.start() - 4) : mark.start()]):
        zone = _WORD_AFTER.match(text, inner)
        return not (zone and zone.group() in lists["after_clock"])
    if (len(word) == 1 and word.isupper()) or _DOTTED.search(word):
        return (
            _begins_sentence(text, after)
            and not _begins_with_verb(text, after)
            and not re.match(r"[AI]\.", text[inner : inner + 2])
        )
    if lower in _COMPANY and _COMPANY_VERB.match(text, after):
        return True
    if lower in lists["open"] and (
        word[:1].isupper() or lower in ("vs", "v", "etc", "al", "dlrs", "pct", "mln", "bln", "retd", "ret")
    ):
        return _begins_sentence(text, after) or (
            lower in ("etc", "dlrs", "pct", "mln", "bln", "cts") and first.isupper()
        )
    return True


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    body = text[start:end]
    if not body.strip():
        return None
    return start + len(body) - len(body.lstrip()), start + len(body.rstrip())


def _find_dateline(part: str, text: str) -> re.Match[str] | None:
    """The dateline that a paragraph of the text begins with."""
    if dateline := _DATELINE.match(part):
        return dateline
    dateline = _DATELINE_COLON.match(part)
    return dateline if dateline and len(_SHOUTED_LINE.findall(text)) < 2 else None


def _split_paragraph(part: str, text: str, *, first: bool) -> Iterator[tuple[int, int]]:
    """Splits `part`, one paragraph of the text; `first` is whether a dateline may stand before it."""
    cuts = {found.start() for found in _BULLET.finditer(part)}
    cuts |= {found.end() for found in _SIGNATURE.finditer(part)}
    begin = 0
    # A photo credit in brackets that stands alone, `(Ann Lee/Agency) The bridge …`, is a sentence.
    if credit := _CREDIT.match(part):
        cuts.add(credit.end())
    if first and (dateline := _find_dateline(part, text)):
        cuts.add(dateline.end())
        begin = dateline.end()
    for mark in _END.finditer(part):
        if mark.start() >= begin and _ends_sentence(part, begin, mark):
            cuts.add(mark.end())
            begin = mark.end() + len(mark["gap"] or "")
            if credit := _CREDIT.match(part, begin):
                cuts.add(credit.end())
    for a, b in itertools.pairwise([0, *sorted(cuts), len(part)]):
        cuts.update(
            found.start()
            for found in _RUN_IN.finditer(part, a, b)
            if found["word"] in _RUN_IN_WORDS
            and not _in_quotation(part, a, found.start())
            and not (
                found["word"] == "He" and _NAME_BEFORE.search(part, max(a, found.start() - _MAX_WORD), found.start())
            )
        )
    trimmed = (_trim(part, a, b) for a, b in itertools.pairwise([0, *sorted(cuts), len(part)]))
    yield from (one for one in trimmed if one is not None)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Splits into sentences.

    Paragraph ends always end a sentence; hard wraps never do. Closing quotation marks and brackets belong to the sentence
    that they close. Sentences inside a quotation are sentences of their own.

    Returns:
        (start, end) in code points, without white space around, in order and disjoint; together they hold every
        character of the text that is not white space.
    """
    paragraphs = split_paragraphs(text)
    # a headline or two may stand before the paragraph with the dateline
    firsts = [start for start, _ in paragraphs[:4]]
    return [
        (start + a, start + b)
        for start, end in paragraphs
        for a, b in _split_paragraph(text[start:end], text, first=start in firsts)
    ]


_TITLE_WORD = re.compile(r"[^\W\d_]{4,}")


def is_heading(text: str, start: int, end: int) -> bool:
    """Whether the sentence text[start:end] is a headline or a heading: a line of its own without a stop, or in title case.

    Items of a list are none.
    """
    body = text[start:end]
    count = len(body.split())
    if not body or body[-1] in ".!?…:\"”'’»)" or count > 18:
        return False
    words = _TITLE_WORD.findall(body)
    if len(words) > 3 and sum(word[0].isupper() for word in words) >= 0.8 * len(words):
        return True
    if count > 10:
        return False
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if text[line_start:start].strip() or line_end < 0 or text[end:line_end].strip() or not text[line_end:].strip():
        return False
    # an item of a list stands below a colon or another item without a stop
    above = text[:line_start].rstrip()
    return not above or above[-1] in '.!?…"”’»)'
