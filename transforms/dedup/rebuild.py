"""State made anew from what was published: for `newsmill rebuild-state`, when a scheme changed or a segment is lost."""

import dataclasses
from collections.abc import Iterable

import pyarrow as pa

from schemas.article import Article
from transforms.dedup.config import DAY, DedupConfig
from transforms.dedup.history import History
from transforms.dedup.place import place_stories
from transforms.dedup.sketch import node_key, sketch_article
from transforms.dedup.state import make_tables


def memory_seconds(config: DedupConfig) -> int:
    """How long before the newest article the state reaches: articles published earlier need not be read."""
    return max(config.exact_window, config.day_span * DAY) + DAY


def state_from_articles(articles: Iterable[Article], config: DedupConfig) -> dict[str, pa.Table]:
    """Makes the state tables from articles that were placed before.

    Stories stay as they were published; only what the articles don't say (what is a part of what, day counts) is worked
    out again.

    Args:
        articles: with text, story_id, duplicate_of and similarity, each version once, in any order.
        config: what makes two texts one story.

    Raises:
        ValueError: an article has no story.
    """
    published = {node_key(article.article_id, article.version): article for article in articles}
    placed = []
    for decision in place_stories(map(sketch_article, published.values()), History.empty(), config):
        article = published[decision.placed.sketch.node]
        if article.story_id is None:
            raise ValueError(f"article {article.article_id}, version {article.version}, has no story")
        placed.append(
            dataclasses.replace(
                decision.placed,
                story_id=article.story_id,
                canonical=article.duplicate_of,
                similarity=article.similarity,
                reason=article.similarity_reason or "as published",
            )
        )
    return make_tables(placed, config)
