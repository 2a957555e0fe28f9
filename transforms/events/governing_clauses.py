"""Clauses below a word that governs them: infinitives, `that` clauses, clauses of time and condition, clauses of a noun."""

from spacy.tokens import Token

from transforms.events.lexicon import lemma_of, read_classes, read_lexicon
from transforms.events.modality_cues import (
    OBJECT_DEPS,
    SUBJECT_DEPS,
    Cue,
    called_for,
    is_negation,
    is_pleasure,
    is_yet,
    lookup,
    own_cues,
)
from transforms.events.time_outlook import verb_looks_ahead

PRESENT_TAGS = frozenset({"VBP", "VBZ", "VB"})
Step = tuple[Cue | None, Token | None, bool] | None
"""What the governor says, the governor, and whether its own standing counts too; None where the walk ends."""


def climb_clause(node: Token, head: Token, light: frozenset[str]) -> Step:
    """One step up from the verb of a clause."""
    marks = read_classes("modality", "marks")
    for child in node.children:
        if child.dep_ in ("mark", "advmod") and child.lower_ in marks and child.i < node.i:
            kind = marks[child.lower_]
            if kind == "possible" and child.lower_ in ("until", "till") and node.tag_ == head.tag_ == "VBD":
                return None  # "until he resigned in May, he led the party"
            if kind == "possible":
                return Cue("possible", (child,), final=True), None, False
            if kind == "temporal" and node.dep_ == "advcl":
                return _temporal(node, head, child)
    infinitive = is_infinitive(node)
    if infinitive and node.dep_ in ("xcomp", "acl", "relcl") and is_pleasure(head):
        return None  # "it was an honour to meet", "he was delighted to meet"
    if infinitive and node.dep_ in ("xcomp", "acl", "relcl", "advcl") and _is_counted(node, head):
        verb = head.head if head.dep_ in ("attr", "oprd", "acomp") else head
        return (None, verb, True) if verb.pos_ in ("VERB", "AUX") else None  # "she is the third adviser to quit"
    if node.dep_ == "xcomp" and lemma_of(head) == "be" and infinitive:
        return _climb_be(node, head), head, True
    if infinitive and head.pos_ == "PROPN" and (asked := called_for(node, head)) is not None:
        return asked, None, False
    if node.dep_ in ("acl", "relcl", "advcl") and head.pos_ in ("NOUN", "PROPN"):
        return _climb_acl(node, head, infinitive, light)
    if node.dep_ == "relcl":
        return None
    label = None if lemma_of(head) in light else lookup("clause", head)
    if node.dep_ == "advcl" and not infinitive:
        return None
    called = called_for(node, head) if infinitive and node.dep_ in ("advcl", "xcomp") else None
    if called is not None and lemma_of(head) not in light:
        asking = called.words[0]
        return called, asking if asking.pos_ == "NOUN" else head, True  # "resisted calls from them to resign"
    if node.dep_ in ("xcomp", "ccomp") or (node.dep_ == "advcl" and label in ("possible", "negated", "planned")):
        return _climb_complement(node, head, infinitive, label)
    if node.dep_ == "advcl":
        to = to_of(node)  # purpose: "flew to Paris to meet X"
        return (to, head, True) if to else None
    return None


def _climb_be(node: Token, be: Token) -> Cue:
    """`are to meet`; `the only option is to meet`."""
    subject = next((c for c in be.children if c.dep_ in SUBJECT_DEPS), None)
    label = lookup("nouns", subject) if subject is not None else None
    if subject is not None and label in ("planned", "possible", "negated"):
        return Cue(label, (subject,))
    return Cue("planned", (be, *(c for c in node.children if c.tag_ == "TO")))


def _climb_complement(node: Token, head: Token, infinitive: bool, label: str | None) -> Step:
    """The verb, or the adjective with its `be`, that a clause completes."""
    if node.dep_ == "ccomp" and not infinitive:
        likely = next((c for c in head.children if c.dep_ == "acomp"), head)  # "it is likely that they will meet"
        label = label if likely == head else lookup("clause", likely)
        if label in ("negated", "possible") and lemma_of(likely) not in read_lexicon("modality")["reports"]:
            return Cue(label, governor_words(likely, "clause")), head, True
        return None
    if label == "veridical":
        return None, head, True
    if label is not None:
        return Cue(label, governor_words(head, "clause")), head, True
    subject = next((c for c in node.children if c.dep_ == "nsubj" and c.tag_ in ("NN", "NNP")), None)
    if infinitive and subject is not None and subject.left_edge.i > node.sent.start:
        return Cue("possible", (subject.left_edge.nbor(-1),)), head, True  # "Lee demands Chen resign", however parsed
    to = tuple(c for c in node.children if c.tag_ == "TO")
    if lemma_of(head) == "have" and infinitive and is_yet(head):
        yet = (c for c in (*head.children, *node.children) if c.lower_ in ("yet", "to"))
        return Cue("negated", tuple(yet)), head, True
    if lemma_of(head) == "have" and infinitive:
        had = head.tag_ == "VBD" or any(c.tag_ in ("VBZ", "VBP", "VBD") for c in head.children if c.dep_ == "aux")
        obliged = had and head.tag_ in ("VBD", "VBN")  # "had to withdraw": and did
        return (None, head, True) if obliged else (Cue("possible", (head, *to)), head, True)
    return None, head, True


def to_of(node: Token) -> Cue | None:
    """The `to` of an infinitive, for what lies ahead of the words above it."""
    to = tuple(child for child in node.children if child.tag_ == "TO")
    return Cue("planned", to) if to else None


def is_infinitive(node: Token) -> bool:
    """With `to`, or bare as in `demanded that he resign`, `have him resign`."""
    if any(child.tag_ == "TO" for child in node.children):
        return True
    return node.tag_ == "VB" and not any(child.dep_ == "aux" for child in node.children)


def _is_counted(node: Token, head: Token) -> bool:
    """`the first leader to visit`, `the third adviser to quit`, `among the last to leave`: counted among those who did."""
    counting = read_lexicon("modality")["counting"]
    nouns = [head] if head.pos_ in ("NOUN", "PROPN", "ADJ") else []
    if lemma_of(head) == "be":  # parsed as "is to quit"
        nouns = [
            word
            for child in head.children
            if child.i < node.i and child.dep_ in ("attr", "acomp", "prep")
            for word in (child, *child.children)
            if word.dep_ in ("attr", "acomp", "pobj")
        ]
    words = {word.lower_ for noun in nouns for word in (noun, *noun.children) if word.i < node.i}
    return bool(words & set(counting))


def _temporal(node: Token, head: Token, mark: Token) -> Step:
    """`when they meet` under a future main clause is as planned as that clause."""
    tensed = node if node.tag_ != "VBN" else next((c for c in node.children if c.dep_ in ("aux", "auxpass")), node)
    if tensed == node and node.tag_ in ("VBZ", "VBP") and mark.lower_ in ("after", "before", "once"):
        return Cue("planned", (mark,)), None, False  # "was sent as a guard after it pulls out its soldiers"
    planned = planned_cue(head) or (verb_looks_ahead(head) and to_of(head))
    return (planned or None, None, False) if tensed.tag_ in PRESENT_TAGS else None


def planned_cue(verb: Token) -> Cue | None:
    """What says that a verb's own clause is planned."""
    return next((cue for cue in own_cues(verb) if cue.modality == "planned"), None)


def _climb_acl(node: Token, head: Token, infinitive: bool, light: frozenset[str]) -> Step:
    """One step up from a clause to its noun: `a decision to leave`, `reports that it left`."""
    denied = denied_by(head)
    if denied is not None:
        return denied, None, False
    label = lookup("nouns", head) or (lookup("nouns_with_to", head) if infinitive else None)
    up = head.head
    if label == "report":
        refused = lookup("clause", up) == "negated" and head.dep_ in OBJECT_DEPS
        return (Cue("negated", (up,)), up, True) if refused else None
    if infinitive and head.lemma_.lower() == "invitation" and lemma_of(up) == "accept" and head.dep_ in OBJECT_DEPS:
        return Cue("planned", (up,)), up, True
    if infinitive and head.lemma_.lower() == "way" and head.head.lower_ == "on":  # "on his way to meet X"
        return to_of(node), None, False
    bare = node.dep_ == "acl" and not any(c.dep_ == "aux" for c in node.children)
    if node.tag_ == "VBG" and bare and head.dep_ in SUBJECT_DEPS and label is None:
        cue = planned_cue(up)  # "the committee, meeting in June, will decide"
        return (cue, None, False) if cue is not None else None
    that = any(
        c.lower_ == "that" and (c.dep_ == "mark" or node.tag_ in PRESENT_TAGS) for c in node.lefts
    )  # "demands that he resign"
    if not infinitive and node.tag_ != "VBG" and not (that and label is not None):
        return None
    if label in ("planned", "possible", "negated"):
        return Cue(label, (head,)), head, True
    # "called on the party to withdraw", "asked ministers to resign" parsed into the noun phrase
    via = up if head.dep_ == "pobj" else None
    verb = via.head if via is not None else up
    if infinitive and head.dep_ in ("pobj", "dobj", "dative"):
        found = () if lemma_of(verb) in light else (lookup("clause", verb, via), lookup("nouns", verb))
        label = next((one for one in found if one is not None and one != "report"), None)
        if label == "veridical":
            return None, verb, True  # "forced the minister to resign"
        if label is not None:
            return Cue(label, (verb, *((via,) if via is not None else ()))), verb, True
    to = to_of(node)
    return (to, None, False) if to is not None else None


def denied_by(noun: Token) -> Cue | None:
    """`there is no chance that he will resign`, `gave no sign that she was ready to`, `did not give any indication`."""
    if noun.lemma_.lower() not in read_lexicon("modality")["odds"]:
        return None
    no = next((c for c in noun.children if c.i < noun.i and c.lower_ in ("no", "little")), None)
    if no is not None:
        return Cue("negated", (no, noun))
    negation = next((c for c in noun.head.children if is_negation(c)), None) if noun.dep_ in OBJECT_DEPS else None
    return Cue("negated", (negation,)) if negation is not None else None


def governor_words(head: Token, section: str) -> tuple[Token, ...]:
    """A governor with the particle or preposition under which it is listed."""
    table = read_classes("modality", section)
    particles = [c for c in head.children if c.dep_ in ("prt", "prep") and f"{lemma_of(head)} {c.lower_}" in table]
    return (head, *particles[:1])
