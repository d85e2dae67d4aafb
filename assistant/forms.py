"""Forms of CasePilot: every parameter of a request is read through one."""

import uuid
from typing import Any, Final

from django import forms

from assistant.conversations import MAX_QUESTION, Turn

TOPICS: Final = {
    "cpt-codes": ("CPT Codes", "What is {0}?"),
    "guidelines": ("Guidelines", "Guidelines for {0}"),
    "modifiers": ("Modifiers", "Which modifiers go with {0}?"),
    "crosswalks": ("Crosswalks", "What does {0} map to?"),
    "ncci-edits": ("NCCI Edits", "What NCCI edits does {0} have?"),
    "compliance": ("Compliance", "What changed for {0}?"),
    "medicare-coverage": ("Medicare Coverage", "Is {0} covered by Medicare?"),
}
"""The seven topics: their name, and the question about a code; {0} is the code."""

WITHOUT_CODE: Final = {
    "cpt-codes": "What is CPT code 99213?",
    "guidelines": "Guidelines for E/M services",
    "modifiers": "What is modifier 25?",
    "crosswalks": "What does ICD-10-CM E11.9 map to?",
    "ncci-edits": "Can 99213 and 36415 be billed together?",
    "compliance": "What changed for 99213?",
    "medicare-coverage": "What does Medicare pay for 99213?",
}
"""A question on each topic where no code is at hand."""


class StartForm(forms.Form):
    """What a link may put into the question box: a question, or a code and a topic."""

    q = forms.CharField(max_length=MAX_QUESTION, required=False, strip=True)
    code = forms.RegexField(r"^[A-Za-z0-9.]{1,12}$", required=False)
    about = forms.ChoiceField(choices=[(key, key) for key in TOPICS], required=False)
    topic = forms.ChoiceField(choices=[(key, key) for key in TOPICS], required=False)

    def question(self) -> str:
        """Return the question of a valid form; empty where none is asked for."""
        chosen = self.cleaned_data
        topic = chosen["about"] or chosen["topic"]
        if chosen["q"]:
            return str(chosen["q"])
        if chosen["code"]:
            return TOPICS[topic or "cpt-codes"][1].format(chosen["code"])
        return WITHOUT_CODE[topic] if topic else ""


class QuestionForm(forms.Form):
    """A question. ``once`` names the sending, so that one that is repeated counts once."""

    question = forms.CharField(
        label="Your question",
        max_length=MAX_QUESTION,
        strip=True,
        error_messages={
            "required": "Type a question first.",
            "max_length": f"A question has at most {MAX_QUESTION:,} characters.",
        },
    )
    once = forms.UUIDField(required=False)

    def clean_question(self) -> str:
        """Take out what PostgreSQL cannot store."""
        return str(self.cleaned_data["question"]).replace("\x00", "")

    def clean_once(self) -> uuid.UUID:
        """Name a sending that has no name."""
        return self.cleaned_data["once"] or uuid.uuid4()


class FeedbackForm(forms.Form):
    """What the asker thinks of an answer."""

    vote = forms.TypedChoiceField(choices=[("up", "up"), ("down", "down")], coerce=str)
    complaint = forms.ChoiceField(choices=Turn.Complaint.choices, required=False)
    comment = forms.CharField(max_length=500, required=False, strip=True)

    def clean(self) -> dict[str, Any]:
        """Keep a complaint only beside its vote."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("vote") != "down":
            data["complaint"] = ""
        return data


class ApiQuestionForm(forms.Form):
    """The body of ``POST /api/v1/ask``."""

    question = forms.CharField(max_length=MAX_QUESTION, strip=True)
    conversation = forms.UUIDField(required=False)
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    once = forms.UUIDField(required=False)


class HandOverForm(forms.Form):
    """Which question is handed over to a consultant."""

    turn = forms.UUIDField(required=False)
