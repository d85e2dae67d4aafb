"""The words that say how a finding is meant: denied, doubted, of the family, past, not yet.

Lists in the shape of NegEx (Chapman and others, 2001): words before a finding, words behind it,
phrases that look like one and are not, and words where the reach of one ends. Pure data.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a finding is meant; in the order in which one outweighs another."""

    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    FAMILY = "family history"
    UNCERTAIN = "uncertain"
    PAST = "history of"
    PLANNED = "planned"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Cues:
    """The lists of one status.

    ``before`` reaches what follows up to an end, ``behind`` what stands before it in the sentence.
    ``near`` is behind a finding, last in its list item, and reaches that item alone. ``around``
    reaches the finding right before it; what follows needs ``before`` too.
    """

    before: tuple[str, ...]
    behind: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    pseudo: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    minds_verbs: bool = False
    """Whether verbs of ``VERBS`` end a reach where they begin a new statement."""


def _phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a block, each once."""
    return tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in text.split("|")))


_TURNS = _phrases(
    """
    but | however | although | though | except | except for | aside from | apart from |
    nevertheless | yet | still | otherwise | instead | other than | besides | whereas
    """
)
TURNS = frozenset(_TURNS)
BEHIND_ITEM = frozenset(
    _phrases(
        """
        but | and | or | by | on | after | per | based | given | at | in | this | today | so |
        because | as | though | until | however | yet | from | who | which | with
        """
    )
)
"""Words behind a word such as “negative” that do not make it part of something else."""
# These end a reach wherever they stand …
_SAYS = _phrases(
    """
    reports | reporting | complains | complaining | complains of | endorses | endorsing | admits |
    presents | presenting | presented | positive for | (+) | found to have | diagnosed with |
    status post | s/p | here for | seen for | reason for | cause of | cause for | etiology of |
    source of | because of | started | continue | continues | plan
    """
)
# … and these only where a new statement begins: after a comma, “and”, “she”, “which” and the like.
VERBS = frozenset(
    _phrases(
        """
        has | have | had | is | are | was | were | will | shows | showed | reveals | revealed |
        demonstrates | demonstrated | developed | develops | notes | noted | reported | report |
        found | now | currently
        """
    )
)
OPENERS = frozenset(
    _phrases(
        """
        , | ; | and | but | he | she | they | it | pt | patient | also | still | does | did |
        there | however
        """
    )
)
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
    for verb in _phrases(
        """
        seen | noted | appreciated | observed | visualized | demonstrated | reported | elicited |
        evident | found | detected | felt | palpated | identified | present | suspected |
        confirmed | apparent | significant | documented
        """
    )
)

DENIED = Cues(
    before=(
        *_DENIES_THAT,
        *_phrases(
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
    behind=_phrases(
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
        *_phrases(
            """
        negative | neg | excluded | absent | denied | denies | no | none | unlikely | free |
        not present |
        not seen | not identified | not found | not detected | is denied | was denied |
        unremarkable | normal | wnl | within normal limits | intact | is negative | was negative |
        is absent | was absent | is unlikely | is not present | was not seen | clear | nonreactive
        | non-reactive | undetected | doubtful | doubted
        """
        ),
    ),
    pseudo=_phrases(
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
    ends=(*_TURNS, *_SAYS),
    minds_verbs=True,
)

HYPOTHETICAL = Cues(
    before=_phrases(
        """
        return if | return for | call at once for | call immediately for | call the office for |
        call us for | return at once for | return immediately for | return to er if | return to ed
        if | call if | call for | if | if
        you experience | if you develop | if you have | should you develop | should she develop |
        should he develop | should symptoms | come back if | come back for | go to the er for | go
        to the ed for | go to the emergency room for | seek care for | seek medical attention for
        | in case of | in the event of | watch for | monitor for signs of | unless | risk of |
        risks of | risk for | at risk for | risk factors for | risks including | risks include |
        including risks of | risks, including | complications including | complications such as |
        complications include | potential complications | possible complications | side effects |
        side effects of | side effects including | side effects include | adverse effects of |
        counseled on | counselled on | counseled about | counseled regarding | educated on |
        educated about | education on | education about | education regarding | educated regarding
        | discussed risks | precautions for | precautions | warning signs of | signs of | warning
        signs | signs and symptoms of | to prevent | prevention of | prophylaxis for | prophylaxis
        against | prevents | as needed for | prn for | prn | p.r.n. | vaccine for | vaccine
        against | vaccination against | immunization against | should | avoid | instructed to |
        advised to | strict return precautions for | report any | notify if | reduce the risk of |
        reduces risk of | prevent | in order to prevent | literature on | handout on | handout
        """
    ),
    pseudo=_phrases(
        """
        high risk pregnancy | at high risk for breast cancer screening | as if | if any change |
        should not | check if | unsure if | unclear if | signs of infection are present
        """
    ),
    ends=(
        *_TURNS,
        *_phrases(
            """
        patient has | she has | he has | continues to have | diagnosed with
        """
        ),
    ),
)

FAMILY = Cues(
    before=_phrases(
        """
        family history of | family history significant for | family history positive for | family
        history | family hx of | family hx | fh of | fhx of | fam hx of | fh | fhx | strong family
        history of | significant family history of | positive family history of | mother | father
        | mom | dad | brother | brothers | sister | sisters | sibling | siblings | parent |
        parents | son | daughter | children | aunt | aunts | uncle | uncles | cousin | cousins |
        grandmother | grandfather | grandparent | grandparents | maternal | paternal | maternal
        grandmother | maternal grandfather | paternal grandmother | paternal grandfather |
        maternal aunt | paternal aunt | maternal uncle | paternal uncle | mother's | father's |
        runs in the family | relatives | half-brother | half-sister | twin brother | twin sister |
        first degree relative | first-degree relative | wife | husband | spouse | household
        contact | roommate | passenger | coworker | classmate | grandson | granddaughter
        """
    ),
    near=_phrases(
        """
        in mother | in her mother | in his mother | in father | in her father | in his father | in
        brother | in sister | in the family | runs in the family | in family | in his brother | in
        her brother | in her sister | in his sister | in both parents | in a sibling | in siblings
        | in maternal grandmother | in paternal grandmother | in maternal grandfather | in
        paternal grandfather | in maternal aunt | in paternal aunt | in an aunt | in an uncle | in
        grandmother | in grandfather | in son | in daughter | in her parents | in his parents | in
        parents
        """
    ),
    pseudo=_phrases(
        """
        mother reports | mother states | mother notes | mother says | mother brought | brought in
        by mother | brought by mother | brought in by father | brought by her mother | brought by
        his mother | brought in by his mother | brought in by her mother | brought in by parents |
        brought by parents | per mother | per father | per parents | per daughter | per son | per
        wife | per husband | per family | father reports | father states | mother denies | father
        denies | parents report | parents deny | parents state | lives with | lives with mother |
        lives with her husband | lives with his wife | wife reports | wife states | husband
        reports | husband states | daughter reports | daughter states | son reports | son states |
        accompanied by | accompanied by mother | accompanied by her daughter | accompanied by his
        wife | accompanied by his daughter | accompanied by her son | accompanied by her husband |
        accompanied by his son | accompanied by his mother | accompanied by her mother | expectant
        mother | mother of | father of | parents are concerned | mother is concerned | children at
        home | according to mother | according to his mother | according to her mother | according
        to the mother | the mother reports | the mother states | the mother notes | history
        obtained from mother | history obtained from daughter | history from mother | history from
        daughter | history from wife | noticed by wife | noticed by his wife | noticed by husband
        | maternal care | maternal fever
        """
    ),
    ends=_phrases(
        """
        patient | pt | she | he | herself | himself | personally | but | however | presents | the
        patient
        """
    ),
)

UNCERTAIN = Cues(
    before=_phrases(
        """
        rule out | r/o | ro | to rule out | rule-out | possible | possibly | probable | probably |
        suspected | suspect | suspects | suspicion of | suspicion for | suspicious for | concern
        for | concerns for | concerning for | concern of | worrisome for | likely | most likely |
        questionable | question of | ? | ?? | presumed | presumptive | presumably | may be | might
        be | may have | might have | could be | could have | may represent | could represent |
        might represent | may reflect | could reflect | differential includes | differential
        diagnosis includes | differential | ddx | differential diagnosis | consistent with |
        compatible with | c/w | suggestive of | suggests | suggesting | indicative of | appears to
        be | seems to be | evaluate for | eval for | evaluation for | evaluation of possible |
        workup for | work up for | work-up for | assess for | check for | test for | tested for |
        testing for | versus | vs | vs. | working diagnosis of | working diagnosis | provisional
        diagnosis | cannot rule out | can not rule out | cannot exclude | can't rule out | not
        ruled out | cannot completely exclude | impression of | favor | favors | favoring | think
        this is | consider | considering | raises the possibility of | possibility of | perhaps |
        maybe | potentially | equivocal for | query | to exclude | monitor for | look for |
        looking for | if this is | thought to be | thought to represent | felt to be | believed to
        be | unclear if | unsure if | unknown if | uncertain if
        """
    ),
    behind=_phrases(
        """
        cannot be ruled out | can not be ruled out | not ruled out | cannot be excluded | has not
        been ruled out | have not been ruled out | has not been excluded | to be ruled out | needs
        to be ruled out | not excluded | must be ruled out | should be ruled out
        """
    ),
    near=_phrases(
        """
        ? | suspected | is suspected | was suspected | possible | is possible | probable | is
        probable | likely | is likely | questionable | is questionable | is a possibility | in the
        differential | is considered | was considered | considered | was initially considered |
        initially considered | initially suspected | was initially suspected | is in the
        differential | cannot be ruled out | not excluded
        """
    ),
    around=_phrases(
        """
        vs | vs. | versus
        """
    ),
    ends=(
        *_TURNS,
        *_phrases(
            """
        has | had | have | reports | denies | denied | no | is | was | due to | secondary to |
        because of | in the setting of | given | in patient with | in a patient with | in the
        context of | with history of | start | started | will | plan | order | ordered
        """
        ),
    ),
)

PAST = Cues(
    before=_phrases(
        """
        history of | hx of | h/o | hx | h/o. | personal history of | past history of | past
        medical history of | past medical history significant for | pmh of | pmh significant for |
        prior history of | remote history of | distant history of | known history of | status post
        | s/p | post | previous | previously | prior | remote | medical history of | history
        significant for | history notable for | treated for | childhood | resolved | healed |
        former | survivor of | in remission from | history includes | had a history of | long
        history of | long-standing history of
        """
    ),
    near=_phrases(
        """
        is resolved | was resolved | are resolved |
        which has resolved | which resolved | that has resolved | that resolved | has since
        resolved | since resolved | resolved | has resolved | have resolved | in the past | years
        ago | as a child | survivor | in childhood | has healed | as an infant
        """
    ),
    pseudo=_phrases(
        """
        history of present illness | year old | years old | month old | months old | week old |
        weeks old | day old | days old | yr old | yo | y/o | year-old | old age | prior to |
        previous visit | prior visit | previously healthy | prior to admission | no history of |
        prior auth | prior authorization | post op | post-op | postoperative | post operative |
        post-operative | post traumatic | post-traumatic | post concussion | post-concussion |
        post nasal | post-nasal | post partum | post-partum | post herpetic | post-herpetic | post
        menopausal | post-menopausal | post covid | post-covid | post-acute | post acute | post
        viral | post-viral | post infectious | past week | past few | past month | past two | past
        three | past several | past day | past year | past 24 | past due | old records | old
        fracture | old scar | old myocardial infarction | old mi | family history of | one month
        history of | week history of | day history of | month history of | year history of | days
        history of | hour history of | 2 day history of | not resolved | smoking history | treated
        for hypertension | being treated for | currently treated for | now treated for
        """
    ),
    ends=(
        *_TURNS,
        *_phrases(
            """
        presents | presenting | presented | now | currently | who | reports | complains | here |
        admitted | seen | comes | came | for evaluation of | with new | found to have | today |
        denies
        """
        ),
    ),
)

PLANNED = Cues(
    before=_phrases(
        """
        schedule | scheduled for | schedule for | will schedule | refer | refer to | referred to |
        referral to | referral for | refer for | referred for | recommend | recommended |
        recommends | recommending | plan for | plan to | plans for | planned | will need | will
        obtain | will order | order | ordered | orders | consider | consideration of | obtain |
        arrange | offered | offer | due for | awaiting | await | candidate for | discussed | will
        undergo | to undergo | pending | request | requested | needs | need for | may need | will
        get | will perform | to be scheduled | upcoming | repeat | would benefit from | evaluate
        with | follow up with | follow-up with | return for
        """
    ),
    pseudo=_phrases(
        """
        in order to
        """
    ),
    ends=(
        *_TURNS,
        *_phrases(
            """
        performed | completed | given | administered | done | today | was | were
        """
        ),
    ),
)

ALL: dict[Status, Cues] = {
    Status.DENIED: DENIED,
    Status.HYPOTHETICAL: HYPOTHETICAL,
    Status.FAMILY: FAMILY,
    Status.UNCERTAIN: UNCERTAIN,
    Status.PAST: PAST,
    Status.PLANNED: PLANNED,
}
