"""The overview: its figures are right, its pictures say what its tables say, and every mark leads somewhere."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from kb.crossings import Crossings
from kb.library import Library
from kb.model import CertaintyLevel, ClaimType, DisclosureKey, Strength, Verdict
from kb.search.base import Query
from tests.factories import caveat, claim, knowledge_base, source
from tests.web.html import Page
from tests.web.shelf import Shelf, base
from webapp import charts, create_app
from webapp.charts import drawing
from webapp.charts.disclosed import Cell, Line
from webapp.disclosures import disclosures
from webapp.overview import MOST_ROWS, column_labels, shade
from webapp.windows import COLUMNS, ROWS

ROOT = Path(__file__).parents[2] / "claims"
MOST_BYTES = 100_000
VIEWS = ("/overview", "/overview/claims", "/overview/verdicts", "/overview/disclosures", "/overview/contradictions")


def said(source_id, strength="plain", start=0):
    selector = {"start": start, "end": start + 5}
    return {"source": source_id, "selector": selector, "digest": "0" * 16, "section": "Opening", "strength": strength}


def owes(*caveats):
    return [{"caveat": entry, "near": "section"} for entry in caveats]


def against(other, note=None):
    return {"claim": other, "type": "contradicts", "note": note}


@pytest.fixture
def kb():
    """Return a base in which everything that the figures count occurs at least twice."""
    return knowledge_base(
        sources=[source("east", title="In the East"), source("west", title="In the West")],
        caveats=[
            caveat("fades-soon", occurrences=[said("east")]),
            caveat("comes-back"),
            caveat("makes-sick", key="side-effects"),
            caveat("ask-first", key=None, occurrences=[said("west")]),
        ],
        claims=[
            claim(
                "calms",
                caveats=owes("fades-soon"),
                occurrences=[said("west", "hedged"), said("east", "hedged"), said("east", "emphatic", 9)],
                related=[against("stirs", "One calms, one stirs."), against("gone")],
            ),
            claim(
                "rests",
                themes=["mood", "sleep"],
                verdict="unproven",
                certainty={"level": "high"},
                caveats=owes("fades-soon", "comes-back"),
                occurrences=[said("west"), said("burnt-down")],
            ),
            claim(
                "stirs",
                type="safety",
                themes=["nausea"],
                verdict="not-checkable",
                certainty=None,
                caveats=owes("makes-sick"),
                occurrences=[said("east", "plain")],
                related=[against("calms", "It calms, and it stirs, says the same article.")],
            ),
            claim(
                "unsaid",
                themes=["sleep"],
                caveats=[],
                related=[against("rests"), {"claim": "calms", "type": "similar"}],
            ),
        ],
    )


def test_the_matrix_holds_the_strongest_wording_of_each_article(kb):
    found = [(block.type, [(row.claim.id, dict(row.strengths)) for row in block.rows]) for block in charts.matrix(kb)]
    assert found == [
        (
            ClaimType.EFFICACY,
            [
                ("calms", {"east": Strength.EMPHATIC, "west": Strength.HEDGED}),
                ("rests", {"west": Strength.PLAIN}),
                ("unsaid", {}),
            ],
        ),
        (ClaimType.SAFETY, [("stirs", {"east": Strength.PLAIN})]),
    ]
    assert [dict(block.totals) for block in charts.matrix(kb)] == [{"east": 1, "west": 2}, {"east": 1}]


def test_tallies_count_each_claim_once_in_its_group(kb):
    mood = charts.Tally(
        ("mood",),
        2,
        {Verdict.SUPPORTED: 1, Verdict.UNPROVEN: 1},
        {CertaintyLevel.HIGH: 1, CertaintyLevel.LOW: 1},
    )
    sleep = charts.Tally(
        ("sleep",),
        2,
        {Verdict.SUPPORTED: 1, Verdict.UNPROVEN: 1},
        {CertaintyLevel.HIGH: 1, CertaintyLevel.LOW: 1},
    )
    both = charts.Tally(
        ("mood", "sleep"),
        3,
        {Verdict.SUPPORTED: 2, Verdict.UNPROVEN: 1},
        {CertaintyLevel.HIGH: 1, CertaintyLevel.LOW: 2},
    )
    nausea = charts.Tally(("nausea",), 1, {Verdict.NOT_CHECKABLE: 1}, {None: 1})
    assert charts.tallies(kb) == (
        charts.GroupTally("efficacy", both, (mood, sleep)),
        charts.GroupTally("safety", nausea, (nausea,)),
    )


def test_disclosures_by_key(kb):
    lines = {line.key: line for line in charts.key_lines(kb)}
    assert list(lines) == list(DisclosureKey)
    fades = DisclosureKey.TRANSIENT_EFFECT
    assert lines[fades] == Line(
        fades, (kb.caveats["fades-soon"], kb.caveats["comes-back"]), (Cell("east", True, 1), Cell("west", False, 2))
    )
    states = {key: [cell.state for cell in line.cells] for key, line in lines.items()}
    assert states == {key: ["not-owed", "not-owed"] for key in DisclosureKey} | {
        fades: ["disclosed", "left-out"],
        DisclosureKey.SIDE_EFFECTS: ["left-out", "not-owed"],
    }


def test_disclosures_caveat_by_caveat(kb):
    assert charts.caveat_lines(kb, DisclosureKey.TRANSIENT_EFFECT) == (
        Line(
            DisclosureKey.TRANSIENT_EFFECT,
            (kb.caveats["fades-soon"],),
            (Cell("east", True, 1), Cell("west", False, 2)),
        ),
        Line(
            DisclosureKey.TRANSIENT_EFFECT,
            (kb.caveats["comes-back"],),
            (Cell("east", False, 0), Cell("west", False, 1)),
        ),
    )
    other = charts.caveat_lines(kb, None)
    assert other == (Line(None, (kb.caveats["ask-first"],), (Cell("east", False, 0), Cell("west", True, 0))),)


def test_disclosures_agree_with_the_pages_of_the_articles():
    kb = Library(ROOT, engine="memory", cache=False).kb
    lines = charts.key_lines(kb)
    for place, source_id in enumerate(kb.sources):
        shown = [(item.key, item.disclosed, len(item.calling)) for item in disclosures(Crossings(kb), source_id)]
        assert shown == [(line.key, line.cells[place].disclosed, line.cells[place].owing) for line in lines]


def test_contradictions_count_once_whoever_states_them(kb):
    calms, rests, stirs, unsaid = (kb.claims[name] for name in ("calms", "rests", "stirs", "unsaid"))
    both = ("One calms, one stirs.", "It calms, and it stirs, says the same article.")
    first = charts.Pair((calms, stirs), both, (("east", "east"), ("east", "west")))
    second = charts.Pair((rests, unsaid), (), ())
    assert charts.pairs(kb) == (first, second)
    assert [(pair.within, pair.note) for pair in (first, second)] == [(("east",), both[1]), ((), None)]
    assert dict(charts.between(charts.pairs(kb))) == {("east", "east"): 1, ("east", "west"): 1}
    assert charts.clusters(charts.pairs(kb)) == (
        charts.Cluster((calms, stirs), (first,)),
        charts.Cluster((rests, unsaid), (second,)),
    )


def test_a_cluster_holds_all_that_hangs_together_along_its_branches():
    names = ("hub", "leaf", "stem", "tip", "turn")
    ties = {"hub": ("leaf", "stem"), "stem": ("tip",), "tip": ("turn",), "turn": ("stem",)}
    kb = knowledge_base(
        claims=[claim(name, related=[against(other) for other in ties.get(name, ())]) for name in names]
    )
    (cluster,) = charts.clusters(charts.pairs(kb))
    assert [entry.id for entry in cluster.claims] == ["leaf", "hub", "stem", "tip", "turn"]
    assert [tuple(entry.id for entry in pair.claims) for pair in cluster.pairs] == [
        ("hub", "leaf"),
        ("hub", "stem"),
        ("stem", "tip"),
        ("stem", "turn"),
        ("tip", "turn"),
    ]
    found = drawing.arcs(cluster)
    assert [(arc.number, arc.y) for arc in found] == [(1, 20.0), (2, 40.0), (3, 60.0), (4, 70.0), (5, 80.0)]
    assert found[0].path == "M92 5C16.0 5 16.0 15 92 15"
    assert len({(arc.x, arc.y) for arc in found}) == len(found)


def test_parts_of_a_bar_fill_it():
    assert drawing.segments({"a": 1, "b": 3}) == [
        drawing.Segment("a", 1, 0.0, 25.0),
        drawing.Segment("b", 3, 25.0, 75.0),
    ]
    assert drawing.segments({}) == []


def test_strength_shows_as_the_width_of_a_cell(kb):
    block = charts.matrix(kb)[0]
    assert drawing.picture(block, ("east", "west"), 2) == drawing.Picture(
        26,
        16,
        "M0 0h12v15h-12zM14 0h12v15h-12z",
        {Strength.HEDGED: "M14 0h4v7h-4z", Strength.PLAIN: "M14 8h8v7h-8z", Strength.EMPHATIC: "M0 0h12v7h-12z"},
    )


@pytest.mark.parametrize(("count", "most", "step"), [(0, 9, 0), (1, 9, 1), (3, 9, 1), (4, 9, 2), (7, 9, 3), (9, 9, 3)])
def test_shades_go_by_the_largest_count(count, most, step):
    assert shade(count, most) == step


def test_columns_have_short_names_that_differ():
    kb = knowledge_base(
        sources=[
            source("sa", title="A long title", publisher="Quiet Harbour"),
            source("sb", title="Another", locality="Port Example, Nowhere"),
            source("sc", title="First page", locality="Twin Town, North"),
            source("sd", title="Second page", locality="Twin Town, South"),
        ]
    )
    assert column_labels(kb) == {"sa": "Quiet Harbour", "sb": "Port Example", "sc": "First page", "sd": "Second page"}


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def corpus():
    """Return a library and a client over the entries of this repository."""
    library = Library(ROOT, engine="memory", cache=False)
    return library, create_app(library, reload_every=None).test_client()


def parts(kb):
    """Return every address of the overview."""
    found = list(VIEWS)
    found += [f"/overview/claims?type={block.type}" for block in charts.matrix(kb)]
    found += [f"/overview/verdicts?group={group.group}" for group in charts.tallies(kb)]
    found += [f"/overview/disclosures?key={key}" for key in (*DisclosureKey, "other")]
    found += [
        f"/overview/contradictions?article={one}&article={other}" for one, other in charts.between(charts.pairs(kb))
    ]
    return found


def test_every_page_is_sound_and_light_and_its_links_lead_somewhere(corpus):
    library, client = corpus
    targets = set()
    for address in parts(library.kb):
        response = client.get(address)
        page = Page(response.text)
        assert (response.status_code, page.faults) == (200, []), address
        assert len(response.data) < MOST_BYTES, address
        ids = {attributes.get("id") for _, attributes in page.elements}
        assert [link for link in page.links if link.startswith("#") and link[1:] not in ids] == []
        targets |= {urldefrag(link).url for link in page.links if link.startswith("/")}
    pages = {f"/claims/{name}" for name in library.kb.claims}  # each is opened in `test_structure.py`
    opened = targets - pages
    assert len(targets) > len(opened) > 100
    answers = {target: client.get(target, follow_redirects=True).status_code for target in opened}
    assert {target: status for target, status in answers.items() if status != 200} == {}


def test_a_part_of_a_bar_leads_to_as_many_claims_as_it_says(corpus):
    _, client = corpus
    page = Page(client.get("/overview/verdicts?group=mechanism").text)
    counted = [
        (attributes["href"], int(re.search(r": (\d+) claims?$", attributes["aria-label"])[1]))
        for attributes in page.all("a")
        if "aria-label" in attributes
    ]
    assert len(counted) > 100
    assert [(href, number) for href, number in counted if found(client, href) != number] == []


def test_a_group_of_themes_that_there_is_not_has_no_claims_to_lead_to(client):
    assert client.get("/overview/verdicts/none").status_code == 404


def test_cells_lead_to_as_many_claims_as_they_say(corpus):
    library, _ = corpus
    for block in charts.matrix(library.kb):
        for source_id, count in block.totals.items():
            filters = {"type": (block.type.value,), "source": (source_id,)}
            assert library.search(Query(filters=filters)).total == count
    for line in charts.key_lines(library.kb):
        for cell in line.cells:
            filters = {"caveat": tuple(entry.id for entry in line.caveats), "source": (cell.source,)}
            assert library.search(Query(filters=filters)).total == cell.owing


def found(client, address):
    """Return how many results a search says that it has."""
    headings = [text for _, text in Page(client.get(address, follow_redirects=True).text).headings]
    return next(int(known[1]) for text in headings if (known := re.fullmatch(r"(?:All )?(\d+) claims?", text)))


def test_the_entrance_says_what_each_view_comes_to(client):
    text = Page(client.get("/overview").text).text
    for words in (
        "7 claims from 2 articles, in four pictures.",
        "The most common verdict is Supported: 3 claims.",
        "2 articles times 10 disclosures: 1 of 20 are made.",
        "1 pair of claims cannot both be true as worded. In 1 of them, a single article makes both claims.",
    ):
        assert words in text


def test_claims_in_words(client):
    text = Page(client.get("/overview/claims?type=onset").text).text
    assert "Onset and duration: 1 claim" in text
    assert "Testamine lifts mood within a day. Supported Hedged Plain" in text


def test_disclosures_in_words(client):
    text = Page(client.get("/overview/disclosures?key=side-effects").text).text
    assert "Side effects What people commonly feel during or after treatment." in text
    assert "Side effects: 1 caveat, one by one" in text
    assert "Disclosed, of 10" in text


def test_contradictions_in_words(client):
    text = Page(client.get("/overview/contradictions").text).text
    assert (
        '“Testamine <em>cures</em> "low mood" & keeps it away.” against “Testamine lifts mood within a day.”: '
        "One says days, the other for good. Same article: Quiet Harbour Clinic" in text
    )


def test_contradictions_of_two_articles_alone(client):
    text = Page(client.get("/overview/contradictions?article=quiet-harbour&article=north").text).text
    assert "Testamine in the North and Quiet Harbour Clinic: 1 contradiction Show all 1" in text
    alone = Page(client.get("/overview/contradictions?article=north&article=north").text).text
    assert "Within Testamine in the North: 0 contradictions" in alone


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/overview/claims?type=nonsense", "unknown value 'nonsense'; it must be one of: efficacy"),
        ("/overview/verdicts?group=%00", "unknown value"),
        ("/overview/disclosures?key=x", "it must be one of: transient-effect"),
        ("/overview/disclosures?caveats=2", "it must be a number from 1 to 1"),
        ("/overview/disclosures/owing?article=x", "unknown value 'x'"),
        ("/overview/claims?articles=0", "unknown part '0'; it must be a number from 1 to 1"),
        ("/overview/claims?articles=%F0%9F%98%80", "unknown part"),
        ("/overview/contradictions?article=north&article=gone", "unknown value 'gone'"),
        ("/overview/contradictions?article=north&article=north&article=north", "two articles"),
    ],
)
def test_addresses_that_cannot_be_read(client, address, words):
    response = client.get(address)
    assert (response.status_code, words in Page(response.text).text) == (400, True)


def test_an_empty_base_has_an_overview():
    shelf = Shelf(base(claims=[], caveats=[], sources=[], themes={}), texts={})
    client = create_app(shelf, reload_every=None).test_client()
    assert {
        view: (client.get(view).status_code, Page(client.get(view).text).faults) for view in VIEWS
    } == dict.fromkeys(VIEWS, (200, []))


def test_many_claims_and_contradictions_stay_light():
    names = [f"claim-{number}" for number in range(4 * MOST_ROWS)]
    many = [
        claim(name, caveats=[], occurrences=[said("north")], related=[against(other, "No.")])
        for name, other in zip(names, [*names[1:], names[0]], strict=True)
    ]
    shelf = Shelf(base(claims=sorted(many, key=lambda entry: entry.id)), texts={})
    client = create_app(shelf, reload_every=None).test_client()
    sizes = {view: len(client.get(view).data) for view in VIEWS}
    assert {view: size for view, size in sizes.items() if size >= MOST_BYTES} == {}
    assert f"All {len(many)} claims in search" in Page(client.get("/overview/claims").text).text
    assert f"Only the first {MOST_ROWS} are shown." in Page(client.get("/overview/contradictions").text).text


@pytest.fixture(scope="module")
def wide():
    """Return a client over a base with more articles, caveats and contradictions than stand side by side."""
    names = [f"article-{number:03}" for number in range(5 * COLUMNS + 1)]
    owed = [f"caveat-{number}" for number in range(2 * ROWS + 1)]
    texts = [f"claim-{number}" for number in range(2 * MOST_ROWS)]
    places = [said(names[number % len(names)], "plain", start=10 * number) for number in range(3 * len(texts))]
    found = [
        claim(
            name,
            caveats=owes(owed[number % len(owed)], owed[-1]),
            occurrences=places[3 * number : 3 * number + 3],
            related=[against(texts[number - 1], "No.")],
        )
        for number, name in enumerate(texts)
    ]
    kb = base(
        sources=[source(name, title=f"What {name} says at some length") for name in names],
        caveats=[caveat(name) for name in owed],
        claims=sorted(found, key=lambda entry: entry.id),
    )
    return create_app(Shelf(kb, texts={}), reload_every=None).test_client(), names, owed


def test_many_articles_stand_side_by_side_in_parts(wide):
    client, names, owed = wide
    sizes = {view: len(client.get(view).data) for view in VIEWS}
    assert {view: size for view, size in sizes.items() if size >= MOST_BYTES} == {}
    for view in ("/overview/claims", "/overview/disclosures"):
        headed, address = [], view
        for part in range(2, 8):
            page = Page(client.get(address).text)
            heads = dict.fromkeys(link for link in page.links if re.fullmatch(r"/sources/article-\d+", link))
            headed += [link.removeprefix("/sources/") for link in heads]
            address = next((link for link in page.links if f"?articles={part}#" in link), None)
            if address is None:
                break
        assert headed == names
    shown = [Page(client.get(f"/overview/disclosures?caveats={part}").text).links for part in (1, 2, 3)]
    listed = [link.removeprefix("/caveats/") for links in shown for link in links if link.startswith("/caveats/")]
    assert sorted(listed) == sorted(owed)


def test_contradictions_of_many_articles_are_a_list_of_pairs(wide):
    client, *_ = wide
    page = Page(client.get("/overview/contradictions").text)
    address = next(link for link in page.links if "article=" in link)
    heading = next(text for _, text in Page(client.get(address).text).headings if "contradiction" in text)
    assert int(re.search(r"(\d+) contradictions?$", heading)[1]) > 0


def test_a_cell_of_a_key_leads_to_the_claims_that_owe_any_of_its_caveats(wide):
    client, names, owed = wide
    response = client.get(f"/overview/disclosures/owing?key=transient-effect&article={names[0]}")
    assert (response.status_code, response.location.count("caveat=")) == (302, len(owed))


def test_figures_are_those_of_the_state_that_is_asked_about(kb):
    fewer = dataclasses.replace(kb, claims=dict(list(kb.claims.items())[:1]))
    for figures in (charts.matrix, charts.tallies, charts.key_lines, charts.pairs):
        first = figures(kb)
        assert figures(kb) is first
        assert figures(fewer) != first
        assert figures(kb) == first
    lines = charts.caveat_lines(kb, DisclosureKey.TRANSIENT_EFFECT)
    assert charts.caveat_lines(kb, None) != lines
    assert charts.caveat_lines(kb, DisclosureKey.TRANSIENT_EFFECT) is lines
