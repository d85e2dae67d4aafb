"""What only might be: advice, risks, what to come back for. Pure data."""

from codes.casefinder.cues.shape import TURNING, Cues, phrases

HYPOTHETICAL = Cues(
    before=phrases(
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
    pseudo=phrases(
        """
        high risk pregnancy | at high risk for breast cancer screening | as if | if any change |
        should not | check if | unsure if | unclear if | signs of infection are present
        """
    ),
    ends=(
        *TURNING,
        *phrases(
            """
        patient has | she has | he has | continues to have | diagnosed with
        """
        ),
    ),
)
