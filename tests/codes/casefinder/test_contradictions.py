"""A candidate that says what the note denies is told from one that does not."""

import pytest

from codes.casefinder.contradictions import Denials
from codes.casefinder.findings import Finding, read
from codes.casefinder.passages import sentences


def contradicts(note: str, words: str, descriptor: str) -> bool:
    """Return whether the note contradicts a descriptor that was found by some of its words."""
    findings = read(sentences(note))
    (found,) = [one for one in findings if words in one.text]
    return Denials.of(findings).contradict(descriptor, [found], ())


@pytest.mark.parametrize(
    ("note", "words", "descriptor"),
    [
        ("Raynaud's syndrome without gangrene.", "Raynaud", "Raynaud's syndrome with gangrene"),
        (
            "Scalp laceration. No foreign body.",
            "laceration",
            "Laceration with foreign body of scalp",
        ),
        ("Osteoarthritis of the right knee.", "Osteo", "Primary osteoarthritis, left knee"),
        (
            "Low back pain with sciatica, left side.",
            "sciatica",
            "Lumbago with sciatica, right side",
        ),
        ("Old myocardial infarction.", "infarction", "Acute myocardial infarction"),
        ("Reflux disease, no esophagitis.", "Reflux", "Reflux disease with esophagitis"),
    ],
)
def test_what_contradicts(note: str, words: str, descriptor: str) -> None:
    assert contradicts(note, words, descriptor)


@pytest.mark.parametrize(
    ("note", "words", "descriptor"),
    [
        ("Raynaud's syndrome without gangrene.", "Raynaud", "Raynaud's syndrome without gangrene"),
        ("Chest pain. Denies abdominal pain.", "Chest", "Chest pain, unspecified"),
        ("Osteoarthritis of the right knee.", "Osteo", "Primary osteoarthritis, right knee"),
        ("Osteoarthritis of both knees.", "Osteo", "Bilateral primary osteoarthritis of knee"),
        ("Pain of the right knee and left ankle.", "ankle", "Pain in left ankle"),
        ("Gastroesophageal reflux, no esophagitis.", "Gastro", "Gastro-esophageal reflux disease"),
        ("Fever. No cough.", "Fever", "Fever, unspecified"),
    ],
)
def test_what_does_not(note: str, words: str, descriptor: str) -> None:
    assert not contradicts(note, words, descriptor)


@pytest.mark.parametrize(
    ("note", "heading", "denied"),
    [
        ("No arterial disease.", "Diseases of arteries, arterioles and capillaries", True),
        (
            "Two-word phrases, no language delay.",
            "Specific developmental disorders of speech and language",
            True,
        ),
        ("Denies kidney problems.", "Other disorders of kidney and ureter", True),
        ("No kidney stones.", "Other disorders of kidney and ureter", False),
        ("Stomach: normal.", "Diseases of esophagus, stomach and duodenum", False),
        ("No disease.", "Diseases of liver", False),
        ("Arterial disease.", "Diseases of arteries, arterioles and capillaries", False),
    ],
)
def test_a_kind_of_disease_is_denied_whatever_its_word(
    note: str, heading: str, denied: bool
) -> None:
    assert Denials.of(read(sentences(note))).deny_kind([heading]) is denied


def test_one_sentence_may_deny_what_another_says() -> None:
    findings: list[Finding] = read(sentences("Left knee pain. The right knee is free of pain."))
    (knee,) = [one for one in findings if "right knee" in one.text]
    assert Denials.of(findings).contradict("Pain in right knee", [knee], ())
