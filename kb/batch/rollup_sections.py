"""What a roll-up shows to people: titles, tables and bars, for a page and for a terminal alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.batch.rollup import Rolled
    from kb.batch.tally import Key

MOST_ROWS = 50
MOST_BARS = 15
RATINGS = {"good": "good", "partial": "partial", "poor": "poor", "": "not about the treatment"}
"""How balanced a page is, in the order in which bars stack."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a plot: its parts one after the other, and what stands behind it in words."""

    label: str
    parts: tuple[tuple[str, float], ...]
    said: str

    @property
    def length(self) -> float:
        """Return all parts together."""
        return sum(part for _, part in self.parts)


@dataclass(frozen=True, slots=True)
class Section:
    """One question that the roll-up answers."""

    name: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    plot: str = ""
    """What the bars show, in words; empty where there are none."""
    bars: Sequence[Bar] = field(default_factory=tuple)
    left_out: int = 0
    """Rows that are in CSV and Parquet only."""


def sections(now: Rolled, before: Rolled | None = None) -> Iterator[Section]:
    """Yield what there is to say."""
    if before is not None:
        yield _trends(now, before)
    yield _balance(now)
    yield _claims(now)
    yield _missing(now)
    yield _overstated(now)
    yield _contradicted(now)
    yield _sites(now)


def _site(name: str) -> str:
    return name or "(no site)"


def _pages(number: int) -> str:
    return f"{number:,} page{'' if number == 1 else 's'}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1f} %"


def _said_of(rolled: Rolled, claim: str) -> str:
    known: Mapping[str, Any] = rolled.run.get("entries", {}).get("claims", {})
    return known.get(claim, {}).get("claim", "") if claim else "(no claim of the knowledge base)"


def _short(rolled: Rolled, caveat: str) -> str:
    said: str = rolled.run.get("entries", {}).get("caveats", {}).get(caveat, "")
    return said or caveat


def _cut(
    name: str, title: str, note: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]], **more: Any
) -> Section:
    found = list(rows)
    return Section(name, title, note, columns, found[:MOST_ROWS], left_out=max(0, len(found) - MOST_ROWS), **more)


def _bars(counts: Mapping[str, int], part: str) -> list[Bar]:
    return _longest([Bar(label, ((part, number),), _pages(number)) for label, number in counts.items()])


def _longest(bars: Iterable[Bar]) -> list[Bar]:
    return sorted(bars, key=lambda bar: (-bar.length, bar.label))[:MOST_BARS]


def _most(rolled: Rolled, table: str) -> list[tuple[Key, int, int]]:
    """Return the rows of a table, those of most pages first."""
    return sorted(rolled.tally.rows(table), key=lambda row: (-row[1], row[0]))


def _claims(now: Rolled) -> Section:
    found = _most(now, "claims")
    total: Counter[str] = Counter()
    for (_, claim), pages, _ in found:
        total[claim] += pages
    rows = [
        (_site(site), claim, _said_of(now, claim), pages, _percent(now.share("claims", (site, claim))), times)
        for (site, claim), pages, times in found
    ]
    return _cut(
        "claims",
        "Claims by site",
        "A claim counts where a page itself makes it, hedged or not. The share is of the site's pages.",
        ("site", "claim", "what it says", "pages", "share", "times"),
        rows,
        plot="On how many pages each claim is made, on all sites together",
        bars=_bars(total, "claim"),
    )


def _missing(now: Rolled) -> Section:
    found = _most(now, "missing")
    by_claim: Counter[str] = Counter()
    for (claim, _, rule), pages, _ in found:
        if rule == "missing-caveat":
            by_claim[claim or "(no claim)"] = max(by_claim[claim or "(no claim)"], pages)
    rows = [
        (
            claim or "(no claim)",
            _short(now, caveat),
            "missing" if rule == "missing-caveat" else "too far away",
            pages,
            times,
        )
        for (claim, caveat, rule), pages, times in found
    ]
    return _cut(
        "missing",
        "Missing caveats by claim",
        "A caveat that a claim owes and the page does not say, or says too far from it.",
        ("claim", "caveat", "what is wrong", "pages", "times"),
        rows,
        plot="On how many pages a claim lacks the caveat that it lacks most often",
        bars=_bars(by_claim, "missing"),
    )


def _overstated(now: Rolled) -> Section:
    found = _most(now, "overstated")
    shares = {theme: now.share("overstated", (theme,)) for (theme,), _, _ in found}
    rows = [
        (
            theme or "(no theme)",
            pages,
            now.pages("spoken", (theme,)) or "",
            _percent(shares[theme]) if theme else "",
            times,
        )
        for (theme,), pages, times in found
    ]
    bars = [
        Bar(theme, (("overstated", shares[theme] or 0),), f"{_percent(shares[theme])} of pages that speak on it")
        for (theme,), _, _ in found
        if theme
    ]
    return _cut(
        "overstated",
        "Overstatement by theme",
        "Words stronger than the evidence. The share is of the pages that speak on the theme.",
        ("theme", "pages overstated", "pages that speak on it", "share", "times"),
        rows,
        plot="Of the pages that speak on a theme, the share that overstates",
        bars=_longest(bars),
    )


def _contradicted(now: Rolled) -> Section:
    found = _most(now, "contradicted")
    by_site: Counter[str] = Counter()
    for (site, _, _), _, times in found:
        by_site[_site(site)] += times
    rows = [
        (_site(site), claim or "(no claim)", _said_of(now, claim), rule, pages, times)
        for (site, claim, rule), pages, times in found
    ]
    bars = [Bar(site, (("contradicted", times),), f"{times:,} times") for site, times in by_site.items()]
    return _cut(
        "contradicted",
        "Contradictions",
        "What the evidence or the law contradicts.",
        ("site", "claim", "what it says", "rule", "pages", "times"),
        rows,
        plot="How often each site says what is contradicted",
        bars=_longest(bars),
    )


def _balance(now: Rolled) -> Section:
    by_site: dict[str, dict[str, int]] = {}
    for (site, rating), pages, _ in now.tally.rows("balance"):
        by_site.setdefault(site, {})[rating] = pages
    order = sorted(by_site, key=lambda site: (-sum(by_site[site].values()), site))
    rows = [(_site(site), *(by_site[site].get(rating, 0) for rating in RATINGS)) for site in order]
    bars = [
        Bar(
            _site(site),
            tuple((rating or "none", by_site[site].get(rating, 0)) for rating in RATINGS),
            ", ".join(
                f"{by_site[site][rating]:,} {name}" for rating, name in RATINGS.items() if by_site[site].get(rating)
            ),
        )
        for site in order[:MOST_BARS]
    ]
    return _cut(
        "balance",
        "Balance of benefits and risks",
        "Pages by how well they tell of risks and limits beside benefits.",
        ("site", *RATINGS.values()),
        rows,
        plot="Pages of each site by rating: good, partial, poor, not about the treatment",
        bars=bars,
    )


def _sites(now: Rolled) -> Section:
    found: dict[str, Counter[str]] = {}
    for (site, result), pages, _ in now.tally.rows("pages"):
        found.setdefault(site, Counter())[result] += pages
    for (site, _, level), _, times in now.tally.rows("findings"):
        found.setdefault(site, Counter())[level] += times
    names = ("audited", "not checked", "error", "warning", "note")
    order = sorted(found, key=lambda site: (-found[site]["audited"], site))
    rows = [(_site(site), *(found[site][name] for name in names)) for site in order]
    return _cut("sites", "Sites", "Pages, and findings that nobody accepted.", ("site", *names), rows)


def _trends(now: Rolled, before: Rolled) -> Section:
    """Return what changed most, in shares, since runs seldom have the same number of pages."""
    found: list[tuple[float, tuple[Any, ...], Bar]] = []
    for what, label, (was, is_) in _measures(now, before):
        change = is_ - was
        row = (what, label, _percent(was), _percent(is_), f"{change:+.1f}")
        bar = Bar(f"{label} ({what})", (("before", was), ("now", is_)), f"{_percent(was)} before, {_percent(is_)} now")
        if round(change, 1):
            found.append((change, row, bar))
    found.sort(key=lambda one: (-abs(one[0]), one[1]))
    return _cut(
        "trends",
        "What changed",
        f"Shares of pages in this run of {_pages(now.audited)} and in the earlier one of {_pages(before.audited)}.",
        ("what", "of", "before", "now", "change in points"),
        [row for _, row, _ in found],
        plot="What changed most: share of pages before (upper bar) and now (lower bar)",
        bars=[bar for _, _, bar in found[:MOST_BARS]],
    )


def _measures(now: Rolled, before: Rolled) -> Iterator[tuple[str, str, tuple[float, float]]]:
    """Yield what is compared: its kind, what it is of, and the share of pages in both runs."""
    for rating, name in RATINGS.items():
        yield "balance", name, (_rated(before, rating), _rated(now, rating))
    for kind, table, place in (
        ("claim made", "claims", 1),
        ("overstated", "overstated", 0),
        ("contradicted", "contradicted", 1),
    ):
        was, is_ = _by(before, table, place), _by(now, table, place)
        for name in sorted({*was, *is_}):
            yield kind, name or "(none)", (was.get(name, 0.0), is_.get(name, 0.0))
    was, is_ = _by_pair(before), _by_pair(now)
    for name in sorted({*was, *is_}):
        yield "missing caveat", name, (was.get(name, 0.0), is_.get(name, 0.0))


def _rated(rolled: Rolled, rating: str) -> float:
    pages = sum(number for (_, found), number, _ in rolled.tally.rows("balance") if found == rating)
    return 100 * pages / rolled.audited if rolled.audited else 0.0


def _by(rolled: Rolled, table: str, place: int) -> dict[str, float]:
    """Return the share of all audited pages by one part of a table's keys; a page counts once for each row."""
    total: Counter[str] = Counter()
    for key, pages, _ in rolled.tally.rows(table):
        total[key[place]] += pages
    return {name: 100 * pages / rolled.audited for name, pages in total.items()} if rolled.audited else {}


def _by_pair(rolled: Rolled) -> dict[str, float]:
    found = {key: pages for key, pages, _ in rolled.tally.rows("missing") if key[2] == "missing-caveat"}
    return {f"{claim}: {caveat}": 100 * pages / rolled.audited for (claim, caveat, _), pages in found.items()}
