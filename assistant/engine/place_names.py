"""Names of places in the United States as people type them, for payment localities. Pure data.

A nickname stands for a city or county and its state; which locality that is, the loaded file says.
"""

import re
from collections.abc import Mapping
from typing import Final

STATES: Final = dict(
    pair.split("=")
    for pair in [
        "alabama=AL",
        "alaska=AK",
        "arizona=AZ",
        "arkansas=AR",
        "california=CA",
        "colorado=CO",
        "connecticut=CT",
        "delaware=DE",
        "florida=FL",
        "georgia=GA",
        "hawaii=HI",
        "idaho=ID",
        "illinois=IL",
        "indiana=IN",
        "iowa=IA",
        "kansas=KS",
        "kentucky=KY",
        "louisiana=LA",
        "maine=ME",
        "maryland=MD",
        "massachusetts=MA",
        "michigan=MI",
        "minnesota=MN",
        "mississippi=MS",
        "missouri=MO",
        "montana=MT",
        "nebraska=NE",
        "nevada=NV",
        "ohio=OH",
        "oklahoma=OK",
        "oregon=OR",
        "pennsylvania=PA",
        "tennessee=TN",
        "texas=TX",
        "utah=UT",
        "vermont=VT",
        "virginia=VA",
        "washington=WA",
        "wisconsin=WI",
        "wyoming=WY",
        "new_hampshire=NH",
        "new_jersey=NJ",
        "new_mexico=NM",
        "new_york=NY",
        "north_carolina=NC",
        "north_dakota=ND",
        "rhode_island=RI",
        "south_carolina=SC",
        "south_dakota=SD",
        "west_virginia=WV",
        "puerto_rico=PR",
    ]
)
ABBREVIATIONS: Final = frozenset(STATES.values())
_NO_WORDS: Final = frozenset(
    [
        *("AK", "AZ", "FL", "IL", "KS", "KY", "MN", "NC", "NH", "NJ", "NM", "NV", "NY", "RI"),
        *("SC", "SD", "TN", "TX", "UT", "VT", "WA", "WI", "WV", "WY"),
    ]
)
"""Abbreviations of states that are no word or unit, so that small letters are read too."""

ALIASES: Final[Mapping[str, str]] = {
    "brooklyn": "kings county NY",
    "bronx": "bronx county NY",
    "staten island": "richmond county NY",
    "long island": "nassau county NY",
    "philly": "philadelphia PA",
    "nyc": "NY",
    "new york city": "NY",
    "san fran": "san francisco CA",
    "washington dc": "DC",
    "washington d c": "DC",
    "phoenix": "AZ",
    "tucson": "AZ",
    "denver": "CO",
    "colorado springs": "CO",
    "hartford": "CT",
    "honolulu": "HI",
    "boise": "ID",
    "indianapolis": "IN",
    "indy": "IN",
    "des moines": "IA",
    "wichita": "KS",
    "louisville": "KY",
    "minneapolis": "MN",
    "twin cities": "MN",
    "omaha": "NE",
    "las vegas": "NV",
    "vegas": "NV",
    "reno": "NV",
    "albuquerque": "NM",
    "charlotte": "NC",
    "raleigh": "NC",
    "cincinnati": "OH",
    "cleveland": "OH",
    "tulsa": "OK",
    "nashville": "TN",
    "memphis": "TN",
    "salt lake city": "UT",
    "slc": "UT",
    "milwaukee": "WI",
    "anchorage": "AK",
}
"""Places that no locality is named after. A state alone is enough where it is one locality."""

_ALIAS: Final = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, ALIASES), key=len, reverse=True))})\b", re.IGNORECASE
)
CITIES: Final = frozenset(
    [
        *("atlanta", "austin", "bakersfield", "baltimore", "beaumont", "boston", "brazoria"),
        *("chicago", "chico", "dallas", "detroit", "fresno", "galveston", "houston", "manhattan"),
        *("miami", "modesto", "napa", "philadelphia", "portland", "queens", "redding"),
        *("riverside", "sacramento", "salinas", "seattle", "stockton", "vallejo", "visalia"),
        *("fort lauderdale", "fort worth", "los angeles", "new orleans", "san diego"),
        *("san francisco", "san jose", "santa barbara", "santa cruz", "kansas city", "st louis"),
    ]
)
"""Localities that are named after one place."""


def known_as(words: str) -> str:
    """Return the words with nicknames of places in the names that files use."""
    return _ALIAS.sub(lambda match: ALIASES[match[0].lower()], words)


def last_state(words: str) -> list[str]:
    """Return the state whose abbreviation, in small letters, is the last word; none otherwise."""
    match = re.search(r"\b([a-z]{2})\W*$", words)
    return [match[1].upper()] if match and match[1].upper() in _NO_WORDS else []


def is_place(words: str) -> bool:
    """Whether the words are the name of a place and nothing else ("dallas?", "in new york")."""
    bare = re.sub(r"^\W*(?:and|in|for|at|what about|how about)\b", " ", words.lower())
    bare = " ".join(re.findall(r"[a-z]+", bare))
    names = {*ALIASES, *CITIES, *(name.replace("_", " ") for name in STATES)}
    return bare in names or bare.upper() in _NO_WORDS
