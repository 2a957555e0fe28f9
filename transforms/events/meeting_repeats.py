"""Drops mentions that tell nothing new of a meeting, and gives `the two sides` the parties of the one before."""

import dataclasses
from collections.abc import Iterable, Sequence

from schemas.event import Actor
from transforms.events.context import Mention
from transforms.events.repeats import dates_agree, days_of, is_vague, names_in, same_words

PAIRS = frozenset(
    {
        "sides",
        "leaders",
        "countries",
        "men",
        "women",
        "parties",
        "presidents",
        "ministers",
        "nations",
        "pair",
        "two",
        "both",
        "companies",
        "officials",
        "negotiators",
        "allies",
        "rivals",
    }
)


OTHER_MEETING = "meeting.other"
"""Rule of a noun that says that it is another meeting: `their previous meeting`."""


UNTOLD = "both sides"
"""Stands, without a mention, for those who `they` and `their` mean until the meeting before tells who."""


UNNAMED = frozenset(
    {"sides", "countries", "nations", "parties", "states", "governments", "powers", "neighbours", "neighbors"}
)
"""Words that, counted, name nobody."""


LOOSE = frozenset({"nations", "companies", "officials", "countries", "allies", "rivals", "negotiators", "ministers"})
"""Words that name a pair only with a number before them."""


REACH = 1500
"""How many characters back the parties of `the meeting` are looked for: about three paragraphs."""


def drop_meeting_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Keeps of each meeting the mentions that add a participant, a place or a date.

    Two mentions tell of one meeting when one's participants all take part in the other and neither date nor place differs.
    Mentions are in the order of the text; the input is left as it is.
    """
    kept: list[Mention] = []
    told: list[Mention] = []
    for mention, filled in zip(mentions, inherit_parties(mentions), strict=True):
        filled = dataclasses.replace(filled, actors=tuple(actor for actor in filled.actors if not _is_untold(actor)))
        if not filled.actors and filled.time is None and filled.place is None:
            continue
        read = filled if _names_nobody(mention) else mention
        earlier = [one for one in told if _same_meeting(one, read)]
        if not earlier or _adds_to_meeting(read, earlier):
            told.append(read)
            kept.append(_as_planned(filled, earlier))
    return kept


def _is_untold(actor: Actor) -> bool:
    """`both sides`, `the two countries`, of which nothing before tells who they are."""
    words = actor.name.lower().split()
    return actor.type != "person" and words[0] in ("two", "both") and words[-1] in (*UNNAMED, "two", "both")


def _is_in_reach(before: Mention, mention: Mention) -> bool:
    return 0 <= mention.trigger[0] - before.trigger[1] <= REACH


def _format(mention: Mention) -> str | None:
    return getattr(mention.detail, "format", None)


def _names_nobody(mention: Mention) -> bool:
    """`the meeting between the two men`, `the talks`: whoever met was named before."""
    return len(mention.actors) == 1 and _is_pair(mention.actors[0].name)


def inherit_parties(mentions: Sequence[Mention]) -> list[Mention]:
    """Gives `the two sides`, `they` and `the meeting` the parties of the meeting told of shortly before."""
    filled: list[Mention] = []
    for mention in mentions:
        named = [actor for actor in mention.actors if not is_vague(actor)]
        known = [one for one in reversed(filled) if len(one.actors) > 1 and not any(map(is_vague, one.actors))]
        alike = [one for one in known if _format(one) == _format(mention) and _is_in_reach(one, mention)]
        before = next(iter([*alike, *known]), None)
        near = before is not None and _is_in_reach(before, mention)
        pair = len(mention.actors) == 1 and _is_pair(mention.actors[0].name)
        if before is not None and near and (pair or (not named and not mention.actors and _is_known(mention, before))):
            actors = tuple(dataclasses.replace(actor, mention=None) for actor in before.actors)
            mention = dataclasses.replace(mention, actors=actors)
        filled.append(mention)
    return filled


def _days_apart(one: Mention, other: Mention) -> int:
    return abs((one.time.first - other.time.first).days) if one.time and other.time else 0


def _is_pointing(mention: Mention) -> bool:
    """`the meeting`, `the summit`: one told of before."""
    return mention.rule in ("meeting.definite", "meeting.in_passing")


def _is_known(mention: Mention, before: Mention) -> bool:
    """`the meeting`, or bare `talks` after talks: those told of before."""
    talks = [_format(one) == "talks" for one in (mention, before)]
    alike = all(talks) and mention.modality == before.modality and _days_apart(mention, before) <= 31
    return mention.rule == "meeting.definite" or (mention.rule in ("meeting.noun", OTHER_MEETING) and alike)


def _is_pair(name: str) -> bool:
    words = name.lower().split()
    if len(words) == 1:
        return words[0] in PAIRS - LOOSE
    return words[-1] in PAIRS and words[0] in ("two", "both", "these")


def _as_planned(mention: Mention, earlier: Sequence[Mention]) -> Mention:
    """A noun has no tense: what was planned a sentence before is planned still (`at the summit, leaders …`)."""
    tenseless = (
        mention.rule in ("meeting.noun", "meeting.in_passing", "meeting.definite") and mention.modality == "asserted"
    )
    plan = next((one for one in reversed(earlier) if one.modality == "planned"), None)
    if not tenseless or plan is None or any(one.modality == "asserted" for one in earlier):
        return mention
    if mention.time is not None and days_of(mention) != days_of(plan):
        return mention  # "the meeting this afternoon was the first": a time of its own has a tense of its own
    return dataclasses.replace(mention, modality="planned", modality_cue=plan.modality_cue)


def _all_known(names: Iterable[str], known: Sequence[str]) -> bool:
    return all(any(same_words(name, other) for other in known) for name in names)


def _places_agree(one: Mention, other: Mention) -> bool:
    if one.place is None or other.place is None:
        return True
    return same_words(one.place.name, other.place.name) or one.place.country == other.place.country


def _kinds_agree(one: Mention, other: Mention) -> bool:
    """A call is no visit, and what is only wished for is not what took place."""
    formats = {_format(one), _format(other)}
    if len(formats) > 1 and "call" in formats:
        return False
    if len(formats) > 1 and "conference" in formats and not _is_pointing(one) and not _is_pointing(other):
        alone = [mention for mention in (one, other) if _format(mention) == "conference"]
        if len(alone[0].actors) == 1:
            return False  # who met somebody attends a summit besides
    return one.modality == other.modality or {one.modality, other.modality} != {"asserted", "possible"}


def _same_meeting(one: Mention, other: Mention) -> bool:
    first, second = names_in(one, "participant"), names_in(other, "participant")
    if not (dates_agree(one, other) and _places_agree(one, other) and _kinds_agree(one, other)):
        return False
    if (one.rule == OTHER_MEETING) != (other.rule == OTHER_MEETING):
        return one.time is not None and days_of(one) == days_of(other)
    if not first or not second:
        return bool(one.time is not None and days_of(one) == days_of(other)) or (
            one.place is not None and other.place is not None and same_words(one.place.name, other.place.name)
        )
    return _all_known(first, second) or _all_known(second, first)


def _adds_to_meeting(mention: Mention, earlier: Sequence[Mention]) -> bool:
    known = [name for one in earlier for name in names_in(one, "participant")]
    if not _all_known(names_in(mention, "participant"), known):
        return True
    if mention.time is not None and not any(one.time is not None for one in earlier):
        return True
    return mention.place is not None and not any(
        one.place is not None and same_words(one.place.name, mention.place.name) for one in earlier
    )
