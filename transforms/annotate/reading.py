"""The copy of a text that the language model reads: the same length, plainer signs."""

import re

from transforms.annotate.lines import find_wraps

# One sign for one sign, so that offsets into the copy are offsets into the text. Straight quotation marks are what the
# model's training text holds most of; `‘` and `’` would otherwise part from the words that they abridge.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂″", '"'),
        **dict.fromkeys("‘’‚‛ʼ′´", "'"),
        **dict.fromkeys("―‒⁃", "—"),
        **dict.fromkeys("\u2010\u2011\u2212", "-"),
        **dict.fromkeys("\u00a0\u1680\u202f\u205f\u2060\u3000\ufeff\u200b\u200c\u200d\t", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    }
)
# Old agency copy writes a dash as `_`.
_LONE_UNDERSCORE = re.compile(r"(?<=\s)_(?=\s)")


def reading_copy(text: str) -> str:
    """Makes the copy that is parsed: hard wraps become spaces, typographic signs plain ones; paragraph ends stay.

    Returns:
        A text of the same length in code points.
    """
    copy = text.translate(_SIGNS)
    parts, at = [], 0
    for start, end in find_wraps(text):
        parts += [copy[at:start], " " * (end - start)]
        at = end
    return _LONE_UNDERSCORE.sub("—", "".join([*parts, copy[at:]]))
