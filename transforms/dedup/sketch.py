"""Sketches: a text as hashes of its shingles, numbers, names and sentences.

Scheme `sh3-mix`: t = XXH3-64 of each token; a shingle of three tokens is
fmix64(t1*0x9E3779B97F4A7C15 + t2*0xC2B2AE3D27D4EB4F + t3*0x165667B19E3779F9) mod 2^64, fmix64 being MurmurHash3's finaliser.
Its values are frozen by the vectors in tests/test_sketch.py: another hash is another scheme.
"""

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from schemas.article import Article
from transforms.annotate.lines import split_paragraphs
from transforms.annotate.sentences import split_sentences
from transforms.dedup.frames import LEAD_TOKENS, mark_lead, skip_dateline
from transforms.dedup.furniture import is_furniture, split_rubric

Hashes = npt.NDArray[np.uint64]

SCHEME = "sh3-mix"
SELF_TEST = "5618fb210636b692"
"""First shingle of `The quick brown fox`, in hexadecimal; stands in the state's header."""

LEAD = 12
"""Tokens that the lead of a text has."""
MIN_TITLE_WORD = 4
"""Letters of the shortest word of a title that tells what it is about."""
MIN_SENTENCE = 4
"""Sentences of fewer tokens are never news."""

_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TOKEN = re.compile(r"\d+(?:[.,/:-]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
_UNIT_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+")
_FACTORS = tuple(np.uint64(f) for f in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_MIX1, _MIX2, _SHIFT = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(33)
VERSION_BITS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Sketch:
    """What the stage knows of one article version; hashes are uint64 in little-endian bytes.

    Attributes:
        node: key of the article version; orders like (article, version).
        at: when it was published, else first seen: whole seconds since 1970.
        title: sorted set of the hashes of its title's longer words, without a rubric.
        digest: of the normalised body.
        exact: keys of `digest` and of title with lead; who shares one may be an exact copy or the same flash.
        tokens: how many the body has, without furniture.
        shingles, numbers: sorted sets.
        lead: its first tokens with their kind (frames.mark_lead).
        sentences: hash of each sentence in text order, 0 for one that is too short to be news or is the site's furniture.
        rubric: its title is that of a digest or of live coverage.
    """

    node: int
    article_id: str
    version: int
    at: int
    outlet: str
    title: bytes
    digest: bytes
    exact: tuple[int, ...]
    tokens: int
    shingles: bytes
    numbers: bytes
    lead: bytes
    sentences: bytes
    rubric: bool

    @property
    def order(self) -> tuple[int, int]:
        """Stories are decided in this order."""
        return self.at, self.node

    @property
    def article(self) -> int:
        """Key that the versions of one article share."""
        return article_key(self.node)


def node_key(article_id: str, version: int) -> int:
    """Key of an article version: 51 bits of the article, 12 of the version; 63 bits, since Beam's integers are signed."""
    last = (1 << VERSION_BITS) - 1
    return xxhash.xxh3_64_intdigest(article_id.encode()) >> 1 & ~last | min(version, last)


def article_key(node: int) -> int:
    """Key that the versions of one article share."""
    return node >> VERSION_BITS


def fold_characters(text: str) -> str:
    """Folds compatibility forms and curly apostrophes, and drops what nobody sees: soft hyphens, joiners, marks of direction."""
    if text.isascii():
        return text
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).replace("’", "'").replace("‘", "'")


def normalise_text(text: str) -> str:
    """Folds what typesetting changes: compatibility forms, curly apostrophes, case."""
    return fold_characters(text).casefold()


def split_tokens(text: str) -> list[str]:
    """Splits text into normalised tokens.

    >>> split_tokens("It’s up 5.1 % to 1,234.5 mln")
    ["it's", 'up', '5.1', 'to', '1,234.5', 'mln']
    """
    return _TOKEN.findall(normalise_text(text))


@functools.lru_cache(1 << 17)
def hash_token(token: str) -> int:
    """XXH3-64 (seed 0) of a token in UTF-8."""
    return xxhash.xxh3_64_intdigest(token.encode("utf-8", "surrogatepass"))


def hash_tokens(tokens: Sequence[str]) -> Hashes:
    """hash_token of each token."""
    return np.fromiter(map(hash_token, tokens), np.uint64, len(tokens))


def unique_sorted(hashes: Hashes) -> Hashes:
    """The sorted set of hashes; numpy.unique is slower, since it looks for more."""
    if len(hashes) < 2:
        return hashes
    hashes = np.sort(hashes)
    new = np.ones(len(hashes), bool)
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    return hashes[new]


def mix(values: Hashes) -> Hashes:
    """The finaliser of MurmurHash3 (fmix64)."""
    values = (values ^ (values >> _SHIFT)) * _MIX1
    values = (values ^ (values >> _SHIFT)) * _MIX2
    return values ^ (values >> _SHIFT)


def shingle_hashes(tokens: Hashes) -> Hashes:
    """Hashes of each three consecutive tokens, in text order; fewer than three tokens make one."""
    if not len(tokens):
        return tokens
    if len(tokens) < 3:
        tokens = np.concatenate([tokens, np.zeros(3 - len(tokens), np.uint64)])
    one, two, three = _FACTORS
    return mix(tokens[:-2] * one + tokens[1:-1] * two + tokens[2:] * three)


def sample_size(shingles: Hashes, limit: int, floor: int) -> int:
    """How many of the sorted shingles are its candidate keys: those up to the limit, at least `floor`."""
    return min(len(shingles), max(floor, int(np.searchsorted(shingles, np.uint64(limit), "right"))))


def hash_sequence(tokens: Hashes) -> int:
    """Hash of a sequence of token hashes."""
    return xxhash.xxh3_64_intdigest(tokens.tobytes())


def split_units(text: str) -> list[str]:
    """Splits text roughly into sentences: enough to tell furniture from story, at a fraction of split_sentences' cost."""
    return [unit for start, end in split_paragraphs(text) for unit in _UNIT_END.split(text[start:end]) if unit]


def sentence_hashes(text: str) -> Hashes:
    """Hash of each sentence of split_sentences; 0 for one that is too short to be news or is the site's furniture."""
    hashes = []
    dateline = skip_dateline(text)  # each agency puts its own before the same first sentence
    for start, end in split_sentences(text):
        sentence = normalise_text(text[max(start, dateline) : end])
        words = _TOKEN.findall(sentence)
        news = len(words) >= MIN_SENTENCE and not is_furniture(sentence, words)
        hashes.append(hash_sequence(hash_tokens(words)) if news else 0)
    return np.array(hashes, np.uint64)


def sketch_text(text: str, title: str | None = None) -> dict[str, Any]:
    """The parts of a sketch that come from title and text, but for its sentences."""
    units = split_units(text)
    lines = [normalise_text(unit) for unit in units]
    words = [_TOKEN.findall(line) for line in lines]
    own = [not is_furniture(line, found) for line, found in zip(lines, words, strict=True)]
    kept = [word for found, mine in zip(words, own, strict=True) if mine for word in found]
    tokens = hash_tokens(kept)
    topic, rubric = split_rubric(normalise_text(title or ""))
    headline = hash_tokens(split_tokens(title or ""))
    # A page that is furniture only is told by all its words.
    digest = xxhash.xxh3_128_digest((tokens if kept else hash_tokens(list(itertools.chain(*words)))).tobytes())
    exact = [int.from_bytes(digest[:8], "little")]
    if len(headline) >= 3:
        exact.append(hash_sequence(np.concatenate([headline, np.zeros(1, np.uint64), tokens[:LEAD]])))
    numbers = [n for n, word in enumerate(kept) if word[0].isdigit()]
    topics = [word for word in _TOKEN.findall(topic) if len(word) >= MIN_TITLE_WORD]
    return {
        "title": unique_sorted(hash_tokens(topics)).tobytes(),
        "digest": digest,
        "exact": tuple(exact),
        "tokens": len(kept),
        "shingles": unique_sorted(shingle_hashes(tokens)).tobytes(),
        "numbers": unique_sorted(tokens[numbers]).tobytes(),
        "lead": pack_lead([unit for unit, mine in zip(units, own, strict=True) if mine]),
        "rubric": rubric,
    }


def pack_lead(sentences: Sequence[str]) -> bytes:
    """Marks the first tokens of a text's own sentences, without its dateline."""
    words: list[str] = []
    starts: list[int] = []
    for sentence in sentences:
        plain = fold_characters(sentence)
        starts.append(len(words))
        words += _TOKEN.findall(plain if words else plain[skip_dateline(plain) :])
        if len(words) >= LEAD_TOKENS:
            break
    words = words[:LEAD_TOKENS]
    tokens = [word.casefold() for word in words]
    return mark_lead(words, tokens, starts, list(map(hash_token, tokens)))


def effective_seconds(article: Article) -> int:
    """When an article counts as published: where that can't be trusted, or lies ahead, when the run met it."""
    seen = article.first_seen_at
    published = article.body.published
    at = min(published.at, seen) if published.trusted and published.at is not None else seen
    return int(at.timestamp() // 1)


def sketch_article(article: Article) -> Sketch:
    """Makes the sketch of an identified article."""
    body = article.body
    return Sketch(
        node=node_key(article.article_id, article.version),
        article_id=article.article_id,
        version=article.version,
        at=effective_seconds(article),
        outlet=body.outlet,
        sentences=sentence_hashes(body.text).tobytes(),
        **sketch_text(body.text, body.title),
    )


def as_hashes(data: bytes) -> Hashes:
    """The uint64 array that lies in little-endian bytes."""
    return np.frombuffer(data, "<u8")
