"""Articles that were asked to be forgotten: the state table `forgotten` keeps them out for good."""

import pyarrow as pa

from transforms.store.state import StateRef, StateTable

FORGOTTEN_TABLE = StateTable(
    "forgotten",
    pa.schema([pa.field("article_id", pa.string(), nullable=False)]),
    "forgotten-1: article ids",
    ("article_id",),
)


def load_forgotten(state: StateRef) -> frozenset[str]:
    """Ids of the articles to be kept out; only the id is kept of them, which no text can be made of."""
    return frozenset(state.load(FORGOTTEN_TABLE)["article_id"].to_pylist())


def forgotten_rows(article_ids: frozenset[str]) -> pa.Table:
    """State rows of articles to be kept out."""
    return pa.table({"article_id": pa.array(sorted(article_ids), pa.string())}, schema=FORGOTTEN_TABLE.schema)
