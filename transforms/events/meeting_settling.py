"""Which of a meeting noun's own parties and of its verb's take part: owners, topics, hosts, those who only speak of it."""

from collections.abc import Sequence

from spacy.tokens import Token

from transforms.events.gazetteer import country_code
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_carriers import Carrier
from transforms.events.meeting_parties import is_partner
from transforms.events.parties import is_party, is_plural


def settle_parties(noun: Token, own: list[Token], carrier: Carrier) -> tuple[list[Token], tuple[Token, ...]]:
    """Keeps of the noun's own parties and those of its verb the ones that meet.

    `his meeting with X` below a subject is the subject's. Whose visit it is (`a visit by X`, `X's visit`) or who talks with
    whom (`talks between X and Y`) leaves no part for a subject that only speaks of it. A person who attends a body's summit
    is named, the body is not.
    """
    outers = carrier.parties if not is_official(noun) else ()
    own = [party for party in own if party.lower_ != "your"]
    pronouns = [party for party in own if party.dep_ == "poss" and party.pos_ == "PRON"]
    if pronouns and not outers:
        outers = _subject_ahead(noun)
    if pronouns and outers:
        odd = [outer.ent_type_ in ("GPE", "ORG", "NORP") for outer in outers]
        if pronouns[0].lower_ in ("his", "her") and all(odd):
            outers = ()  # "said Norland was an ally during his meeting with X"
        elif (
            pronouns[0].lower_ in ("his", "her")
            and carrier.verb is not None
            and lemma_of(carrier.verb) in ("join", "attend")
        ):
            pass  # "invited her to join his meeting"
        elif pronouns[0].lower_ == "their" and not (are_several(outers) or is_plural(outers[0])):
            outers = ()  # "the expert watched them in their meeting"
        else:
            own = [party for party in own if party not in pronouns]
    joining = carrier.verb is not None and lemma_of(carrier.verb) in read_lexicon("meeting")["joining"]
    if outers and not joining and any(_is_whole(party, noun) for party in own):
        outers = ()
    if len(own) > 1 and all(outer.lower_ in ("sides", "both", "two") for outer in outers):
        outers = ()  # "the two sides agreed to US-China talks"
    topics = [party for party in own if _is_topic(party, noun)]
    if outers and len(topics) == 1:
        own = [party for party in own if party not in topics]
    if (
        any(is_partner(party, noun) for party in own)
        and carrier.verb is not None
        and lemma_of(carrier.verb) not in read_lexicon("meeting")["bringing"]
    ):
        outers = outers[:1]  # "in talks with X, Y told Z"
    attends = joining and carrier.rule == "meeting.light_verb"
    if outers and attends and any(outer.ent_type_ == "PERSON" for outer in outers):
        own = [party for party in own if not _is_host_body(party, noun)]
    return own, outers


def is_official(noun: Token) -> bool:
    """`the papal visit`: its adjective says whose it is."""
    of_office = read_lexicon("meeting")["of_office"]
    return noun.lemma_.lower() in ("visit", "trip", "tour") and any(child.lower_ in of_office for child in noun.lefts)


def _subject_ahead(noun: Token) -> tuple[Token, ...]:
    """`Before his meeting with X, President Ode said`: the subject that follows is whose it is."""
    if any(above.dep_ in ("ccomp", "parataxis") for above in noun.ancestors):
        return ()
    subjects = [child for child in noun.sent.root.children if child.dep_ == "nsubj" and child.i > noun.i]
    return tuple(child for child in subjects[:1] if is_party(child) and child.pos_ != "PRON")


def _is_whole(party: Token, noun: Token) -> bool:
    """Whether a party of the noun's own leaves no room for another that is not named there."""
    if party.dep_ == "poss":
        return party.pos_ != "PRON" or party.lower_ == "their"
    if party.dep_ != "pobj" or noun.lemma_.lower() == "mediation":
        return False
    return party.head.lower_ == "between" or (party.head.lower_ == "by" and party.head.head == noun)


def _is_topic(party: Token, noun: Token) -> bool:
    """`the Syria talks`: what the talks of those who are named are about."""
    about = party.dep_ in ("compound", "nmod") and party.i < noun.i and party.ent_type_ == "GPE"
    return about and country_code(party.text) is not None and not party.conjuncts


def _is_host_body(party: Token, noun: Token) -> bool:
    """`the G20 summit`, `the session of the council`: the body that it is called after."""
    of = party.dep_ == "pobj" and party.head.lower_ == "of" and party.head.head == noun
    before = party.dep_ in ("compound", "nmod", "amod") and party.i < noun.i
    return (
        (of or before) and party.ent_type_ in ("ORG", "") and party.tag_ not in ("NNS", "NNPS") and not party.conjuncts
    )


def are_several(parties: Sequence[Token]) -> bool:
    """Two parties or more that are told apart: `A and B`, `British and EU negotiators`, `the two sides`, or one who is spoken to."""
    if len(parties) > 1:
        return True
    party = parties[0]
    modified = any(child.dep_ in ("amod", "compound", "nmod", "poss") and child.conjuncts for child in party.lefts)
    counted = any(child.lower_ in ("two", "three", "both") for child in party.lefts)
    return bool(party.conjuncts) or party.lower_ in ("sides", "both") or (party.tag_ == "NNS" and (modified or counted))
