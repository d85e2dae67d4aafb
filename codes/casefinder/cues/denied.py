"""What a note denies. Pure data."""

from codes.casefinder.cues.shape import SAYING, TURNING, Cues, phrases

_DENIES_THAT = tuple(
    f"{verb} {that}{who} {has}"
    for verb in ("denies", "denied", "denying", "deny")
    for that in ("", "that ")
    for who in ("she", "he", "they", "patient", "the patient", "pt")
    for has in ("has", "had", "has had", "is having", "was having", "ever had", "has ever had")
)

_NOT_SEEN = tuple(
    f"{be}not {verb}"
    for be in ("", "was ", "were ", "is ", "are ", "has not been ")
    for verb in phrases(
        """
        seen | noted | appreciated | observed | visualized | demonstrated | reported | elicited |
        evident | found | detected | felt | palpated | identified | present | suspected |
        confirmed | apparent | significant | documented
        """
    )
)

_SHOWS_NONE = tuple(
    f"{fails} {verb}"
    for fails in ("fail to", "fails to", "failed to", "failing to", "does not", "do not", "did not")
    for verb in phrases(
        """
        show | reveal | demonstrate | disclose | identify | detect | find | suggest | indicate |
        confirm | support
        """
    )
)

DENIED = Cues(
    before=(
        *_DENIES_THAT,
        *_SHOWS_NONE,
        *phrases(
            """
        no one in the family has | no one at home has | no one at home is | no one else has |
        denies any current | denies current | denies recent | denies prior | denies previous | no
        longer | (-) | unable to detect | nil | zero | lack any | never any | never any evidence
        of | no one in the household has | no one in the family with | no one in family with | no
        family member with | no findings consistent with | no evidence consistent with | nothing
        consistent with | no changes consistent with | without having | not having | never been |
        not been having | has not been having | without any | without associated | has never had |
        have never had | had never had | never has had | is without | was without | no reports of
        | no report of | no | not | without | w/o | denies | denied | denying | deny | denies any
        | denies having | denies having had | denies ever having | negative for | neg for | never
        | never had | never developed | never been diagnosed with | none of | nor | neither |
        absence of | absent | lack of | lacks | lacking | free of | free from | no evidence of |
        no evidence for | no sign of | no signs of | no signs or symptoms of | no symptoms of | no
        complaints of | no complaint of | no history of | no hx of | no h/o | no known history of
        | no past history of | no prior history of | no personal history of | without history of |
        denies history of | denies a history of | denies any history of | no known | no indication
        of | without evidence of | without any evidence of | without signs of | without sign of |
        without indication of | no longer has | no longer having | does not have | do not have |
        did not have | has not had | there is no | there are no | there was no | there were no |
        does not report | did not report | does not endorse | does not complain of | no reported |
        rules out | ruled out for | ruled out | has been ruled out for | was ruled out for | fails
        to reveal | failed to reveal | did not reveal | does not show | did not show | not show |
        shows no | showed no | reveals no | revealed no | demonstrates no | showing no | not
        demonstrate | is not | was not | were not | are not | isn't | wasn't | weren't | aren't |
        doesn't have | didn't have | doesn't | didn't | don't | hasn't had | hasn't | haven't | no
        family history of | no family hx of | negative family history of | denies family history
        of | denies any family history of | cannot see | not consistent with | inconsistent with |
        resolution of | declines | declined | refuses | refused | unlikely to be | not have | not
        had | no findings of | no suspicion of | no suspicion for | no concern for | no concerns
        for | not suspicious for | low suspicion for | no suggestion of | rather than | as opposed
        to | cleared of | -ve for | doubt | negative | no further evidence of | exclude | excluded
        | excludes | not on | no use of
        """
        ),
    ),
    behind=phrases(
        """
        was ruled out | were ruled out | is ruled out | are ruled out | has been ruled out | have
        been ruled out | had been ruled out | ruled out | r/o'd | are denied | were denied | are
        absent | were absent | were negative | are negative | was excluded | were excluded | has
        been excluded | are not present | were not present | were not seen | are not seen | were
        not identified | were not found | was not | were not | wasn't | weren't | none present |
        is not present | was not present | did not occur | does not occur | has not occurred |
        does not have it | did not have it
        """
    ),
    near=(
        *_NOT_SEEN,
        *phrases(
            """
        negative | neg | excluded | absent | denied | denies | no | none | unlikely | free | not
        present | not seen | not identified | not found | not detected | is denied | was denied |
        unremarkable | normal | wnl | within normal limits | intact | is negative | was negative |
        is absent | was absent | is unlikely | improbable | is improbable | not likely | is not
        likely | highly unlikely | very unlikely | most unlikely | thought unlikely | felt
        unlikely | is not present | was not seen | clear | nonreactive | non-reactive | undetected
        | doubtful | doubted
        """
        ),
    ),
    pseudo=phrases(
        """
        not only | not just | no change | no changes | no change in | no interval change | no
        significant change | no definite change | no increase | no increase in | no improvement |
        no improvement in | no relief | no relief of | no relief from | no further | no decrease |
        no worsening of | no resolution of | not resolved | not improved | not improving | not
        improve | has not improved | not relieved | not relieved by | not responding | not respond
        | not responded | not controlled | not well controlled | not well-controlled | not at goal
        | not taking | not take | not taken | not compliant | not compliant with | not adherent |
        not adherent to | not tolerate | not tolerating | not able to tolerate | not certain | not
        certain if | not certain whether | not necessarily | not rule out | not ruled out | not
        been ruled out | cannot be ruled out | cannot rule out | can not rule out | cannot exclude
        | cannot be excluded | not excluded | not be excluded | gram negative | gram-negative | er
        negative | her2 negative | triple negative | rh negative | rh-negative | seronegative |
        without difficulty | without incident | without complication | without complications |
        without further | without any further | might not | no one | no doubt | not drain | not
        otherwise specified | no surgery for | no treatment for | not on treatment for | not
        treated for | not been treated for | no medication for | no medications for | not seen a
        doctor for | no prior treatment for | not on insulin for | without relief | without
        improvement | not elsewhere classified | free fluid | free air | not up to date | not
        helped | not helping | not been helped | not healed | not healing | has not healed | no
        effect on | not sleeping | not sleep | not able to | not eating | not walking | not bear
        weight | not weight bearing
        """
    ),
    ends=(*TURNING, *SAYING),
    minds_verbs=True,
)
