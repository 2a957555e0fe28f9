"""Numbers with their units: exact values, currencies by ISO 4217, units as singular nouns, percentages, comparators."""

import dataclasses
import functools
import importlib.resources
import re
from decimal import Decimal

import pycountry

from transforms.events.numbers import DIGITS, NUMBER, SCALE, SCALES, SMALL, parse_number, scale_value, scale_words


@dataclasses.dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it counts.

    Attributes:
        start, end: offsets of the whole, comparator left out, in code points.
        value: in full units (`4.5 billion` is 4500000000). For a range the lower edge; `high` is the upper.
        kind: `money`, `unit`, `percent`, `points` (percentage points) or `bare`.
        unit: ISO 4217 code, singular noun, or None.
        family: the noun of a currency that only its country can tell (`peso`, `crown`).
        exponent: power of ten of the scale word (`million`) that stands with the number, 0 without one.
        comparator: eq, gt, lt or approx. cue: (start, end) of the words that say so.
    """

    start: int
    end: int
    value: Decimal
    kind: str
    unit: str | None = None
    high: Decimal | None = None
    family: str | None = None
    exponent: int = 0
    comparator: str = "eq"
    cue: tuple[int, int] | None = None

    @property
    def scaled(self) -> bool:
        """Whether a scale word stands with the number."""
        return self.exponent > 0


def _rows(name: str) -> list[list[str]]:
    text = importlib.resources.files("transforms.events").joinpath(f"data/{name}.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@functools.cache
def currency_symbols() -> dict[str, str]:
    """Signs that stand before a number -> ISO 4217."""
    return {row[1]: row[2] for row in _rows("currencies") if row[0] == "symbol"}


@functools.cache
def currency_nouns() -> dict[str, tuple[str | None, dict[str, str]]]:
    """Noun -> (ISO 4217 without a nationality, {nationality: ISO 4217})."""
    table = {}
    for row in _rows("currencies"):
        if row[0] == "noun":
            others = dict(pair.split("=") for pair in row[3].split()) if len(row) > 3 else {}
            table[row[1]] = (None if row[2] == "-" else row[2], others)
    return table


@functools.cache
def currency_codes() -> frozenset[str]:
    """The ISO 4217 codes in use and the withdrawn ones of the table."""
    now = {c.alpha_3 for c in pycountry.currencies}
    told = set(currency_symbols().values())
    for default, others in currency_nouns().values():
        told |= {code for code in (default, *others.values()) if code}
    return frozenset((now | told) - CODES_THAT_ARE_WORDS) | {"RMB"}


@functools.cache
def units() -> dict[str, str]:
    """Written form, in small letters -> singular noun."""
    return {form: row[0] for row in _rows("units") for form in row[1].split("|")}


def _alternatives(words: "list[str] | frozenset[str]") -> str:
    return "|".join(re.escape(w).replace(r"\ ", r"[\s-]") for w in sorted(words, key=lambda w: (-len(w), w)))


LONGEST = 4000
"""Characters of a text that are read: no sentence of prose is longer, and tables of numbers cost time."""

# Codes that are English words in capitals.
CODES_THAT_ARE_WORDS = frozenset({"ALL", "TOP", "TRY", "MOP", "CUP", "PEN", "LAK"})
# Codes that are written in small letters too.
_COMMON = "usd|eur|gbp|rmb|cny|jpy|aud|cad|nzd|mxn|chf|hkd|inr|btc"


def _symbol_form(symbol: str) -> str:
    """A pattern of a sign: letters in either case and a space before `$` (`c $ 5`), but where the letter is a word (`a $5 deal`)."""
    if symbol.endswith("$") and (len(symbol) > 2 or symbol == "C$"):
        return rf"(?i:{re.escape(symbol[:-1].strip())})\s?\$"
    return re.escape(symbol)


def _currency_of(before: str) -> tuple[str | None, bool]:
    """The currency of what stands before a number, and whether it counts in millions (`MUSD`)."""
    plain = before.rstrip("$").strip() if len(before.rstrip("$")) > 2 else before
    if plain.upper() in ("RMB", "BTC"):
        return {"RMB": "CNY", "BTC": "XBT"}[plain.upper()], False
    if plain.lower() in ("dollar", "dollars"):
        return "USD", False
    if plain.upper() in currency_codes() and (plain.isupper() or plain.lower() in _COMMON.split("|")):
        return plain.upper(), False
    if plain.startswith("M") and plain[1:] in currency_codes():
        return plain[1:], True
    if before in currency_symbols():
        return currency_symbols()[before], False
    squeezed = re.sub(r"\s", "", before).upper()
    return next(
        (code for sign, code in currency_symbols().items() if re.sub(r"\s", "", sign).upper() == squeezed), None
    ), False


@functools.cache
def _pattern(*, ranges: bool = True) -> re.Pattern[str]:
    symbols = "|".join(_symbol_form(w) for w in sorted(currency_symbols(), key=lambda w: (-len(w), w)))
    signs = "".join(w for w in currency_symbols() if len(w) == 1 and not w.isalpha())
    codes = "|".join(sorted(currency_codes()))
    nouns = _alternatives(list(currency_nouns()))
    demonyms = "|".join(
        sorted({re.escape(k) for _, others in currency_nouns().values() for k in others}, key=lambda k: (-len(k), k))
    )
    unit_forms = _alternatives([u for u in units() if u not in ("t", "mt", "m3", "bu", "cf", "oz", "hl")])
    often = "?" if ranges else "{0}"
    return re.compile(
        rf"(?:(?P<before>(?<![A-Za-z])(?:(?:{symbols})|M?(?:{codes})\$?|(?i:{_COMMON})\$?|(?i:dollars?))[\s\u00a0]?)|(?<![\w.,/])(?<!\d[-–]))"
        rf"(?P<number>{NUMBER})(?P<scale>{SCALE})?"
        rf"(?:(?:(?P<dash>\s?[-–]\s?)|\s(?:to|or)\s|(?P<both>\sand\s))(?P<before2>(?:{symbols})\s?)?(?P<high>{DIGITS}|(?:{SMALL})(?=\s(?:million|billion|trillion|mln|bln|thousand)))(?P<scale2>{SCALE})?(?![/\d])){often}"
        rf"(?:"
        rf"(?P<percent>\s?%|[\s-]?(?:pct|per[\s-]?cent|percent)\b(?:age)?)(?P<points>[\s-]?(?:age)?[\s-]?points?)?"
        rf"|(?P<points2>\spercentage\spoints?)"
        rf"|[\s\u00a0-]?(?:(?P<nation>(?i:{demonyms})\.?(?:\s(?:Kong|Zealand|Lankan|Rican|German))?)[\s-])?(?:(?i:(?P<noun>{nouns}))(?i:e?s)?|(?P<mcode>M)?(?P<code>{codes}|(?i:{_COMMON})))(?P<late>{SCALE})?\b"
        rf"|[\s\u00a0-](?P<hundredths>cents?|pence|penny|pennies)\b"
        rf"|[\s\u00a0-]?(?:(?P<adjective>crude|metric|short|long|troy)\s)?(?i:(?P<unit>{unit_forms}))\b"
        rf"|\s?(?P<sign>[{re.escape(signs)}元])(?!\s?\d)"
        rf"|\s(?P<short>t|mt)\b|(?P<glued>t|mt)\b|(?P<bcm>\s?(?:bcm|bcf|mcm)\b)"
        rf"|(?!\w)|(?=[-–])"
        rf")",
    )


_COMPARE = re.compile(
    r"(?P<gt>\b(?:(?:well|far|just|slightly|a\slittle|much)\s)?(?:more\sthan|over|above|in\sexcess\sof|upwards?\sof|at\sleast|no\s(?:less|fewer)\sthan"
    r"|exceed(?:ed|s|ing)?|surpass(?:ed|es|ing)?|topp(?:ed|ing)|tops|beyond|north\sof|greater\sthan|higher\sthan|larger\sthan|crossed|better\sthan|a\sminimum\sof|>)"
    r"(?:\sthe)?\s?)$"
    r"|(?P<lt>\b(?:(?:well|far|just|slightly|a\slittle|much)\s)?(?:less\sthan|under|below|fewer\sthan|lower\sthan|smaller\sthan|up\sto|at\smost|no\smore\sthan|not\smore\sthan"
    r"|as\smuch\sas|as\smany\sas|a\smaximum\sof|<)(?:\sthe)?\s?)$"
    r"|(?P<approx>(?:\b(?:about|around|nearly|almost|roughly|approximately|some|estimated|an\sestimated|close\sto|near|approaching|approx\.?|circa|ca\.?"
    r"|somewhere\snear|in\sthe\sregion\sof|on\sthe\sorder\sof|of\sthe\sorder\sof|provisionally)|~)(?:\sthe)?\s?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<gt>\s?\+|\s(?:or|and)\smore\b|[\s-]plus\b)|(?P<lt>\s(?:or|and)\s(?:less|fewer)\b)|(?P<approx>\s(?:or\sso|more\sor\sless)\b)",
    re.IGNORECASE,
)


def find_quantities(text: str) -> list[Quantity]:
    """Finds the numbers of a text with their units, in order; years and clock times are numbers too, of kind `bare`.

    >>> [(q.value, q.unit, q.comparator) for q in find_quantities("exports exceeded $4.5 bn")]
    [(Decimal('4500000000.0'), 'USD', 'gt')]
    """
    text = text[:LONGEST]
    found: list[Quantity] = []
    at = 0
    while match := _pattern().search(text, at):
        if match["high"] and not _is_range(match, text):
            match = _pattern(ranges=False).match(text, match.start()) or match
        quantity = _read(match, text)
        if quantity is not None and not (found and _is_small_change(found, quantity, text)):
            found.append(quantity)
        at = max(match.end(), at + 1)
    return found


def _is_small_change(found: list[Quantity], quantity: Quantity, text: str) -> bool:
    """Adds `45 cents` to the dollars before them: `thirteen dollars and forty-five cents`, `15 dollars 50`."""
    last = found[-1]
    cents = quantity.value if quantity.kind == "bare" else quantity.value.scaleb(2)
    if last.kind != "money" or last.scaled or cents >= 100 or cents != cents.to_integral_value():
        return False
    if not re.fullmatch(r"\s+(?:and\s+)?", text[last.end : quantity.start]) or (
        text[last.start].isdigit() and text[last.end - 1].isdigit()
    ):
        return False
    bare = quantity.kind == "bare" and re.match(r"\s*(?:[.,;!?)]|$|more\b)", text[quantity.end :]) is not None
    if not bare and not (quantity.kind == "money" and quantity.value < 1 and quantity.unit in ("USD", "GBP")):
        return False
    found[-1] = dataclasses.replace(last, end=quantity.end, value=last.value + cents.scaleb(-2))
    return True


_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|sept|oct|nov|dec|january|february|march|april|august|september|october|november|december)\.?\s$"
)


def _is_range(match: re.Match[str], text: str) -> bool:
    """`5-6 million`, `between 5 and 6`, `5 to 6 million`; not `from 5 to 6`, `fell 3 million to 5 million` or `1986-87`."""
    low, high = parse_number(match["number"]), parse_number(match["high"])
    if low is None or high is None or re.fullmatch(r"1[89]\d\d|20\d\d", match["number"]):
        return False
    led = text[max(0, match.start() - 12) : match.start()].lower()
    if _MONTH.search(led):
        return False  # `since July 1 to 7.6 million`
    if match["both"]:
        return bool(re.search(r"between\s+(?:\S{1,3}\s?)?$", led))
    if match["dash"]:
        return low < high or bool(match["scale"])
    return (
        not match["scale"]
        and low < high
        and not re.search(r"\b(?:from|by|at|in|rose|fell|grew|gained|climbed|up|down)\s+\S?$", led)
    )


def _read(match: re.Match[str], text: str) -> Quantity | None:
    groups = match.groupdict()
    scale, scale2 = groups["scale"], groups["scale2"]
    value = scale_value(groups["number"], scale or scale2)
    if value is None:
        return None
    high = scale_value(groups["high"], scale2 or scale) if groups["high"] else None
    kind, unit, family = "bare", None, None
    before = (groups["before"] or "").strip(" \u00a0")
    if groups["percent"] or groups["points2"]:
        kind = "points" if groups["points"] or groups["points2"] else "percent"
    elif before:
        kind = "money"
        unit, in_millions = _currency_of(before)
        if in_millions and not scale:
            value = value.scaleb(6)
    elif groups["sign"]:
        kind, unit = "money", "CNY" if groups["sign"] == "元" else currency_symbols()[groups["sign"]]
    elif groups["hundredths"]:
        kind, unit = "money", "USD" if groups["hundredths"].startswith("cent") else "GBP"
        value = value.scaleb(-2)
    elif groups["noun"]:
        kind = "money"
        noun = " ".join(re.split(r"[\s-]+", groups["noun"].lower()))
        default, others = currency_nouns()[noun]
        nation = (
            re.split(r"[\s-]+", groups["nation"].rstrip(".") + ("." if groups["nation"].startswith("U.S") else ""))
            if groups["nation"]
            else []
        )
        told = next((others[n] for n in (n if n in others else n.capitalize() for n in nation) if n in others), None)
        unit = told or default
        family = None if told else noun
    elif groups["code"]:
        kind, unit = "money", _currency_of(groups["code"])[0]
        if groups["mcode"]:
            value = value.scaleb(6)
    elif groups["unit"]:
        form = re.sub(r"[\s-]+", " ", groups["unit"].lower())
        unit = units().get(form) or units().get(groups["unit"].lower())
        if groups["adjective"] == "metric" and unit == "ton":
            unit = "tonne"
        kind = "unit" if unit else "bare"
    elif groups["short"] or groups["glued"]:
        kind, unit = "unit", "tonne"
    elif groups["bcm"]:
        form = groups["bcm"].strip()
        kind, unit = "unit", "cubic foot" if form.endswith("cf") else "cubic metre"
        value = value.scaleb(9 if form.startswith("b") else 6)
    start, end = match.start(), match.end()
    late = groups["late"]  # `75 USD million`
    if late and not scale and not scale2:
        value = scale_value(groups["number"], late) or value
    exponent = sum(SCALES[w] for w in scale_words(scale or scale2 or late))
    comparator, cue = "eq", None
    led = _COMPARE.search(text[max(0, start - 30) : start])
    if led and led.lastgroup:
        comparator = led.lastgroup
        cue = (max(0, start - 30) + led.start(), start)
    elif (followed := _AFTER.match(text, end)) and followed.lastgroup:
        comparator, cue = followed.lastgroup, (end, followed.end())
    elif high is not None or groups["number"].lower() in ("hundreds of", "dozens of"):
        comparator = "approx"
    return Quantity(start, end, value, kind, unit, high, family, exponent, comparator, cue)
