"""Drops mentions that tell nothing new of an event which the article has already reported."""

from collections.abc import Sequence

from schemas.event import Actor
from transforms.events.context import Mention
from transforms.events.gazetteer import fold_name

PRONOUNS = frozenset({"he", "she", "they", "it", "him", "her", "them", "his", "their", "its", "we", "i", "who"})
OTHERS = frozenset({"other", "others", "another", "more", "many", "several", "further", "fellow", "dozens", "hundreds"})
"""Words that tell a group from those named before it."""
SOURCES = frozenset(
    "post job position role office seat race contest campaign agreement deal pact accord treaty bloc union country region area group"  # noqa: SIM905
    " organisation organization body party talks market government company firm territory".split()
)
"""Nouns by which what is left is spoken of again."""
FILLERS = frozenset(
    {"of", "and", "the", "a", "an", "president", "prime", "minister", "mr", "mrs", "ms", "his", "her", "its", "their"}
)


def same_words(one: str, other: str) -> bool:
    """True when the words of the shorter text all stand in the longer one (`Putin`, `Vladimir Putin`)."""
    first, second = ({w for w in fold_name(text).split() if w not in FILLERS} for text in (one, other))
    return bool(first and second) and (first <= second or second <= first)


def drop_withdrawal_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Keeps of each withdrawal the mentions that add an actor, an object, a source, a date or another modality."""
    kept: list[Mention] = []
    for mention in mentions:
        earlier = [one for one in kept if _same_withdrawal(one, mention)]
        if not earlier or _adds_to_withdrawal(mention, earlier):
            kept.append(mention)
    return kept


def names_in(mention: Mention, role: str) -> list[str]:
    """Names of the actors of one role."""
    return [actor.name for actor in mention.actors if actor.role == role]


def days_of(mention: Mention) -> tuple[object, object] | None:
    """First and last day, where it has a time."""
    return (mention.time.first, mention.time.last) if mention.time is not None else None


def dates_agree(one: Mention, other: Mention) -> bool:
    """Whether two may be of one time: their days overlap, or one says none."""
    if one.time is None or other.time is None:
        return True
    return one.time.first <= other.time.last and other.time.first <= one.time.last


def _fields(mention: Mention) -> dict[str, str]:
    detail = mention.detail
    actor = next(iter(names_in(mention, "withdrawer")), None)
    values = {"actor": actor, "object": getattr(detail, "object", None), "source": getattr(detail, "source", None)}
    return {name: value for name, value in values.items() if value}


def is_vague(actor: Actor) -> bool:
    """A pronoun or a description (`the two leaders`): what it stands for may have been taken for somebody else."""
    if actor.mention is None or actor.mention.lower() in PRONOUNS:
        return True
    if OTHERS & set(actor.mention.lower().split()):
        return False
    return actor.type == "group" and not any(word[:1].isupper() for word in actor.name.split())


def _same_withdrawal(one: Mention, other: Mention) -> bool:
    first, second = _fields(one), _fields(other)
    actor = next((a for a in other.actors if a.role == "withdrawer"), None)
    ended = [_leaves_race(mention) for mention in (one, other)]
    if all(ended) and actor is not None and _is_described(actor):
        # "the senator suspended his campaign": who left the race was told before
        return dates_agree(one, other)
    if second.keys() == {"actor"} and actor is not None and is_vague(actor):
        first = {name: value for name, value in first.items() if name != "actor"} | {"actor": second["actor"]}
    categories = {getattr(mention.detail, "category", None) for mention in (one, other)}
    if (len(categories) > 1 and "other" not in categories) or not dates_agree(one, other):
        return False
    shared = first.keys() & second.keys()
    if "actor" in shared and not same_words(first["actor"], second["actor"]):
        return False
    if "actor" not in shared:
        return any(
            same_words(first[name], second[name]) or _initials(first[name]) == _initials(second[name]) != ""
            for name in shared
        )
    return True


def _is_known_source(source: str, known: Sequence[str]) -> bool:
    """The same words, their initials, or a noun that may stand for them: `EU`, `the bloc`."""
    if source.lower().split()[-1] in SOURCES:
        return True
    return any(
        other.lower().split()[-1] in SOURCES
        or same_words(source, other)
        or _initials(source) == _initials(other) != ""
        or _stems(source) & _stems(other)
        for other in known
    )


def _stems(name: str) -> set[str]:
    """The beginnings of longer words: `chairman`, `chairmanship`."""
    return {word[:6] for word in fold_name(name).split() if len(word) > 5}


def _initials(name: str) -> str:
    plain = name.replace(".", "")
    return plain if plain.isupper() else "".join(word[0] for word in plain.split() if word[:1].isupper())


def _leaves_race(mention: Mention) -> bool:
    return getattr(mention.detail, "category", None) == "candidacy" and mention.modality == "asserted"


def _is_described(actor: Actor) -> bool:
    """Words for a post (`Peruvian senator`) whose holder was not found."""
    return actor.type == "person" and actor.name.split()[-1][:1].islower()


def _adds_to_withdrawal(mention: Mention, earlier: Sequence[Mention]) -> bool:
    fields = _fields(mention)
    if any(not any(name in _fields(one) for one in earlier) for name in fields):
        return True
    if "source" in fields and not _is_known_source(
        fields["source"], [_fields(one)["source"] for one in earlier if "source" in _fields(one)]
    ):
        return True
    if mention.time is not None and not any(one.time is not None for one in earlier):
        return True
    if mention.rule == "withdrawal.noun" and mention.modality == "asserted" and earlier[-1].modality == "planned":
        return False  # "the exit will hurt exporters": still the one that was planned
    return all(one.modality != mention.modality for one in earlier)
