-- The search index on several servers: run it on the one that programs connect to, in place of `schema.sql`, which
-- each of the others gets. Programs see no difference: the functions have the names and the answers of `schema.sql`.
--
-- Each claim is on one server, by the hash of its id. What is asked goes to all at once by PL/Proxy, and the answers
-- are put together here; a server that does not answer is an error, never a part of the answer. This server keeps
-- nothing but which states there are. What is written is on all the others before a state is there for anybody: what
-- a writer left behind that died in between is taken out by the next one (`caveat.prepare`).
--
-- An administrator runs it, since PL/Proxy is for those alone; the owner of the database may then write. It needs two
-- servers by the foreign data wrapper `plproxy`, made before (docs/postgres.md): `caveat_primaries` leads to the primary
-- of each part, `caveat_standbys` to a standby of each, in the same order.

CREATE SCHEMA caveat;
CREATE SCHEMA caveat_shards;

-- Asks primaries from a primary, standbys from a standby: who wants the newest asks the primary, and gets it.
CREATE FUNCTION caveat_shards.which() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN pg_is_in_recovery() THEN 'caveat_standbys' ELSE 'caveat_primaries' END
$$;

-- Part of a claim: the same on every version and system, unlike PostgreSQL's own hashes.
CREATE FUNCTION caveat_shards.part(id text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT ('x' || substr(md5(id), 1, 8))::bit(32)::integer
$$;

CREATE FUNCTION caveat.version() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';

CREATE TABLE caveat.state (
    number bigint PRIMARY KEY,
    key text NOT NULL UNIQUE,
    digest text NOT NULL,
    documents integer NOT NULL,
    sample jsonb NOT NULL,
    built_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What is asked -------------------------------------------------------------------------------------------------------

CREATE FUNCTION caveat_shards.find(at bigint, question jsonb, sort text, number integer)
RETURNS TABLE (id text, score float8, key float8, total bigint) LANGUAGE plproxy AS $$
    CLUSTER caveat_shards.which(); RUN ON ALL; TARGET caveat.find;
$$;

CREATE FUNCTION caveat.find(at bigint, question jsonb, sort text, number integer)
RETURNS TABLE (id text, score float8, key float8, total bigint) LANGUAGE sql STABLE AS $$
    SELECT found.id, found.score, found.key,
           CASE WHEN row_number() OVER best = 1 THEN sum(found.total) OVER () ELSE 0 END::bigint
    FROM caveat_shards.find(at, question, sort, number) AS found
    WINDOW best AS (ORDER BY found.key DESC, found.id COLLATE "C")
    ORDER BY found.key DESC, found.id COLLATE "C" LIMIT number
$$;

CREATE FUNCTION caveat_shards.count(at bigint, question jsonb) RETURNS SETOF bigint LANGUAGE plproxy AS $$
    CLUSTER caveat_shards.which(); RUN ON ALL; TARGET caveat.count;
$$;

CREATE FUNCTION caveat.count(at bigint, question jsonb) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT sum(count)::bigint FROM caveat_shards.count(at, question) AS count
$$;

CREATE FUNCTION caveat_shards.ids(at bigint, question jsonb) RETURNS SETOF text LANGUAGE plproxy AS $$
    CLUSTER caveat_shards.which(); RUN ON ALL; TARGET caveat.ids;
$$;

CREATE FUNCTION caveat.ids(at bigint, question jsonb) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat_shards.ids(at, question)
$$;

CREATE FUNCTION caveat_shards.words(at bigint, after bigint)
RETURNS TABLE (word text, number bigint) LANGUAGE plproxy AS $$
    CLUSTER caveat_shards.which(); RUN ON ALL; TARGET caveat.words;
$$;

CREATE FUNCTION caveat.words(at bigint, after bigint)
RETURNS TABLE (word text, number bigint) LANGUAGE sql STABLE AS $$
    SELECT differing.word, sum(differing.number)::bigint FROM caveat_shards.words(at, after) AS differing
    GROUP BY differing.word HAVING sum(differing.number) <> 0
$$;

-- What is written ------------------------------------------------------------------------------------------------------

CREATE FUNCTION caveat.state_of(wanted text) RETURNS SETOF caveat.state LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat.state WHERE key = wanted
$$;

CREATE FUNCTION caveat.latest() RETURNS SETOF caveat.state LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat.state ORDER BY number DESC LIMIT 1
$$;

CREATE FUNCTION caveat_shards.sweep(latest bigint) RETURNS SETOF bigint LANGUAGE plproxy AS $$
    CLUSTER 'caveat_primaries'; RUN ON ALL; TARGET caveat.sweep;
$$;

CREATE FUNCTION caveat.prepare() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1667331685, 1);
    SELECT coalesce(max(number), 0) INTO latest FROM caveat.state;
    PERFORM caveat_shards.sweep(latest);
    RETURN greatest(latest + 1, floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
END $$;

CREATE FUNCTION caveat_shards.held(at bigint)
RETURNS TABLE (id text, hash text) LANGUAGE plproxy AS $$
    CLUSTER 'caveat_primaries'; RUN ON ALL; TARGET caveat.held;
$$;

CREATE FUNCTION caveat.held(at bigint) RETURNS TABLE (id text, hash text) LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat_shards.held(at)
$$;

CREATE FUNCTION caveat_shards.differing(one bigint, other bigint) RETURNS SETOF text LANGUAGE plproxy AS $$
    CLUSTER caveat_shards.which(); RUN ON ALL; TARGET caveat.differing;
$$;

CREATE FUNCTION caveat.differing(one bigint, other bigint) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT * FROM caveat_shards.differing(one, other)
$$;

CREATE FUNCTION caveat_shards.put(at bigint, ids text[], hashes text[], terms text[], wordings text[], words text[],
                                  certainties integer[], sources integer[])
RETURNS SETOF bigint LANGUAGE plproxy AS $$
    CLUSTER 'caveat_primaries'; SPLIT ALL; RUN ON caveat_shards.part(ids); TARGET caveat.put;
$$;

CREATE FUNCTION caveat.put(at bigint, ids text[], hashes text[], terms text[], wordings text[], words text[],
                           certainties integer[], sources integer[])
RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(removed), 0)::bigint
    FROM caveat_shards.put(at, ids, hashes, terms, wordings, words, certainties, sources) AS removed
$$;

CREATE FUNCTION caveat_shards.remove(at bigint, ids text[]) RETURNS SETOF bigint LANGUAGE plproxy AS $$
    CLUSTER 'caveat_primaries'; SPLIT ids; RUN ON caveat_shards.part(ids); TARGET caveat.remove;
$$;

CREATE FUNCTION caveat.remove(at bigint, ids text[]) RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(removed), 0)::bigint FROM caveat_shards.remove(at, ids) AS removed
$$;

CREATE FUNCTION caveat_shards.publish(at bigint, key text, digest text, documents integer, sample jsonb,
                                      kept integer, seconds float8)
RETURNS SETOF timestamptz LANGUAGE plproxy AS $$
    CLUSTER 'caveat_primaries'; RUN ON ALL; TARGET caveat.publish;
$$;

CREATE FUNCTION caveat.publish(at bigint, key text, digest text, documents integer, sample jsonb,
                               kept integer, seconds float8)
RETURNS SETOF timestamptz LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    PERFORM caveat_shards.publish(at, key, digest, documents, sample, kept, seconds);
    UPDATE caveat.state SET key = state.key || ' ' || state.number WHERE state.key = publish.key;
    INSERT INTO caveat.state (number, key, digest, documents, sample) VALUES (at, key, digest, documents, sample);
    DELETE FROM caveat.state WHERE built_at <= clock_timestamp() - make_interval(secs => seconds)
        AND number NOT IN (SELECT state.number FROM caveat.state ORDER BY state.number DESC LIMIT kept);
    RETURN QUERY SELECT built_at FROM caveat.state WHERE number = at;
END $$;

CREATE FUNCTION caveat_shards.tidy() RETURNS SETOF bigint LANGUAGE plproxy AS $$
    CLUSTER 'caveat_primaries'; RUN ON ALL; TARGET caveat.tidy;
$$;

CREATE FUNCTION caveat.tidy() RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT max(done) FROM caveat_shards.tidy() AS done
$$;

GRANT USAGE ON SCHEMA caveat, caveat_shards TO pg_database_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON caveat.state TO pg_database_owner;
