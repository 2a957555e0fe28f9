"""Which post somebody leaves where the withdrawal's own words don't say: from title, apposition and the rest of the article."""

from collections.abc import Iterator

from spacy.tokens import Token

from transforms.events.context import Context
from transforms.events.lexicon import read_lexicon
from transforms.events.withdrawal_kinds import classify
from transforms.events.withdrawal_phrases import describe

# Words before a role that tell of the holder's time, not of the post.
_TIMES = frozenset(
    {
        "former",
        "then",
        "ex",
        "late",
        "incoming",
        "outgoing",
        "embattled",
        "ousted",
        "deposed",
        "disgraced",
        "new",
        "current",
        "longtime",
        "present",
        "one",
        "two",
        "another",
        "fellow",
    }
)
_NO_POSTS = frozenset({"nominee", "candidate", "contender", "rival", "hopeful"})


def is_role(noun: Token) -> bool:
    """True for what one can resign as: a post, or a noun for people."""
    return classify(noun) == "post" or noun.lemma_.lower() in read_lexicon("parties")["people"]


def post_of(token: Token, context: Context) -> str | None:
    """The post of the party that a word stands for: named right there, else where the article first names it.

    A post that is only a title in front of the name counts as that title (`Prime Minister`).
    """
    own = _post_at(token, context)
    if own is not None:
        return own
    referent = context.names.referent(token)
    if referent is None or referent.kind != "person":
        return None
    former = None
    for i in referent.mentions:
        found = _post_at(context.doc[i], context)
        if found is not None and not _is_former(context.doc[i]):
            return found
        former = former or found
    return former


def _is_former(token: Token) -> bool:
    """`former Senator Ann Lee`: what she was before may be another post than the one that she leaves."""
    return any(word.lower_ in ("former", "ex", "then") for word in token.subtree if word.i < token.i)


def _post_at(token: Token, context: Context) -> str | None:
    return title_before(token) or _own_post(token, context) or _apposed_post(token, context)


def _is_post(noun: Token) -> bool:
    return noun.tag_ in ("NN", "NNP") and noun.lemma_.lower() in read_lexicon("withdrawal")["roles"]


def _own_post(token: Token, context: Context) -> str | None:
    """`the political director of the committee resigned`."""
    return _describe_post(token, context) if token.pos_ == "NOUN" and _is_post(token) else None


def _apposed_post(token: Token, context: Context) -> str | None:
    """`Ann Lee, chief executive of the bank, quit`; `the bank's chief executive, Ann Lee`."""
    return next((_describe_post(noun, context) for noun in _apposed(token) if _is_post(noun)), None)


def _apposed(token: Token) -> Iterator[Token]:
    if token.dep_ == "appos":
        yield token.head
    for child in token.children:
        if child.dep_ == "appos" and child.ent_type_ != "PERSON":
            yield child


def _describe_post(noun: Token, context: Context) -> str | None:
    text = describe(noun, context)
    words = text.split() if text else []
    while words and words[0].lower().removesuffix("-") in _TIMES:
        words = words[1:]
    return " ".join(words) or None


def title_before(token: Token) -> str | None:
    """The title in front of a person's name: `Prime Minister` of `Prime Minister Bettino Craxi`."""
    if token.ent_type_ != "PERSON" and token.pos_ != "PROPN":
        return None
    titles = [c for c in token.lefts if c.dep_ in ("compound", "nmod", "amod") and c.ent_type_ != "PERSON"]
    roles = read_lexicon("withdrawal")["roles"]
    last = next((c for c in reversed(titles) if c.lemma_.lower() in roles and c.lower_ not in _NO_POSTS), None)
    if last is None:
        return None
    start = last
    while (
        start.i > 0
        and start.nbor(-1).dep_ in ("compound", "amod", "nmod")
        and start.nbor(-1).pos_ in ("NOUN", "PROPN", "ADJ")
        and start.nbor(-1).ent_type_ in ("", "ORG", "NORP")
        and start.nbor(-1).lower_ not in _TIMES
    ):
        start = start.nbor(-1)
    while start.i > 1 and start.nbor(-1).text == "-" and not start.nbor(-1).whitespace_:
        start = start.nbor(-2)  # `T-Mobile chief`
    end = last.i + 1
    if token.doc[end].lower_ == "of" and end + 1 < token.i:  # `Secretary of State Ann Lee`
        end = next((i for i in range(end + 1, token.i) if token.doc[i].ent_type_ == "PERSON"), end)
    return token.doc[start.i : end].text
