"""Happened, planned, possible or not: an asterisk stands before the trigger."""

import random

import pytest
from event_reading import nlp, read

from transforms.annotate.model import annotate_texts
from transforms.events.extract import build_context
from transforms.events.modality import RANK, Judgement, judge
from transforms.events.places import find_place

CASES = """
planned | A second round of *talks between Norland and Westland is set for June.
asserted | A second round of *talks between Norland and Westland was held in June.
planned | Norland's *withdrawal from the treaty takes effect in November.
negated | Norland said it was not in exclusive *talks with Westland.
negated | Norland denied that it was in *talks with Westland.
negated | Norland is no longer in *talks with Westland.
asserted | Norland confirmed that it was in *talks with Westland.
possible | Norland may be in *talks with Westland.
negated | Lee *met neither Chen nor Brun in Lima.
asserted | Lee *met Chen and Brun in Lima, though neither spoke.
planned | The force was sent to guard the town after it *pulls out its soldiers.
asserted | The force was sent to guard the town after it *pulled out its soldiers.
possible | Norland and Westland renewed negotiations on a troop *pullback from Lima.
asserted | Ann Lee has had a chance to *meet President Chen.
asserted | The minister had convened a crisis *meeting at his ministry.
asserted | Officers will tackle riots following a *meeting with police chiefs this morning.
planned | Officers will tackle riots at a *meeting with police chiefs this evening.
planned | The minister will convene a crisis *meeting at his ministry.
planned | Lee will endorse Chen after the president *meets with Brun.
possible | Ann Lee would like a chance to *meet President Chen.
possible | We encourage unions to pursue *deliberations with the ministers.
possible | We have worked to hold *talks with Ann Lee.
asserted | Bo Chen said it was a great honour to *meet the king.
asserted | It is the target it pledged to reach at *talks in Oslo last May.
asserted | Bo Chen *meets Ann Lee in the palace.
asserted | The chief executive *resigns.
planned | It is an honour to *meet the king, who is due on Friday.
planned | They pledged to reach the target at *talks in Oslo on Friday.
planned | The ministers from Peru *meet on Friday.
planned | Lee has a goal of *withdrawing from the treaty.
planned | There is no doubt that he will *resign.
possible | Bo Chen, will you *resign?
possible | He urged Norland to resume the *talks it abandoned in 2009.
negated | There is absolutely no chance Ann Lee will *withdraw from the race.
negated | Norland announced the end of the *talks it abandoned in 2009.
asserted | They *met in Oslo on Monday.
asserted | The envoys, who held *talks in Rabat, said they would meet again if the truce holds.
asserted | He was forced to *resign over the leak.
asserted | The *talks did not produce an agreement.
asserted | After *meeting the king, he said he was pleased.
asserted | The planned *withdrawal of troops has begun.
asserted | The presidents agreed to meet and *signed the accord.
asserted | She is forming a cabinet following the *resignation of the premier.
planned | The two ministers are to *meet on Friday.
planned | The ministers will *meet again in June.
planned | The firm said it would *withdraw the offer.
planned | Rabat and Oslo agreed to hold *talks next week.
planned | The council will choose its head at its *meeting in January.
planned | The envoy flew to Cairo to *meet the delegation.
planned | She is due to meet donors before holding *talks with party leaders.
planned | The cabinet's decision to *leave the union hurt the currency.
planned | Peace *talks are scheduled for Tuesday.
planned | He will travel to Lima and *meet the mayor.
planned | EU ministers *meet in Brussels on Friday.
planned | Talks between the rivals *resume on Monday.
possible | The minister may *visit Lima.
possible | Union leaders called on the board to *withdraw the plan.
possible | Opposition deputies called for the mayor's *resignation.
possible | The proposed *talks would be held in Oslo.
possible | Members demanded that she *step down.
possible | The senator issued an angry call for the governor to *resign.
possible | The envoys would *meet again if the truce holds.
possible | They warned of riots if the army does not *withdraw.
possible | The two presidents did not rule out *talks next month.
possible | The union threatened to *leave the coalition.
possible | Lima hopes to *host the summit.
possible | Nobody knows whether he will *resign.
negated | She has not *resigned.
negated | There are no plans to *meet.
negated | The ministers left without *meeting the rebels.
negated | The *visit has been postponed.
negated | A *meeting planned for June was cancelled.
negated | He denied reports that he had *met the banker.
negated | Moscow refused to *pull its troops out.
negated | The company scrapped plans to *withdraw from the market.
negated | He rejected calls to *resign.
negated | The rivals failed to *meet on Monday.
possible | They asked for help to make a room for women to *meet.
possible | The deputies demand nothing but the *withdrawal of the bill.
possible | There is no other way but to *leave the bench early.
possible | Lee has no choice but to *resign.
asserted | Lee had no choice but to *resign.
asserted | Recommendations of the Lima *meeting were sent to the bank.
planned | The envoy paved the way for the premier's *visit.
possible | The deal may pave the way for *talks.
asserted | By the next *meeting, the firm submitted a new plan.
planned | The matter will be raised at the next *meeting.
asserted | Farmers suffered from the failure of the *talks in Lima.
planned | The bank announced it would trim its staff and *withdraw from the market.
asserted | A group which has been *meeting since Monday will tackle the rules.
planned | Lee leaves on a *visit to Lima on Friday.
planned | The ban was lifted in advance of Lee's *meeting with Chen.
negated | Chen ignored calls to *resign.
possible | Rivals are intent on seeing his *departure.
planned | Lee hopes to visit Lima before starting *negotiations with banks.
possible | The town welcomed Lee to *visit its factory.
planned | The union would step up its efforts and would hold *talks with Chen next month.
possible | The union would hold *talks with Chen next month if the truce held.
planned | No date has been set for the *talks.
planned | Lee may halt *talks with Chen.
negated | A *meeting failed to take place.
negated | Norland shows no sign of being ready to *withdraw its troops.
negated | Norland halted the *withdrawal of its troops.
possible | Westland gave Norland a week to *withdraw its troops.
planned | They are gearing up for a *meeting with Chen.
planned | They *meet in Lima on Friday.
asserted | Until he *resigned in May, he led the party.
possible | A pact was reached with Westland over a demand that foreign forces *withdraw from a town near Lima, state television reported.
asserted | May 9, 2024 5:00 AM In the latest twist to the saga, the author has *quit the group.
asserted | Norsoft showed it at its Cloud Next *conference.
planned | Lee may raise the matter at the *summit in June.
negated | Chen has resisted calls from other brokers to *drop out of the race.
planned | Lee is scheduled to brief the *summit on Monday.
planned | The premier was scheduled to address a *conference of bishops.
planned | Lee was arranging *talks with Bo Chen.
asserted | Lee arranged the *talks with Bo Chen.
possible | Lee demands Chen *resign over the leak.
asserted | Lee travelled to Oslo last week to *meet Bo Chen.
planned | Lee travelled to Oslo on Wednesday to *meet Bo Chen.
planned | Lee's planned *visit to Norland was welcomed.
planned | The two sides are finalising a *meeting between Lee and Chen.
planned | Details of the *meeting between Lee and Chen will be announced later.
planned | Chen will become the first leader to visit Lima when he *travels to Norland on Sunday.
possible | Chen said he would welcome a *meeting with Lee.
possible | Chen faced pressure from his own party to *resign.
possible | Lee joined colleagues calling for Rep. Bo Chen (R-Mo.) to *drop out.
possible | If she were premier, she would open the session and *attend the summit.
negated | Lee said a *visit to Norland was off the table.
negated | Lee pulled out of a *meeting with Chen.
negated | Chen brushed aside demands that he *resign.
asserted | Norland confirmed the *withdrawal of its troops from the border.
possible | Protesters are calling for the minister to *resign.
possible | The minister is under pressure to *resign.
possible | Norland is considering *withdrawing from the treaty.
possible | It is likely that Norland will *withdraw its troops.
possible | One scenario is the *resignation of the cabinet.
possible | The main demand is the *withdrawal of foreign troops.
possible | The only option is to *withdraw the troops.
possible | Chen has to *leave the company.
planned | The plan is to *withdraw the troops by May.
planned | Lee was on her way to *meet Chen.
planned | Lee accepted an invitation to *visit Oslo.
planned | Senators urged Lee to cancel her *meeting with Chen.
planned | Chen threatened to cancel his *visit to Norland.
planned | Lee refused to postpone the *meeting with Chen.
planned | Lee did not cancel her *meeting with Chen.
planned | Lee lands in Oslo later on Monday for *talks with Chen.
planned | The policy was announced before the scheduled arrival of Lee for *talks with Chen.
negated | Lee decided to cancel her *meeting with Chen.
negated | She gave no sign that she was ready to *resign.
negated | There is no indication that the minister will *resign.
negated | The minister was not ready to *resign.
negated | The minister said he had no intention of *resigning.
negated | The minister resisted pressure to *resign.
asserted | The runner had to *withdraw from the race with an injury.
asserted | He became the first minister to *resign over the affair.
asserted | She is the third adviser to *quit this year.
asserted | Norland was among the first countries to *withdraw from the treaty.
planned | She will be the first leader to *visit Norland.
asserted | The main reason for Norland *withdrawing its troops was the cost.
asserted | By the time of their *meeting in June, the deal was dead.
"""


def judge_marked(line: str) -> tuple[str, Judgement]:
    expected, _, text = (part.strip() for part in line.partition("|"))
    plain = text.replace("*", "")
    at = text.rindex("*") - (text.count("*") - 1)
    context = read(plain)
    token = next(token for token in context.doc if token.idx == at)
    return expected, judge(token, context)


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_modality(line):
    expected, judgement = judge_marked(line)
    assert judgement.modality == expected, judgement


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_the_cue_stands_in_the_text(line):
    _, judgement = judge_marked(line)
    plain = line.partition("|")[2].replace("*", "")
    if judgement.modality == "asserted":
        assert judgement.cue is None
    else:
        assert judgement.cue is not None
        assert judgement.cue in plain


@pytest.mark.parametrize(
    ("line", "cue"),
    [
        ("possible | Union leaders called on the board to *withdraw the plan.", "called on"),
        ("possible | Opposition deputies called for his *resignation.", "called for"),
        ("planned | The ministers will *meet again.", "will"),
        ("negated | She has not *resigned.", "not"),
    ],
)
def test_cue_words(line, cue):
    assert judge_marked(line)[1].cue == cue


def test_a_light_verb_of_the_trigger_does_not_change_it():
    context = read("The minister announced his resignation.")
    token = next(token for token in context.doc if token.text == "resignation")
    assert judge(token, context, light=frozenset({"announce"})) == Judgement()
    assert judge(token, context).modality == "planned"


def test_without_a_publication_day_nothing_is_planned_by_its_date():
    line = "The board met on 2 June."
    context = read(line, None)
    assert judge(next(t for t in context.doc if t.text == "met"), context) == Judgement()


@pytest.mark.parametrize(
    "line",
    [
        "negated | The senator may stay in the race instead of *dropping out.",
        "negated | Talks with the union have yet to *begin.",
        "planned | The plan is on the agenda of a *meeting to be held in Lima in July.",
        "planned | The minister arrives in Lima for *talks with the mayor.",
        "asserted | They discussed the Lima *summit.",
        "asserted | She was a deputy until *resigning in March.",
        "planned | The premier spoke ahead of *talks with the union.",
    ],
)
def test_prepositions_and_aspect(line):
    expected, judgement = judge_marked(line)
    assert judgement.modality == expected, judgement


def test_any_words_in_any_order_are_judged():
    """Parses of no sentence at all: a modality of the four, words that stand there, a time and a place or none."""
    words = [
        "but",
        "to",
        "not",
        "no",
        "nothing",
        "choice",
        "Monday",
        "in",
        "2024",
        "on",
        "the",
        "visit",
        "met",
        "Lee",
        "Chen",
        "for",
        "of",
        "that",
        "when",
        "before",
        "after",
        "if",
        "by",
        ",",
        "would",
        "will",
        "call",
        "demand",
        "forced",
        "resign",
        "day",
        "later",
        "week",
        "next",
        "last",
        "earlier",
        "May",
        "and",
        "with",
        "at",
        "during",
        "she",
        "who",
        "which",
        "where",
        "Lima",
        "had",
        "is",
        "been",
    ]
    dice = random.Random(7)
    texts = [" ".join(dice.choice(words) for _ in range(dice.randint(1, 25))) for _ in range(150)]
    for text, doc in zip(texts, annotate_texts(texts, nlp()), strict=True):
        context = build_context(text, doc, None)
        for token in doc:
            judgement = judge(token, context)
            assert judgement.modality in RANK, text
            assert judgement.cue is None or judgement.cue in text
            context.times.for_trigger(token)
            find_place(token, token.sent, context)
