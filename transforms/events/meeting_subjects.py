"""Who does what a meeting verb says, also where the small model hangs the subject elsewhere."""

from spacy.tokens import Token

from transforms.events.clauses import is_passive, subject_of
from transforms.events.parties import is_party


def doer_of(verb: Token) -> Token | None:
    """The subject; where the parser took the sentence's verb for a participle, the noun that it hung everything on."""
    if is_root_verb(verb):
        return verb.sent.root
    subject = _after_dateline(verb) or _after_opening(verb) or subject_of(verb)
    if (
        subject is not None and subject.dep_ == "npadvmod"
    ):  # "Briefly posing before …, he said", an adverb taken for a noun
        subject = next((child for child in subject.head.children if child.dep_ == "nsubj"), None)
    if subject is None and verb.tag_ == "VBG" and verb.dep_ == "attr":  # "Qatar is mediating", taken for what it is
        subject = next((child for child in verb.head.children if child.dep_ == "nsubj"), None)
    return _honoured(verb) if subject is not None and subject.lower_ == "it" and verb.tag_ == "VB" else subject


def _honoured(verb: Token) -> Token | None:
    """`she said it was an honour to meet them`: whoever says so."""
    for above in verb.ancestors:
        subject = next((child for child in above.children if child.dep_ == "nsubj"), None)
        if above.pos_ == "VERB" and subject is not None and subject.lower_ != "it":
            return subject
    return None


def is_root_verb(verb: Token) -> bool:
    """`Envoys from five nations gathered in Lima`, parsed as nations that were gathered: no other verb is finite."""
    root = verb.sent.root
    if verb.dep_ not in ("acl", "amod") or verb.tag_ not in ("VBN", "VBD") or root.pos_ not in ("NOUN", "PROPN"):
        return False
    finite = any(token.tag_ in ("VBD", "VBZ", "VBP", "MD") and token != verb for token in verb.sent)
    between = verb.doc[root.i + 1 : verb.i]
    parted = verb.tag_ == "VBN" and any(token.text == "," for token in between)
    return not finite and root.i < verb.i and is_party(root) and not parted


def _after_dateline(verb: Token) -> Token | None:
    """`New Delhi: Prime Minister Ode has arrived`, both taken for subjects."""
    subjects = [child for child in verb.lefts if child.dep_ == "nsubj"]
    marks = (
        [token.text for token in verb.doc[subjects[0].i + 1 : subjects[-1].left_edge.i]] if len(subjects) > 1 else []
    )
    return subjects[-1] if any(mark in (":", "-", "–", "—", "--") for mark in marks) else None


def _after_opening(verb: Token) -> Token | None:
    """`On a visit to Peru, President Ode praised …`, the subject taken for a second place beside Peru."""
    if any(child.dep_ in ("nsubj", "nsubjpass", "expl", "csubj") for child in verb.children) or is_passive(verb):
        return None
    for prep in verb.lefts:
        if prep.dep_ not in ("prep", "advmod"):
            continue
        for token in prep.subtree:
            comma = token.left_edge.i > 0 and token.left_edge.nbor(-1).text == ","
            bare = not any(child.dep_ == "cc" for child in token.head.children)
            ends = token.right_edge.i < verb.i and verb.i - token.right_edge.i <= 3
            if token.dep_ in ("conj", "appos") and comma and bare and ends and is_party(token):
                return token
    return None
