"""How a meeting verb is used: who does it, whom it names, whether anybody meets at all (`met the target`, `called him a liar`)."""

import itertools
from collections.abc import Sequence

from spacy.tokens import Token

from transforms.events.clauses import objects_of, pobj_of, prepositions_in
from transforms.events.lexicon import lemma_of, read_lexicon
from transforms.events.meeting_parties import is_general_assembly
from transforms.events.meeting_subjects import doer_of
from transforms.events.parties import is_party
from transforms.events.places import name_place


def is_unknown_name(subject: Token) -> bool:
    """A capitalised word that the model tags as a common noun: a name it has never seen."""
    return subject.pos_ == "NOUN" and subject.ent_type_ == "" and subject.is_title and not any(subject.lefts)


def named_complement(verb: Token) -> list[Token]:
    """`called Turkey's President Ann Ode`, the name taken for what she was called."""
    if lemma_of(verb) != "call" or any(child.dep_ in ("dobj", "dative") for child in verb.children):
        return []
    return [child for child in verb.children if child.dep_ == "oprd" and child.ent_type_ == "PERSON"]


def is_sitting(verb: Token, subject: Token | None, others: Sequence[Token]) -> bool:
    """`Parliament meets on Tuesday`: a sitting."""
    return (
        subject is not None
        and not others
        and not objects_of(verb)
        and subject.lemma_.lower() in read_lexicon("meeting")["sitting_bodies"]
        and not is_general_assembly(subject)
    )


def are_two(subject: Token | None) -> bool:
    """Two who are named, or called two: `Ann Ode and Bo Ibe discussed`, `the two leaders discussed`."""
    if subject is None:
        return False
    if subject.tag_ == "NNS" and any(child.dep_ == "amod" and child.conjuncts for child in subject.lefts):
        return True  # "the French and German ministers"
    two = any(child.dep_ == "nummod" and child.lower_ in ("two", "three", "four", "five") for child in subject.children)
    return bool(subject.conjuncts) or two or subject.lower_ in ("two", "both")


def may_deal(verb: Token, subject: Token | None, target: Token | None) -> bool:
    """`is negotiating a loan`: with whom stays unsaid; not `has to negotiate a loan`, nor a bend in the road."""
    if subject is None or target is None or verb.tag_ in ("VBN",):
        return False
    if target.lemma_.lower() in read_lexicon("meeting")["obstacles"] or verb.dep_ in ("acl", "relcl", "amod"):
        return False
    return verb.tag_ != "VB" or verb.dep_ == "advcl" or any(child.lower_ == "will" for child in verb.children)


def says_where(verb: Token, target: Token | None) -> bool:
    """Whether somebody single is met at a place (`welcomed him in Berlin`), no crowd anywhere."""
    if target is None or (target.tag_ in ("NNS", "NNPS") and target.ent_type_ != "PERSON"):
        return False
    nouns = (pobj_of(prep) for prep in prepositions_in(verb, ("in", "at", "to", "outside"), after=verb.i))
    return any(noun is not None and name_place(noun, bare=True) is not None for noun in nouns)


def has_gap(verb: Token) -> bool:
    """`the deal they negotiated`, `the deal they finished negotiating`: the noun before the clause is the object."""
    node = verb
    while node.dep_ == "xcomp":
        node = node.head
    links = [child for child in node.children if child.tag_ in ("WDT", "WP", "WRB") or child.dep_ == "prep"]
    own = any(child.dep_ == "nsubj" and child.tag_ not in ("WDT", "WP") for child in node.children)
    return node.dep_ == "relcl" and own and not is_party(node.head) and not any(c.i < node.i for c in links)


def is_remark(noun: Token) -> bool:
    """`met her in Lima, the first talks in a year`: the meeting again, behind a comma, taken for an object."""
    first = noun.left_edge
    lexicon = read_lexicon("meeting")["nouns"]
    return (
        noun.dep_ in ("dobj", "appos") and noun.lemma_.lower() in lexicon and first.i > 0 and first.nbor(-1).text == ","
    )


def is_measure(verb: Token, target: Token) -> bool:
    """`met the Commission on Media's polling threshold`: the noun that ends the phrase is no party."""
    thresholds = read_lexicon("meeting")["thresholds"]
    return target.ent_type_ != "PERSON" and any(
        word.lemma_.lower() in thresholds
        and any(c.dep_ in ("poss", "compound", "amod", "nummod") for c in word.children)
        for word in verb.subtree
        if target.i < word.i < target.i + 10
    )


def is_naming(verb: Token) -> bool:
    """`called him a liar`, `called for`, `a man called X`: no phone call."""
    purposes = read_lexicon("meeting")["call_purposes"]
    subject = doer_of(verb)
    if subject is not None and subject.lemma_.lower() in read_lexicon("meeting")["in_court"]:
        return True
    if (verb.dep_ in ("acl", "amod") and verb.tag_ == "VBN") or any(
        (child.dep_ == "oprd" and child not in named_complement(verb))
        or child.dep_ in ("acomp", "ccomp")
        or (child.dep_ == "xcomp" and lemma_of(child) not in purposes)
        for child in verb.children
    ):
        return True
    if any(child.dep_ in ("dobj", "dative") and _is_termed(child) for child in verb.children):
        return True
    if any(noun is not None and lemma_of(noun) in read_lexicon("meeting")["nouns"] for noun in called_to(verb)):
        return True
    nexts = [child for child in verb.children if child.dep_ in ("prep", "prt", "advmod") and child.i == verb.i + 1]
    if any(child.lower_ in ("for", "on", "upon", "out", "off", "in", "into", "as", "up", "back") for child in nexts):
        return True
    return (
        any(
            child.right_edge.i + 1 < len(verb.doc) and child.right_edge.nbor(1).is_quote
            for child in verb.children
            if child.dep_ == "dobj"
        )
        or len([child for child in verb.children if child.dep_ in ("dobj", "dative")]) > 1
        or verb.i + 1 >= len(verb.doc)
        or verb.nbor(1).is_quote
    )


def is_of_another(prep: Token, verb: Token) -> bool:
    """`met ahead of talks with X`: X belongs to the talks."""
    bond = prep.head  # "in a show of solidarity with X"
    if (
        bond.pos_ == "NOUN"
        and bond.dep_ == "pobj"
        and bond.head.lower_ == "of"
        and not (bond.ent_type_ or is_party(bond))
    ):
        return True
    for node in prep.ancestors:
        if node == verb or (node.dep_ == "dobj" and node.head == verb):
            return False
        if lemma_of(node) in read_lexicon("meeting")["nouns"]:
            return True
    return False


def _is_termed(named: Token) -> bool:
    """`called Ann Ode, his rival, an enemy`, `called the senator "the next premier"`: the last phrase says what."""
    between = named.doc[named.head.i + 1 : named.i] if named.i > named.head.i else named.doc[0:0]
    if any(token.is_quote for token in between):
        return True
    after = named.doc[named.i : min(named.i + 12, named.sent.end)]
    if any(one.text == "," and other.lower_ in ("a", "an") for one, other in itertools.pairwise(after)):
        return True
    terms = [child for child in named.subtree if child.dep_ in ("appos", "oprd", "attr", "conj") and child != named]
    return any(child.left_edge.lower_ in ("a", "an") for child in terms)


def called_to(verb: Token) -> list[Token | None]:
    """`called the senators to a summit`."""
    return [pobj_of(prep) for prep in prepositions_in(verb, ("to", "into"), after=verb.i)]


def is_outsider(token: Token) -> bool:
    """Who hears rather than meets: readers, courts, newspapers and broadcasters."""
    words = read_lexicon("meeting")
    return token.lemma_.lower() in words["not_with"] or (token.pos_ == "PROPN" and token.lower_ in words["media"])
