"""Which language a text is in, by the model that comes with py3langid."""

import functools
import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Below this many letters the model guesses; what the source says is better.
MIN_LETTERS = 60
MIN_PROBABILITY = 0.8
# The model reads bytes one by one in Python; the first part of an article tells.
MAX_CHARS = 3000

_CODE = re.compile(r"^([a-z]{2})(?:[-_][a-z0-9]{2,8})*$", re.IGNORECASE)


@functools.cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify_language(text: str, hint: str | None = None) -> str | None:
    """ISO 639-1 code of a text; that of `hint` (a BCP 47 tag) where the text is too short or too mixed to tell.

    >>> identify_language("Die Minister trafen sich am Montag in Wien und sprachen über den Handel mit Getreide.")
    'de'
    >>> identify_language("OK", hint="en-GB"), identify_language("OK")
    ('en', None)
    """
    said = _CODE.match((hint or "").strip())
    fallback = said.group(1).lower() if said else None
    sample = text[:MAX_CHARS]
    if sum(char.isalpha() for char in sample) < MIN_LETTERS:
        return fallback
    code, probability = _identifier().classify(sample)
    if probability < MIN_PROBABILITY:
        return fallback
    return str(code)
