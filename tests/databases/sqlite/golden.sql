-- ===== home: a look at a table
PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;
SELECT count(*) AS n FROM sqlite_schema;
BEGIN;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w FROM main."orders" ORDER BY rowid LIMIT 512) UNION ALL SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w FROM main."orders" ORDER BY rowid DESC LIMIT 512));
SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND l.partial = 0 AND i.name IS NOT NULL;
-- with 'orders'
COMMIT;

-- ===== home: all of a table
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders"
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: the newest id
ROLLBACK;
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
SELECT CAST(("id") AS TEXT) AS newest FROM main."orders" WHERE (
"id" IS NOT NULL
) ORDER BY "id" DESC LIMIT 1;
SELECT rowid AS rowid, quote("id") AS value FROM main."orders" WHERE (
"id" IS NOT NULL
) AND (
typeof("id") <> 'integer'
) LIMIT 1;
COMMIT;
BEGIN;
COMMIT;

-- ===== home: what is ahead of id, and null
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
COMMIT;
BEGIN;
SELECT count(*) AS counted FROM main."orders" WHERE (
"id" IS NULL
);
COMMIT;

-- ===== home: an increment by id
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT count(*) AS n FROM main."orders" WHERE (
"id" > 39 AND "id" <= 39 OR "id" IS NULL
);
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders" WHERE (
"id" > 39 AND "id" <= 39 OR "id" IS NULL
)
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: the newest day
ROLLBACK;
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
SELECT CAST(("day") AS TEXT) AS newest FROM main."orders" WHERE (
"day" IS NOT NULL
) AND (
"day" <= '{day}'
) ORDER BY "day" DESC LIMIT 1;
SELECT rowid AS rowid, quote("day") AS value FROM main."orders" WHERE (
"day" IS NOT NULL
) AND (
typeof("day") <> 'text' OR "day" NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
) LIMIT 1;
COMMIT;
BEGIN;
COMMIT;

-- ===== home: what is ahead of day, and null
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
SELECT count(*) AS counted FROM main."orders" WHERE (
"day" > '{day}'
);
COMMIT;
BEGIN;
SELECT count(*) AS counted FROM main."orders" WHERE (
"day" IS NULL
);
COMMIT;

-- ===== home: an increment by day
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT count(*) AS n FROM main."orders" WHERE (
"day" > '2026-01-01' AND "day" <= '2026-01-01' OR "day" IS NULL
);
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders" WHERE (
"day" > '2026-01-01' AND "day" <= '2026-01-01' OR "day" IS NULL
)
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: the newest at
ROLLBACK;
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
SELECT replace((substr(replace(("at"), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length(("at")) + 1), 1, 26)), ' ', 'T') AS newest FROM main."orders" WHERE (
"at" IS NOT NULL
) AND (
(substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) <= '{time}'
) ORDER BY (substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) DESC LIMIT 1;
SELECT rowid AS rowid, quote("at") AS value FROM main."orders" WHERE (
"at" IS NOT NULL
) AND (
typeof("at") <> 'text' OR NOT ("at" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' OR "at" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]' OR "at" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]' OR "at" GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9]*')
) LIMIT 1;
COMMIT;
BEGIN;
COMMIT;

-- ===== home: what is ahead of at, and null
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
SELECT count(*) AS counted FROM main."orders" WHERE (
(substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) > '{time}'
);
COMMIT;
BEGIN;
SELECT count(*) AS counted FROM main."orders" WHERE (
"at" IS NULL
);
COMMIT;

-- ===== home: an increment by at
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT count(*) AS n FROM main."orders" WHERE (
(substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) > '2026-01-01 00:00:00.123000' AND (substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) <= '2026-01-01 00:00:00.123000' OR "at" IS NULL
);
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders" WHERE (
(substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) > '2026-01-01 00:00:00.123000' AND (substr(replace("at", 'T', ' ') || substr('0000-00-00 00:00:00.000000', length("at") + 1), 1, 26)) <= '2026-01-01 00:00:00.123000' OR "at" IS NULL
)
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: the newest name
ROLLBACK;
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
SELECT CAST(("name") AS TEXT) AS newest FROM main."orders" WHERE (
"name" IS NOT NULL
) ORDER BY "name" COLLATE BINARY DESC LIMIT 1;
SELECT rowid AS rowid, quote("name") AS value FROM main."orders" WHERE (
"name" IS NOT NULL
) AND (
typeof("name") <> 'text'
) LIMIT 1;
COMMIT;
BEGIN;
COMMIT;

-- ===== home: what is ahead of name, and null
BEGIN;
SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z' AS now;
COMMIT;
BEGIN;
SELECT count(*) AS counted FROM main."orders" WHERE (
"name" IS NULL
);
COMMIT;

-- ===== home: an increment by name
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT count(*) AS n FROM main."orders" WHERE (
"name" COLLATE BINARY > 'n9' AND "name" COLLATE BINARY <= 'n9' OR "name" IS NULL
);
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders" WHERE (
"name" COLLATE BINARY > 'n9' AND "name" COLLATE BINARY <= 'n9' OR "name" IS NULL
)
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: all of a table, in small slices
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders" WHERE (
1
)
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: a query
ROLLBACK;
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT id FROM orders;
SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
SELECT id FROM orders;
SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
PRAGMA encoding;
WITH hygge_rows(c0) AS (
SELECT "id" FROM (
SELECT id FROM orders
) AS hygge_query
) SELECT c0, NULL FROM hygge_rows;
SELECT 1;

-- ===== home: a condition
ROLLBACK;
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT count(*) AS n FROM main."orders" WHERE (
id > 3 -- not those
);
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
PRAGMA encoding;
WITH hygge_rows(c0, c1, c2, c3, c4, c5) AS (
SELECT rowid, "id", "price", "day", "at", "name" FROM main."orders" WHERE (
id > 3 -- not those
)
) SELECT c0, c1, c2, c3, c4, c5 FROM hygge_rows;
SELECT 1;

-- ===== home: some columns
ROLLBACK;
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
PRAGMA encoding;
WITH hygge_rows(c0, c1) AS (
SELECT rowid, "id" FROM main."orders"
) SELECT c0, c1 FROM hygge_rows;
SELECT 1;

-- ===== home: debug
PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;
SELECT count(*) AS n FROM sqlite_schema;
BEGIN;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'orders'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
SELECT * FROM main."orders";
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT max(rowid) AS last FROM main."orders";
SELECT count(*) AS n FROM main."orders";
-- again 2c0bb0: SELECT avg(w) AS width FROM (SELECT * FROM (SELECT coalesce(octet_length("name"), 0) AS w …
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT sqlite_version() AS version;
COMMIT;
BEGIN;
SELECT 1 FROM sqlite_schema LIMIT 1;
COMMIT;

-- ===== home: the tables of a database
BEGIN;
SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
    AND name NOT LIKE 'hygge\_staging\_%' ESCAPE '\' AND name NOT LIKE 'hygge\_metadata\_%' ESCAPE '\' ORDER BY name;
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'a'
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'a'
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT count(*) AS n FROM main."a";
SELECT l.name AS "index", i.name AS "column" FROM pragma_index_list(?1) l, pragma_index_info(l.name) i
    WHERE l."unique" = 1 AND l.partial = 0 AND l.origin <> 'pk' ORDER BY l.seq, i.seqno;
-- with 'a'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'b'
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'b'
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT count(*) AS n FROM main."b";
-- again cf3d5a: SELECT l.name AS "index", i.name AS "column" FROM pragma_index_list(?1) l, pragma_index_in …
-- with 'b'
SELECT name, type, "notnull" AS required, pk FROM pragma_table_xinfo(?1);
-- with 'orders'
-- again 341bd2: SELECT i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i WHERE i.seqno = 0 …
-- with 'orders'
SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size;
SELECT count(*) AS n FROM main."orders";
-- again cf3d5a: SELECT l.name AS "index", i.name AS "column" FROM pragma_index_list(?1) l, pragma_index_in …
-- with 'orders'
COMMIT;

-- ===== home: a table that is not there
BEGIN;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND lower(name) = lower(?1);
-- with 'nope'
SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name;
ROLLBACK;

-- ===== store: debug, of which nothing is there
PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;
SELECT count(*) AS n FROM sqlite_schema;
BEGIN IMMEDIATE /* undone */;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
create table if not exists main."hygge_metadata_heads" (
  flow text not null,
  entity text not null,
  table_name text not null,
  id text,
  epoch integer,
  head text,
  mark text,
  "at" text,
  primary key (flow, entity, table_name)
); create table if not exists main."hygge_metadata_commits" (
  intent_id text not null primary key,
  flow text not null,
  entity text not null,
  table_name text not null,
  lineage text not null,
  epoch integer not null,
  inserted integer not null,
  updated integer not null,
  deleted integer not null,
  watermark text,
  "at" text not null
); create table if not exists main."hygge_metadata_staged" (
  name text not null primary key,
  flow text not null,
  entity text not null,
  table_name text not null,
  lineage text not null,
  epoch integer not null,
  "at" text not null
); create table if not exists main."hygge_metadata_rejected" (
  flow text not null,
  entity text not null,
  table_name text not null,
  role text not null,
  of_group integer not null,
  watermark text,
  "row" text not null,
  intent_id text not null,
  "at" text not null,
  "part" text,
  "id" text,
  "copy" integer,
  "source" text,
  "rule" text,
  "column" text,
  "reason" text,
  "run" text,
  "columns" text
);
SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name WHERE s.type = 'table' AND lower(s.name) = lower(?1);
-- with 'e'
SELECT 1 AS one FROM sqlite_schema WHERE type = 'view' AND lower(name) = lower(?1);
-- with 'e'
create table main."hygge_staging_probe_{now}_{name 1}" ("k" INTEGER, "c" TEXT);
INSERT INTO main."hygge_staging_probe_{now}_{name 1}" ("k", "c") VALUES (?, ?), (?, ?);
-- with 1, 'one', 2, 'two'
create table main."hygge_staging_probe_{now}_{name 1}_d" ("k" INTEGER not null, "c" TEXT);
create table main."hygge_staging_probe_{now}_{name 1}_k" as select * from (select * from main."hygge_staging_probe_{now}_{name 1}") k;
update main."hygge_staging_probe_{now}_{name 1}_d" as hygge_now set "c" = hygge_new."c" from main."hygge_staging_probe_{now}_{name 1}_k" hygge_new where hygge_now."k" = hygge_new."k";
insert into main."hygge_staging_probe_{now}_{name 1}_d" ("k", "c") select hygge_new."k", hygge_new."c" from main."hygge_staging_probe_{now}_{name 1}_k" hygge_new left join main."hygge_staging_probe_{now}_{name 1}_d" hygge_now on hygge_now."k" = hygge_new."k" where hygge_now."k" is null;
delete from main."hygge_staging_probe_{now}_{name 1}_d" as hygge_now where hygge_now."k" = 1;
drop table main."hygge_staging_probe_{now}_{name 1}_k";
SELECT 1;
drop table main."hygge_staging_probe_{now}_{name 1}_d";
drop table main."hygge_staging_probe_{now}_{name 1}";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."e" ("c" TEXT);
ROLLBACK;

-- ===== store: a look at a table that is not there
BEGIN;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT 1 AS one FROM sqlite_schema WHERE type = 'view' AND lower(name) = lower(?1);
-- with 'e'
COMMIT;

-- ===== store: made ready
PRAGMA journal_mode;
PRAGMA busy_timeout = 0;
PRAGMA journal_mode = WAL;
PRAGMA busy_timeout = 30000;

-- ===== store: a plan of a first load
BEGIN;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name FROM sqlite_schema WHERE type = 'table';
COMMIT;

-- ===== store: a first load
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again d308e8: create table if not exists main."hygge_metadata_heads" ( flow text not null, entity text n …
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_1_all_cd6ea7e5cd7f3a70'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_1_all_cd6ea7e5cd7f3a70', 'l1'
create table main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70";
INSERT INTO main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70" ("id", "mark") VALUES (?, ?);
-- with 1, 1
INSERT INTO main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70" ("id", "mark") VALUES (?, ?);
-- with 2, 2
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.e'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("id") as n0, count("mark") as n1 from main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70" where _rowid_ > 0 and _rowid_ <= 2;
select count(*) as n from main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."e" ("id" INTEGER not null, "mark" INTEGER);
drop table main."e";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_1_all_cd6ea7e5cd7f3a70" rename to "e"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_1_all_cd6ea7e5cd7f3a70'
update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and table_name = ?3 and of_group = 1;
-- with 'f', 'e', 'main.e'
update main."hygge_metadata_heads" set id = ?4, epoch = 1, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.e', 'intent-l1-1', '{"id":"intent-l1-1","prev":null,"epoch":1,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 1, 2, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-1', 'l1', '2'
COMMIT;

-- ===== store: debug, where it has settled before
BEGIN IMMEDIATE /* undone */;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'e'
SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restricts, max(f.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT')) AS passes
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND lower(f."table") = lower(?1) GROUP BY t.name ORDER BY t.name;
-- with 'e'
SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lower(sql), lower(?1)) > 0 ORDER BY type, name;
-- with 'e'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'e'
SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, pragma_index_info(l.name) i
    WHERE l."unique" = 1 AND l.partial = 0 AND l.origin <> 'pk' GROUP BY l.name HAVING count(*) = count(i.name);
-- with 'e'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'e'
SELECT (SELECT max(rowid) FROM "e") - (SELECT min(rowid) FROM "e") + 1 AS n;
create table main."hygge_staging_probe_{now}_{name 1}" ("k" INTEGER, "c" TEXT);
INSERT INTO main."hygge_staging_probe_{now}_{name 1}" ("k", "c") VALUES (?, ?), (?, ?);
-- with 1, 'one', 2, 'two'
create table main."hygge_staging_probe_{now}_{name 1}_d" ("k" INTEGER not null, "c" TEXT);
-- again 026420: create table main."hygge_staging_probe_{now}_{name 1}_k" as select * from (select * from m …
-- again da3151: update main."hygge_staging_probe_{now}_{name 1}_d" as hygge_now set "c" = hygge_new."c" fr …
-- again 61f7f3: insert into main."hygge_staging_probe_{now}_{name 1}_d" ("k", "c") select hygge_new."k", h …
delete from main."hygge_staging_probe_{now}_{name 1}_d" as hygge_now where hygge_now."k" = 1;
drop table main."hygge_staging_probe_{now}_{name 1}_k";
SELECT 1;
drop table main."hygge_staging_probe_{now}_{name 1}_d";
drop table main."hygge_staging_probe_{now}_{name 1}";
ROLLBACK;

-- ===== store: a look at what settled
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'e'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'e'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'e'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'e'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'e'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'e'
SELECT (SELECT max(rowid) FROM "e") - (SELECT min(rowid) FROM "e") + 1 AS n;
select count(*) as n from main."e" where 1 = 1;
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;

-- ===== store: rows in two slices, and an attempt that was lost
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_2_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_2_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_2_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 9, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_2_0_data_{name 1}";
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
-- again 40577e: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.e', 'e_2_0_data_{name 2}', 'l1'
create table main."hygge_staging_e_2_0_data_{name 2}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_2_0_data_{name 2}" ("id", "mark") VALUES (?, ?);
-- with 2, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_2_0_data_{name 2}";
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
-- again 40577e: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.e', 'e_2_1_data_{name 3}', 'l1'
create table main."hygge_staging_e_2_1_data_{name 3}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_2_1_data_{name 3}" ("id", "mark") VALUES (?, ?);
-- with 3, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_2_1_data_{name 3}";
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
-- again 40577e: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.e', 'e_2_2_data_{name 4}', 'l1'
create table main."hygge_staging_e_2_2_data_{name 4}" ("id" INTEGER, "mark" INTEGER);
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_2_2_data_{name 4}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_2_0_data_{name 2}" hygge_new;
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_2_1_data_{name 3}" hygge_new;
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_2_2_data_{name 4}" hygge_new;
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.e'
update main."hygge_metadata_heads" set id = ?4, epoch = 2, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-2', '{"id":"intent-l1-2","prev":"intent-l1-1","epoch":2,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":4,"foreign":0}', null, 'intent-l1-1'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 2, 2, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-2', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_2_0_data_{name 2}"; drop table if exists main."hygge_staging_e_2_1_data_{name 3}"; drop table if exists main."hygge_staging_e_2_2_data_{name 4}";
delete from main."hygge_metadata_staged" where name in (?1, ?2, ?3);
-- with 'e_2_0_data_{name 2}', 'e_2_1_data_{name 3}', 'e_2_2_data_{name 4}'
COMMIT;

-- ===== store: the open group
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_3_0_boundary_{name 1}', 'l1'
create table main."hygge_staging_e_3_0_boundary_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_3_0_boundary_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 2, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_3_0_boundary_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."e" where "mark" = 2;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
delete from main."e" where "mark" = 2;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_3_0_boundary_{name 1}" hygge_new;
delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and role <> 'correction' and of_group = 1;
-- with 'f', 'e', 'main.e'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.e'
update main."hygge_metadata_heads" set id = ?4, epoch = 3, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-3', '{"id":"intent-l1-3","prev":"intent-l1-2","epoch":3,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-2'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 3, 1, 0, 3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-3', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_3_0_boundary_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_3_0_boundary_{name 1}'
COMMIT;

-- ===== store: a range
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 4, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_4_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_4_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_4_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 5, 1
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_4_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."e" where 1 = 1;
select count(*) as n from main."e" where "mark" >= 1 and "mark" < 3;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
delete from main."e" where "mark" >= 1 and "mark" < 3;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_4_0_data_{name 1}" hygge_new;
delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and role <> 'correction' and cast(watermark as INTEGER) >= 1 and cast(watermark as INTEGER) < 3;
-- with 'f', 'e', 'main.e'
select count(*) as n from main."e" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 4, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-4', '{"id":"intent-l1-4","prev":"intent-l1-3","epoch":4,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-3'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 4, 1, 0, 2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-4', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_4_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_4_0_data_{name 1}'
COMMIT;

-- ===== store: a range, merged
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 5, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_5_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_5_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_5_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 5, 1
SELECT 1;
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_5_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."e" where 1 = 1;
select count(*) as n from main."e" where "mark" >= 1 and "mark" < 3;
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_5_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
delete from main."e" where "mark" >= 1 and "mark" < 3;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."hygge_staging_e_5_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
update main."e" as hygge_now set "mark" = hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where hygge_now."id" = hygge_new."id";
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new left join main."e" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new left join main."e" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
-- again 257d2f: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.e'
select count(*) as n from main."e" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 5, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-5', '{"id":"intent-l1-5","prev":"intent-l1-4","epoch":5,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-4'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 5, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-5', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_5_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_5_0_data_{name 1}'
COMMIT;

-- ===== store: a full load that deletes and inserts
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 6, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_6_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_6_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_6_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 1
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_6_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."e" where 1 = 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
delete from main."e" where 1 = 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_6_0_data_{name 1}" hygge_new;
delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and role <> 'correction';
-- with 'f', 'e', 'main.e'
update main."hygge_metadata_heads" set id = ?4, epoch = 6, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-6', '{"id":"intent-l1-6","prev":"intent-l1-5","epoch":6,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-5'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 6, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-6', 'l1', '1'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_6_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_6_0_data_{name 1}'
COMMIT;

-- ===== store: a plan of a full load
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'e'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'e'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'e'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'e'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'e'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'e'
SELECT (SELECT max(rowid) FROM "e") - (SELECT min(rowid) FROM "e") + 1 AS n;
select count(*) as n from main."e" where 1 = 1;
COMMIT;
BEGIN;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name FROM sqlite_schema WHERE type = 'table';
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
COMMIT;

-- ===== store: a full load in the place of the table
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_7_all_105f2bba162e3f54'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 7, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_7_all_105f2bba162e3f54', 'l1'
create table main."hygge_staging_e_7_all_105f2bba162e3f54" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_7_all_105f2bba162e3f54";
INSERT INTO main."hygge_staging_e_7_all_105f2bba162e3f54" ("id", "mark") VALUES (?, ?);
-- with 1, 1
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_7_all_105f2bba162e3f54" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."e" where 1 = 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("id") as n0, count("mark") as n1 from main."hygge_staging_e_7_all_105f2bba162e3f54" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_7_all_105f2bba162e3f54";
SELECT 1;
select count(*) as n from main."e" where 1 = 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'e'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'e'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'e'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'e'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'e'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'e'
SELECT (SELECT max(rowid) FROM "e") - (SELECT min(rowid) FROM "e") + 1 AS n;
alter table main."e" rename to "hygge_old_c686bdb3aae9f075";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_7_all_105f2bba162e3f54" rename to "e"; pragma legacy_alter_table = off; drop table main."hygge_old_c686bdb3aae9f075";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_7_all_105f2bba162e3f54'
-- again 36423c: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.e'
update main."hygge_metadata_heads" set id = ?4, epoch = 7, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-7', '{"id":"intent-l1-7","prev":"intent-l1-6","epoch":7,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-6'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 7, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-7', 'l1', '1'
COMMIT;

-- ===== store: rows that break a rule
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 8, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_8_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_8_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_8_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 7, 7
-- again 15d0bb: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.e', 'e_8_0_broken_{name 2}', 'l1'
create table main."hygge_staging_e_8_0_broken_{name 2}" ("part" TEXT, "id" TEXT, "source" TEXT, "rule" TEXT, "column" TEXT, "reason" TEXT, "run" TEXT, "watermark" TEXT, "columns" TEXT, "row" TEXT);
INSERT INTO main."hygge_staging_e_8_0_broken_{name 2}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- with '{id 3}', '{id 4}', null, 'a rule', null, 'why', 'run-8.1', null, '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":8,"mark":null}'
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_8_0_data_{name 1}";
select count(*) as n from main."hygge_staging_e_8_0_broken_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_8_0_data_{name 1}" hygge_new;
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.e'
insert into main."hygge_metadata_rejected" (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select ?1, ?2, ?3, ?4, hygge_new.role, hygge_new.of_group, hygge_new."copy", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from main."hygge_staging_e_8_0_broken_{name 2}" p) a) hygge_new left join main."hygge_metadata_rejected" hygge_now on flow = ?1 and entity = ?2 and table_name = ?3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy" where hygge_now."id" is null;
-- with 'f', 'e', 'main.e', 'intent-l1-8'
update main."hygge_metadata_heads" set id = ?4, epoch = 8, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-8', '{"id":"intent-l1-8","prev":"intent-l1-7","epoch":8,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"7"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-7'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 8, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-8', 'l1', '7'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_8_0_data_{name 1}"; drop table if exists main."hygge_staging_e_8_0_broken_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_8_0_data_{name 1}', 'e_8_0_broken_{name 2}'
COMMIT;

-- ===== store: rows that break a rule, and the open group
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 9, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_9_0_boundary_{name 1}', 'l1'
create table main."hygge_staging_e_9_0_boundary_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_9_0_boundary_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 7, 7
-- again 60cbf6: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.e', 'e_9_0_broken_{name 2}', 'l1'
create table main."hygge_staging_e_9_0_broken_{name 2}" ("part" TEXT, "id" TEXT, "source" TEXT, "rule" TEXT, "column" TEXT, "reason" TEXT, "run" TEXT, "watermark" TEXT, "columns" TEXT, "row" TEXT);
INSERT INTO main."hygge_staging_e_9_0_broken_{name 2}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- with '{id 3}', '{id 4}', null, 'a rule', null, 'why', 'run-9.1', null, '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":8,"mark":null}'
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_9_0_boundary_{name 1}";
select count(*) as n from main."hygge_staging_e_9_0_broken_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
select count(*) as n from main."e" where "mark" = 7;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
delete from main."e" where "mark" = 7;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_e_9_0_boundary_{name 1}" hygge_new;
-- again c212a7: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.e'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.e'
insert into main."hygge_metadata_rejected" (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select ?1, ?2, ?3, ?4, hygge_new.role, hygge_new.of_group, hygge_new."copy", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from main."hygge_staging_e_9_0_broken_{name 2}" p) a) hygge_new left join main."hygge_metadata_rejected" hygge_now on flow = ?1 and entity = ?2 and table_name = ?3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy" where hygge_now."id" is null;
-- with 'f', 'e', 'main.e', 'intent-l1-9'
update main."hygge_metadata_heads" set id = ?4, epoch = 9, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-9', '{"id":"intent-l1-9","prev":"intent-l1-8","epoch":9,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"7"},"boundary":{"rows":1,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-8'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 9, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-9', 'l1', '7'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_9_0_boundary_{name 1}"; drop table if exists main."hygge_staging_e_9_0_broken_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_9_0_boundary_{name 1}', 'e_9_0_broken_{name 2}'
COMMIT;

-- ===== store: columns that change
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 10, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_10_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_10_0_data_{name 1}" ("id" INTEGER, "marked" INTEGER, "more" TEXT);
INSERT INTO main."hygge_staging_e_10_0_data_{name 1}" ("id", "marked", "more") VALUES (?, ?, ?);
-- with 9, 9, 'x'
select count(*) as n0, count("id") as n1, count("marked") as n2, count("more") as n3, CAST((min("marked")) AS TEXT) as n4, CAST((max("marked")) AS TEXT) as n5, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("marked" >> 32) || ' ' || sum("marked" & 4294967295) as sum1, CAST((min("marked")) AS TEXT) as min1, CAST((max("marked")) AS TEXT) as max1, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("more" as blob))) end as sum2 from main."hygge_staging_e_10_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.e'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'e'
alter table main."e" add column "more" TEXT; alter table main."e" rename column "mark" to "marked";
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'e'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'e'
insert into main."e" ("id", "marked", "more") select hygge_new."id", hygge_new."marked", hygge_new."more" from main."hygge_staging_e_10_0_data_{name 1}" hygge_new;
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.e'
update main."hygge_metadata_heads" set id = ?4, epoch = 10, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.e', 'intent-l1-10', '{"id":"intent-l1-10","prev":"intent-l1-9","epoch":10,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"9"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":true},{"name":"marked","type":{"kind":"int64"},"nullable":true},{"name":"more","type":{"kind":"string"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-9'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 10, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.e', 'intent-l1-10', 'l1', '9'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_10_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_10_0_data_{name 1}'
COMMIT;

-- ===== store: a first merge by k and id
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_101_all_7b7b05fe6bb86b8c'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 101, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_101_all_7b7b05fe6bb86b8c', 'l1'
create table main."hygge_staging_e_101_all_7b7b05fe6bb86b8c" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_101_all_7b7b05fe6bb86b8c";
INSERT INTO main."hygge_staging_e_101_all_7b7b05fe6bb86b8c" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'a', 1, 1
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_101_all_7b7b05fe6bb86b8c" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_101_all_7b7b05fe6bb86b8c" where (_rowid_ > 0 and _rowid_ <= 1)) p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.m'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from main."hygge_staging_e_101_all_7b7b05fe6bb86b8c" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_101_all_7b7b05fe6bb86b8c";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."m" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
drop table main."m";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_101_all_7b7b05fe6bb86b8c" rename to "m"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_101_all_7b7b05fe6bb86b8c'
create index if not exists "hygge_key_62c66a7a5dd70c31" on "m" ("k", "id");
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 101, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.m', 'intent-l1-101', '{"id":"intent-l1-101","prev":null,"epoch":101,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 101, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-101', 'l1', '1'
COMMIT;

-- ===== store: a merge by k and id of keys that come twice
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 102, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_102_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_102_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_102_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?);
-- with 'a', 1, 2, 'a', 1, 3, 'b', 2, 2
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_102_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_102_0_data_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'm'
select count(*) as n from main."hygge_staging_e_102_0_data_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
update main."m" as hygge_now set "mark" = hygge_new."mark" from main."hygge_staging_commit_{id 2}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id";
insert into main."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 2}" hygge_new left join main."m" hygge_now on hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" where hygge_now."k" is null;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new left join main."m" hygge_now on hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" where hygge_now."k" is null;
drop table main."hygge_staging_commit_{id 2}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 102, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-102', '{"id":"intent-l1-102","prev":"intent-l1-101","epoch":102,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"3"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-101'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 102, 1, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-102', 'l1', '3'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_102_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_102_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by k and id of rows that are deleted
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 103, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_103_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_103_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_103_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'd', 4, 3
-- again 856d85: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.m', 'e_103_0_deleted_{name 2}', 'l1'
create table main."hygge_staging_e_103_0_deleted_{name 2}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_103_0_deleted_{name 2}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'c', 3, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_103_0_data_{name 1}";
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_103_0_deleted_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_103_0_deleted_{name 2}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'm'
select count(*) as n from main."hygge_staging_e_103_0_data_{name 1}";
select count(*) as n from main."hygge_staging_e_103_0_deleted_{name 2}";
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_103_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_103_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new where 1 = 1;
delete from main."m" as hygge_now where exists (select 1 from main."hygge_staging_commit_{id 4}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from main."m" hygge_now where exists (select 1 from main."hygge_staging_commit_{id 4}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
update main."m" as hygge_now set "mark" = hygge_new."mark" from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id";
insert into main."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 3}" hygge_new left join main."m" hygge_now on hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" where hygge_now."k" is null;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new left join main."m" hygge_now on hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" where hygge_now."k" is null;
drop table main."hygge_staging_commit_{id 3}";
drop table main."hygge_staging_commit_{id 4}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 103, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-103', '{"id":"intent-l1-103","prev":"intent-l1-102","epoch":103,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-102'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 103, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-103', 'l1', '4'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_103_0_data_{name 1}"; drop table if exists main."hygge_staging_e_103_0_deleted_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_103_0_data_{name 1}', 'e_103_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by k and id of deletes alone
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 104, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_104_0_deleted_{name 1}', 'l1'
create table main."hygge_staging_e_104_0_deleted_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_104_0_deleted_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'c', 3, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_104_0_deleted_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1 as one from (select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_104_0_deleted_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'm'
select count(*) as n from main."hygge_staging_e_104_0_deleted_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_104_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_104_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
delete from main."m" as hygge_now where exists (select 1 from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from main."m" hygge_now where exists (select 1 from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again 9acd6e: update main."m" as hygge_now set "mark" = hygge_new."mark" from main."hygge_staging_commit …
-- again fb1e0a: insert into main."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new." …
-- again ce6435: select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new left join main."m" …
drop table main."hygge_staging_commit_{id 2}";
drop table main."hygge_staging_commit_{id 3}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 104, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-104', '{"id":"intent-l1-104","prev":"intent-l1-103","epoch":104,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-103'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 104, 0, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-104', 'l1', '4'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_104_0_deleted_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_104_0_deleted_{name 1}'
COMMIT;

-- ===== store: a merge by k and id of rows that came and went
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 105, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_105_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_105_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_105_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?);
-- with 'd', 4, 3, 'd', 4, 5
-- again ef24a3: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.m', 'e_105_0_deleted_{name 2}', 'l1'
create table main."hygge_staging_e_105_0_deleted_{name 2}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_105_0_deleted_{name 2}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'd', 4, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_105_0_data_{name 1}";
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_105_0_deleted_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_105_0_deleted_{name 2}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'm'
select count(*) as n from main."hygge_staging_e_105_0_data_{name 1}";
select count(*) as n from main."hygge_staging_e_105_0_deleted_{name 2}";
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_105_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new where 1 = 1;
-- again 2e84dc: delete from main."m" as hygge_now where exists (select 1 from main."hygge_staging_commit_{ …
-- again f4e7f3: select count(*) as n from main."m" hygge_now where exists (select 1 from main."hygge_stagi …
-- again 5df2b9: update main."m" as hygge_now set "mark" = hygge_new."mark" from main."hygge_staging_commit …
-- again c657cf: insert into main."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new." …
-- again 5e7e78: select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new left join main."m" …
drop table main."hygge_staging_commit_{id 3}";
drop table main."hygge_staging_commit_{id 4}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 105, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-105', '{"id":"intent-l1-105","prev":"intent-l1-104","epoch":105,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"5"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-104'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 105, 0, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-105', 'l1', '5'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_105_0_data_{name 1}"; drop table if exists main."hygge_staging_e_105_0_deleted_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_105_0_data_{name 1}', 'e_105_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by k and id without a watermark
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 106, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_106_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_106_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_106_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?);
-- with 'a', 1, 2, 'a', 1, 2
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_106_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_106_0_data_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'm'
select count(*) as n from main."hygge_staging_e_106_0_data_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
-- again 9acd6e: update main."m" as hygge_now set "mark" = hygge_new."mark" from main."hygge_staging_commit …
-- again fb1e0a: insert into main."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new." …
-- again ce6435: select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new left join main."m" …
drop table main."hygge_staging_commit_{id 2}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 106, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-106', '{"id":"intent-l1-106","prev":"intent-l1-105","epoch":106,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-105'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 106, 0, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-106', 'l1', null
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_106_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_106_0_data_{name 1}'
COMMIT;

-- ===== store: a full load by k and id
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_107_all_58a7a3362e2d41c8'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 107, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_107_all_58a7a3362e2d41c8', 'l1'
create table main."hygge_staging_e_107_all_58a7a3362e2d41c8" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_107_all_58a7a3362e2d41c8";
INSERT INTO main."hygge_staging_e_107_all_58a7a3362e2d41c8" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'a', 1, 2
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_107_all_58a7a3362e2d41c8" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
select count(*) as n from main."m" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_107_all_58a7a3362e2d41c8" where (_rowid_ > 0 and _rowid_ <= 1)) p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from main."hygge_staging_e_107_all_58a7a3362e2d41c8" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_107_all_58a7a3362e2d41c8";
SELECT 1;
select count(*) as n from main."m" where 1 = 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'm'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'm'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'm'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'm'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'm'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'm'
SELECT (SELECT max(rowid) FROM "m") - (SELECT min(rowid) FROM "m") + 1 AS n;
alter table main."m" rename to "hygge_old_cea1dff3376992f4";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_107_all_58a7a3362e2d41c8" rename to "m"; pragma legacy_alter_table = off; drop table main."hygge_old_cea1dff3376992f4";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_107_all_58a7a3362e2d41c8'
-- again 36423c: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 107, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-107', '{"id":"intent-l1-107","prev":"intent-l1-106","epoch":107,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-106'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 107, 1, 0, 3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-107', 'l1', '2'
COMMIT;

-- ===== store: a full load by k and id of rows that came and went
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_108_all_a12b882ba8e51300'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 108, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_108_all_a12b882ba8e51300', 'l1'
create table main."hygge_staging_e_108_all_a12b882ba8e51300" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_108_all_a12b882ba8e51300";
INSERT INTO main."hygge_staging_e_108_all_a12b882ba8e51300" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?);
-- with 'a', 1, 2, 'd', 4, 3
-- again 4e230e: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.m', 'e_108_0_deleted_{name 1}', 'l1'
create table main."hygge_staging_e_108_0_deleted_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_108_0_deleted_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'd', 4, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_108_0_deleted_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_108_all_a12b882ba8e51300" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
select count(*) as n from main."m" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_108_all_a12b882ba8e51300" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_108_0_deleted_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_108_all_a12b882ba8e51300" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_108_0_deleted_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_108_all_a12b882ba8e51300" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_108_0_deleted_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.m'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT 1;
select count(*) as n from main."m" where 1 = 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'm'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'm'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'm'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'm'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'm'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'm'
SELECT (SELECT max(rowid) FROM "m") - (SELECT min(rowid) FROM "m") + 1 AS n;
alter table main."m" rename to "hygge_old_f9c525441845c45f";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."m" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'm'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'm'
select count(*) as n from main."hygge_staging_e_108_all_a12b882ba8e51300" where _rowid_ > 0 and _rowid_ <= 2;
select count(*) as n from main."hygge_staging_e_108_all_a12b882ba8e51300";
select count(*) as n from main."hygge_staging_e_108_0_deleted_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_108_all_a12b882ba8e51300" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_108_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
insert into main."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 2}" hygge_new;
drop table main."hygge_staging_commit_{id 2}";
drop table main."hygge_old_f9c525441845c45f";
-- again 36423c: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.m'
update main."hygge_metadata_heads" set id = ?4, epoch = 108, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.m', 'intent-l1-108', '{"id":"intent-l1-108","prev":"intent-l1-107","epoch":108,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-107'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 108, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.m', 'intent-l1-108', 'l1', '4'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_108_all_a12b882ba8e51300"; drop table if exists main."hygge_staging_e_108_0_deleted_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_108_all_a12b882ba8e51300', 'e_108_0_deleted_{name 1}'
COMMIT;

-- ===== store: a first merge by id
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_201_all_f7c450b02ff2f571'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 201, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_201_all_f7c450b02ff2f571', 'l1'
create table main."hygge_staging_e_201_all_f7c450b02ff2f571" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_201_all_f7c450b02ff2f571";
INSERT INTO main."hygge_staging_e_201_all_f7c450b02ff2f571" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'a', 1, 1
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_201_all_f7c450b02ff2f571" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_201_all_f7c450b02ff2f571" where (_rowid_ > 0 and _rowid_ <= 1)) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.n'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from main."hygge_staging_e_201_all_f7c450b02ff2f571" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_201_all_f7c450b02ff2f571";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."n" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
drop table main."n";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_201_all_f7c450b02ff2f571" rename to "n"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_201_all_f7c450b02ff2f571'
create index if not exists "hygge_key_1b16b1df538ba12d" on "n" ("id");
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 201, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.n', 'intent-l1-201', '{"id":"intent-l1-201","prev":null,"epoch":201,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 201, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-201', 'l1', '1'
COMMIT;

-- ===== store: a merge by id of keys that come twice
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 202, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_202_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_202_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_202_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?), (?, ?, ?);
-- with 'a', 1, 2, 'a', 1, 3, 'b', 2, 2
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_202_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_202_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'n'
select count(*) as n from main."hygge_staging_e_202_0_data_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
update main."n" as hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from main."hygge_staging_commit_{id 2}" hygge_new where hygge_now."id" = hygge_new."id";
insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 2}" hygge_new left join main."n" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new left join main."n" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
drop table main."hygge_staging_commit_{id 2}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 202, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-202', '{"id":"intent-l1-202","prev":"intent-l1-201","epoch":202,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"3"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-201'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 202, 1, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-202', 'l1', '3'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_202_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_202_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by id of rows that are deleted
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 203, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_203_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_203_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_203_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'd', 4, 3
-- again 0ef787: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.n', 'e_203_0_deleted_{name 2}', 'l1'
create table main."hygge_staging_e_203_0_deleted_{name 2}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_203_0_deleted_{name 2}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'c', 3, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_203_0_data_{name 1}";
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_203_0_deleted_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_203_0_deleted_{name 2}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'n'
select count(*) as n from main."hygge_staging_e_203_0_data_{name 1}";
select count(*) as n from main."hygge_staging_e_203_0_deleted_{name 2}";
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_203_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 4}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_203_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new where 1 = 1;
delete from main."n" as hygge_now where exists (select 1 from main."hygge_staging_commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from main."n" hygge_now where exists (select 1 from main."hygge_staging_commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
update main."n" as hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id";
insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 3}" hygge_new left join main."n" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new left join main."n" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
drop table main."hygge_staging_commit_{id 3}";
drop table main."hygge_staging_commit_{id 4}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 203, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-203', '{"id":"intent-l1-203","prev":"intent-l1-202","epoch":203,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-202'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 203, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-203', 'l1', '4'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_203_0_data_{name 1}"; drop table if exists main."hygge_staging_e_203_0_deleted_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_203_0_data_{name 1}', 'e_203_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by id of deletes alone
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 204, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_204_0_deleted_{name 1}', 'l1'
create table main."hygge_staging_e_204_0_deleted_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_204_0_deleted_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'c', 3, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_204_0_deleted_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1 as one from (select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_204_0_deleted_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'n'
select count(*) as n from main."hygge_staging_e_204_0_deleted_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_204_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_204_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
delete from main."n" as hygge_now where exists (select 1 from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from main."n" hygge_now where exists (select 1 from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again 7f810f: update main."n" as hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from main. …
-- again e574ae: insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new." …
-- again 81bf7c: select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new left join main."n" …
drop table main."hygge_staging_commit_{id 2}";
drop table main."hygge_staging_commit_{id 3}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 204, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-204', '{"id":"intent-l1-204","prev":"intent-l1-203","epoch":204,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-203'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 204, 0, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-204', 'l1', '4'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_204_0_deleted_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_204_0_deleted_{name 1}'
COMMIT;

-- ===== store: a merge by id of rows that came and went
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 205, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_205_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_205_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_205_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?);
-- with 'd', 4, 3, 'd', 4, 5
-- again c722c5: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.n', 'e_205_0_deleted_{name 2}', 'l1'
create table main."hygge_staging_e_205_0_deleted_{name 2}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_205_0_deleted_{name 2}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'd', 4, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_205_0_data_{name 1}";
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_205_0_deleted_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_205_0_deleted_{name 2}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'n'
select count(*) as n from main."hygge_staging_e_205_0_data_{name 1}";
select count(*) as n from main."hygge_staging_e_205_0_deleted_{name 2}";
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 4}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_205_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new where 1 = 1;
-- again af00e8: delete from main."n" as hygge_now where exists (select 1 from main."hygge_staging_commit_{ …
-- again f75b2d: select count(*) as n from main."n" hygge_now where exists (select 1 from main."hygge_stagi …
-- again 92bcfe: update main."n" as hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from main. …
-- again bb66cd: insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new." …
-- again 8ff439: select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new left join main."n" …
drop table main."hygge_staging_commit_{id 3}";
drop table main."hygge_staging_commit_{id 4}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 205, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-205', '{"id":"intent-l1-205","prev":"intent-l1-204","epoch":205,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"5"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-204'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 205, 0, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-205', 'l1', '5'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_205_0_data_{name 1}"; drop table if exists main."hygge_staging_e_205_0_deleted_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_205_0_data_{name 1}', 'e_205_0_deleted_{name 2}'
COMMIT;

-- ===== store: a merge by id without a watermark
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 206, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_206_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_206_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_206_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?);
-- with 'a', 1, 2, 'a', 1, 2
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_206_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_206_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'n'
select count(*) as n from main."hygge_staging_e_206_0_data_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from main."hygge_staging_e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
-- again 7f810f: update main."n" as hygge_now set "k" = hygge_new."k", "mark" = hygge_new."mark" from main. …
-- again e574ae: insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new." …
-- again 81bf7c: select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new left join main."n" …
drop table main."hygge_staging_commit_{id 2}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 206, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-206', '{"id":"intent-l1-206","prev":"intent-l1-205","epoch":206,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-205'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 206, 0, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-206', 'l1', null
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_206_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_206_0_data_{name 1}'
COMMIT;

-- ===== store: a full load by id
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_207_all_052074f61259e43b'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 207, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_207_all_052074f61259e43b', 'l1'
create table main."hygge_staging_e_207_all_052074f61259e43b" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_207_all_052074f61259e43b";
INSERT INTO main."hygge_staging_e_207_all_052074f61259e43b" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'a', 1, 2
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_207_all_052074f61259e43b" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
select count(*) as n from main."n" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_207_all_052074f61259e43b" where (_rowid_ > 0 and _rowid_ <= 1)) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from main."hygge_staging_e_207_all_052074f61259e43b" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_207_all_052074f61259e43b";
SELECT 1;
select count(*) as n from main."n" where 1 = 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'n'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'n'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'n'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'n'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'n'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'n'
SELECT (SELECT max(rowid) FROM "n") - (SELECT min(rowid) FROM "n") + 1 AS n;
alter table main."n" rename to "hygge_old_0f61bd6a81a44ae1";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_207_all_052074f61259e43b" rename to "n"; pragma legacy_alter_table = off; drop table main."hygge_old_0f61bd6a81a44ae1";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_207_all_052074f61259e43b'
-- again 36423c: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 207, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-207', '{"id":"intent-l1-207","prev":"intent-l1-206","epoch":207,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-206'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 207, 1, 0, 3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-207', 'l1', '2'
COMMIT;

-- ===== store: a full load by id of rows that came and went
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_208_all_976d486acb6cea68'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 208, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_208_all_976d486acb6cea68', 'l1'
create table main."hygge_staging_e_208_all_976d486acb6cea68" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_208_all_976d486acb6cea68";
INSERT INTO main."hygge_staging_e_208_all_976d486acb6cea68" ("k", "id", "mark") VALUES (?, ?, ?), (?, ?, ?);
-- with 'a', 1, 2, 'd', 4, 3
-- again f89728: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.n', 'e_208_0_deleted_{name 1}', 'l1'
create table main."hygge_staging_e_208_0_deleted_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_208_0_deleted_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'd', 4, 4
SELECT 1;
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, CAST((min("mark")) AS TEXT) as n4, CAST((max("mark")) AS TEXT) as n5, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_208_0_deleted_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_208_all_976d486acb6cea68" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
select count(*) as n from main."n" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_208_all_976d486acb6cea68" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_208_0_deleted_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_208_all_976d486acb6cea68" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_208_0_deleted_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_208_all_976d486acb6cea68" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_208_0_deleted_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT 1;
select count(*) as n from main."n" where 1 = 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'n'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'n'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'n'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'n'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'n'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'n'
SELECT (SELECT max(rowid) FROM "n") - (SELECT min(rowid) FROM "n") + 1 AS n;
alter table main."n" rename to "hygge_old_313b7c741012e204";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."n" ("k" TEXT not null, "id" INTEGER not null, "mark" INTEGER);
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
select count(*) as n from main."hygge_staging_e_208_all_976d486acb6cea68" where _rowid_ > 0 and _rowid_ <= 2;
select count(*) as n from main."hygge_staging_e_208_all_976d486acb6cea68";
select count(*) as n from main."hygge_staging_e_208_0_deleted_{name 1}";
create table main."hygge_staging_commit_{id 2}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_208_all_976d486acb6cea68" where (_rowid_ > 0 and _rowid_ <= 2)) p union all select "k", "id", "mark", 1 as hygge_gone from main."hygge_staging_e_208_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select count(*) as n from main."hygge_staging_commit_{id 2}" hygge_new where 1 = 1;
insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 2}" hygge_new;
drop table main."hygge_staging_commit_{id 2}";
drop table main."hygge_old_313b7c741012e204";
-- again 36423c: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 208, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-208', '{"id":"intent-l1-208","prev":"intent-l1-207","epoch":208,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-207'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 208, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-208', 'l1', '4'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_208_all_976d486acb6cea68"; drop table if exists main."hygge_staging_e_208_0_deleted_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_208_all_976d486acb6cea68', 'e_208_0_deleted_{name 1}'
COMMIT;

-- ===== store: a commit that was done already
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 209, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_209_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_209_0_data_{name 1}" ("k" TEXT, "id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_209_0_data_{name 1}" ("k", "id", "mark") VALUES (?, ?, ?);
-- with 'z', 9, 9
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("k" as blob))) end as sum0, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum1, CAST((min("id")) AS TEXT) as min1, CAST((max("id")) AS TEXT) as max1, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum2, CAST((min("mark")) AS TEXT) as min2, CAST((max("mark")) AS TEXT) as max2 from main."hygge_staging_e_209_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'n'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'n'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'n'
insert into main."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from main."hygge_staging_e_209_0_data_{name 1}" hygge_new;
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.n'
update main."hygge_metadata_heads" set id = ?4, epoch = 209, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.n', 'intent-l1-209', '{"id":"intent-l1-209","prev":"intent-l1-208","epoch":209,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-208'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 209, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.n', 'intent-l1-209', 'l1', null
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_209_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_209_0_data_{name 1}'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.n'
select inserted, updated, deleted from main."hygge_metadata_commits" where intent_id = ?1;
-- with 'intent-l1-209'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_209_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_209_0_data_{name 1}'
COMMIT;

-- ===== store: every type
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'w'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_300_all_5ca9a800ff2ca1ff'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 300, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.w', 'e_300_all_5ca9a800ff2ca1ff', 'l1'
create table main."hygge_staging_e_300_all_5ca9a800ff2ca1ff" ("id" INTEGER not null, "mark" INTEGER, "a bool" BOOLEAN, "a int8" INTEGER, "a int16" INTEGER, "a int32" INTEGER, "a uint8" INTEGER, "a uint16" INTEGER, "a uint32" INTEGER, "a uint64" DECIMAL_TEXT(20,0), "a float32" REAL, "a float64" REAL, "a string" TEXT, "a binary" BLOB, "a uuid" UUID, "a json" JSON_TEXT, "a date" DATE, "time ms" TIME, "stamp ms" DATETIME(3), "instant ms" TIMESTAMPTZ(3), "time us" TIME, "stamp us" DATETIME, "instant us" TIMESTAMPTZ, "time ns" TIME(9), "stamp ns" DATETIME(9), "instant ns" TIMESTAMPTZ(9), "exact" DECIMAL_TEXT(38,10));
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_300_all_5ca9a800ff2ca1ff";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.w'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, count("a bool") as count2, count("a int8") as count3, count("a int16") as count4, count("a int32") as count5, count("a uint8") as count6, count("a uint16") as count7, count("a uint32") as count8, count("a uint64") as count9, count("a float32") as count10, count("a float64") as count11, count("a string") as count12, count("a binary") as count13, count("a uuid") as count14, count("a json") as count15, count("a date") as count16, count("time ms") as count17, count("stamp ms") as count18, count("instant ms") as count19, count("time us") as count20, count("stamp us") as count21, count("instant us") as count22, count("time ns") as count23, count("stamp ns") as count24, count("instant ns") as count25, count("exact") as count26, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1, sum("a bool") as sum2, min("a float64") as min11, max("a float64") as max11, case when (select encoding from pragma_encoding) = 'UTF-8' then sum(length(cast("a string" as blob))) end as sum12, CAST((min("a date")) AS TEXT) as min16, CAST((max("a date")) AS TEXT) as max16, replace((substr(replace((min("stamp ms")), 'T', ' ') || substr('0000-00-00 00:00:00.000', length((min("stamp ms"))) + 1), 1, 23)), ' ', 'T') as min18, replace((substr(replace((max("stamp ms")), 'T', ' ') || substr('0000-00-00 00:00:00.000', length((max("stamp ms"))) + 1), 1, 23)), ' ', 'T') as max18, replace((CASE WHEN length((min("instant ms"))) > 16 AND substr((min("instant ms")), -6, 1) IN ('+', '-') AND substr((min("instant ms")), -3, 1) = ':' THEN substr(replace((datetime(substr((min("instant ms")), 1, CASE substr((min("instant ms")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((min("instant ms")), -6)) || CASE WHEN substr((min("instant ms")), 20, 1) = '.' THEN substr((min("instant ms")), 20, length((min("instant ms"))) - 25) ELSE '' END), 'T', ' ') || substr('0000-00-00 00:00:00.000', length((datetime(substr((min("instant ms")), 1, CASE substr((min("instant ms")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((min("instant ms")), -6)) || CASE WHEN substr((min("instant ms")), 20, 1) = '.' THEN substr((min("instant ms")), 20, length((min("instant ms"))) - 25) ELSE '' END)) + 1), 1, 23) ELSE substr(replace(rtrim((min("instant ms")), 'Zz'), 'T', ' ') || substr('0000-00-00 00:00:00.000', length(rtrim((min("instant ms")), 'Zz')) + 1), 1, 23) END), ' ', 'T') || 'Z' as min19, replace((CASE WHEN length((max("instant ms"))) > 16 AND substr((max("instant ms")), -6, 1) IN ('+', '-') AND substr((max("instant ms")), -3, 1) = ':' THEN substr(replace((datetime(substr((max("instant ms")), 1, CASE substr((max("instant ms")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((max("instant ms")), -6)) || CASE WHEN substr((max("instant ms")), 20, 1) = '.' THEN substr((max("instant ms")), 20, length((max("instant ms"))) - 25) ELSE '' END), 'T', ' ') || substr('0000-00-00 00:00:00.000', length((datetime(substr((max("instant ms")), 1, CASE substr((max("instant ms")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((max("instant ms")), -6)) || CASE WHEN substr((max("instant ms")), 20, 1) = '.' THEN substr((max("instant ms")), 20, length((max("instant ms"))) - 25) ELSE '' END)) + 1), 1, 23) ELSE substr(replace(rtrim((max("instant ms")), 'Zz'), 'T', ' ') || substr('0000-00-00 00:00:00.000', length(rtrim((max("instant ms")), 'Zz')) + 1), 1, 23) END), ' ', 'T') || 'Z' as max19, replace((substr(replace((min("stamp us")), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length((min("stamp us"))) + 1), 1, 26)), ' ', 'T') as min21, replace((substr(replace((max("stamp us")), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length((max("stamp us"))) + 1), 1, 26)), ' ', 'T') as max21, replace((CASE WHEN length((min("instant us"))) > 16 AND substr((min("instant us")), -6, 1) IN ('+', '-') AND substr((min("instant us")), -3, 1) = ':' THEN substr(replace((datetime(substr((min("instant us")), 1, CASE substr((min("instant us")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((min("instant us")), -6)) || CASE WHEN substr((min("instant us")), 20, 1) = '.' THEN substr((min("instant us")), 20, length((min("instant us"))) - 25) ELSE '' END), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length((datetime(substr((min("instant us")), 1, CASE substr((min("instant us")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((min("instant us")), -6)) || CASE WHEN substr((min("instant us")), 20, 1) = '.' THEN substr((min("instant us")), 20, length((min("instant us"))) - 25) ELSE '' END)) + 1), 1, 26) ELSE substr(replace(rtrim((min("instant us")), 'Zz'), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length(rtrim((min("instant us")), 'Zz')) + 1), 1, 26) END), ' ', 'T') || 'Z' as min22, replace((CASE WHEN length((max("instant us"))) > 16 AND substr((max("instant us")), -6, 1) IN ('+', '-') AND substr((max("instant us")), -3, 1) = ':' THEN substr(replace((datetime(substr((max("instant us")), 1, CASE substr((max("instant us")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((max("instant us")), -6)) || CASE WHEN substr((max("instant us")), 20, 1) = '.' THEN substr((max("instant us")), 20, length((max("instant us"))) - 25) ELSE '' END), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length((datetime(substr((max("instant us")), 1, CASE substr((max("instant us")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((max("instant us")), -6)) || CASE WHEN substr((max("instant us")), 20, 1) = '.' THEN substr((max("instant us")), 20, length((max("instant us"))) - 25) ELSE '' END)) + 1), 1, 26) ELSE substr(replace(rtrim((max("instant us")), 'Zz'), 'T', ' ') || substr('0000-00-00 00:00:00.000000', length(rtrim((max("instant us")), 'Zz')) + 1), 1, 26) END), ' ', 'T') || 'Z' as max22, replace((substr(replace((min("stamp ns")), 'T', ' ') || substr('0000-00-00 00:00:00.000000000', length((min("stamp ns"))) + 1), 1, 29)), ' ', 'T') as min24, replace((substr(replace((max("stamp ns")), 'T', ' ') || substr('0000-00-00 00:00:00.000000000', length((max("stamp ns"))) + 1), 1, 29)), ' ', 'T') as max24, replace((CASE WHEN length((min("instant ns"))) > 16 AND substr((min("instant ns")), -6, 1) IN ('+', '-') AND substr((min("instant ns")), -3, 1) = ':' THEN substr(replace((datetime(substr((min("instant ns")), 1, CASE substr((min("instant ns")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((min("instant ns")), -6)) || CASE WHEN substr((min("instant ns")), 20, 1) = '.' THEN substr((min("instant ns")), 20, length((min("instant ns"))) - 25) ELSE '' END), 'T', ' ') || substr('0000-00-00 00:00:00.000000000', length((datetime(substr((min("instant ns")), 1, CASE substr((min("instant ns")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((min("instant ns")), -6)) || CASE WHEN substr((min("instant ns")), 20, 1) = '.' THEN substr((min("instant ns")), 20, length((min("instant ns"))) - 25) ELSE '' END)) + 1), 1, 29) ELSE substr(replace(rtrim((min("instant ns")), 'Zz'), 'T', ' ') || substr('0000-00-00 00:00:00.000000000', length(rtrim((min("instant ns")), 'Zz')) + 1), 1, 29) END), ' ', 'T') || 'Z' as min25, replace((CASE WHEN length((max("instant ns"))) > 16 AND substr((max("instant ns")), -6, 1) IN ('+', '-') AND substr((max("instant ns")), -3, 1) = ':' THEN substr(replace((datetime(substr((max("instant ns")), 1, CASE substr((max("instant ns")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((max("instant ns")), -6)) || CASE WHEN substr((max("instant ns")), 20, 1) = '.' THEN substr((max("instant ns")), 20, length((max("instant ns"))) - 25) ELSE '' END), 'T', ' ') || substr('0000-00-00 00:00:00.000000000', length((datetime(substr((max("instant ns")), 1, CASE substr((max("instant ns")), 17, 1) WHEN ':' THEN 19 ELSE 16 END) || substr((max("instant ns")), -6)) || CASE WHEN substr((max("instant ns")), 20, 1) = '.' THEN substr((max("instant ns")), 20, length((max("instant ns"))) - 25) ELSE '' END)) + 1), 1, 29) ELSE substr(replace(rtrim((max("instant ns")), 'Zz'), 'T', ' ') || substr('0000-00-00 00:00:00.000000000', length(rtrim((max("instant ns")), 'Zz')) + 1), 1, 29) END), ' ', 'T') || 'Z' as max25 from main."hygge_staging_e_300_all_5ca9a800ff2ca1ff" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.w'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'w'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.w'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.w'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.w'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'w'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("id") as n0, count("mark") as n1, count("a bool") as n2, count("a int8") as n3, count("a int16") as n4, count("a int32") as n5, count("a uint8") as n6, count("a uint16") as n7, count("a uint32") as n8, count("a uint64") as n9, count("a float32") as n10, count("a float64") as n11, count("a string") as n12, count("a binary") as n13, count("a uuid") as n14, count("a json") as n15, count("a date") as n16, count("time ms") as n17, count("stamp ms") as n18, count("instant ms") as n19, count("time us") as n20, count("stamp us") as n21, count("instant us") as n22, count("time ns") as n23, count("stamp ns") as n24, count("instant ns") as n25, count("exact") as n26 from main."hygge_staging_e_300_all_5ca9a800ff2ca1ff" where _rowid_ > 0 and _rowid_ <= 0;
select count(*) as n from main."hygge_staging_e_300_all_5ca9a800ff2ca1ff";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."w" ("id" INTEGER not null, "mark" INTEGER, "a bool" BOOLEAN, "a int8" INTEGER, "a int16" INTEGER, "a int32" INTEGER, "a uint8" INTEGER, "a uint16" INTEGER, "a uint32" INTEGER, "a uint64" DECIMAL_TEXT(20,0), "a float32" REAL, "a float64" REAL, "a string" TEXT, "a binary" BLOB, "a uuid" UUID, "a json" JSON_TEXT, "a date" DATE, "time ms" TIME, "stamp ms" DATETIME(3), "instant ms" TIMESTAMPTZ(3), "time us" TIME, "stamp us" DATETIME, "instant us" TIMESTAMPTZ, "time ns" TIME(9), "stamp ns" DATETIME(9), "instant ns" TIMESTAMPTZ(9), "exact" DECIMAL_TEXT(38,10));
drop table main."w";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_300_all_5ca9a800ff2ca1ff" rename to "w"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_300_all_5ca9a800ff2ca1ff'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.w'
update main."hygge_metadata_heads" set id = ?4, epoch = 300, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.w', 'intent-l1-300', '{"id":"intent-l1-300","prev":null,"epoch":300,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true},{"name":"a bool","type":{"kind":"bool"},"nullable":true},{"name":"a int8","type":{"kind":"int8"},"nullable":true},{"name":"a int16","type":{"kind":"int16"},"nullable":true},{"name":"a int32","type":{"kind":"int32"},"nullable":true},{"name":"a uint8","type":{"kind":"uint8"},"nullable":true},{"name":"a uint16","type":{"kind":"uint16"},"nullable":true},{"name":"a uint32","type":{"kind":"uint32"},"nullable":true},{"name":"a uint64","type":{"kind":"uint64"},"nullable":true},{"name":"a float32","type":{"kind":"float32"},"nullable":true},{"name":"a float64","type":{"kind":"float64"},"nullable":true},{"name":"a string","type":{"kind":"string"},"nullable":true},{"name":"a binary","type":{"kind":"binary"},"nullable":true},{"name":"a uuid","type":{"kind":"uuid"},"nullable":true},{"name":"a json","type":{"kind":"json"},"nullable":true},{"name":"a date","type":{"kind":"date"},"nullable":true},{"name":"time ms","type":{"kind":"time","unit":"ms"},"nullable":true},{"name":"stamp ms","type":{"kind":"timestamp","unit":"ms"},"nullable":true},{"name":"instant ms","type":{"kind":"timestamp","unit":"ms","zone":"UTC"},"nullable":true},{"name":"time us","type":{"kind":"time","unit":"us"},"nullable":true},{"name":"stamp us","type":{"kind":"timestamp","unit":"us"},"nullable":true},{"name":"instant us","type":{"kind":"timestamp","unit":"us","zone":"UTC"},"nullable":true},{"name":"time ns","type":{"kind":"time","unit":"ns"},"nullable":true},{"name":"stamp ns","type":{"kind":"timestamp","unit":"ns"},"nullable":true},{"name":"instant ns","type":{"kind":"timestamp","unit":"ns","zone":"UTC"},"nullable":true},{"name":"exact","type":{"kind":"decimal","precision":38,"scale":10},"nullable":true}]},"rows":0,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 300, 0, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.w', 'intent-l1-300', 'l1', null
COMMIT;

-- ===== store: many rows that break a rule
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_401_all_3b0f57557cf2305d'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 401, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_401_all_3b0f57557cf2305d', 'l1'
create table main."hygge_staging_e_401_all_3b0f57557cf2305d" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_401_all_3b0f57557cf2305d";
INSERT INTO main."hygge_staging_e_401_all_3b0f57557cf2305d" ("id", "mark") VALUES (?, ?);
-- with 1, 9
-- again a14543: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.q', 'e_401_0_broken_{name 1}', 'l1'
create table main."hygge_staging_e_401_0_broken_{name 1}" ("part" TEXT, "id" TEXT, "source" TEXT, "rule" TEXT, "column" TEXT, "reason" TEXT, "run" TEXT, "watermark" TEXT, "columns" TEXT, "row" TEXT);
INSERT INTO main."hygge_staging_e_401_0_broken_{name 1}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- with '{id 2}', '{id 3}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":0,"mark":1}', '{id 2}', '{id 4}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":1,"mark":1}', '{id 2}', '{id 5}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":2,"mark":1}', '{id 2}', '{id 6}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":3,"mark":1}', '{id 2}', '{id 7}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":4,"mark":1}', '{id 2}', '{id 8}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":5,"mark":1}', '{id 2}', '{id 9}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":6,"mark":1}', '{id 2}', '{id 10}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":7,"mark":1}', '{id 2}', '{id 11}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":8,"mark":1}', '{id 2}', '{id 12}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":9,"mark":1}', '{id 2}', '{id 13}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":10,"mark":1}', '{id 2}', '{id 14}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":11,"mark":1}', '{id 2}', '{id 15}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":12,"mark":1}', '{id 2}', '{id 16}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":13,"mark":1}', '{id 2}', '{id 17}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":14,"mark":1}', '{id 2}', '{id 18}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":15,"mark":1}', '{id 2}', '{id 19}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":16,"mark":1}', '{id 2}', '{id 20}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":17,"mark":1}', '{id 2}', '{id 21}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":18,"mark":1}', '{id 2}', '{id 22}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":19,"mark":1}', '{id 2}', '{id 23}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":20,"mark":1}', '{id 2}', '{id 24}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":21,"mark":1}', '{id 2}', '{id 25}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":22,"mark":1}', '{id 2}', '{id 26}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":23,"mark":1}', '{id 2}', '{id 27}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":24,"mark":1}', '{id 2}', '{id 28}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":25,"mark":1}', '{id 2}', '{id 29}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":26,"mark":1}', '{id 2}', '{id 30}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":27,"mark":1}', '{id 2}', '{id 31}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":28,"mark":1}', '{id 2}', '{id 32}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":29,"mark":1}', '{id 2}', '{id 33}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":30,"mark":1}', '{id 2}', '{id 34}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":31,"mark":1}', '{id 2}', '{id 35}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":32,"mark":1}', '{id 2}', '{id 36}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":33,"mark":1}', '{id 2}', '{id 37}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":34,"mark":1}', '{id 2}', '{id 38}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":35,"mark":1}', '{id 2}', '{id 39}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":36,"mark":1}', '{id 2}', '{id 40}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":37,"mark":1}', '{id 2}', '{id 41}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":38,"mark":1}', '{id 2}', '{id 42}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":39,"mark":1}', '{id 2}', '{id 43}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":40,"mark":1}', '{id 2}', '{id 44}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":41,"mark":1}', '{id 2}', '{id 45}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":42,"mark":1}', '{id 2}', '{id 46}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":43,"mark":1}', '{id 2}', '{id 47}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":44,"mark":1}', '{id 2}', '{id 48}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":45,"mark":1}', '{id 2}', '{id 49}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":46,"mark":1}', '{id 2}', '{id 50}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":47,"mark":1}', '{id 2}', '{id 51}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":48,"mark":1}', '{id 2}', '{id 52}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":49,"mark":1}'
INSERT INTO main."hygge_staging_e_401_0_broken_{name 1}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- with '{id 2}', '{id 53}', null, 'a rule', null, 'why', 'run-401.1', '1', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":500,"mark":1}'
SELECT 1;
select count(*) as n from main."hygge_staging_e_401_0_broken_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_401_all_3b0f57557cf2305d" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from (select * from main."hygge_staging_e_401_all_3b0f57557cf2305d" where (_rowid_ > 0 and _rowid_ <= 1)) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.q'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("id") as n0, count("mark") as n1 from main."hygge_staging_e_401_all_3b0f57557cf2305d" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_401_all_3b0f57557cf2305d";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."q" ("id" INTEGER not null, "mark" INTEGER);
drop table main."q";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_401_all_3b0f57557cf2305d" rename to "q"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_401_all_3b0f57557cf2305d'
create index if not exists "hygge_key_8e35c2cd3bf6641b" on "q" ("id");
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.q'
insert into main."hygge_metadata_rejected" (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select ?1, ?2, ?3, ?4, hygge_new.role, hygge_new.of_group, hygge_new."copy", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from main."hygge_staging_e_401_0_broken_{name 1}" p) a) hygge_new left join main."hygge_metadata_rejected" hygge_now on flow = ?1 and entity = ?2 and table_name = ?3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy" where hygge_now."id" is null;
-- with 'f', 'e', 'main.q', 'intent-l1-401'
update main."hygge_metadata_heads" set id = ?4, epoch = 401, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.q', 'intent-l1-401', '{"id":"intent-l1-401","prev":null,"epoch":401,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"9"},"boundary":{"rows":0,"hash":"{id 54}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 401, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.q', 'intent-l1-401', 'l1', '9'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_401_0_broken_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_401_0_broken_{name 1}'
COMMIT;

-- ===== store: rows of the open group that break a rule
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 402, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_402_0_broken_{name 1}', 'l1'
create table main."hygge_staging_e_402_0_broken_{name 1}" ("part" TEXT, "id" TEXT, "source" TEXT, "rule" TEXT, "column" TEXT, "reason" TEXT, "run" TEXT, "watermark" TEXT, "columns" TEXT, "row" TEXT);
INSERT INTO main."hygge_staging_e_402_0_broken_{name 1}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- with '{id 2}', '{id 3}', null, 'a rule', null, 'why', 'run-402.1', '2', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":8,"mark":2}'
SELECT 1;
select count(*) as n from main."hygge_staging_e_402_0_broken_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'q'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.q'
update main."hygge_metadata_rejected" set of_group = 1 where flow = ?1 and entity = ?2 and table_name = ?3 and of_group = 0 and "id" in (select "id" from main."hygge_staging_e_402_0_broken_{name 1}");
-- with 'f', 'e', 'main.q'
insert into main."hygge_metadata_rejected" (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select ?1, ?2, ?3, ?4, hygge_new.role, hygge_new.of_group, hygge_new."copy", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 1 as of_group from main."hygge_staging_e_402_0_broken_{name 1}" p) a) hygge_new left join main."hygge_metadata_rejected" hygge_now on flow = ?1 and entity = ?2 and table_name = ?3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy" where hygge_now."id" is null;
-- with 'f', 'e', 'main.q', 'intent-l1-402'
update main."hygge_metadata_heads" set id = ?4, epoch = 402, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.q', 'intent-l1-402', '{"id":"intent-l1-402","prev":"intent-l1-401","epoch":402,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-401'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 402, 0, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.q', 'intent-l1-402', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_402_0_broken_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_402_0_broken_{name 1}'
COMMIT;

-- ===== store: a look at the quarantine
BEGIN;
SELECT 1;
select count(*) as n from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
select "part" as n_part, of_group as n_group, min(intent_id) as n_first, count(*) as n, min("role") as n_role, min("run") as n_run, min("source") as n_source, min("columns") as n_columns from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and "part" is not null group by "part", of_group;
-- with 'f', 'e', 'main.q'
select role as n_role, of_group as n_group, count(*) as n from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and "part" is null group by role, of_group;
-- with 'f', 'e', 'main.q'
COMMIT;
BEGIN;
SELECT 1;
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and "part" = ?4 and of_group = 0 order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'main.q', '{id 1}'
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and "part" = ?4 and of_group = 0 and ("id" > ?5 or ("id" = ?5 and "copy" > 1)) order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'main.q', '{id 1}', '{id 2}'
COMMIT;
BEGIN;
SELECT 1;
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and "part" = ?4 and of_group = 1 order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'main.q', '{id 3}'
COMMIT;

-- ===== store: rows that leave the quarantine
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 403, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_403_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_403_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_403_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 1
-- again 273eea: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.q', 'e_403_0_broken_{name 2}', 'l1'
create table main."hygge_staging_e_403_0_broken_{name 2}" ("part" TEXT, "id" TEXT, "source" TEXT, "rule" TEXT, "column" TEXT, "reason" TEXT, "run" TEXT, "watermark" TEXT, "columns" TEXT, "row" TEXT);
INSERT INTO main."hygge_staging_e_403_0_broken_{name 2}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- with '{id 3}', '{id 4}', null, 'a rule', null, 'why', 'run-403.1', '2', '{"version":1,"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]}', '{"id":8,"mark":2}'
SELECT 1;
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_403_0_data_{name 1}";
SELECT 1;
select count(*) as n from main."hygge_staging_e_403_0_broken_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'hygge_metadata_rejected'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'hygge_metadata_rejected'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_403_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_403_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from main."q" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."mark" is not null and (hygge_new."mark" is null or hygge_now."mark" > hygge_new."mark"));
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'q'
select count(*) as n from main."hygge_staging_e_403_0_data_{name 1}";
create table main."hygge_staging_commit_{id 5}" as select * from (select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_403_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from main."q" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."mark" is not null and (hygge_new."mark" is null or hygge_now."mark" > hygge_new."mark"))) k;
select count(*) as n from main."hygge_staging_commit_{id 5}" hygge_new where 1 = 1;
update main."q" as hygge_now set "mark" = hygge_new."mark" from main."hygge_staging_commit_{id 5}" hygge_new where hygge_now."id" = hygge_new."id";
insert into main."q" ("id", "mark") select hygge_new."id", hygge_new."mark" from main."hygge_staging_commit_{id 5}" hygge_new left join main."q" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
select count(*) as n from main."hygge_staging_commit_{id 5}" hygge_new left join main."q" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
drop table main."hygge_staging_commit_{id 5}";
delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and of_group = 0 and "part" = ?4;
-- with 'f', 'e', 'main.q', '{id 6}'
delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and of_group = 1 and "part" = ?4;
-- with 'f', 'e', 'main.q', '{id 7}'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.q'
insert into main."hygge_metadata_rejected" (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select ?1, ?2, ?3, ?4, hygge_new.role, hygge_new.of_group, hygge_new."copy", strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from main."hygge_staging_e_403_0_broken_{name 2}" p) a) hygge_new left join main."hygge_metadata_rejected" hygge_now on flow = ?1 and entity = ?2 and table_name = ?3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy" where hygge_now."id" is null;
-- with 'f', 'e', 'main.q', 'intent-l1-403'
update main."hygge_metadata_heads" set id = ?4, epoch = 403, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.q', 'intent-l1-403', '{"id":"intent-l1-403","prev":"intent-l1-402","epoch":403,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 8}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-402'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 403, 0, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.q', 'intent-l1-403', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_403_0_data_{name 1}"; drop table if exists main."hygge_staging_e_403_0_broken_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_403_0_data_{name 1}', 'e_403_0_broken_{name 2}'
COMMIT;

-- ===== store: three ranges
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 404, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_404_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_404_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_404_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 2
SELECT 1;
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_404_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
select count(*) as n from main."q" where 1 = 1;
select count(*) as n from main."q" where ((("mark" >= 2 and "mark" < 3) or ("mark" >= 4 and "mark" < 5)) or (("mark" >= 6 and "mark" < 7)));
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_404_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.q'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'q'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'q'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'q'
delete from main."q" where ((("mark" >= 2 and "mark" < 3) or ("mark" >= 4 and "mark" < 5)) or (("mark" >= 6 and "mark" < 7)));
select count(*) as n from main."hygge_staging_e_404_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
update main."q" as hygge_now set "mark" = hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where hygge_now."id" = hygge_new."id";
insert into main."q" ("id", "mark") select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new left join main."q" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new left join main."q" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name = ?3 and role <> 'correction' and (((cast(watermark as INTEGER) >= 2 and cast(watermark as INTEGER) < 3) or (cast(watermark as INTEGER) >= 4 and cast(watermark as INTEGER) < 5)) or ((cast(watermark as INTEGER) >= 6 and cast(watermark as INTEGER) < 7)));
-- with 'f', 'e', 'main.q'
select count(*) as n from main."q" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 404, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.q', 'intent-l1-404', '{"id":"intent-l1-404","prev":"intent-l1-403","epoch":404,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-403'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 404, 0, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.q', 'intent-l1-404', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_404_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_404_0_data_{name 1}'
COMMIT;

-- ===== store: a look at rows of others
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'b'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'b'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'b'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'b'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'b'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'b'
SELECT (SELECT max(rowid) FROM "b") - (SELECT min(rowid) FROM "b") + 1 AS n;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT 1 as one from main."b" LIMIT 1;
select flow, entity, head from main."hygge_metadata_heads" where table_name = ?3 and head is not null and not (flow = ?1 and entity = ?2);
-- with 'f', 'e', 'main.b'
COMMIT;

-- ===== store: rows next to those of others
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 501, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_501_0_boundary_{name 1}', 'l1'
create table main."hygge_staging_e_501_0_boundary_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_501_0_boundary_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_501_0_boundary_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end) as n1 from main."hygge_staging_e_501_0_boundary_{name 1}" hygge_new;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.b'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'b'
SELECT 1;
-- again 78850a: select flow, entity, head from main."hygge_metadata_heads" where table_name = ?3 and head …
-- with 'f', 'e', 'main.b'
-- again b6a4da: select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end …
select count(*) as n from main."b" where 1 = 1;
insert into main."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e' from main."hygge_staging_e_501_0_boundary_{name 1}" hygge_new;
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.b'
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 501, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.b', 'intent-l1-501', '{"id":"intent-l1-501","prev":null,"epoch":501,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 501, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.b', 'intent-l1-501', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_501_0_boundary_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_501_0_boundary_{name 1}'
COMMIT;

-- ===== store: the open group next to those of others
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 502, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_502_0_boundary_{name 1}', 'l1'
create table main."hygge_staging_e_502_0_boundary_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_502_0_boundary_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_502_0_boundary_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end) as n1 from main."hygge_staging_e_502_0_boundary_{name 1}" hygge_new;
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e' and "mark" = 2;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'b'
delete from main."b" where "loaded_by" COLLATE BINARY = 'f.e' and "mark" = 2;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
-- again 568411: select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end …
insert into main."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e' from main."hygge_staging_e_502_0_boundary_{name 1}" hygge_new;
-- again c212a7: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.b'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.b'
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 502, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.b', 'intent-l1-502', '{"id":"intent-l1-502","prev":"intent-l1-501","epoch":502,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-501'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 502, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.b', 'intent-l1-502', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_502_0_boundary_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_502_0_boundary_{name 1}'
COMMIT;

-- ===== store: a range next to those of others
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 503, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_503_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_503_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_503_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 1
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_503_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end) as n1 from main."hygge_staging_e_503_0_data_{name 1}" hygge_new;
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e' and "mark" >= 1 and "mark" < 3;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'b'
delete from main."b" where "loaded_by" COLLATE BINARY = 'f.e' and "mark" >= 1 and "mark" < 3;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
-- again 750082: select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end …
insert into main."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e' from main."hygge_staging_e_503_0_data_{name 1}" hygge_new;
-- again 257d2f: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.b'
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 503, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.b', 'intent-l1-503', '{"id":"intent-l1-503","prev":"intent-l1-502","epoch":503,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-502'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 503, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.b', 'intent-l1-503', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_503_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_503_0_data_{name 1}'
COMMIT;

-- ===== store: a merge next to those of others
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 504, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_504_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_504_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_504_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 2
-- again 21b720: insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, …
-- with 'f', 'e', 'main.b', 'e_504_0_deleted_{name 2}', 'l1'
create table main."hygge_staging_e_504_0_deleted_{name 2}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_504_0_deleted_{name 2}" ("id", "mark") VALUES (?, ?);
-- with 2, 2
SELECT 1;
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_504_0_data_{name 1}";
SELECT 1;
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_504_0_deleted_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end) as n1 from main."hygge_staging_e_504_0_data_{name 1}" hygge_new;
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from main."hygge_staging_e_504_0_deleted_{name 2}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'b'
-- again 2d8a86: select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end …
select count(*) as n from main."hygge_staging_e_504_0_data_{name 1}";
select count(*) as n from main."hygge_staging_e_504_0_deleted_{name 2}";
create table main."hygge_staging_commit_{id 3}" as select * from (select distinct "id", "mark" from (select "id", "mark", hygge_gone from (select "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from main."hygge_staging_e_504_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
create table main."hygge_staging_commit_{id 4}" as select * from (select distinct "id", "mark" from (select "id", "mark", hygge_gone from (select "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "id", "mark", 0 as hygge_gone from main."hygge_staging_e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from main."hygge_staging_e_504_0_deleted_{name 2}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new where 1 = 1;
delete from main."b" as hygge_now where exists (select 1 from main."hygge_staging_commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark")) and hygge_now."loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" hygge_now where exists (select 1 from main."hygge_staging_commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark")) and hygge_now."loaded_by" COLLATE BINARY = 'f.e';
update main."b" as hygge_now set "mark" = hygge_new."mark", "loaded_by" = 'f.e' from main."hygge_staging_commit_{id 3}" hygge_new where hygge_now."id" = hygge_new."id" and hygge_now."loaded_by" COLLATE BINARY = 'f.e';
insert into main."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e' from main."hygge_staging_commit_{id 3}" hygge_new left join main."b" hygge_now on hygge_now."id" = hygge_new."id" where hygge_now."id" is null;
select count(*) as n from main."hygge_staging_commit_{id 3}" hygge_new left join main."b" hygge_now on hygge_now."id" = hygge_new."id" and hygge_now."loaded_by" COLLATE BINARY = 'f.e' where hygge_now."id" is null;
drop table main."hygge_staging_commit_{id 3}";
drop table main."hygge_staging_commit_{id 4}";
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.b'
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 504, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.b', 'intent-l1-504', '{"id":"intent-l1-504","prev":"intent-l1-503","epoch":504,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-503'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 504, 0, 1, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.b', 'intent-l1-504', 'l1', '2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_504_0_data_{name 1}"; drop table if exists main."hygge_staging_e_504_0_deleted_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1, ?2);
-- with 'e_504_0_data_{name 1}', 'e_504_0_deleted_{name 2}'
COMMIT;

-- ===== store: a full load next to those of others
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 505, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_505_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_505_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_505_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 1
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_505_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end) as n1 from main."hygge_staging_e_505_0_data_{name 1}" hygge_new;
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'b'
delete from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
-- again 7bf383: select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end …
insert into main."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e' from main."hygge_staging_e_505_0_data_{name 1}" hygge_new;
-- again 36423c: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.b'
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 505, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.b', 'intent-l1-505', '{"id":"intent-l1-505","prev":"intent-l1-504","epoch":505,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-504'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 505, 1, 0, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.b', 'intent-l1-505', 'l1', '1'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_505_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_505_0_data_{name 1}'
COMMIT;

-- ===== store: three ranges next to those of others
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 506, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_506_0_data_{name 1}', 'l1'
create table main."hygge_staging_e_506_0_data_{name 1}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_506_0_data_{name 1}" ("id", "mark") VALUES (?, ?);
-- with 1, 2
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_506_0_data_{name 1}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end) as n1 from main."hygge_staging_e_506_0_data_{name 1}" hygge_new;
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e' and ((("mark" >= 2 and "mark" < 3) or ("mark" >= 4 and "mark" < 5)) or (("mark" >= 6 and "mark" < 7)));
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?1) ORDER BY name;
-- with 'b'
delete from main."b" where "loaded_by" COLLATE BINARY = 'f.e' and ((("mark" >= 2 and "mark" < 3) or ("mark" >= 4 and "mark" < 5)) or (("mark" >= 6 and "mark" < 7)));
-- again afe975: select sum(case when 1 = 0 then 1 else 0 end) as n0, sum(case when 1 = 0 then 1 else 0 end …
insert into main."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e' from main."hygge_staging_e_506_0_data_{name 1}" hygge_new;
-- again 012497: delete from main."hygge_metadata_rejected" where flow = ?1 and entity = ?2 and table_name …
-- with 'f', 'e', 'main.b'
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
select count(*) as n from main."b" where 1 = 1;
update main."hygge_metadata_heads" set id = ?4, epoch = 506, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.b', 'intent-l1-506', '{"id":"intent-l1-506","prev":"intent-l1-505","epoch":506,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":1}', 'f.e', 'intent-l1-505'
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 506, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.b', 'intent-l1-506', 'l1', '1'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_506_0_data_{name 1}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_506_0_data_{name 1}'
COMMIT;

-- ===== store: a look at what is beside
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.b'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'b'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'b'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'b'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'b'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'b'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'b'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'b'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'b'
SELECT (SELECT max(rowid) FROM "b") - (SELECT min(rowid) FROM "b") + 1 AS n;
select count(*) as n from main."b" where 1 = 1;
select count(*) as n from main."b" where "loaded_by" COLLATE BINARY = 'f.e';
COMMIT;

-- ===== store: an attempt that no one finishes, and the sweep
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 's'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_700_all_d29d32f820e309f4'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 700, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.s', 'e_700_all_d29d32f820e309f4', 'l1'
create table main."hygge_staging_e_700_all_d29d32f820e309f4" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_700_all_d29d32f820e309f4";
INSERT INTO main."hygge_staging_e_700_all_d29d32f820e309f4" ("id", "mark") VALUES (?, ?);
-- with 1, 1
COMMIT;
BEGIN;
SELECT 1;
select name, epoch from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3 and lineage = ?4 and epoch < 701;
-- with 'f', 'e', 'main.s', 'l1'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_700_all_d29d32f820e309f4";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_700_all_d29d32f820e309f4'
COMMIT;

-- ===== store: a commit that is given up
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_710_all_f4216d23468d8b69'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 710, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.g', 'e_710_all_f4216d23468d8b69', 'l1'
create table main."hygge_staging_e_710_all_f4216d23468d8b69" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_710_all_f4216d23468d8b69";
INSERT INTO main."hygge_staging_e_710_all_f4216d23468d8b69" ("id", "mark") VALUES (?, ?);
-- with 1, 1
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_710_all_f4216d23468d8b69" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.g'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g'
update main."hygge_metadata_heads" set id = ?4, epoch = 710, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.g', 'refused-intent-l1-710', '{"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":null,"schema":null,"rows":0,"nothing":true,"id":"refused-intent-l1-710","prev":null,"epoch":710,"reason":{"code":"HYG-4003","reason":"no"}}', null
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_710_all_f4216d23468d8b69";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_710_all_f4216d23468d8b69'
COMMIT;

-- ===== store: a commit that is given up by force
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g2'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_720_all_1672f7781399ab91'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 720, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.g2', 'e_720_all_1672f7781399ab91', 'l1'
create table main."hygge_staging_e_720_all_1672f7781399ab91" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_720_all_1672f7781399ab91";
INSERT INTO main."hygge_staging_e_720_all_1672f7781399ab91" ("id", "mark") VALUES (?, ?);
-- with 1, 1
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_720_all_1672f7781399ab91" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.g2'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g2'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("id") as n0, count("mark") as n1 from main."hygge_staging_e_720_all_1672f7781399ab91" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_720_all_1672f7781399ab91";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."g2" ("id" INTEGER not null, "mark" INTEGER);
drop table main."g2";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_720_all_1672f7781399ab91" rename to "g2"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_720_all_1672f7781399ab91'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.g2'
update main."hygge_metadata_heads" set id = ?4, epoch = 720, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.g2', 'intent-l1-720', '{"id":"intent-l1-720","prev":null,"epoch":720,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 720, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.g2', 'intent-l1-720', 'l1', '1'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g2'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'g2'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 721, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.g2', 'e_721_0_data_{name 2}', 'l1'
create table main."hygge_staging_e_721_0_data_{name 2}" ("id" INTEGER, "mark" INTEGER);
INSERT INTO main."hygge_staging_e_721_0_data_{name 2}" ("id", "mark") VALUES (?, ?);
-- with 1, 1
select count(*) as n0, count("id") as n1, count("mark") as n2, CAST((min("mark")) AS TEXT) as n3, CAST((max("mark")) AS TEXT) as n4, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_721_0_data_{name 2}";
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'g2'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'g2'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.g2'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.g2'
update main."hygge_metadata_heads" set id = ?4, epoch = 721, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.g2', 'refused-intent-l1-721', '{"id":"refused-intent-l1-721","prev":"intent-l1-720","epoch":721,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0,"reason":{"code":"HYG-4003","reason":"no"}}', null, 'intent-l1-720'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT 1; drop table if exists main."hygge_staging_e_721_0_data_{name 2}";
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_721_0_data_{name 2}'
COMMIT;

-- ===== store: a reset
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'r'
select 1 as one from main."hygge_metadata_staged" where name = ?1;
-- with 'e_730_all_6b531fc60a4297d6'
insert into main."hygge_metadata_staged" (flow, entity, table_name, name, lineage, epoch, "at") values (?1, ?2, ?3, ?4, ?5, 730, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) on conflict do nothing;
-- with 'f', 'e', 'main.r', 'e_730_all_6b531fc60a4297d6', 'l1'
create table main."hygge_staging_e_730_all_6b531fc60a4297d6" ("id" INTEGER not null, "mark" INTEGER);
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
select coalesce(max(_rowid_), 0) as last from main."hygge_staging_e_730_all_6b531fc60a4297d6";
INSERT INTO main."hygge_staging_e_730_all_6b531fc60a4297d6" ("id", "mark") VALUES (?, ?);
-- with 1, 1
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
COMMIT;
BEGIN;
SELECT 1;
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id" >> 32) || ' ' || sum("id" & 4294967295) as sum0, CAST((min("id")) AS TEXT) as min0, CAST((max("id")) AS TEXT) as max0, sum("mark" >> 32) || ' ' || sum("mark" & 4294967295) as sum1, CAST((min("mark")) AS TEXT) as min1, CAST((max("mark")) AS TEXT) as max1 from main."hygge_staging_e_730_all_6b531fc60a4297d6" p;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'r'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.r'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
select name from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'r'
SELECT 1; SELECT 1; SELECT 1;
select count(*) as n, count("id") as n0, count("mark") as n1 from main."hygge_staging_e_730_all_6b531fc60a4297d6" where _rowid_ > 0 and _rowid_ <= 1;
select count(*) as n from main."hygge_staging_e_730_all_6b531fc60a4297d6";
SELECT name FROM sqlite_schema WHERE type = 'table';
create table main."r" ("id" INTEGER not null, "mark" INTEGER);
drop table main."r";
pragma legacy_alter_table = on; alter table main."hygge_staging_e_730_all_6b531fc60a4297d6" rename to "r"; pragma legacy_alter_table = off;
delete from main."hygge_metadata_staged" where name in (?1);
-- with 'e_730_all_6b531fc60a4297d6'
-- again d659f5: update main."hygge_metadata_rejected" set of_group = 0 where flow = ?1 and entity = ?2 and …
-- with 'f', 'e', 'main.r'
update main."hygge_metadata_heads" set id = ?4, epoch = 730, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'e', 'main.r', 'intent-l1-730', '{"id":"intent-l1-730","prev":null,"epoch":730,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into main."hygge_metadata_commits" (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values (?1, ?2, ?3, ?4, ?5, ?6, 730, 1, 0, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
-- with 'f', 'e', 'main.r', 'intent-l1-730', 'l1', '1'
COMMIT;
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'e', 'main.r'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'r'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'r'
select count(*) as n from main."r" where 1 = 1;
select name, epoch from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
update main."hygge_metadata_heads" set id = ?4, epoch = 731, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id = ?7;
-- with 'f', 'e', 'main.r', 'fence', '{"id":"fence","prev":"intent-l1-730","epoch":731,"lineage":"l2","state":"elsewhere","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-730'
COMMIT;
BEGIN;
SELECT 1;
COMMIT;

-- ===== store: a table that is taken over as it is
BEGIN;
SELECT 1;
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'adopted', 'main.a'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'a'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'a'
SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1);
-- with 'a'
-- again 69ae22: SELECT t.name, lower(t.name) = lower(?1) AS own, max(f.on_delete = 'RESTRICT') AS restrict …
-- with 'a'
-- again e87c09: SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') AND instr(lowe …
-- with 'a'
SELECT name FROM pragma_table_xinfo(?1) WHERE pk > 0 ORDER BY pk;
-- with 'a'
-- again b5bd60: SELECT l.name AS called, json_group_array(i.name) AS columns FROM pragma_index_list(?1) l, …
-- with 'a'
SELECT wr FROM pragma_table_list WHERE "schema" = 'main' AND lower(name) = lower(?1);
-- with 'a'
SELECT (SELECT max(rowid) FROM "a") - (SELECT min(rowid) FROM "a") + 1 AS n;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT 1 as one from main."a" LIMIT 1;
-- again 78850a: select flow, entity, head from main."hygge_metadata_heads" where table_name = ?3 and head …
-- with 'f', 'adopted', 'main.a'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'adopted', 'main.a'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'adopted', 'main.a'
-- again de755b: SELECT s.sql, l.strict FROM sqlite_schema s JOIN pragma_table_list l ON l.schema = 'main' …
-- with 'a'
SELECT name, type, "notnull" AS required, dflt_value AS given, pk, hidden FROM pragma_table_xinfo(?1);
-- with 'a'
select count(*) as n from main."a" where 1 = 1;
select name, epoch from main."hygge_metadata_staged" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'adopted', 'main.a'
update main."hygge_metadata_heads" set id = ?4, epoch = 2, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'adopted', 'main.a', 'adoption', '{"id":"adoption","prev":null,"epoch":2,"lineage":"l2","state":"elsewhere","watermark":null,"boundary":null,"schema":null,"rows":1,"foreign":0}', null
COMMIT;
BEGIN;
SELECT 1;
COMMIT;

-- ===== store: a head that goes to another entity, and away
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
SELECT name FROM sqlite_schema WHERE type = 'table';
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3 and head is not null;
-- with 'f', 'e', 'main.r'
insert into main."hygge_metadata_heads" (flow, entity, table_name) values (?1, ?2, ?3) on conflict do nothing;
-- with 'f', 'other', 'main.r'
select head, mark from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'other', 'main.r'
update main."hygge_metadata_heads" set id = ?4, epoch = 731, head = ?5, mark = ?6, "at" = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') where flow = ?1 and entity = ?2 and table_name = ?3 and id is null;
-- with 'f', 'other', 'main.r', 'fence', '{"id":"fence","prev":"intent-l1-730","epoch":731,"lineage":"l2","state":"elsewhere","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
update main."hygge_metadata_commits" set flow = ?4, entity = ?5 where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r', 'f', 'other'
update main."hygge_metadata_rejected" set flow = ?4, entity = ?5 where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r', 'f', 'other'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
SELECT name FROM sqlite_schema WHERE type = 'table';
delete from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3;
-- with 'f', 'e', 'main.r'
COMMIT;
BEGIN IMMEDIATE;
SELECT 1;
delete from main."hygge_metadata_commits" where flow = ?1 and entity = ?2 and table_name = ?3 and "at" < ?4 and intent_id not in (select id from main."hygge_metadata_heads" where flow = ?1 and entity = ?2 and table_name = ?3 and id is not null);
-- with 'f', 'e', 'main.r', '2026-01-01T00:00:00.000Z'
COMMIT;
