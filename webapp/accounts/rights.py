"""Who may do what: for every endpoint of the application, the least role that it takes.

An endpoint that is not in the table is refused to everybody, with an error of ours (500): nobody forgets to decide.
`tests/web/test_rights.py` asks for every route as everybody, and compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.accounts import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.accounts import Account

_READING = (
    "static",
    "search.results",
    "overview.entrance",
    "overview.claims",
    "overview.verdicts",
    "overview.claims_of_group",
    "overview.claims_owing",
    "overview.disclosures",
    "overview.contradictions",
    "claims.claim_list",
    "claims.claim",
    "caveats.caveat_list",
    "caveats.caveat",
    "sources.source_list",
    "sources.source",
    "references.reference_list",
    "references.reference",
    "themes.theme_list",
    "about.about",
    "rules.rule_list",
    "rules.rule",
    "checklist.checklist",
    "help.search_help",
    "exports.search_csv",
    "exports.search_json",
    "exports.search_jsonl",
    "exports.claim_jsonld",
    "exports.claim_bib",
    "exports.claim_csl",
    "exports.changes",
    "api.search",
    "api.complete",
    "api.match",
    "api.claims",
    "api.claim",
    "api.caveats",
    "api.caveat",
    "api.sources",
    "api.source",
    "api.references",
    "api.reference",
    "api.themes",
    "api.status",
    "api.openapi_document",
    "tryout.explain",
    "tryout.try_out",
    "audit.form",
    "gaps.gap_list",
    "api.picks",
    "api.like_this",
    "health.alive",
    "health.ready",
)

FOR_NOBODY = frozenset({"audit.audit", "audit.download", "gaps.record", "api.match_posted", "api.audit"})
"""Endpoints that take something in and act for nobody: who is signed in makes no difference, so they need no token."""

LARGE_FORMS = frozenset({"audits.save"})
"""Endpoints that take the form of an audit, whose views find it in `g.form_read`: (fields, files)."""

RIGHTS: Mapping[str, Role | None] = {
    **dict.fromkeys(_READING),
    **dict.fromkeys(FOR_NOBODY),
    # Signing in and out
    "accounts.sign_in_page": None,
    "accounts.sign_in": None,
    "accounts.sign_out": Role.READER,
    "accounts.start": None,
    # One's own account
    "accounts.account": Role.READER,
    "accounts.change_password": Role.READER,
    "accounts.end_session": Role.READER,
    # Audits that somebody keeps
    "audits.audit_list": Role.READER,
    "audits.save": Role.READER,
    "audits.saved": Role.READER,
    "audits.report": Role.READER,
    "audits.rename": Role.READER,
    "audits.delete": Role.READER,
    # Entries, through the API
    "api.entry": None,
    "api.save_entry": Role.EDITOR,
    "api.create_entry": Role.EDITOR,
    "api.check_entry": Role.EDITOR,
    "api.check_new_entry": Role.EDITOR,
    "api.try_rule": Role.EDITOR,
    # Entries, in forms
    "editing.index": Role.EDITOR,
    "editing.entry_list": Role.EDITOR,
    "editing.source_text": Role.EDITOR,
    "editing.new": Role.EDITOR,
    "editing.created": Role.EDITOR,
    "editing.edit": Role.EDITOR,
    "editing.edited": Role.EDITOR,
    "editing.raw": Role.EDITOR,
    "editing.raw_edited": Role.EDITOR,
    "editing.rename": Role.EDITOR,
    "editing.renamed": Role.EDITOR,
    "editing.delete": Role.EDITOR,
    "editing.deleted": Role.EDITOR,
    # Review, history and the desk
    "history.history": None,
    "history.changes": None,
    "review.review": Role.EDITOR,
    "review.moved": Role.EDITOR,
    "grade.grade_list": Role.EDITOR,
    "grade.grade": Role.EDITOR,
    "grade.graded": Role.EDITOR,
    "desk.desk": Role.EDITOR,
    "desk.dismiss": Role.EDITOR,
    "desk.send": Role.READER,
    "desk.sent": Role.READER,
    # For admins
    "accounts.account_list": Role.ADMIN,
    "accounts.act_on_account": Role.ADMIN,
    "accounts.log_list": Role.ADMIN,
}
"""Endpoint → least role; `None` for anybody, signed in or not. In templates: `may(endpoint)`."""


def allows(account: Account | None, endpoint: str) -> bool:
    """Say whether an account, or somebody without one, may use an endpoint. What is not in the table, nobody may."""
    if endpoint not in RIGHTS:
        return False
    least = RIGHTS[endpoint]
    return least is None or (account is not None and account.role.covers(least))
