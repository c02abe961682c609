"""A finder that is slow and plain: it looks at every claim for every question. What `Delegating` is tested with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from kb.search.answer import Corpus
from kb.search.base import IndexInfo, no_changes
from kb.search.delegating import Delegating
from kb.search.fields import Condition, Due
from kb.search.lexicon import Lexicon
from kb.search.plan import Prefix, Words
from kb.search.question import Found, Question
from kb.search.widen import open_term


class PlainFinder:
    """Knows documents by the terms and passages of `analyse`, and nothing else."""

    def __init__(self, corpus):
        self._kb = corpus.kb
        documents = list(corpus.table.documents())
        self._documents = {document.id: document for document in documents}
        self._analysed = dict(zip(self._documents, corpus.analysed(), strict=True))
        self._words = Counter(word for analysed in self._analysed.values() for word in analysed.words)
        self._lexicon = Lexicon(self._words)

    def find(self, question, sort, number):
        scores = {claim_id: score for claim_id in self._documents if (score := self._score(question, claim_id)) >= 0}
        rank = {"relevance": scores.__getitem__, "id": lambda _: 0}.get(sort) or (
            lambda claim_id: self._documents[claim_id].ranks[sort]
        )
        ordered = sorted(scores, key=lambda claim_id: (-rank(claim_id), claim_id))
        return Found(tuple((claim_id, scores[claim_id]) for claim_id in ordered[:number]), len(ordered))

    def count(self, question):
        return self.find(question, "id", 0).total

    def facets(self, question, names):
        found = [self._documents[claim_id] for claim_id, _ in self.find(question, "id", len(self._documents)).hits]
        counts = {name: Counter(value for each in found for value in each.keywords[name]) for name in names}
        return {name: dict(sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))) for name in names}

    def words(self):
        return self._words

    def close(self):
        pass

    def _score(self, question, claim_id):
        """Return the score of a claim that is found, and less than 0 for others."""
        keywords = self._documents[claim_id].keywords
        if not all(set(values) & set(keywords[name]) for name, values in question.filters.items()):
            return -1.0
        every = [self._best(group, claim_id) for group in question.every]
        some = [self._best(group, claim_id) for group in question.some]
        never = [self._best((thing,), claim_id) for thing in question.never]
        if min(every, default=0.0) < 0 or max(some, default=0.0) < 0 or max(never, default=-1.0) >= 0:
            return 0.0 if claim_id in question.also else -1.0
        return sum(score for score in (*every, *some) if score > 0)

    def _best(self, group, claim_id):
        return max(self._has(thing, claim_id) for thing in group)

    def _has(self, thing, claim_id):
        if isinstance(thing, Condition):
            having = (claim_id,) if thing.column == "id" else self._documents[claim_id].keywords.get(thing.column, ())
            return 0.0 if set(thing.values) & set(having) else -1.0
        if isinstance(thing, Due):
            due = self._kb.claims[claim_id].review.due
            return 0.0 if due and thing.first <= due <= thing.last else -1.0
        if isinstance(thing, Prefix):
            stems = self._lexicon.stems(thing.start)
            return max((self._has(Words((stem,), (), thing.in_claim), claim_id) for stem in stems), default=-1.0)
        return self._has_words(thing, self._analysed[claim_id])

    def _has_words(self, thing, analysed):
        terms = analysed.terms
        score = sum(weight * terms.get(term, 0.0) for term, weight in thing.others)
        if len(thing.stems) > 1 or thing.in_claim:
            passages = analysed.passages[:1] if thing.in_claim else analysed.passages
            score += sum(_times(thing.stems, passage) for passage in passages)
        else:
            score += terms.get(open_term(thing.stems[0]) if thing.open else thing.stems[0], 0.0)
        return score or -1.0


def _times(stems, passage):
    """Return how often stems stand in a row."""
    return sum(passage[first : first + len(stems)] == stems for first in range(len(passage)))


class PlainEngine:
    """Opens a `Delegating` over a `PlainFinder`; there is nothing to build."""

    def __init__(self, _folder=None, changed=no_changes):
        self._changed = changed

    def build(self, kb):
        return self.open(kb).info

    def open(self, kb):
        corpus = Corpus(kb, self._changed)
        info = IndexInfo("plain", kb.digest, len(kb.claims), dt.datetime.now(dt.UTC))
        return Delegating(corpus, PlainFinder(corpus), info)


def question(**parts):
    """Return a question with some parts."""
    return replace(Question(), **parts)
