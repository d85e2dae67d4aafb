"""What programs may ask: the search in the shape of NLM's service, and FHIR R4 terminology."""
