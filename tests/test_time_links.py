"""Which time of a sentence dates an event: an asterisk stands before the trigger; `-` where none does."""

import datetime as dt

import pytest
from event_reading import find_all, read

from transforms.events import meeting

DAY = dt.date(2025, 11, 12)  # a Wednesday

CASES = """
2025-11-10 | Lee *met Chen in Geneva on Monday.
2025-11-12 | Lee *met Chen in Geneva on Wednesday.
2025-11-14 | Lee will *meet Chen in Geneva on Friday.
2025-11-17 | Lee is to *meet Chen in Geneva on Monday.
2025-11-14 | Lee is expected to *meet Chen on Friday.
2025-11-13 | Lee said on Monday she would *meet Chen on Thursday.
2025-11-10 | Lee *said on Monday she would meet Chen on Thursday.
2025-11-03/2025-11-09 | Lee *met Chen last week.
2025-10-01/2025-10-31 | Lee *met Chen last month.
2025-11-10/2025-11-11 | Lee *met Chen earlier this week.
2025-11-13/2025-11-16 | Lee will *meet Chen later this week.
2025-11-17/2025-11-23 | Lee will *meet Chen next week.
2025-12-01/2025-12-31 | Lee and Chen agreed to *meet in December.
2025-06-01/2025-06-30 | Lee and Chen *met in June.
2026-06-01/2026-06-30 | Lee and Chen plan to *meet in June.
2025-11-13/2025-11-14 | Lima will *host the envoys on Thursday and Friday.
2025-11-10/2025-11-11 | The envoys *met in Lima on Monday and Tuesday.
2025-11-08/2025-11-09 | The envoys *met in Lima on Saturday and Sunday.
2025-11-03/2025-11-06 | The envoys *met in Lima from November 3 to 6.
2025-11-17/2025-11-20 | The envoys will *meet in Lima from Monday to Thursday.
2025-11-18/2025-11-20 | The envoys will *meet in Lima between November 18 and 20.
- | They held the first *talks in seven years.
2025-11-10 | On Monday they held the first *talks in seven years.
2025-11-24/2025-11-30 | They will *meet again in two weeks.
- | On the eve of a *visit by Chen to Lima, the court on Monday freed two prisoners.
- | Lee spoke to reporters on Monday ahead of a *meeting with Chen.
- | Lee flew to Oslo on Monday before a *meeting with Chen.
2025-11-10 | Lee flew to Oslo on Monday for a *meeting with Chen.
- | Lee on Friday welcomed Chen's *invitation to the premier to visit Oslo.
- | On Monday, the court rejected a *request by Chen to hold a rally.
- | Lee called on Monday for the minister to *resign.
- | On Monday Lee urged the minister to *resign.
- | Lee on Monday joined colleagues calling for the minister to *resign.
2025-11-10 | Lee on Monday joined colleagues *calling for the minister to resign.
2025-11-10 | The minister *resigned on Monday after Lee accused him of fraud.
2025-11-10 | The minister, who *resigned on Monday, denied the charges.
- | The minister, who resigned on Monday, *denied the charges.
- | Norland *withdrew its troops, Lee said on Monday.
2014-01-01/2014-12-31 | Norland, which *withdrew its troops in 2014, offered help on Monday.
2025-11-10 | Norland, which withdrew its troops in 2014, *offered help on Monday.
2025-11-08 | Lee, opening the museum on Saturday, *said it would tell a story.
2025-11-08 | Visiting Lima on Saturday, Lee *said the talks had failed.
2025-11-08 | During a visit to Lima on Saturday, Lee *said the talks had failed.
2025-11-08 | At a news conference on Saturday, Lee *said the talks had failed.
2025-11-08 | Lee *said at a news conference on Saturday that the talks had failed.
2025-11-08 | The talks had failed, Lee *said Saturday.
2025-11-08 | "The talks have failed," Lee *said in an interview on Saturday.
- | The talks failed on Saturday, Lee *said.
- | Lee *said the talks failed on Saturday.
- | Lee *said that on Saturday the talks failed.
2025-11-08 | Lee said the talks *failed on Saturday.
2014-01-01/2014-12-31 | A 2014 study by the institute *found that poor children fared worst.
2022-01-01/2022-12-31 | A 2022 survey from the institute *finds that most firms use robots.
2025-08-01/2025-08-31 | Most voters are undecided, *according to a poll conducted in August.
2025-11-06 | The talks failed, *according to a statement issued late on Thursday.
1987-01-01/1987-12-31 | Envoys at the 1987 meeting *said the church planned to publish a paper.
2025-11-06 | Parliament passed a resolution Thursday *criticizing the president.
2015-01-01/2015-12-31 | A circle of teachers in 2015 sent a note to the dean, *calling for his dismissal.
- | Police have issued a warrant for the actor after he *admitted to the theft, the site reported on Tuesday.
- | The department has *advised against travel to Norland after the shooting last week.
2026-01-01/2026-01-31 | The exit from the accord will not *become official until January 2026.
2018-12-13 | In this Dec. 13, 2018 file photo, the adviser *attends a meeting in Lima.
2012-01-01/2012-12-31 | Lee's landmark 2012 *visit to Norland was followed by a trip by Chen a month later.
2011-12-01/2011-12-31 | The talks were preceded by a *visit from Chen in December 2011.
2025-10-01/2025-10-31 | After Chen *left the company in October, its owner sold it.
- | After Chen left the company in October, its owner *sold it.
2025-11-10 | Lee *signed the deal on Monday after talks with Chen failed.
2025-11-12 | The two leaders will *meet today.
2025-11-12 | The two leaders *met this morning.
2025-11-11 | The two leaders *met late Tuesday.
2025-11-11 | The two leaders *met overnight on Tuesday.
2003-01-01/2003-12-31 | Norland *withdrew from the treaty in 2003.
2025-12-31 | All troops are to *leave by December 31.
2025-12-01/2025-12-31 | All troops are to *leave by the end of December.
2026-01-01/2026-12-31 | All troops will *leave by 2026.
2026-03-01/2026-03-31 | The *withdrawal will be completed in March.
2025-12-01/2025-12-31 | She is *stepping down in December.
2025-12-31 | She is *stepping down on 31 December.
2026-06-01/2026-06-30 | She will *step down next June.
2024-06-01/2024-06-30 | She *stepped down in June last year.
2025-05-01/2025-05-31 | She *stepped down six months ago.
2023-01-01/2023-12-31 | She *stepped down two years ago.
2025-11-14 | Lee cancelled a *meeting with Chen planned for Friday.
- | Lee on Tuesday cancelled a *meeting with Chen.
- | Lee announced on Tuesday a *visit to Norland.
2025-11-20 | Lee announced on Tuesday that she would *visit Norland on November 20.
2025-11-11 | Lee held *talks with Chen on Tuesday, two days after the attack.
2025-11-11 | Two days after the attack, Lee held *talks with Chen on Tuesday.
2025-11-10 | Lee seemed calm in a Monday interview on television, in which he *doubled down on the plan.
2025-11-10 | Lee gave an interview on Monday in which he *said the plan was dead.
2025-11-09 | Sunday on the channel's "Sunday Morning Futures," Lee *said the plan was dead.
2025-11-10 | On Monday night some people were yawning as he *described the plan.
2025-05-01/2025-05-31 | As they campaigned in May, they *proposed sweeping cuts.
- | Voters in Lima held a rally on Monday, Lee *said.
- | Lee issued a call for the premier to *resign on Monday.
- | Lee urged the premier to *resign on Monday.
- | The mood turned over the weekend as leaders called for her *resignation.
1991-01-01/1991-12-31 | In 1991, when the premier opposed the *talks, the bank held back loans.
2024-12-01/2024-12-31 | Some countries exceeded quotas set at their last *conference in December.
2025-11-17/2025-11-23 | Lee hopes to *visit Canada next week before starting new talks.
- | On Monday Lee threatened to break off ties on the eve of a *visit by Chen.
2026-06-01/2026-06-30 | Lee will *visit Lima in June, the first minister to do so.
- | Lee spoke of Chen *calling Christmas a sham.
2024-01-01/2024-12-31 | Lee spoke of a private *meeting she had with Chen a year ago.
2025-11-17/2025-11-23 | Lee will take the stage at the party's *convention this coming week.
2025-07-25 | Lawmakers asked about Lee's July 25 call when he *asked Chen for help.
2025-07-10 | Lee testified about a July 10 meeting at the palace when Chen *told her to act.
2025-11-10 | Lee issued a *call for the premier to resign on Monday.
2025-11-14 | Sudland called on Norland to *withdraw its troops by Friday.
- | Lawmakers urged the minister to *resign on Monday.
2025-12-01/2025-12-31 | The minister may *resign in December.
- | The minister told reporters on Monday she would not *resign.
2025-11-10 | Minister Ann Lee *resigned late on Monday after weeks of protests.
2025-11-10 | Lee, who resigned in October, *told a court on Monday that she was ill.
2025-10-01/2025-10-31 | Voters were shocked by Lee's *resignation in October.
2025-05-01/2025-05-31 | After the *withdrawal of its troops in May, Norland sent aid.
2020-01-31 | Norland *withdrew from the union on January 31, 2020, after years of talks.
2019-01-01/2019-12-31 | Norland withdrew from the pact in 2018 and *began to build weapons again in 2019.
2026-01-01/2026-12-31 | Norland is due to *leave the union in 2026.
- | Norland voted in 2015 to *leave the union.
2025-11-11 | The company said on Wednesday it had *pulled out of the deal a day earlier.
2025-09-01/2025-09-30 | Chen *quit the board in September, weeks before Lee quit in October.
2025-11-10 | Lee *met Chen on Monday, two days after the crash.
2019-06-01/2019-06-30 | The two *met for the last time in June 2019 in Lima.
2025-11-10 | Monday's *meeting was the first since 2019.
2025-11-18 | The *meeting, scheduled for Tuesday, will focus on trade.
2025-11-22/2025-11-23 | The *summit will be held on November 22 and 23 in Lima.
2025-11-08/2025-11-09 | The *talks were held over the weekend.
2025-11-12 | The *talks began this morning.
2025-11-11 | The *talks ended late on Tuesday night.
2025-11-17/2025-11-23 | Lee will pay a *visit to Norland next week.
2025-10-01/2025-10-31 | Lee's *visit to Norland last month was her first.
2026-08-01/2026-08-31 | Lee will *visit Norland in August.
2025-06-01/2025-08-31 | Lee *visited Norland last summer.
2025-11-11 | Lee and Chen *spoke on Tuesday about the crash on Sunday.
2025-11-11 | "The talks on Monday failed," Lee *said on Tuesday.
2025-11-11 | Lee, whose party lost on Sunday, *said Tuesday she would stay.
2025-11-11 | On Tuesday, Lee *announced she would run in 2026.
2025-09-01/2025-09-30 | The plan, *announced in September, will start in 2026.
2019-01-01/2019-12-31 | In a 2019 letter, Lee *wrote that the plan was dead.
2025-11-11 | Lee *told the paper in an interview published on Tuesday that the plan was dead.
2025-11-11 | In a statement late Tuesday, Lee *said the plan was dead.
- | Lee will *visit Lima before returning on December 11.
2025-12-01/2025-12-31 | Prices may move at the ministers' *meeting in December.
2025-12-01/2025-12-31 | They hope that prices rise soon, perhaps at the bank's December *meeting.
2024-12-01/2024-12-31 | Prices moved at the bank's December *meeting.
"""


def written(time) -> str:
    if time is None:
        return "-"
    return str(time.first) if time.first == time.last else f"{time.first}/{time.last}"


@pytest.mark.parametrize("line", CASES.strip().splitlines())
def test_a_time_dates_the_event_that_it_hangs_on(line: str) -> None:
    wanted, _, text = (part.strip() for part in line.partition("|"))
    at = text.index("*")
    context = read(text.replace("*", ""), DAY)
    token = next(token for token in context.doc if token.idx == at)
    assert written(context.times.for_trigger(token)) == wanted


def test_a_day_that_was_decided_on_may_be_over() -> None:
    (mention,) = find_all(
        meeting, "Her decision to hold a meeting with Bo Chen at the end of June angered the union.", DAY
    )
    assert written(mention.time) == "2025-06-21/2025-06-30"


def test_times_within_what_is_said_can_be_left_out() -> None:
    text = "Lee yesterday described the year 2024 as lost."
    context = read(text, DAY)
    token = next(token for token in context.doc if token.text == "described")
    said = (text.index("the year"), text.index(" as"))
    assert written(context.times.for_trigger(token, outside=said)) == "2025-11-11"
