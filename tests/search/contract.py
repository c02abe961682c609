"""What every search back end must do. A subclass gives the engine; `tests/search/bases.py` gives the matter."""

# ruff: noqa: RUF001 - typographic apostrophes are part of the matter

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.errors import IndexUnavailable
from kb.search.base import FILTERS, Fragment, IndexInfo, Page, Query, Reading, SearchBackend
from kb.search.engines import open_or_build
from tests.factories import claim, knowledge_base
from tests.search.bases import base, named

if TYPE_CHECKING:
    from kb.search.base import SearchEngine

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "found.yaml").read_text(encoding="utf-8"))

# What parsers have died of: Whoosh's own, and others.
AWKWARD = [
    "NOT OR foobar",
    "AND",
    "-",
    "--",
    '-"',
    '"-"',
    '-""',
    '"' * 299,
    "-" * 299,
    "(" * 3_000,
    "a" * 100_000,
    "a b " * 5_000,
    '"a" ' * 75,
    "-a " * 100,
    "**",
    "?*",
    "[a TO z]",
    "claim:",
    "#trd",
    "claim:headache^5~",
    "theme:(mood",
    "!~",
    "\x00",
    "\ud800\udfff",
    "ﷺ" * 300,
    "e" + "\u0301" * 299,
    "🏳️‍🌈" * 70,
    "'; DROP TABLE claims; --",
    '"of the" ' * 36,
    "a* b* c* " * 30,
    "ab* cd* ef* " * 30,
    "OR " * 100,
    "a OR " * 60,
    "claim:the " * 30,
    'theme:"',
    "verdict:??? due: due:<",
    "due:9999-12-31..0001",
    "due:<0001-01-01 due:>9999",
    "-claim:- -theme:*",
    "foo:bar:baz::",
    "claim:" * 50,
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%00%s%n{}",
    "-1.5%" * 60,
]


# The same method is run once for each engine; that is what a contract is.
ANY_TEXT = settings(max_examples=150, suppress_health_check=[HealthCheck.differing_executors])


def ids(page: Page) -> list[str]:
    """Return the ids of a page's hits, in order."""
    return [hit.id for hit in page.hits]


class SearchContract:
    """One suite, run against each engine."""

    @staticmethod
    def engine(folder: Path) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def backend(cls, tmp_path_factory):
        opened = open_or_build(cls.engine(tmp_path_factory.mktemp("index")), base())
        yield opened.backend
        opened.backend.close()

    # What is found

    @pytest.mark.parametrize(
        "case", [pytest.param(case, id=f"{group}: {case['text']!a}") for group in CASES for case in CASES[group]]
    )
    def test_finds(self, backend: SearchBackend, case: dict):
        page = backend.search(Query(case["text"], sort="id"))
        found = (ids(page), page.total, str(page.reading))
        assert found == (case["found"], len(case["found"]), case["reading"])

    def test_ranks_the_typed_word_before_other_words_for_it(self, backend):
        assert ids(backend.search(Query("TRD"))) == ["eases-trd", "relief"]

    def test_ranks_a_claim_before_what_stands_beside_it(self, backend):
        assert ids(backend.search(Query("sleep")))[0] == "calm"
        assert set(ids(backend.search(Query("sleep")))) == {"acts-fast", "aches", "calm", "eases-trd"}

    def test_scores_fall_and_are_positive(self, backend):
        scores = [hit.score for hit in backend.search(Query("headache testamine zebra")).hits]
        assert scores == sorted(scores, reverse=True)
        assert min(scores) > 0

    # Filters and counts

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({"theme": ("nausea",)}, ["aches", "aches-not"]),
            ({"theme": ("nausea", "sleep")}, ["aches", "aches-not", "calm", "eases-trd"]),
            ({"theme": ("nausea", "sleep"), "verdict": ("supported",)}, ["aches-not", "calm", "eases-trd"]),
            ({"type": ("access", "safety")}, ["aches", "brand"]),
            ({"certainty": ("high", "very-low")}, ["fewer-points", "relief"]),
            ({"source": ("page-two",)}, ["aches-not", "acts-fast"]),
            ({"source": ("page-one", "page-two"), "theme": ("mood",)}, ["acts-fast"]),
            ({"status": ("published",)}, ["brand"]),
            ({"caveat": ("may-harm",)}, ["welcome"]),
            ({"caveat": ("may-harm", "fades-soon"), "type": ("safety",)}, ["aches"]),
            ({"theme": ("no-such-theme",)}, []),
            ({"theme": ("no-such-theme", "sleep"), "verdict": ()}, ["calm", "eases-trd"]),
        ],
    )
    def test_filters(self, backend, filters, found):
        page = backend.search(Query(filters=filters))
        assert (ids(page), page.total) == (found, len(found))

    def test_filters_narrow_what_the_words_find(self, backend):
        assert ids(backend.search(Query("headache", {"theme": ("nausea",)}, sort="id"))) == ["aches", "aches-not"]

    def test_filters_do_not_loosen_the_words(self, backend):
        page = backend.search(Query("blood pressure", {"theme": ("sleep",)}))
        assert (ids(page), page.reading.any_word) == ([], False)

    def test_counts_every_facet_of_all_entries(self, backend):
        assert {name: dict(counts) for name, counts in backend.search(Query(facets=FILTERS)).facets.items()} == {
            "theme": {"mood": 8, "nausea": 2, "sleep": 2},
            "type": {"efficacy": 9, "access": 1, "safety": 1},
            "verdict": {"supported": 9, "contested": 1, "not-checkable": 1},
            "certainty": {"low": 8, "high": 1, "very-low": 1},
            "source": {"page-two": 2, "page-one": 1},
            "status": {"in-review": 10, "published": 1},
            "caveat": {"fades-soon": 2, "gone": 1, "may-harm": 1},
        }

    def test_lists_the_most_frequent_value_first(self, backend):
        assert list(backend.search(Query(facets=("certainty",))).facets["certainty"]) == ["low", "high", "very-low"]

    def test_counts_each_facet_under_the_other_filters(self, backend):
        query = Query("headache", {"theme": ("nausea",), "verdict": ("refuted",)}, facets=("theme", "verdict"))
        assert backend.search(query).facets == {
            "theme": {"nausea": 0},
            "verdict": {"contested": 1, "supported": 1, "refuted": 0},
        }

    @pytest.mark.parametrize("text", ["", "testamine", "zebra blood"])
    def test_a_count_is_the_total_that_choosing_it_gives(self, backend, text):
        narrowed = {"theme": ("mood", "sleep"), "status": ("in-review",)}
        for name, counts in backend.search(Query(text, narrowed, facets=FILTERS)).facets.items():
            for value, count in counts.items():
                chosen = backend.search(Query(text, narrowed | {name: (value,)}))
                assert (name, value, chosen.total) == (name, value, count)

    def test_counts_only_what_was_asked_for(self, backend):
        assert backend.search(Query("headache")).facets == {}

    # Order and paging

    @pytest.mark.parametrize(
        ("sort", "found"),
        [
            ("id", ["aches", "aches-not", "acts-fast", "brand", "calm"]),
            ("relevance", ["aches", "aches-not", "acts-fast", "brand", "calm"]),
            ("certainty", ["fewer-points", "aches", "aches-not", "acts-fast", "brand"]),
            ("sources", ["acts-fast", "aches-not", "aches", "brand", "calm"]),
        ],
    )
    def test_sorts(self, backend, sort, found):
        assert ids(backend.search(Query(sort=sort, per_page=5))) == found

    def test_sorts_what_has_no_certainty_last(self, backend):
        assert ids(backend.search(Query(sort="certainty")))[-2:] == ["relief", "welcome"]

    @pytest.mark.parametrize("per_page", [1, 4, 11, 100])
    @pytest.mark.parametrize("text", ["", "testamine headache zebra"])
    def test_pages_make_up_the_whole(self, backend, text, per_page):
        whole = backend.search(Query(text, per_page=100))
        pages = [
            backend.search(Query(text, page=number, per_page=per_page))
            for number in range(1, -(-whole.total // per_page) + 1)
        ]
        assert [hit for page in pages for hit in page.hits] == list(whole.hits)
        assert {(page.total, page.pages) for page in pages} == {(whole.total, len(pages))}

    def test_a_page_past_the_end_is_empty_and_knows_the_total(self, backend):
        assert backend.search(Query(page=3, per_page=10, facets=("status",))) == Page(
            hits=(),
            total=11,
            page=3,
            per_page=10,
            facets={"status": {"in-review": 10, "published": 1}},
            reading=Reading(),
        )

    # Highlights

    @pytest.mark.parametrize(
        ("text", "claim_id", "highlights"),
        [
            ("", "aches", {}),
            ("-blood", "aches", {}),
            ("cause zebra", "aches", {"claim": ["Testamine does [cause] headache."]}),
            ('"does cause"', "aches", {"claim": ["Testamine [does cause] headache."]}),
            ("5% points", "fewer-points", {"claim": ["Scores fell by -1.5 [points], or [5%] of 1,200."]}),
            ("patient's", "calm", {"claim": ["Naïve [patients]’ sleep doesn’t change; café-goers’ does."]}),
            (
                "migraine",
                "pressure",
                {
                    "claim": ["Blood pressure rises, and [pains in the head] follow."],
                    "concepts": ["[headache]"],
                },
            ),
            (
                "trd",
                "relief",
                {
                    "claim": ["[Treatment-resistant depression] gives way."],
                    "concepts": ["[treatment-resistant depression]"],
                },
            ),
            ("queues", "welcome", {"asked": ["how long is the [queue]"]}),
            ('"queue jumping" guests', "welcome", {"claim": ["[Guests] are never kept waiting."]}),
            ("relief", "acts-fast", {"caveats": ["The [relief] fades within days."]}),
            (
                "nobody waiting harm",
                "welcome",
                {
                    "claim": ["Guests are never kept [waiting]."],
                    "caveats": ["It may [harm] the bladder when taken for long."],
                    "evidence": ["[Nobody] [waited]."],
                },
            ),
        ],
    )
    def test_highlights(self, backend, text, claim_id, highlights):
        hit = next(hit for hit in backend.search(Query(text)).hits if hit.id == claim_id)
        marked = {field: [_marked(fragment) for fragment in found] for field, found in hit.highlights.items()}
        assert marked == highlights

    # Whatever is typed

    @pytest.mark.parametrize("text", [pytest.param(text, id=ascii(text[:24])) for text in AWKWARD])
    def test_answers_whatever_is_typed(self, backend, text):
        self._answers(backend, text)

    @ANY_TEXT
    @given(text=st.text(st.characters(codec=None), max_size=400))
    def test_answers_any_characters(self, backend, text):
        self._answers(backend, text)

    @ANY_TEXT
    @given(words=st.lists(st.sampled_from(["mood", "-", '"', "not", " ", "5%", "*", "(", ":", "“", "TRD", "\n", "'"])))
    def test_answers_any_mixture(self, backend, words):
        self._answers(backend, "".join(words))

    def _answers(self, backend, text):
        page = backend.search(Query(text, facets=("theme",)))
        assert len(page.hits) == page.total <= 11
        for hit in page.hits:
            for fragments in hit.highlights.values():
                for fragment in fragments:
                    _check_spans(fragment)
        assert str(page.reading).isprintable()

    # The index as such

    def test_an_empty_knowledge_base_has_no_entries(self, tmp_path):
        kb = named(knowledge_base(claims=[], caveats=[]))
        backend = open_or_build(self.engine(tmp_path), kb).backend
        for text in ("", "mood", "-mood", "mood zebra", '"lifts mood"'):
            page = backend.search(Query(text, {"theme": ("mood",)}, ("theme", "type")))
            assert (page.hits, page.total, page.pages, page.facets) == ((), 0, 0, {"theme": {"mood": 0}, "type": {}})

    def test_info_says_what_was_indexed(self, tmp_path):
        engine, kb = self.engine(tmp_path), base()
        info = engine.build(kb)
        opened = engine.open(kb).info
        assert (opened.engine, opened.digest, opened.documents) == (info.engine, kb.digest, 11)
        assert isinstance(opened, IndexInfo)
        assert opened.built_at.tzinfo is not None

    def test_an_index_answers_for_the_state_it_was_opened_for(self, tmp_path):
        engine = self.engine(tmp_path)
        before = named(knowledge_base(claims=[claim("one", claim="Zebras have stripes.")]))
        after = named(knowledge_base(claims=[claim("two", claim="Zebras have spots.")]))
        old, new = (open_or_build(engine, kb).backend for kb in (before, after))
        assert [ids(backend.search(Query("zebra"))) for backend in (old, new)] == [["one"], ["two"]]

    def test_a_closed_index_says_so(self, tmp_path):
        backend = open_or_build(self.engine(tmp_path), base()).backend
        backend.close()
        backend.close()
        for text in ("", "headache"):
            with pytest.raises(IndexUnavailable, match=r"^the search index has been closed$"):
                backend.search(Query(text))


def _check_spans(fragment: Fragment) -> None:
    assert fragment.spans
    edges = [edge for span in fragment.spans for edge in span]
    assert edges == sorted(set(edges))
    assert edges[0] >= 0
    assert edges[-1] <= len(fragment.text)


def _marked(fragment: Fragment) -> str:
    _check_spans(fragment)
    text = fragment.text
    for start, end in reversed(fragment.spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text
