"""Where a row is filed: the outlet's slug and the leaf's path."""

import datetime as dt
import re

SLUG = re.compile(r"^[a-z0-9][a-z0-9.-]{0,62}$")
UNKNOWN_OUTLET = "unknown"
OTHER_OUTLETS = "other"

# Names that file systems or readers take for something else: Windows devices, SQL and JSON literals.
_RESERVED = frozenset(
    [
        "null",
        "none",
        "nan",
        "inf",
        "infinity",
        "true",
        "false",
        "nul",
        "con",
        "prn",
        "aux",
        "today",
        "tomorrow",
        "yesterday",
        "now",
        "epoch",
    ]
    + [f"{device}{n}" for device in ("com", "lpt") for n in range(10)]
)
# Java takes `1d` and `1f` for numbers, DuckDB `1e5.` too.
_NUMBER = re.compile(r"^[0-9]+(?:[.-][0-9]+)*\.?(e-?[0-9]+)?\.?[df]?$|^0x[0-9a-f]+$|^0b[01]+$|^0o[0-7]+$")
_DATE = re.compile(r"^[0-9]{1,4}[-.][0-9]{1,2}([-.][0-9]{1,4})?")


def outlet_slug(name: str | None) -> str:
    """Makes the partition value of an outlet name; `unknown` where nothing is left of it.

    >>> outlet_slug("Caliber.Az"), outlet_slug("360"), outlet_slug("../x y"), outlet_slug(" ")
    ('caliber.az', 'n-360', 'x-y', 'unknown')
    """
    slug = re.sub(r"[^a-z0-9.-]", "-", (name or "").strip().lower())
    slug = slug.lstrip(".-")[:63]
    if not slug:
        return UNKNOWN_OUTLET
    if slug in _RESERVED or _NUMBER.match(slug) or _DATE.match(slug):
        slug = f"n-{slug}"[:63]
    return slug


def leaf(dataset: str, day: dt.date, outlet: str | None) -> str:
    """Path of a leaf folder below the output, without a slash at its end; `outlet` None for quarantine.

    >>> leaf("events", dt.date(2025, 12, 24), "caliber.az")
    'events/date=2025-12-24/outlet=caliber.az'
    """
    path = f"{dataset}/date={day.isoformat()}"
    return path if outlet is None else f"{path}/outlet={outlet}"
