-- ===== home: a look at a table
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duckdb_tables() WHERE database_name = current_database()
    UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() WHERE database_name = current_database()) WHERE lower(name) = lower($1) AND lower(schema) = lower(coalesce($2, current_schema()));
-- with 'orders', null
SELECT * FROM "main"."orders";
SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = $1 AND table_name = $2 AND NOT is_nullable;
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" WHERE rowid BETWEEN 0 AND 511 OR rowid BETWEEN 512 AND 1023 OR rowid BETWEEN 1024 AND 1535 OR rowid BETWEEN 1536 AND 2047;
SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_name = current_database()
    AND schema_name = $1 AND table_name = $2 AND constraint_type = 'PRIMARY KEY';
-- with 'main', 'orders'
COMMIT;

-- ===== home: all of a table
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders"
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/1.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/1.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: the newest id
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT ("id")::VARCHAR AS newest FROM "main"."orders" WHERE (
"id" IS NOT NULL
) ORDER BY "id" DESC LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: what is ahead of id, and null
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"id" IS NULL
);
COMMIT;

-- ===== home: an increment by id
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
"id" > '39'::INTEGER AND "id" <= '39'::INTEGER OR "id" IS NULL
);
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
"id" > '39'::INTEGER AND "id" <= '39'::INTEGER OR "id" IS NULL
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/2.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/2.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: the newest price
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT ("price")::VARCHAR AS newest FROM "main"."orders" WHERE (
"price" IS NOT NULL
) ORDER BY "price" DESC LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: what is ahead of price, and null
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"price" IS NULL
);
COMMIT;

-- ===== home: an increment by price
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
"price" > '39.25'::DECIMAL(20, 2) AND "price" <= '39.25'::DECIMAL(20, 2) OR "price" IS NULL
);
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
"price" > '39.25'::DECIMAL(20, 2) AND "price" <= '39.25'::DECIMAL(20, 2) OR "price" IS NULL
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/3.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/3.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: the newest day
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT ("day")::VARCHAR AS newest FROM "main"."orders" WHERE (
"day" IS NOT NULL
) AND (
"day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE
) AND (
"day" <= '{day}'::DATE
) ORDER BY "day" DESC LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: what is ahead of day, and null
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"day" > '{day}'::DATE
);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"day" IS NULL
);
COMMIT;

-- ===== home: an increment by day
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
"day" > '2026-01-01'::DATE AND "day" <= '2026-01-01'::DATE OR "day" IS NULL
);
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
"day" > '2026-01-01'::DATE AND "day" <= '2026-01-01'::DATE OR "day" IS NULL
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/4.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/4.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: the newest at
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT strftime(("at"), '%Y-%m-%dT%H:%M:%S.%f') AS newest FROM "main"."orders" WHERE (
"at" IS NOT NULL
) AND (
"at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP
) AND (
"at" <= '{time}'::TIMESTAMP
) ORDER BY "at" DESC LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: what is ahead of at, and null
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"at" > '{time}'::TIMESTAMP
);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"at" IS NULL
);
COMMIT;

-- ===== home: an increment by at
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
"at" > '2026-01-01T00:00:00.123000'::TIMESTAMP AND "at" <= '2026-01-01T00:00:00.123000'::TIMESTAMP OR "at" IS NULL
);
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
"at" > '2026-01-01T00:00:00.123000'::TIMESTAMP AND "at" <= '2026-01-01T00:00:00.123000'::TIMESTAMP OR "at" IS NULL
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/5.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/5.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: the newest moment
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT strftime(("moment") AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS newest FROM "main"."orders" WHERE (
"moment" IS NOT NULL
) AND (
"moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ
) AND (
"moment" <= '{time}'::TIMESTAMPTZ
) ORDER BY "moment" DESC LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: what is ahead of moment, and null
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"moment" > '{time}'::TIMESTAMPTZ
);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"moment" IS NULL
);
COMMIT;

-- ===== home: an increment by moment
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
"moment" > '2025-12-31T22:00:00.500000Z'::TIMESTAMPTZ AND "moment" <= '2025-12-31T22:00:00.500000Z'::TIMESTAMPTZ OR "moment" IS NULL
);
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
"moment" > '2025-12-31T22:00:00.500000Z'::TIMESTAMPTZ AND "moment" <= '2025-12-31T22:00:00.500000Z'::TIMESTAMPTZ OR "moment" IS NULL
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/6.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/6.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: the newest name
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
SELECT ("name")::VARCHAR AS newest FROM "main"."orders" WHERE (
"name" IS NOT NULL
) ORDER BY "name"::VARCHAR COLLATE C DESC LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: what is ahead of name, and null
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT strftime((now()) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS now;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT count(*) AS counted FROM "main"."orders" WHERE (
"name" IS NULL
);
COMMIT;

-- ===== home: an increment by name
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
"name"::VARCHAR COLLATE C > 'n9'::VARCHAR AND "name"::VARCHAR COLLATE C <= 'n9'::VARCHAR OR "name" IS NULL
);
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
"name"::VARCHAR COLLATE C > 'n9'::VARCHAR AND "name"::VARCHAR COLLATE C <= 'n9'::VARCHAR OR "name" IS NULL
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/7.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/7.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: all of a table, in small slices
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
rowid >= 0
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/8.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/8.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: a query
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
SELECT json_serialize_sql('SELECT id FROM orders;') AS tree;
SELECT id FROM orders;
SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
EXPLAIN (FORMAT json) SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
EXPLAIN (FORMAT json) SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
SELECT json_serialize_sql('SELECT id FROM orders;') AS tree;
SELECT id FROM orders;
SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
EXPLAIN (FORMAT json) SELECT * FROM (
SELECT id FROM orders
) AS hygge_query;
COPY (SELECT * FROM (
SELECT "id" FROM (
SELECT id FROM orders
) AS hygge_query
) AS hygge_rows(c0)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/9.parquet' (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/9.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: a condition
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT count(*) AS rows FROM "main"."orders" WHERE (
id > 3 -- not those
);
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id", "price", CASE WHEN "day" BETWEEN '0001-01-01'::DATE AND '9999-12-31'::DATE THEN "day" WHEN "day" IS NOT NULL THEN error('hygge refuses 2 special ' || "day"::VARCHAR) END AS "day", CASE WHEN "at" >= '0001-01-01 00:00:00'::TIMESTAMP AND "at" < '10000-01-01 00:00:00'::TIMESTAMP THEN "at" WHEN "at" IS NOT NULL THEN error('hygge refuses 3 special ' || "at"::VARCHAR) END AS "at", CASE WHEN "moment" >= '0001-01-01 00:00:00+00'::TIMESTAMPTZ AND "moment" < '10000-01-01 00:00:00+00'::TIMESTAMPTZ THEN "moment" WHEN "moment" IS NOT NULL THEN error('hygge refuses 4 special ' || "moment"::VARCHAR) END AS "moment", "name", "uid"::VARCHAR AS "uid" FROM "main"."orders" WHERE (
id > 3 -- not those
)
) AS hygge_rows(c0, c1, c2, c3, c4, c5, c6)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/10.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/10.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: some columns
ROLLBACK;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SET memory_limit = '75MB';
COPY (SELECT * FROM (
SELECT "id" FROM "main"."orders"
) AS hygge_rows(c0)) TO '{folder}/hygge-scratch-{process}-{uuid 1}/11.parquet' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MiB');
SELECT any_value(row_group_num_rows) AS rows, sum(total_uncompressed_size) AS bytes FROM parquet_metadata('{folder}/hygge-scratch-{process}-{uuid 1}/11.parquet') GROUP BY row_group_id ORDER BY row_group_id;
SELECT 1;

-- ===== home: debug
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'orders', null
SELECT * FROM "main"."orders";
-- again 6a0288: SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() …
-- with 'main', 'orders'
SELECT * FROM "main"."orders";
SELECT count(*) AS rows, max(rowid) AS last FROM "main"."orders";
-- again 938ea0: SELECT avg(list_sum([coalesce(strlen("name"::VARCHAR), 0)])) AS width FROM "main"."orders" …
-- again 8ad4b3: SELECT unnest(constraint_column_names) AS name FROM duckdb_constraints() WHERE database_na …
-- with 'main', 'orders'
SELECT version() AS version, current_database() AS database;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
COMMIT;

-- ===== home: the tables of a database
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
SELECT schema_name AS schema, table_name AS name, 'table' AS kind, estimated_size AS rows FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal AND schema_name NOT IN ('hygge_metadata', 'hygge_staging')
      AND NOT regexp_matches(table_name, '_all_[0-9a-f]{16}$')
    UNION ALL SELECT schema_name, view_name, 'view', NULL FROM duckdb_views() WHERE database_name = current_database() AND NOT internal AND schema_name NOT IN ('hygge_metadata', 'hygge_staging') ORDER BY 1, 2;
SELECT schema_name AS schema, table_name AS name, column_name AS "column", data_type AS type, column_default AS given, is_nullable AS nullable FROM duckdb_columns()
    WHERE database_name = current_database() AND NOT internal AND schema_name NOT IN ('hygge_metadata', 'hygge_staging') ORDER BY 1, 2, column_index;
SELECT schema_name AS schema, table_name AS name, constraint_type = 'PRIMARY KEY' AS "primary", constraint_index AS "index",
      unnest(constraint_column_names) AS "column" FROM duckdb_constraints()
    WHERE database_name = current_database() AND constraint_type IN ('PRIMARY KEY', 'UNIQUE');
COMMIT;

-- ===== home: a table that is not there
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
-- again 9e0022: SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duc …
-- with 'nope', null
SELECT * FROM (SELECT schema_name AS schema, table_name AS name, true AS is_table FROM duckdb_tables() WHERE database_name = current_database()
    UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() WHERE database_name = current_database()) WHERE lower(name) = lower($1) ORDER BY 1, 2 LIMIT 3;
-- with 'nope'
ROLLBACK;

-- ===== store: debug, of which nothing is there
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone, undone */;
set TimeZone = 'UTC';
select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.database_name = s.database_name and t.schema_name = s.schema_name
    where s.database_name = current_database() and lower(s.schema_name) = lower($1);
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
create schema if not exists "hygge_metadata"; create schema if not exists "hygge_staging"; create table if not exists "hygge_metadata".heads (
  flow varchar not null,
  entity varchar not null,
  table_name varchar not null,
  id varchar,
  epoch bigint,
  head varchar,
  mark varchar,
  "at" timestamp with time zone,
  primary key (flow, entity, table_name)
); create table if not exists "hygge_metadata".commits (
  intent_id varchar not null primary key,
  flow varchar not null,
  entity varchar not null,
  table_name varchar not null,
  lineage varchar not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark varchar,
  "at" timestamp with time zone not null
); create table if not exists "hygge_metadata".staged (
  name varchar not null primary key,
  flow varchar not null,
  entity varchar not null,
  table_name varchar not null,
  lineage varchar not null,
  epoch bigint not null,
  "at" timestamp with time zone not null
); create table if not exists "hygge_metadata".rejected (
  flow varchar not null,
  entity varchar not null,
  table_name varchar not null,
  role varchar not null,
  of_group bigint not null,
  watermark varchar,
  "row" varchar not null,
  intent_id varchar not null,
  "at" timestamp with time zone not null,
  "part" varchar,
  "id" varchar,
  "copy" bigint,
  "source" varchar,
  "rule" varchar,
  "column" varchar,
  "reason" varchar,
  "run" varchar,
  "columns" varchar
);
select sql from duckdb_tables() where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2);
-- with 'main', 'e'
select 1 as one from duckdb_views() where database_name = current_database() and lower(schema_name) = lower($1) and lower(view_name) = lower($2);
-- with 'main', 'e'
create table "hygge_staging"."probe_{now}_{name 1}" ("k" BIGINT, "c" VARCHAR);
insert into "hygge_staging"."probe_{now}_{name 1}" ("k", "c") select c0::BIGINT, c1::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/1.parquet']);
create table "hygge_staging"."probe_{now}_{name 1}_d" ("k" BIGINT not null, "c" VARCHAR);
create table "hygge_staging"."probe_{now}_{name 1}_k" as select * from (select * from "hygge_staging"."probe_{now}_{name 1}") k; analyze "hygge_staging"."probe_{now}_{name 1}_k";
select constraint_type as kind, constraint_name as name, to_json(constraint_column_names)::varchar as columns, 'own' as whose from duckdb_constraints()
      where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2) and constraint_type <> 'NOT NULL'
    union all select constraint_type, constraint_name || ' of ' || table_name, to_json(referenced_column_names)::varchar, 'other' from duckdb_constraints()
      where database_name = current_database() and lower(schema_name) = lower($1) and lower(referenced_table) = lower($2) and constraint_type = 'FOREIGN KEY'
    union all select 'INDEX', index_name, null, 'own' from duckdb_indexes() where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2);
-- with 'hygge_staging', 'probe_{now}_{name 1}_d'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_staging', 'probe_{now}_{name 1}_d'
select column_name as name from duckdb_columns() where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2) order by column_index;
-- with 'hygge_staging', 'probe_{now}_{name 1}_d'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."k" as "k", hygge_new."c" as "c" from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now join "hygge_staging"."probe_{now}_{name 1}_k" hygge_new on hygge_now."k" = hygge_new."k";
delete from "hygge_staging"."probe_{now}_{name 1}_d" where rowid in (select hygge_row from temp.hygge_changed);
insert into "hygge_staging"."probe_{now}_{name 1}_d" ("k", "c") select "k", "c" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "hygge_staging"."probe_{now}_{name 1}_d" ("k", "c") select hygge_new."k", hygge_new."c" from "hygge_staging"."probe_{now}_{name 1}_k" hygge_new where not exists (select 1 from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now where hygge_now."k" = hygge_new."k");
delete from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now where hygge_now."k" = 1;
drop table "hygge_staging"."probe_{now}_{name 1}_k";
create table main."hygge_lock_{hash 3}" (one int); drop table main."hygge_lock_{hash 3}";
alter table "hygge_staging"."probe_{now}_{name 1}_d" rename to "probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}";
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."e" ("c" VARCHAR);
ROLLBACK;

-- ===== store: a look at a table that is not there
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again e6fec7: select 1 as one from duckdb_views() where database_name = current_database() and lower(sch …
-- with 'main', 'e'
COMMIT;

-- ===== store: made ready

-- ===== store: a plan of a first load
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
COMMIT;

-- ===== store: a first load
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again e8e580: create schema if not exists "hygge_metadata"; create schema if not exists "hygge_staging"; …
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_1_all_4f2283bd8525e6b9'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 1, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_1_all_4f2283bd8525e6b9', 'l1'
create table "main"."e_1_all_4f2283bd8525e6b9" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_1_all_4f2283bd8525e6b9" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/2.parquet', '{folder}/hygge-scratch-{process}-{uuid 2}/3.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "main"."e_1_all_4f2283bd8525e6b9" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.e'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main."hygge_lock_{hash 3}"; set TimeZone = 'UTC';
alter table "main"."e_1_all_4f2283bd8525e6b9" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("id") as n0, count("mark") as n1 from "main"."e_1_all_4f2283bd8525e6b9" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."e" ("id" BIGINT not null, "mark" BIGINT);
select comment from duckdb_tables() where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2);
-- with 'main', 'e'
select column_name as name, comment, column_default as given from duckdb_columns() where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2);
-- with 'main', 'e'
drop table "main"."e";
alter table "main"."e_1_all_4f2283bd8525e6b9" rename to "e";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_1_all_4f2283bd8525e6b9'
update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and table_name = $3 and of_group = 1;
-- with 'f', 'e', 'main.e'
update "hygge_metadata".heads set id = $4, epoch = 1, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.e', 'intent-l1-1', '{"id":"intent-l1-1","prev":null,"epoch":1,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 1, 2, 0, 0, now());
-- with 'f', 'e', 'main.e', 'intent-l1-1', 'l1', '2'
COMMIT;

-- ===== store: debug, where it has settled before
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone, undone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
select column_name as name, is_nullable::varchar as nullable, column_default as given from duckdb_columns() where database_name = current_database() and lower(schema_name) = lower($1) and lower(table_name) = lower($2);
-- with 'main', 'e'
select * from "main"."e";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'e'
create table "hygge_staging"."probe_{now}_{name 1}" ("k" BIGINT, "c" VARCHAR);
insert into "hygge_staging"."probe_{now}_{name 1}" ("k", "c") select c0::BIGINT, c1::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/4.parquet']);
create table "hygge_staging"."probe_{now}_{name 1}_d" ("k" BIGINT not null, "c" VARCHAR);
-- again 818796: create table "hygge_staging"."probe_{now}_{name 1}_k" as select * from (select * from "hyg …
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'hygge_staging', 'probe_{now}_{name 1}_d'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_staging', 'probe_{now}_{name 1}_d'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'hygge_staging', 'probe_{now}_{name 1}_d'
-- again 1380ae: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
-- again 6f5bff: delete from "hygge_staging"."probe_{now}_{name 1}_d" where rowid in (select hygge_row from …
insert into "hygge_staging"."probe_{now}_{name 1}_d" ("k", "c") select "k", "c" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again 78e968: insert into "hygge_staging"."probe_{now}_{name 1}_d" ("k", "c") select hygge_new."k", hygg …
delete from "hygge_staging"."probe_{now}_{name 1}_d" hygge_now where hygge_now."k" = 1;
drop table "hygge_staging"."probe_{now}_{name 1}_k";
create table main."hygge_lock_{hash 3}" (one int); drop table main."hygge_lock_{hash 3}";
alter table "hygge_staging"."probe_{now}_{name 1}_d" rename to "probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}_r";
drop table "hygge_staging"."probe_{now}_{name 1}";
ROLLBACK;

-- ===== store: a look at what settled
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'e'
select count(*) as n from "main"."e" where 1 = 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;

-- ===== store: rows in two slices, and an attempt that was lost
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 2, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_2_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_2_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_2_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/5.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_2_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again 464099: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.e', 'e_2_0_data_{name 3}', 'l1'
create table "hygge_staging"."e_2_0_data_{name 3}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_2_0_data_{name 3}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/6.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_2_0_data_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again 464099: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.e', 'e_2_1_data_{name 4}', 'l1'
create table "hygge_staging"."e_2_1_data_{name 4}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_2_1_data_{name 4}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/7.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_2_1_data_{name 4}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again 464099: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.e', 'e_2_2_data_{name 5}', 'l1'
create table "hygge_staging"."e_2_2_data_{name 5}" ("id" BIGINT, "mark" BIGINT);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_2_2_data_{name 5}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_2_0_data_{name 3}" hygge_new;
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_2_1_data_{name 4}" hygge_new;
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_2_2_data_{name 5}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.e'
update "hygge_metadata".heads set id = $4, epoch = 2, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-2', '{"id":"intent-l1-2","prev":"intent-l1-1","epoch":2,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":4,"foreign":0}', null, 'intent-l1-1'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 2, 2, 0, 0, now());
-- with 'f', 'e', 'main.e', 'intent-l1-2', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_2_0_data_{name 3}"; drop table if exists "hygge_staging"."e_2_1_data_{name 4}"; drop table if exists "hygge_staging"."e_2_2_data_{name 5}";
delete from "hygge_metadata".staged where name in ($1, $2, $3);
-- with 'e_2_0_data_{name 3}', 'e_2_1_data_{name 4}', 'e_2_2_data_{name 5}'
COMMIT;

-- ===== store: the open group
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 3, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_3_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_3_0_boundary_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_3_0_boundary_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/8.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_3_0_boundary_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "main"."e" where "mark" = '2'::BIGINT;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
delete from "main"."e" where "mark" = '2'::BIGINT;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_3_0_boundary_{name 1}" hygge_new;
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction' and of_group = 1;
-- with 'f', 'e', 'main.e'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.e'
update "hygge_metadata".heads set id = $4, epoch = 3, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-3', '{"id":"intent-l1-3","prev":"intent-l1-2","epoch":3,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-2'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 3, 1, 0, 3, now());
-- with 'f', 'e', 'main.e', 'intent-l1-3', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_3_0_boundary_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_3_0_boundary_{name 1}'
COMMIT;

-- ===== store: a range
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 4, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_4_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_4_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_4_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/9.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_4_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "main"."e" where 1 = 1;
select count(*) as n from "main"."e" where "mark" >= '1'::BIGINT and "mark" < '3'::BIGINT;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
delete from "main"."e" where "mark" >= '1'::BIGINT and "mark" < '3'::BIGINT;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_4_0_data_{name 1}" hygge_new;
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction' and cast(watermark as BIGINT) >= '1'::BIGINT and cast(watermark as BIGINT) < '3'::BIGINT;
-- with 'f', 'e', 'main.e'
select count(*) as n from "main"."e" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 4, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-4', '{"id":"intent-l1-4","prev":"intent-l1-3","epoch":4,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-3'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 4, 1, 0, 2, now());
-- with 'f', 'e', 'main.e', 'intent-l1-4', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_4_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_4_0_data_{name 1}'
COMMIT;

-- ===== store: a range, merged
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 5, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_5_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_5_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_5_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/10.parquet']);
analyze "hygge_staging"."e_5_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_5_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "main"."e" where 1 = 1;
select count(*) as n from "main"."e" where "mark" >= '1'::BIGINT and "mark" < '3'::BIGINT;
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
delete from "main"."e" where "mark" >= '1'::BIGINT and "mark" < '3'::BIGINT;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "hygge_staging"."e_5_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'e'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."e" hygge_now join (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new on hygge_now."id" = hygge_new."id";
delete from "main"."e" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."e" ("id", "mark") select "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "main"."e" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_5_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "main"."e" hygge_now where hygge_now."id" = hygge_new."id");
-- again a19678: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.e'
select count(*) as n from "main"."e" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 5, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-5', '{"id":"intent-l1-5","prev":"intent-l1-4","epoch":5,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-4'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 5, 1, 0, 1, now());
-- with 'f', 'e', 'main.e', 'intent-l1-5', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_5_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_5_0_data_{name 1}'
COMMIT;

-- ===== store: a full load that deletes and inserts
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 6, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_6_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_6_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_6_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/11.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_6_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "main"."e" where 1 = 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
delete from "main"."e" where 1 = 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_6_0_data_{name 1}" hygge_new;
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction';
-- with 'f', 'e', 'main.e'
update "hygge_metadata".heads set id = $4, epoch = 6, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-6', '{"id":"intent-l1-6","prev":"intent-l1-5","epoch":6,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-5'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 6, 1, 0, 1, now());
-- with 'f', 'e', 'main.e', 'intent-l1-6', 'l1', '1'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_6_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_6_0_data_{name 1}'
COMMIT;

-- ===== store: a plan of a full load
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'e'
select count(*) as n from "main"."e" where 1 = 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
COMMIT;

-- ===== store: a full load in the place of the table
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_7_all_9bd42012e5a85f68'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 7, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_7_all_9bd42012e5a85f68', 'l1'
create table "main"."e_7_all_9bd42012e5a85f68" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_7_all_9bd42012e5a85f68" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/12.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "main"."e_7_all_9bd42012e5a85f68" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "main"."e" where 1 = 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_7_all_9bd42012e5a85f68" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("id") as n0, count("mark") as n1 from "main"."e_7_all_9bd42012e5a85f68" group by hygge_attempt;
create table main."hygge_lock_{hash 4}" (one int); drop table main."hygge_lock_{hash 4}";
select count(*) as n from "main"."e" where 1 = 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'e'
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'e'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'e'
alter table "main"."e" rename to "hygge_old_c686bdb3aae9f075";
alter table "main"."e_7_all_9bd42012e5a85f68" rename to "e"; drop table "main"."hygge_old_c686bdb3aae9f075";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_7_all_9bd42012e5a85f68'
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.e'
update "hygge_metadata".heads set id = $4, epoch = 7, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-7', '{"id":"intent-l1-7","prev":"intent-l1-6","epoch":7,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-6'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 7, 1, 0, 1, now());
-- with 'f', 'e', 'main.e', 'intent-l1-7', 'l1', '1'
COMMIT;

-- ===== store: rows that break a rule
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 8, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_8_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_8_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_8_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/13.parquet']);
-- again 881226: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.e', 'e_8_0_broken_{name 3}', 'l1'
create table "hygge_staging"."e_8_0_broken_{name 3}" ("part" VARCHAR, "id" VARCHAR, "source" VARCHAR, "rule" VARCHAR, "column" VARCHAR, "reason" VARCHAR, "run" VARCHAR, "watermark" VARCHAR, "columns" VARCHAR, "row" VARCHAR);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_8_0_broken_{name 3}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") select c0::VARCHAR, c1::VARCHAR, c2::VARCHAR, c3::VARCHAR, c4::VARCHAR, c5::VARCHAR, c6::VARCHAR, c7::VARCHAR, c8::VARCHAR, c9::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/14.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_8_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_8_0_broken_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_8_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.e'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_8_0_broken_{name 3}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'main.e', 'intent-l1-8'
update "hygge_metadata".heads set id = $4, epoch = 8, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-8', '{"id":"intent-l1-8","prev":"intent-l1-7","epoch":8,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"7"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-7'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 8, 1, 0, 0, now());
-- with 'f', 'e', 'main.e', 'intent-l1-8', 'l1', '7'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_8_0_data_{name 1}"; drop table if exists "hygge_staging"."e_8_0_broken_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_8_0_data_{name 1}', 'e_8_0_broken_{name 3}'
COMMIT;

-- ===== store: rows that break a rule, and the open group
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 9, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_9_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_9_0_boundary_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_9_0_boundary_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/15.parquet']);
-- again 77ca23: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.e', 'e_9_0_broken_{name 3}', 'l1'
create table "hygge_staging"."e_9_0_broken_{name 3}" ("part" VARCHAR, "id" VARCHAR, "source" VARCHAR, "rule" VARCHAR, "column" VARCHAR, "reason" VARCHAR, "run" VARCHAR, "watermark" VARCHAR, "columns" VARCHAR, "row" VARCHAR);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_9_0_broken_{name 3}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") select c0::VARCHAR, c1::VARCHAR, c2::VARCHAR, c3::VARCHAR, c4::VARCHAR, c5::VARCHAR, c6::VARCHAR, c7::VARCHAR, c8::VARCHAR, c9::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/16.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_9_0_boundary_{name 1}";
select count(*) as n from "hygge_staging"."e_9_0_broken_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
select count(*) as n from "main"."e" where "mark" = '7'::BIGINT;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
delete from "main"."e" where "mark" = '7'::BIGINT;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."e_9_0_boundary_{name 1}" hygge_new;
-- again 4f51b6: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.e'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.e'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_9_0_broken_{name 3}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'main.e', 'intent-l1-9'
update "hygge_metadata".heads set id = $4, epoch = 9, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-9', '{"id":"intent-l1-9","prev":"intent-l1-8","epoch":9,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"7"},"boundary":{"rows":1,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-8'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 9, 1, 0, 1, now());
-- with 'f', 'e', 'main.e', 'intent-l1-9', 'l1', '7'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_9_0_boundary_{name 1}"; drop table if exists "hygge_staging"."e_9_0_broken_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_9_0_boundary_{name 1}', 'e_9_0_broken_{name 3}'
COMMIT;

-- ===== store: columns that change
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 10, now()) on conflict do nothing;
-- with 'f', 'e', 'main.e', 'e_10_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_10_0_data_{name 1}" ("id" BIGINT, "marked" BIGINT, "more" VARCHAR);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_10_0_data_{name 1}" ("id", "marked", "more") select c0::BIGINT, c1::BIGINT, c2::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/17.parquet']);
select count(*) as n0, count("id") as n1, count("marked") as n2, count("more") as n3, (min("marked"))::VARCHAR as n4, (max("marked"))::VARCHAR as n5, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("marked")::varchar as sum1, (min("marked"))::VARCHAR as min1, (max("marked"))::VARCHAR as max1, sum(strlen("more"))::varchar as sum2 from "hygge_staging"."e_10_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.e'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
alter table "main"."e" add column "more" VARCHAR; alter table "main"."e" rename column "mark" to "marked";
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'e'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'e'
select * from "main"."e";
insert into "main"."e" ("id", "marked", "more") select hygge_new."id", hygge_new."marked", hygge_new."more" from "hygge_staging"."e_10_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.e'
update "hygge_metadata".heads set id = $4, epoch = 10, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.e', 'intent-l1-10', '{"id":"intent-l1-10","prev":"intent-l1-9","epoch":10,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"9"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":true},{"name":"marked","type":{"kind":"int64"},"nullable":true},{"name":"more","type":{"kind":"string"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-9'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 10, 1, 0, 0, now());
-- with 'f', 'e', 'main.e', 'intent-l1-10', 'l1', '9'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_10_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_10_0_data_{name 1}'
COMMIT;

-- ===== store: a first merge by k and id
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_101_all_aa9eecdc57e76722'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 101, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_101_all_aa9eecdc57e76722', 'l1'
create table "main"."e_101_all_aa9eecdc57e76722" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_101_all_aa9eecdc57e76722" ("k", "id", "mark", hygge_attempt) select c0::VARCHAR, c1::BIGINT, c2::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/18.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "main"."e_101_all_aa9eecdc57e76722" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_101_all_aa9eecdc57e76722" where hygge_attempt in ('{number 1}')) p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.m'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_101_all_aa9eecdc57e76722" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from "main"."e_101_all_aa9eecdc57e76722" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."m" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT);
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'm'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'm'
drop table "main"."m";
alter table "main"."e_101_all_aa9eecdc57e76722" rename to "m";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_101_all_aa9eecdc57e76722'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 101, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.m', 'intent-l1-101', '{"id":"intent-l1-101","prev":null,"epoch":101,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 101, 1, 0, 0, now());
-- with 'f', 'e', 'main.m', 'intent-l1-101', 'l1', '1'
COMMIT;

-- ===== store: a merge by k and id of keys that come twice
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 102, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_102_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_102_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_102_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/19.parquet']);
analyze "hygge_staging"."e_102_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_102_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "hygge_staging"."e_102_0_data_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_102_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'm'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."k" as "k", hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."m" hygge_now join "hygge_staging"."commit_{id 3}" hygge_new on hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id";
delete from "main"."m" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."m" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "main"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "main"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 3}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 102, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-102', '{"id":"intent-l1-102","prev":"intent-l1-101","epoch":102,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"3"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-101'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 102, 1, 1, 0, now());
-- with 'f', 'e', 'main.m', 'intent-l1-102', 'l1', '3'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_102_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_102_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by k and id of rows that are deleted
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 103, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_103_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_103_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_103_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/20.parquet']);
-- again d59475: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.m', 'e_103_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_103_0_deleted_{name 3}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_103_0_deleted_{name 3}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/21.parquet']);
analyze "hygge_staging"."e_103_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_103_0_data_{name 1}";
analyze "hygge_staging"."e_103_0_deleted_{name 3}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_103_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_103_0_deleted_{name 3}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "hygge_staging"."e_103_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_103_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_103_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 4}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_103_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_103_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where 1 = 1;
delete from "main"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "main"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'm'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."k" as "k", hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."m" hygge_now join "hygge_staging"."commit_{id 4}" hygge_new on hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id";
delete from "main"."m" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."m" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."m" hygge_now where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 4}";
drop table "hygge_staging"."commit_{id 5}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 103, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-103', '{"id":"intent-l1-103","prev":"intent-l1-102","epoch":103,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-102'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 103, 1, 0, 0, now());
-- with 'f', 'e', 'main.m', 'intent-l1-103', 'l1', '4'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_103_0_data_{name 1}"; drop table if exists "hygge_staging"."e_103_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_103_0_data_{name 1}', 'e_103_0_deleted_{name 3}'
COMMIT;

-- ===== store: a merge by k and id of deletes alone
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 104, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_104_0_deleted_{name 1}', 'l1'
create table "hygge_staging"."e_104_0_deleted_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_104_0_deleted_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/22.parquet']);
analyze "hygge_staging"."e_104_0_deleted_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_104_0_deleted_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
SELECT 1 as one from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_104_0_deleted_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "hygge_staging"."e_104_0_deleted_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_104_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_104_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
delete from "main"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "main"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."k" = hygge_new."k" and hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'm'
-- again b5b402: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
delete from "main"."m" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."m" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again e56e7b: insert into "main"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new …
-- again e7f70e: select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 104, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-104', '{"id":"intent-l1-104","prev":"intent-l1-103","epoch":104,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-103'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 104, 0, 0, 0, now());
-- with 'f', 'e', 'main.m', 'intent-l1-104', 'l1', '4'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_104_0_deleted_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_104_0_deleted_{name 1}'
COMMIT;

-- ===== store: a merge by k and id of rows that came and went
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 105, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_105_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_105_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_105_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/23.parquet']);
-- again 4fa253: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.m', 'e_105_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_105_0_deleted_{name 3}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_105_0_deleted_{name 3}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/24.parquet']);
analyze "hygge_staging"."e_105_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_105_0_data_{name 1}";
analyze "hygge_staging"."e_105_0_deleted_{name 3}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_105_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 3}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 3}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 3}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "hygge_staging"."e_105_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_105_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 4}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_105_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_105_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where 1 = 1;
-- again 678490: delete from "main"."m" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5 …
-- again fc4843: select count(*) as n from "main"."m" hygge_now where exists (select 1 from "hygge_staging" …
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'm'
-- again d87cb6: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
delete from "main"."m" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."m" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again f8cb60: insert into "main"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new …
-- again 5d58b4: select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 4}";
drop table "hygge_staging"."commit_{id 5}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 105, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-105', '{"id":"intent-l1-105","prev":"intent-l1-104","epoch":105,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"5"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-104'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 105, 0, 1, 0, now());
-- with 'f', 'e', 'main.m', 'intent-l1-105', 'l1', '5'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_105_0_data_{name 1}"; drop table if exists "hygge_staging"."e_105_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_105_0_data_{name 1}', 'e_105_0_deleted_{name 3}'
COMMIT;

-- ===== store: a merge by k and id without a watermark
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 106, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_106_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_106_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_106_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/25.parquet']);
analyze "hygge_staging"."e_106_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_106_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "hygge_staging"."e_106_0_data_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by "k", "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_106_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'm'
-- again b5b402: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
delete from "main"."m" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."m" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again e56e7b: insert into "main"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new …
-- again e7f70e: select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 3}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 106, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-106', '{"id":"intent-l1-106","prev":"intent-l1-105","epoch":106,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-105'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 106, 0, 1, 0, now());
-- with 'f', 'e', 'main.m', 'intent-l1-106', 'l1', null
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_106_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_106_0_data_{name 1}'
COMMIT;

-- ===== store: a full load by k and id
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_107_all_02c87308fd96de0b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 107, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_107_all_02c87308fd96de0b', 'l1'
create table "main"."e_107_all_02c87308fd96de0b" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_107_all_02c87308fd96de0b" ("k", "id", "mark", hygge_attempt) select c0::VARCHAR, c1::BIGINT, c2::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/26.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "main"."e_107_all_02c87308fd96de0b" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "main"."m" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_107_all_02c87308fd96de0b" where hygge_attempt in ('{number 1}')) p) r group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_107_all_02c87308fd96de0b" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from "main"."e_107_all_02c87308fd96de0b" group by hygge_attempt;
create table main."hygge_lock_{hash 4}" (one int); drop table main."hygge_lock_{hash 4}";
select count(*) as n from "main"."m" where 1 = 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'm'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'm'
alter table "main"."m" rename to "hygge_old_cea1dff3376992f4";
alter table "main"."e_107_all_02c87308fd96de0b" rename to "m"; drop table "main"."hygge_old_cea1dff3376992f4";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_107_all_02c87308fd96de0b'
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 107, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-107', '{"id":"intent-l1-107","prev":"intent-l1-106","epoch":107,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-106'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 107, 1, 0, 3, now());
-- with 'f', 'e', 'main.m', 'intent-l1-107', 'l1', '2'
COMMIT;

-- ===== store: a full load by k and id of rows that came and went
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_108_all_07a05a39295cff85'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 108, now()) on conflict do nothing;
-- with 'f', 'e', 'main.m', 'e_108_all_07a05a39295cff85', 'l1'
create table "main"."e_108_all_07a05a39295cff85" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_108_all_07a05a39295cff85" ("k", "id", "mark", hygge_attempt) select c0::VARCHAR, c1::BIGINT, c2::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/27.parquet']);
-- again bc8da6: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.m', 'e_108_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_108_0_deleted_{name 3}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_108_0_deleted_{name 3}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/28.parquet']);
analyze "hygge_staging"."e_108_0_deleted_{name 3}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_108_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "main"."e_108_all_07a05a39295cff85" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select count(*) as n from "main"."m" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_108_all_07a05a39295cff85" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 3}" p) r group by "k", "id" having count(*) > 1 LIMIT 1;
SELECT "k", "id" from (select "k", "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_108_all_07a05a39295cff85" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 3}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "k", "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_108_all_07a05a39295cff85" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 3}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "k", "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.m'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
create table main."hygge_lock_{hash 4}" (one int); drop table main."hygge_lock_{hash 4}";
select count(*) as n from "main"."m" where 1 = 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'm'
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'm'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'm'
alter table "main"."m" rename to "hygge_old_f9c525441845c45f";
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."m" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT);
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'm'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'm'
select * from "main"."m";
select hygge_attempt as tag, count(*) as n from "main"."e_108_all_07a05a39295cff85" group by hygge_attempt;
select count(*) as n from "hygge_staging"."e_108_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "k", "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_108_all_07a05a39295cff85" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_108_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 5}" hygge_new where 1 = 1;
insert into "main"."m" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 5}" hygge_new;
drop table "hygge_staging"."commit_{id 5}";
drop table "main"."hygge_old_f9c525441845c45f";
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.m'
update "hygge_metadata".heads set id = $4, epoch = 108, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.m', 'intent-l1-108', '{"id":"intent-l1-108","prev":"intent-l1-107","epoch":108,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-107'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 108, 1, 0, 1, now());
-- with 'f', 'e', 'main.m', 'intent-l1-108', 'l1', '4'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "main"."e_108_all_07a05a39295cff85"; drop table if exists "hygge_staging"."e_108_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_108_all_07a05a39295cff85', 'e_108_0_deleted_{name 3}'
COMMIT;

-- ===== store: a first merge by id
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_201_all_aade5744c833683d'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 201, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_201_all_aade5744c833683d', 'l1'
create table "main"."e_201_all_aade5744c833683d" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_201_all_aade5744c833683d" ("k", "id", "mark", hygge_attempt) select c0::VARCHAR, c1::BIGINT, c2::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/29.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "main"."e_201_all_aade5744c833683d" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_201_all_aade5744c833683d" where hygge_attempt in ('{number 1}')) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.n'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_201_all_aade5744c833683d" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from "main"."e_201_all_aade5744c833683d" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."n" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT);
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'n'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'n'
drop table "main"."n";
alter table "main"."e_201_all_aade5744c833683d" rename to "n";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_201_all_aade5744c833683d'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 201, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.n', 'intent-l1-201', '{"id":"intent-l1-201","prev":null,"epoch":201,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 201, 1, 0, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-201', 'l1', '1'
COMMIT;

-- ===== store: a merge by id of keys that come twice
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 202, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_202_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_202_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_202_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/30.parquet']);
analyze "hygge_staging"."e_202_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_202_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "hygge_staging"."e_202_0_data_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_202_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'n'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_new."k" as "k", hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."n" hygge_now join "hygge_staging"."commit_{id 3}" hygge_new on hygge_now."id" = hygge_new."id";
delete from "main"."n" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."n" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "main"."n" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (select 1 from "main"."n" hygge_now where hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 3}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 202, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-202', '{"id":"intent-l1-202","prev":"intent-l1-201","epoch":202,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"3"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-201'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 202, 1, 1, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-202', 'l1', '3'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_202_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_202_0_data_{name 1}'
COMMIT;

-- ===== store: a merge by id of rows that are deleted
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 203, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_203_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_203_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_203_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/31.parquet']);
-- again 227bfc: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.n', 'e_203_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_203_0_deleted_{name 3}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_203_0_deleted_{name 3}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/32.parquet']);
analyze "hygge_staging"."e_203_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_203_0_data_{name 1}";
analyze "hygge_staging"."e_203_0_deleted_{name 3}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_203_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_203_0_deleted_{name 3}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "hygge_staging"."e_203_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_203_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_203_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 4}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_203_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_203_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where 1 = 1;
delete from "main"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "main"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'n'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_new."k" as "k", hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."n" hygge_now join "hygge_staging"."commit_{id 4}" hygge_new on hygge_now."id" = hygge_new."id";
delete from "main"."n" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."n" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."n" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."n" hygge_now where hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 4}";
drop table "hygge_staging"."commit_{id 5}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 203, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-203', '{"id":"intent-l1-203","prev":"intent-l1-202","epoch":203,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-202'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 203, 1, 0, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-203', 'l1', '4'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_203_0_data_{name 1}"; drop table if exists "hygge_staging"."e_203_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_203_0_data_{name 1}', 'e_203_0_deleted_{name 3}'
COMMIT;

-- ===== store: a merge by id of deletes alone
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 204, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_204_0_deleted_{name 1}', 'l1'
create table "hygge_staging"."e_204_0_deleted_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_204_0_deleted_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/33.parquet']);
analyze "hygge_staging"."e_204_0_deleted_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_204_0_deleted_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
SELECT 1 as one from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_204_0_deleted_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "hygge_staging"."e_204_0_deleted_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_204_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_204_0_deleted_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
delete from "main"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
select count(*) as n from "main"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 4}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark"));
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'n'
-- again 7cce10: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
delete from "main"."n" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."n" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again d8bccf: insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new …
-- again 800c2c: select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 3}";
drop table "hygge_staging"."commit_{id 4}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 204, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-204', '{"id":"intent-l1-204","prev":"intent-l1-203","epoch":204,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-203'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 204, 0, 0, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-204', 'l1', '4'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_204_0_deleted_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_204_0_deleted_{name 1}'
COMMIT;

-- ===== store: a merge by id of rows that came and went
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 205, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_205_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_205_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_205_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/34.parquet']);
-- again 8fab0d: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.n', 'e_205_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_205_0_deleted_{name 3}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_205_0_deleted_{name 3}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/35.parquet']);
analyze "hygge_staging"."e_205_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_205_0_data_{name 1}";
analyze "hygge_staging"."e_205_0_deleted_{name 3}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_205_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 3}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 3}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 3}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "hygge_staging"."e_205_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_205_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 4}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_205_0_data_{name 1}" p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_205_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where 1 = 1;
-- again 1aa302: delete from "main"."n" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5 …
-- again f51ea7: select count(*) as n from "main"."n" hygge_now where exists (select 1 from "hygge_staging" …
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'n'
-- again 480ef6: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
delete from "main"."n" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."n" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again b1c43c: insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new …
-- again d48553: select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 4}";
drop table "hygge_staging"."commit_{id 5}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 205, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-205', '{"id":"intent-l1-205","prev":"intent-l1-204","epoch":205,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"5"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-204'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 205, 0, 1, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-205', 'l1', '5'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_205_0_data_{name 1}"; drop table if exists "hygge_staging"."e_205_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_205_0_data_{name 1}', 'e_205_0_deleted_{name 3}'
COMMIT;

-- ===== store: a merge by id without a watermark
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 206, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_206_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_206_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_206_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/36.parquet']);
analyze "hygge_staging"."e_206_0_data_{name 1}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_206_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "hygge_staging"."e_206_0_data_{name 1}";
create table "hygge_staging"."commit_{id 3}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by "id") as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from "hygge_staging"."e_206_0_data_{name 1}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 3}";
select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'n'
-- again 7cce10: create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_n …
delete from "main"."n" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."n" ("k", "id", "mark") select "k", "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
-- again d8bccf: insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new …
-- again 800c2c: select count(*) as n from "hygge_staging"."commit_{id 3}" hygge_new where not exists (sele …
drop table "hygge_staging"."commit_{id 3}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 206, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-206', '{"id":"intent-l1-206","prev":"intent-l1-205","epoch":206,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":3,"foreign":0}', null, 'intent-l1-205'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 206, 0, 1, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-206', 'l1', null
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_206_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_206_0_data_{name 1}'
COMMIT;

-- ===== store: a full load by id
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_207_all_4beedebf8b9c90d7'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 207, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_207_all_4beedebf8b9c90d7', 'l1'
create table "main"."e_207_all_4beedebf8b9c90d7" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_207_all_4beedebf8b9c90d7" ("k", "id", "mark", hygge_attempt) select c0::VARCHAR, c1::BIGINT, c2::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/37.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "main"."e_207_all_4beedebf8b9c90d7" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "main"."n" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_207_all_4beedebf8b9c90d7" where hygge_attempt in ('{number 1}')) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_207_all_4beedebf8b9c90d7" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("k") as n0, count("id") as n1, count("mark") as n2 from "main"."e_207_all_4beedebf8b9c90d7" group by hygge_attempt;
create table main."hygge_lock_{hash 4}" (one int); drop table main."hygge_lock_{hash 4}";
select count(*) as n from "main"."n" where 1 = 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'n'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'n'
alter table "main"."n" rename to "hygge_old_0f61bd6a81a44ae1";
alter table "main"."e_207_all_4beedebf8b9c90d7" rename to "n"; drop table "main"."hygge_old_0f61bd6a81a44ae1";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_207_all_4beedebf8b9c90d7'
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 207, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-207', '{"id":"intent-l1-207","prev":"intent-l1-206","epoch":207,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-206'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 207, 1, 0, 3, now());
-- with 'f', 'e', 'main.n', 'intent-l1-207', 'l1', '2'
COMMIT;

-- ===== store: a full load by id of rows that came and went
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_208_all_75310479cd6e94a5'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 208, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_208_all_75310479cd6e94a5', 'l1'
create table "main"."e_208_all_75310479cd6e94a5" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_208_all_75310479cd6e94a5" ("k", "id", "mark", hygge_attempt) select c0::VARCHAR, c1::BIGINT, c2::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/38.parquet']);
-- again 76668c: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.n', 'e_208_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_208_0_deleted_{name 3}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_208_0_deleted_{name 3}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/39.parquet']);
analyze "hygge_staging"."e_208_0_deleted_{name 3}";
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, (min("mark"))::VARCHAR as n4, (max("mark"))::VARCHAR as n5, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_208_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("k") as count0, count("id") as count1, count("mark") as count2, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "main"."e_208_all_75310479cd6e94a5" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select count(*) as n from "main"."n" where 1 = 1;
SELECT 1 as one from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_208_all_75310479cd6e94a5" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 3}" p) r group by "id" having count(*) > 1 LIMIT 1;
SELECT "id" from (select "id", hygge_one from (select distinct "k", "id", "mark", 0 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_208_all_75310479cd6e94a5" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 3}" p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct "id", 1 as hygge_one from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_208_all_75310479cd6e94a5" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 3}" p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
create table main."hygge_lock_{hash 4}" (one int); drop table main."hygge_lock_{hash 4}";
select count(*) as n from "main"."n" where 1 = 1;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'n'
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'n'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'n'
alter table "main"."n" rename to "hygge_old_313b7c741012e204";
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."n" ("k" VARCHAR not null, "id" BIGINT not null, "mark" BIGINT);
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
select hygge_attempt as tag, count(*) as n from "main"."e_208_all_75310479cd6e94a5" group by hygge_attempt;
select count(*) as n from "hygge_staging"."e_208_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "k", "id", "mark" from (select "k", "id", "mark", hygge_gone from (select "k", "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "k", "id", "mark", 0 as hygge_gone from (select * from "main"."e_208_all_75310479cd6e94a5" where hygge_attempt in ('{number 1}')) p union all select "k", "id", "mark", 1 as hygge_gone from "hygge_staging"."e_208_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 5}" hygge_new where 1 = 1;
insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 5}" hygge_new;
drop table "hygge_staging"."commit_{id 5}";
drop table "main"."hygge_old_313b7c741012e204";
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 208, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-208', '{"id":"intent-l1-208","prev":"intent-l1-207","epoch":208,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"4"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-207'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 208, 1, 0, 1, now());
-- with 'f', 'e', 'main.n', 'intent-l1-208', 'l1', '4'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "main"."e_208_all_75310479cd6e94a5"; drop table if exists "hygge_staging"."e_208_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_208_all_75310479cd6e94a5', 'e_208_0_deleted_{name 3}'
COMMIT;

-- ===== store: a commit that was done already
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 209, now()) on conflict do nothing;
-- with 'f', 'e', 'main.n', 'e_209_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_209_0_data_{name 1}" ("k" VARCHAR, "id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_209_0_data_{name 1}" ("k", "id", "mark") select c0::VARCHAR, c1::BIGINT, c2::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/40.parquet']);
select count(*) as n0, count("k") as n1, count("id") as n2, count("mark") as n3, sum(strlen("k"))::varchar as sum0, sum("id")::varchar as sum1, (min("id"))::VARCHAR as min1, (max("id"))::VARCHAR as max1, sum("mark")::varchar as sum2, (min("mark"))::VARCHAR as min2, (max("mark"))::VARCHAR as max2 from "hygge_staging"."e_209_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'n'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'n'
select * from "main"."n";
insert into "main"."n" ("k", "id", "mark") select hygge_new."k", hygge_new."id", hygge_new."mark" from "hygge_staging"."e_209_0_data_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.n'
update "hygge_metadata".heads set id = $4, epoch = 209, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.n', 'intent-l1-209', '{"id":"intent-l1-209","prev":"intent-l1-208","epoch":209,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"k","type":{"kind":"string"},"nullable":false},{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":0}', null, 'intent-l1-208'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 209, 1, 0, 0, now());
-- with 'f', 'e', 'main.n', 'intent-l1-209', 'l1', null
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_209_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_209_0_data_{name 1}'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.n'
select inserted, updated, deleted from "hygge_metadata".commits where intent_id = $1;
-- with 'intent-l1-209'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_209_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_209_0_data_{name 1}'
COMMIT;

-- ===== store: every type
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'w'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_300_all_4a764e0a6d6030a8'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 300, now()) on conflict do nothing;
-- with 'f', 'e', 'main.w', 'e_300_all_4a764e0a6d6030a8', 'l1'
create table "main"."e_300_all_4a764e0a6d6030a8" ("id" BIGINT not null, "mark" BIGINT, "a bool" BOOLEAN, "a int8" TINYINT, "a int16" SMALLINT, "a int32" INTEGER, "a uint8" UTINYINT, "a uint16" USMALLINT, "a uint32" UINTEGER, "a uint64" UBIGINT, "a float32" FLOAT, "a float64" DOUBLE, "a string" VARCHAR, "a binary" BLOB, "a uuid" UUID, "a json" JSON, "a date" DATE, "time ms" TIME, "stamp ms" TIMESTAMP_MS, "instant ms" TIMESTAMP WITH TIME ZONE, "time us" TIME, "stamp us" TIMESTAMP, "instant us" TIMESTAMP WITH TIME ZONE, "time ns" TIME_NS, "stamp ns" TIMESTAMP_NS, "instant ns" TIMESTAMP WITH TIME ZONE, "exact" DECIMAL(38,10), "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.w'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, count("a bool") as count2, count("a int8") as count3, count("a int16") as count4, count("a int32") as count5, count("a uint8") as count6, count("a uint16") as count7, count("a uint32") as count8, count("a uint64") as count9, count("a float32") as count10, count("a float64") as count11, count("a string") as count12, count("a binary") as count13, count("a uuid") as count14, count("a json") as count15, count("a date") as count16, count("time ms") as count17, count("stamp ms") as count18, count("instant ms") as count19, count("time us") as count20, count("stamp us") as count21, count("instant us") as count22, count("time ns") as count23, count("stamp ns") as count24, count("instant ns") as count25, count("exact") as count26, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1, sum("a bool"::integer)::varchar as sum2, sum("a int8")::varchar as sum3, (min("a int8"))::VARCHAR as min3, (max("a int8"))::VARCHAR as max3, sum("a int16")::varchar as sum4, (min("a int16"))::VARCHAR as min4, (max("a int16"))::VARCHAR as max4, sum("a int32")::varchar as sum5, (min("a int32"))::VARCHAR as min5, (max("a int32"))::VARCHAR as max5, sum("a uint8")::varchar as sum6, (min("a uint8"))::VARCHAR as min6, (max("a uint8"))::VARCHAR as max6, sum("a uint16")::varchar as sum7, (min("a uint16"))::VARCHAR as min7, (max("a uint16"))::VARCHAR as max7, sum("a uint32")::varchar as sum8, (min("a uint32"))::VARCHAR as min8, (max("a uint32"))::VARCHAR as max8, sum("a uint64")::varchar as sum9, (min("a uint64"))::VARCHAR as min9, (max("a uint64"))::VARCHAR as max9, min("a float32") as min10, max("a float32") as max10, min("a float64") as min11, max("a float64") as max11, sum(strlen("a string"))::varchar as sum12, sum("a date" - date '1970-01-01')::varchar as sum16, (min("a date"))::VARCHAR as min16, (max("a date"))::VARCHAR as max16, sum(epoch_us("stamp ms"::timestamp) // 1000)::varchar as sum18, sum(epoch_us("instant ms"::timestamp) // 1000)::varchar as sum19, sum(epoch_us("stamp us"))::varchar as sum21, strftime((min("stamp us")), '%Y-%m-%dT%H:%M:%S.%f') as min21, strftime((max("stamp us")), '%Y-%m-%dT%H:%M:%S.%f') as max21, sum(epoch_us("instant us"))::varchar as sum22, strftime((min("instant us")) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as min22, strftime((max("instant us")) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as max22, sum(epoch_ns("stamp ns"))::varchar as sum24, strftime((min("stamp ns")), '%Y-%m-%dT%H:%M:%S.%n') as min24, strftime((max("stamp ns")), '%Y-%m-%dT%H:%M:%S.%n') as max24, sum(epoch_ns("instant ns"))::varchar as sum25, strftime((min("instant ns")) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%nZ') as min25, strftime((max("instant ns")) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%nZ') as max25, (min("exact"))::VARCHAR as min26, (max("exact"))::VARCHAR as max26 from "main"."e_300_all_4a764e0a6d6030a8" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.w'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'w'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.w'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.w'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.w'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'w'
set TimeZone = 'UTC'; create table main."hygge_lock_{hash 1}" (one int); drop table main."hygge_lock_{hash 1}"; set TimeZone = 'UTC';
alter table "main"."e_300_all_4a764e0a6d6030a8" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("id") as n0, count("mark") as n1, count("a bool") as n2, count("a int8") as n3, count("a int16") as n4, count("a int32") as n5, count("a uint8") as n6, count("a uint16") as n7, count("a uint32") as n8, count("a uint64") as n9, count("a float32") as n10, count("a float64") as n11, count("a string") as n12, count("a binary") as n13, count("a uuid") as n14, count("a json") as n15, count("a date") as n16, count("time ms") as n17, count("stamp ms") as n18, count("instant ms") as n19, count("time us") as n20, count("stamp us") as n21, count("instant us") as n22, count("time ns") as n23, count("stamp ns") as n24, count("instant ns") as n25, count("exact") as n26 from "main"."e_300_all_4a764e0a6d6030a8" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."w" ("id" BIGINT not null, "mark" BIGINT, "a bool" BOOLEAN, "a int8" TINYINT, "a int16" SMALLINT, "a int32" INTEGER, "a uint8" UTINYINT, "a uint16" USMALLINT, "a uint32" UINTEGER, "a uint64" UBIGINT, "a float32" FLOAT, "a float64" DOUBLE, "a string" VARCHAR, "a binary" BLOB, "a uuid" UUID, "a json" JSON, "a date" DATE, "time ms" TIME, "stamp ms" TIMESTAMP_MS, "instant ms" TIMESTAMP WITH TIME ZONE, "time us" TIME, "stamp us" TIMESTAMP, "instant us" TIMESTAMP WITH TIME ZONE, "time ns" TIME_NS, "stamp ns" TIMESTAMP_NS, "instant ns" TIMESTAMP WITH TIME ZONE, "exact" DECIMAL(38,10));
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'w'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'w'
drop table "main"."w";
alter table "main"."e_300_all_4a764e0a6d6030a8" rename to "w";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_300_all_4a764e0a6d6030a8'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.w'
update "hygge_metadata".heads set id = $4, epoch = 300, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.w', 'intent-l1-300', '{"id":"intent-l1-300","prev":null,"epoch":300,"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":{"rows":0,"hash":"{id 2}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true},{"name":"a bool","type":{"kind":"bool"},"nullable":true},{"name":"a int8","type":{"kind":"int8"},"nullable":true},{"name":"a int16","type":{"kind":"int16"},"nullable":true},{"name":"a int32","type":{"kind":"int32"},"nullable":true},{"name":"a uint8","type":{"kind":"uint8"},"nullable":true},{"name":"a uint16","type":{"kind":"uint16"},"nullable":true},{"name":"a uint32","type":{"kind":"uint32"},"nullable":true},{"name":"a uint64","type":{"kind":"uint64"},"nullable":true},{"name":"a float32","type":{"kind":"float32"},"nullable":true},{"name":"a float64","type":{"kind":"float64"},"nullable":true},{"name":"a string","type":{"kind":"string"},"nullable":true},{"name":"a binary","type":{"kind":"binary"},"nullable":true},{"name":"a uuid","type":{"kind":"uuid"},"nullable":true},{"name":"a json","type":{"kind":"json"},"nullable":true},{"name":"a date","type":{"kind":"date"},"nullable":true},{"name":"time ms","type":{"kind":"time","unit":"ms"},"nullable":true},{"name":"stamp ms","type":{"kind":"timestamp","unit":"ms"},"nullable":true},{"name":"instant ms","type":{"kind":"timestamp","unit":"ms","zone":"UTC"},"nullable":true},{"name":"time us","type":{"kind":"time","unit":"us"},"nullable":true},{"name":"stamp us","type":{"kind":"timestamp","unit":"us"},"nullable":true},{"name":"instant us","type":{"kind":"timestamp","unit":"us","zone":"UTC"},"nullable":true},{"name":"time ns","type":{"kind":"time","unit":"ns"},"nullable":true},{"name":"stamp ns","type":{"kind":"timestamp","unit":"ns"},"nullable":true},{"name":"instant ns","type":{"kind":"timestamp","unit":"ns","zone":"UTC"},"nullable":true},{"name":"exact","type":{"kind":"decimal","precision":38,"scale":10},"nullable":true}]},"rows":0,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 300, 0, 0, 0, now());
-- with 'f', 'e', 'main.w', 'intent-l1-300', 'l1', null
COMMIT;

-- ===== store: many rows that break a rule
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_401_all_a2e8cf58af7bd065'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 401, now()) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_401_all_a2e8cf58af7bd065', 'l1'
create table "main"."e_401_all_a2e8cf58af7bd065" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_401_all_a2e8cf58af7bd065" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/41.parquet']);
-- again 439e9d: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.q', 'e_401_0_broken_{name 3}', 'l1'
create table "hygge_staging"."e_401_0_broken_{name 3}" ("part" VARCHAR, "id" VARCHAR, "source" VARCHAR, "rule" VARCHAR, "column" VARCHAR, "reason" VARCHAR, "run" VARCHAR, "watermark" VARCHAR, "columns" VARCHAR, "row" VARCHAR);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_401_0_broken_{name 3}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") select c0::VARCHAR, c1::VARCHAR, c2::VARCHAR, c3::VARCHAR, c4::VARCHAR, c5::VARCHAR, c6::VARCHAR, c7::VARCHAR, c8::VARCHAR, c9::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/42.parquet']);
analyze "hygge_staging"."e_401_0_broken_{name 3}";
select count(*) as n from "hygge_staging"."e_401_0_broken_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "main"."e_401_all_a2e8cf58af7bd065" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from (select * from "main"."e_401_all_a2e8cf58af7bd065" where hygge_attempt in ('{number 1}')) p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.q'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
set TimeZone = 'UTC'; create table main."hygge_lock_{hash 4}" (one int); drop table main."hygge_lock_{hash 4}"; set TimeZone = 'UTC';
alter table "main"."e_401_all_a2e8cf58af7bd065" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("id") as n0, count("mark") as n1 from "main"."e_401_all_a2e8cf58af7bd065" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."q" ("id" BIGINT not null, "mark" BIGINT);
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'q'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'q'
drop table "main"."q";
alter table "main"."e_401_all_a2e8cf58af7bd065" rename to "q";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_401_all_a2e8cf58af7bd065'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.q'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_401_0_broken_{name 3}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'main.q', 'intent-l1-401'
update "hygge_metadata".heads set id = $4, epoch = 401, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.q', 'intent-l1-401', '{"id":"intent-l1-401","prev":null,"epoch":401,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"9"},"boundary":{"rows":0,"hash":"{id 5}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 401, 1, 0, 0, now());
-- with 'f', 'e', 'main.q', 'intent-l1-401', 'l1', '9'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_401_0_broken_{name 3}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_401_0_broken_{name 3}'
COMMIT;

-- ===== store: rows of the open group that break a rule
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 402, now()) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_402_0_broken_{name 1}', 'l1'
create table "hygge_staging"."e_402_0_broken_{name 1}" ("part" VARCHAR, "id" VARCHAR, "source" VARCHAR, "rule" VARCHAR, "column" VARCHAR, "reason" VARCHAR, "run" VARCHAR, "watermark" VARCHAR, "columns" VARCHAR, "row" VARCHAR);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_402_0_broken_{name 1}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") select c0::VARCHAR, c1::VARCHAR, c2::VARCHAR, c3::VARCHAR, c4::VARCHAR, c5::VARCHAR, c6::VARCHAR, c7::VARCHAR, c8::VARCHAR, c9::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/43.parquet']);
analyze "hygge_staging"."e_402_0_broken_{name 1}";
select count(*) as n from "hygge_staging"."e_402_0_broken_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.q'
update "hygge_metadata".rejected set of_group = 1 where flow = $1 and entity = $2 and table_name = $3 and of_group = 0 and "id" in (select "id" from "hygge_staging"."e_402_0_broken_{name 1}");
-- with 'f', 'e', 'main.q'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 1 as of_group from "hygge_staging"."e_402_0_broken_{name 1}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'main.q', 'intent-l1-402'
update "hygge_metadata".heads set id = $4, epoch = 402, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.q', 'intent-l1-402', '{"id":"intent-l1-402","prev":"intent-l1-401","epoch":402,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-401'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 402, 0, 0, 0, now());
-- with 'f', 'e', 'main.q', 'intent-l1-402', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_402_0_broken_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_402_0_broken_{name 1}'
COMMIT;

-- ===== store: a look at the quarantine
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
select "part" as n_part, of_group as n_group, min(intent_id) as n_first, count(*) as n, min("role") as n_role, min("run") as n_run, min("source") as n_source, min("columns") as n_columns from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" is not null group by "part", of_group;
-- with 'f', 'e', 'main.q'
select role as n_role, of_group as n_group, count(*) as n from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" is null group by role, of_group;
-- with 'f', 'e', 'main.q'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" = $4 and of_group = 0 order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'main.q', '{id 1}'
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" = $4 and of_group = 0 and ("id" > $5 or ("id" = $5 and "copy" > 1)) order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'main.q', '{id 1}', '{id 2}'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
SELECT "role" as n_role, "rule" as n_rule, "column" as n_column, "reason" as n_reason, "run" as n_run, "columns" as n_columns, "row" as n_row, "id" as n_id, "copy" as n_copy from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and "part" = $4 and of_group = 1 order by "id", "copy" LIMIT 500;
-- with 'f', 'e', 'main.q', '{id 3}'
COMMIT;

-- ===== store: rows that leave the quarantine
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 403, now()) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_403_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_403_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_403_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/44.parquet']);
-- again 3bac74: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.q', 'e_403_0_broken_{name 3}', 'l1'
create table "hygge_staging"."e_403_0_broken_{name 3}" ("part" VARCHAR, "id" VARCHAR, "source" VARCHAR, "rule" VARCHAR, "column" VARCHAR, "reason" VARCHAR, "run" VARCHAR, "watermark" VARCHAR, "columns" VARCHAR, "row" VARCHAR);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_403_0_broken_{name 3}" ("part", "id", "source", "rule", "column", "reason", "run", "watermark", "columns", "row") select c0::VARCHAR, c1::VARCHAR, c2::VARCHAR, c3::VARCHAR, c4::VARCHAR, c5::VARCHAR, c6::VARCHAR, c7::VARCHAR, c8::VARCHAR, c9::VARCHAR from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/45.parquet']);
analyze "hygge_staging"."e_403_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_403_0_data_{name 1}";
analyze "hygge_staging"."e_403_0_broken_{name 3}";
select count(*) as n from "hygge_staging"."e_403_0_broken_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'hygge_metadata', 'rejected'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'hygge_metadata', 'rejected'
select * from "hygge_metadata"."rejected";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_403_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_403_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "main"."q" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."mark" is not null and (hygge_new."mark" is null or hygge_now."mark" > hygge_new."mark"));
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
select count(*) as n from "hygge_staging"."e_403_0_data_{name 1}";
create table "hygge_staging"."commit_{id 4}" as select * from (select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_403_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "main"."q" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."mark" is not null and (hygge_new."mark" is null or hygge_now."mark" > hygge_new."mark"))) k; analyze "hygge_staging"."commit_{id 4}";
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'q'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."q" hygge_now join "hygge_staging"."commit_{id 4}" hygge_new on hygge_now."id" = hygge_new."id";
delete from "main"."q" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."q" ("id", "mark") select "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."q" ("id", "mark") select hygge_new."id", hygge_new."mark" from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."q" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."q" hygge_now where hygge_now."id" = hygge_new."id");
drop table "hygge_staging"."commit_{id 4}";
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and of_group = 0 and "part" = $4;
-- with 'f', 'e', 'main.q', '{id 5}'
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and of_group = 1 and "part" = $4;
-- with 'f', 'e', 'main.q', '{id 6}'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.q'
insert into "hygge_metadata".rejected (flow, entity, table_name, intent_id, role, of_group, "copy", "at", "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns") select $1, $2, $3, $4, hygge_new.role, hygge_new.of_group, hygge_new."copy", now(), hygge_new."watermark", hygge_new."row", hygge_new."part", hygge_new."id", hygge_new."source", hygge_new."rule", hygge_new."column", hygge_new."reason", hygge_new."run", hygge_new."columns" from (select "watermark", "row", "part", "id", "source", "rule", "column", "reason", "run", "columns", role, of_group, row_number() over (partition by "id" order by "id") as "copy" from (select p."watermark", p."row", p."part", p."id", p."source", p."rule", p."column", p."reason", p."run", p."columns", 'broken' as role, 0 as of_group from "hygge_staging"."e_403_0_broken_{name 3}" p) a) hygge_new where not exists (select 1 from "hygge_metadata".rejected hygge_now where flow = $1 and entity = $2 and table_name = $3 and hygge_now."id" = hygge_new."id" and hygge_now."copy" = hygge_new."copy");
-- with 'f', 'e', 'main.q', 'intent-l1-403'
update "hygge_metadata".heads set id = $4, epoch = 403, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.q', 'intent-l1-403', '{"id":"intent-l1-403","prev":"intent-l1-402","epoch":403,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 7}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-402'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 403, 0, 0, 0, now());
-- with 'f', 'e', 'main.q', 'intent-l1-403', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_403_0_data_{name 1}"; drop table if exists "hygge_staging"."e_403_0_broken_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_403_0_data_{name 1}', 'e_403_0_broken_{name 3}'
COMMIT;

-- ===== store: three ranges
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 404, now()) on conflict do nothing;
-- with 'f', 'e', 'main.q', 'e_404_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_404_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_404_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/46.parquet']);
analyze "hygge_staging"."e_404_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_404_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
select count(*) as n from "main"."q" where 1 = 1;
select count(*) as n from "main"."q" where ((("mark" >= '2'::BIGINT and "mark" < '3'::BIGINT) or ("mark" >= '4'::BIGINT and "mark" < '5'::BIGINT)) or (("mark" >= '6'::BIGINT and "mark" < '7'::BIGINT)));
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'q'
select * from "main"."q";
delete from "main"."q" where ((("mark" >= '2'::BIGINT and "mark" < '3'::BIGINT) or ("mark" >= '4'::BIGINT and "mark" < '5'::BIGINT)) or (("mark" >= '6'::BIGINT and "mark" < '7'::BIGINT)));
select count(*) as n from "hygge_staging"."e_404_0_data_{name 1}";
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where 1 = 1;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'q'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'q'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'q'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."id" as "id", hygge_new."mark" as "mark" from "main"."q" hygge_now join (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new on hygge_now."id" = hygge_new."id";
delete from "main"."q" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."q" ("id", "mark") select "id", "mark" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."q" ("id", "mark") select hygge_new."id", hygge_new."mark" from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "main"."q" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from (select "id", "mark" from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_404_0_data_{name 1}" p) r where hygge_gone = 0) hygge_new where not exists (select 1 from "main"."q" hygge_now where hygge_now."id" = hygge_new."id");
delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 and role <> 'correction' and (((cast(watermark as BIGINT) >= '2'::BIGINT and cast(watermark as BIGINT) < '3'::BIGINT) or (cast(watermark as BIGINT) >= '4'::BIGINT and cast(watermark as BIGINT) < '5'::BIGINT)) or ((cast(watermark as BIGINT) >= '6'::BIGINT and cast(watermark as BIGINT) < '7'::BIGINT)));
-- with 'f', 'e', 'main.q'
select count(*) as n from "main"."q" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 404, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.q', 'intent-l1-404', '{"id":"intent-l1-404","prev":"intent-l1-403","epoch":404,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-403'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 404, 0, 1, 0, now());
-- with 'f', 'e', 'main.q', 'intent-l1-404', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_404_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_404_0_data_{name 1}'
COMMIT;

-- ===== store: a look at rows of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'b'
select schema_name as name from duckdb_tables() where database_name = current_database() and table_name in ('heads', 'commits', 'staged', 'rejected')
    group by schema_name having count(*) = 4 order by 1;
SELECT 1 as one from "main"."b" LIMIT 1;
select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is not null and not (flow = $1 and entity = $2);
-- with 'f', 'e', 'main.b'
COMMIT;

-- ===== store: rows next to those of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 501, now()) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_501_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_501_0_boundary_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_501_0_boundary_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/47.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_501_0_boundary_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.b'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
create table main."hygge_lock_{hash 3}" (one int); drop table main."hygge_lock_{hash 3}";
-- again 3fe51b: select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is no …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where 1 = 1;
insert into "main"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::VARCHAR from "hygge_staging"."e_501_0_boundary_{name 1}" hygge_new;
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 501, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.b', 'intent-l1-501', '{"id":"intent-l1-501","prev":null,"epoch":501,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 501, 1, 0, 0, now());
-- with 'f', 'e', 'main.b', 'intent-l1-501', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_501_0_boundary_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_501_0_boundary_{name 1}'
COMMIT;

-- ===== store: the open group next to those of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 502, now()) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_502_0_boundary_{name 1}', 'l1'
create table "hygge_staging"."e_502_0_boundary_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_502_0_boundary_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/48.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_502_0_boundary_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR and "mark" = '2'::BIGINT;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
delete from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR and "mark" = '2'::BIGINT;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
insert into "main"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::VARCHAR from "hygge_staging"."e_502_0_boundary_{name 1}" hygge_new;
-- again 4f51b6: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.b'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 502, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.b', 'intent-l1-502', '{"id":"intent-l1-502","prev":"intent-l1-501","epoch":502,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-501'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 502, 1, 0, 1, now());
-- with 'f', 'e', 'main.b', 'intent-l1-502', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_502_0_boundary_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_502_0_boundary_{name 1}'
COMMIT;

-- ===== store: a range next to those of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 503, now()) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_503_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_503_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_503_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/49.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_503_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR and "mark" >= '1'::BIGINT and "mark" < '3'::BIGINT;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
delete from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR and "mark" >= '1'::BIGINT and "mark" < '3'::BIGINT;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
insert into "main"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::VARCHAR from "hygge_staging"."e_503_0_data_{name 1}" hygge_new;
-- again a19678: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 503, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.b', 'intent-l1-503', '{"id":"intent-l1-503","prev":"intent-l1-502","epoch":503,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":1,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-502'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 503, 1, 0, 1, now());
-- with 'f', 'e', 'main.b', 'intent-l1-503', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_503_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_503_0_data_{name 1}'
COMMIT;

-- ===== store: a merge next to those of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 504, now()) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_504_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_504_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_504_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/50.parquet']);
-- again 0d9d1c: insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") …
-- with 'f', 'e', 'main.b', 'e_504_0_deleted_{name 3}', 'l1'
create table "hygge_staging"."e_504_0_deleted_{name 3}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_504_0_deleted_{name 3}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/51.parquet']);
analyze "hygge_staging"."e_504_0_data_{name 1}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_504_0_data_{name 1}";
analyze "hygge_staging"."e_504_0_deleted_{name 3}";
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_504_0_deleted_{name 3}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
SELECT 1 as one from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from "hygge_staging"."e_504_0_deleted_{name 3}" p) r group by "id" having count(*) > 1 LIMIT 1;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
select count(*) as n from "hygge_staging"."e_504_0_data_{name 1}";
select count(*) as n from "hygge_staging"."e_504_0_deleted_{name 3}";
create table "hygge_staging"."commit_{id 4}" as select * from (select distinct "id", "mark" from (select "id", "mark", hygge_gone from (select "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from "hygge_staging"."e_504_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 0) k; analyze "hygge_staging"."commit_{id 4}";
create table "hygge_staging"."commit_{id 5}" as select * from (select distinct "id", "mark" from (select "id", "mark", hygge_gone from (select "id", "mark", hygge_gone, rank() over (partition by "id" order by case when "mark" is null then 1 else 0 end, "mark" desc) as hygge_rank from (select "id", "mark", 0 as hygge_gone from "hygge_staging"."e_504_0_data_{name 1}" p union all select "id", "mark", 1 as hygge_gone from "hygge_staging"."e_504_0_deleted_{name 3}" p) r) k where hygge_rank = 1) n where hygge_gone = 1) k; analyze "hygge_staging"."commit_{id 5}";
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where 1 = 1;
delete from "main"."b" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark")) and hygge_now."loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" hygge_now where exists (select 1 from "hygge_staging"."commit_{id 5}" hygge_new where hygge_now."id" = hygge_new."id" and (hygge_now."mark" is null or hygge_now."mark" <= hygge_new."mark")) and hygge_now."loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 69ece8: select column_name as name from duckdb_columns() where database_name = current_database() …
-- with 'main', 'b'
create or replace temp table hygge_changed as select hygge_now.rowid as hygge_row, hygge_now."id" as "id", hygge_new."mark" as "mark", 'f.e'::VARCHAR as "loaded_by" from "main"."b" hygge_now join "hygge_staging"."commit_{id 4}" hygge_new on hygge_now."id" = hygge_new."id" and hygge_now."loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
delete from "main"."b" where rowid in (select hygge_row from temp.hygge_changed);
insert into "main"."b" ("id", "mark", "loaded_by") select "id", "mark", "loaded_by" from temp.hygge_changed;
drop table temp.hygge_changed;
insert into "main"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::VARCHAR from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."b" hygge_now where hygge_now."id" = hygge_new."id");
select count(*) as n from "hygge_staging"."commit_{id 4}" hygge_new where not exists (select 1 from "main"."b" hygge_now where hygge_now."id" = hygge_new."id" and hygge_now."loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR);
drop table "hygge_staging"."commit_{id 4}";
drop table "hygge_staging"."commit_{id 5}";
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 504, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.b', 'intent-l1-504', '{"id":"intent-l1-504","prev":"intent-l1-503","epoch":504,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"2"},"boundary":{"rows":0,"hash":"{id 6}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-503'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 504, 0, 1, 0, now());
-- with 'f', 'e', 'main.b', 'intent-l1-504', 'l1', '2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_504_0_data_{name 1}"; drop table if exists "hygge_staging"."e_504_0_deleted_{name 3}";
delete from "hygge_metadata".staged where name in ($1, $2);
-- with 'e_504_0_data_{name 1}', 'e_504_0_deleted_{name 3}'
COMMIT;

-- ===== store: a full load next to those of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 505, now()) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_505_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_505_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_505_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/52.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_505_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
delete from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
insert into "main"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::VARCHAR from "hygge_staging"."e_505_0_data_{name 1}" hygge_new;
-- again ebbdf9: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 505, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.b', 'intent-l1-505', '{"id":"intent-l1-505","prev":"intent-l1-504","epoch":505,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":1}', 'f.e', 'intent-l1-504'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 505, 1, 0, 1, now());
-- with 'f', 'e', 'main.b', 'intent-l1-505', 'l1', '1'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_505_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_505_0_data_{name 1}'
COMMIT;

-- ===== store: three ranges next to those of others
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 506, now()) on conflict do nothing;
-- with 'f', 'e', 'main.b', 'e_506_0_data_{name 1}', 'l1'
create table "hygge_staging"."e_506_0_data_{name 1}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_506_0_data_{name 1}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/53.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_506_0_data_{name 1}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR and ((("mark" >= '2'::BIGINT and "mark" < '3'::BIGINT) or ("mark" >= '4'::BIGINT and "mark" < '5'::BIGINT)) or (("mark" >= '6'::BIGINT and "mark" < '7'::BIGINT)));
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
delete from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR and ((("mark" >= '2'::BIGINT and "mark" < '3'::BIGINT) or ("mark" >= '4'::BIGINT and "mark" < '5'::BIGINT)) or (("mark" >= '6'::BIGINT and "mark" < '7'::BIGINT)));
insert into "main"."b" ("id", "mark", "loaded_by") select hygge_new."id", hygge_new."mark", 'f.e'::VARCHAR from "hygge_staging"."e_506_0_data_{name 1}" hygge_new;
-- again 43f3a8: delete from "hygge_metadata".rejected where flow = $1 and entity = $2 and table_name = $3 …
-- with 'f', 'e', 'main.b'
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
select count(*) as n from "main"."b" where 1 = 1;
update "hygge_metadata".heads set id = $4, epoch = 506, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.b', 'intent-l1-506', '{"id":"intent-l1-506","prev":"intent-l1-505","epoch":506,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 3}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":2,"foreign":1}', 'f.e', 'intent-l1-505'
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 506, 1, 0, 0, now());
-- with 'f', 'e', 'main.b', 'intent-l1-506', 'l1', '1'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_506_0_data_{name 1}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_506_0_data_{name 1}'
COMMIT;

-- ===== store: a look at what is beside
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.b'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'b'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'b'
select * from "main"."b";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'b'
select count(*) as n from "main"."b" where 1 = 1;
select count(*) as n from "main"."b" where "loaded_by"::VARCHAR COLLATE C = 'f.e'::VARCHAR;
COMMIT;

-- ===== store: an attempt that no one finishes, and the sweep
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 's'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_700_all_62429baa20330567'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 700, now()) on conflict do nothing;
-- with 'f', 'e', 'main.s', 'e_700_all_62429baa20330567', 'l1'
create table "main"."e_700_all_62429baa20330567" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_700_all_62429baa20330567" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/54.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select name, epoch from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3 and lineage = $4 and epoch < 701;
-- with 'f', 'e', 'main.s', 'l1'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "main"."e_700_all_62429baa20330567";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_700_all_62429baa20330567'
COMMIT;

-- ===== store: a commit that is given up
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_710_all_78f0a35315d3325a'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 710, now()) on conflict do nothing;
-- with 'f', 'e', 'main.g', 'e_710_all_78f0a35315d3325a', 'l1'
create table "main"."e_710_all_78f0a35315d3325a" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_710_all_78f0a35315d3325a" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/55.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "main"."e_710_all_78f0a35315d3325a" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.g'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g'
update "hygge_metadata".heads set id = $4, epoch = 710, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.g', 'refused-intent-l1-710', '{"lineage":"l1","state":"files .hygge/state","watermark":null,"boundary":null,"schema":null,"rows":0,"nothing":true,"id":"refused-intent-l1-710","prev":null,"epoch":710,"reason":{"code":"HYG-4003","reason":"no"}}', null
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "main"."e_710_all_78f0a35315d3325a";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_710_all_78f0a35315d3325a'
COMMIT;

-- ===== store: a commit that is given up by force
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g2'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_720_all_d6d7f6fea3ccf05c'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 720, now()) on conflict do nothing;
-- with 'f', 'e', 'main.g2', 'e_720_all_d6d7f6fea3ccf05c', 'l1'
create table "main"."e_720_all_d6d7f6fea3ccf05c" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_720_all_d6d7f6fea3ccf05c" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/56.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "main"."e_720_all_d6d7f6fea3ccf05c" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.g2'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g2'
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_720_all_d6d7f6fea3ccf05c" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("id") as n0, count("mark") as n1 from "main"."e_720_all_d6d7f6fea3ccf05c" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."g2" ("id" BIGINT not null, "mark" BIGINT);
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'g2'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'g2'
drop table "main"."g2";
alter table "main"."e_720_all_d6d7f6fea3ccf05c" rename to "g2";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_720_all_d6d7f6fea3ccf05c'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.g2'
update "hygge_metadata".heads set id = $4, epoch = 720, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.g2', 'intent-l1-720', '{"id":"intent-l1-720","prev":null,"epoch":720,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 720, 1, 0, 0, now());
-- with 'f', 'e', 'main.g2', 'intent-l1-720', 'l1', '1'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g2'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'g2'
select * from "main"."g2";
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 721, now()) on conflict do nothing;
-- with 'f', 'e', 'main.g2', 'e_721_0_data_{name 5}', 'l1'
create table "hygge_staging"."e_721_0_data_{name 5}" ("id" BIGINT, "mark" BIGINT);
SET memory_limit = '75MB';
insert into "hygge_staging"."e_721_0_data_{name 5}" ("id", "mark") select c0::BIGINT, c1::BIGINT from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/57.parquet']);
select count(*) as n0, count("id") as n1, count("mark") as n2, (min("mark"))::VARCHAR as n3, (max("mark"))::VARCHAR as n4, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "hygge_staging"."e_721_0_data_{name 5}";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'g2'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'g2'
select * from "main"."g2";
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.g2'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.g2'
update "hygge_metadata".heads set id = $4, epoch = 721, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.g2', 'refused-intent-l1-721', '{"id":"refused-intent-l1-721","prev":"intent-l1-720","epoch":721,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0,"reason":{"code":"HYG-4003","reason":"no"}}', null, 'intent-l1-720'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
set TimeZone = 'UTC'; drop table if exists "hygge_staging"."e_721_0_data_{name 5}";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_721_0_data_{name 5}'
COMMIT;

-- ===== store: a reset
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'r'
select 1 as one from "hygge_metadata".staged where name = $1;
-- with 'e_730_all_8b7916ef8da2f256'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
insert into "hygge_metadata".staged (flow, entity, table_name, name, lineage, epoch, "at") values ($1, $2, $3, $4, $5, 730, now()) on conflict do nothing;
-- with 'f', 'e', 'main.r', 'e_730_all_8b7916ef8da2f256', 'l1'
create table "main"."e_730_all_8b7916ef8da2f256" ("id" BIGINT not null, "mark" BIGINT, "hygge_attempt" BIGINT);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e */;
set TimeZone = 'UTC';
select (hash(uuid()) >> 1)::bigint as tag;
SET memory_limit = '75MB';
insert into "main"."e_730_all_8b7916ef8da2f256" ("id", "mark", hygge_attempt) select c0::BIGINT, c1::BIGINT, {number 1} from read_parquet(['{folder}/hygge-scratch-{process}-{uuid 2}/58.parquet']);
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
SET memory_limit = '200MB';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select count(*) as n, count("id") as count0, count("mark") as count1, sum("id")::varchar as sum0, (min("id"))::VARCHAR as min0, (max("id"))::VARCHAR as max0, sum("mark")::varchar as sum1, (min("mark"))::VARCHAR as min1, (max("mark"))::VARCHAR as max1 from "main"."e_730_all_8b7916ef8da2f256" p;
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'r'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.r'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
select name from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'r'
-- again e6fdcb: set TimeZone = 'UTC'; create table main."hygge_lock_{hash 3}" (one int); drop table main." …
alter table "main"."e_730_all_8b7916ef8da2f256" drop column hygge_attempt;
select hygge_attempt as tag, count(*) as n, count("id") as n0, count("mark") as n1 from "main"."e_730_all_8b7916ef8da2f256" group by hygge_attempt;
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'main'
create table "main"."r" ("id" BIGINT not null, "mark" BIGINT);
-- again 192a9e: select comment from duckdb_tables() where database_name = current_database() and lower(sch …
-- with 'main', 'r'
-- again 00b296: select column_name as name, comment, column_default as given from duckdb_columns() where d …
-- with 'main', 'r'
drop table "main"."r";
alter table "main"."e_730_all_8b7916ef8da2f256" rename to "r";
delete from "hygge_metadata".staged where name in ($1);
-- with 'e_730_all_8b7916ef8da2f256'
-- again 8a092c: update "hygge_metadata".rejected set of_group = 0 where flow = $1 and entity = $2 and tabl …
-- with 'f', 'e', 'main.r'
update "hygge_metadata".heads set id = $4, epoch = 730, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'e', 'main.r', 'intent-l1-730', '{"id":"intent-l1-730","prev":null,"epoch":730,"lineage":"l1","state":"files .hygge/state","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
insert into "hygge_metadata".commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, "at") values ($1, $2, $3, $4, $5, $6, 730, 1, 0, 0, now());
-- with 'f', 'e', 'main.r', 'intent-l1-730', 'l1', '1'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'e', 'main.r'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'r'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'r'
select * from "main"."r";
select count(*) as n from "main"."r" where 1 = 1;
select name, epoch from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
update "hygge_metadata".heads set id = $4, epoch = 731, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id = $7;
-- with 'f', 'e', 'main.r', 'fence', '{"id":"fence","prev":"intent-l1-730","epoch":731,"lineage":"l2","state":"elsewhere","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 4}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null, 'intent-l1-730'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
COMMIT;

-- ===== store: a table that is taken over as it is
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'adopted', 'main.a'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'a'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'a'
select * from "main"."a";
-- again b6b603: select constraint_type as kind, constraint_name as name, to_json(constraint_column_names): …
-- with 'main', 'a'
-- again a07289: select schema_name as name from duckdb_tables() where database_name = current_database() a …
SELECT 1 as one from "main"."a" LIMIT 1;
-- again 3fe51b: select flow, entity, head from "hygge_metadata".heads where table_name = $3 and head is no …
-- with 'f', 'adopted', 'main.a'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.adopted, alone */;
set TimeZone = 'UTC';
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'adopted', 'main.a'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'adopted', 'main.a'
-- again 26d2dc: select sql from duckdb_tables() where database_name = current_database() and lower(schema_ …
-- with 'main', 'a'
-- again 395225: select column_name as name, is_nullable::varchar as nullable, column_default as given from …
-- with 'main', 'a'
select * from "main"."a";
select count(*) as n from "main"."a" where 1 = 1;
select name, epoch from "hygge_metadata".staged where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'adopted', 'main.a'
update "hygge_metadata".heads set id = $4, epoch = 2, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'adopted', 'main.a', 'adoption', '{"id":"adoption","prev":null,"epoch":2,"lineage":"l2","state":"elsewhere","watermark":null,"boundary":null,"schema":null,"rows":1,"foreign":0}', null
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION READ ONLY;
set TimeZone = 'UTC';
COMMIT;

-- ===== store: a head that goes to another entity, and away
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.other, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_staging'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 and head is not null;
-- with 'f', 'e', 'main.r'
insert into "hygge_metadata".heads (flow, entity, table_name) values ($1, $2, $3) on conflict do nothing;
-- with 'f', 'other', 'main.r'
select head, mark from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'other', 'main.r'
update "hygge_metadata".heads set id = $4, epoch = 731, head = $5, mark = $6, "at" = now() where flow = $1 and entity = $2 and table_name = $3 and id is null;
-- with 'f', 'other', 'main.r', 'fence', '{"id":"fence","prev":"intent-l1-730","epoch":731,"lineage":"l2","state":"elsewhere","watermark":{"column":"mark","type":{"kind":"int64"},"text":"1"},"boundary":{"rows":0,"hash":"{id 1}"},"schema":{"columns":[{"name":"id","type":{"kind":"int64"},"nullable":false},{"name":"mark","type":{"kind":"int64"},"nullable":true}]},"rows":1,"foreign":0}', null
update "hygge_metadata".commits set flow = $4, entity = $5 where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r', 'f', 'other'
update "hygge_metadata".rejected set flow = $4, entity = $5 where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r', 'f', 'other'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
-- again e3f11b: select t.table_name as name from duckdb_schemas() s left join duckdb_tables() t on t.datab …
-- with 'hygge_metadata'
delete from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3;
-- with 'f', 'e', 'main.r'
COMMIT;
SET TimeZone = 'UTC'; SET file_search_path = '{folder}';
BEGIN TRANSACTION /* hygge f.e, alone */;
set TimeZone = 'UTC';
delete from "hygge_metadata".commits where flow = $1 and entity = $2 and table_name = $3 and "at" < $4 and intent_id not in (select id from "hygge_metadata".heads where flow = $1 and entity = $2 and table_name = $3 and id is not null);
-- with 'f', 'e', 'main.r', '2026-01-01T00:00:00.000Z'
COMMIT;
