"""What is doubted, suspected or to be ruled out. Pure data."""

from codes.casefinder.cues.shape import TURNING, Cues, phrases

_LIKELY_CAUSE = tuple(
    f"{be}{article}{doubt} {cause}"
    for be in ("", "is ", "was ", "as ")
    for article in ("", "the ", "a ")
    for doubt in phrases(
        """
        likely | most likely | probable | most probable | presumed | presumptive | suspected |
        possible | working | leading
        """
    )
    for cause in phrases(
        """
        cause | source | explanation | reason | diagnosis | etiology | culprit
        """
    )
)

UNCERTAIN = Cues(
    before=phrases(
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
    behind=phrases(
        """
        cannot be ruled out | can not be ruled out | not ruled out | cannot be excluded | has not
        been ruled out | have not been ruled out | has not been excluded | to be ruled out | needs
        to be ruled out | not excluded | must be ruled out | should be ruled out
        """
    ),
    near=(
        *_LIKELY_CAUSE,
        *phrases(
            """
        ? | suspected | is suspected | was suspected | possible | is possible | probable | is
        probable | likely | is likely | questionable | is questionable | is a possibility | in the
        differential | is considered | was considered | considered | was initially considered |
        initially considered | initially suspected | was initially suspected | is in the
        differential | cannot be ruled out | not excluded
        """
        ),
    ),
    around=phrases(
        """
        vs | vs. | versus
        """
    ),
    ends=(
        *TURNING,
        *phrases(
            """
        has | had | have | reports | denies | denied | no | is | was | due to | secondary to |
        because of | in the setting of | given | in patient with | in a patient with | in the
        context of | with history of | start | started | will | plan | order | ordered
        """
        ),
    ),
)
