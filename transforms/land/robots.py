"""robots.txt of the sites whose pages are fetched (RFC 9309)."""

import asyncio
import dataclasses
import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import httpx

from transforms.land.client import Client
from transforms.land.outcome import FetchError

AGENT = "newsmill"
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is read
MAX_CRAWL_DELAY_S = 300.0

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*(.*?)\s*$")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclasses.dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt asks of newsmill.

    Attributes:
        rules: (allow, path pattern) of the groups that apply.
        crawl_delay: seconds between requests; no part of RFC 9309, but honoured.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    crawl_delay: float | None = None

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched: the longest matching rule decides, and of two equal ones the allowing one."""
        parts = urlsplit(url)
        asks = "?" in url.partition("#")[0]  # an empty query is a query too
        target = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if asks else "")
        best = max(((len(pattern), allow) for allow, pattern in self.rules if _matches(pattern, target)), default=None)
        return best is None or best[1]


ALLOW_ALL = RobotsRules()
DISALLOW_ALL = RobotsRules(((False, "/"),))


def parse_robots(text: str, agent: str = AGENT) -> RobotsRules:
    """Reads the rules for `agent`: of all groups that name it, else of the groups for `*`."""
    groups: list[tuple[set[str], list[tuple[bool, str]], list[float]]] = []
    in_agents = False
    for line in text.removeprefix("\ufeff").splitlines():
        found = _LINE.match(line.partition("#")[0])
        if found is None:
            continue
        field, value = found.group(1).lower(), found.group(2)
        if field == "user-agent":
            if not in_agents:
                groups.append((set(), [], []))
            in_agents = True
            token = _TOKEN.match(value)
            groups[-1][0].add("*" if value.startswith("*") else token.group().lower() if token else "")
        elif field in ("allow", "disallow", "crawl-delay"):
            in_agents = False
            if not groups or not value:
                continue  # rules before any group bind nobody; an empty rule forbids nothing
            if field != "crawl-delay":
                groups[-1][1].append((field == "allow", _normal(value)))
            elif re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", value):
                groups[-1][2].append(float(value))
    mine = [g for g in groups if agent.lower() in g[0]] or [g for g in groups if "*" in g[0]]
    delays = [delay for group in mine for delay in group[2]]
    return RobotsRules(
        tuple(rule for group in mine for rule in group[1]), min(max(delays), MAX_CRAWL_DELAY_S) if delays else None
    )


def _normal(path: str) -> str:
    """Percent-encodes as RFC 9309, 2.2.2 compares: octets outside ASCII encoded, unreserved ones not."""

    def decode(match: re.Match[str]) -> str:
        character = chr(int(match.group(1), 16))
        return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else match.group().upper()

    return _ESCAPED.sub(decode, quote(path, safe="/%?#[]@!$&'()*+,;=:~|^`{}\"<>\\"))


def _matches(pattern: str, target: str) -> bool:
    """Whether a rule's pattern matches from the start of `target`; `*` is any run, a final `$` the end. Linear time."""
    anchored = pattern.endswith("$")
    pieces = (pattern[:-1] if anchored else pattern).split("*")
    if not target.startswith(pieces[0]):
        return False
    at = len(pieces[0])
    for position, piece in enumerate(pieces[1:], 1):
        if anchored and position == len(pieces) - 1:
            return len(target) - len(piece) >= at and target.endswith(piece)
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not anchored or at == len(target)


def robots_url(url: str) -> str:
    """Where the robots.txt stands that speaks for `url`."""
    return str(httpx.URL(url).copy_with(raw_path=b"/robots.txt", fragment=None))


class RobotsBook:
    """The robots.txt files of one run, each fetched once, when first needed."""

    def __init__(self, client: Client, on_delay: Callable[[str, float], None] = lambda url, delay: None) -> None:
        self._client = client
        self._on_delay = on_delay
        self._rules: dict[str, asyncio.Future[tuple[RobotsRules, str]]] = {}

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
        rules, why = await asyncio.shield(self._rules[place])
        if not rules.allows(url):
            raise FetchError("robots-disallowed", why, url=url)

    async def _read(self, place: str) -> tuple[RobotsRules, str]:
        try:
            fetched = await self._client.fetch(place, first_bytes=MAX_ROBOTS_BYTES)
        except FetchError as error:
            if error.reason == "too-many-redirects":
                return ALLOW_ALL, ""  # counts as not there (RFC 9309, 2.3.1.2)
            if error.status is None:
                raise  # not reached, refused or postponed: so is the page
            if 400 <= error.status < 500 and error.status not in (401, 403, 429):
                return ALLOW_ALL, ""
            # 401, 403, 429: the site keeps robots out; 5xx: complete disallow (RFC 9309, 2.3.1.4).
            return DISALLOW_ALL, f"{place}: {error.detail}"
        rules = parse_robots(fetched.body.decode("utf-8", "replace"))
        if rules.crawl_delay:
            self._on_delay(place, rules.crawl_delay)
        return rules, f"{place} disallows it"
