"""What is not done yet. Pure data."""

from codes.casefinder.cues.shape import TURNING, Cues, phrases

PLANNED = Cues(
    before=phrases(
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
    pseudo=phrases(
        """
        in order to
        """
    ),
    ends=(
        *TURNING,
        *phrases(
            """
        performed | completed | given | administered | done | today | was | were
        """
        ),
    ),
)
