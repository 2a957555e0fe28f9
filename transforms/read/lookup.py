"""Sources read once, outside a run: nothing is kept of them."""

import asyncio
import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from schemas.partition import outlet_slug
from schemas.quarantine import Failure
from schemas.source import Document, Source
from transforms.land.client import Client, FetchOptions
from transforms.land.outcome import Fetched, FetchError
from transforms.land.scheduler import DomainGate, Pacing, domain_key
from transforms.read.advice import advise_error
from transforms.read.files import read_file

BATCH = 64  # sources that are fetched side by side, and whose bodies are held at once


def read_sources(sources: Sequence[Source], options: FetchOptions) -> Iterator[tuple[Source, Document | Failure]]:
    """Reads sources of either kind, in their order; as polite as a run, but without robots.txt, which is for pages."""
    for start in range(0, len(sources), BATCH):
        batch = sources[start : start + BATCH]
        live = [source.uri for source in batch if source.kind == "live"]
        answers = fetch_all(live, options)
        for source in batch:
            if source.kind == "file":
                yield source, read_file(source)
                continue
            answer = answers.pop(source.uri)
            if isinstance(answer, FetchError):
                outlet = outlet_slug(source.settings.outlet)
                detail = advise_error(answer)
                yield source, Failure("fetch", answer.reason, source.uri, detail, url=answer.url, outlet=outlet)
            else:
                yield source, make_document(source, answer)


def make_document(source: Source, fetched: Fetched) -> Document:
    """The document that a fetch gave."""
    return Document(
        source.uri,
        fetched.body,
        source.settings,
        url=fetched.url,
        http_status=fetched.status,
        content_type=fetched.content_type,
        fetched_at=fetched.fetched_at,
        moved_to=fetched.permanent_url,
    )


def fetch_all(urls: Iterable[str], options: FetchOptions) -> dict[str, Fetched | FetchError]:
    """Fetches URLs, all domains side by side and each domain in turn with pauses; one's own network needs none."""
    wanted = list(dict.fromkeys(urls))
    answers: dict[str, Fetched | FetchError] = {}

    async def fetch_one(client: Client, url: str) -> None:
        try:
            answers[url] = await client.fetch(url)
        except FetchError as error:
            answers[url] = error

    async def fetch_them() -> None:
        gate = DomainGate(Pacing(), {domain_key(url): 0.0 for url in wanted if _is_own(url, options)})
        async with Client(options, gate=gate) as client:
            await asyncio.gather(*(fetch_one(client, url) for url in wanted))

    if wanted:
        asyncio.run(fetch_them())
    return answers


def _is_own(url: str, options: FetchOptions) -> bool:
    """Whether a URL names an address in a network that was allowed as one's own."""
    try:
        return options.policy.allows(ipaddress.ip_address(urlsplit(url).hostname or ""))
    except ValueError:
        return False
