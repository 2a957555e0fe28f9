"""How likely an event is right: calibrated on articles that neither the rules nor the calibration saw."""

from transforms.events.context import Context, Mention
from transforms.events.lexicon import read_lexicon


def confidence_of(mention: Mention, context: Context) -> float:
    """Probability between 0 and 1 that the event is one by the definition (docs/events)."""
    table = read_lexicon("confidence")
    return float(table["kinds"].get(mention.kind, table["default"]))
