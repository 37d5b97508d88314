-- ===== home: a look at a table
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.e', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.pg_advisory_xact_lock_shared(49443, 1);
SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog.current_setting('server_version_num') AS version,
    (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull)::text AS required,
    (SELECT pg_catalog.json_agg(a.attname ORDER BY k.n) FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, n)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum WHERE i.indrelid = c.oid AND i.indisprimary)::text AS key,
    (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = x.relam JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = c.oid AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL)::text AS indexed,
    EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)::text AS has_children, c.reltuples::text AS rows, CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid) ELSE 0 END::text AS bytes,
    CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint ELSE 0 END::text AS blocks FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = $1 AND c.relkind IN ('r', 'm', 'v', 'p', 'f')
    AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END;
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
COMMIT;

-- ===== home: all of a table
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.e', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.pg_advisory_xact_lock_shared(49443, 1);
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders";
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders") TO STDOUT (FORMAT binary);
SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation
      WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND c.relkind IN ('r', 'm') AND c.relfilenode <> 0
        AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid) LIMIT 1;
RELEASE SAVEPOINT hygge_slice;

-- ===== home: the newest id
ROLLBACK;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT pg_catalog.pg_is_in_recovery()::text AS standby, pg_catalog.to_char((pg_catalog.pg_last_xact_replay_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS until;
SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS of(name)
    CROSS JOIN LATERAL (SELECT pg_catalog.to_regclass(of.name) AS self UNION SELECT a.relid FROM pg_catalog.pg_partition_ancestors(pg_catalog.to_regclass(of.name)) a) t
    JOIN pg_catalog.pg_subscription_rel r ON r.srrelid = t.self LIMIT 1;
-- with '{"\"public\".\"orders\""}'
SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now;
SELECT ("id")::pg_catalog.text AS newest FROM "public"."orders" WHERE (
"id" IS NOT NULL
) ORDER BY "id" DESC LIMIT 1;
WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute
      WHERE attrelid IN (SELECT pg_catalog.to_regclass(name) FROM pg_catalog.unnest($1::text[]) AS of(name)) AND attname = $2),
    d AS (SELECT * FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass),
    owned AS (SELECT d.objid AS sequence FROM a JOIN d ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
      AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')),
    given AS (SELECT d.refobjid AS sequence FROM a JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
      JOIN d ON d.objid = e.oid AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass)
    SELECT s.seqrelid::pg_catalog.regclass::text AS sequence, s.seqcache::text AS cache
    FROM (TABLE owned UNION TABLE given) n JOIN pg_catalog.pg_sequence s ON s.seqrelid = n.sequence WHERE s.seqcache > 1 LIMIT 1;
-- with '{"\"public\".\"orders\""}', 'id'
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.usename AS role, a.application_name AS application,
      pg_catalog.to_char((m.began) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS since, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - m.began)::bigint::text AS age,
      COALESCE(a.state <> 'disabled', false)::text AS timed, COALESCE(m.began <= $1::timestamptz, false)::text AS early
    FROM pg_catalog.pg_stat_activity a
    LEFT JOIN pg_catalog.pg_locks l ON l.pid = a.pid AND l.locktype = 'virtualxid' AND l.granted AND l.virtualxid = l.virtualtransaction
    CROSS JOIN LATERAL (SELECT LEAST(a.xact_start, CASE WHEN a.state = 'active' AND a.backend_type = 'client backend' THEN a.query_start END) AS began) m
    WHERE a.datname = pg_catalog.current_database() AND a.usesysid IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
      AND (l.pid IS NOT NULL OR m.began IS NOT NULL) AND a.backend_type IS DISTINCT FROM 'parallel worker'
      AND (a.state = 'active' AND a.query ~* '^[[:space:]]*vacuum') IS NOT TRUE AND NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_locks r WHERE r.pid = a.pid AND r.locktype = 'advisory' AND r.granted AND r.mode = 'ShareLock'
          AND r.classid = 49443 AND r.objid = 1 AND r.objsubid = 2)
    UNION ALL
    SELECT 'p' || p.transaction, NULL, p.owner, p.gid, NULL, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.prepared)::bigint::text, 'false', 'false'
    FROM pg_catalog.pg_prepared_xacts p WHERE p.database = pg_catalog.current_database();
-- with null
COMMIT;

-- ===== home: what is ahead of id, and null
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"id" IS NULL
);
COMMIT;

-- ===== home: an increment by id
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"id" > '39'::pg_catalog.int4 AND "id" <= '39'::pg_catalog.int4 OR "id" IS NULL
);
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"id" > '39'::pg_catalog.int4 AND "id" <= '39'::pg_catalog.int4 OR "id" IS NULL
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: the newest price
ROLLBACK;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 117e6a: SELECT pg_catalog.pg_is_in_recovery()::text AS standby, pg_catalog.to_char((pg_catalog.pg_ …
-- again 087115: SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS …
-- with '{"\"public\".\"orders\""}'
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT ("price")::pg_catalog.text AS newest FROM "public"."orders" WHERE (
"price" IS NOT NULL
) AND (
"price" < 1e18::pg_catalog.numeric
) ORDER BY "price" DESC LIMIT 1;
-- again bed326: WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid IN (SELECT …
-- with '{"\"public\".\"orders\""}', 'price'
SELECT 1 AS one FROM "public"."orders" WHERE (
NOT ("price" < 1e18::pg_catalog.numeric)
) LIMIT 1;
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 887316: SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.us …
-- with null
COMMIT;

-- ===== home: what is ahead of price, and null
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"price" IS NULL
);
COMMIT;

-- ===== home: an increment by price
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"price" > '39.25'::pg_catalog.numeric AND "price" <= '39.25'::pg_catalog.numeric OR "price" IS NULL
);
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"price" > '39.25'::pg_catalog.numeric AND "price" <= '39.25'::pg_catalog.numeric OR "price" IS NULL
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: the newest day
ROLLBACK;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 117e6a: SELECT pg_catalog.pg_is_in_recovery()::text AS standby, pg_catalog.to_char((pg_catalog.pg_ …
-- again 087115: SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS …
-- with '{"\"public\".\"orders\""}'
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT ("day")::pg_catalog.text AS newest FROM "public"."orders" WHERE (
"day" IS NOT NULL
) AND (
"day" BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'
) AND (
"day" <= '{day}'::pg_catalog.date
) ORDER BY "day" DESC LIMIT 1;
-- again bed326: WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid IN (SELECT …
-- with '{"\"public\".\"orders\""}', 'day'
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 887316: SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.us …
-- with null
COMMIT;

-- ===== home: what is ahead of day, and null
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"day" > '{day}'::pg_catalog.date
);
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"day" IS NULL
);
COMMIT;

-- ===== home: an increment by day
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"day" > '2026-01-01'::pg_catalog.date AND "day" <= '2026-01-01'::pg_catalog.date OR "day" IS NULL
);
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"day" > '2026-01-01'::pg_catalog.date AND "day" <= '2026-01-01'::pg_catalog.date OR "day" IS NULL
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: the newest at
ROLLBACK;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 117e6a: SELECT pg_catalog.pg_is_in_recovery()::text AS standby, pg_catalog.to_char((pg_catalog.pg_ …
-- again 087115: SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS …
-- with '{"\"public\".\"orders\""}'
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT pg_catalog.to_char(("at"), 'YYYY-MM-DD"T"HH24:MI:SS.US') AS newest FROM "public"."orders" WHERE (
"at" IS NOT NULL
) AND (
"at" >= TIMESTAMP '0001-01-01 00:00:00' AND "at" < TIMESTAMP '10000-01-01 00:00:00'
) AND (
"at" <= '{time}'::pg_catalog.timestamp
) ORDER BY "at" DESC LIMIT 1;
-- again bed326: WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid IN (SELECT …
-- with '{"\"public\".\"orders\""}', 'at'
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 887316: SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.us …
-- with null
COMMIT;

-- ===== home: what is ahead of at, and null
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"at" > '{time}'::pg_catalog.timestamp
);
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"at" IS NULL
);
COMMIT;

-- ===== home: an increment by at
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"at" > '2026-01-01T00:00:00.123000'::pg_catalog.timestamp AND "at" <= '2026-01-01T00:00:00.123000'::pg_catalog.timestamp OR "at" IS NULL
);
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"at" > '2026-01-01T00:00:00.123000'::pg_catalog.timestamp AND "at" <= '2026-01-01T00:00:00.123000'::pg_catalog.timestamp OR "at" IS NULL
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: the newest moment
ROLLBACK;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 117e6a: SELECT pg_catalog.pg_is_in_recovery()::text AS standby, pg_catalog.to_char((pg_catalog.pg_ …
-- again 087115: SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS …
-- with '{"\"public\".\"orders\""}'
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT pg_catalog.to_char(("moment") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS newest FROM "public"."orders" WHERE (
"moment" IS NOT NULL
) AND (
"moment" >= TIMESTAMPTZ '0001-01-01 00:00:00+00' AND "moment" < TIMESTAMPTZ '10000-01-01 00:00:00+00'
) AND (
"moment" <= '{time}'::pg_catalog.timestamptz
) ORDER BY "moment" DESC LIMIT 1;
-- again bed326: WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid IN (SELECT …
-- with '{"\"public\".\"orders\""}', 'moment'
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 887316: SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.us …
-- with null
COMMIT;

-- ===== home: what is ahead of moment, and null
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"moment" > '{time}'::pg_catalog.timestamptz
);
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"moment" IS NULL
);
COMMIT;

-- ===== home: an increment by moment
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"moment" > '2025-12-31T22:00:00.500000Z'::pg_catalog.timestamptz AND "moment" <= '2025-12-31T22:00:00.500000Z'::pg_catalog.timestamptz OR "moment" IS NULL
);
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"moment" > '2025-12-31T22:00:00.500000Z'::pg_catalog.timestamptz AND "moment" <= '2025-12-31T22:00:00.500000Z'::pg_catalog.timestamptz OR "moment" IS NULL
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: the newest name
ROLLBACK;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 117e6a: SELECT pg_catalog.pg_is_in_recovery()::text AS standby, pg_catalog.to_char((pg_catalog.pg_ …
-- again 087115: SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS …
-- with '{"\"public\".\"orders\""}'
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
SELECT ("name")::pg_catalog.text AS newest FROM "public"."orders" WHERE (
"name" IS NOT NULL
) ORDER BY "name"::pg_catalog.text COLLATE "C" DESC LIMIT 1;
-- again bed326: WITH a AS (SELECT attrelid, attnum FROM pg_catalog.pg_attribute WHERE attrelid IN (SELECT …
-- with '{"\"public\".\"orders\""}', 'name'
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 887316: SELECT COALESCE('v' || l.virtualtransaction, 'm' || a.pid) AS id, a.pid::text AS pid, a.us …
-- with null
COMMIT;

-- ===== home: what is ahead of name, and null
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 4e835b: SELECT pg_catalog.to_char((pg_catalog.clock_timestamp()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T …
COMMIT;
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT count(*) AS counted FROM "public"."orders" WHERE (
"name" IS NULL
);
COMMIT;

-- ===== home: an increment by name
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"name"::pg_catalog.text COLLATE "C" > 'n9'::pg_catalog.text AND "name"::pg_catalog.text COLLATE "C" <= 'n9'::pg_catalog.text OR "name" IS NULL
);
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
"name"::pg_catalog.text COLLATE "C" > 'n9'::pg_catalog.text AND "name"::pg_catalog.text COLLATE "C" <= 'n9'::pg_catalog.text OR "name" IS NULL
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: all of a table, in small slices
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders";
SAVEPOINT hygge_slice;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
ctid >= '(0,0)'::pg_catalog.tid
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: a query
ROLLBACK;
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
SELECT * FROM (SELECT * FROM (
SELECT id FROM orders
) AS hygge_query) AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
EXPLAIN (FORMAT JSON) SELECT "id" FROM (
SELECT id FROM orders
) AS hygge_query;
SAVEPOINT hygge_slice;
SELECT * FROM (SELECT * FROM (
SELECT id FROM orders
) AS hygge_query) AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
COPY (SELECT "id" FROM (
SELECT id FROM orders
) AS hygge_query) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: a condition
ROLLBACK;
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
id > 3 -- not those
);
SAVEPOINT hygge_slice;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
COPY (SELECT "id", "price", "day", "at", "moment", "name", "uid" FROM "public"."orders" WHERE (
id > 3 -- not those
)) TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: some columns
ROLLBACK;
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
EXPLAIN (FORMAT JSON) SELECT "id" FROM "public"."orders";
SAVEPOINT hygge_slice;
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
COPY (SELECT "id" FROM "public"."orders") TO STDOUT (FORMAT binary);
-- again f9c701: SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE …
RELEASE SAVEPOINT hygge_slice;

-- ===== home: debug
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'orders', null
SELECT * FROM (SELECT * FROM "public"."orders") AS hygge_look LIMIT 0;
SELECT current_user AS role, pg_catalog.current_setting('server_version') AS version, pg_catalog.current_database() AS database,
      (SELECT s.ssl::text FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls,
      (SELECT s.version FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls_version,
      (SELECT pg_catalog.count(*)::text FROM pg_catalog.pg_stat_activity a WHERE a.usename = current_user AND a.backend_type = 'client backend') AS connections,
      (SELECT pg_catalog.pg_has_role(r.oid, 'USAGE')::text FROM pg_catalog.pg_roles r WHERE r.rolname = 'pg_read_all_stats') AS sees;
-- again 087115: SELECT r.srrelid::pg_catalog.regclass::text AS name FROM pg_catalog.unnest($1::text[]) AS …
-- with '{"\"public\".\"orders\""}'
COMMIT;
-- again 334de6: BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_catalog.set_config('TimeZone', …
SELECT pg_catalog.pg_export_snapshot() AS id;
COMMIT;

-- ===== home: the tables of a database
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.pg_advisory_xact_lock_shared(49443, 1);
SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
      CASE WHEN c.relkind IN ('r', 'm') AND c.reltuples >= 0 THEN c.reltuples::bigint
        WHEN c.relkind = 'p' THEN (SELECT sum(GREATEST(l.reltuples, 0))::bigint FROM pg_catalog.pg_partition_tree(c.oid) p JOIN pg_catalog.pg_class l ON l.oid = p.relid WHERE p.isleaf)
      END::text AS rows,
      CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_table_size(c.oid)
        WHEN c.relkind = 'p' THEN (SELECT sum(pg_catalog.pg_table_size(p.relid))::bigint FROM pg_catalog.pg_partition_tree(c.oid) p WHERE p.isleaf)
      END::text AS bytes,
      (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('index', i.indexrelid, 'column', a.attname, 'isPrimary', i.indisprimary, 'isNullable', NOT COALESCE(a.attnotnull, false)) ORDER BY i.indexrelid, k.n)
        FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(attnum, n)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND k.n <= i.indnkeyatts)::text AS keys,
      (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
      CASE WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) THEN 'no columns'
        WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 'no right to use its schema'
        WHEN pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN NULL
        WHEN pg_catalog.has_any_column_privilege(c.oid, 'SELECT') THEN 'no right to read all of its columns'
        ELSE 'no right to read' END AS unread
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'v', 'p', 'f') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'hygge_metadata', 'hygge_staging')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY n.nspname, c.relname;
SELECT a.attrelid::text AS oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
      EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = x.relam
        WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL)::text AS indexed,
      (a.attidentity <> '' OR COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%')::text AS counted,
      a.attnotnull::text AS required
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'm', 'v', 'p', 'f') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'hygge_metadata', 'hygge_staging') AND a.attnum > 0 AND NOT a.attisdropped
      AND (a.atttypid IN (1082, 1114, 1184) OR (a.atttypid IN (20, 21, 23) AND (a.attidentity <> '' OR d.adbin IS NOT NULL)))
    ORDER BY a.attrelid, a.attnum;
COMMIT;

-- ===== home: a table that is not there
-- again 5ea340: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again a066c5: SELECT c.oid::text, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_catalog. …
-- with 'nope', null
SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'v', 'p', 'f') AND pg_catalog.lower(c.relname) = pg_catalog.lower($1) ORDER BY 1, 2 LIMIT 3;
-- with 'nope'
ROLLBACK;

-- ===== store: debug, of which nothing is there
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.e', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END;
select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select c.relname as name from pg_catalog.pg_namespace n
    left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p') where n.nspname = $1;
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
create schema if not exists "hygge_metadata"; create schema if not exists "hygge_staging"; create table if not exists "hygge_metadata".heads (
  flow text not null,
  entity text not null,
  table_name text not null,
  id text,
  epoch bigint,
  head text,
  mark text,
  "at" timestamp with time zone,
  primary key (flow, entity, table_name)
); create table if not exists "hygge_metadata".commits (
  intent_id text not null primary key,
  flow text not null,
  entity text not null,
  table_name text not null,
  lineage text not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark text,
  "at" timestamp with time zone not null
); create table if not exists "hygge_metadata".staged (
  name text not null primary key,
  flow text not null,
  entity text not null,
  table_name text not null,
  lineage text not null,
  epoch bigint not null,
  "at" timestamp with time zone not null
); create table if not exists "hygge_metadata".rejected (
  flow text not null,
  entity text not null,
  table_name text not null,
  role text not null,
  of_group bigint not null,
  watermark text,
  "row" text not null,
  intent_id text not null,
  "at" timestamp with time zone not null,
  "part" text,
  "id" text,
  "copy" bigint,
  "source" text,
  "rule" text,
  "column" text,
  "reason" text,
  "run" text,
  "columns" text
);
with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2),
    below(oid, above) as (select i.inhrelid, i.inhparent from pg_catalog.pg_inherits i join c on i.inhparent = c.oid
      union select i.inhrelid, i.inhparent from pg_catalog.pg_inherits i join below b on i.inhparent = b.oid),
    far as (select f.oid::pg_catalog.regclass::text as far, pg_catalog.format(case f.relispartition when true then 'alter table %2$s detach partition %1$s'
      else 'alter table %1$s no inherit %2$s' end, f.oid::pg_catalog.regclass, b.above::pg_catalog.regclass) as detached
      from below b join pg_catalog.pg_class f on f.oid = b.oid where f.relkind = 'f' order by 1 limit 1)
    select c.oid::text as oid, c.relkind::text as kind, pg_catalog.pg_total_relation_size(c.oid)::text as bytes,
      (select pg_catalog.sum(pg_catalog.pg_stat_get_live_tuples(a.oid)) from (select oid from c union select oid from below) a)::text as rows, far.far, far.detached from c left join far on true;
-- with 'public', 'e'
create table "hygge_staging"."probe_{now}_{name 1}" ("k" bigint, "c" text);
copy "hygge_staging"."probe_{now}_{name 1}" ("k", "c") from stdin (format binary);
create table "hygge_staging"."probe_{now}_{name 1}_d" ("k" bigint not null, "c" text);
create table "hygge_staging"."probe_{now}_{name 1}_k" as select * from (select * from "hygge_staging"."probe_{now}_{name 1}") k; analyze "hygge_staging"."probe_{now}_{name 1}_k";
update "hygge_staging"."probe_{now}_{name 1}_d" hygge_now set "c" = hygge_new."c" from "hygge_staging"."probe_{now}_{name 1}_k" hygge_new where hygge_now."k" = hygge_new."k";
insert into "hygge_staging"."probe_{now}_{name 1}_d" ("k", "c") select hygge_new."k", hygge_new."c" from "hygge_staging"."probe_{now}_{name 1}_k" hygge_new where not exists (select 1 from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now where hygge_now."k" = hygge_new."k");
delete from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now where hygge_now."k" = 1;
drop table "hygge_staging"."probe_{now}_{name 1}_k";
lock table "hygge_staging"."probe_{now}_{name 1}_d" in access exclusive mode;
alter table "hygge_staging"."probe_{now}_{name 1}_d" rename to "probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}";
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'public'
create table "public"."e" ("c" text);
ROLLBACK;

-- ===== store: a look at a table that is not there
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.e', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.pg_advisory_xact_lock_shared(49443, 1), pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'e'
COMMIT;

-- ===== store: made ready

-- ===== store: a plan of a first load
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull::text as required,
      case when a.attidentity = 'a' then 'identity' when a.attidentity = 'd' then 'counter' when a.attgenerated <> '' then 'generated' else 'by rows' end as filled,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) as given, l.collname as collation, l.collisdeterministic::text as exact
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_catalog.pg_collation l on l.oid = a.attcollation and l.collname <> 'default'
    where c.relkind in ('r', 'p') and n.nspname = $1 and c.relname = $2 order by a.attnum;
-- with 'hygge_metadata', 'rejected'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'public'
COMMIT;

-- ===== store: a first load
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.e', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 35fff4: create schema if not exists "hygge_metadata"; create schema if not exists "hygge_staging"; …
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_1_all_f5f7cbd0c6a5254d'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 1, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_1_all_f5f7cbd0c6a5254d', 'l1'
create table "hygge_staging"."e_1_all_f5f7cbd0c6a5254d" ("id" bigint not null, "mark" bigint);
select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or exists (select from pg_catalog.pg_policy where polrelid = c.oid)
    or exists (select from pg_catalog.pg_publication_rel where prrelid = c.oid))::text as put from pg_catalog.pg_class c where c.oid = $1::pg_catalog.regclass;
-- with '"hygge_staging"."e_1_all_f5f7cbd0c6a5254d"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_1_all_f5f7cbd0c6a5254d" ("id", "mark") from stdin (format binary);
copy "hygge_staging"."e_1_all_f5f7cbd0c6a5254d" ("id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_1_all_f5f7cbd0c6a5254d" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_1_all_f5f7cbd0c6a5254d" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_1_all_f5f7cbd0c6a5254d";
select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and not exists (select from pg_catalog.pg_default_acl where defaclobjtype = 'r')
      and exists (select from pg_catalog.pg_namespace where nspname = $1))::text as plain, pg_catalog.current_setting('server_version_num') as version;
-- with 'public'
alter table "hygge_staging"."e_1_all_f5f7cbd0c6a5254d" set schema "public"; alter table "public"."e_1_all_f5f7cbd0c6a5254d" rename to "e";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_1_all_f5f7cbd0c6a5254d'
update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and table_name = $3 and of_group = 1;
-- with 'f', 'e', 'public.e'
update "hygge_metadata".heads set id = $4, epoch = 1, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.e', 'intent-l1-1', '{"id":"intent-l1-1","prev":null,"epoch":1,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 1, 2, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-1', 'l1', '2'
COMMIT;

-- ===== store: debug, where it has settled before
-- again 877493: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 623a9b: select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_se …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select 1;
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'e'
select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catalog.pg_has_role(relowner, 'USAGE')::text as alter,
      pg_catalog.has_table_privilege(oid, 'INSERT')::text as insert, pg_catalog.has_table_privilege(oid, 'UPDATE')::text as update,
      pg_catalog.has_table_privilege(oid, 'DELETE')::text as delete, pg_catalog.pg_has_role(relowner, 'USAGE')::text as drop,
      relowner::pg_catalog.regrole::text as owner, pg_catalog.quote_ident(current_user) as me,
      pg_catalog.format('%s', relnamespace::pg_catalog.regnamespace) as schema,
      pg_catalog.format('%s.%I', relnamespace::pg_catalog.regnamespace, relname) as quoted
    from pg_catalog.pg_class where oid = $1::pg_catalog.oid;
-- with '{oid}'
select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attnotnull::text as required,
      case when a.attidentity = 'a' then 'identity' when a.attidentity = 'd' then 'counter' when a.attgenerated <> '' then 'generated' else 'by rows' end as filled,
      pg_catalog.pg_get_expr(d.adbin, d.adrelid) as given, l.collname as collation, l.collisdeterministic::text as exact
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_catalog.pg_collation l on l.oid = a.attcollation and l.collname <> 'default'
    where c.relkind in ('r', 'p') and c.oid = $1::pg_catalog.oid order by a.attnum;
-- with '{oid}'
select c.relname as name, i.indisprimary::text as "primary", a.attname as column
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    cross join lateral pg_catalog.unnest(i.indkey) with ordinality as k(attnum, place)
    left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = $1::pg_catalog.oid and i.indisunique and i.indpred is null and i.indexprs is null and k.place <= i.indnkeyatts
    order by c.relname, k.place;
-- with '{oid}'
with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid)
    select case v.relkind when 'm' then 'materialized view' when 'v' then 'view' else 'rule' end as kind, v.oid::regclass::text as name, a.attname as column, 'f' as holds
      from pg_catalog.pg_depend d join pg_catalog.pg_rewrite r on r.oid = d.objid join pg_catalog.pg_class v on v.oid = r.ev_class join t on d.refobjid = t.oid
      left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid and d.refobjsubid > 0
      where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and v.oid <> t.oid
    union all select 'rule', r.rulename::text, null, 'f' from pg_catalog.pg_rewrite r join t on r.ev_class = t.oid
    union all select 'foreign key', c.conname || ' of ' || c.conrelid::regclass::text, a.attname, case when c.confdeltype in ('c', 'n', 'd') then 'passes on' else 't' end
      from pg_catalog.pg_constraint c join t on c.confrelid = t.oid
      join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = any (c.confkey) where c.contype = 'f' and c.conrelid <> t.oid
    union all select 'foreign key', c.conname || ' of itself', null, 'within' from pg_catalog.pg_constraint c join t on c.confrelid = t.oid
      where c.contype = 'f' and c.conrelid = t.oid and c.confdeltype in ('c', 'n', 'd')
    union all select 'trigger', g.tgname::text, null, 'f' from pg_catalog.pg_trigger g join t on g.tgrelid = t.oid where not g.tgisinternal
    union all select 'policy', p.polname::text, null, 'f' from pg_catalog.pg_policy p join t on p.polrelid = t.oid
    union all select 'row security', relname::text, null, 'f' from t where relrowsecurity
    union all select 'publication', p.pubname::text, null, 'f' from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid join t on r.prrelid = t.oid
    union all select 'parent', i.inhparent::regclass::text, null, 'f' from pg_catalog.pg_inherits i join t on i.inhrelid = t.oid
    union all select 'partition or child', i.inhrelid::regclass::text, null, 'f' from pg_catalog.pg_inherits i join t on i.inhparent = t.oid
    union all select 'partitioning', relname::text, null, 'f' from t where relkind = 'p'
    union all select 'statistics', s.stxname::text, null, 'f' from pg_catalog.pg_statistic_ext s join t on s.stxrelid = t.oid
    union all select 'security label', l.provider, null, 'f' from pg_catalog.pg_seclabel l join t on l.objoid = t.oid and l.classoid = 'pg_catalog.pg_class'::regclass
    union all select 'sequence', d.objid::regclass::text, null, 'f' from pg_catalog.pg_depend d join t on d.refobjid = t.oid join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
      where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjsubid = 0
    union all select 'use of its row type', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), null, 'f' from pg_catalog.pg_depend d join t on d.deptype = 'n'
      and d.refclassid = 'pg_catalog.pg_type'::regclass and d.refobjid in (t.reltype, (select y.typarray from pg_catalog.pg_type y where y.oid = t.reltype))
    union all select 'use', pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), null, 'f' from pg_catalog.pg_depend d join t on d.refobjid = t.oid and d.deptype = 'n'
      and d.refclassid = 'pg_catalog.pg_class'::regclass and d.classid not in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_constraint'::regclass)
    union all select 'replica identity', relname::text, null, 'f' from t where relreplident <> 'd'
    union all select 'tablespace', relname::text, null, 'f' from t where reltablespace <> 0
    union all select 'unlogged table', relname::text, null, 'f' from t where relpersistence <> 'p'
    union all select 'clustered index', i.indexrelid::regclass::text, null, 'f' from pg_catalog.pg_index i join t on i.indrelid = t.oid where i.indisclustered
    union all select 'column settings', a.attname::text, null, 'f' from pg_catalog.pg_attribute a join pg_catalog.pg_type y on y.oid = a.atttypid join t on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and (a.attstorage <> y.typstorage or a.attoptions is not null or coalesce(a.attstattarget, -1) >= 0 or a.attcompression <> '' or a.attcollation <> y.typcollation)
    union all select 'owner', relowner::regrole::text, null, 'f' from t where relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
      and not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) and pg_catalog.pg_has_role(relowner, 'USAGE') and not pg_catalog.has_schema_privilege(relowner, relnamespace, 'CREATE')
    order by 1, 2, 3;
-- with '{oid}'
create table "hygge_staging"."probe_{now}_{name 1}" ("k" bigint, "c" text);
copy "hygge_staging"."probe_{now}_{name 1}" ("k", "c") from stdin (format binary);
create table "hygge_staging"."probe_{now}_{name 1}_d" ("k" bigint not null, "c" text);
-- again 818796: create table "hygge_staging"."probe_{now}_{name 1}_k" as select * from (select * from "hyg …
-- again 22d67a: update "hygge_staging"."probe_{now}_{name 1}_d" hygge_now set "c" = hygge_new."c" from "hy …
-- again 78e968: insert into "hygge_staging"."probe_{now}_{name 1}_d" ("k", "c") select hygge_new."k", hygg …
delete from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now where hygge_now."k" = 1;
drop table "hygge_staging"."probe_{now}_{name 1}_k";
lock table "hygge_staging"."probe_{now}_{name 1}_d" in access exclusive mode;
alter table "hygge_staging"."probe_{now}_{name 1}_d" rename to "probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}";
ROLLBACK;

-- ===== store: a look at what settled
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'e'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
select count(*) as n from "public"."e" where 1 = 1;
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;

-- ===== store: rows in two slices, and an attempt that was lost
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 2, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_2_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_2_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_2_0_data_{name 1}"'
copy "hygge_staging"."e_2_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_2_0_data_{name 1}";
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again ede741: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.e', 'e_2_0_data_{name 2}', 'l1'
create table "hygge_staging"."e_2_0_data_{name 2}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_2_0_data_{name 2}"'
copy "hygge_staging"."e_2_0_data_{name 2}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_2_0_data_{name 2}";
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again ede741: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.e', 'e_2_1_data_{name 3}', 'l1'
create table "hygge_staging"."e_2_1_data_{name 3}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_2_1_data_{name 3}"'
copy "hygge_staging"."e_2_1_data_{name 3}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_2_1_data_{name 3}";
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again ede741: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.e', 'e_2_2_data_{name 4}', 'l1'
create table "hygge_staging"."e_2_2_data_{name 4}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_2_2_data_{name 4}"'
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_2_2_data_{name 4}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid
    union select i.inhrelid from pg_catalog.pg_inherits i join below b on i.inhparent = b.oid join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition),
  enabled(mode) as (select case pg_catalog.current_setting('session_replication_role') when 'replica' then array['R', 'A'] else array['O', 'A'] end)
  select distinct 'trigger ' || t.tgname as name, pg_catalog.concat_ws(' ', case when t.tgtype & 4 > 0 then 'insert' end, case when t.tgtype & 16 > 0 then 'update' end,
    case when t.tgtype & 8 > 0 then 'delete' end) as events, (t.tgtype & 3 <> 3)::text as takes, null as off
  from below join pg_catalog.pg_trigger t on t.tgrelid = below.oid cross join enabled where not t.tgisinternal and t.tgenabled = any (enabled.mode)
  union all select 'rule ' || r.rulename, case r.ev_type when '3' then 'insert' when '2' then 'update' else 'delete' end, 'true',
    case when r.is_instead and r.ev_qual::text = '<>' then pg_catalog.format('alter table %s disable rule %I', $1::pg_catalog.regclass, r.rulename) end
  from pg_catalog.pg_rewrite r cross join enabled where r.ev_class = $1::pg_catalog.regclass and r.ev_type in ('2', '3', '4') and r.ev_enabled = any (enabled.mode)
  order by 1;
-- with '"public"."e"'
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_2_0_data_{name 2}" hygge_new;
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_2_1_data_{name 3}" hygge_new;
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_2_2_data_{name 4}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.e'
update "hygge_metadata".heads set id = $4, epoch = 2, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-2', '{"id":"intent-l1-2","prev":"intent-l1-1","epoch":2,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":4,"foreign":0}', null, 'intent-l1-1'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 2, 2, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-2', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_2_0_data_{name 2}"; drop table if exists "hygge_staging"."e_2_1_data_{name 3}"; drop table if exists "hygge_staging"."e_2_2_data_{name 4}";
delete from "hygge_metadata".staged where name in ($1, $2, $3);
-- with 'e_2_0_data_{name 2}', 'e_2_1_data_{name 3}', 'e_2_2_data_{name 4}'
COMMIT;

-- ===== store: the open group
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 3, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_3_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_3_0_boundary_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_3_0_boundary_{name 1}"'
copy "hygge_staging"."e_3_0_boundary_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_3_0_boundary_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "public"."e" where "mark" = '2'::pg_catalog.int8;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
delete from "public"."e" where "mark" = '2'::pg_catalog.int8;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_3_0_boundary_{name 1}" hygge_new;
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction' and of_group = 1;
-- with 'f', 'e', 'public.e'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.e'
update "hygge_metadata".heads set id = $4, epoch = 3, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-3', '{"id":"intent-l1-3","prev":"intent-l1-2","epoch":3,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-2'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 3, 1, 0, 3, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-3', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_3_0_boundary_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_3_0_boundary_{name 1}'
COMMIT;

-- ===== store: a range
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 4, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_4_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_4_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_4_0_data_{name 1}"'
copy "hygge_staging"."e_4_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_4_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "public"."e" where 1 = 1;
select count(*) as n from "public"."e" where "mark" >= '1'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
delete from "public"."e" where "mark" >= '1'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_4_0_data_{name 1}" hygge_new;
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction' and cast(watermark as bigint) >= '1'::pg_catalog.int8 and cast(watermark as bigint) < '3'::pg_catalog.int8;
-- with 'f', 'e', 'public.e'
select count(*) as n from "public"."e" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 4, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-4', '{"id":"intent-l1-4","prev":"intent-l1-3","epoch":4,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-3'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 4, 1, 0, 2, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-4', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_4_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_4_0_data_{name 1}'
COMMIT;

-- ===== store: a range, merged
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 5, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_5_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_5_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_5_0_data_{name 1}"'
copy "hygge_staging"."e_5_0_data_{name 1}" ("id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_5_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_5_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "public"."e" where 1 = 1;
select count(*) as n from "public"."e" where "mark" >= '1'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8;
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
delete from "public"."e" where "mark" >= '1'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "hygge_staging"."e_5_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
update "public"."e" hygge_now set "mark" = hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where hygge_now."id" = hygge_new."id";
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."e" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."e" hygge_now where hygge_now."id" = hygge_new."id");
-- again 0ff196: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.e'
select count(*) as n from "public"."e" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 5, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-5', '{"id":"intent-l1-5","prev":"intent-l1-4","epoch":5,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-4'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 5, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-5', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_5_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_5_0_data_{name 1}'
COMMIT;

-- ===== store: a full load that deletes and inserts
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 6, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_6_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_6_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_6_0_data_{name 1}"'
copy "hygge_staging"."e_6_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_6_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "public"."e" where 1 = 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
delete from "public"."e" where 1 = 1;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_6_0_data_{name 1}" hygge_new;
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction';
-- with 'f', 'e', 'public.e'
update "hygge_metadata".heads set id = $4, epoch = 6, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-6', '{"id":"intent-l1-6","prev":"intent-l1-5","epoch":6,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-5'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 6, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-6', 'l1', '1'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_6_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_6_0_data_{name 1}'
COMMIT;

-- ===== store: a plan of a full load
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'e'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
select count(*) as n from "public"."e" where 1 = 1;
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'public'
COMMIT;

-- ===== store: a full load in the place of the table
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_7_all_c3133ff95e585633'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 7, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_7_all_c3133ff95e585633', 'l1'
create table "hygge_staging"."e_7_all_c3133ff95e585633" ("id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_7_all_c3133ff95e585633"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_7_all_c3133ff95e585633" ("id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_7_all_c3133ff95e585633" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "public"."e" where 1 = 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_7_all_c3133ff95e585633" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_7_all_c3133ff95e585633";
lock table "public"."e" in access exclusive mode;
select count(*) as n from "public"."e" where 1 = 1;
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'e'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
with t as (select * from pg_catalog.pg_class where oid = '"public"."e"'::regclass),
    a as (select a.*, pg_catalog.format('%I', a.attname) as quoted from pg_catalog.pg_attribute a join t on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and a.attname = any (array['id', 'mark']::text[])),
    c as (select c.* from pg_catalog.pg_constraint c join t on c.conrelid = t.oid where c.contype in ('p', 'u', 'c', 'f', 'x')),
    i as (select i.*, x.relname, n.nspname from pg_catalog.pg_index i join t on i.indrelid = t.oid join pg_catalog.pg_class x on x.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = x.relnamespace
      where i.indisvalid and not exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')))
    select 1 as place, '' as name, pg_catalog.format('alter table %s set (%s)', '"public"."e"', pg_catalog.array_to_string(reloptions, ', ')) as statement from t where reloptions is not null
    union all select 2, a.attname::text, pg_catalog.format('alter table %s alter column %s set default %s', '"public"."e"', a.quoted, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      from a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attgenerated = '' and a.attidentity = ''
    union all select 3, i.relname::text, pg_catalog.pg_get_indexdef(i.indexrelid) from i
    union all select case c.contype when 'p' then 4 when 'u' then 5 else 6 end, c.conname::text,
      pg_catalog.format('alter table %s add constraint %I %s', '"public"."e"', c.conname, pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(c.oid), ' NOT VALID$', '')) from c
    union all select 6, '', pg_catalog.format('do $hygge$ declare n record; begin
    for n in select c.conname, w.name from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join (values %s) as w(of, name) on w.of = a.attname where c.conrelid = ''"public"."e"''::regclass and c.contype = ''n'' and c.conname <> w.name
    loop execute pg_catalog.format(''alter table %%s rename constraint %%I to %%I'', ''"public"."e"'', n.conname, n.name); end loop; end $hygge$', pg_catalog.string_agg(pg_catalog.format('(%L, %L)', a.attname, n.conname), ', '))
      from pg_catalog.pg_constraint n join t on n.conrelid = t.oid join a on a.attnum = n.conkey[1] where n.contype = 'n'
      and pg_catalog.has_language_privilege('plpgsql', 'USAGE') having pg_catalog.count(*) > 0
    union all select 7, '', pg_catalog.format('comment on table %s is %L', '"public"."e"', pg_catalog.obj_description(t.oid, 'pg_class')) from t
      where pg_catalog.obj_description(t.oid, 'pg_class') is not null
    union all select 7, a.attname::text, pg_catalog.format('comment on column %s.%s is %L', '"public"."e"', a.quoted, pg_catalog.col_description(a.attrelid, a.attnum))
      from a where pg_catalog.col_description(a.attrelid, a.attnum) is not null
    union all select 7, i.relname::text, pg_catalog.format('comment on index %I.%I is %L', i.nspname, i.relname, pg_catalog.obj_description(i.indexrelid, 'pg_class')) from i
      where pg_catalog.obj_description(i.indexrelid, 'pg_class') is not null
    union all select 7, c.conname::text, pg_catalog.format('comment on constraint %I on %s is %L', c.conname, '"public"."e"', pg_catalog.obj_description(c.oid, 'pg_constraint')) from c
      where pg_catalog.obj_description(c.oid, 'pg_constraint') is not null
    union all select 9, pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s on %s to %s%s', e.privilege_type, '"public"."e"',
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from t cross join lateral pg_catalog.aclexplode(t.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 10, a.attname || pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s (%s) on %s to %s%s', e.privilege_type, a.quoted, '"public"."e"',
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from a cross join t cross join lateral pg_catalog.aclexplode(a.attacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 11, '', pg_catalog.format('alter table %s owner to %s', '"public"."e"', t.relowner::regrole::text) from t
      where t.relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
    order by 1, 2;
select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.deptype = 'i')::text as identity,
      pg_catalog.format('generated %s as identity (sequence name %I.%I increment by %s minvalue %s maxvalue %s start with %s cache %s%s)',
        case a.attidentity when 'a' then 'always' else 'by default' end, n.nspname, x.relname, q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
        case when q.seqcycle then ' cycle' else '' end) as declared,
      pg_catalog.quote_literal(pg_catalog.obj_description(x.oid, 'pg_class')) as comment,
      (select pg_catalog.json_agg(pg_catalog.format('grant %s on sequence %I.%I to %s%s', e.privilege_type, n.nspname, x.relname,
        case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end) order by e.place)
        from pg_catalog.aclexplode(x.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> x.relowner)::text as grants
    from pg_catalog.pg_depend d join pg_catalog.pg_class x on x.oid = d.objid and x.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = x.relnamespace
    join pg_catalog.pg_sequence q on q.seqrelid = x.oid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = '"public"."e"'::regclass
      and d.deptype in ('a', 'i') and a.attname = any (array['id', 'mark']::text[]) order by 1;
-- again 0539ad: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
alter table "public"."e" rename to "hygge_old_c686bdb3aae9f075";
alter table "hygge_staging"."e_7_all_c3133ff95e585633" set schema "public"; alter table "public"."e_7_all_c3133ff95e585633" rename to "e"; drop table "public"."hygge_old_c686bdb3aae9f075"; do $hygge$ declare one record; begin
    for one in select distinct e.grantee from pg_catalog.pg_class c cross join lateral pg_catalog.aclexplode(c.relacl) e
      where c.oid = '"public"."e"'::regclass and e.grantee <> c.relowner
    loop execute pg_catalog.format('revoke all on %s from %s', '"public"."e"', case one.grantee when 0 then 'public' else one.grantee::regrole::text end); end loop;
  end $hygge$;
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_7_all_c3133ff95e585633'
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.e'
update "hygge_metadata".heads set id = $4, epoch = 7, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-7', '{"id":"intent-l1-7","prev":"intent-l1-6","epoch":7,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-6'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 7, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-7', 'l1', '1'
COMMIT;

-- ===== store: rows that break a rule
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 8, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_8_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_8_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_8_0_data_{name 1}"'
copy "hygge_staging"."e_8_0_data_{name 1}" ("id", "mark") from stdin (format binary);
-- again 3fffc0: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.e', 'e_8_0_broken_{name 2}', 'l1'
create table "hygge_staging"."e_8_0_broken_{name 2}" ("part" text, "id" text, "source" text, "rule" text, "column" text, "reason" text, "run" text, "watermark" text, "columns" text, "row" text);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_8_0_broken_{name 2}"'
copy "hygge_staging"."e_8_0_broken_{name 2}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_8_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_8_0_broken_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_8_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.e'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", pg_catalog.now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_8_0_broken_{name 2}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'public.e', 'intent-l1-8'
update "hygge_metadata".heads set id = $4, epoch = 8, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-8', '{"id":"intent-l1-8","prev":"intent-l1-7","epoch":8,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"7"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-7'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 8, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-8', 'l1', '7'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_8_0_data_{name 1}"; drop table if exists "hygge_staging"."e_8_0_broken_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_8_0_data_{name 1}', 'e_8_0_broken_{name 2}'
COMMIT;

-- ===== store: rows that break a rule, and the open group
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 9, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_9_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_9_0_boundary_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_9_0_boundary_{name 1}"'
copy "hygge_staging"."e_9_0_boundary_{name 1}" ("id", "mark") from stdin (format binary);
-- again 1a61a6: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.e', 'e_9_0_broken_{name 2}', 'l1'
create table "hygge_staging"."e_9_0_broken_{name 2}" ("part" text, "id" text, "source" text, "rule" text, "column" text, "reason" text, "run" text, "watermark" text, "columns" text, "row" text);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_9_0_broken_{name 2}"'
copy "hygge_staging"."e_9_0_broken_{name 2}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_9_0_boundary_{name 1}";
select count(*) as n from "hygge_staging"."e_9_0_broken_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
select count(*) as n from "public"."e" where "mark" = '7'::pg_catalog.int8;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
delete from "public"."e" where "mark" = '7'::pg_catalog.int8;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "public"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_9_0_boundary_{name 1}" hygge_new;
-- again 4f51b6: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.e'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.e'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", pg_catalog.now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_9_0_broken_{name 2}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'public.e', 'intent-l1-9'
update "hygge_metadata".heads set id = $4, epoch = 9, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-9', '{"id":"intent-l1-9","prev":"intent-l1-8","epoch":9,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"7"},"boundary":{"rows":1,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-8'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 9, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-9', 'l1', '7'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_9_0_boundary_{name 1}"; drop table if exists "hygge_staging"."e_9_0_broken_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_9_0_boundary_{name 1}', 'e_9_0_broken_{name 2}'
COMMIT;

-- ===== store: columns that change
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 10, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.e', 'e_10_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_10_0_data_{name 1}" ("id" bigint, "marked" bigint, "more" text);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_10_0_data_{name 1}"'
copy "hygge_staging"."e_10_0_data_{name 1}" ("id", "marked", "more") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("marked") as n2, count("more") as n3, (min("marked"))::pg_catalog.text as n4, (max("marked"))::pg_catalog.text as n5, sum("id") as sum0, sum("marked") as sum1, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("more") else octet_length(pg_catalog.convert_to("more", 'UTF8')) end) as sum2 from "hygge_staging"."e_10_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.e'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."e"'
alter table "public"."e" add column "more" text; alter table "public"."e" rename column "mark" to "marked";
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'e'
insert into "public"."e" ("id", "marked", "more") select hygge_new."id", hygge_new."marked", hygge_new."more" from "hygge_staging"."e_10_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.e'
update "hygge_metadata".heads set id = $4, epoch = 10, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.e', 'intent-l1-10', '{"id":"intent-l1-10","prev":"intent-l1-9","epoch":10,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"9"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":true},{"name":"marked","type":{"kind":"int64"},"nullable":true},{"name":"more","type":{"kind":"string"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-9'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 10, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.e', 'intent-l1-10', 'l1', '9'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_10_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_10_0_data_{name 1}'
COMMIT;

-- ===== store: a first merge by k and id
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_101_all_94de7396e3f77060'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 101, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_101_all_94de7396e3f77060', 'l1'
create table "hygge_staging"."e_101_all_94de7396e3f77060" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_101_all_94de7396e3f77060"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_101_all_94de7396e3f77060" ("k", "id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_101_all_94de7396e3f77060" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_101_all_94de7396e3f77060" where xmin in ('{xid}'::xid)) p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_101_all_94de7396e3f77060" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_101_all_94de7396e3f77060";
-- again 595ee5: select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and n …
-- with 'public'
alter table "hygge_staging"."e_101_all_94de7396e3f77060" set schema "public"; alter table "public"."e_101_all_94de7396e3f77060" rename to "m";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_101_all_94de7396e3f77060'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 101, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.m', 'intent-l1-101', '{"id":"intent-l1-101","prev":null,"epoch":101,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 101, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-101', 'l1', '1'
COMMIT;

-- ===== store: a merge by k and id of keys that come twice
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 102, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_102_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_102_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_102_0_data_{name 1}"'
copy "hygge_staging"."e_102_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_102_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_102_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."m"'
select count(*) as n from "hygge_staging"."e_102_0_data_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
update "public"."m" hygge_now set "mark" = hygge_new."mark" from "hygge_staging"."commit_{id 2}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id";
insert into "public"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 2}" hygge_new where not exists (select 1 from "public"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where not exists (select 1 from "public"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 2}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 102, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-102', '{"id":"intent-l1-102","prev":"intent-l1-101","epoch":102,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"3"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-101'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 102, 1, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-102', 'l1', '3'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_102_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_102_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by k and id of rows that are deleted
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 103, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_103_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_103_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_103_0_data_{name 1}"'
copy "hygge_staging"."e_103_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
-- again 63cd9e: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.m', 'e_103_0_deleted_{name 2}', 'l1'
create table "hygge_staging"."e_103_0_deleted_{name 2}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_103_0_deleted_{name 2}"'
copy "hygge_staging"."e_103_0_deleted_{name 2}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_103_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_103_0_data_{name 1}";
analyze "hygge_staging"."e_103_0_deleted_{name 2}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_103_0_deleted_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_103_0_deleted_{name 2}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."m"'
select count(*) as n from "hygge_staging"."e_103_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_103_0_deleted_{name 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_103_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_103_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
delete from "public"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "public"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
update "public"."m" hygge_now set "mark" = hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id";
insert into "public"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 103, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-103', '{"id":"intent-l1-103","prev":"intent-l1-102","epoch":103,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-102'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 103, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-103', 'l1', '4'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_103_0_data_{name 1}"; drop table if exists "hygge_staging"."e_103_0_deleted_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_103_0_data_{name 1}', 'e_103_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by k and id of deletes alone
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 104, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_104_0_deleted_{name 1}', 'l1'
create table "hygge_staging"."e_104_0_deleted_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_104_0_deleted_{name 1}"'
copy "hygge_staging"."e_104_0_deleted_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_104_0_deleted_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_104_0_deleted_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
SELECT 1 as one from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_104_0_deleted_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."m"'
select count(*) as n from "hygge_staging"."e_104_0_deleted_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_104_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_104_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
delete from "public"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "public"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again da526c: update "public"."m" hygge_now set "mark" = hygge_new."mark" from "hygge_staging"."commit_{ …
-- again a5dbec: insert into "public"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_n …
-- again 820eab: select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 2}";
drop table "hygge_staging"."commit_{id 3}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 104, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-104', '{"id":"intent-l1-104","prev":"intent-l1-103","epoch":104,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-103'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 104, 0, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-104', 'l1', '4'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_104_0_deleted_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_104_0_deleted_{name 1}'
COMMIT;

-- ===== store: a merge by k and id of rows that came and went
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 105, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_105_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_105_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_105_0_data_{name 1}"'
copy "hygge_staging"."e_105_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
-- again 7ea9fc: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.m', 'e_105_0_deleted_{name 2}', 'l1'
create table "hygge_staging"."e_105_0_deleted_{name 2}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_105_0_deleted_{name 2}"'
copy "hygge_staging"."e_105_0_deleted_{name 2}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_105_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_105_0_data_{name 1}";
analyze "hygge_staging"."e_105_0_deleted_{name 2}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_105_0_deleted_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 2}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."m"'
select count(*) as n from "hygge_staging"."e_105_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_105_0_deleted_{name 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
-- again 074ddd: delete from "public"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id …
-- again 6fe5f3: select count(*) as n from "public"."m" hygge_now where exists (select 1 from "hygge_stagin …
-- again dfdd0c: update "public"."m" hygge_now set "mark" = hygge_new."mark" from "hygge_staging"."commit_{ …
-- again 1b296a: insert into "public"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_n …
-- again 2a70a9: select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 105, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-105', '{"id":"intent-l1-105","prev":"intent-l1-104","epoch":105,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"5"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-104'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 105, 0, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-105', 'l1', '5'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_105_0_data_{name 1}"; drop table if exists "hygge_staging"."e_105_0_deleted_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_105_0_data_{name 1}', 'e_105_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by k and id without a watermark
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 106, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_106_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_106_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_106_0_data_{name 1}"'
copy "hygge_staging"."e_106_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_106_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_106_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."m"'
select count(*) as n from "hygge_staging"."e_106_0_data_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
-- again da526c: update "public"."m" hygge_now set "mark" = hygge_new."mark" from "hygge_staging"."commit_{ …
-- again a5dbec: insert into "public"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_n …
-- again 820eab: select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 2}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 106, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-106', '{"id":"intent-l1-106","prev":"intent-l1-105","epoch":106,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-105'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 106, 0, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-106', 'l1', null
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_106_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_106_0_data_{name 1}'
COMMIT;

-- ===== store: a full load by k and id
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_107_all_b2a00ef607c1e395'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 107, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_107_all_b2a00ef607c1e395', 'l1'
create table "hygge_staging"."e_107_all_b2a00ef607c1e395" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_107_all_b2a00ef607c1e395"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_107_all_b2a00ef607c1e395" ("k", "id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_107_all_b2a00ef607c1e395" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
select count(*) as n from "public"."m" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_107_all_b2a00ef607c1e395" where xmin in ('{xid}'::xid)) p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_107_all_b2a00ef607c1e395" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_107_all_b2a00ef607c1e395";
lock table "public"."m" in access exclusive mode;
select count(*) as n from "public"."m" where 1 = 1;
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'm'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
with t as (select * from pg_catalog.pg_class where oid = '"public"."m"'::regclass),
    a as (select a.*, pg_catalog.format('%I', a.attname) as quoted from pg_catalog.pg_attribute a join t on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and a.attname = any (array['k', 'id', 'mark']::text[])),
    c as (select c.* from pg_catalog.pg_constraint c join t on c.conrelid = t.oid where c.contype in ('p', 'u', 'c', 'f', 'x')),
    i as (select i.*, x.relname, n.nspname from pg_catalog.pg_index i join t on i.indrelid = t.oid join pg_catalog.pg_class x on x.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = x.relnamespace
      where i.indisvalid and not exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')))
    select 1 as place, '' as name, pg_catalog.format('alter table %s set (%s)', '"public"."m"', pg_catalog.array_to_string(reloptions, ', ')) as statement from t where reloptions is not null
    union all select 2, a.attname::text, pg_catalog.format('alter table %s alter column %s set default %s', '"public"."m"', a.quoted, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      from a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attgenerated = '' and a.attidentity = ''
    union all select 3, i.relname::text, pg_catalog.pg_get_indexdef(i.indexrelid) from i
    union all select case c.contype when 'p' then 4 when 'u' then 5 else 6 end, c.conname::text,
      pg_catalog.format('alter table %s add constraint %I %s', '"public"."m"', c.conname, pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(c.oid), ' NOT VALID$', '')) from c
    union all select 6, '', pg_catalog.format('do $hygge$ declare n record; begin
    for n in select c.conname, w.name from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join (values %s) as w(of, name) on w.of = a.attname where c.conrelid = ''"public"."m"''::regclass and c.contype = ''n'' and c.conname <> w.name
    loop execute pg_catalog.format(''alter table %%s rename constraint %%I to %%I'', ''"public"."m"'', n.conname, n.name); end loop; end $hygge$', pg_catalog.string_agg(pg_catalog.format('(%L, %L)', a.attname, n.conname), ', '))
      from pg_catalog.pg_constraint n join t on n.conrelid = t.oid join a on a.attnum = n.conkey[1] where n.contype = 'n'
      and pg_catalog.has_language_privilege('plpgsql', 'USAGE') having pg_catalog.count(*) > 0
    union all select 7, '', pg_catalog.format('comment on table %s is %L', '"public"."m"', pg_catalog.obj_description(t.oid, 'pg_class')) from t
      where pg_catalog.obj_description(t.oid, 'pg_class') is not null
    union all select 7, a.attname::text, pg_catalog.format('comment on column %s.%s is %L', '"public"."m"', a.quoted, pg_catalog.col_description(a.attrelid, a.attnum))
      from a where pg_catalog.col_description(a.attrelid, a.attnum) is not null
    union all select 7, i.relname::text, pg_catalog.format('comment on index %I.%I is %L', i.nspname, i.relname, pg_catalog.obj_description(i.indexrelid, 'pg_class')) from i
      where pg_catalog.obj_description(i.indexrelid, 'pg_class') is not null
    union all select 7, c.conname::text, pg_catalog.format('comment on constraint %I on %s is %L', c.conname, '"public"."m"', pg_catalog.obj_description(c.oid, 'pg_constraint')) from c
      where pg_catalog.obj_description(c.oid, 'pg_constraint') is not null
    union all select 9, pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s on %s to %s%s', e.privilege_type, '"public"."m"',
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from t cross join lateral pg_catalog.aclexplode(t.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 10, a.attname || pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s (%s) on %s to %s%s', e.privilege_type, a.quoted, '"public"."m"',
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from a cross join t cross join lateral pg_catalog.aclexplode(a.attacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 11, '', pg_catalog.format('alter table %s owner to %s', '"public"."m"', t.relowner::regrole::text) from t
      where t.relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
    order by 1, 2;
select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.deptype = 'i')::text as identity,
      pg_catalog.format('generated %s as identity (sequence name %I.%I increment by %s minvalue %s maxvalue %s start with %s cache %s%s)',
        case a.attidentity when 'a' then 'always' else 'by default' end, n.nspname, x.relname, q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
        case when q.seqcycle then ' cycle' else '' end) as declared,
      pg_catalog.quote_literal(pg_catalog.obj_description(x.oid, 'pg_class')) as comment,
      (select pg_catalog.json_agg(pg_catalog.format('grant %s on sequence %I.%I to %s%s', e.privilege_type, n.nspname, x.relname,
        case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end) order by e.place)
        from pg_catalog.aclexplode(x.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> x.relowner)::text as grants
    from pg_catalog.pg_depend d join pg_catalog.pg_class x on x.oid = d.objid and x.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = x.relnamespace
    join pg_catalog.pg_sequence q on q.seqrelid = x.oid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = '"public"."m"'::regclass
      and d.deptype in ('a', 'i') and a.attname = any (array['k', 'id', 'mark']::text[]) order by 1;
-- again c1a0b6: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
alter table "public"."m" rename to "hygge_old_cea1dff3376992f4";
alter table "hygge_staging"."e_107_all_b2a00ef607c1e395" set schema "public"; alter table "public"."e_107_all_b2a00ef607c1e395" rename to "m"; drop table "public"."hygge_old_cea1dff3376992f4"; do $hygge$ declare one record; begin
    for one in select distinct e.grantee from pg_catalog.pg_class c cross join lateral pg_catalog.aclexplode(c.relacl) e
      where c.oid = '"public"."m"'::regclass and e.grantee <> c.relowner
    loop execute pg_catalog.format('revoke all on %s from %s', '"public"."m"', case one.grantee when 0 then 'public' else one.grantee::regrole::text end); end loop;
  end $hygge$;
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_107_all_b2a00ef607c1e395'
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 107, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-107', '{"id":"intent-l1-107","prev":"intent-l1-106","epoch":107,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-106'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 107, 1, 0, 3, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-107', 'l1', '2'
COMMIT;

-- ===== store: a full load by k and id of rows that came and went
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_108_all_3feb2fab3e8da9f5'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 108, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.m', 'e_108_all_3feb2fab3e8da9f5', 'l1'
create table "hygge_staging"."e_108_all_3feb2fab3e8da9f5" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_108_all_3feb2fab3e8da9f5"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_108_all_3feb2fab3e8da9f5" ("k", "id", "mark") from stdin (format binary);
-- again aa3ec5: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.m', 'e_108_0_deleted_{name 1}', 'l1'
create table "hygge_staging"."e_108_0_deleted_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_108_0_deleted_{name 1}"'
copy "hygge_staging"."e_108_0_deleted_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_108_0_deleted_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_108_0_deleted_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_108_all_3feb2fab3e8da9f5" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
select count(*) as n from "public"."m" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_108_all_3feb2fab3e8da9f5" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_108_all_3feb2fab3e8da9f5" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_108_all_3feb2fab3e8da9f5" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.m'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
lock table "public"."m" in access exclusive mode;
select count(*) as n from "public"."m" where 1 = 1;
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'm'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
-- again a5b1d4: with t as (select * from pg_catalog.pg_class where oid = '"public"."m"'::regclass), a as ( …
-- again c1a0b6: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
-- again c1a0b6: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
alter table "public"."m" rename to "hygge_old_f9c525441845c45f";
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'public'
create table "public"."m" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"public"."m"'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'm'
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_108_all_3feb2fab3e8da9f5";
select count(*) as n from "hygge_staging"."e_108_0_deleted_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_108_all_3feb2fab3e8da9f5" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
insert into "public"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 2}" hygge_new;
drop table "hygge_staging"."commit_{id 2}";
drop table "public"."hygge_old_f9c525441845c45f"; do $hygge$ declare one record; begin
    for one in select distinct e.grantee from pg_catalog.pg_class c cross join lateral pg_catalog.aclexplode(c.relacl) e
      where c.oid = '"public"."m"'::regclass and e.grantee <> c.relowner
    loop execute pg_catalog.format('revoke all on %s from %s', '"public"."m"', case one.grantee when 0 then 'public' else one.grantee::regrole::text end); end loop;
  end $hygge$;
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.m'
update "hygge_metadata".heads set id = $4, epoch = 108, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.m', 'intent-l1-108', '{"id":"intent-l1-108","prev":"intent-l1-107","epoch":108,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-107'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 108, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.m', 'intent-l1-108', 'l1', '4'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_108_all_3feb2fab3e8da9f5"; drop table if exists "hygge_staging"."e_108_0_deleted_{name 1}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_108_all_3feb2fab3e8da9f5', 'e_108_0_deleted_{name 1}'
COMMIT;

-- ===== store: a first merge by id
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_201_all_676f2cc8a2a02e22'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 201, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_201_all_676f2cc8a2a02e22', 'l1'
create table "hygge_staging"."e_201_all_676f2cc8a2a02e22" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_201_all_676f2cc8a2a02e22"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_201_all_676f2cc8a2a02e22" ("k", "id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_201_all_676f2cc8a2a02e22" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_201_all_676f2cc8a2a02e22" where xmin in ('{xid}'::xid)) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_201_all_676f2cc8a2a02e22" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_201_all_676f2cc8a2a02e22";
-- again 595ee5: select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and n …
-- with 'public'
alter table "hygge_staging"."e_201_all_676f2cc8a2a02e22" set schema "public"; alter table "public"."e_201_all_676f2cc8a2a02e22" rename to "n";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_201_all_676f2cc8a2a02e22'
create index on "public"."n" ("id");
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 201, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.n', 'intent-l1-201', '{"id":"intent-l1-201","prev":null,"epoch":201,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 201, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-201', 'l1', '1'
COMMIT;

-- ===== store: a merge by id of keys that come twice
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 202, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_202_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_202_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_202_0_data_{name 1}"'
copy "hygge_staging"."e_202_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_202_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_202_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."n"'
select count(*) as n from "hygge_staging"."e_202_0_data_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
update "public"."n" hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from "hygge_staging"."commit_{id 2}" hygge_new where hygge_now."id" = hygge_new."id";
insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 2}" hygge_new where not exists (select 1 from "public"."n" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where not exists (select 1 from "public"."n" hygge_now where hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 2}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 202, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-202', '{"id":"intent-l1-202","prev":"intent-l1-201","epoch":202,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"3"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-201'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 202, 1, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-202', 'l1', '3'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_202_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_202_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by id of rows that are deleted
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 203, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_203_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_203_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_203_0_data_{name 1}"'
copy "hygge_staging"."e_203_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
-- again 641eed: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.n', 'e_203_0_deleted_{name 2}', 'l1'
create table "hygge_staging"."e_203_0_deleted_{name 2}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_203_0_deleted_{name 2}"'
copy "hygge_staging"."e_203_0_deleted_{name 2}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_203_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_203_0_data_{name 1}";
analyze "hygge_staging"."e_203_0_deleted_{name 2}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_203_0_deleted_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_203_0_deleted_{name 2}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."n"'
select count(*) as n from "hygge_staging"."e_203_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_203_0_deleted_{name 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_203_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_203_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
delete from "public"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "public"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
update "public"."n" hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id";
insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."n" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."n" hygge_now where hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 203, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-203', '{"id":"intent-l1-203","prev":"intent-l1-202","epoch":203,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-202'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 203, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-203', 'l1', '4'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_203_0_data_{name 1}"; drop table if exists "hygge_staging"."e_203_0_deleted_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_203_0_data_{name 1}', 'e_203_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by id of deletes alone
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 204, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_204_0_deleted_{name 1}', 'l1'
create table "hygge_staging"."e_204_0_deleted_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_204_0_deleted_{name 1}"'
copy "hygge_staging"."e_204_0_deleted_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_204_0_deleted_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_204_0_deleted_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
SELECT 1 as one from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_204_0_deleted_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."n"'
select count(*) as n from "hygge_staging"."e_204_0_deleted_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_204_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_204_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
delete from "public"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "public"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again bfd389: update "public"."n" hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from "hyg …
-- again 14cf13: insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_n …
-- again bc95c7: select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 2}";
drop table "hygge_staging"."commit_{id 3}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 204, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-204', '{"id":"intent-l1-204","prev":"intent-l1-203","epoch":204,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-203'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 204, 0, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-204', 'l1', '4'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_204_0_deleted_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_204_0_deleted_{name 1}'
COMMIT;

-- ===== store: a merge by id of rows that came and went
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 205, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_205_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_205_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_205_0_data_{name 1}"'
copy "hygge_staging"."e_205_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
-- again 041c77: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.n', 'e_205_0_deleted_{name 2}', 'l1'
create table "hygge_staging"."e_205_0_deleted_{name 2}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_205_0_deleted_{name 2}"'
copy "hygge_staging"."e_205_0_deleted_{name 2}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_205_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_205_0_data_{name 1}";
analyze "hygge_staging"."e_205_0_deleted_{name 2}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_205_0_deleted_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 2}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."n"'
select count(*) as n from "hygge_staging"."e_205_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_205_0_deleted_{name 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
-- again e83c88: delete from "public"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id …
-- again e7b19b: select count(*) as n from "public"."n" hygge_now where exists (select 1 from "hygge_stagin …
-- again b5b237: update "public"."n" hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from "hyg …
-- again 5ef2c5: insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_n …
-- again d1c76a: select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 205, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-205', '{"id":"intent-l1-205","prev":"intent-l1-204","epoch":205,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"5"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-204'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 205, 0, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-205', 'l1', '5'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_205_0_data_{name 1}"; drop table if exists "hygge_staging"."e_205_0_deleted_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_205_0_data_{name 1}', 'e_205_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by id without a watermark
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 206, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_206_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_206_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_206_0_data_{name 1}"'
copy "hygge_staging"."e_206_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_206_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_206_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."n"'
select count(*) as n from "hygge_staging"."e_206_0_data_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
-- again bfd389: update "public"."n" hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from "hyg …
-- again 14cf13: insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_n …
-- again bc95c7: select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 2}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 206, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-206', '{"id":"intent-l1-206","prev":"intent-l1-205","epoch":206,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-205'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 206, 0, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-206', 'l1', null
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_206_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_206_0_data_{name 1}'
COMMIT;

-- ===== store: a full load by id
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_207_all_1d329251183e856e'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 207, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_207_all_1d329251183e856e', 'l1'
create table "hygge_staging"."e_207_all_1d329251183e856e" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_207_all_1d329251183e856e"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_207_all_1d329251183e856e" ("k", "id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_207_all_1d329251183e856e" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
select count(*) as n from "public"."n" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_207_all_1d329251183e856e" where xmin in ('{xid}'::xid)) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_207_all_1d329251183e856e" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_207_all_1d329251183e856e";
lock table "public"."n" in access exclusive mode;
select count(*) as n from "public"."n" where 1 = 1;
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'n'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
with t as (select * from pg_catalog.pg_class where oid = '"public"."n"'::regclass),
    a as (select a.*, pg_catalog.format('%I', a.attname) as quoted from pg_catalog.pg_attribute a join t on a.attrelid = t.oid
      where a.attnum > 0 and not a.attisdropped and a.attname = any (array['k', 'id', 'mark']::text[])),
    c as (select c.* from pg_catalog.pg_constraint c join t on c.conrelid = t.oid where c.contype in ('p', 'u', 'c', 'f', 'x')),
    i as (select i.*, x.relname, n.nspname from pg_catalog.pg_index i join t on i.indrelid = t.oid join pg_catalog.pg_class x on x.oid = i.indexrelid
      join pg_catalog.pg_namespace n on n.oid = x.relnamespace
      where i.indisvalid and not exists (select 1 from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')))
    select 1 as place, '' as name, pg_catalog.format('alter table %s set (%s)', '"public"."n"', pg_catalog.array_to_string(reloptions, ', ')) as statement from t where reloptions is not null
    union all select 2, a.attname::text, pg_catalog.format('alter table %s alter column %s set default %s', '"public"."n"', a.quoted, pg_catalog.pg_get_expr(d.adbin, d.adrelid))
      from a join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attgenerated = '' and a.attidentity = ''
    union all select 3, i.relname::text, pg_catalog.pg_get_indexdef(i.indexrelid) from i
    union all select case c.contype when 'p' then 4 when 'u' then 5 else 6 end, c.conname::text,
      pg_catalog.format('alter table %s add constraint %I %s', '"public"."n"', c.conname, pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(c.oid), ' NOT VALID$', '')) from c
    union all select 6, '', pg_catalog.format('do $hygge$ declare n record; begin
    for n in select c.conname, w.name from pg_catalog.pg_constraint c join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join (values %s) as w(of, name) on w.of = a.attname where c.conrelid = ''"public"."n"''::regclass and c.contype = ''n'' and c.conname <> w.name
    loop execute pg_catalog.format(''alter table %%s rename constraint %%I to %%I'', ''"public"."n"'', n.conname, n.name); end loop; end $hygge$', pg_catalog.string_agg(pg_catalog.format('(%L, %L)', a.attname, n.conname), ', '))
      from pg_catalog.pg_constraint n join t on n.conrelid = t.oid join a on a.attnum = n.conkey[1] where n.contype = 'n'
      and pg_catalog.has_language_privilege('plpgsql', 'USAGE') having pg_catalog.count(*) > 0
    union all select 7, '', pg_catalog.format('comment on table %s is %L', '"public"."n"', pg_catalog.obj_description(t.oid, 'pg_class')) from t
      where pg_catalog.obj_description(t.oid, 'pg_class') is not null
    union all select 7, a.attname::text, pg_catalog.format('comment on column %s.%s is %L', '"public"."n"', a.quoted, pg_catalog.col_description(a.attrelid, a.attnum))
      from a where pg_catalog.col_description(a.attrelid, a.attnum) is not null
    union all select 7, i.relname::text, pg_catalog.format('comment on index %I.%I is %L', i.nspname, i.relname, pg_catalog.obj_description(i.indexrelid, 'pg_class')) from i
      where pg_catalog.obj_description(i.indexrelid, 'pg_class') is not null
    union all select 7, c.conname::text, pg_catalog.format('comment on constraint %I on %s is %L', c.conname, '"public"."n"', pg_catalog.obj_description(c.oid, 'pg_constraint')) from c
      where pg_catalog.obj_description(c.oid, 'pg_constraint') is not null
    union all select 9, pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s on %s to %s%s', e.privilege_type, '"public"."n"',
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from t cross join lateral pg_catalog.aclexplode(t.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 10, a.attname || pg_catalog.lpad(e.place::text, 6, '0'), pg_catalog.format('grant %s (%s) on %s to %s%s', e.privilege_type, a.quoted, '"public"."n"',
      case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end)
      from a cross join t cross join lateral pg_catalog.aclexplode(a.attacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> t.relowner
    union all select 11, '', pg_catalog.format('alter table %s owner to %s', '"public"."n"', t.relowner::regrole::text) from t
      where t.relowner <> (select oid from pg_catalog.pg_roles where rolname = current_user)
    order by 1, 2;
select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.deptype = 'i')::text as identity,
      pg_catalog.format('generated %s as identity (sequence name %I.%I increment by %s minvalue %s maxvalue %s start with %s cache %s%s)',
        case a.attidentity when 'a' then 'always' else 'by default' end, n.nspname, x.relname, q.seqincrement, q.seqmin, q.seqmax, q.seqstart, q.seqcache,
        case when q.seqcycle then ' cycle' else '' end) as declared,
      pg_catalog.quote_literal(pg_catalog.obj_description(x.oid, 'pg_class')) as comment,
      (select pg_catalog.json_agg(pg_catalog.format('grant %s on sequence %I.%I to %s%s', e.privilege_type, n.nspname, x.relname,
        case e.grantee when 0 then 'public' else e.grantee::regrole::text end, case when e.is_grantable then ' with grant option' else '' end) order by e.place)
        from pg_catalog.aclexplode(x.relacl) with ordinality as e(grantor, grantee, privilege_type, is_grantable, place) where e.grantee <> x.relowner)::text as grants
    from pg_catalog.pg_depend d join pg_catalog.pg_class x on x.oid = d.objid and x.relkind = 'S' join pg_catalog.pg_namespace n on n.oid = x.relnamespace
    join pg_catalog.pg_sequence q on q.seqrelid = x.oid join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid = '"public"."n"'::regclass
      and d.deptype in ('a', 'i') and a.attname = any (array['k', 'id', 'mark']::text[]) order by 1;
-- again ce84de: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
alter table "public"."n" rename to "hygge_old_0f61bd6a81a44ae1";
alter table "hygge_staging"."e_207_all_1d329251183e856e" set schema "public"; alter table "public"."e_207_all_1d329251183e856e" rename to "n"; drop table "public"."hygge_old_0f61bd6a81a44ae1"; CREATE INDEX n_id_idx ON public.n USING btree (id); do $hygge$ declare one record; begin
    for one in select distinct e.grantee from pg_catalog.pg_class c cross join lateral pg_catalog.aclexplode(c.relacl) e
      where c.oid = '"public"."n"'::regclass and e.grantee <> c.relowner
    loop execute pg_catalog.format('revoke all on %s from %s', '"public"."n"', case one.grantee when 0 then 'public' else one.grantee::regrole::text end); end loop;
  end $hygge$;
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_207_all_1d329251183e856e'
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 207, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-207', '{"id":"intent-l1-207","prev":"intent-l1-206","epoch":207,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-206'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 207, 1, 0, 3, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-207', 'l1', '2'
COMMIT;

-- ===== store: a full load by id of rows that came and went
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_208_all_1a9c12d1aef61ec6'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 208, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_208_all_1a9c12d1aef61ec6', 'l1'
create table "hygge_staging"."e_208_all_1a9c12d1aef61ec6" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_208_all_1a9c12d1aef61ec6"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_208_all_1a9c12d1aef61ec6" ("k", "id", "mark") from stdin (format binary);
-- again f493cf: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.n', 'e_208_0_deleted_{name 1}', 'l1'
create table "hygge_staging"."e_208_0_deleted_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_208_0_deleted_{name 1}"'
copy "hygge_staging"."e_208_0_deleted_{name 1}" ("k", "id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_208_0_deleted_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::pg_catalog.text as n4, (max("mark"))::pg_catalog.text as n5, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_208_0_deleted_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_208_all_1a9c12d1aef61ec6" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
select count(*) as n from "public"."n" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_208_all_1a9c12d1aef61ec6" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_208_all_1a9c12d1aef61ec6" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_208_all_1a9c12d1aef61ec6" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
lock table "public"."n" in access exclusive mode;
select count(*) as n from "public"."n" where 1 = 1;
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'n'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
-- again 865d4d: with t as (select * from pg_catalog.pg_class where oid = '"public"."n"'::regclass), a as ( …
-- again ce84de: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
-- again ce84de: select pg_catalog.format('%I.%I', n.nspname, x.relname) as name, a.attname as column, (d.d …
alter table "public"."n" rename to "hygge_old_313b7c741012e204";
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'public'
create table "public"."n" ("k" text not null, "id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"public"."n"'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_208_all_1a9c12d1aef61ec6";
select count(*) as n from "hygge_staging"."e_208_0_deleted_{name 1}";
create table "hygge_staging"."commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_208_all_1a9c12d1aef61ec6" where xmin in ('{xid}'::xid)) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 2}";
select count(*) as n from "hygge_staging"."commit_{id 2}" hygge_new where 1 = 1;
insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 2}" hygge_new;
drop table "hygge_staging"."commit_{id 2}";
drop table "public"."hygge_old_313b7c741012e204"; CREATE INDEX n_id_idx ON public.n USING btree (id); do $hygge$ declare one record; begin
    for one in select distinct e.grantee from pg_catalog.pg_class c cross join lateral pg_catalog.aclexplode(c.relacl) e
      where c.oid = '"public"."n"'::regclass and e.grantee <> c.relowner
    loop execute pg_catalog.format('revoke all on %s from %s', '"public"."n"', case one.grantee when 0 then 'public' else one.grantee::regrole::text end); end loop;
  end $hygge$;
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 208, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-208', '{"id":"intent-l1-208","prev":"intent-l1-207","epoch":208,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-207'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 208, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-208', 'l1', '4'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_208_all_1a9c12d1aef61ec6"; drop table if exists "hygge_staging"."e_208_0_deleted_{name 1}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_208_all_1a9c12d1aef61ec6', 'e_208_0_deleted_{name 1}'
COMMIT;

-- ===== store: a commit that was done already
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 209, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.n', 'e_209_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_209_0_data_{name 1}" ("k" text, "id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_209_0_data_{name 1}"'
copy "hygge_staging"."e_209_0_data_{name 1}" ("k", "id", "mark") from stdin (format binary);
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("k") else octet_length(pg_catalog.convert_to("k", 'UTF8')) end) as sum0, sum("id") as sum1, sum("mark") as sum2 from "hygge_staging"."e_209_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.n'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'n'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."n"'
insert into "public"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."e_209_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.n'
update "hygge_metadata".heads set id = $4, epoch = 209, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.n', 'intent-l1-209', '{"id":"intent-l1-209","prev":"intent-l1-208","epoch":209,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-208'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 209, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.n', 'intent-l1-209', 'l1', null
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_209_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_209_0_data_{name 1}'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.n'
select inserted, updated, deleted from "hygge_metadata".commits where intent_id = $1;
-- with 'intent-l1-209'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_209_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_209_0_data_{name 1}'
COMMIT;

-- ===== store: every type
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'w'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_300_all_24c83d649c105248'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 300, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.w', 'e_300_all_24c83d649c105248', 'l1'
create table "hygge_staging"."e_300_all_24c83d649c105248" ("id" bigint not null, "mark" bigint, "a bool" boolean, "a int8" smallint, "a int16" smallint, "a int32" integer, "a uint8" smallint, "a uint16" integer, "a uint32" bigint, "a uint64" numeric(20,0), "a float32" real, "a float64" double precision, "a string" text, "a binary" bytea, "a uuid" uuid, "a json" jsonb, "a date" date, "time ms" time without time zone, "stamp ms" timestamp without time zone, "instant ms" timestamp with time zone, "time us" time without time zone, "stamp us" timestamp without time zone, "instant us" timestamp with time zone, "time ns" time without time zone, "stamp ns" timestamp without time zone, "instant ns" timestamp with time zone, "exact" numeric(38,10));
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_300_all_24c83d649c105248"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.w'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, count("a bool") as count2, count("a int8") as count3, count("a int16") as count4, count("a int32") as count5, count("a uint8") as count6, count("a uint16") as count7, count("a uint32") as count8, count("a uint64") as count9, count("a float32") as count10, count("a float64") as count11, count("a string") as count12, count("a binary") as count13, count("a uuid") as count14, count("a json") as count15, count("a date") as count16, count("time ms") as count17, count("stamp ms") as count18, count("instant ms") as count19, count("time us") as count20, count("stamp us") as count21, count("instant us") as count22, count("time ns") as count23, count("stamp ns") as count24, count("instant ns") as count25, count("exact") as count26, sum("id") as sum0, sum("mark") as sum1, count(*) filter (where "a bool") as sum2, sum("a int16") as sum4, sum("a int32") as sum5, min("a float32") as min10, max("a float32") as max10, min("a float64") as min11, max("a float64") as max11, sum(case when (select pg_catalog.getdatabaseencoding() = 'UTF8') then octet_length("a string") else octet_length(pg_catalog.convert_to("a string", 'UTF8')) end) as sum12, sum("a date" - date '1970-01-01') as sum16, case when pg_catalog.current_setting('server_version_num')::integer >= 140000 then sum(extract(epoch from "time ms")) * 1000000 end as sum17, sum("stamp ms"::date - date '1970-01-01') as days18, pg_catalog.to_char((min("stamp ms")), 'YYYY-MM-DD"T"HH24:MI:SS.US') as min18, pg_catalog.to_char((max("stamp ms")), 'YYYY-MM-DD"T"HH24:MI:SS.US') as max18, sum("instant ms"::date - date '1970-01-01') as days19, pg_catalog.to_char((min("instant ms")) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as min19, pg_catalog.to_char((max("instant ms")) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as max19, case when pg_catalog.current_setting('server_version_num')::integer >= 140000 then sum(extract(epoch from "time us")) * 1000000 end as sum20, sum("stamp us"::date - date '1970-01-01') as days21, pg_catalog.to_char((min("stamp us")), 'YYYY-MM-DD"T"HH24:MI:SS.US') as min21, pg_catalog.to_char((max("stamp us")), 'YYYY-MM-DD"T"HH24:MI:SS.US') as max21, sum("instant us"::date - date '1970-01-01') as days22, pg_catalog.to_char((min("instant us")) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as min22, pg_catalog.to_char((max("instant us")) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as max22, case when pg_catalog.current_setting('server_version_num')::integer >= 140000 then sum(extract(epoch from "time ns")) * 1000000 end as sum23, sum("stamp ns"::date - date '1970-01-01') as days24, pg_catalog.to_char((min("stamp ns")), 'YYYY-MM-DD"T"HH24:MI:SS.US') as min24, pg_catalog.to_char((max("stamp ns")), 'YYYY-MM-DD"T"HH24:MI:SS.US') as max24, sum("instant ns"::date - date '1970-01-01') as days25, pg_catalog.to_char((min("instant ns")) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as min25, pg_catalog.to_char((max("instant ns")) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as max25, (min("exact"))::pg_catalog.text as min26, (max("exact"))::pg_catalog.text as max26 from "hygge_staging"."e_300_all_24c83d649c105248" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.w'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'w'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.w'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.w'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'w'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_300_all_24c83d649c105248" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_300_all_24c83d649c105248";
-- again 595ee5: select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and n …
-- with 'public'
alter table "hygge_staging"."e_300_all_24c83d649c105248" set schema "public"; alter table "public"."e_300_all_24c83d649c105248" rename to "w";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_300_all_24c83d649c105248'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.w'
update "hygge_metadata".heads set id = $4, epoch = 300, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.w', 'intent-l1-300', '{"id":"intent-l1-300","prev":null,"epoch":300,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true},{"name":"a bool","type":{"kind":"bool"},"nullable":true},{"name":"a int8","type":{"kind":"int8"},"nullable":true},{"name":"a int16","type":{"kind":"int16"},"nullable":true},{"name":"a int32","type":{"kind":"int32"},"nullable":true},{"name":"a uint8","type":{"kind":"uint8"},"nullable":true},{"name":"a uint16","type":{"kind":"uint16"},"nullable":true},{"name":"a uint32","type":{"kind":"uint32"},"nullable":true},{"name":"a uint64","type":{"kind":"uint64"},"nullable":true},{"name":"a float32","type":{"kind":"float32"},"nullable":true},{"name":"a float64","type":{"kind":"float64"},"nullable":true},{"name":"a string","type":{"kind":"string"},"nullable":true},{"name":"a binary","type":{"kind":"binary"},"nullable":true},{"name":"a uuid","type":{"kind":"uuid"},"nullable":true},{"name":"a json","type":{"kind":"json"},"nullable":true},{"name":"a date","type":{"kind":"date"},"nullable":true},{"name":"time ms","type":{"kind":"time","unit":"ms"},"nullable":true},{"name":"stamp ms","type":{"kind":"timestamp","unit":"ms"},"nullable":true},{"name":"instant ms","type":{"kind":"timestamp","unit":"ms","zone":"UTC"},"nullable":true},{"name":"time us","type":{"kind":"time","unit":"us"},"nullable":true},{"name":"stamp us","type":{"kind":"timestamp","unit":"us"},"nullable":true},{"name":"instant us","type":{"kind":"timestamp","unit":"us","zone":"UTC"},"nullable":true},{"name":"time ns","type":{"kind":"time","unit":"ns"},"nullable":true},{"name":"stamp ns","type":{"kind":"timestamp","unit":"ns"},"nullable":true},{"name":"instant ns","type":{"kind":"timestamp","unit":"ns","zone":"UTC"},"nullable":true},{"name":"exact","type":{"kind":"decimal","precision":38,"scale":10},"nullable":true}]},"rows":0,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 300, 0, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.w', 'intent-l1-300', 'l1', null
COMMIT;

-- ===== store: many rows that break a rule
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_401_all_b15f4e2671890510'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 401, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.q', 'e_401_all_b15f4e2671890510', 'l1'
create table "hygge_staging"."e_401_all_b15f4e2671890510" ("id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_401_all_b15f4e2671890510"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_401_all_b15f4e2671890510" ("id", "mark") from stdin (format binary);
-- again 9428fb: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.q', 'e_401_0_broken_{name 1}', 'l1'
create table "hygge_staging"."e_401_0_broken_{name 1}" ("part" text, "id" text, "source" text, "rule" text, "column" text, "reason" text, "run" text, "watermark" text, "columns" text, "row" text);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_401_0_broken_{name 1}"'
copy "hygge_staging"."e_401_0_broken_{name 1}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") from stdin (format binary);
analyze "hygge_staging"."e_401_0_broken_{name 1}";
select count(*) as n from "hygge_staging"."e_401_0_broken_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_401_all_b15f4e2671890510" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from (select * from "hygge_staging"."e_401_all_b15f4e2671890510" where xmin in ('{xid}'::xid)) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_401_all_b15f4e2671890510" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_401_all_b15f4e2671890510";
-- again 595ee5: select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and n …
-- with 'public'
alter table "hygge_staging"."e_401_all_b15f4e2671890510" set schema "public"; alter table "public"."e_401_all_b15f4e2671890510" rename to "q";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_401_all_b15f4e2671890510'
create index on "public"."q" ("id");
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.q'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", pg_catalog.now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_401_0_broken_{name 1}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'public.q', 'intent-l1-401'
update "hygge_metadata".heads set id = $4, epoch = 401, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.q', 'intent-l1-401', '{"id":"intent-l1-401","prev":null,"epoch":401,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"9"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 401, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.q', 'intent-l1-401', 'l1', '9'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_401_0_broken_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_401_0_broken_{name 1}'
COMMIT;

-- ===== store: rows of the open group that break a rule
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 402, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.q', 'e_402_0_broken_{name 1}', 'l1'
create table "hygge_staging"."e_402_0_broken_{name 1}" ("part" text, "id" text, "source" text, "rule" text, "column" text, "reason" text, "run" text, "watermark" text, "columns" text, "row" text);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_402_0_broken_{name 1}"'
copy "hygge_staging"."e_402_0_broken_{name 1}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") from stdin (format binary);
analyze "hygge_staging"."e_402_0_broken_{name 1}";
select count(*) as n from "hygge_staging"."e_402_0_broken_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."q"'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.q'
update "hygge_metadata".rejected set of_group = 1 where flow = $1 and entity = $2 and table_name = $3 and of_group = 0 and "id" in (select "id" from "hygge_staging"."e_402_0_broken_{name 1}");
-- with 'f', 'e', 'public.q'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", pg_catalog.now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 1 as of_group from "hygge_staging"."e_402_0_broken_{name 1}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'public.q', 'intent-l1-402'
update "hygge_metadata".heads set id = $4, epoch = 402, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.q', 'intent-l1-402', '{"id":"intent-l1-402","prev":"intent-l1-401","epoch":402,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-401'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 402, 0, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.q', 'intent-l1-402', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_402_0_broken_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_402_0_broken_{name 1}'
COMMIT;

-- ===== store: a look at the quarantine
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
select "part" as n_part, of_group as n_group, min(intent_id) as n_first, count(*) as n, min("role") as n_role, min("run") as n_run, min("source") as n_source, min("columns") as n_columns from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" is not null group by "part", of_group;
-- with 'f', 'e', 'public.q'
select role as n_role, of_group as n_group, count(*) as n from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" is null group by role, of_group;
-- with 'f', 'e', 'public.q'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" = $4 and of_group = 0 order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'public.q', '{id 1}'
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" = $4 and of_group = 0 and ("id" > $5 or ("id" = $5 and "copy" > 1)) order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'public.q', '{id 1}', '{id 2}'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" = $4 and of_group = 1 order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'public.q', '{id 3}'
COMMIT;

-- ===== store: rows that leave the quarantine
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 403, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.q', 'e_403_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_403_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_403_0_data_{name 1}"'
copy "hygge_staging"."e_403_0_data_{name 1}" ("id", "mark") from stdin (format binary);
-- again 486e0f: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.q', 'e_403_0_broken_{name 2}', 'l1'
create table "hygge_staging"."e_403_0_broken_{name 2}" ("part" text, "id" text, "source" text, "rule" text, "column" text, "reason" text, "run" text, "watermark" text, "columns" text, "row" text);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_403_0_broken_{name 2}"'
copy "hygge_staging"."e_403_0_broken_{name 2}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") from stdin (format binary);
analyze "hygge_staging"."e_403_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_403_0_data_{name 1}";
analyze "hygge_staging"."e_403_0_broken_{name 2}";
select count(*) as n from "hygge_staging"."e_403_0_broken_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'hygge_metadata', 'rejected'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_403_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_403_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."q" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."mark" is not null and (hygge_new."mark" is null or hygge_now."mark" > hygge_new."mark"));
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."q"'
select count(*) as n from "hygge_staging"."e_403_0_data_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_403_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."q" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."mark" is not null and (hygge_new."mark" is null or hygge_now."mark" > hygge_new."mark"))) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
update "public"."q" hygge_now set "mark" = hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id";
insert into "public"."q" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."q" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."q" hygge_now where hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 3}";
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and of_group = 0 and "part" = $4;
-- with 'f', 'e', 'public.q', '{id 4}'
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and of_group = 1 and "part" = $4;
-- with 'f', 'e', 'public.q', '{id 5}'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.q'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", pg_catalog.now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_403_0_broken_{name 2}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'public.q', 'intent-l1-403'
update "hygge_metadata".heads set id = $4, epoch = 403, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.q', 'intent-l1-403', '{"id":"intent-l1-403","prev":"intent-l1-402","epoch":403,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-402'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 403, 0, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.q', 'intent-l1-403', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_403_0_data_{name 1}"; drop table if exists "hygge_staging"."e_403_0_broken_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_403_0_data_{name 1}', 'e_403_0_broken_{name 2}'
COMMIT;

-- ===== store: three ranges
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 404, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.q', 'e_404_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_404_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_404_0_data_{name 1}"'
copy "hygge_staging"."e_404_0_data_{name 1}" ("id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_404_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_404_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
select count(*) as n from "public"."q" where 1 = 1;
select count(*) as n from "public"."q" where ((("mark" >= '2'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8) or ("mark" >= '4'::pg_catalog.int8 and "mark" < '5'::pg_catalog.int8)) or (("mark" >= '6'::pg_catalog.int8 and "mark" < '7'::pg_catalog.int8)));
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.q'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'q'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."q"'
delete from "public"."q" where ((("mark" >= '2'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8) or ("mark" >= '4'::pg_catalog.int8 and "mark" < '5'::pg_catalog.int8)) or (("mark" >= '6'::pg_catalog.int8 and "mark" < '7'::pg_catalog.int8)));
select count(*) as n from "hygge_staging"."e_404_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
update "public"."q" hygge_now set "mark" = hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where hygge_now."id" = hygge_new."id";
insert into "public"."q" ("id", "mark") select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."q" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."q" hygge_now where hygge_now."id" = hygge_new."id");
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction' and (((cast(watermark as bigint) >= '2'::pg_catalog.int8 and cast(watermark as bigint) < '3'::pg_catalog.int8) or (cast(watermark as bigint) >= '4'::pg_catalog.int8 and cast(watermark as bigint) < '5'::pg_catalog.int8)) or ((cast(watermark as bigint) >= '6'::pg_catalog.int8 and cast(watermark as bigint) < '7'::pg_catalog.int8)));
-- with 'f', 'e', 'public.q'
select count(*) as n from "public"."q" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 404, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.q', 'intent-l1-404', '{"id":"intent-l1-404","prev":"intent-l1-403","epoch":404,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-403'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 404, 0, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.q', 'intent-l1-404', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_404_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_404_0_data_{name 1}'
COMMIT;

-- ===== store: a look at rows of others
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'b'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
select n.nspname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relname in ('heads', 'commits', 'staged', 'rejected') and c.relkind in ('r', 'p') and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
      and pg_catalog.has_table_privilege(c.oid, 'SELECT') group by n.nspname having count(*) = 4 order by 1;
SELECT 1 as one from "public"."b" LIMIT 1;
select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is not null and not (flow = $1 and entity = $2);
-- with 'f', 'e', 'public.b'
COMMIT;

-- ===== store: rows next to those of others
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 501, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.b', 'e_501_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_501_0_boundary_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_501_0_boundary_{name 1}"'
copy "hygge_staging"."e_501_0_boundary_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_501_0_boundary_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."b"'
lock table "public"."b" in access exclusive mode;
-- again 3fe51b: select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is no …
-- with 'f', 'e', 'public.b'
select count(*) as n from "public"."b" where 1 = 1;
insert into "public"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::pg_catalog.text from "hygge_staging"."e_501_0_boundary_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.b'
select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text;
select count(*) as n from "public"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 501, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.b', 'intent-l1-501', '{"id":"intent-l1-501","prev":null,"epoch":501,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 501, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.b', 'intent-l1-501', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_501_0_boundary_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_501_0_boundary_{name 1}'
COMMIT;

-- ===== store: the open group next to those of others
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 502, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.b', 'e_502_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_502_0_boundary_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_502_0_boundary_{name 1}"'
copy "hygge_staging"."e_502_0_boundary_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_502_0_boundary_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text and "mark" = '2'::pg_catalog.int8;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."b"'
delete from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text and "mark" = '2'::pg_catalog.int8;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
insert into "public"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::pg_catalog.text from "hygge_staging"."e_502_0_boundary_{name 1}" hygge_new;
-- again 4f51b6: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.b'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.b'
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
select count(*) as n from "public"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 502, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.b', 'intent-l1-502', '{"id":"intent-l1-502","prev":"intent-l1-501","epoch":502,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-501'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 502, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.b', 'intent-l1-502', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_502_0_boundary_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_502_0_boundary_{name 1}'
COMMIT;

-- ===== store: a range next to those of others
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 503, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.b', 'e_503_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_503_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_503_0_data_{name 1}"'
copy "hygge_staging"."e_503_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_503_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text and "mark" >= '1'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."b"'
delete from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text and "mark" >= '1'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
insert into "public"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::pg_catalog.text from "hygge_staging"."e_503_0_data_{name 1}" hygge_new;
-- again 0ff196: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.b'
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
select count(*) as n from "public"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 503, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.b', 'intent-l1-503', '{"id":"intent-l1-503","prev":"intent-l1-502","epoch":503,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-502'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 503, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.b', 'intent-l1-503', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_503_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_503_0_data_{name 1}'
COMMIT;

-- ===== store: a merge next to those of others
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 504, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.b', 'e_504_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_504_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_504_0_data_{name 1}"'
copy "hygge_staging"."e_504_0_data_{name 1}" ("id", "mark") from stdin (format binary);
-- again 00010b: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'public.b', 'e_504_0_deleted_{name 2}', 'l1'
create table "hygge_staging"."e_504_0_deleted_{name 2}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_504_0_deleted_{name 2}"'
copy "hygge_staging"."e_504_0_deleted_{name 2}" ("id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_504_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_504_0_data_{name 1}";
analyze "hygge_staging"."e_504_0_deleted_{name 2}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_504_0_deleted_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from "hygge_staging"."e_504_0_deleted_{name 2}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."b"'
select count(*) as n from "hygge_staging"."e_504_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_504_0_deleted_{name 2}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "id", "mark" from (select "id", "mark", hygge_gone from (select "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from "hygge_staging"."e_504_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "id", "mark" from (select "id", "mark", hygge_gone from (select "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from "hygge_staging"."e_504_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
delete from "public"."b" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark")) and hygge_now."loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text;
select count(*) as n from "public"."b" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark")) and hygge_now."loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text;
update "public"."b" hygge_now set "mark" = hygge_new."mark", "loaded_by" = 'f.e'::pg_catalog.text from "hygge_staging"."commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id" and hygge_now."loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text;
insert into "public"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::pg_catalog.text from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."b" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "public"."b" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text);
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.b'
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
select count(*) as n from "public"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 504, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.b', 'intent-l1-504', '{"id":"intent-l1-504","prev":"intent-l1-503","epoch":504,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-503'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 504, 0, 1, 0, pg_catalog.now());
-- with 'f', 'e', 'public.b', 'intent-l1-504', 'l1', '2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_504_0_data_{name 1}"; drop table if exists "hygge_staging"."e_504_0_deleted_{name 2}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_504_0_data_{name 1}', 'e_504_0_deleted_{name 2}'
COMMIT;

-- ===== store: a full load next to those of others
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 505, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.b', 'e_505_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_505_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_505_0_data_{name 1}"'
copy "hygge_staging"."e_505_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_505_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."b"'
delete from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text;
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
insert into "public"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::pg_catalog.text from "hygge_staging"."e_505_0_data_{name 1}" hygge_new;
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.b'
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
select count(*) as n from "public"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 505, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.b', 'intent-l1-505', '{"id":"intent-l1-505","prev":"intent-l1-504","epoch":505,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-504'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 505, 1, 0, 1, pg_catalog.now());
-- with 'f', 'e', 'public.b', 'intent-l1-505', 'l1', '1'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_505_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_505_0_data_{name 1}'
COMMIT;

-- ===== store: three ranges next to those of others
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 506, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.b', 'e_506_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_506_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_506_0_data_{name 1}"'
copy "hygge_staging"."e_506_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_506_0_data_{name 1}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text and ((("mark" >= '2'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8) or ("mark" >= '4'::pg_catalog.int8 and "mark" < '5'::pg_catalog.int8)) or (("mark" >= '6'::pg_catalog.int8 and "mark" < '7'::pg_catalog.int8)));
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'b'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."b"'
delete from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f.e'::pg_catalog.text and ((("mark" >= '2'::pg_catalog.int8 and "mark" < '3'::pg_catalog.int8) or ("mark" >= '4'::pg_catalog.int8 and "mark" < '5'::pg_catalog.int8)) or (("mark" >= '6'::pg_catalog.int8 and "mark" < '7'::pg_catalog.int8)));
insert into "public"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::pg_catalog.text from "hygge_staging"."e_506_0_data_{name 1}" hygge_new;
-- again d5afb7: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'public.b'
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
select count(*) as n from "public"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 506, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.b', 'intent-l1-506', '{"id":"intent-l1-506","prev":"intent-l1-505","epoch":506,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":1}', 'f.e', 'intent-l1-505'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 506, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.b', 'intent-l1-506', 'l1', '1'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_506_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_506_0_data_{name 1}'
COMMIT;

-- ===== store: a look at what is beside
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.b'
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'b'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
select count(*) as n from "public"."b" where 1 = 1;
-- again 19b5e0: select count(*) as n from "public"."b" where "loaded_by"::pg_catalog.text COLLATE "C" = 'f …
COMMIT;

-- ===== store: an attempt that no one finishes, and the sweep
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 's'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_700_all_69efe7f40d2c3de4'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 700, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.s', 'e_700_all_69efe7f40d2c3de4', 'l1'
create table "hygge_staging"."e_700_all_69efe7f40d2c3de4" ("id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_700_all_69efe7f40d2c3de4"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_700_all_69efe7f40d2c3de4" ("id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select name, epoch from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3 and lineage = $4 and epoch < 701;
-- with 'f', 'e', 'public.s', 'l1'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_700_all_69efe7f40d2c3de4";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_700_all_69efe7f40d2c3de4'
COMMIT;

-- ===== store: a commit that is given up
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_710_all_c49454c6726b54eb'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 710, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.g', 'e_710_all_c49454c6726b54eb', 'l1'
create table "hygge_staging"."e_710_all_c49454c6726b54eb" ("id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_710_all_c49454c6726b54eb"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_710_all_c49454c6726b54eb" ("id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_710_all_c49454c6726b54eb" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.g'
update "hygge_metadata".heads set id = $4, epoch = 710, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.g', 'refused-intent-l1-710', '{"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":null,"schema":null,"rows":0,"nothing":true,"id":"refused-intent-l1-710","prev":null,"epoch":710,"reason":{"code":"HYG-4003","reason":"no"}}', null
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_710_all_c49454c6726b54eb";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_710_all_c49454c6726b54eb'
COMMIT;

-- ===== store: a commit that is given up by force
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g2'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_720_all_b361914059c0f638'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 720, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.g2', 'e_720_all_b361914059c0f638', 'l1'
create table "hygge_staging"."e_720_all_b361914059c0f638" ("id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_720_all_b361914059c0f638"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_720_all_b361914059c0f638" ("id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g2'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_720_all_b361914059c0f638" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g2'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.g2'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g2'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g2'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_720_all_b361914059c0f638" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_720_all_b361914059c0f638";
-- again 595ee5: select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and n …
-- with 'public'
alter table "hygge_staging"."e_720_all_b361914059c0f638" set schema "public"; alter table "public"."e_720_all_b361914059c0f638" rename to "g2";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_720_all_b361914059c0f638'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.g2'
update "hygge_metadata".heads set id = $4, epoch = 720, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.g2', 'intent-l1-720', '{"id":"intent-l1-720","prev":null,"epoch":720,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 720, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.g2', 'intent-l1-720', 'l1', '1'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g2'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 721, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.g2', 'e_721_0_data_{name 2}', 'l1'
create table "hygge_staging"."e_721_0_data_{name 2}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_721_0_data_{name 2}"'
copy "hygge_staging"."e_721_0_data_{name 2}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_721_0_data_{name 2}";
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g2'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.g2'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'g2'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.g2'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.g2'
update "hygge_metadata".heads set id = $4, epoch = 721, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.g2', 'refused-intent-l1-721', '{"id":"refused-intent-l1-721","prev":"intent-l1-720","epoch":721,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0,"reason":{"code":"HYG-4003","reason":"no"}}', null, 'intent-l1-720'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_721_0_data_{name 2}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_721_0_data_{name 2}'
COMMIT;

-- ===== store: a reset
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'r'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_730_all_1cb96d3cbcf996a6'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 730, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'e', 'public.r', 'e_730_all_1cb96d3cbcf996a6', 'l1'
create table "hygge_staging"."e_730_all_1cb96d3cbcf996a6" ("id" bigint not null, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_730_all_1cb96d3cbcf996a6"'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select pg_catalog.pg_current_xact_id()::xid::text as tag;
copy "hygge_staging"."e_730_all_1cb96d3cbcf996a6" ("id", "mark") from stdin (format binary);
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_730_all_1cb96d3cbcf996a6" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'r'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.r'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'r'
set local lock_timeout = '2s'; lock table "hygge_staging"."e_730_all_1cb96d3cbcf996a6" in access exclusive mode; select pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select count(*) as n, count(case when xmin in ('{xid}'::xid) then 1 end) as ours from "hygge_staging"."e_730_all_1cb96d3cbcf996a6";
-- again 595ee5: select (not exists (select from pg_catalog.pg_event_trigger where evtenabled <> 'D') and n …
-- with 'public'
alter table "hygge_staging"."e_730_all_1cb96d3cbcf996a6" set schema "public"; alter table "public"."e_730_all_1cb96d3cbcf996a6" rename to "r";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_730_all_1cb96d3cbcf996a6'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'public.r'
update "hygge_metadata".heads set id = $4, epoch = 730, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'public.r', 'intent-l1-730', '{"id":"intent-l1-730","prev":null,"epoch":730,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 730, 1, 0, 0, pg_catalog.now());
-- with 'f', 'e', 'public.r', 'intent-l1-730', 'l1', '1'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'public.r'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'e', 'public.r'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'r'
select count(*) as n from "public"."r" where 1 = 1;
select name, epoch from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r'
update "hygge_metadata".heads set id = $4, epoch = 731, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'public.r', 'fence', '{"id":"fence","prev":"intent-l1-730","epoch":731,"lineage":"l2","state":"elsewhere","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-730'
COMMIT;
-- again 97979b: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
COMMIT;

-- ===== store: a table that is taken over as it is
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.adopted', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.pg_advisory_xact_lock_shared(49443, 1), pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'adopted', 'public.a'
-- again 328913: with recursive c as (select c.*, n.nspname from pg_catalog.pg_class c join pg_catalog.pg_n …
-- with 'public', 'a'
-- again 941b55: select pg_catalog.has_schema_privilege(relnamespace, 'CREATE')::text as "create", pg_catal …
-- with '{oid}'
-- again cde09a: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with '{oid}'
-- again 416dd2: select c.relname as name, i.indisprimary::text as "primary", a.attname as column from pg_c …
-- with '{oid}'
-- again 86c0bd: with t as (select * from pg_catalog.pg_class where oid = $1::pg_catalog.oid) select case v …
-- with '{oid}'
-- again e0bc4c: select n.nspname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oi …
SELECT 1 as one from "public"."a" LIMIT 1;
-- again 3fe51b: select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is no …
-- with 'f', 'adopted', 'public.a'
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.adopted', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'adopted', 'public.a'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'a'
select count(*) as n from "public"."a" where 1 = 1;
select name, epoch from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'adopted', 'public.a'
update "hygge_metadata".heads set id = $4, epoch = 2, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'adopted', 'public.a', 'adoption', '{"id":"adoption","prev":null,"epoch":2,"lineage":"l2","state":"elsewhere","watermark":null,"boundary":null,"schema":null,"rows":1,"foreign":0}', null
COMMIT;
-- again 6fc6ac: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
COMMIT;

-- ===== store: a head that goes to another entity, and away
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.other', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 and head is not null;
-- with 'f', 'e', 'public.r'
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'other', 'public.r'
update "hygge_metadata".heads set id = $4, epoch = 731, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'other', 'public.r', 'fence', '{"id":"fence","prev":"intent-l1-730","epoch":731,"lineage":"l2","state":"elsewhere","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
update "hygge_metadata".commits set flow = $4, entity = $5 where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r', 'f', 'other'
update "hygge_metadata".rejected set flow = $4, entity = $5 where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r', 'f', 'other'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
delete from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'public.r'
COMMIT;
-- again 81dccc: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
delete from "hygge_metadata".commits where flow = $1 and entity = $2 and table_name = $3 and "at" < $4 and intent_id not in (select id from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 and id is not null);
-- with 'f', 'e', 'public.r', '2026-01-01T00:00:00.000Z'
COMMIT;

-- ===== store: numbers that the table would count
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.counts', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'counts'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 900, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'counts', 'public.counts', 'e_900_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_900_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_900_0_data_{name 1}"'
copy "hygge_staging"."e_900_0_data_{name 1}" ("id", "mark") from stdin (format binary);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_900_0_data_{name 1}";
COMMIT;
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', 'UTC', true), pg_catalog.set_config('DateStyle', 'ISO, YMD', true), pg_catalog.set_config('IntervalStyle', 'iso_8601', true), pg_catalog.set_config('bytea_output', 'hex', true), pg_catalog.set_config('extra_float_digits', '1', true), pg_catalog.set_config('xmloption', 'content', true), pg_catalog.set_config('row_security', 'off', true), pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), pg_catalog.set_config('quote_all_identifiers', 'off', true), pg_catalog.set_config('application_name', 'hygge f.counts', true), CASE WHEN pg_catalog.current_setting('jit', true) = 'on' THEN pg_catalog.set_config('jit', 'off', true) END, CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) = '0' AND pg_catalog.version() LIKE '%linux%' THEN pg_catalog.set_config('client_connection_check_interval', '5s', true) END, pg_catalog.pg_advisory_xact_lock_shared(49443, 1), pg_catalog.set_config('lock_timeout', '30s', true), case when pg_catalog.current_setting('synchronous_commit') = 'off' then pg_catalog.set_config('synchronous_commit', 'local', true) end;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'counts', 'public.counts'
COMMIT;
-- again d291e9: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'counts', 'public.counts'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'counts'
COMMIT;
-- again 1506ec: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'counts', 'public.counts'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'counts', 'public.counts'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'counts'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."counts"'
lock table "public"."counts" in access exclusive mode;
-- again 3fe51b: select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is no …
-- with 'f', 'counts', 'public.counts'
select count(*) as n from "public"."counts" where 1 = 1;
insert into "public"."counts" ("id", "mark") overriding system value select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_900_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'counts', 'public.counts'
update "hygge_metadata".heads set id = $4, epoch = 900, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'counts', 'public.counts', 'intent-l1-900', '{"id":"intent-l1-900","prev":null,"epoch":900,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 900, 1, 0, 0, pg_catalog.now());
-- with 'f', 'counts', 'public.counts', 'intent-l1-900', 'l1', '1'
COMMIT;
-- again 1506ec: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_900_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_900_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by such numbers
-- again 1506ec: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_metadata'
-- again 2eb222: select c.relname as name from pg_catalog.pg_namespace n left join pg_catalog.pg_class c on …
-- with 'hygge_staging'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'counts'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 901, pg_catalog.now()) on conflict do nothing;
-- with 'f', 'counts', 'public.counts', 'e_901_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_901_0_data_{name 1}" ("id" bigint, "mark" bigint);
-- again 1e7df0: select (c.relrowsecurity or c.relforcerowsecurity or c.relhasrules or c.relhastriggers or …
-- with '"hygge_staging"."e_901_0_data_{name 1}"'
copy "hygge_staging"."e_901_0_data_{name 1}" ("id", "mark") from stdin (format binary);
analyze "hygge_staging"."e_901_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::pg_catalog.text as n3, (max("mark"))::pg_catalog.text as n4, sum("id") as sum0, sum("mark") as sum1 from "hygge_staging"."e_901_0_data_{name 1}";
COMMIT;
-- again d291e9: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'counts', 'public.counts'
COMMIT;
-- again d291e9: BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT pg_catalog.set_config('TimeZone', ' …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'counts', 'public.counts'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'counts'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_901_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
-- again 1506ec: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 for update;
-- with 'f', 'counts', 'public.counts'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'counts', 'public.counts'
-- again 235bda: select a.attname as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.attno …
-- with 'public', 'counts'
-- again 5a169c: with recursive below(oid) as (select $1::pg_catalog.regclass::pg_catalog.oid union select …
-- with '"public"."counts"'
select count(*) as n from "hygge_staging"."e_901_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_901_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
update "public"."counts" hygge_now set "mark" = hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_901_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where hygge_now."id" = hygge_new."id";
insert into "public"."counts" ("id", "mark") overriding system value select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_901_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."counts" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_901_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "public"."counts" hygge_now where hygge_now."id" = hygge_new."id");
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'counts', 'public.counts'
update "hygge_metadata".heads set id = $4, epoch = 901, head = $5, mark = $6, "at" = pg_catalog.now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'counts', 'public.counts', 'intent-l1-901', '{"id":"intent-l1-901","prev":"intent-l1-900","epoch":901,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-900'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 901, 0, 1, 0, pg_catalog.now());
-- with 'f', 'counts', 'public.counts', 'intent-l1-901', 'l1', '2'
COMMIT;
-- again 1506ec: BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_catalog.set_config('TimeZone', …
set local lock_timeout = '2s'; drop table if exists "hygge_staging"."e_901_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_901_0_data_{name 1}'
COMMIT;
