"""Which entries are followed to their pages, skipped as known, left out, or taken as they stand."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.source import RawArticle
from transforms.article.dates import parse_instant
from transforms.article.identify import Skipped
from transforms.article.identity import address_key, article_id, entry_key
from transforms.article.outlet import name_outlet
from transforms.article.refused import RefusedHandle, refused_entry_key
from transforms.article.seen import SeenHandle
from transforms.article.urls import canonical_url
from transforms.outcomes import Tally

FetchMode = Literal["pages", "none"]
FOLLOW: Literal["follow"] = "follow"
SKIPPED: Literal["skipped"] = "skipped"
TALLIES: Literal["tallies"] = "tallies"


@dataclasses.dataclass(frozen=True)
class FollowConfig:
    """Which entries are taken and followed.

    Attributes:
        fetch: `pages`, `none`, or None for pages of live feeds and none of files.
        limit: of articles from one document; None for all.
        not_before: entries published earlier are left out; None for none.
    """

    fetch: FetchMode | None = None
    limit: int | None = None
    not_before: dt.datetime | None = None

    def follows(self, entry: RawArticle) -> bool:
        """Whether an entry's page is to be fetched."""
        if entry.origin != "entry" or not entry.url or entry.url == entry.source_uri or self.fetch == "none":
            return False
        return self.fetch == "pages" or entry.fetched_at is not None

    def left_out(self, article: RawArticle) -> str | None:
        """Why an article is left out unread, None when it is not."""
        if self.limit is not None and article.position >= self.limit:
            return "past-limit"
        if self.not_before is not None and article.origin == "entry" and article.published:
            when = parse_instant(article.published, article.settings.timezone).at
            if when is not None and when < self.not_before:
                return "past-max-age"
        return None


class SortEntriesFn(beam.DoFn):
    """Parts what is followed, what is skipped as known and what goes on as it stands."""

    def __init__(self, config: FollowConfig, seen: SeenHandle, refused: RefusedHandle) -> None:
        self._config = config
        self._handles = seen, refused

    def setup(self) -> None:
        """Acquires what was seen and what was refused."""
        self._seen = self._handles[0].acquire()
        self._refused = self._handles[1].acquire()

    def process(
        self, article: RawArticle
    ) -> Iterable[
        RawArticle
        | TaggedOutput[Literal["follow"], RawArticle]
        | TaggedOutput[Literal["skipped"], tuple[str, Skipped]]
        | TaggedOutput[Literal["tallies"], Tally]
    ]:
        """Yields what goes on as it stands; the rest goes to its tag."""
        why = self._config.left_out(article)
        if why is not None:
            yield TaggedOutput(TALLIES, Tally("left-out", why))
            return
        if not self._config.follows(article):
            yield article
            return
        key = entry_key(article)
        before = self._seen.by_entry(key)
        if before is not None:
            yield TaggedOutput(SKIPPED, (article_id(before[0]), Skipped(before[1])))
        elif refused_entry_key(key) in self._refused:
            url = canonical_url(article.url)
            outlet = name_outlet(article, url)[0]
            yield TaggedOutput(SKIPPED, (article_id(address_key(outlet, url or "")), Skipped(outlet)))
        else:
            yield TaggedOutput(FOLLOW, dataclasses.replace(article, entry_key=key))

    def followed(self, articles: Iterable[RawArticle]) -> Iterator[RawArticle]:
        """Those of the articles that are followed."""
        for article in articles:
            for found in self.process(article):
                if isinstance(found, TaggedOutput) and found.tag == FOLLOW:
                    yield found.value
