"""Reads verbs and set phrases as withdrawals: which word is the actor, the object and the source."""

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from spacy.tokens import Token

from transforms.events.clauses import agent_of, is_passive, objects_of, pobj_of, prepositions_in, subject_of
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.parties import is_party
from transforms.events.withdrawal_kinds import classify, whole_of
from transforms.events.withdrawal_posts import is_role


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A withdrawal as it was read in a sentence: heads of the phrases for who, what and from where."""

    trigger: Token
    rule: str
    spec: Mapping[str, Any]
    actor: Token | None = None
    object: Token | None = None
    source: Token | None = None
    last: Token | None = None


@functools.cache
def _phrases() -> Mapping[str, list[Mapping[str, Any]]]:
    """The set phrases by their first word."""
    table: dict[str, list[Mapping[str, Any]]] = {}
    for entry in read_lexicon("withdrawal")["phrases"]:
        table.setdefault(entry["words"][0], []).append(entry)
    return table


def read_phrase(verb: Token) -> Reading | None:
    """Reads set phrases, listed word for word (`call it quits`)."""
    for entry in (*_phrases().get(verb.lower_, ()), *_phrases().get(verb.lemma_.lower(), ())):
        words = entry["words"]
        if verb.dep_ == "pcomp" or _is_time_clause(verb):
            continue  # "days before leaving office", "until he leaves office": in passing
        following = verb.doc[verb.i : verb.i + len(words)]
        if len(following) == len(words) and all(
            word in (token.lower_, token.lemma_.lower()) for word, token in zip(words, following, strict=True)
        ):
            source = following[-1] if entry.get("source") else None
            return Reading(
                verb, "withdrawal.phrase", entry, party_of(subject_of(verb)), source=source, last=following[-1]
            )
    return None


def _is_time_clause(verb: Token) -> bool:
    """`before she leaves office`, `when they left the White House`."""
    node = verb.head if verb.dep_ == "conj" else verb
    times = ("before", "after", "until", "till", "when", "since", "once", "as", "while")
    if node.dep_ == "pcomp" and node.head.lower_ in times:
        return True
    return node.dep_ == "advcl" and any(c.lower_ in times for c in node.children if c.dep_ in ("mark", "advmod"))


def read_ending(verb: Token) -> Reading | None:
    """`stopped supporting the rebels`."""
    lexicon = read_lexicon("withdrawal")
    if lemma_of(verb) not in lexicon["ending"]:
        return None
    ended = next(
        (c for c in verb.children if c.dep_ == "xcomp" and c.tag_ == "VBG" and lemma_of(c) in lexicon["ended"]), None
    )
    if ended is None:
        return None
    return Reading(
        verb,
        "withdrawal.ending",
        {"category": "support"},
        party_of(subject_of(verb)),
        source=next(iter(objects_of(ended)), None),
        last=ended,
    )


def read_verb(verb: Token) -> Reading | None:
    """Reads a verb by its entry: who leaves (active), what is withdrawn (transitive, passive), from what."""
    lemma = lemma_of(verb)
    particle, spec = _particle_spec(verb, lemma)
    if spec is None:
        return None
    rule = "withdrawal.verb"
    source = find_source(verb, spec.get("source", ()), particle)
    subject = subject_of(verb)
    if is_passive(verb):
        if not spec.get("removes") or subject is None:
            return None
        agent = agent_of(verb)
        reading = Reading(verb, "withdrawal.passive", spec, party_of(agent), subject, source, particle)
    else:
        objects = [one for one in objects_of(verb) if one.ent_type_ not in ("DATE", "TIME") and one.lower_ != "that"]
        gerund = any(c.tag_ == "VBG" and c.dep_ in ("xcomp", "ccomp", "dobj") for c in verb.children)
        if lemma == "quit" and gerund:
            return None  # "quit smoking"
        target = objects[0] if objects else None
        if lemma == "resign" and target is not None and classify(target) is None and not is_role(target):
            target = None
        if _is_resigned(verb):
            return None
        if lemma == "leave" and (_is_left_with(verb) or _is_end_of_term(verb, target)):
            return None
        if target is not None and _is_left(spec, target):
            reading = Reading(verb, rule, spec, subject, None, target, particle)
        elif target is not None and spec.get("removes"):
            reading = Reading(verb, rule, spec, subject, target, source or _source_of(target, spec), particle)
        elif target is None and spec.get("leaves"):
            reading = Reading(verb, rule, spec, subject, None, source, particle)
        else:
            return None
    return reading


def _is_resigned(verb: Token) -> bool:
    """`fatigued, resigned and not hopeful`: how somebody is, not what he does."""
    others = [verb.head, *verb.children] if verb.dep_ in ("conj", "acomp", "amod") else list(verb.children)
    return verb.lower_ == "resigned" and (
        verb.dep_ == "acomp" or any(c.pos_ == "ADJ" and "conj" in (c.dep_, verb.dep_) for c in others)
    )


def _is_left(spec: Mapping[str, Any], target: Token) -> bool:
    """Whether the object is what is left (`quit the union`), not what is taken out of it (`resigned the claim`)."""
    if spec.get("from"):
        return not (
            spec.get("removes") and target.lemma_.lower() in read_lexicon("withdrawal")["categories"]["proposal"]
        )
    return classify(target) in spec.get("from_kinds", ())


def _is_end_of_term(verb: Token, target: Token | None) -> bool:
    """`when they left the White House`: the end of a term dates something else."""
    seats = ("office", "house", "power", "presidency", "street", "palace", "congress", "senate", "parliament")
    subject = subject_of(verb)
    if subject is not None and subject.tag_ == "NNS":
        return False  # `after the members left parliament`: they walked out
    return target is not None and target.lemma_.lower() in seats and _is_time_clause(verb)


def _is_left_with(verb: Token) -> bool:
    """`left the party with no money`, `left the rate unchanged`: it is made so, nobody goes."""
    return any(
        (c.dep_ in ("oprd", "acomp") and c.lower_ != "effective")
        or (c.dep_ in ("prt", "advmod") and c.lower_ in ("behind", "out", "off", "aside", "alone", "over"))
        or (c.dep_ == "xcomp" and lemma_of(c) not in read_lexicon("withdrawal")["left_to"])
        or (c.dep_ == "prep" and c.lower_ in ("with", "without"))
        or (c.dep_ == "prep" and c.lower_ == "in" and _is_state(pobj_of(c)))
        or (c.dep_ == "dobj" and any(_tells_how(after) and after.i > c.i for after in c.rights))
        for c in verb.children
    )


def _tells_how(token: Token) -> bool:
    """Words after an object that say what it was made: `intact`, `reeling`, `in ruins`."""
    if token.dep_ == "prep":
        return token.lower_ == "in" and _is_state(pobj_of(token))
    return token.dep_ in ("amod", "acomp", "advcl") and token.lower_ != "effective"


def _is_state(noun: Token | None) -> bool:
    return noun is not None and noun.lemma_.lower() in read_lexicon("withdrawal")["left_in"]


def _particle_spec(verb: Token, lemma: str) -> tuple[Token | None, Mapping[str, Any] | None]:
    """The entry of a verb with its particle (`pull out`, also `pull … out`), else of the bare verb."""
    verbs = read_lexicon("withdrawal")["verbs"]
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("prt", "advmod", "prep") and f"{lemma} {child.lower_}" in verbs:
            return child, verbs[f"{lemma} {child.lower_}"]
    following = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else None
    if following is not None and f"{lemma} {following.lower_}" in verbs:
        return following, verbs[f"{lemma} {following.lower_}"]
    return None, verbs.get(lemma)


def find_source(head: Token, words: list[str] | tuple[str, ...], particle: Token | None = None) -> Token | None:
    """What is left: the noun of `from`, `out of`, `as` … after the trigger."""
    if not words:
        return None
    start = particle.i if particle is not None else head.i
    for prep in [
        *prepositions_in(head, tuple(words), after=head.i),
        *(prepositions_in(particle, tuple(words)) if particle is not None else ()),
    ]:
        if prep.i < start or (prep.lower_ == "of" and not (prep.i == start + 1 or prep.nbor(-1).lower_ == "out")):
            continue
        if _is_deeper(prep, head, particle):
            continue
        noun = pobj_of(prep)
        if noun is not None and prep.lower_ == "as" and not is_role(noun):
            continue  # "resigned as a result of the leak"
        if noun is not None and noun.ent_type_ not in ("DATE", "TIME", "PERCENT", "CARDINAL"):
            return noun
        gerund = next((c for c in prep.children if c.dep_ == "pcomp"), None)
        if gerund is not None and prep.lower_ == "from":
            return gerund
    if particle is not None and particle.dep_ == "prep":
        return pobj_of(particle)
    return None


def _is_deeper(prep: Token, head: Token, particle: Token | None) -> bool:
    """`withdrew its opposition to a request for relief from the act`: the act is not what is left."""
    noun = prep.head
    if noun.pos_ not in ("NOUN", "PROPN") or noun in (head, particle):
        return False
    owner = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in ("of", "by") else noun.head
    return noun.dep_ not in ("dobj", "nsubjpass", "pobj", "conj", "appos") or (
        noun.dep_ == "pobj" and owner.pos_ in ("NOUN", "PROPN") and owner.head not in (head, particle) and owner != head
    )


def _source_of(thing: Token, spec: Mapping[str, Any]) -> Token | None:
    """What a thing was for: `operations in Norland`, `participation in the treaty`, `its support for the rebels`."""
    kind = classify(thing)
    words: tuple[str, ...] = ()
    if kind == "membership" or (kind == "market" and spec.get("place")):
        words = ("in", "of")
    elif kind == "support":
        words = ("for", "to")
    elif kind == "ties":
        words = ("with", "to")
    place = kind == "market"  # which the parser may hang on the verb
    noun = next((pobj_of(c) for c in prepositions_in(thing.head if place else thing, words)), None)
    return noun if noun is not None and (kind != "support" or is_party(noun)) else None


def party_of(token: Token | None) -> Token | None:
    """The word itself where it can be somebody, also a share of them (`some of his rivals`)."""
    return token if token is not None and is_party(whole_of(token)) else None
