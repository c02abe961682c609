"""Audits by the million: pages are streamed, audited in shards, and a run that was stopped goes on where it was.

input (folder, JSON lines, WARC) → pages → shards → workers → one result file a shard, whole or not at all → roll-up.
Files tell what is done: there is no other state, so nothing can disagree with them.
"""
