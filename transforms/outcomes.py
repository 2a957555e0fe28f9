"""What became of each input: the one count that every manifest must add up to."""

import dataclasses
from typing import Literal

from schemas.article import Article
from schemas.quarantine import Failure

OutcomeKind = Literal["new", "versions", "copies", "known", "quarantined"]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """One input's outcome.

    Attributes:
        outlet: slug it is counted under.
        kind: name of the counter, as in schemas.manifest.Counts.
    """

    outlet: str
    kind: OutcomeKind


def article_outcome(article: Article) -> Outcome:
    """Outcome of an article version that the run publishes: a first version is new or a copy.

    Its story must have been decided.
    """
    if article.version > 1:
        return Outcome(article.body.outlet, "versions")
    return Outcome(article.body.outlet, "new" if article.duplicate_of is None else "copies")


def failure_outcome(failure: Failure) -> Outcome:
    """Outcome of an input that gave nothing."""
    return Outcome(failure.outlet, "quarantined")
