"""Forms of Case → codes: the note, and the codes that were picked from it."""

from django import forms

from codes.casefinder.finder import MAX_CHARACTERS
from codes.list_forms import CodesField


class NoteForm(forms.Form):
    """A note. Its text is never cut: one that is too long comes back whole with an error."""

    TOO_LONG = "too_long"

    note = forms.CharField(
        label="Note or procedure report",
        strip=False,
        widget=forms.Textarea,
        error_messages={"required": "Paste a note or a procedure report."},
    )

    def clean_note(self) -> str:
        """Return the note with plain line ends; refuse one that is empty or too long."""
        note = str(self.cleaned_data["note"]).replace("\r\n", "\n").replace("\r", "\n")
        if not note.strip():
            raise forms.ValidationError("Paste a note or a procedure report.")
        if len(note) > MAX_CHARACTERS:
            raise forms.ValidationError(
                f"This note has {len(note):,} characters; {MAX_CHARACTERS:,} are the most. "
                "Nothing of it was lost: shorten it below, or read it in two parts.",
                code=self.TOO_LONG,
            )
        return note


class PicksForm(forms.Form):
    """The codes that were picked, and whether they are wanted as a file."""

    code = CodesField()
    format = forms.ChoiceField(choices=[("page", "page"), ("csv", "csv")], required=False)
