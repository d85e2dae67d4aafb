"""Pages of the modifiers: all of them, and one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from codes import modifiers
from codes.importers.hcpcs import ACTIONS, COVERAGE
from codes.indicators import POLICY
from codes.sections.modifier_rules import RULES


@require_safe
def modifier_list(request: HttpRequest) -> HttpResponse:
    """List the modifiers; two queries."""
    entries = modifiers.shown().values()
    context = {
        "cpt": [entry for entry in entries if entry.is_cpt],
        "hcpcs": [entry for entry in entries if not entry.is_cpt],
    }
    return render(request, "codes/modifier_list.html", context)


@require_safe
def modifier(request: HttpRequest, modifier: str) -> HttpResponse:
    """Show one modifier; two queries."""
    if modifier != modifier.upper():
        return redirect("codes:modifier", modifier.upper(), permanent=True)
    entry = modifiers.shown().get(modifier)
    if entry is None:
        raise Http404("There is no such modifier.")
    fact = entry.fact
    context = {
        "entry": entry,
        "fact": fact,
        "coverage": COVERAGE.get(fact.coverage, "") if fact else "",
        "action": ACTIONS.get(fact.action, "") if fact else "",
        "rules": _rules_about(modifier),
    }
    return render(request, "codes/modifier.html", context)


def _rules_about(modifier: str) -> list[dict[str, str]]:
    """Return which values of which indicators speak of a modifier, and what they say."""
    return [
        {
            "indicator": POLICY[name].title,
            "value": value,
            "use": rule.use.value,
            "because": rule.because or POLICY[name].explanation(value),
        }
        for name, values in RULES.items()
        for value, rules in values.items()
        for rule in rules
        if modifier in rule.modifiers
    ]
