"""What is said in the complement of a noun: `his claim that …`, `a call for …`."""

from spacy.tokens import Span, Token

from transforms.events.cues import Cue, word_list
from transforms.events.said_range import Said, object_last, prep_object, token_range


def by_noun(cue: Cue, sentence: Span) -> Said | None:
    """`his claim that …`, `a call for …`, `accusations of …`."""
    noun, doc = cue.head, cue.head.doc
    for child in noun.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and child.pos_ in ("VERB", "AUX"):
            that = next((one for one in child.lefts if one.lower_ == "that"), None)
            if that is not None and (that.dep_ == "mark" or child.dep_ in ("acl", "ccomp")):
                return token_range(doc, that.i + 1, child.right_edge.i, sentence)
            if any(one.tag_ == "TO" for one in child.lefts):
                subject = next((one for one in child.lefts if one.dep_ == "nsubj"), None)
                return token_range(
                    doc, subject.left_edge.i if subject else child.left_edge.i, child.right_edge.i, sentence, "to"
                )
    that = _that_behind(noun)
    if that is not None:
        return token_range(doc, that.i + 1, that.head.right_edge.i, sentence)
    if noun.lemma_.lower() in word_list("nouns_with_clause"):
        return None
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in ("of", "for", "against", "about"):
            inner = prep_object(child)
            if inner is not None and child.lower_ == "of" and _is_act(noun, inner):
                continue
            if inner is not None and noun.lemma_ == "denial" and inner.lemma_.lower() in word_list("withheld"):
                continue
            if inner is not None and inner != cue.speaker and inner.lemma_.lower() not in ("comment", "interview"):
                last = inner.right_edge.i
                for clause in noun.head.rights:  # `a call for the president to resign`
                    if clause.dep_ in ("advcl", "xcomp") and clause.left_edge.i == last + 1 and clause.tag_ == "VB":
                        last = clause.right_edge.i
                return token_range(doc, inner.left_edge.i, object_last(doc, inner.left_edge.i, last), sentence, "noun")
    return None


def _is_act(noun: Token, inner: Token) -> bool:
    """`an appeal of the ruling`, `assertions of power`: done, not said."""
    lemma = noun.lemma_.lower()
    return lemma in ("appeal", "order") or (lemma == "assertion" and inner.lemma_.lower() in word_list("asserted"))


def _that_behind(noun: Token) -> Token | None:
    """The `that` of a noun's clause where the parse hangs the clause elsewhere: `its announcement last month that …`."""
    for i in range(noun.i + 1, min(noun.i + 6, noun.sent.end)):
        token = noun.doc[i]
        if token.lower_ == "that" and token.tag_ == "IN" and token.head.i > i and token.head.pos_ in ("VERB", "AUX"):
            return token
        if token.dep_ == "cc" or token.pos_ in ("VERB", "AUX") or (token.is_punct and token.text not in ("-",)):
            return None
    return None
