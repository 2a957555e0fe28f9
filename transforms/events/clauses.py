"""Who does what in a clause: subjects, objects and prepositional arguments over spaCy's dependency parse."""

from collections.abc import Iterator

from spacy.tokens import Token

from transforms.events.lexicon import lemma_of
from transforms.events.parties import is_party

SUBJECTS = ("nsubj", "nsubjpass", "csubj")


RELATIVE = frozenset({"who", "which", "that", "whom"})


CLAUSE_EDGES = frozenset({"relcl", "advcl", "ccomp", "csubj", "parataxis", "acl"})


MAX_CLIMB = 6


def is_passive(verb: Token) -> bool:
    """True for `were withdrawn`, `being recalled` and for a bare participle after its noun (`troops withdrawn from`)."""
    if verb.tag_ != "VBN":
        return False
    if any(child.dep_ in ("auxpass", "nsubjpass", "agent") for child in verb.children):
        return True
    if verb.dep_ == "conj" and not any(child.dep_ in ("aux", "nsubj") for child in verb.children):
        return verb.head.tag_ == "VBN" and is_passive(verb.head)
    return verb.dep_ == "acl"


# Who is made to act is the object of these, however the parser hung the infinitive.
CONTROLLING = frozenset(
    {"urge", "force", "motivate", "persuade", "allow", "ask", "tell", "push", "press", "pressure", "lead", "prompt", "cause", "invite",
     "encourage", "order", "compel", "convince", "oblige", "require", "drive", "advise", "beg", "implore", "permit", "enable"}
)  # fmt: skip
# What these ask for another is to do: `refused a request by the president to step down`.
ASKING = frozenset({"request", "call", "demand", "appeal", "plea", "order", "pressure", "ultimatum", "urging"})
# `prices rose since the vote to leave`: the vote was not the prices' own.
TIMES = frozenset({"since", "after", "before", "following", "despite", "amid", "until"})


def subject_of(verb: Token, climb: int = 0) -> Token | None:
    """The (deep, where control says so) subject of a verb: its own, its antecedent's, that of the verb it hangs on.

    In a passive clause it is the subject of the sentence, what is acted on.
    """
    if climb > MAX_CLIMB:
        return None
    own = next((child for child in verb.children if child.dep_ in SUBJECTS), None)
    head = verb.head
    if own is not None:
        if own.lower_ in RELATIVE and own.tag_ in ("WP", "WDT", "IN"):
            return head if verb.dep_ == "relcl" else _relative_above(verb)
        return own
    if head == verb:
        return None
    asked = _asked_party(verb)
    if asked is not None:
        return asked
    dep = verb.dep_
    if dep == "conj":
        said = head.head if head.dep_ == "ccomp" and verb.tag_ == "VBD" and head.tag_ == "VB" else None
        if said is not None and said.tag_ == "VBD" and head != verb:
            return subject_of(said, climb + 1)  # "Lee said Peru would stay and postponed her visit": Lee did
        return subject_of(head, climb + 1) if head.pos_ in ("VERB", "AUX") else None
    if dep == "xcomp":
        if own is None and any(c.lower_ == "it" and c.dep_ in SUBJECTS for c in head.children) and head.dep_ == "ccomp":
            adjectival = any(c.dep_ == "acomp" for c in head.children) or head.lemma_ == "be"
            return subject_of(head.head, climb + 1) if adjectival else subject_of(head, climb + 1)
        if head.pos_ in ("VERB", "AUX"):
            controlled = next((c for c in head.children if c.dep_ in ("dobj", "dative") and c.i < verb.i), None)
            if controlled is not None and lemma_of(head) not in (
                "promise",
                "vow",
                "have",
                "make",
                "use",
                "take",
                "lose",
                "leave",
            ):
                return controlled
            via = next(
                (c for c in head.children if c.dep_ == "prep" and c.i < verb.i and c.lower_ in ("on", "upon", "for")),
                None,
            )
            party = next((c for c in via.children if c.dep_ == "pobj"), None) if via is not None else None
            if party is not None and lemma_of(head) in (
                "call",
                "prevail",
                "lean",
                "press",
                "push",
                "ask",
                "appeal",
                "wait",
            ):
                return party
        return subject_of(head, climb + 1) if head.pos_ != "NOUN" else _owner(head)
    if dep == "advcl" and any(c.tag_ == "TO" for c in verb.children) and lemma_of(head) in CONTROLLING:
        moved = next((c for c in head.children if c.dep_ in ("dobj", "dative") and c.i < verb.i), None)
        if moved is not None:
            return moved  # `pressure that pushed the party to quit`
    if dep in ("ccomp", "advcl", "parataxis"):
        mark = next((c for c in verb.children if c.dep_ == "mark" and c.lower_ == "for"), None)
        if dep == "ccomp" and (any(c.dep_ == "aux" and c.tag_ == "MD" for c in verb.children) or mark is not None):
            return None
        return subject_of(head, climb + 1) if head.pos_ in ("VERB", "AUX") else None
    if dep == "acl":
        if verb.tag_ in ("VBG", "VBN"):
            return head
        if head.dep_ == "attr" and any(c.lower_ == "it" and c.dep_ in SUBJECTS for c in head.head.children):
            # "said it was an honour to meet X": whoever says so
            return subject_of(head.head.head, climb + 1) if head.head.dep_ == "ccomp" else None
        if head.dep_ in ("pobj", "dobj", "dative") and is_party(head):
            return head  # "called on the party to withdraw"
        return _owner(head, climb)
    if dep == "relcl":
        if any(c.tag_ == "TO" for c in verb.children) and not is_party(head):
            return _owner(head, climb)  # "faces calls to resign"
        return head
    if dep == "pcomp":
        governor = head.head
        return subject_of(governor, climb + 1) if governor.pos_ in ("VERB", "AUX") else _owner(governor, climb)
    if dep == "amod":
        return head
    if dep in ("nsubj", "dobj", "pobj", "attr", "csubj", "compound"):  # a gerund in a noun's place
        poss = next((c for c in verb.children if c.dep_ == "poss"), None)
        if poss is not None:
            return poss
        return subject_of(head, climb + 1) if head.pos_ in ("VERB", "AUX") and dep == "dobj" else None
    if dep == "acomp" or head.pos_ == "ADJ":
        return subject_of(head, climb + 1)
    if verb.pos_ == "ADJ":
        return subject_of(head, climb + 1)
    return None


def _asked_party(verb: Token) -> Token | None:
    """`a call for the premier to resign`: the noun of `for` right before the infinitive, whichever way the parser hung it."""
    to = next((c for c in verb.children if c.tag_ == "TO"), None)
    if to is None or to.i == 0:
        return None
    before = to.nbor(-1)
    node = before
    for _ in range(MAX_CLIMB):
        if node.dep_ == "pobj":
            break
        if node.head == node or node.head.i < node.i - 8:
            return None
        node = node.head
    calls = node.dep_ == "pobj" and node.right_edge.i == before.i and node.head.lower_ in ("for", "on", "upon")
    if not calls or not is_party(node):
        return None
    governor = node.head.head
    return (
        node
        if lemma_of(governor) in ("call", "appeal", "demand", "plea", "wait", "push", "press", "ask", "lean", "prevail")
        else None
    )


def _relative_above(verb: Token) -> Token | None:
    node = verb
    for _ in range(MAX_CLIMB):
        if node.dep_ == "relcl":
            return node.head
        if node.head == node:
            return None
        node = node.head
    return None


def _owner(noun: Token, climb: int = 0) -> Token | None:
    """Whose decision, plan or call it is: `Britain's decision to leave`, `the refusal of the party to …`, `X made a decision to`."""
    asked = lemma_of(noun) in ASKING
    poss = next((child for child in noun.children if child.dep_ == "poss"), None)
    if poss is not None and not asked:
        return poss
    words = ("for", "on") if asked else ("by", "of", "for", "on")
    for prep in (child for child in noun.children if child.dep_ == "prep" and child.lower_ in words):
        party = next((child for child in prep.children if child.dep_ == "pobj" and is_party(child)), None)
        if party is not None:
            return party
    governor = noun.head
    if noun.dep_ in ("dobj", "attr", "oprd") and governor.pos_ in ("VERB", "AUX") and governor != noun:
        return subject_of(governor, climb + 1)
    if noun.dep_ == "pobj" and governor.lower_ not in TIMES and governor.head.pos_ in ("VERB", "AUX"):
        return subject_of(governor.head, climb + 1)
    return None


def objects_of(verb: Token) -> list[Token]:
    """Direct objects, without their conjuncts; of a passive clause its subject."""
    if is_passive(verb):
        subject = subject_of(verb)
        return [subject] if subject is not None else []
    found = [child for child in verb.children if child.dep_ in ("dobj", "obj")]
    if not found and verb.dep_ == "relcl" and any(c.lower_ in RELATIVE and c.dep_ == "dobj" for c in verb.children):
        return [verb.head]
    return [
        verb.head if child.lower_ in RELATIVE and child.tag_ in ("WDT", "WP") and verb.dep_ == "relcl" else child
        for child in found
    ]


def agent_of(verb: Token) -> Token | None:
    """`by` whom, in a passive clause."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((noun for noun in child.children if noun.dep_ == "pobj"), None)
    return None


def prepositions_in(
    node: Token, words: frozenset[str] | set[str] | tuple[str, ...], after: int | None = None
) -> Iterator[Token]:
    """Prepositions of a clause that are in `words`, wherever the parser hung them, without entering another clause.

    `after` skips those before this token index.
    """
    for child in node.children:
        if child.dep_ in CLAUSE_EDGES or child.dep_ in ("nsubj", "nsubjpass"):
            continue
        if child.dep_ == "pcomp" or (child.dep_ == "conj" and child.pos_ in ("VERB", "AUX")):
            continue
        if child.dep_ in ("prep", "agent") and child.lower_ in words and (after is None or child.i > after):
            yield child
        yield from prepositions_in(child, words, after)


def pobj_of(prep: Token) -> Token | None:
    """The noun of a preposition; through a second one (`from across the border`)."""
    for child in prep.children:
        if child.dep_ == "pobj":
            return child
        if child.dep_ == "prep":
            return pobj_of(child)
    return None
