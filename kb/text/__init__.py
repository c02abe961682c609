"""Text in, meaning out: sentences, tokens, concepts and `recognise` rules, all with offsets into the original."""

from kb.text.concepts import ConceptFinder, ConceptHit
from kb.text.recognise import DENIAL, Explanation, Recogniser, Recognition
from kb.text.tokens import Rows, Token, rows, stem, tokens
from kb.text.trie import Place
from kb.text.units import Span, sentences

__all__ = [
    "DENIAL",
    "ConceptFinder",
    "ConceptHit",
    "Explanation",
    "Place",
    "Recogniser",
    "Recognition",
    "Rows",
    "Span",
    "Token",
    "rows",
    "sentences",
    "stem",
    "tokens",
]
