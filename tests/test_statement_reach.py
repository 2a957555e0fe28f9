"""Statements: where the words said begin and end, and whose they are when the sentence is winding."""

import pytest
from event_reading import find_all, trigger_of

from transforms.events import statement


def read(text: str) -> list[tuple[str, str, str | None]]:
    """(trigger, speaker, content) of every statement."""
    return [(trigger_of(one, text), one.actors[0].name, one.detail.content) for one in find_all(statement, text)]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        # the cue in the middle: the longer side, without the cue
        ("The new tax, Anna Weber said, would close most of the small shops.", "would close most of the small shops"),
        ("However, Anna Weber argued, no worker would lose out.", "no worker would lose out"),
        (
            "If the vote fails, Anna Weber warned, the region will not get the money that it needs to rebuild.",
            "the region will not get the money that it needs to rebuild",
        ),
        ("The disease, as Anna Weber explained, is a very rare condition.", "is a very rare condition"),
        ("The shops closed, Anna Weber said, as the tax rose.", "The shops closed"),
        ("It is too early to be sure, as Anna Weber has taken to saying.", "It is too early to be sure"),
        # a quotation among the words is said to its end
        (
            "Anna Weber said the plan “was not bad, but it [the plan] is being used by others.”",
            "the plan “was not bad, but it [the plan] is being used by others",
        ),
        (
            "Anna Weber argued that the plan was not just a nuisance, but a danger.",
            "the plan was not just a nuisance, but a danger",
        ),
        (
            "Anna Weber accused the harbour of neglect and using storms as an excuse.",
            "neglect and using storms as an excuse",
        ),
        (
            "Anna Weber concluded that the mayor was “calm but tired”, while the judge was “serious and fearful”.",
            "the mayor was “calm but tired”, while the judge was “serious and fearful",
        ),
        (
            "Anna Weber said about half of the rise in its projections reflected losses.",
            "about half of the rise in its projections reflected losses",
        ),
        ("Anna Weber declared on national television that she was leaving.", "she was leaving"),
        (
            "Anna Weber criticized the mayor for stealing data and for “misrepresenting what had occurred.”",
            "stealing data and for “misrepresenting what had occurred",
        ),
        ("Anna Weber pledged to work together, starting a long transition.", "to work together"),
        (
            "Anna Weber confirmed the re-election of the mayor on Monday.",
            "the re-election of the mayor",
        ),
        (
            "Anna Weber said that she hasn't had much time to think (really?) and that she'll try to rest.",
            "she hasn't had much time to think (really?) and that she'll try to rest",
        ),
        ("Anna Weber told “Morning News” on Monday the tone was cordial.", "the tone was cordial"),
    ],
)
def test_reach_of_the_words_said(text, content):
    assert [(speaker, said) for _, speaker, said in read(text)] == [("Anna Weber", content)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "'It seldom happens that they fail, and then all see it,' Carl Finch, vice president of NTC, a tide table firm told Nordpost.",
            ("Carl Finch", "It seldom happens that they fail, and then all see it,"),
        ),
        (
            "She was in none of the groups which, according to Karl Braun, were created for that purpose.",
            ("Karl Braun", "were created for that purpose"),
        ),
        (
            "“Yes, I support her,” Karl Braun, founder of the Research Center, tells the Daily News.",
            ("Karl Braun", "Yes, I support her,"),
        ),
        (
            "It hasn't gone unnoticed: According to Karl Braun, she holds only 14 percent.",
            ("Karl Braun", "she holds only 14 percent"),
        ),
        ("She had, according to Karl Braun, caught and eaten a rabbit.", ("Karl Braun", "caught and eaten a rabbit")),
    ],
)
def test_speaker_between_the_words(text, found):
    assert [(one[1], one[2]) for one in read(text)] == [found]


def test_clause_of_another_speaker_is_cut_off():
    found = read("Anna Weber said the mayor had made a good case, while other voters said they had heard nothing new.")
    assert found == [
        ("said", "Anna Weber", "the mayor had made a good case"),
        ("said", "voters", "they had heard nothing new"),
    ]


def test_share_of_those_asked_speaks():
    found = read("Half of the voters said they were worried, and more than 4 in 10 said Anna Weber would win.")
    assert [speaker for _, speaker, _ in found] == ["voters", "4 in 10"]


def test_who_praises_goes_on_to_say():
    assert [one[1] for one in read("Anna Weber praised Karl Braun saying he was “a friend of the town”.")] == [
        "Anna Weber"
    ]


def test_who_is_prompted_to_speak_speaks():
    found = read("The strike has prompted some analysts to suggest that the firm is weak.")
    assert found == [("suggest", "analysts", "the firm is weak")]
    assert read("Anna Weber's friends wanted some analysts to suggest that the firm is weak.") == []


def test_question_that_stands_as_a_sentence_of_its_own():
    found = read("“You know, it happens, right?” Anna Weber went on, as if she did not hear.")
    assert found == [("went on", "Anna Weber", "You know, it happens, right?")]


def test_title_in_marks_between_quotation_and_cue():
    found = read("“We have had better ones,” delegate Karl Braun, wearing a hat and “Team Braun” pins, said.")
    assert [(one[1], one[2]) for one in found] == [("Karl Braun", "We have had better ones,")]


def test_who_speaks_behind_a_colon_is_the_i_in_it():
    found = read("Anna Weber picked up the story: “The door opened. I said ‘Karl, what is that awful smell?’”")
    assert [one[1] for one in found] == ["Anna Weber"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Gulf sources believe Karl Braun has joined in and admit that the states are powerless.", "Gulf sources"),
        ("Karl Braun is making a pitch to voters saying a law is hurting the economy.", "Karl Braun"),
    ],
)
def test_whose_words_follow(text, speaker):
    assert [one[1] for one in read(text)] == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "The rebels threatening Odeville blasted open the gates.",
        "Anna Weber maintains 4,300 miles of mains in the town, and Karl Braun has many more.",
        "Anna Weber agreed to, drew up and signed the deal.",
        "Anna Weber asked for the third time.",
        "Anna Weber has echoed the mayor's success.",
        "The doctors agree with Anna Weber.",
        "Anna Weber steered clear of blaming the church itself.",
        "The officials who brokered a peace knew Anna Weber, whose feud threatened to undermine it.",
        "The union fought the party's denial of access to the files.",
        "Anna Weber will tell you that this is the best place.",
        "The town suffers when mayors are saying things that were unwise.",
    ],
)
def test_deeds_are_no_statements(text):
    assert read(text) == []


def test_records_in_a_list_of_clauses_are_part_of_what_is_said():
    found = read(
        "Anna Weber conceded that the mayor had been cleared, and the bank records had shown that he was poor."
    )
    assert found[0][2] == "the mayor had been cleared, and the bank records had shown that he was poor"


def test_signature_under_a_post_of_several_lines():
    text = "Anna Weber turned to a network:\n\nWe protect ourselves from the smoke.\nUse the masks whenever needed.\n\n— Anna Weber (@weber) May 1, 2024"
    assert [(one[1], one[2]) for one in read(text)] == [("Anna Weber", "Use the masks whenever needed")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Two posts came. One wrote: “The boat of our uncle was sold.”",
            ("one", "The boat of our uncle was sold."),
        ),
        (
            "Karl Braun told donors he had lost because he had been late.",
            ("Karl Braun", "he had lost because he had been late"),
        ),
        (
            "Karl Braun was unable to find a taker, Anna Weber said, on condition of anonymity to speak freely.",
            ("Anna Weber", "Karl Braun was unable to find a taker"),
        ),
        (
            "The singer, a friend of Karl Braun, tweeted yesterday: “Sometimes you have to disagree.”",
            ("singer", "Sometimes you have to disagree."),
        ),
    ],
)
def test_cues_that_the_parse_hides(text, found):
    assert [(one[1], one[2]) for one in read(text)] == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna Weber made clear that unity was on her mind.", ("Anna Weber", "unity was on her mind")),
        (
            "Anna Weber, the town's director, disputes that voters have a big say.",
            ("Anna Weber", "voters have a big say"),
        ),
        (
            "Anna Weber wrote tersely to Karl Braun to “cancel your ridiculous summit and come home.”",
            ("Anna Weber", "cancel your ridiculous summit and come home."),
        ),
        (
            "NTC Vice President and chief harbor planner Martin Finch told Nordpost that it would be hard.",
            ("Martin Finch", "it would be hard"),
        ),
        (
            "Anna Weber also said:\n\nThe bridge over the river is safe.",
            ("Anna Weber", "The bridge over the river is safe"),
        ),
    ],
)
def test_cues_in_unusual_places(text, found):
    assert [(one[1], one[2]) for one in read(text)] == [found]


def test_heading_run_into_the_text_is_not_said():
    found = read("'Massive damage' A spokesman said there was much damage to the house.")
    assert found == [("said", "spokesman", "there was much damage to the house")]


def test_report_of_a_report_is_not_said_by_the_first():
    found = read("Anna Weber said the train sped up and “everyone just went flying,” the Daily Post reports.")
    assert found[0][1:] == ("Anna Weber", "the train sped up and “everyone just went flying")
