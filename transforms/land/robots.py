"""robots.txt of the sites whose pages are fetched (RFC 9309)."""

import asyncio
import dataclasses
from collections.abc import Callable

import httpx
from protego import Protego

from transforms.land.client import Client
from transforms.land.outcome import FetchError

AGENT = "newsmill"
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is read
MAX_CRAWL_DELAY_S = 300.0


@dataclasses.dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt asks of newsmill.

    Attributes:
        crawl_delay: seconds between requests; no part of RFC 9309, but honoured.
    """

    parsed: Protego
    crawl_delay: float | None = None

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return self.parsed.can_fetch(url, AGENT)


def parse_robots(text: str) -> RobotsRules:
    """Reads the rules for newsmill."""
    parsed = Protego.parse(text.removeprefix("\ufeff"))
    delay = parsed.crawl_delay(AGENT)
    return RobotsRules(parsed, None if delay is None else min(float(delay), MAX_CRAWL_DELAY_S))


ALLOW_ALL = parse_robots("")
DISALLOW_ALL = parse_robots("User-agent: *\nDisallow: /")


def robots_url(url: str) -> str:
    """Where the robots.txt stands that speaks for `url`."""
    return str(httpx.URL(url).copy_with(raw_path=b"/robots.txt", fragment=None))


class RobotsBook:
    """The robots.txt files of one run, each fetched once, when first needed."""

    def __init__(self, client: Client, on_delay: Callable[[str, float], None] = lambda url, delay: None) -> None:
        self._client = client
        self._on_delay = on_delay
        self._rules: dict[str, asyncio.Future[tuple[RobotsRules, str, int | None]]] = {}

    async def check(self, url: str) -> None:
        """Lets a page pass.

        Raises:
            FetchError: `robots-disallowed`; or what kept robots.txt itself from being reached, which means complete
                disallow (RFC 9309, 2.3.1.4) and would have met the page as well.
        """
        place = robots_url(url)
        if place not in self._rules:
            self._rules[place] = asyncio.get_running_loop().create_future()
            try:
                self._rules[place].set_result(await self._read(place))
            except BaseException as error:
                self._rules[place].set_exception(error)
                self._rules[place].exception()  # whoever waits gets it too; nobody need wait
                raise
        rules, why, status = await asyncio.shield(self._rules[place])
        if not rules.allows(url):
            raise FetchError("robots-disallowed", why, status=status, url=url)

    async def _read(self, place: str) -> tuple[RobotsRules, str, int | None]:
        """The rules, why they disallow, and the status that robots.txt failed with."""
        try:
            fetched = await self._client.fetch(place, first_bytes=MAX_ROBOTS_BYTES)
        except FetchError as error:
            if error.reason == "too-many-redirects":
                return ALLOW_ALL, "", None  # counts as not there (RFC 9309, 2.3.1.2)
            if error.status is None:
                raise  # not reached, refused or postponed: so is the page
            if 400 <= error.status < 500 and error.status not in (401, 403, 429):
                return ALLOW_ALL, "", None
            # 401, 403, 429: the site keeps robots out; 5xx: complete disallow (RFC 9309, 2.3.1.4).
            return DISALLOW_ALL, f"{place}: {error.detail}", error.status
        rules = parse_robots(fetched.body.decode("utf-8", "replace"))
        if rules.crawl_delay:
            self._on_delay(place, rules.crawl_delay)
        return rules, f"{place} disallows it", None
