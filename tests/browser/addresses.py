"""One address for every kind of page, and for every state of the search page that looks different."""

from __future__ import annotations

from urllib.parse import quote_plus

SENTENCE = "Ketamine works within hours and puts an end to thoughts of suicide, with no side effects."
NOTHING = "xylophone"

PAGES = {
    "search.results": "/",
    "audit.form": "/audit",
    "claims.claim": "/claims/eases-depression",
    "caveats.caveat_list": "/caveats",
    "caveats.caveat": "/caveats/about-half-respond",
    "sources.source_list": "/sources",
    "sources.source": "/sources/dana-point-infusion",
    "references.reference_list": "/references",
    "references.reference": "/references/berman2000",
    "themes.theme_list": "/themes",
    "about.about": "/about",
    "help.search_help": "/help/search",
    "rules.rule_list": "/rules",
    "rules.rule": "/rules/missing-caveat",
    "checklist.checklist": "/checklist",
    "gaps.gap_list": "/gaps?noted=1",
    "overview.overview": "/overview",
    "overview.claims": "/overview/claims",
    "overview.verdicts": "/overview/verdicts",
    "overview.disclosures": "/overview/disclosures",
    "overview.contradictions": "/overview/contradictions",
    "tryout.redirect": "/api/try",
    "history.history": "/history/claim/eases-depression",
    "history.changes": "/changes",
}

STATES = {
    "words": "/?q=TRD+relapse",
    "filters": "/?q=depression&verdict=supported&verdict=refuted&certainty=low",
    "nothing": f"/?q={NOTHING}",
    "a long word": f"/?q={'x' * 200}",
    "nothing under filters": f"/?q={NOTHING}&verdict=supported",
    "misspelt": "/?q=depresion",
    "pasted": f"/?q={quote_plus(SENTENCE)}",
    "last changed": "/?sort=changed",
    "marked claim": "/claims/eases-depression?q=depression",
    "refused": "/?page=x",
    "no such page": "/claims/eases-depresion",
}
