"""BibTeX and CSL-JSON, parsed back."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from kb.export import references
from tests.export import bibtex, small
from tests.factories import reference

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
CSL_FIELDS = {
    *("id", "type", "title", "author", "issued", "container-title", "volume", "issue", "page", "number"),
    *("DOI", "PMID", "URL", "note"),
}


def exported(**works):
    return bibtex.parse("".join(references.bibtex(works)))


def spaced(text: str) -> str:
    return " ".join(text.split())


@given(st.tuples(*[WORDS] * 6))
def test_any_text_survives_bibtex(texts):
    title, family, given_name, body, journal, note = texts
    work = reference(
        title=title,
        author=[{"family": family, "given": given_name}, {"literal": body}],
        note=note,
        **{"container-title": journal},
    )
    fields = exported(key=work)["key"]
    shown = {name: bibtex.plain(value) for name, value in fields.items()}
    assert shown["title"] == spaced(work.title)
    assert shown["journal"] == spaced(work.container_title)
    assert shown["note"].endswith(spaced(work.note))
    person, organisation = (bibtex.plain(name) for name in bibtex.names(fields["author"]))
    assert person == f"{spaced(work.author[0].family)}, {spaced(work.author[0].given)}"
    assert organisation == spaced(work.author[1].literal)


def test_what_was_not_confirmed_is_in_the_note():
    works = small.REFERENCES
    items = {item["id"]: item for item in json.loads("".join(references.csl_json(works)))}
    parsed = exported(**works)
    for note in (items["doe2020"]["note"], bibtex.plain(parsed["doe2020"]["note"])):
        assert note == "To confirm, not seen in the record: page, authors."
    assert items["roe2021"]["note"] == (
        "Not read in the original: its numbers were taken from a published report of the work. "
        "There are more authors than are listed. Found in a drawer."
    )


def test_identifiers_that_are_none_are_left_out():
    item = references.csl_item("roe2021", small.REFERENCES["roe2021"])
    assert {"DOI", "URL"} & item.keys() == set()
    assert {"doi", "url"} & exported(**small.REFERENCES)["roe2021"].keys() == set()


def test_a_type_that_csl_does_not_know_is_a_document():
    assert references.csl_item("roe2021", small.REFERENCES["roe2021"])["type"] == "document"


def test_only_fields_of_csl():
    for key, work in small.REFERENCES.items():
        item = references.csl_item(key, work)
        assert item.keys() <= CSL_FIELDS
        assert item["type"] in references.CSL_TYPES
        assert None not in item.values()


def test_a_claim_is_cited_with_each_reference_once_in_the_order_of_its_evidence():
    kb = small.base()
    assert list(references.cited(kb, [kb.claims["lifts-mood"], kb.claims["hostile"]])) == ["doe2020", "roe2021"]
    assert references.cited(kb, [kb.claims["a-promise"]]) == {}
