"""The turns of phrase around trade figures: patterns of data/trade_patterns.yaml, compiled."""

import functools
import re

from transforms.events.lexicon import read_lexicon


@functools.cache
def read_pattern(name: str) -> re.Pattern[str]:
    """Compiles a pattern by its name; `<NAME>` in it stands for one of the words of that list.

    Raises:
        KeyError: there is no such pattern or list of words.
    """
    lexicon = read_lexicon("trade_patterns")

    def one_of(match: re.Match[str]) -> str:
        words = sorted(lexicon["words"][match[1]], key=len, reverse=True)
        return "(?:" + "|".join(r"\s+".join(map(re.escape, word.split())) for word in words) + ")"

    return re.compile(re.sub(r"<([A-Z_]+)>", one_of, lexicon["patterns"][name]), re.IGNORECASE)
