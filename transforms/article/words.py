"""Counting words, also of scripts that write none apart."""

import re

# Han, kana and Hangul write no or other spaces; two characters count as a word, as Unicode text segmentation finds on average.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff]")


def split_words(text: str) -> list[str]:
    """Words of a text, split at white space, without the bars between the cells of a table.

    >>> split_words("| Ann Lee | | |")
    ['Ann', 'Lee']
    """
    words = text.split()
    return [word for word in words if word.strip("|")] if "|" in text else words


def count_words(text: str) -> int:
    """Words of a text, split at white space; two characters of a script without spaces count as one.

    >>> count_words("The ministers met."), count_words("部長会談")
    (3, 2)
    """
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    if not unspaced:
        return len(split_words(text))
    return len(split_words(_UNSPACED.sub(" ", text))) + unspaced // 2
