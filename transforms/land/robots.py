"""robots.txt of the sites whose pages are fetched (RFC 9309)."""

import asyncio
import dataclasses
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping

import httpx
from protego import Protego

from transforms.land.client import Client, utc_now
from transforms.land.outcome import FetchError

AGENT = "newsmill"
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much is read
MAX_CRAWL_DELAY_S = 300.0
HELD = dt.timedelta(hours=24)  # RFC 9309, 2.4
MAX_KEPT_CHARS = 100_000
_AGENT_LINE = re.compile(
    r"(?:^|(?<=[\r\n]))([ \t]*user-?[ \t]*agent[ \t]*:[ \t]*)([a-z_-]+|\*)[^\r\n#]*", re.IGNORECASE
)


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
    # Protego takes `news` for newsmill and `newsmill/1.0` not: names are made whole ones before it compares them.
    parsed = Protego.parse(_AGENT_LINE.sub(_name_agent, text.removeprefix("\ufeff")))
    delay = parsed.crawl_delay(AGENT)
    return RobotsRules(parsed, None if delay is None else min(float(delay), MAX_CRAWL_DELAY_S))


def _name_agent(line: re.Match[str]) -> str:
    """A `User-agent` line with its product token alone (RFC 9309, 2.2.1), others than ours out of the way."""
    name = line[2].lower()
    return line[1] + (name if name in (AGENT, "*") else "-other-")


ALLOW_ALL = parse_robots("")
DISALLOW_ALL = parse_robots("User-agent: *\nDisallow: /")


def robots_url(url: str) -> str:
    """Where the robots.txt stands that speaks for `url`."""
    return str(httpx.URL(url).copy_with(raw_path=b"/robots.txt", fragment=None))


@dataclasses.dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """What a site answered when it was asked for its robots.txt.

    Attributes:
        place: address of the file.
        at: when it was asked for (UTC).
        status: HTTP status; None where redirects led nowhere.
        body: of a 2xx, as text.
    """

    place: str
    at: dt.datetime
    status: int | None
    body: str = ""

    def holds(self, now: dt.datetime) -> bool:
        """Whether it still speaks for the site."""
        return now - self.at < HELD

    def rules(self) -> RobotsRules:
        """What it asks: 2xx its rules, 401, 403, 429 and 5xx complete disallow (RFC 9309, 2.3.1.4), else nothing."""
        if self.status is not None and 200 <= self.status < 300:
            return parse_robots(self.body)
        closed = self.status is not None and (self.status >= 500 or self.status in (401, 403, 429))
        return DISALLOW_ALL if closed else ALLOW_ALL


class RobotsMemory:
    """What sites asked of robots: answers of earlier runs, and those that this run adds.

    Attributes:
        learnt: answers of this run.
        holds: until when nothing may be asked of a domain (transforms.land.scheduler.domain_key), by its Retry-After.
    """

    def __init__(self, known: Mapping[str, RobotsAnswer] | None = None) -> None:
        """Starts with the answers of earlier runs, by their address."""
        self._known = dict(known or {})
        self.learnt: list[RobotsAnswer] = []
        self.holds: dict[str, dt.datetime] = {}

    def find(self, place: str, now: dt.datetime) -> RobotsAnswer | None:
        """An earlier answer that still holds."""
        answer = self._known.get(place)
        return answer if answer is not None and answer.holds(now) else None

    def keep(self, answer: RobotsAnswer) -> None:
        """Keeps an answer for later runs; very long ones are asked for again instead."""
        if len(answer.body) <= MAX_KEPT_CHARS:
            self.learnt.append(answer)

    def recorded(self) -> bytes:
        """What this run learnt, for its later stages."""
        learnt = [{**dataclasses.asdict(answer), "at": answer.at.isoformat()} for answer in self.learnt]
        return json.dumps({"learnt": learnt, "holds": {k: at.isoformat() for k, at in self.holds.items()}}).encode()

    def recall(self, recorded: bytes) -> None:
        """Takes up what an earlier stage or attempt of this run learnt."""
        found = json.loads(recorded)
        self.holds.update((key, dt.datetime.fromisoformat(at)) for key, at in found["holds"].items())
        for row in found["learnt"]:
            answer = RobotsAnswer(**{**row, "at": dt.datetime.fromisoformat(row["at"])})
            self._known[answer.place] = answer
            self.learnt.append(answer)


class RobotsBook:
    """The robots.txt files of one run, each fetched once, when first needed, unless an earlier answer still holds."""

    def __init__(
        self,
        client: Client,
        on_delay: Callable[[str, float], None] = lambda url, delay: None,
        memory: RobotsMemory | None = None,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._client = client
        self._on_delay = on_delay
        self._memory = memory or RobotsMemory()
        self._now = now
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
        answer = self._memory.find(place, self._now())
        if answer is None:
            answer = await self._ask(place)
            self._memory.keep(answer)
        rules = answer.rules()
        if rules.crawl_delay:
            self._on_delay(place, rules.crawl_delay)
        if rules is DISALLOW_ALL:
            return rules, f"{place}: HTTP {answer.status} at {answer.at:%Y-%m-%d %H:%M}", answer.status
        return rules, f"{place} disallows it", None

    async def _ask(self, place: str) -> RobotsAnswer:
        try:
            fetched = await self._client.fetch(place, first_bytes=MAX_ROBOTS_BYTES)
        except FetchError as error:
            # A redirect that leads nowhere counts as not there (RFC 9309, 2.3.1.2); not reached, refused or postponed: so is the page.
            if error.status is None and error.reason != "too-many-redirects":
                raise
            return RobotsAnswer(place, self._now(), None if error.reason == "too-many-redirects" else error.status)
        body = fetched.body
        if len(body) >= MAX_ROBOTS_BYTES:
            body = body[: body.rfind(b"\n") + 1]  # half a rule is another rule
        return RobotsAnswer(place, self._now(), fetched.status, body.decode("utf-8", "replace"))
