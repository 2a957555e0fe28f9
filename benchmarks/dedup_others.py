"""What others use for near-duplicates, each with the setting that served it best (dedup.md, section 8)."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from transforms.dedup.components import Forest, find_root, join_nodes
from transforms.dedup.sketch import hash_tokens, shingle_hashes, split_tokens

WIDTH = 5
SIMHASH_BITS = 3


def close(pairs: Iterable[tuple[int, int]], size: int) -> list[int]:
    """Labels of the connected components."""
    forest: Forest = {}
    for one, two in pairs:
        join_nodes(forest, one, two)
    return [find_root(forest, n) for n in range(size)]


def shingle_words(text: str, width: int = WIDTH) -> list[str]:
    """Shingles of `width` words."""
    tokens = split_tokens(text)
    return [" ".join(tokens[n : n + width]) for n in range(max(1, len(tokens) - width + 1))]


def find_by_datasketch(texts: Sequence[str], threshold: float) -> list[int]:
    """MinHash LSH with 128 permutations, verified by the estimate."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    hashes: list[MinHash] = []
    pairs = []
    for n, text in enumerate(texts):
        made = MinHash(num_perm=128)
        made.update_batch([s.encode() for s in shingle_words(text)])
        pairs += [(n, m) for m in index.query(made) if made.jaccard(hashes[m]) >= threshold]
        index.insert(n, made)
        hashes.append(made)
    return close(pairs, len(texts))


def find_by_rensa(texts: Sequence[str], threshold: float) -> list[int]:
    """R-MinHash LSH with 128 permutations, verified by the estimate."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32)
    hashes, pairs = [], []
    for n, text in enumerate(texts):
        made = RMinHash(num_perm=128, seed=42)
        made.update(shingle_words(text))
        pairs += [(n, m) for m in index.query(made) if made.jaccard(hashes[m]) >= threshold]
        index.insert(n, made)
        hashes.append(made)
    return close(pairs, len(texts))


def find_by_simhash(texts: Sequence[str]) -> list[int]:
    """64-bit SimHash of three-word shingles, Hamming distance of at most 3."""
    bits = np.uint64(1) << np.arange(64, dtype=np.uint64)
    prints = []
    for text in texts:
        shingles = shingle_hashes(hash_tokens(split_tokens(text)))
        votes = ((shingles[:, None] & bits) != 0).mean(axis=0) if len(shingles) else np.zeros(64)
        prints.append(bits[votes > 0.5].sum(dtype=np.uint64))
    values = np.array(prints, np.uint64)
    pairs = []
    for n in range(1, len(values)):
        near = np.bitwise_count(values[:n] ^ values[n]) <= SIMHASH_BITS
        pairs += [(n, int(m)) for m in np.flatnonzero(near)]
    return close(pairs, len(texts))


METHODS: dict[str, Callable[[Sequence[str]], list[int]]] = {
    "datasketch w5 verified .4": lambda texts: find_by_datasketch(texts, 0.4),
    "datasketch w5 verified .8": lambda texts: find_by_datasketch(texts, 0.8),
    "rensa R w5 verified .4": lambda texts: find_by_rensa(texts, 0.4),
    "rensa R w5 verified .7": lambda texts: find_by_rensa(texts, 0.7),
    "SimHash-64 w3, Hamming <= 3": find_by_simhash,
}
