"""What a FHIR request asks, by GET or as Parameters in a POST. Pure; imports no Django."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_BODY = 100_000  # bytes


class Refused(Exception):
    """A question that is answered with an OperationOutcome.

    ``code`` is of FHIR's issue types.
    """

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


def from_query(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the parameters of an address; ``property`` may stand in it several times."""
    asked: dict[str, str] = {}
    for name, value in pairs:
        if name in asked and name != "property":
            raise Refused(400, "invalid", f"The parameter {name} stands there twice.")
        asked[name] = f"{asked[name]},{value}" if name in asked else value
    return asked


def from_body(body: bytes) -> dict[str, str]:
    """Return the values of a Parameters resource as text.

    A ``coding`` becomes ``system``, ``version``, ``code`` and ``display``.
    """
    if len(body) > LONGEST_BODY:
        raise Refused(413, "too-long", f"The body is longer than {LONGEST_BODY} bytes.")
    asked: list[tuple[str, str]] = []
    for parameter in _parameters(body):
        if not isinstance(parameter, Mapping) or not isinstance(parameter.get("name"), str):
            raise Refused(400, "structure", "Each parameter needs a name.")
        asked.extend(_values(parameter))
    return from_query(asked)


def _parameters(body: bytes) -> list[Any]:
    try:
        resource = json.loads(body)
        json.dumps(resource, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Refused(400, "structure", "The body is not JSON.") from None
    is_parameters = isinstance(resource, Mapping) and resource.get("resourceType") == "Parameters"
    listed = resource.get("parameter", []) if is_parameters else None
    if not isinstance(listed, list):
        raise Refused(400, "structure", "The body must be a Parameters resource.")
    return listed


def _values(parameter: Mapping[str, Any]) -> list[tuple[str, str]]:
    name = parameter["name"]
    if isinstance(coding := parameter.get("valueCoding"), Mapping):
        fields = ("system", "version", "code", "display")
        return [(field, str(coding[field])) for field in fields if field in coding]
    values = [value for key, value in parameter.items() if key.startswith("value")]
    if len(values) != 1 or isinstance(values[0], dict | list):
        raise Refused(400, "value", f"The parameter {name} needs one plain value.")
    value = values[0]
    return [(name, str(value).lower() if isinstance(value, bool) else str(value))]
