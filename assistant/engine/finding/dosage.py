"""What one unit of a drug's code is, and how many units a dose asked about is."""

from collections.abc import Iterator, Sequence

from assistant.engine import doses
from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.intents import Intent
from assistant.engine.making import Maker
from codes.metering import Access
from codes.models import Code


def find(named: Sequence[tuple[Code, CodeRef]], ask: Ask, make: Maker) -> Iterator[Fact]:
    """Yield one fact for each drug whose descriptors the asker may see; no query.

    Only where units are asked for, or a dose is named.
    """
    dose = doses.asked(ask.text)
    if dose is None and Intent.UNITS not in ask.intents[:2]:
        return
    for code, ref in named:
        one = doses.of_one_unit(code.public_long)
        if code.system.slug != "hcpcs" or ref.access is Access.LEAD or one is None:
            continue
        most = "up to " if one.is_most else ""
        counted = _counted(dose, one) if dose else ""
        text = f"By its descriptor one unit of {code.display} is {most}{one}{counted}."
        yield make.fact(
            "dose" if counted else "dose.unit",
            Topic.NCCI,
            text,
            code,
            level=Level.DESCRIBED,
            code=ref,
            derived=[text],
        )


def _counted(dose: doses.Dose, one: doses.Dose) -> str:
    number = doses.units(dose, one)
    if number is None:
        return ""
    if number == 1:
        return f", so {dose} is one unit"
    if number == number.to_integral_value():
        return f", so {dose} are {number:,.0f} units"
    low = int(number)
    return f", so {dose} are more than {low:,} and less than {low + 1:,} units"
