"""Search: a typed text becomes a `Query`, a back end answers with a `Page` of hits.

`base` holds the words of the seam, `documents` what is searched, `query` and `widen` how a text is read,
`memory` and `whoosh` one engine each, `engines` the way to get one by name.
"""
