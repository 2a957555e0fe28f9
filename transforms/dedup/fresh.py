"""What an article of the tree told first: the same ranges as when it was placed, from the published texts."""

from collections.abc import Iterable

from schemas.article import Article
from transforms.annotate.sentences import split_sentences
from transforms.dedup.sketch import as_hashes, sketch_article

Key = tuple[str, int]
Ranges = tuple[tuple[int, int], ...]


def find_fresh(articles: Iterable[Article]) -> dict[Key, Ranges | None]:
    """Ranges of each text that no earlier member of its story and no earlier version has; None for all of it.

    Args:
        articles: whole stories and all versions of their articles, in any order. A run placed its articles in the order
            of their publication, and runs followed each other in that of their start.
    """
    ordered = sorted(
        ((article, sketch_article(article)) for article in articles),
        key=lambda pair: (pair[0].first_seen_at, pair[1].order),
    )
    known: dict[str, set[int]] = {}
    versions: dict[str, set[int]] = {}
    fresh: dict[Key, Ranges | None] = {}
    for article, sketch in ordered:
        hashes = as_hashes(sketch.sentences).tolist()
        told = known.setdefault(article.story_id or article.article_id, set())
        before = versions.get(article.article_id)
        ranges: Ranges | None = None
        if article.duplicate_of is not None or before is not None:
            sentences = split_sentences(article.body.text)
            earlier = told | (before or set())
            ranges = tuple(sentences[n] for n, h in enumerate(hashes) if h and h not in earlier)
        told.update(hashes)
        versions[article.article_id] = set(hashes)
        fresh[article.article_id, article.version] = ranges
    return fresh
