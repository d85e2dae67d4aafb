"""What others have: relatives, and who is with the patient. Pure data."""

from codes.casefinder.cues.shape import Cues, phrases

_IN_RELATIVE = tuple(
    f"in {whose}{side}{relative}"
    for whose in ("", "a ", "an ", "the ", "her ", "his ", "their ", "one ", "two ")
    for side in ("", "maternal ", "paternal ")
    for relative in phrases(
        """
        mother | father | brother | brothers | sister | sisters | sibling | siblings | parent |
        parents | son | sons | daughter | daughters | aunt | aunts | uncle | uncles | cousin |
        cousins | grandmother | grandfather | grandparent | grandparents | relative | relatives
        """
    )
)

_OTHERS_HAVE = tuple(
    f"{who} {has}"
    for who in phrases(
        """
        boyfriend | girlfriend | partner | fiance | fiancee | friend | neighbor | co-worker |
        teammate | teacher | boss | nephew | niece | stepfather | stepmother | close contact
        """
    )
    for has in phrases(
        """
        has | had | with | tested positive | tested positive for | was diagnosed with | is sick
        with | was sick with | recently had | is being treated for | just had
        """
    )
)

_OF_PATIENT = tuple(
    f"{relative} of {whom}"
    for relative in ("mother", "father", "brother", "sister", "son", "daughter")
    for whom in ("the patient", "patient")
)

FAMILY = Cues(
    before=_OTHERS_HAVE
    + _OF_PATIENT
    + phrases(
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
    near=(
        *_IN_RELATIVE,
        *phrases(
            """
            in the family | runs in the family | in family | in both parents | in relatives
            """
        ),
    ),
    pseudo=phrases(
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
    ends=phrases(
        """
        patient | pt | she | he | herself | himself | personally | but | however | presents | the
        patient
        """
    ),
)
