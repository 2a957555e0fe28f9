"""Verbs in the simple present that announce what is about to happen: `ministers meet on Friday`, `arrives for talks`."""

from spacy.tokens import Token

from transforms.events.lexicon import lemma_of, read_lexicon


def is_motion(verb: Token) -> bool:
    """Going somewhere announces what one goes for: `arrives in Oslo for talks`."""
    return lemma_of(verb) in read_lexicon("modality")["motion"]


def announced_by(trigger: Token) -> Token | None:
    """The verb in the simple present that tells of the event: itself, or `resume` of `talks resume`, `arrives` of `arrives for talks`."""
    verbs = read_lexicon("modality")["announcing"]
    verb = trigger
    if trigger.pos_ in ("NOUN", "PROPN"):
        verb = trigger.head
        if trigger.dep_ == "pobj":
            verb = trigger.head.head
            if trigger.head.lower_ != "for" and not (trigger.head.lower_ == "on" and is_motion(verb)):
                return None  # "arrives for talks", "leaves on a visit"
        elif trigger.dep_ not in ("nsubj", "dobj"):
            return None
    simple = verb.tag_ in ("VBZ", "VBP") and verb.pos_ == "VERB"
    # "ministers meet on Friday", its verb taken for an infinitive
    bare = (
        verb.tag_ == "VB"
        and verb.dep_ in ("ROOT", "ccomp")
        and not any(c.dep_ in ("aux", "mark") for c in verb.children)
    )
    plural = any(
        c.dep_ == "nsubj" and (c.tag_ in ("NNS", "NNPS", "CD") or c.lower_ in ("they", "we")) for c in verb.children
    )
    simple = simple or (bare and plural)
    on_the_way = verb.tag_ == "VBG" and is_motion(verb) and trigger.dep_ == "pobj"  # "was heading for Lima for talks"
    setting_out = lemma_of(verb) in ("leave", "depart", "head") and trigger.dep_ == "pobj"  # "left for Lima for talks"
    simple = simple or on_the_way or setting_out
    habitual = any(
        child.dep_ == "advmod"
        and child.lower_ in ("often", "usually", "regularly", "always", "currently", "now", "frequently", "never")
        for child in verb.children
    )
    conditional = any(
        child.dep_ in ("mark", "advmod") and child.lower_ in ("when", "whenever", "if", "as", "while")
        for child in verb.children
    )
    return verb if simple and not habitual and not conditional and lemma_of(verb) in verbs else None
