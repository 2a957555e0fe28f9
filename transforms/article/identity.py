"""Identity of articles: keys, fingerprints and the versions that a run adds to what was seen.

One article is one outlet and one canonical URL. A GUID only helps an entry that moved its URL within the outlet,
and only where the words agree: GUIDs lie in both directions (shared by all items, or new on every edit).
"""

import collections
import dataclasses
import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence

from schemas.article import Article, ExtractedArticle, PublishedAt
from schemas.source import RawArticle
from transforms.article.urls import is_home_page, is_same_site, page_key

SKETCH_SIZE = 16
SAME_WORDS = 0.5  # share of the sketch that must agree before a GUID may join two URLs


def key64(*parts: str) -> int:
    """64-bit key of the parts, never 0 (0 stands for none)."""
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def fold(text: str | None) -> str:
    """Text with white space folded, in NFC: what may differ without making a new version."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def fingerprint(article: ExtractedArticle) -> int:
    """Key of title and text; equal for bodies that are one version."""
    return key64(fold(article.title), fold(article.text))


def entry_key(entry: RawArticle) -> int:
    """Key of an entry as its feed gave it; a changed date, author, tag or picture does not change it.

    Nor does a GUID or a tracking parameter that is new at every poll, or the page would be fetched anew each time.
    """
    words = re.sub(r"<[^<>]*>", " ", entry.html or entry.text or "")
    place = page_key(entry.url) or entry.url or entry.guid
    return key64(place or "", fold(entry.title), fold(words))


def address_key(outlet: str, url: str) -> int:
    """Key of an address within an outlet: scheme, `www.`, `m.` and a trailing slash make no other article."""
    return key64(outlet, page_key(url) or url)


def url_key(outlet: str, article: ExtractedArticle) -> int:
    """Key of an article's own address within its outlet.

    Records and entries without a URL share their source's URI, and a home page is no entry's own address: their words
    (or GUID) tell them apart.
    """
    shared = article.url == article.source_uri and article.origin in ("record", "entry")
    if shared or (article.origin == "entry" and is_home_page(article.url)):
        return key64(outlet, article.url, article.guid or fold(article.title) + fold(article.text))
    return address_key(outlet, article.url)


def article_id(key: int) -> str:
    """The published id of an article key."""
    return f"a{key:016x}"


def sketch(article: ExtractedArticle) -> tuple[int, ...]:
    """The SKETCH_SIZE smallest 32-bit hashes of the article's words (bottom-k sketch, Broder 1997)."""
    words = set(re.findall(r"\w+", fold(f"{article.title or ''} {article.text[:5000]}").casefold()))
    hashes = sorted(int.from_bytes(hashlib.blake2b(w.encode(), digest_size=4).digest(), "big") for w in words)
    return tuple(hashes[:SKETCH_SIZE])


def same_words(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whether two sketches agree well enough to be one story edited.

    >>> same_words((1, 2, 3, 4), (1, 2, 3, 9)), same_words((1, 2), (3, 4)), same_words((), ())
    (True, False, False)
    """
    union = sorted(set(a) | set(b))[:SKETCH_SIZE]
    both = set(a) & set(b)
    return bool(union) and sum(h in both for h in union) / len(union) >= SAME_WORDS


@dataclasses.dataclass(frozen=True, slots=True)
class SeenVersion:
    """A version that an earlier run published.

    Attributes:
        full: its body came from a page or record, not from an entry.
        published: its publication by `stamp`, 0 where it has none to the minute.
    """

    version: int
    fingerprint: int
    full: bool
    published: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What a run makes of all it read of one article.

    Attributes:
        added: new versions in order. known: observations that add nothing, one for each body met again.
        refused: an entry that was cut in transfer and is not known whole.
        teasers: what another feed says under the same title; not counted, and no revision when it comes alone.
    """

    added: tuple[Article, ...] = ()
    known: tuple[ExtractedArticle, ...] = ()
    refused: tuple[ExtractedArticle, ...] = ()
    teasers: tuple[ExtractedArticle, ...] = ()


def _in_time(article: ExtractedArticle) -> tuple[str, str, int]:
    when = article.retrieved_at or article.fetched_at or article.modified_at or article.published.at
    return (when.isoformat() if when else "", article.source_uri, article.position)


def _fullest(entries: Sequence[ExtractedArticle]) -> ExtractedArticle:
    """The entry that says most; the outlet's own feed speaks before another site's."""
    if len(entries) == 1:
        return entries[0]
    return max(
        sorted(entries, key=_in_time),
        key=lambda e: (not e.partial, is_same_site(e.source_uri, e.url), len(fold(e.text)), len(fold(e.title))),
    )


def part_entries(entries: Sequence[ExtractedArticle]) -> list[list[ExtractedArticle]]:
    """Parts entries of one address by what they are, a document's oldest first: a page that one feed links to for several stories.

    Two entries tell different stories where one document gives them different GUIDs and different titles.
    """
    if len(entries) == 1:
        return [list(entries)]
    parts: list[list[ExtractedArticle]] = []
    place: dict[tuple[str, str], int] = {}
    met: set[str] = set()
    told = collections.Counter(entry.source_uri for entry in entries)
    # The document that tells most stories first: what it tells apart must not be one for whoever tells one of them.
    order = sorted(entries, key=lambda e: (-told[e.source_uri], str(e.published.at or ""), e.source_uri, -e.position))
    for entry in order:
        names = [(kind, name) for kind, name in (("guid", entry.guid), ("title", fold(entry.title))) if name]
        part = next((place[name] for name in names if name in place), None)
        if part is None:
            # An entry of another document, or one that lacks a name, is the same story told again.
            part = len(parts) if len(names) == 2 and (not parts or entry.source_uri in met) else 0
        if part == len(parts):
            parts.append([])
        parts[part].append(entry)
        met.add(entry.source_uri)
        place.update((name, place.get(name, part)) for name in names)
    return parts


def lend_metadata(body: ExtractedArticle, entries: Sequence[ExtractedArticle]) -> ExtractedArticle:
    """Fills what a page or record lacks from the feed entries of the same article."""
    for entry in sorted(entries, key=_in_time):
        body = dataclasses.replace(
            body,
            title=body.title or entry.title,
            guid=body.guid or entry.guid,
            authors=body.authors or entry.authors,
            tags=body.tags or entry.tags,
            outlet_name=body.outlet_name or entry.outlet_name,
            published=entry.published if entry.published.trusted and not body.published.trusted else body.published,
            entry_key=body.entry_key or entry.entry_key,
        )
    return body


def stamp(published: PublishedAt) -> int:
    """A trusted publication to the minute or finer, in microseconds since 1970; 0 for none."""
    if published.at is None or not published.trusted or published.precision == "day":
        return 0
    return int((published.at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1))


def keep_first_date(body: ExtractedArticle, first: int) -> ExtractedArticle:
    """The body of a later version under the date of the first: many feeds date an item anew when it is edited.

    Args:
        body: of the later version.
        first: the article's publication by `stamp`, 0 for none.
    """
    now = body.published
    if not first or now.source != "feed" or stamp(now) <= first:
        return body
    at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=first)
    published = dataclasses.replace(now, at=at)
    return dataclasses.replace(body, published=published, modified_at=body.modified_at or now.at)


def _unconfirmed(entries: Sequence[ExtractedArticle], prints: Collection[int]) -> list[ExtractedArticle]:
    """Entries without those that other feeds give to what one feed still says as it is known."""
    confirming = {e.source_uri for e in entries if fingerprint(e) in prints}
    return [e for e in entries if e.source_uri in confirming] if confirming else list(entries)


def decide_versions(
    article: int,
    observations: Sequence[ExtractedArticle],
    seen: Sequence[SeenVersion],
    first_seen_at: dt.datetime,
    forms: Collection[int] = (),
) -> Decision:
    """Decides which of the bodies read of one article are new versions.

    Args:
        article: the article's key.
        observations: all that the run read of it, in any order.
        seen: the versions of earlier runs, oldest first.
        first_seen_at: start of the run, UTC.
        forms: fingerprints under which the article is known besides its versions; nothing without any.
    """
    known_prints = {*forms, *(v.fingerprint for v in seen)} if seen else set[int]()
    entries = [o for o in observations if o.origin == "entry"]
    whole = [o for o in observations if o.origin != "entry"]
    if whole:
        bodies = [lend_metadata(o, entries) for o in sorted(whole, key=_in_time)]
    elif seen and seen[-1].full:  # a summary adds nothing to a page that was read
        return Decision(known=(_fullest(entries),))
    else:
        bodies = [_fullest(part) for part in part_entries(_unconfirmed(entries, known_prints))]
    cut = tuple(body for body in bodies if body.partial)
    bodies = [body for body in bodies if not body.partial]
    version = max((v.version for v in seen), default=0)
    added: list[Article] = []
    known: list[ExtractedArticle] = [*cut] if seen else []
    met: set[int] = set()
    first = next((v.published for v in seen if v.published), 0)
    for body in bodies:
        print_ = fingerprint(body)
        if print_ in met:
            continue
        met.add(print_)
        if print_ in known_prints:
            known.append(body)
            continue
        version += 1
        body = keep_first_date(body, first)
        first = first or stamp(body.published)
        added.append(
            Article(
                article_id=article_id(article),
                version=version,
                body=body,
                first_seen_at=first_seen_at,
                text_sha256=hashlib.sha256(body.text.encode("utf-8", "surrogatepass")).hexdigest(),
            )
        )
    told = {fold(body.title): fingerprint(body) for body in bodies if not whole}
    teasers: dict[int, ExtractedArticle] = {}
    for entry in sorted(entries, key=_in_time):
        print_ = fingerprint(entry)
        if told.get(fold(entry.title), print_) != print_ and print_ not in known_prints:
            teasers.setdefault(print_, entry)
    return Decision(tuple(added), tuple(known), () if seen else cut, tuple(teasers.values()))
