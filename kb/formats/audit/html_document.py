"""One document in the HTML report: balance, disclosures, the copy, its findings and its claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.audit.base import Match
from kb.formats.audit import html_copy, html_findings, spots, wording
from kb.formats.audit.elements import Html, element, joined
from kb.formats.audit.html_copy import Sign

if TYPE_CHECKING:
    from kb.audit.report import AuditReport, Balance, DocumentReport
    from kb.formats.audit.spots import Numbered

_BAR = 100


def section(report: AuditReport, found: DocumentReport, items: tuple[Numbered, ...], index: int) -> Html:
    """Return the section on one document; `index` tells its ids from those of others."""
    whole, placed = spots.parted(found, items)
    signs = [Sign(spot, number, index) for number, spot in enumerate(spots.spots(placed), 1)]
    counted = ", ".join(wording.levels(found.findings)) or "no findings"
    return element(
        "section",
        element("h2", found.document.path, id=f"d{index}"),
        element("p", wording.sentence(counted), class_="summary"),
        overview(found),
        _copy(report, found, whole, signs),
        html_findings.findings(report, found, whole, signs),
        _recognised(report, found),
        notes(found),
        class_="document",
        aria_labelledby=f"d{index}",
    )


def overview(found: DocumentReport) -> Html | None:
    """Return balance and disclosures side by side; `None` where the document is not about the treatment."""
    measured = found.balance
    if measured.rating is None:
        return None
    stated, all_ = len(measured.disclosed), len(measured.disclosed) + len(measured.missing)
    balance = element("div", element("h3", f"Balance: {measured.rating}"), _bar(measured), _weights(measured))
    lines = [_key(found, key) for key in (*measured.disclosed, *measured.missing)]
    keys = element("div", element("h3", f"Disclosures: {stated} of {all_}"), element("ul", *lines, class_="keys"))
    return element("div", balance, keys, class_="overview")


def _bar(measured: Balance) -> Html:
    """Return benefits beside risks as a bar, in numbers and words too."""
    benefit, risk = (
        wording.plural(measured.benefit, "benefit"),
        wording.plural(measured.risk, "risk or limit", "risks or limits"),
    )
    total = max(measured.benefit + measured.risk, 1)
    cut = round(_BAR * measured.benefit / total, 1)
    sides = [("benefit", 0.0, cut), ("risk", cut, round(_BAR * measured.risk / total, 1))]
    drawn = [
        element("rect", class_=name, x=f"{start:g}", y="0", width=f"{width:g}", height="10")
        for name, start, width in sides
    ]
    return joined(
        [
            element(
                "svg",
                *drawn,
                class_="bar",
                viewBox=f"0 0 {_BAR} 10",
                preserveAspectRatio="none",
                role="img",
                aria_label=f"{benefit}, {risk}",
            ),
            element("p", element("b", benefit, class_="benefit"), element("b", risk, class_="risk"), class_="legend"),
        ]
    )


def _weights(measured: Balance) -> Html | None:
    """Return where on the page benefits and risks stand."""
    where = list(dict.fromkeys(place for counts in measured.places.values() for place in counts))
    if not where:
        return None
    head = element(
        "tr", element("th", "Where", scope="col"), *(element("th", side, scope="col") for side in measured.places)
    )
    lines = [
        element(
            "tr",
            element("th", place.replace("-", " "), scope="row"),
            *(element("td", str(counts.get(place, 0))) for counts in measured.places.values()),
        )
        for place in where
    ]
    return element("table", element("thead", head), element("tbody", *lines))


def _key(found: DocumentReport, key: str) -> Html:
    made = key in found.balance.disclosed
    said = next((one for one in found.disclosures if one.key == key), None)
    quote = html_findings.quoted(found, said.start, said.end) if said else None
    return element(
        "li",
        element("span", "✓" if made else "✗", class_="sign", aria_hidden="true"),
        element(
            "span",
            element("b", wording.key_name(key)),
            element("span", ": made" if made else ": not made", class_="unseen"),
            element("span", quote or wording.key_meaning(key), class_="quote" if quote else "meta"),
        ),
        class_="made" if made else "not-made",
    )


def _copy(report: AuditReport, found: DocumentReport, whole: tuple[Numbered, ...], signs: list[Sign]) -> Html:
    flow = "flowing" if found.document.media == "text/html" else "lined"
    about = element("p", "On the whole page: ", html_copy.in_short(report, whole), ".") if whole else None
    rows = element("div", *html_copy.rows(report, found, signs), class_=f"copy {flow}")
    return joined([element("h3", "The copy"), legend(), about, rows])


def legend() -> Html:
    """Say what the marks mean, with the marks themselves."""
    levels = [element("mark", level, class_=f"finding {level}") for level in ("error", "warning", "note", "accepted")]
    verdicts = [
        element("span", wording.verdict(verdict).lower(), class_=f"claim v-{verdict}")
        for verdict in ("supported", "contested", "unproven", "refuted", "not-checkable")
    ]
    tick = element("span", "✓", class_="tick", aria_hidden="true")
    return element(
        "p",
        "Findings: ",
        joined(levels, " "),
        ". Claims, by verdict: ",
        joined(verdicts, ", "),
        ". ",
        tick,
        "before a disclosure.",
        class_="legend-line meta",
    )


def _recognised(report: AuditReport, found: DocumentReport) -> Html | None:
    """Return the claims that the copy makes, each once, with where and how."""
    lines = []
    for mention in found.mentions:
        claim = report.named_claims.get(mention.claim or "")
        if claim:
            how = [mention.polarity.value, mention.strength.value]
            how += ["possible"] if mention.match is Match.POSSIBLE else []
            lines.append(
                element(
                    "tr",
                    element("td", html_findings.quoted(found, mention.start, mention.end)),
                    element("td", claim.claim),
                    element("td", element("b", wording.verdict(claim.verdict), class_=f"verdict v-{claim.verdict}")),
                    element("td", ", ".join(how)),
                )
            )
    if not lines:
        return None
    heads = [element("th", head, scope="col") for head in ("Words", "Claim", "Verdict", "How")]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *lines), class_="claims")
    # What scrolls must be reachable from the keyboard.
    label = f"Claims in {found.document.path}"
    scroll = element("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)
    return joined([element("h3", f"Claims in the copy: {len(lines)}"), scroll])


def notes(found: DocumentReport) -> Html | None:
    """Return what of a document was not read; `None` where all of it was."""
    document = found.document
    said = [f"Not checked: {one.what}: {one.reason}" for one in document.skipped]
    if left_out := wording.left_out(document):
        said.append(f"Left out: {left_out}")
    if document.places:
        said.append(f"Lines are those of {document.offsets}.")
    if not said:
        return None
    return joined([element("h3", "What was not read"), element("ul", *(element("li", one) for one in said))])
