"""What is over. Pure data."""

from codes.casefinder.cues.shape import TURNING, Cues, phrases

PAST = Cues(
    before=phrases(
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
    near=phrases(
        """
        is resolved | was resolved | are resolved |
        which has resolved | which resolved | that has resolved | that resolved | has since
        resolved | since resolved | resolved | has resolved | have resolved | in the past | years
        ago | as a child | survivor | in childhood | has healed | as an infant
        """
    ),
    pseudo=phrases(
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
        *TURNING,
        *phrases(
            """
        presents | presenting | presented | now | currently | who | reports | complains | here |
        admitted | seen | comes | came | for evaluation of | with new | found to have | today |
        denies
        """
        ),
    ),
)
