-- The search index of a knowledge base in PostgreSQL: tables, and the functions that are all a program calls.
--
-- Nothing that was indexed is ever changed. A row is part of every state from `since` up to, not including, `until`;
-- a new state writes rows for what differs and says until when the others hold, in one transaction. So a search for a
-- state finds the same on every server that has it, whatever is being written meanwhile.
--
-- Everything can be asked through functions that take and give plain values and whose answers can be merged: a server
-- in front of several may have functions of the same names that ask all of them (docs/postgres.md).

CREATE SCHEMA caveat;

-- Raise it, and FORMAT in `states.py`, when older programs could no longer use what is here.
CREATE FUNCTION caveat.version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';

CREATE TABLE caveat.state (
    number bigint PRIMARY KEY,
    key text NOT NULL UNIQUE,         -- of the files, and of the text analysis that made the terms
    digest text NOT NULL,             -- of the files
    documents integer NOT NULL,
    sample jsonb NOT NULL,            -- some claims → hashes of what their rows were made from, and of their terms
    built_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE caveat.claim (
    id text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL DEFAULT 9223372036854775807,
    hash text NOT NULL,               -- of all that the row was made from
    terms tsvector NOT NULL,          -- A: the claim. B: beside it. C, D: helps to find, and is not shown. =column=value
    wording text,                     -- the words in order, where they are too many for the positions of a tsvector
    words text[] NOT NULL,            -- what completes typing and mends it, and the concepts
    certainty integer NOT NULL,
    sources integer NOT NULL,
    PRIMARY KEY (id, since)
);
-- What is ranked stands in the row itself: it need not be fetched from elsewhere and unpacked first.
ALTER TABLE caveat.claim ALTER COLUMN terms SET STORAGE MAIN;

CREATE TABLE caveat.word (
    word text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL DEFAULT 9223372036854775807,
    number bigint NOT NULL,           -- of the claims that have it
    PRIMARY KEY (word, since)
);

-- What was just written is looked through row by row; much of that would hold up every search.
CREATE INDEX claim_terms ON caveat.claim USING gin (terms) WITH (gin_pending_list_limit = 1024);
CREATE INDEX claim_since ON caveat.claim (since);
CREATE INDEX claim_until ON caveat.claim (until);
CREATE INDEX claim_wording ON caveat.claim (since) WHERE wording IS NOT NULL;
CREATE INDEX word_since ON caveat.word (since);
CREATE INDEX word_until ON caveat.word (until);

-- What is asked -------------------------------------------------------------------------------------------------------

-- Ends in an error of its own where this server does not have a state: not yet, or no longer.
CREATE FUNCTION caveat.needs(at bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM caveat.state WHERE state.number = at) THEN
        RAISE EXCEPTION 'state % of the search index is not here', at USING ERRCODE = 'CV001';
    END IF;
END $$;

-- Returns the text of a query for the claims of a state that a question finds, with all columns of `caveat.claim`.
--
--     {"query":   a tsquery, or null for all claims,
--      "among":   [claims of which these must be], or null,
--      "also":    [claims that are found in any case],
--      "within":  a tsquery that must hold for all of them, or null,
--      "phrases": [[" words in a row ", whether in the claim itself], …],
--      "marked":  the query, in which '"0', '"1' … stand for those phrases,
--      "ranks":   [[a tsquery of terms, what each counts, a tsquery that must hold or null], …]}
--
-- Claims by name are no terms of the query: PostgreSQL takes too long over one of a thousand terms.
CREATE FUNCTION caveat.found(at bigint, question jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    held CONSTANT text := format('SELECT c.* FROM caveat.claim c WHERE c.since <= %1$s AND c.until > %1$s', at)
        || CASE WHEN question->>'within' IS NULL THEN '' ELSE format(' AND c.terms @@ %L::tsquery', question->>'within') END;
    query CONSTANT text := question->>'query';
BEGIN
    IF query IS NULL OR jsonb_array_length(question->'phrases') = 0 THEN
        RETURN held || caveat.wanted(question, format('c.terms @@ %L::tsquery', query));
    END IF;
    RETURN held || ' AND c.wording IS NULL' || caveat.wanted(question, format('c.terms @@ %L::tsquery', query))
        || ' UNION ALL ' || held || ' AND c.wording IS NOT NULL' || caveat.wanted(question, format(
            'c.terms || caveat.marks(c.wording, %L) @@ %L::tsquery', question->'phrases', question->>'marked'));
END $$;

-- Returns the conditions of a question without what must hold in any case; `holds` says what the query means.
CREATE FUNCTION caveat.wanted(question jsonb, holds text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    named CONSTANT text := 'c.id = ANY (%L::text[])';
    demanded text;
BEGIN
    demanded := concat_ws(' AND ', CASE WHEN question->>'query' IS NOT NULL THEN holds END,
                      CASE WHEN question->>'among' IS NOT NULL THEN format(named, caveat.listed(question->'among')) END);
    IF demanded = '' THEN
        RETURN '';
    ELSIF jsonb_array_length(question->'also') > 0 THEN
        demanded := demanded || ' OR ' || format(named, caveat.listed(question->'also'));
    END IF;
    RETURN ' AND (' || demanded || ')';
END $$;

CREATE FUNCTION caveat.listed(ids jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(id), '{}') FROM jsonb_array_elements_text(ids) AS id
$$;

-- Returns as terms which of some phrases stand in a wording: a line for each passage, a blank around each word.
CREATE FUNCTION caveat.marks(wording text, phrases jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_to_tsvector(array_agg('"' || (place - 1)::text)), '')
    FROM jsonb_array_elements(phrases) WITH ORDINALITY AS each(phrase, place)
    WHERE strpos(CASE WHEN (phrase->1)::boolean THEN split_part(wording, E'\n', 1) ELSE wording END, phrase->>0) > 0
$$;

-- Returns the expression that ranks a claim: the weight of each term by how often and where it stands.
CREATE FUNCTION caveat.ranking(question jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(string_agg(
        CASE WHEN rank->>2 IS NULL THEN expression
        ELSE format('CASE WHEN terms @@ %L::tsquery THEN %s ELSE 0 END', rank->>2, expression) END, ' + '), '0')
        || '::float8'
    FROM jsonb_array_elements(question->'ranks') AS each(rank),
    LATERAL (SELECT format('%s * ts_rank(''{0.2, 0.65, 0.15, 1}'', terms, %L::tsquery)',
                           (rank->>1)::float8, rank->>0) AS expression) AS made
$$;

-- Returns the first claims by `key`, the larger the earlier, and by id among equals. `total` stands in the first row,
-- and is 0 in the others. OFFSET keeps the scores where they are: further out they would drag all terms along.
CREATE FUNCTION caveat.find(at bigint, question jsonb, sort text, number integer)
RETURNS TABLE (id text, score float8, key float8, total bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    key CONSTANT text := CASE sort WHEN 'relevance' THEN 'score' WHEN 'id' THEN '0'
        WHEN 'certainty' THEN 'certainty' WHEN 'sources' THEN 'sources' END;
BEGIN
    PERFORM caveat.needs(at);
    RETURN QUERY EXECUTE format(
        'SELECT id, score, key, CASE WHEN row_number() OVER (ORDER BY key DESC, id) = 1 THEN total ELSE 0 END FROM ('
        '  SELECT id, score, %s::float8 AS key, count(*) OVER () AS total FROM ('
        '    SELECT id, %s AS score, certainty, sources FROM (%s) AS held OFFSET 0'
        '  ) AS scored ORDER BY key DESC, id LIMIT %s'
        ') AS first ORDER BY key DESC, id', key, caveat.ranking(question), caveat.found(at, question), number);
END $$;

CREATE FUNCTION caveat.count(at bigint, question jsonb) RETURNS SETOF bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM caveat.needs(at);
    RETURN QUERY EXECUTE format('SELECT count(*) FROM (%s) AS held', caveat.found(at, question));
END $$;

-- Returns all claims found, in texts with blanks between. Whoever asks has the claims at hand and counts their values
-- by these, which takes a tenth of the time that it would take here.
CREATE FUNCTION caveat.ids(at bigint, question jsonb) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM caveat.needs(at);
    RETURN QUERY EXECUTE format('SELECT coalesce(string_agg(id, '' ''), '''') FROM (%s) AS held',
                                caveat.found(at, question));
END $$;

-- Returns by how much more claims (or fewer) have each word at a state than at an earlier one; at no state (0), none has.
CREATE FUNCTION caveat.words(at bigint, after bigint)
RETURNS TABLE (word text, number bigint) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    PERFORM caveat.needs(at);
    IF after <> 0 THEN
        PERFORM caveat.needs(after);
    END IF;
    RETURN QUERY
        SELECT word, sum(number)::bigint FROM (
            SELECT word, number FROM caveat.word WHERE since > after AND since <= at AND until > at
            UNION ALL
            SELECT word, -number FROM caveat.word WHERE since <= after AND until > after AND until <= at
        ) AS differing GROUP BY word HAVING sum(number) <> 0;
END $$;

-- What is written ------------------------------------------------------------------------------------------------------

CREATE FUNCTION caveat.state_of(wanted text) RETURNS SETOF caveat.state LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat.state WHERE key = wanted
$$;

CREATE FUNCTION caveat.latest() RETURNS SETOF caveat.state LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat.state ORDER BY number DESC LIMIT 1
$$;

-- Lets one program write at a time, to the end of its transaction, and returns the number of the state to come. It
-- follows the clock, so that no number comes twice, not even after the schema was made anew. What was written for a
-- state that never came is taken out; on one server there is nothing of that kind.
CREATE FUNCTION caveat.prepare() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1667331685, 1);
    SELECT coalesce(max(number), 0) INTO latest FROM caveat.state;
    PERFORM caveat.sweep(latest);
    RETURN greatest(latest + 1, floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
END $$;

-- Takes out what was written for states after this one.
CREATE FUNCTION caveat.sweep(latest bigint) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM caveat.state WHERE number > latest;
    DELETE FROM caveat.claim WHERE since > latest;
    DELETE FROM caveat.word WHERE since > latest;
    UPDATE caveat.claim SET until = DEFAULT WHERE until > latest AND until < 9223372036854775807;
    UPDATE caveat.word SET until = DEFAULT WHERE until > latest AND until < 9223372036854775807;
    RETURN NEXT latest;
END $$;

-- Returns claim → hash of all rows of a state.
CREATE FUNCTION caveat.held(at bigint) RETURNS TABLE (id text, hash text) LANGUAGE sql STABLE AS $$
    SELECT id, hash FROM caveat.claim WHERE since <= at AND until > at
$$;

-- Returns the claims whose rows may be others in one of two states.
CREATE FUNCTION caveat.differing(one bigint, other bigint) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT id FROM caveat.claim WHERE since > least(one, other) AND since <= greatest(one, other)
    UNION
    SELECT id FROM caveat.claim WHERE until > least(one, other) AND until <= greatest(one, other)
$$;

-- Puts claims into a state to come, instead of whatever rows they have; lists stand in texts with blanks between.
CREATE FUNCTION caveat.put(at bigint, ids text[], hashes text[], terms text[], wordings text[], words text[],
                           certainties integer[], sources integer[])
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT caveat.remove(at, ids);
    INSERT INTO caveat.claim (id, since, hash, terms, wording, words, certainty, sources)
    SELECT made.id, at, made.hash, made.terms::tsvector, made.wording,
           string_to_array(made.words, ' '), made.certainty, made.sources
    FROM unnest(ids, hashes, terms, wordings, words, certainties, sources)
        AS made (id, hash, terms, wording, words, certainty, sources);
END $$;

-- Takes claims out of a state to come; returns how many there were.
CREATE FUNCTION caveat.remove(at bigint, ids text[]) RETURNS SETOF bigint LANGUAGE sql AS $$
    WITH removed AS (
        UPDATE caveat.claim SET until = at WHERE id = ANY (ids) AND until = 9223372036854775807 RETURNING 1
    ) SELECT count(*) FROM removed
$$;

-- Makes a state of what was put and removed for it: from now on it can be searched. Of older ones the newest `kept`
-- stay, and those of the last `seconds`, with whoever still searches them.
CREATE FUNCTION caveat.publish(at bigint, key text, digest text, documents integer, sample jsonb,
                               kept integer, seconds float8)
RETURNS SETOF timestamptz LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    oldest bigint;
BEGIN
    WITH counted AS (
        SELECT word, sum(number) AS number FROM (
            SELECT unnest(claim.words) AS word, 1 AS number FROM caveat.claim WHERE since = at
            UNION ALL
            SELECT unnest(claim.words), -1 FROM caveat.claim WHERE until = at
        ) AS differing GROUP BY word HAVING sum(number) <> 0
    ), closed AS (
        UPDATE caveat.word SET until = at FROM counted
        WHERE word.word = counted.word AND word.until = 9223372036854775807
        RETURNING word.word, word.number
    )
    INSERT INTO caveat.word (word, since, number)
    SELECT counted.word, at, counted.number + coalesce(closed.number, 0) FROM counted LEFT JOIN closed USING (word)
    WHERE counted.number + coalesce(closed.number, 0) > 0;
    UPDATE caveat.state SET key = state.key || ' ' || state.number WHERE state.key = publish.key;
    INSERT INTO caveat.state (number, key, digest, documents, sample) VALUES (at, key, digest, documents, sample);
    SELECT min(number) INTO oldest FROM caveat.state
    WHERE built_at > clock_timestamp() - make_interval(secs => seconds)
        OR number IN (SELECT state.number FROM caveat.state ORDER BY state.number DESC LIMIT kept);
    DELETE FROM caveat.state WHERE number < oldest;
    DELETE FROM caveat.claim WHERE until <= oldest;
    DELETE FROM caveat.word WHERE until <= oldest;
    RETURN QUERY SELECT built_at FROM caveat.state WHERE number = at;
END $$;

-- Tells the planner what the tables hold, after many rows have changed.
CREATE FUNCTION caveat.tidy() RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    ANALYZE caveat.claim, caveat.word;
    RETURN NEXT 0;
END $$;
