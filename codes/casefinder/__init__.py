"""Clinical text to codes: parts of a note, what it affirms and denies, candidates, conflicts."""
