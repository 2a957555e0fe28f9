"""Words that govern an event: verbs, nouns, adjectives and prepositions above it, one step at a time."""

from spacy.tokens import Token

from transforms.events.governing_clauses import (
    Step,
    climb_clause,
    denied_by,
    governor_words,
    is_infinitive,
    planned_cue,
    to_of,
)
from transforms.events.lexicon import keys_of, lemma_of, read_classes, read_lexicon
from transforms.events.modality_cues import (
    OBJECT_DEPS,
    SUBJECT_DEPS,
    Cue,
    is_definite,
    is_yet,
    lookup,
    own_cues,
    standing_of,
)
from transforms.events.time_outlook import is_told

CLAUSE_DEPS = frozenset({"xcomp", "ccomp", "advcl", "acl", "relcl", "pcomp", "csubj", "csubjpass"})
NOUN_PREPOSITIONS = frozenset({"for", "of", "to", "on", "about", "over"})
SHARING = frozenset({"in", "at", "during", "for", "on", "to", "before", "ahead", "after", "following"})


def climb(node: Token, light: frozenset[str]) -> Step:
    """One step up: what the governor says, the governor, and whether it passes on its own standing."""
    head = node.head
    choice = _only_choice(node)
    if choice is not None:  # "has no choice but to resign"; who had none did
        return (
            None
            if is_told(choice.head)
            else (Cue("possible", tuple(node.doc[choice.i + 1 : choice.i + 3])), None, False)
        )
    if head == node:
        to = to_of(node)
        return (to, None, False) if node.tag_ == "VB" and to is not None else None  # headline: "X to meet Y"
    dep = node.dep_
    if dep == "conj":
        if head.pos_ in ("NOUN", "PROPN") and node.pos_ in ("NOUN", "PROPN"):
            return None, head, True
        if any(child.dep_ in SUBJECT_DEPS for child in node.children):
            return None
        if head.pos_ not in ("VERB", "AUX"):
            return None
        if node.tag_ in ("VBD", "VBZ") and head.tag_ in ("VB", "VBG"):
            return None  # "agreed to meet … and signed": finite again, so not below "agreed"
        return climb(head, light)
    if dep == "acomp":
        return None, head, True  # "was not ready to meet"
    if dep in CLAUSE_DEPS - {"pcomp"} and node.pos_ in ("VERB", "AUX", "NOUN"):
        return climb_clause(node, head, light)
    if dep in OBJECT_DEPS or dep in SUBJECT_DEPS:
        return _climb_argument(node, head, light)
    if dep in ("pobj", "pcomp"):
        return _climb_preposition(node, head, light)
    if dep in ("compound", "nmod", "appos") and head.pos_ in ("NOUN", "PROPN"):
        return None, head, True
    return None


def _only_choice(node: Token) -> Token | None:
    """The noun of `no choice but to resign`, `no other way but to resign`."""
    to = next((c for c in node.children if c.tag_ == "TO"), None)
    if to is None or to.i < 2 or to.nbor(-1).lower_ != "but":
        return None
    noun = to.nbor(-2)
    return noun if noun.lower_ in ("choice", "option", "alternative", "way", "recourse") else None


def _climb_argument(node: Token, head: Token, light: frozenset[str]) -> Step:
    """The event noun as subject or object of a verb."""
    if lemma_of(head) in light:
        return None, head, True
    if lemma_of(head) == "be":
        predicate = next((c for c in head.children if c.dep_ in ("acomp", "attr") and c != node), None)
        if predicate is not None and node.dep_ in SUBJECT_DEPS:
            label = lookup("event", predicate) or lookup("clause", predicate)
            if label in ("planned", "possible", "negated"):
                return Cue(label, (predicate,)), head, True
            return _weak(head)
        named = next((c for c in head.children if c.dep_ in SUBJECT_DEPS and c != node), None)
        label = lookup("nouns", named) if named is not None and node.dep_ == "attr" else None
        if named is not None and label in ("planned", "possible", "negated"):
            return Cue(label, (named,)), head, True  # "one option is a meeting"
        standing = standing_of(head) if node.dep_ in SUBJECT_DEPS else None
        if standing is not None:
            return standing, head, True
        to_be = next((c for c in head.children if c.dep_ == "xcomp" and any(w.tag_ == "TO" for w in c.children)), None)
        if to_be is not None and lookup("event", to_be) == "veridical":
            return (
                Cue("planned", (head, *(w for w in to_be.children if w.tag_ == "TO"))),
                head,
                True,
            )  # "talks are to resume"
        return None, head, True
    if lemma_of(head) == "have" and is_yet(head) and any(c.dep_ == "xcomp" for c in head.children):
        return (
            Cue("negated", tuple(c for c in head.subtree if c.lower_ == "yet")),
            None,
            False,
        )  # "talks have yet to begin"
    outcome = next((c for c in head.children if c.dep_ == "xcomp" and lookup("event", c) == "veridical"), None)
    fate = lookup("clause", head) if outcome is not None and node.dep_ == "nsubj" else None
    if fate in ("negated", "planned", "possible"):
        return Cue(fate, (head,)), head, True  # "the meeting failed to take place"
    if node.dep_ in (*OBJECT_DEPS, "nsubjpass") and lookup("nouns", node) == "possible" and _withstands(head):
        return Cue("negated", (head,)), head, True  # "resisted pressure to resign"
    label = lookup("event", head)
    passive = node.dep_ == "nsubjpass"
    if node.dep_ == "nsubj" and label != "veridical":
        return _weak(head)
    if label is None and node.dep_ == "dobj":
        plan = _governing_plan(head, light)  # "is scheduled to brief the summit"
        if plan is not None and plan.modality == "planned":
            return plan, None, False
    if label == "veridical":
        return None, head, True
    if label in ("planned", "possible") and lemma_of(head) in read_lexicon("modality")["topical"] and is_definite(node):
        return _weak(head)
    if label is not None and (passive or node.dep_ in OBJECT_DEPS):
        return Cue(label, governor_words(head, "event")), head, True
    return _weak(head)


def _withstands(verb: Token) -> bool:
    return not {*keys_of(verb), lemma_of(verb)}.isdisjoint(read_lexicon("modality")["withstanding"])


def _weak(head: Token) -> Step:
    """A verb that says nothing about the event still lends it its future: `talks will focus on`, `will chair`."""
    cue = next(
        (
            c
            for c in own_cues(head)
            if c.modality in ("planned", "possible") and c.words[0].lower_ in ("will", "shall", "would", "'ll", "’ll")
        ),
        None,
    )
    return (cue, None, False) if cue is not None else None


def _climb_preposition(node: Token, prep: Token, light: frozenset[str]) -> Step:
    word = prep.lower_
    before = prep.nbor(-1) if prep.i > 0 else prep
    governor = prep.head
    while governor.dep_ == "prep" and governor.pos_ == "ADP":
        governor = governor.head
    prepositions = read_classes("modality", "prepositions")
    if prepositions.get(word) == "negated":
        return Cue("negated", (prep,)), None, False
    if before.lower_ == "forward" and word == "to":
        return Cue("planned", (before, prep)), None, False
    if word == "of" and before.lower_ in ("instead", "ahead"):
        return Cue("negated" if before.lower_ == "instead" else "planned", (before, prep)), None, False
    if (
        word == "of"
        and node.dep_ == "pobj"
        and governor.lemma_.lower() in ("round", "series", "resumption", "string", "set")
    ):
        return None, governor, True  # "a second round of talks is set for June"
    if word in ("but", "except") and before.lower_ in ("nothing", "anything"):
        return None, before, True  # "demand nothing but his resignation"
    if governor.pos_ in ("NOUN", "PROPN"):
        denied = denied_by(governor)
        if denied is not None:
            return denied, None, False  # "no sign of being ready to meet"
        label = lookup("nouns", governor, prep)
        if word == "of" and node.dep_ == "pobj" and governor.lemma_.lower() in read_lexicon("modality")["outcomes"]:
            label = None if is_definite(node) else label  # "the recommendations of the meeting"
        if label == "possible" and governor.lemma_ == "way" and is_definite(node):
            label = "planned"  # "paved the way for the premier's visit"
        if word == "for" and governor.lemma_.lower() in read_lexicon("modality")["motion_nouns"]:
            return None, governor, True  # "the scheduled arrival of the envoy for talks"
        if word in ("of", "for") and governor.lemma_.lower() in read_lexicon("modality")["aspects"]:
            if any(c.lower_ == "no" for c in governor.lefts):
                return Cue("planned", (governor,)), None, False  # "no date has been set for the talks"
            return None, governor, True  # "details of the meeting will be announced"
        if label == "report" and lookup("clause", governor.head) == "negated" and governor.dep_ in OBJECT_DEPS:
            return Cue("negated", (governor.head,)), governor.head, True
        if label in ("planned", "possible", "negated") and word in NOUN_PREPOSITIONS:
            return Cue(label, (governor, *((prep,) if prep.i == governor.i + 1 else ()))), governor, True
        if word in ("at", "during", "in") and governor.head.pos_ in ("VERB", "AUX"):
            cue = planned_cue(governor.head)  # "will discuss the plan at the summit"
            return (cue, None, False) if cue is not None else None
        return None
    if governor.pos_ in ("VERB", "AUX", "ADJ"):
        if lemma_of(governor) in light:
            return None, governor, True
        if lemma_of(governor) in ("be", "remain", "stay") and prep.head == governor and word in ("in", "at", "under"):
            return None, governor, True  # "was not in talks"
        label = lookup("event", governor, prep)
        table = read_classes("modality", "event")
        exact = any(key.endswith(f" {word}") and key in table for key in keys_of(governor, prep))
        if exact and label in ("planned", "possible", "negated"):
            return Cue(label, (governor, prep)), governor, True
        if prepositions.get(word) == "possible":
            over = word in ("until", "till") and governor.tag_ == "VBD"  # "was a deputy until resigning in May"
            return None if over else (Cue("possible", (prep,)), None, False)
        if exact and label == "veridical":
            return None, governor, True
        if node.dep_ == "pcomp" or word in SHARING:
            cue = planned_cue(governor)
            if cue is None and word not in ("after", "following"):
                cue = _governing_plan(governor, light)
            sure = word in ("before", "ahead") or (word in ("at", "in", "during") and is_definite(node))
            if cue is not None and sure and cue.modality != "planned":
                cue = Cue("planned", (prep,))  # "may resign before the summit": the summit itself is not in doubt
            if cue is not None:
                return cue, None, False
        if word == "before" and node.dep_ == "pcomp" and governor.tag_ not in ("VBD", "VBN"):
            return Cue("planned", (prep,)), None, False
        if word == "before" and governor.tag_ in ("VBZ", "VBP"):
            return Cue("planned", (prep,)), None, False
        if prepositions.get(word) == "planned" and word != "before":
            return Cue("planned", (prep,)), None, False
    return None


def _governing_plan(verb: Token, light: frozenset[str]) -> Cue | None:
    """`is due to meet X before holding talks`: the plan over the main verb covers its adjunct."""
    if verb.dep_ not in ("xcomp", "conj") and not (verb.dep_ == "ccomp" and is_infinitive(verb)):
        return None
    step = climb(verb, light)
    if step is None or step[0] is None or step[0].modality not in ("planned", "possible"):
        return None
    # what is only expected to be said at a meeting is said at a meeting that is planned
    expected = any(word.lemma_.lower() in ("expect", "likely", "schedule", "due") for word in step[0].words)
    return Cue("planned", step[0].words) if expected else step[0]
