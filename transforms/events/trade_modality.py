"""Whether a trade figure is a fact: forecasts, targets and what is agreed for later, told by the words about flow and number."""

import re

from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon, text_of
from transforms.events.modality import Judgement, judge
from transforms.events.trade_values import Figure

_AGREED = re.compile(r"\b(?:agreed|agreement|will|plans?|planned|scheduled|contracts?)\b")


def judge_figure(figure: Figure, context: Context) -> tuple[str, str | None]:
    """The modality of a figure with the words that say so; what it is compared with is a fact."""
    if figure.role == "prior":
        return "asserted", None
    judged = judge(figure.flow.token, context)
    token = figure.flow.token
    if judged.modality == "asserted" and figure.flow.form == "verb" and token.tag_ == "VB":
        lies_back = figure.period is not None and context.day is not None and figure.period.last < context.day
        if not lies_back and any(c.lower_ == "to" for c in token.children):
            return "planned", "to"  # `has commitments to export 3 million tonnes`
    if judged.modality == "negated" and _is_told_apart(figure):
        judged = Judgement()
    if judged.cue == "worth":  # `exports worth $5 billion` is no wish
        judged = Judgement()
    day, period = context.day, figure.period
    over = period is not None and day is not None and period.last < day
    if over and judged.modality in ("possible", "planned") and forecast_cue(figure) is None:
        judged = Judgement()  # `narrowed to 13 billion in March and is expected to stay there`
    if judged.modality == "asserted" and period is not None and day is not None and period.first > day:
        agreed = _AGREED.search(figure.flow.token.sent.text)
        return ("planned", agreed[0]) if agreed else ("possible", figure.period_text)
    open_yet = period is None or day is None or period.last >= day
    if judged.modality in ("asserted", "planned") and open_yet and (cue := forecast_cue(figure)):
        return "possible", cue
    return judged.modality, judged.cue


def _is_told_apart(figure: Figure) -> bool:
    """`to stop its surplus, which hit $18 billion`: the number stands in a clause of its own, in the past."""
    led = text_of(figure.flow.token.doc)[figure.flow.end : figure.quantity.start]
    return (
        re.search(
            r"\b(?:which|that)\s+(?:hit|was|were|reached|stood|rose|fell|grew|totall?ed|widened|amounted|exceeded)\b",
            led,
        )
        is not None
    )


def forecast_cue(figure: Figure) -> str | None:
    """The word between a flow and its number, or right before the flow, that makes the figure a forecast."""
    sentence = figure.flow.token.sent
    start = max(sentence.start_char, figure.flow.start - 40)
    led = sentence.text[start - sentence.start_char : figure.quantity.start - sentence.start_char]
    found = re.search(read_lexicon("trade")["forecasts"], led)
    return found[0] if found else None
