"""What was learned from labelled copy: how likely a unit speaks on a theme, warns on it, or goes too far.

Rules say for certain what they have words for. Copy says the same in other words, and there a linear model over words
and concepts helps out: each unit's likelihood is a sum of weights, one for each word and concept, so that it can be
shown which of them spoke for it. The weights come from `corpus/teach.py`. Same copy, same report.
"""

from kb.audit.learned.features import features
from kb.audit.learned.model import Judgement, Judging, Learned, learned_for
from kb.audit.learned.recognising import credible, recognitions

__all__ = ["Judgement", "Judging", "Learned", "credible", "features", "learned_for", "recognitions"]
