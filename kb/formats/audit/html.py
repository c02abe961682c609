"""The audit as one HTML file for people: the copy with everything marked in place, and what to do about it.

It loads nothing, runs nothing and links nowhere but to itself and to the guidance that rules rest on; a policy in its
head forbids the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kb.formats.audit import html_document, spots, wording
from kb.formats.audit.elements import Html, element, joined
from kb.formats.audit.html_findings import evidence_id
from kb.formats.audit.html_page import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.audit.report import AuditReport
    from kb.audit.rules.base import AuditRule

_STYLE = Path(__file__).with_suffix(".css")


def render(report: AuditReport) -> str:
    """Return the page."""
    title = _title(report)
    return page(title, _STYLE, _skip(), _header(report, title), _main(report), _footer(report))


def _title(report: AuditReport) -> str:
    if len(report.documents) == 1 and not report.skipped:
        return f"Audit of {report.documents[0].document.path}"
    return f"Audit of {wording.plural(len(report.documents), 'document')}"


def _skip() -> Html:
    return element("a", "Skip to the findings", class_="skip", href="#main")


def _header(report: AuditReport, title: str) -> Html:
    return element(
        "header",
        element("p", "Caveat", class_="wordmark"),
        element("h1", title),
        element("p", wording.summary(report), class_="summary"),
        class_="site",
    )


def _main(report: AuditReport) -> Html:
    sections = [
        html_document.section(report, found, items, index)
        for index, (found, items) in enumerate(spots.numbered(report), 1)
    ]
    parts = (_unread(report), _contents(report), *sections, _evidence(report), _rules(report))
    return element("main", *parts, id="main", tabindex="-1")


def _unread(report: AuditReport) -> Html | None:
    if not report.skipped:
        return None
    items = [element("li", element("b", one.what), f": {one.reason}") for one in report.skipped]
    return element(
        "section",
        element("h2", "Not checked", id="not-checked"),
        element("p", "These files could not be audited. Nothing in this report is about them."),
        element("ul", *items),
        class_="unread",
        aria_labelledby="not-checked",
    )


def _contents(report: AuditReport) -> Html | None:
    if len(report.documents) < len("ab"):
        return None
    items = [
        element(
            "li",
            element("a", found.document.path, href=f"#d{index}"),
            element("span", ", ".join(wording.levels(found.findings)) or "no findings", class_="meta"),
        )
        for index, found in enumerate(report.documents, 1)
    ]
    return element(
        "nav", element("h2", "Documents", id="documents"), element("ol", *items), aria_labelledby="documents"
    )


def _evidence(report: AuditReport) -> Html | None:
    if not report.references:
        return None
    items = [
        element("li", f"[{number}] ", citation, id=evidence_id(number))
        for number, citation in enumerate(report.references.values(), 1)
    ]
    return element(
        "section", element("h2", "Evidence", id="evidence"), element("ol", *items), aria_labelledby="evidence"
    )


def _rules(report: AuditReport) -> Html | None:
    """Return what the rules that found something rest on."""
    used = {finding.rule for finding in report.findings}
    rules = [joined(_rule(rule)) for rule in report.rules if rule.id in used]
    if not rules:
        return None
    return element("section", element("h2", "The rules", id="rules"), *rules, class_="rules", aria_labelledby="rules")


def _rule(rule: AuditRule) -> Iterator[Html]:
    yield element("h3", wording.rule_name(rule.id), id=f"rule-{rule.id}")
    yield element("p", wording.sentence(rule.summary))
    if rule.basis:
        yield element(
            "ul",
            *(
                element("li", element("a", basis.title, href=basis.url, rel="noreferrer"), f": {basis.says}")
                for basis in rule.basis
                if basis.url.startswith("https://")
            ),
        )


def _footer(report: AuditReport) -> Html:
    claims = wording.plural(report.claims, "claim")
    return element(
        "footer",
        element(
            "p",
            f"Audited with kb {report.version}, profile {report.profile}, against {report.kb_name} ({claims}, files ",
            element("code", report.digest[:12]),
            "). The same copy and files give the same report.",
        ),
        element("p", "A finding is a reason to look, not legal or medical advice."),
        class_="site",
    )
