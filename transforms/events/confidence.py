"""How likely an event is one by the definition: a logistic model over what the rule read, its coefficients in data/confidence.yaml.

They are made by benchmarks/calibration.py, cross-validated by article; at run time they are only summed.
"""

import math
from collections.abc import Mapping

from schemas.event import Statement, TradeFigure, Withdrawal
from transforms.events.context import Context, Mention
from transforms.events.lexicon import read_lexicon

FLOOR, CEILING = 0.05, 0.99


def confidence_of(mention: Mention, context: Context) -> float:
    """Probability between 0 and 1 that an event stands in the sentence as the mention has it."""
    return score_features(features_of(mention), read_lexicon("confidence")["coefficients"])


def features_of(mention: Mention) -> tuple[str, ...]:
    """What is known of a mention that tells sure ones from doubtful ones."""
    kind, detail = mention.kind, mention.detail
    found = [
        "bias",
        f"kind={kind}",
        f"rule={mention.rule}",
        f"{kind}:{mention.modality}",
        f"{kind}:actors={min(2, len(mention.actors))}",
    ]
    found += [f"{kind}:dated"] if mention.time else []
    found += [f"{kind}:placed"] if mention.place else []
    found += [f"{kind}:attributed"] if mention.attributed_to else []
    if isinstance(detail, Statement):
        words = len((detail.content or "").split())
        found += [f"quote={detail.quote_type}", "statement:short" if words < 4 else "statement:long"]
    elif isinstance(detail, TradeFigure):
        found += ["figure:no_value"] if detail.value is None else []
        found += ["figure:no_unit"] if detail.value is not None and detail.unit is None else []
    elif isinstance(detail, Withdrawal):
        found += [f"category={detail.category}"]
    return tuple(found)


def score_features(features: tuple[str, ...], coefficients: Mapping[str, float]) -> float:
    """Logistic of the sum of the features' coefficients; a feature that the model doesn't know counts nothing."""
    total = sum(coefficients.get(name, 0.0) for name in features)
    return min(CEILING, max(FLOOR, 1 / (1 + math.exp(-total))))
