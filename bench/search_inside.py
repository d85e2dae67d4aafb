"""Prints what searches take in a process of their own, as JSON, in ms; see bench/search.py."""

import json
import math
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import django
from django.db import connection

if TYPE_CHECKING:
    from codes.search.build import Entry

SEED = 7
USERS, ASKS, THINKS = 20, 30, 1.0
"""People who search at once, how often each, and the most seconds between."""

COMMON = (
    *("unspecified", "fracture", "initial encounter", "of", "the", "a", "f", "j", "left", "right"),
    *("other", "with", "disease", "pain", "unspecified fracture", "fracture of left femur"),
    *("type 2 diabetes", "heart failure", "injury", "neoplasm", "closed fracture", "e", "s72"),
)
ADVERSARIAL = (
    "%" * 100,
    "_%" * 2_500,
    "a" * 5_000,
    "fracture " * 600,
    " ".join(f"{letter}{other}" for letter in "abcdefghijkl" for other in "rt"),
    "xq zj qx vq wz kx jq pz qw zx vk qj",
    "re in un di co pr ex tr an su me pa",
    "fractrue femru letf initail encoutner closd heeling norml routin subsequnt malunoin nonuion",
    "unspecified other left right with of the initial encounter for closed fracture",
    "’" * 5_000,
    "ｆｒａｃｔｕｒｅ " * 50,
    "\u0300" * 5_000,
)


def main() -> None:
    """Search every query of each kind, and print the percentiles."""
    django.setup()
    from codes.models import Code
    from codes.search import search, store, suggest
    from codes.search.index import Index
    from codes.search.narrowing import Classes
    from codes.search.sets import NamedKey, make

    before = _megabytes()
    began = time.perf_counter()
    search("fracture")
    load = time.perf_counter() - began
    found: dict[str, Any] = {"load": load, "peak_megabytes": _megabytes() - before}
    index = store.current()[0].index
    found["megabytes"] = (
        sum(column.nbytes for column in _columns(index)) / 1e6 + _texts_of(index) / 1e6
    )
    found["names"] = len(index.kind)
    codes = Code.objects.with_page().filter(system__slug="icd-10-cm")
    names = [
        NamedKey(key, text, is_term=is_term)
        for key, title, terms in codes.values_list("key", "long_descriptor", "inclusion_terms")
        for text, is_term in ((title, False), *((term, True) for term in terms))
    ]
    chance = random.Random(SEED)
    queries = [query for made in make(names, SEED, 100).values() for query, _ in made]
    queries += [name.text for name in chance.sample(names, 50)]
    queries += [name.key for name in chance.sample(names, 50)]
    queries += [" ".join(n.text.split()[:2]) for n in chance.sample(names, 100)]
    queries += [*COMMON] * 5
    chance.shuffle(queries)
    found["mixed"], found["mixed_wall"] = _timed(search, queries)
    found["worst"], _ = _timed(search, ADVERSARIAL)
    typed = [query[:length] for query in queries[:200] for length in (2, 4, 7, 11)]
    found["suggest"], _ = _timed(suggest, typed)
    found["users"] = _users(search, queries)

    def entries() -> Iterator["Entry"]:
        from codes.models import CodeSystem
        from codes.search.store import _entries

        for system in CodeSystem.objects.order_by("position"):
            yield from _entries(system)

    from codes.search.build import build

    original = list(entries())
    copies = max(1, math.ceil(1_000_000 / found["names"]))
    parts = [
        (f"copy-{nth}", build(_copy(original, nth, random.Random(nth)))) for nth in range(copies)
    ]
    large = Index(parts)
    found["large_names"] = len(large.kind)
    loaded, _ = store.current()
    classes = Classes(large, store._covered(large, None))
    store._memory.instead = replace(loaded, index=large, classes=classes, shown={})
    everything = store.Shown(words=None, numbers=None, system_names={})
    store.current = lambda: (store._memory.get(()), everything)
    found["large"], _ = _timed(search, queries)
    print(json.dumps(found))


def _copy(entries: Sequence["Entry"], nth: int, chance: random.Random) -> Iterator["Entry"]:
    """Yield the entries with other ids, and some words that only this copy has."""
    for entry in entries:
        names = entry.names
        if nth and chance.random() < 0.5:
            own = f"z{nth}{chance.randrange(2_000)}"
            names = [replace(name, text=f"{name.text} {own}") for name in names]
        yield replace(
            entry,
            code_id=entry.code_id + nth * 10_000_000,
            parent_id=entry.parent_id and entry.parent_id + nth * 10_000_000,
            names=names,
        )


def _timed(ask: Callable[[str], object], texts: Sequence[str]) -> tuple[dict[str, float], ...]:
    """Return percentiles of CPU and wall time of a thread, the better of two rounds each."""
    for text in texts[:20]:
        ask(text)
    cpu, wall = [], []
    for text in texts:
        rounds = []
        for _ in range(2):
            start = time.thread_time(), time.perf_counter()
            ask(text)
            rounds.append((time.thread_time() - start[0], time.perf_counter() - start[1]))
        cpu.append(min(each[0] for each in rounds))
        wall.append(min(each[1] for each in rounds))
    return _percentiles(cpu), _percentiles(wall)


def _users(ask: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """Return percentiles of wall time where people search at once, each at their own pace."""

    def use(number: int) -> list[float]:
        chance, times = random.Random(number), []
        for _ in range(ASKS):
            time.sleep(chance.random() * THINKS)
            began = time.perf_counter()
            ask(chance.choice(texts))
            times.append(time.perf_counter() - began)
            connection.close()  # gives it back to the pool, as the end of a request does
        return times

    with ThreadPoolExecutor(USERS) as pool:
        return _percentiles([each for times in pool.map(use, range(USERS)) for each in times])


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(value * 1_000 for value in seconds)
    at = {f"p{p}": ordered[math.ceil(len(ordered) * p / 100) - 1] for p in (50, 95, 99)}
    return at | {"max": ordered[-1]}


def _columns(index: Any) -> Iterator[Any]:
    for holder in (index, index.vocabulary, index.vocabulary.trigrams):
        for value in vars(holder).values():
            if hasattr(value, "nbytes"):
                yield value


def _texts_of(index: Any) -> int:
    """Return about what the lists of words take."""
    return sum(90 + len(word) for word in (*index.vocabulary.words, *index.vocabulary.stems))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
