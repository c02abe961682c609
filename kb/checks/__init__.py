"""What `kb lint` checks about entries, beyond the shape of the files: pure rules, one small module a family."""

from kb.checks.base import Context, Problem, Rule
from kb.checks.registry import RULES, run

__all__ = ["RULES", "Context", "Problem", "Rule", "run"]
