"""Numbers as texts write them: digits with separators, fractions, words, and scale words."""

import re
from decimal import Decimal, InvalidOperation

_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"  # noqa: SIM905
        " eighteen nineteen".split()
    )
}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # noqa: SIM905
_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25"), "third": Decimal(1) / 3}
SCALES = {
    "hundred": 2, "thousand": 3, "k": 3, "lakh": 5, "lakhs": 5, "million": 6, "millions": 6, "mln": 6, "mlns": 6, "mn": 6, "m": 6, "mio": 6,
    "crore": 7, "crores": 7, "billion": 9, "billions": 9, "bln": 9, "blns": 9, "bn": 9, "b": 9, "trillion": 12, "trln": 12, "trn": 12, "tn": 12,
    "lakh crore": 12, "mld": 9,
}  # fmt: skip
SCALE = (
    r"(?:[\s-]?(?:lakh\scrore|hundred\s(?:thousand|million|billion)|hundred|thousand|lakhs?|crores?|millions?|billions?|trillion|mlns?|blns?|mld|mio)\b"
    r"|\s?(?:mn|bn|trn|trln|tn)\b|(?<=\d)\s?(?:m|k|b)\b(?!\s?\d))"
)
DIGITS = r"(?:\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?![\d,.]\d)|\d+(?:\.\d+)?(?:[\s-]\d/\d+\b)?|\.\d+)"
SMALL = "|".join([*_WORDS, *_TENS])
_SPELLED = (
    rf"(?:three\squarters(?=\s(?:million|billion|trillion))|(?:{SMALL})(?:[\s-](?:{'|'.join(list(_WORDS)[1:10])}))?(?:[\s-]and[\s-]a[\s-](?:half|quarter))?(?:\spoint\s(?:{SMALL}))?"
    r"|(?:half|(?:a\s|three\s)?quarters?)(?=\s(?:million|billion|trillion))"
    r"|half[\s-]a(?=[\s-](?:million|billion|trillion))|a\s(?:quarter|third|half)(?=\sof\sa\s(?:million|billion|trillion))|an?(?=[\s-](?:half|hundred|thousand|million|billion|trillion|lakh|crore)\b)"
    r"|nil|hundreds\sof|dozens\sof)"
)
NUMBER = rf"(?:{DIGITS}|\b{_SPELLED}\b)"


def scale_value(number: str, scale: str | None) -> Decimal | None:
    """A number in full: `4.5`, `billion` -> 4500000000."""
    value = parse_number(number)
    if value is None:
        return None
    for word in scale_words(scale):
        value = value.scaleb(SCALES[word])
    return value


def scale_words(scale: str | None) -> list[str]:
    """The scale words of a match, `lakh crore` as one."""
    words = re.split(r"[\s-]+", scale.lower().strip(" -\u00a0")) if scale else []
    return ["lakh crore"] if words == ["lakh", "crore"] else [w for w in words if w]


def parse_number(text: str) -> Decimal | None:
    """Reads digits with separators, fractions and number words; None where it is no number.

    >>> parse_number("1,234.5"), parse_number("816 000"), parse_number("twenty-two"), parse_number("2-1/2")
    (Decimal('1234.5'), Decimal('816000'), Decimal('22'), Decimal('2.5'))
    """
    plain = text.strip().lower()
    fraction = re.fullmatch(r"(\d+)[\s-](\d)/(\d+)", plain)
    if fraction:
        whole, above, below = (Decimal(g) for g in fraction.groups())
        return whole + above / below if below else None
    digits = re.sub(r"[,\s\u00a0\u202f]", "", plain)
    if re.fullmatch(r"\d*\.?\d+", digits):
        try:
            return Decimal(digits)
        except InvalidOperation:  # pragma: no cover
            return None
    if plain == "nil":
        return Decimal(0)
    total = Decimal(0)
    words = re.split(r"[\s-]+", plain)
    for i, word in enumerate(words):
        if word == "quarters" and i == 1:
            total *= _FRACTIONS[word]
        elif word in _WORDS:
            total += _WORDS[word] if "point" not in words[:i] else Decimal(_WORDS[word]) / 10
        elif word in _TENS:
            total += _TENS[word]
        elif word in _FRACTIONS:
            total += _FRACTIONS[word]
        elif word in ("a", "an") and len(words) == 1:
            total = Decimal(1)
        elif word not in ("and", "a", "point"):
            return None
    return total
