-- ===== home: a look at a table
SET NAMES utf8mb4;
SET time_zone = '+00:00', net_write_timeout = 86400, sql_select_limit = {id 1}, sql_safe_updates = 0, autocommit = 1, completion_type = 0,
    sql_auto_is_null = 0, group_concat_max_len = 1048576, foreign_key_checks = 1, unique_checks = 1,
    timestamp = DEFAULT /*!80003 , transaction_read_only = 0, information_schema_stats_expiry = 0 */ /*!80032 , explain_format = 'TRADITIONAL' */ /*M! , tx_read_only = 0, max_error_count = 64 */ /*M!100201 , check_constraint_checks = 1 */ /*M!100303 , system_versioning_asof = DEFAULT */
    /*M! , join_cache_level = 8 , join_buffer_size = 33554432 , join_buffer_space_limit = 67108864 */;
SET sql_mode = REPLACE(REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'PAD_CHAR_TO_FULL_LENGTH', ''), 'HIGH_NOT_PRECEDENCE', '');
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows`, DATA_LENGTH AS bytes, @@lower_case_table_names AS folded, DATABASE() AS current
FROM information_schema.TABLES WHERE LOWER(TABLE_NAME) = LOWER(_utf8mb4 X'6f7264657273') AND TABLE_SCHEMA = COALESCE(NULL, DATABASE());
SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, COLUMN_KEY AS `key`, COLLATION_NAME AS collation FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = _utf8mb4 X'{database}' AND TABLE_NAME = _utf8mb4 X'6f7264657273';
SELECT * FROM `{database}`.`orders` LIMIT 0;
SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = _utf8mb4 X'{database}' AND TABLE_NAME = _utf8mb4 X'6f7264657273' AND COLUMN_NAME IS NOT NULL AND SUB_PART IS NULL AND INDEX_TYPE = 'BTREE' ORDER BY INDEX_NAME, SEQ_IN_INDEX;
SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = _utf8mb4 X'{database}' AND TABLE_NAME = _utf8mb4 X'6f7264657273' AND COLUMN_NAME IS NOT NULL AND SUB_PART IS NULL AND INDEX_TYPE = 'BTREE' AND SEQ_IN_INDEX = 1 ORDER BY INDEX_NAME, SEQ_IN_INDEX;
COMMIT;

-- ===== home: all of a table
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders`;
COMMIT;

-- ===== home: the newest id
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLIST
WHERE USER = 'system user' AND COMMAND IN ('Slave_IO', 'Slave_SQL', 'Slave_worker', 'Connect', 'Query');
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT') AND ENGINE NOT IN (_utf8mb4 X'496e6e6f4442', _utf8mb4 X'4d794953414d', _utf8mb4 X'{id 1}', _utf8mb4 X'41726961', _utf8mb4 X'4d454d4f5259', _utf8mb4 X'435356', _utf8mb4 X'41524348495645', _utf8mb4 X'424c41434b484f4c45', _utf8mb4 X'53455155454e4345', _utf8mb4 X'{id 2}') ORDER BY ENGINE;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT CAST(`id` AS CHAR) AS newest FROM `{database}`.`orders` WHERE (
`id` IS NOT NULL
) ORDER BY `id` DESC LIMIT 1;
SELECT @@global.auto_increment_increment AS step;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
SELECT UUID_SHORT() AS mark;
DO SLEEP(0.11 * (1 + RAND())) /* {number 3} */;
SELECT p.ID AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(UTC_TIMESTAMP(6) - INTERVAL p.TIME + 1 SECOND, '%Y-%m-%dT%H:%i:%s.%fZ') AS since, p.TIME AS age
FROM information_schema.PROCESSLIST AS p WHERE p.COMMAND IN ('Query', 'Execute') AND p.ID <> CONNECTION_ID()
AND COALESCE(/*M! p.TIME_MS / 1000, */ p.TIME) >= 0.1
AND UPPER(p.INFO) REGEXP '^[[:space:](]*(/[*].*[*]/)?[[:space:]]*(INSERT|REPLACE|UPDATE|LOAD|CALL|EXECUTE|WITH|MERGE)[[:space:]]';
SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(LEAST(CONVERT_TZ(t.trx_started, 'SYSTEM', '+00:00') - INTERVAL IF(@@system_time_zone = 'UTC', 0, 3600) SECOND, UTC_TIMESTAMP(6) - INTERVAL IF(p.COMMAND <> 'Sleep', p.TIME + 1, 0) SECOND), '%Y-%m-%dT%H:%i:%s.%fZ') AS since, t.trx_started AS began, TIMESTAMPDIFF(SECOND, CONVERT_TZ(t.trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()) AS age,
t.trx_mysql_thread_id = CONNECTION_ID() AS own, t.trx_query AS doing
FROM information_schema.INNODB_TRX AS t LEFT JOIN information_schema.PROCESSLIST AS p ON p.ID = t.trx_mysql_thread_id
WHERE t.trx_is_read_only = 0 OR t.trx_mysql_thread_id = CONNECTION_ID() ORDER BY t.trx_started /* {number 3} */;
COMMIT;

-- ===== home: what is ahead of id, and null
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`id` IS NULL
);
COMMIT;

-- ===== home: an increment by id
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` > 39 AND `id` <= 39 OR `id` IS NULL
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` > 39 AND `id` <= 39 OR `id` IS NULL
);
COMMIT;

-- ===== home: the newest price
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 629507: SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLI …
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
-- again 768612: SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT' …
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT CAST(`price` AS CHAR) AS newest FROM `{database}`.`orders` WHERE (
`price` IS NOT NULL
) ORDER BY `price` DESC LIMIT 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
SELECT UUID_SHORT() AS mark;
DO SLEEP(0.11 * (1 + RAND())) /* {number 3} */;
-- again 8419c3: SELECT p.ID AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(UTC_TIMESTAMP(6) - INTERVAL …
-- again e3a6d6: SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, DATE_F …
COMMIT;

-- ===== home: what is ahead of price, and null
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`price` IS NULL
);
COMMIT;

-- ===== home: an increment by price
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`price` > 39.25 AND `price` <= 39.25 OR `price` IS NULL
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`price` > 39.25 AND `price` <= 39.25 OR `price` IS NULL
);
COMMIT;

-- ===== home: the newest day
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 629507: SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLI …
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
-- again 768612: SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT' …
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT DATE_FORMAT(`day`, '%Y-%m-%d') AS newest FROM `{database}`.`orders` WHERE (
`day` IS NOT NULL
) AND (
`day` >= DATE'0001-01-01' AND `day` + INTERVAL 0 DAY = `day`
) AND (
`day` <= DATE'{day}'
) ORDER BY `day` DESC LIMIT 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
SELECT UUID_SHORT() AS mark;
DO SLEEP(0.11 * (1 + RAND())) /* {number 3} */;
-- again 8419c3: SELECT p.ID AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(UTC_TIMESTAMP(6) - INTERVAL …
-- again e3a6d6: SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, DATE_F …
COMMIT;

-- ===== home: what is ahead of day, and null
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`day` > DATE'{day}'
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`day` IS NULL
);
COMMIT;

-- ===== home: an increment by day
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`day` > DATE'2026-01-01' AND `day` <= DATE'2026-01-01' OR `day` IS NULL
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`day` > DATE'2026-01-01' AND `day` <= DATE'2026-01-01' OR `day` IS NULL
);
COMMIT;

-- ===== home: the newest at
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 629507: SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLI …
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
-- again 768612: SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT' …
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT DATE_FORMAT(`at`, '%Y-%m-%dT%H:%i:%s.%f') AS newest FROM `{database}`.`orders` WHERE (
`at` IS NOT NULL
) AND (
`at` >= DATE'0001-01-01' AND `at` + INTERVAL 0 DAY = `at`
) AND (
`at` <= TIMESTAMP'{time}'
) ORDER BY `at` DESC LIMIT 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
SELECT UUID_SHORT() AS mark;
DO SLEEP(0.11 * (1 + RAND())) /* {number 3} */;
-- again 8419c3: SELECT p.ID AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(UTC_TIMESTAMP(6) - INTERVAL …
-- again e3a6d6: SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, DATE_F …
COMMIT;

-- ===== home: what is ahead of at, and null
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`at` > TIMESTAMP'{time}'
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`at` IS NULL
);
COMMIT;

-- ===== home: an increment by at
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`at` > TIMESTAMP'2026-01-01 00:00:00.123000' AND `at` <= TIMESTAMP'2026-01-01 00:00:00.123000' OR `at` IS NULL
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`at` > TIMESTAMP'2026-01-01 00:00:00.123000' AND `at` <= TIMESTAMP'2026-01-01 00:00:00.123000' OR `at` IS NULL
);
COMMIT;

-- ===== home: the newest moment
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 629507: SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLI …
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
-- again 768612: SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT' …
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT DATE_FORMAT(`moment`, '%Y-%m-%dT%H:%i:%s.%fZ') AS newest FROM `{database}`.`orders` WHERE (
`moment` IS NOT NULL
) AND (
`moment` >= DATE'0001-01-01' AND `moment` + INTERVAL 0 DAY = `moment`
) AND (
`moment` <= TIMESTAMP'{time}'
) ORDER BY `moment` DESC LIMIT 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
SELECT UUID_SHORT() AS mark;
DO SLEEP(0.11 * (1 + RAND())) /* {number 3} */;
-- again 8419c3: SELECT p.ID AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(UTC_TIMESTAMP(6) - INTERVAL …
-- again e3a6d6: SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, DATE_F …
COMMIT;

-- ===== home: what is ahead of moment, and null
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`moment` > TIMESTAMP'{time}'
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`moment` IS NULL
);
COMMIT;

-- ===== home: an increment by moment
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`moment` > TIMESTAMP'2026-01-01 00:00:00.500000' AND `moment` <= TIMESTAMP'2026-01-01 00:00:00.500000' OR `moment` IS NULL
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`moment` > TIMESTAMP'2026-01-01 00:00:00.500000' AND `moment` <= TIMESTAMP'2026-01-01 00:00:00.500000' OR `moment` IS NULL
);
COMMIT;

-- ===== home: the newest name
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 629507: SELECT @@global.read_only AS closed, COUNT(*) AS threads FROM information_schema.PROCESSLI …
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
-- again 768612: SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT' …
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
SELECT CAST(`name` AS CHAR) AS newest FROM `{database}`.`orders` WHERE (
`name` IS NOT NULL
) ORDER BY CAST(CONVERT(`name` USING utf8mb4) AS BINARY) DESC LIMIT 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
SELECT UUID_SHORT() AS mark;
DO SLEEP(0.11 * (1 + RAND())) /* {number 3} */;
-- again 8419c3: SELECT p.ID AS thread, p.USER AS user, p.DB AS db, DATE_FORMAT(UTC_TIMESTAMP(6) - INTERVAL …
-- again e3a6d6: SELECT t.trx_id AS id, t.trx_mysql_thread_id AS thread, p.USER AS user, p.DB AS db, DATE_F …
COMMIT;

-- ===== home: what is ahead of name, and null
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS now;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT COUNT(*) AS counted FROM `{database}`.`orders` WHERE (
`name` IS NULL
);
COMMIT;

-- ===== home: an increment by name
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
CAST(CONVERT(`name` USING utf8mb4) AS BINARY) > CAST(_utf8mb4 X'6e39' AS BINARY) AND CAST(CONVERT(`name` USING utf8mb4) AS BINARY) <= CAST(_utf8mb4 X'6e39' AS BINARY) OR `name` IS NULL
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
CAST(CONVERT(`name` USING utf8mb4) AS BINARY) > CAST(_utf8mb4 X'6e39' AS BINARY) AND CAST(CONVERT(`name` USING utf8mb4) AS BINARY) <= CAST(_utf8mb4 X'6e39' AS BINARY) OR `name` IS NULL
);
COMMIT;

-- ===== home: all of a table, in small slices
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT MIN(`id`) AS least, MAX(`id`) AS most FROM `{database}`.`orders`;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 0 AND `id` < 40;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 0 AND `id` < 20;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 20 AND `id` < 40;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 0 AND `id` < 10;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 10 AND `id` < 20;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 20 AND `id` < 30;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 30 AND `id` < 40;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 0 AND `id` < 5;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 5 AND `id` < 10;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 10 AND `id` < 15;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 15 AND `id` < 20;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 20 AND `id` < 25;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 25 AND `id` < 30;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 30 AND `id` < 35;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 35 AND `id` < 40;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 0 AND `id` < 2;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 2 AND `id` < 5;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 5 AND `id` < 7;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 7 AND `id` < 10;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 10 AND `id` < 12;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 12 AND `id` < 15;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 15 AND `id` < 17;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 17 AND `id` < 20;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 20 AND `id` < 22;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 22 AND `id` < 25;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 25 AND `id` < 27;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 27 AND `id` < 30;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 30 AND `id` < 32;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 32 AND `id` < 35;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 35 AND `id` < 37;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 37 AND `id` < 40;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 2 AND `id` < 3;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 3 AND `id` < 5;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 7 AND `id` < 8;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 8 AND `id` < 10;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 12 AND `id` < 13;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 13 AND `id` < 15;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 17 AND `id` < 18;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 18 AND `id` < 20;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 22 AND `id` < 23;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 23 AND `id` < 25;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 27 AND `id` < 28;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 28 AND `id` < 30;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 32 AND `id` < 33;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 33 AND `id` < 35;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 37 AND `id` < 38;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 38 AND `id` < 40;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 0 AND `id` < 1;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 1 AND `id` < 2;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 3 AND `id` < 4;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 4 AND `id` < 5;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 5 AND `id` < 6;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 6 AND `id` < 7;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 8 AND `id` < 9;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 9 AND `id` < 10;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 10 AND `id` < 11;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 11 AND `id` < 12;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 13 AND `id` < 14;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 14 AND `id` < 15;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 15 AND `id` < 16;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 16 AND `id` < 17;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 18 AND `id` < 19;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 19 AND `id` < 20;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 20 AND `id` < 21;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 21 AND `id` < 22;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 23 AND `id` < 24;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 24 AND `id` < 25;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 25 AND `id` < 26;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 26 AND `id` < 27;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 28 AND `id` < 29;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 29 AND `id` < 30;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 30 AND `id` < 31;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 31 AND `id` < 32;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 33 AND `id` < 34;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 34 AND `id` < 35;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 35 AND `id` < 36;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 36 AND `id` < 37;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 38 AND `id` < 39;
EXPLAIN SELECT `id` FROM `{database}`.`orders` WHERE `id` >= 39 AND `id` < 40;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` < 1
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 1 AND `id` < 2
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 2 AND `id` < 3
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 3 AND `id` < 4
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 4 AND `id` < 5
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 5 AND `id` < 6
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 6 AND `id` < 7
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 7 AND `id` < 8
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 8 AND `id` < 9
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 9 AND `id` < 10
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 10 AND `id` < 11
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 11 AND `id` < 12
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 12 AND `id` < 13
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 13 AND `id` < 14
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 14 AND `id` < 15
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 15 AND `id` < 16
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 16 AND `id` < 17
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 17 AND `id` < 18
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 18 AND `id` < 19
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 19 AND `id` < 20
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 20 AND `id` < 21
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 21 AND `id` < 22
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 22 AND `id` < 23
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 23 AND `id` < 24
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 24 AND `id` < 25
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 25 AND `id` < 26
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 26 AND `id` < 27
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 27 AND `id` < 28
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 28 AND `id` < 29
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 29 AND `id` < 30
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 30 AND `id` < 31
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 31 AND `id` < 32
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 32 AND `id` < 33
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 33 AND `id` < 34
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 34 AND `id` < 35
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 35 AND `id` < 36
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 36 AND `id` < 37
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 37 AND `id` < 38
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 38 AND `id` < 39
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
`id` >= 39
);
COMMIT;

-- ===== home: a query
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT * FROM (
SELECT id FROM orders
) AS hygge_query LIMIT 0;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
SELECT * FROM (
SELECT id FROM orders
) AS hygge_query LIMIT 0;
SELECT `id` FROM (
SELECT id FROM orders
) AS hygge_query;
COMMIT;

-- ===== home: a condition
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
EXPLAIN SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
id > 3 -- not those
);
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id`, `price`, `day`, `at`, `moment`, `name` FROM `{database}`.`orders` WHERE (
id > 3 -- not those
);
COMMIT;

-- ===== home: some columns
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT `id` FROM `{database}`.`orders`;
COMMIT;

-- ===== home: debug
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 8c1924: SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows …
-- again 541d93: SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, EXTRA AS extra, …
SELECT * FROM `{database}`.`orders` LIMIT 0;
-- again 858006: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
-- again 494ccd: SELECT INDEX_NAME AS `index`, COLUMN_NAME AS name FROM information_schema.STATISTICS WHERE …
SELECT CURRENT_USER() AS account, DATABASE() AS db, @@version AS version, @@version_comment AS comment,
  (SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = SUBSTRING_INDEX(USER(), '@', 1)) AS connections;
SHOW SESSION STATUS LIKE 'Ssl_version';
SELECT 1 AS one FROM information_schema.INNODB_TRX LIMIT 1;
-- again 768612: SELECT ENGINE AS engine FROM information_schema.ENGINES WHERE SUPPORT IN ('YES', 'DEFAULT' …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY /* hygge f.e */;
COMMIT;

-- ===== home: the tables of a database
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge */;
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, LOWER(TABLE_TYPE) AS kind, TABLE_ROWS AS `rows`, DATA_LENGTH AS bytes
FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME;
SELECT c.TABLE_NAME AS name, c.COLUMN_NAME AS `column`, c.COLUMN_TYPE AS type, c.DATA_TYPE AS kind, c.EXTRA AS extra, c.IS_NULLABLE AS nullable,
  c.PRIVILEGES LIKE '%select%' AS may,
  EXISTS (SELECT 1 FROM information_schema.STATISTICS i WHERE i.TABLE_SCHEMA = c.TABLE_SCHEMA AND i.TABLE_NAME = c.TABLE_NAME
    AND i.COLUMN_NAME = c.COLUMN_NAME AND i.SEQ_IN_INDEX = 1 AND i.SUB_PART IS NULL AND i.INDEX_TYPE = 'BTREE') AS indexed
FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION;
SELECT TABLE_NAME AS name, COLUMN_NAME AS `column`, INDEX_NAME AS `index`,
  NULLABLE = 'YES' OR COLUMN_NAME IS NULL OR SUB_PART IS NOT NULL AS nullable FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0 ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX;
COMMIT;

-- ===== home: a table that is not there
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows`, DATA_LENGTH AS bytes, @@lower_case_table_names AS folded, DATABASE() AS current
FROM information_schema.TABLES WHERE LOWER(TABLE_NAME) = LOWER(_utf8mb4 X'6e6f7065') AND TABLE_SCHEMA = COALESCE(NULL, DATABASE());
SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS name, ENGINE AS engine, TABLE_ROWS AS `rows`, DATA_LENGTH AS bytes, @@lower_case_table_names AS folded, DATABASE() AS current
FROM information_schema.TABLES WHERE LOWER(TABLE_NAME) = LOWER(_utf8mb4 X'6e6f7065') ORDER BY TABLE_SCHEMA, TABLE_NAME LIMIT 3;
ROLLBACK;
DO RELEASE_ALL_LOCKS();

-- ===== store: debug, of which nothing is there
SET NAMES utf8mb4;
-- again 42a835: SET time_zone = '+00:00', net_write_timeout = 86400, sql_select_limit = {id 1}, sql_safe_u …
-- again 3b4c20: SET sql_mode = REPLACE(REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'PAD_CHAR_ …
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = 30, lock_wait_timeout = 30, net_read_timeout = 600;
select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schema.TABLES t on t.TABLE_SCHEMA = s.SCHEMA_NAME
    and t.TABLE_TYPE like '%BASE TABLE%' where s.SCHEMA_NAME = _utf8mb4 X'{database}5f6f776e';
select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schema.TABLES t on t.TABLE_SCHEMA = s.SCHEMA_NAME
    and t.TABLE_TYPE like '%BASE TABLE%' where s.SCHEMA_NAME = _utf8mb4 X'{database}5f737467';
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'65';
select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schema.TABLES t on t.TABLE_SCHEMA = s.SCHEMA_NAME
    and t.TABLE_TYPE like '%BASE TABLE%' where s.SCHEMA_NAME = _utf8mb4 X'{database}';
select @@global.local_infile as may;
ROLLBACK;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
select current_user() as account;
show grants;
select database() as name;
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 932b27: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;

-- ===== store: a look at a table that is not there
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 932b27: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;

-- ===== store: made ready

-- ===== store: a plan of a first load
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}5f6f776e' and c.TABLE_NAME = _utf8mb4 X'72656a6563746564' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}5f6f776e' and t.TABLE_NAME = _utf8mb4 X'72656a6563746564' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'65' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'65' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
-- again 932b27: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
show variables like 'sql_require_primary_key';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
COMMIT;

-- ===== store: a first load
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
create schema if not exists `{database}_own`;
create schema if not exists `{database}_stg`;
create table if not exists `{database}_own`.heads (
  flow varchar(255) not null,
  entity varchar(255) not null,
  table_name varchar(255) not null,
  id longtext,
  epoch bigint,
  head longtext,
  mark longtext,
  `at` datetime(6),
  primary key (flow, entity, table_name)
) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
create table if not exists `{database}_own`.commits (
  intent_id varchar(255) not null primary key,
  flow varchar(255) not null,
  entity varchar(255) not null,
  table_name varchar(255) not null,
  lineage longtext not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark longtext,
  `at` datetime(6) not null
) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
create table if not exists `{database}_own`.staged (
  name varchar(255) not null primary key,
  flow varchar(255) not null,
  entity varchar(255) not null,
  table_name varchar(255) not null,
  lineage longtext not null,
  epoch bigint not null,
  `at` datetime(6) not null
) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
create table if not exists `{database}_own`.rejected (
  flow varchar(255) not null,
  entity varchar(255) not null,
  table_name varchar(255) not null,
  role longtext not null,
  of_group bigint not null,
  watermark longtext,
  `row` longtext not null,
  intent_id longtext not null,
  `at` datetime(6) not null,
  `part` varchar(255),
  `id` varchar(255),
  `copy` bigint,
  `source` longtext,
  `rule` longtext,
  `column` longtext,
  `reason` longtext,
  `run` longtext,
  `columns` longtext
  /*!80030 , my_row_id bigint unsigned not null auto_increment primary key invisible */
) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 1, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_1_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_1_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
-- again 27b574: load data local infile 'rows of hygge' into table `{database}_stg`.`e_1_all_{hash 2}` char …
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_1_all_{hash 2}` p;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 1, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 1, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 1, utc_timestamp(6)) on duplicate key update flow = flow;
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and TABLE_NAME = _utf8mb4 X'{id 7}';
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_1_all_{hash 2}` to `{database}_stg`.`whole_{id 9}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and c.TABLE_NAME = _utf8mb4 X'{id 7}' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and t.TABLE_NAME = _utf8mb4 X'{id 7}' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
show create table `{database}_stg`.`whole_{id 9}`;
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, count(`id`) as n0, count(`mark`) as n1 from `{database}_stg`.`whole_{id 9}`;
alter table `{database}_stg`.`whole_{id 9}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 9}` COMMENT = '[hygge intent-l1-1 2]';
rename table `{database}_stg`.`whole_{id 9}` to `{database}`.`e`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 9}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'65' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'65' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'65' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' for update;
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and of_group = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 1, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', _utf8mb4 X'32', 1, 2, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_1_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', _utf8mb4 X'{id 7}', _utf8mb4 X'{id 12}', _utf8mb4 X'{id 8}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: debug, where it has settled before
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select current_user() as account;
show grants;
select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes from information_schema.TRIGGERS
      where EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and EVENT_OBJECT_TABLE = _utf8mb4 X'65'
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), k.REFERENCED_COLUMN_NAME, 1, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end
      from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'65' and not (k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'65')
    union all select 'foreign key', k.CONSTRAINT_NAME, k.COLUMN_NAME, 0, 0 from information_schema.KEY_COLUMN_USAGE k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'65' and not (k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'65')
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of itself'), k.COLUMN_NAME, 0, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'65' and k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'65'
    union all select 'check', k.CONSTRAINT_NAME, null, 0, 0 from information_schema.TABLE_CONSTRAINTS k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'65' and k.CONSTRAINT_TYPE = 'CHECK' and not exists (select 1 from information_schema.CHECK_CONSTRAINTS c
        where c.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and c.CONSTRAINT_NAME = k.CONSTRAINT_NAME and c.CHECK_CLAUSE like 'json_valid(%')
    union all select 'comment of column', COLUMN_NAME, null, 0, 0 from information_schema.COLUMNS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'65' and COLUMN_COMMENT <> ''
    order by 1, 2;
select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_schema.STATISTICS
    where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'65' and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX;
select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'65' and SEQ_IN_INDEX = 1 and SUB_PART is null limit 1;
create table `{database}_stg`.`probe_{now}_{name 1}` (`k` bigint, `c` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`probe_{now}_{name 1}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `c`);
create table `{database}_stg`.`probe_{now}_{name 1}_d` (`k` bigint not null, `c` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
drop temporary table if exists `{database}_stg`.`probe_{now}_{name 1}_k`;
create temporary table `{database}_stg`.`probe_{now}_{name 1}_k` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select * from `{database}_stg`.`probe_{now}_{name 1}`) k;
show index from `{database}_stg`.`probe_{now}_{name 1}_d`;
update `{database}_stg`.`probe_{now}_{name 1}_d` hygge_now join `{database}_stg`.`probe_{now}_{name 1}_k` hygge_new on hygge_now.`k` = hygge_new.`k` set hygge_now.`c` = hygge_new.`c`;
insert into `{database}_stg`.`probe_{now}_{name 1}_d` (`k`, `c`) select hygge_new.`k`, hygge_new.`c` from `{database}_stg`.`probe_{now}_{name 1}_k` hygge_new left join `{database}_stg`.`probe_{now}_{name 1}_d` hygge_now on hygge_now.`k` = hygge_new.`k` where hygge_now.`k` is null;
delete hygge_now from `{database}_stg`.`probe_{now}_{name 1}_d` hygge_now where hygge_now.`k` = 1;
drop temporary table `{database}_stg`.`probe_{now}_{name 1}_k`;
select 1 from `{database}_stg`.`probe_{now}_{name 1}_d` limit 1 for update;
rename table `{database}_stg`.`probe_{now}_{name 1}_d` to `{database}_stg`.`probe_{now}_{name 1}_r`;
drop table `{database}_stg`.`probe_{now}_{name 1}_r`;
drop table `{database}_stg`.`probe_{now}_{name 1}`;
ROLLBACK;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
select current_user() as account;
show grants;
select database() as name;
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 932b27: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;

-- ===== store: a look at what settled
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select current_user() as account;
show grants;
-- again ad4354: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again a3dd29: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f86701: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;

-- ===== store: rows in two slices, and an attempt that was lost
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 2, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_2_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_2_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_2_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 2, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_2_0_data_{name 4}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_2_0_data_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_2_0_data_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 5}', _utf8mb4 X'6c31', 2, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_2_1_data_{name 6}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_2_1_data_{name 6}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_2_1_data_{name 6}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 2, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_2_2_data_{name 8}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_2_2_data_{name 8}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 9}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_2_0_data_{name 4}` hygge_new;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_2_1_data_{name 6}` hygge_new;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_2_2_data_{name 8}` hygge_new;
-- again 4d218f: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 2, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 12}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', _utf8mb4 X'32', 2, 2, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_2_0_data_{name 4}`;
drop table if exists `{database}_stg`.`e_2_1_data_{name 6}`;
drop table if exists `{database}_stg`.`e_2_2_data_{name 8}`;
drop table if exists `{database}_stg`.`whole_{id 13}`;
drop table if exists `{database}_stg`.`old_{id 13}`;
drop table if exists `{database}_stg`.`used_{id 13}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 3}', _utf8mb4 X'{id 5}', _utf8mb4 X'{id 7}', _utf8mb4 X'{id 14}', _utf8mb4 X'{id 15}', _utf8mb4 X'{id 16}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: the open group
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 3, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_3_0_boundary_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_3_0_boundary_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_3_0_boundary_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}`.`e` where `mark` = 2;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`e` where `mark` = 2;
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_3_0_boundary_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and role <> 'correction' and of_group = 1;
-- again 4d218f: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 3, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 3, 1, 0, 3, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_3_0_boundary_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', _utf8mb4 X'{id 9}', _utf8mb4 X'{id 10}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a range
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 4, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_4_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_4_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_4_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
select COUNT(*) as n from `{database}`.`e` where `mark` >= 1 and `mark` < 3;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`e` where `mark` >= 1 and `mark` < 3;
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_4_0_data_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and role <> 'correction' and CAST(watermark AS SIGNED) >= 1 and CAST(watermark AS SIGNED) < 3;
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 4, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 4, 1, 0, 2, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_4_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a range, merged
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 5, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_5_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_5_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
analyze table `{database}_stg`.`e_5_0_data_{name 2}`;
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_5_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
select COUNT(*) as n from `{database}`.`e` where `mark` >= 1 and `mark` < 3;
SELECT 1 as one from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_5_0_data_{name 2}` p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`e` where `mark` >= 1 and `mark` < 3;
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}_stg`.`e_5_0_data_{name 2}`;
select COUNT(*) as n from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_5_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new where 1 = 1;
show index from `{database}`.`e`;
update `{database}`.`e` hygge_now join (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_5_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new on hygge_now.`id` = hygge_new.`id` set hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_5_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new left join `{database}`.`e` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
select COUNT(*) as n from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_5_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new left join `{database}`.`e` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
-- again 397781: delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X' …
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 5, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 5, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_5_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a full load that deletes and inserts
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 6, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_6_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_6_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_6_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`e` where 1 = 1;
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_6_0_data_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and role <> 'correction';
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 6, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'31', 6, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_6_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a plan of a full load
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select current_user() as account;
show grants;
-- again ad4354: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again a3dd29: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f86701: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again 932b27: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
COMMIT;

-- ===== store: a full load in the place of the table
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 7, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_7_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_7_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_7_all_{hash 2}` p;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 7, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select current_user() as account;
show grants;
-- again ad4354: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again a3dd29: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f86701: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 7, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 7, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', 7, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_7_all_{hash 2}` to `{database}_stg`.`whole_{id 10}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 10}`;
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, count(`id`) as n0, count(`mark`) as n1 from `{database}_stg`.`whole_{id 10}`;
alter table `{database}_stg`.`whole_{id 10}` drop column `hygge_attempt`;
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
show create table `{database}`.`e`;
select INDEX_NAME as name, max(case when COLUMN_NAME is null then 1 else 0 end) as expressions, group_concat(hex(COLUMN_NAME)) as columns
    from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'65' group by INDEX_NAME;
alter table `{database}_stg`.`whole_{id 10}` COMMENT = '[hygge intent-l1-7 1]';
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select current_user() as account;
show grants;
-- again ad4354: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again a3dd29: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f86701: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`e` where 1 = 1;
rename table `{database}`.`e` to `{database}_stg`.`old_{id 10}`, `{database}_stg`.`whole_{id 10}` to `{database}`.`e`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 10}`;
drop table if exists `{database}_stg`.`whole_{id 10}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 9d0d1a: delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X' …
update `{database}_own`.heads set id = _utf8mb4 X'{id 11}', epoch = 7, head = _utf8mb4 X'{id 12}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 13}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 11}', _utf8mb4 X'6c31', _utf8mb4 X'31', 7, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_7_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 10}`;
drop table if exists `{database}_stg`.`old_{id 10}`;
drop table if exists `{database}_stg`.`used_{id 10}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', _utf8mb4 X'{id 7}', _utf8mb4 X'{id 8}', _utf8mb4 X'{id 9}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: rows that break a rule
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 8, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_8_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_8_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 8, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_8_0_broken_{name 4}` (`part` longtext, `id` longtext, `source` longtext, `rule` longtext, `column` longtext, `reason` longtext, `run` longtext, `watermark` longtext, `columns` longtext, `row` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_8_0_broken_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `watermark`, `columns`, `row`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_8_0_data_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_8_0_broken_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_8_0_data_{name 2}` hygge_new;
-- again 4d218f: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
insert into `{database}_own`.rejected (flow, entity, table_name, intent_id, role, of_group, `copy`, `at`, `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`) select _utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 6}', hygge_new.role, hygge_new.of_group, hygge_new.`copy`, utc_timestamp(6), hygge_new.`watermark`, hygge_new.`row`, hygge_new.`part`, hygge_new.`id`, hygge_new.`source`, hygge_new.`rule`, hygge_new.`column`, hygge_new.`reason`, hygge_new.`run`, hygge_new.`columns` from (select `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`, role, of_group, row_number() over (partition by `id` order by `id`) as `copy` from (select p.`watermark`, p.`row`, p.`part`, p.`id`, p.`source`, p.`rule`, p.`column`, p.`reason`, p.`run`, p.`columns`, 'broken' as role, 0 as of_group from `{database}_stg`.`e_8_0_broken_{name 4}` p) a) hygge_new left join `{database}_own`.rejected hygge_now on flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and hygge_now.`id` = hygge_new.`id` and hygge_now.`copy` = hygge_new.`copy` where hygge_now.`id` is null;
update `{database}_own`.heads set id = _utf8mb4 X'{id 6}', epoch = 8, head = _utf8mb4 X'{id 7}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 8}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', _utf8mb4 X'37', 8, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_8_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_8_0_broken_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', _utf8mb4 X'{id 10}', _utf8mb4 X'{id 11}', _utf8mb4 X'{id 12}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: rows that break a rule, and the open group
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 9, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_9_0_boundary_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_9_0_boundary_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 9, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_9_0_broken_{name 4}` (`part` longtext, `id` longtext, `source` longtext, `rule` longtext, `column` longtext, `reason` longtext, `run` longtext, `watermark` longtext, `columns` longtext, `row` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_9_0_broken_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `watermark`, `columns`, `row`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_9_0_boundary_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_9_0_broken_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
select COUNT(*) as n from `{database}`.`e` where `mark` = 7;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`e` where `mark` = 7;
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}`.`e` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_9_0_boundary_{name 2}` hygge_new;
-- again 219ad8: delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X' …
-- again 4d218f: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
insert into `{database}_own`.rejected (flow, entity, table_name, intent_id, role, of_group, `copy`, `at`, `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`) select _utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 6}', hygge_new.role, hygge_new.of_group, hygge_new.`copy`, utc_timestamp(6), hygge_new.`watermark`, hygge_new.`row`, hygge_new.`part`, hygge_new.`id`, hygge_new.`source`, hygge_new.`rule`, hygge_new.`column`, hygge_new.`reason`, hygge_new.`run`, hygge_new.`columns` from (select `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`, role, of_group, row_number() over (partition by `id` order by `id`) as `copy` from (select p.`watermark`, p.`row`, p.`part`, p.`id`, p.`source`, p.`rule`, p.`column`, p.`reason`, p.`run`, p.`columns`, 'broken' as role, 0 as of_group from `{database}_stg`.`e_9_0_broken_{name 4}` p) a) hygge_new left join `{database}_own`.rejected hygge_now on flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and hygge_now.`id` = hygge_new.`id` and hygge_now.`copy` = hygge_new.`copy` where hygge_now.`id` is null;
update `{database}_own`.heads set id = _utf8mb4 X'{id 6}', epoch = 9, head = _utf8mb4 X'{id 7}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 8}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', _utf8mb4 X'37', 9, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_9_0_boundary_{name 2}`;
drop table if exists `{database}_stg`.`e_9_0_broken_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
-- again 1dcb73: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: columns that change
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 10, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_10_0_data_{name 2}` (`id` bigint, `marked` bigint, `more` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_10_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `marked`, `more`);
select COUNT(*) as n0, count(`id`) as n1, count(`marked`) as n2, count(`more`) as n3, CAST(min(`marked`) AS CHAR) as n4, CAST(max(`marked`) AS CHAR) as n5, sum(`id`) as sum0, sum(`marked`) as sum1, sum(length(`more`)) as sum2 from `{database}_stg`.`e_10_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 85e2ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
alter table `{database}`.`e` add column `more` longtext null;
alter table `{database}`.`e` rename column `mark` to `marked`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again ee2626: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again f0b6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 124817: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
-- again b57151: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select @@version as version, @@version_comment as comment;
-- again 7a378e: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`e`;
insert into `{database}`.`e` (`id`, `marked`, `more`) select hygge_new.`id`, hygge_new.`marked`, hygge_new.`more` from `{database}_stg`.`e_10_0_data_{name 2}` hygge_new;
-- again 4d218f: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 10, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e65' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e65', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'39', 10, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_10_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a first merge by k and id
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'6d' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'6d' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 101, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_101_all_{hash 2}` (`k` longtext not null, `id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_101_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`k`) as count0, count(`id`) as count1, count(`mark`) as count2, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_101_all_{hash 2}` p;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_101_all_{hash 2}` where hygge_attempt in ({number 3})) p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 101, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6d';
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 101, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 101, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_101_all_{hash 2}` to `{database}_stg`.`whole_{id 9}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 9}`;
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, count(`k`) as n0, count(`id`) as n1, count(`mark`) as n2 from `{database}_stg`.`whole_{id 9}`;
alter table `{database}_stg`.`whole_{id 9}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 9}` ADD KEY `hygge_key` (`k`(186), `id`), COMMENT = '[hygge intent-l1-101 1]';
rename table `{database}_stg`.`whole_{id 9}` to `{database}`.`m`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 9}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'6d' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'6d' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'6d' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' for update;
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and of_group = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 101, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', _utf8mb4 X'31', 101, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_101_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
-- again 057b7a: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by k and id of keys that come twice
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 102, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_102_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_102_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_102_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_102_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_102_0_data_{name 2}` p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
SELECT min(`k`) as `k`, `id` from (select `k`, `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_102_0_data_{name 2}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `k`, `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_102_0_data_{name 2}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_102_0_data_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 4}`;
create temporary table `{database}_stg`.`commit_{id 4}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_102_0_data_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new where 1 = 1;
show index from `{database}`.`m`;
update `{database}_stg`.`commit_{id 4}` hygge_new straight_join `{database}`.`m` hygge_now force index (`hygge_key`) on hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` set hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`m` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database}`.`m` hygge_now on hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` where hygge_now.`k` is null;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database}`.`m` hygge_now on hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` where hygge_now.`k` is null;
drop temporary table `{database}_stg`.`commit_{id 4}`;
-- again 3ac988: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 5}', epoch = 102, head = _utf8mb4 X'{id 6}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 7}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 5}', _utf8mb4 X'6c31', _utf8mb4 X'33', 102, 1, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_102_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 8}`;
drop table if exists `{database}_stg`.`old_{id 8}`;
drop table if exists `{database}_stg`.`used_{id 8}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 9}', _utf8mb4 X'{id 10}', _utf8mb4 X'{id 11}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by k and id of rows that are deleted
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 103, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_103_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_103_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 103, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_103_0_deleted_{name 4}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_103_0_deleted_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_103_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_103_0_data_{name 2}`;
analyze table `{database}_stg`.`e_103_0_deleted_{name 4}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_103_0_deleted_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_103_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_103_0_deleted_{name 4}` p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_103_0_data_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_103_0_deleted_{name 4}`;
drop temporary table if exists `{database}_stg`.`commit_{id 6}`;
create temporary table `{database}_stg`.`commit_{id 6}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_103_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_103_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 7}`;
create temporary table `{database}_stg`.`commit_{id 7}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_103_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_103_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new where 1 = 1;
delete hygge_now from `{database}`.`m` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 7}` hygge_new where hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
select COUNT(*) as n from `{database}`.`m` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 7}` hygge_new where hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
show index from `{database}`.`m`;
update `{database}_stg`.`commit_{id 6}` hygge_new straight_join `{database}`.`m` hygge_now force index (`hygge_key`) on hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` set hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`m` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`m` hygge_now on hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` where hygge_now.`k` is null;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`m` hygge_now on hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` where hygge_now.`k` is null;
drop temporary table `{database}_stg`.`commit_{id 6}`;
drop temporary table `{database}_stg`.`commit_{id 7}`;
-- again 3ac988: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 8}', epoch = 103, head = _utf8mb4 X'{id 9}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 10}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', _utf8mb4 X'34', 103, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_103_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_103_0_deleted_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
drop table if exists `{database}_stg`.`old_{id 11}`;
drop table if exists `{database}_stg`.`used_{id 11}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', _utf8mb4 X'{id 12}', _utf8mb4 X'{id 13}', _utf8mb4 X'{id 14}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by k and id of deletes alone
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 104, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_104_0_deleted_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_104_0_deleted_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_104_0_deleted_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_104_0_deleted_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
SELECT 1 as one from (select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_104_0_deleted_{name 2}` p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_104_0_deleted_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 4}`;
create temporary table `{database}_stg`.`commit_{id 4}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_104_0_deleted_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 5}`;
create temporary table `{database}_stg`.`commit_{id 5}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_104_0_deleted_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new where 1 = 1;
delete hygge_now from `{database}`.`m` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 5}` hygge_new where hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
select COUNT(*) as n from `{database}`.`m` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 5}` hygge_new where hygge_now.`k` = hygge_new.`k` and hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
show index from `{database}`.`m`;
-- again 116ccf: update `{database}_stg`.`commit_{id 4}` hygge_new straight_join `{database}`.`m` hygge_now …
-- again 26a2f6: insert into `{database}`.`m` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hyg …
-- again a2bec1: select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database} …
drop temporary table `{database}_stg`.`commit_{id 4}`;
drop temporary table `{database}_stg`.`commit_{id 5}`;
-- again 3ac988: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 6}', epoch = 104, head = _utf8mb4 X'{id 7}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 8}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', _utf8mb4 X'34', 104, 0, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_104_0_deleted_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 10}', _utf8mb4 X'{id 11}', _utf8mb4 X'{id 12}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by k and id of rows that came and went
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 105, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_105_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_105_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 105, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_105_0_deleted_{name 4}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_105_0_deleted_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_105_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_105_0_data_{name 2}`;
analyze table `{database}_stg`.`e_105_0_deleted_{name 4}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_105_0_deleted_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_105_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_105_0_deleted_{name 4}` p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
SELECT min(`k`) as `k`, `id` from (select `k`, `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_105_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_105_0_deleted_{name 4}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `k`, `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_105_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_105_0_deleted_{name 4}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_105_0_data_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_105_0_deleted_{name 4}`;
drop temporary table if exists `{database}_stg`.`commit_{id 6}`;
create temporary table `{database}_stg`.`commit_{id 6}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_105_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_105_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 7}`;
create temporary table `{database}_stg`.`commit_{id 7}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_105_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_105_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new where 1 = 1;
-- again f02d69: delete hygge_now from `{database}`.`m` hygge_now where exists (select 1 from `{database}_s …
-- again dc7229: select COUNT(*) as n from `{database}`.`m` hygge_now where exists (select 1 from `{databas …
show index from `{database}`.`m`;
-- again a8e842: update `{database}_stg`.`commit_{id 6}` hygge_new straight_join `{database}`.`m` hygge_now …
-- again e37031: insert into `{database}`.`m` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hyg …
-- again 2f13ac: select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database} …
drop temporary table `{database}_stg`.`commit_{id 6}`;
drop temporary table `{database}_stg`.`commit_{id 7}`;
-- again 3ac988: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 8}', epoch = 105, head = _utf8mb4 X'{id 9}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 10}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', _utf8mb4 X'35', 105, 0, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_105_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_105_0_deleted_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
drop table if exists `{database}_stg`.`old_{id 11}`;
drop table if exists `{database}_stg`.`used_{id 11}`;
-- again cbd6f9: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by k and id without a watermark
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 106, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_106_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_106_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_106_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_106_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_106_0_data_{name 2}` p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
SELECT min(`k`) as `k`, `id` from (select `k`, `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id`) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_106_0_data_{name 2}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `k`, `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id`) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_106_0_data_{name 2}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again e279cf: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_106_0_data_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 4}`;
create temporary table `{database}_stg`.`commit_{id 4}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id`) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_106_0_data_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new where 1 = 1;
show index from `{database}`.`m`;
-- again 116ccf: update `{database}_stg`.`commit_{id 4}` hygge_new straight_join `{database}`.`m` hygge_now …
-- again 26a2f6: insert into `{database}`.`m` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hyg …
-- again a2bec1: select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database} …
drop temporary table `{database}_stg`.`commit_{id 4}`;
-- again 3ac988: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 5}', epoch = 106, head = _utf8mb4 X'{id 6}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 7}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 5}', _utf8mb4 X'6c31', NULL, 106, 0, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_106_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 8}`;
drop table if exists `{database}_stg`.`old_{id 8}`;
drop table if exists `{database}_stg`.`used_{id 8}`;
-- again fefe62: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 9}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a full load by k and id
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 107, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_107_all_{hash 2}` (`k` longtext not null, `id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_107_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`k`) as count0, count(`id`) as count1, count(`mark`) as count2, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_107_all_{hash 2}` p;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
select COUNT(*) as n from `{database}`.`m` where 1 = 1;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_107_all_{hash 2}` where hygge_attempt in ({number 3})) p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 107, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
select current_user() as account;
show grants;
select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes from information_schema.TRIGGERS
      where EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and EVENT_OBJECT_TABLE = _utf8mb4 X'6d'
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), k.REFERENCED_COLUMN_NAME, 1, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end
      from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'6d' and not (k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6d')
    union all select 'foreign key', k.CONSTRAINT_NAME, k.COLUMN_NAME, 0, 0 from information_schema.KEY_COLUMN_USAGE k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6d' and not (k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'6d')
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of itself'), k.COLUMN_NAME, 0, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6d' and k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'6d'
    union all select 'check', k.CONSTRAINT_NAME, null, 0, 0 from information_schema.TABLE_CONSTRAINTS k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6d' and k.CONSTRAINT_TYPE = 'CHECK' and not exists (select 1 from information_schema.CHECK_CONSTRAINTS c
        where c.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and c.CONSTRAINT_NAME = k.CONSTRAINT_NAME and c.CHECK_CLAUSE like 'json_valid(%')
    union all select 'comment of column', COLUMN_NAME, null, 0, 0 from information_schema.COLUMNS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6d' and COLUMN_COMMENT <> ''
    order by 1, 2;
select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_schema.STATISTICS
    where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6d' and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX;
select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6d' and SEQ_IN_INDEX = 1 and SUB_PART is null limit 1;
select COUNT(*) as n from `{database}`.`m` where 1 = 1;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 107, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 107, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', 107, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_107_all_{hash 2}` to `{database}_stg`.`whole_{id 10}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 10}`;
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, count(`k`) as n0, count(`id`) as n1, count(`mark`) as n2 from `{database}_stg`.`whole_{id 10}`;
alter table `{database}_stg`.`whole_{id 10}` drop column `hygge_attempt`;
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
show create table `{database}`.`m`;
select INDEX_NAME as name, max(case when COLUMN_NAME is null then 1 else 0 end) as expressions, group_concat(hex(COLUMN_NAME)) as columns
    from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6d' group by INDEX_NAME;
alter table `{database}_stg`.`whole_{id 10}` ADD KEY `hygge_key` (`k`(186),`id`), COMMENT = '[hygge intent-l1-107 1]';
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
select current_user() as account;
show grants;
-- again cfa2f8: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again 3a5802: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f828d0: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`m` where 1 = 1;
rename table `{database}`.`m` to `{database}_stg`.`old_{id 10}`, `{database}_stg`.`whole_{id 10}` to `{database}`.`m`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 10}`;
drop table if exists `{database}_stg`.`whole_{id 10}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and role <> 'correction';
update `{database}_own`.heads set id = _utf8mb4 X'{id 11}', epoch = 107, head = _utf8mb4 X'{id 12}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 13}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 11}', _utf8mb4 X'6c31', _utf8mb4 X'32', 107, 1, 0, 3, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_107_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 10}`;
drop table if exists `{database}_stg`.`old_{id 10}`;
drop table if exists `{database}_stg`.`used_{id 10}`;
-- again b7dc9e: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a full load by k and id of rows that came and went
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 108, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_108_all_{hash 2}` (`k` longtext not null, `id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_108_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`) set hygge_attempt = {number 3};
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 108, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_108_0_deleted_{name 5}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_108_0_deleted_{name 5}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_108_0_deleted_{name 5}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_108_0_deleted_{name 5}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`k`) as count0, count(`id`) as count1, count(`mark`) as count2, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_108_all_{hash 2}` p;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
select COUNT(*) as n from `{database}`.`m` where 1 = 1;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_108_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_108_0_deleted_{name 5}` p) r group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
SELECT min(`k`) as `k`, `id` from (select `k`, `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_108_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_108_0_deleted_{name 5}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `k`, `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_108_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_108_0_deleted_{name 5}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', 108, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 7}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 8}', 30) as got;
-- again c9bf94: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 330966: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
select current_user() as account;
show grants;
-- again cfa2f8: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again 3a5802: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f828d0: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`m` where 1 = 1;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', 108, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', 108, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 11}', _utf8mb4 X'6c31', 108, utc_timestamp(6)) on duplicate key update flow = flow;
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and TABLE_NAME = _utf8mb4 X'{id 9}';
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours from `{database}_stg`.`e_108_all_{hash 2}`;
select COUNT(*) as n from `{database}_stg`.`e_108_0_deleted_{name 5}`;
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
create table `{database}_stg`.`new_{name 12}` (`k` longtext not null, `id` bigint not null, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
-- again e8c729: select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours fr …
select COUNT(*) as n from `{database}_stg`.`e_108_0_deleted_{name 5}`;
drop temporary table if exists `{database}_stg`.`commit_{id 13}`;
create temporary table `{database}_stg`.`commit_{id 13}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by unhex(sha2(CAST(CONVERT(`k` USING utf8mb4) AS BINARY), 256)), `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_108_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_108_0_deleted_{name 5}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 13}` hygge_new where 1 = 1;
insert into `{database}_stg`.`new_{name 12}` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`commit_{id 13}` hygge_new;
drop temporary table `{database}_stg`.`commit_{id 13}`;
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
show create table `{database}`.`m`;
-- again eb3e36: select INDEX_NAME as name, max(case when COLUMN_NAME is null then 1 else 0 end) as express …
alter table `{database}_stg`.`new_{name 12}` ADD KEY `hygge_key` (`k`(186),`id`), COMMENT = '[hygge intent-l1-108 1]';
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again bbb138: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`m`;
select current_user() as account;
show grants;
-- again cfa2f8: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again 3a5802: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f828d0: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`m` where 1 = 1;
rename table `{database}`.`m` to `{database}_stg`.`old_{id 14}`, `{database}_stg`.`new_{name 12}` to `{database}`.`m`, `{database}_stg`.`token_{name 7}` to `{database}_stg`.`used_{id 14}`;
drop table if exists `{database}_stg`.`new_{name 12}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 9}');
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1e37e0: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 068bfe: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again c202c2: delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X' …
update `{database}_own`.heads set id = _utf8mb4 X'{id 15}', epoch = 108, head = _utf8mb4 X'{id 16}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6d' and id = _utf8mb4 X'{id 17}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6d', _utf8mb4 X'{id 15}', _utf8mb4 X'6c31', _utf8mb4 X'34', 108, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_108_all_{hash 2}`;
drop table if exists `{database}_stg`.`e_108_0_deleted_{name 5}`;
drop table if exists `{database}_stg`.`token_{name 7}`;
drop table if exists `{database}_stg`.`whole_{id 14}`;
drop table if exists `{database}_stg`.`old_{id 14}`;
drop table if exists `{database}_stg`.`used_{id 14}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', _utf8mb4 X'{id 6}', _utf8mb4 X'{id 18}', _utf8mb4 X'{id 10}', _utf8mb4 X'{id 11}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a first merge by id
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'6e' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'6e' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 201, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_201_all_{hash 2}` (`k` longtext not null, `id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_201_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`k`) as count0, count(`id`) as count1, count(`mark`) as count2, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_201_all_{hash 2}` p;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_201_all_{hash 2}` where hygge_attempt in ({number 3})) p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 201, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6e';
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 201, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 201, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_201_all_{hash 2}` to `{database}_stg`.`whole_{id 9}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 9}`;
-- again d7e5fb: select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, c …
alter table `{database}_stg`.`whole_{id 9}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 9}` COMMENT = '[hygge intent-l1-201 1]';
rename table `{database}_stg`.`whole_{id 9}` to `{database}`.`n`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 9}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'6e' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'6e' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'6e' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' for update;
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and of_group = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 201, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', _utf8mb4 X'31', 201, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_201_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
-- again 057b7a: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by id of keys that come twice
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 202, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_202_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_202_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_202_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_202_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_202_0_data_{name 2}` p) r group by `id` having count(*) > 1 LIMIT 1;
SELECT `id` from (select `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_202_0_data_{name 2}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_202_0_data_{name 2}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_202_0_data_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 4}`;
create temporary table `{database}_stg`.`commit_{id 4}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_202_0_data_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new where 1 = 1;
show index from `{database}`.`n`;
update `{database}`.`n` hygge_now join `{database}_stg`.`commit_{id 4}` hygge_new on hygge_now.`id` = hygge_new.`id` set hygge_now.`k` = hygge_new.`k`, hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`n` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database}`.`n` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database}`.`n` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
drop temporary table `{database}_stg`.`commit_{id 4}`;
-- again 41fe4d: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 5}', epoch = 202, head = _utf8mb4 X'{id 6}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 7}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 5}', _utf8mb4 X'6c31', _utf8mb4 X'33', 202, 1, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_202_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 8}`;
drop table if exists `{database}_stg`.`old_{id 8}`;
drop table if exists `{database}_stg`.`used_{id 8}`;
-- again fefe62: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 9}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by id of rows that are deleted
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 203, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_203_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_203_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 203, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_203_0_deleted_{name 4}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_203_0_deleted_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_203_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_203_0_data_{name 2}`;
analyze table `{database}_stg`.`e_203_0_deleted_{name 4}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_203_0_deleted_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_203_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_203_0_deleted_{name 4}` p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_203_0_data_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_203_0_deleted_{name 4}`;
drop temporary table if exists `{database}_stg`.`commit_{id 6}`;
create temporary table `{database}_stg`.`commit_{id 6}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_203_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_203_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 7}`;
create temporary table `{database}_stg`.`commit_{id 7}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_203_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_203_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new where 1 = 1;
delete hygge_now from `{database}`.`n` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 7}` hygge_new where hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
select COUNT(*) as n from `{database}`.`n` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 7}` hygge_new where hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
show index from `{database}`.`n`;
update `{database}`.`n` hygge_now join `{database}_stg`.`commit_{id 6}` hygge_new on hygge_now.`id` = hygge_new.`id` set hygge_now.`k` = hygge_new.`k`, hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`n` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`n` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`n` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
drop temporary table `{database}_stg`.`commit_{id 6}`;
drop temporary table `{database}_stg`.`commit_{id 7}`;
-- again 41fe4d: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 8}', epoch = 203, head = _utf8mb4 X'{id 9}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 10}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', _utf8mb4 X'34', 203, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_203_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_203_0_deleted_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
drop table if exists `{database}_stg`.`old_{id 11}`;
drop table if exists `{database}_stg`.`used_{id 11}`;
-- again cbd6f9: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by id of deletes alone
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 204, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_204_0_deleted_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_204_0_deleted_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_204_0_deleted_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_204_0_deleted_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
SELECT 1 as one from (select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_204_0_deleted_{name 2}` p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_204_0_deleted_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 4}`;
create temporary table `{database}_stg`.`commit_{id 4}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_204_0_deleted_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 5}`;
create temporary table `{database}_stg`.`commit_{id 5}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_204_0_deleted_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new where 1 = 1;
delete hygge_now from `{database}`.`n` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 5}` hygge_new where hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
select COUNT(*) as n from `{database}`.`n` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 5}` hygge_new where hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`));
show index from `{database}`.`n`;
-- again 77d0c5: update `{database}`.`n` hygge_now join `{database}_stg`.`commit_{id 4}` hygge_new on hygge …
-- again b1c6ed: insert into `{database}`.`n` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hyg …
-- again 545e19: select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database} …
drop temporary table `{database}_stg`.`commit_{id 4}`;
drop temporary table `{database}_stg`.`commit_{id 5}`;
-- again 41fe4d: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 6}', epoch = 204, head = _utf8mb4 X'{id 7}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 8}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', _utf8mb4 X'34', 204, 0, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_204_0_deleted_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
-- again b46030: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 10}' …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by id of rows that came and went
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 205, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_205_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_205_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 205, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_205_0_deleted_{name 4}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_205_0_deleted_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_205_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_205_0_data_{name 2}`;
analyze table `{database}_stg`.`e_205_0_deleted_{name 4}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_205_0_deleted_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_205_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_205_0_deleted_{name 4}` p) r group by `id` having count(*) > 1 LIMIT 1;
SELECT `id` from (select `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_205_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_205_0_deleted_{name 4}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_205_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_205_0_deleted_{name 4}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_205_0_data_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_205_0_deleted_{name 4}`;
drop temporary table if exists `{database}_stg`.`commit_{id 6}`;
create temporary table `{database}_stg`.`commit_{id 6}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_205_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_205_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 7}`;
create temporary table `{database}_stg`.`commit_{id 7}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_205_0_data_{name 2}` p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_205_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new where 1 = 1;
-- again 83003c: delete hygge_now from `{database}`.`n` hygge_now where exists (select 1 from `{database}_s …
-- again 2f89e4: select COUNT(*) as n from `{database}`.`n` hygge_now where exists (select 1 from `{databas …
show index from `{database}`.`n`;
-- again 12d204: update `{database}`.`n` hygge_now join `{database}_stg`.`commit_{id 6}` hygge_new on hygge …
-- again a87cd9: insert into `{database}`.`n` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hyg …
-- again d17249: select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database} …
drop temporary table `{database}_stg`.`commit_{id 6}`;
drop temporary table `{database}_stg`.`commit_{id 7}`;
-- again 41fe4d: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 8}', epoch = 205, head = _utf8mb4 X'{id 9}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 10}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', _utf8mb4 X'35', 205, 0, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_205_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_205_0_deleted_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
drop table if exists `{database}_stg`.`old_{id 11}`;
drop table if exists `{database}_stg`.`used_{id 11}`;
-- again cbd6f9: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge by id without a watermark
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 206, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_206_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_206_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_206_0_data_{name 2}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_206_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_206_0_data_{name 2}` p) r group by `id` having count(*) > 1 LIMIT 1;
SELECT `id` from (select `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by `id`) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_206_0_data_{name 2}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by `id`) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_206_0_data_{name 2}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_206_0_data_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 4}`;
create temporary table `{database}_stg`.`commit_{id 4}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by `id`) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_206_0_data_{name 2}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new where 1 = 1;
show index from `{database}`.`n`;
-- again 77d0c5: update `{database}`.`n` hygge_now join `{database}_stg`.`commit_{id 4}` hygge_new on hygge …
-- again b1c6ed: insert into `{database}`.`n` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hyg …
-- again 545e19: select COUNT(*) as n from `{database}_stg`.`commit_{id 4}` hygge_new left join `{database} …
drop temporary table `{database}_stg`.`commit_{id 4}`;
-- again 41fe4d: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 5}', epoch = 206, head = _utf8mb4 X'{id 6}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 7}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 5}', _utf8mb4 X'6c31', NULL, 206, 0, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_206_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 8}`;
drop table if exists `{database}_stg`.`old_{id 8}`;
drop table if exists `{database}_stg`.`used_{id 8}`;
-- again fefe62: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 9}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a full load by id
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 207, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_207_all_{hash 2}` (`k` longtext not null, `id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_207_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`k`) as count0, count(`id`) as count1, count(`mark`) as count2, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_207_all_{hash 2}` p;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
select COUNT(*) as n from `{database}`.`n` where 1 = 1;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_207_all_{hash 2}` where hygge_attempt in ({number 3})) p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 207, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
select current_user() as account;
show grants;
select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes from information_schema.TRIGGERS
      where EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and EVENT_OBJECT_TABLE = _utf8mb4 X'6e'
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), k.REFERENCED_COLUMN_NAME, 1, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end
      from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'6e' and not (k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6e')
    union all select 'foreign key', k.CONSTRAINT_NAME, k.COLUMN_NAME, 0, 0 from information_schema.KEY_COLUMN_USAGE k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6e' and not (k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'6e')
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of itself'), k.COLUMN_NAME, 0, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6e' and k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'6e'
    union all select 'check', k.CONSTRAINT_NAME, null, 0, 0 from information_schema.TABLE_CONSTRAINTS k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'6e' and k.CONSTRAINT_TYPE = 'CHECK' and not exists (select 1 from information_schema.CHECK_CONSTRAINTS c
        where c.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and c.CONSTRAINT_NAME = k.CONSTRAINT_NAME and c.CHECK_CLAUSE like 'json_valid(%')
    union all select 'comment of column', COLUMN_NAME, null, 0, 0 from information_schema.COLUMNS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6e' and COLUMN_COMMENT <> ''
    order by 1, 2;
select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_schema.STATISTICS
    where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6e' and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX;
select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6e' and SEQ_IN_INDEX = 1 and SUB_PART is null limit 1;
select COUNT(*) as n from `{database}`.`n` where 1 = 1;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 207, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 207, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', 207, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_207_all_{hash 2}` to `{database}_stg`.`whole_{id 10}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 10}`;
-- again 5709fe: select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, c …
alter table `{database}_stg`.`whole_{id 10}` drop column `hygge_attempt`;
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
show create table `{database}`.`n`;
select INDEX_NAME as name, max(case when COLUMN_NAME is null then 1 else 0 end) as expressions, group_concat(hex(COLUMN_NAME)) as columns
    from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6e' group by INDEX_NAME;
alter table `{database}_stg`.`whole_{id 10}` COMMENT = '[hygge intent-l1-207 1]';
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
select current_user() as account;
show grants;
-- again 6c8c99: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again cc9f2f: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f0ca8d: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`n` where 1 = 1;
rename table `{database}`.`n` to `{database}_stg`.`old_{id 10}`, `{database}_stg`.`whole_{id 10}` to `{database}`.`n`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 10}`;
drop table if exists `{database}_stg`.`whole_{id 10}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and role <> 'correction';
update `{database}_own`.heads set id = _utf8mb4 X'{id 11}', epoch = 207, head = _utf8mb4 X'{id 12}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 13}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 11}', _utf8mb4 X'6c31', _utf8mb4 X'32', 207, 1, 0, 3, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_207_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 10}`;
drop table if exists `{database}_stg`.`old_{id 10}`;
drop table if exists `{database}_stg`.`used_{id 10}`;
-- again b7dc9e: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a full load by id of rows that came and went
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 208, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_208_all_{hash 2}` (`k` longtext not null, `id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_208_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`) set hygge_attempt = {number 3};
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 208, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_208_0_deleted_{name 5}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_208_0_deleted_{name 5}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
analyze table `{database}_stg`.`e_208_0_deleted_{name 5}`;
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, CAST(min(`mark`) AS CHAR) as n4, CAST(max(`mark`) AS CHAR) as n5, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_208_0_deleted_{name 5}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`k`) as count0, count(`id`) as count1, count(`mark`) as count2, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_208_all_{hash 2}` p;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
select COUNT(*) as n from `{database}`.`n` where 1 = 1;
SELECT 1 as one from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_208_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_208_0_deleted_{name 5}` p) r group by `id` having count(*) > 1 LIMIT 1;
SELECT `id` from (select `id`, hygge_one from (select distinct `k`, `id`, `mark`, CAST(CONVERT(`k` USING utf8mb4) AS BINARY) as hygge_exact_0, 0 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_208_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_208_0_deleted_{name 5}` p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct `id`, 1 as hygge_one from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_208_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_208_0_deleted_{name 5}` p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', 208, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 7}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 8}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
select current_user() as account;
show grants;
-- again 6c8c99: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again cc9f2f: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f0ca8d: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`n` where 1 = 1;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', 208, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', 208, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 11}', _utf8mb4 X'6c31', 208, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 6c42c8: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours from `{database}_stg`.`e_208_all_{hash 2}`;
select COUNT(*) as n from `{database}_stg`.`e_208_0_deleted_{name 5}`;
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again b10ce5: create table `{database}_stg`.`new_{name 12}` (`k` longtext not null, `id` bigint not null …
-- again 0e49dc: select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours fr …
select COUNT(*) as n from `{database}_stg`.`e_208_0_deleted_{name 5}`;
drop temporary table if exists `{database}_stg`.`commit_{id 13}`;
create temporary table `{database}_stg`.`commit_{id 13}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `k`, `id`, `mark` from (select `k`, `id`, `mark`, hygge_gone from (select `k`, `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `k`, `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_208_all_{hash 2}` where hygge_attempt in ({number 3})) p union all select `k`, `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_208_0_deleted_{name 5}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 13}` hygge_new where 1 = 1;
-- again 0a11bc: insert into `{database}_stg`.`new_{name 12}` (`k`, `id`, `mark`) select hygge_new.`k`, hyg …
drop temporary table `{database}_stg`.`commit_{id 13}`;
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
show create table `{database}`.`n`;
-- again 466978: select INDEX_NAME as name, max(case when COLUMN_NAME is null then 1 else 0 end) as express …
alter table `{database}_stg`.`new_{name 12}` COMMENT = '[hygge intent-l1-208 1]';
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
select current_user() as account;
show grants;
-- again 6c8c99: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again cc9f2f: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again f0ca8d: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`n` where 1 = 1;
rename table `{database}`.`n` to `{database}_stg`.`old_{id 14}`, `{database}_stg`.`new_{name 12}` to `{database}`.`n`, `{database}_stg`.`token_{name 7}` to `{database}_stg`.`used_{id 14}`;
drop table if exists `{database}_stg`.`new_{name 12}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 9}');
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 152d8e: delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X' …
update `{database}_own`.heads set id = _utf8mb4 X'{id 15}', epoch = 208, head = _utf8mb4 X'{id 16}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 17}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 15}', _utf8mb4 X'6c31', _utf8mb4 X'34', 208, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_208_all_{hash 2}`;
drop table if exists `{database}_stg`.`e_208_0_deleted_{name 5}`;
drop table if exists `{database}_stg`.`token_{name 7}`;
drop table if exists `{database}_stg`.`whole_{id 14}`;
drop table if exists `{database}_stg`.`old_{id 14}`;
drop table if exists `{database}_stg`.`used_{id 14}`;
-- again 157422: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a commit that was done already
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 209, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_209_0_data_{name 2}` (`k` longtext, `id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_209_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`k`, `id`, `mark`);
select COUNT(*) as n0, count(`k`) as n1, count(`id`) as n2, count(`mark`) as n3, sum(length(`k`)) as sum0, sum(`id`) as sum1, sum(`mark`) as sum2 from `{database}_stg`.`e_209_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 29a7a4: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 8fc3e1: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again e8f990: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`n`;
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
insert into `{database}`.`n` (`k`, `id`, `mark`) select hygge_new.`k`, hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`e_209_0_data_{name 2}` hygge_new;
-- again 41fe4d: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 209, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6e' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6e', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', NULL, 209, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_209_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 81b9ff: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again 9b6463: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again b12a5b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select inserted, updated, deleted from `{database}_own`.commits where intent_id = _utf8mb4 X'{id 4}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_209_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: every type
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'77' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'77' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e77', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 300, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_300_all_{hash 2}` (`id` bigint not null, `mark` bigint, `a bool` tinyint(1), `a int8` tinyint, `a int16` smallint, `a int32` int, `a uint8` tinyint unsigned, `a uint16` smallint unsigned, `a uint32` int unsigned, `a uint64` bigint unsigned, `a float32` float, `a float64` double, `a string` longtext, `a binary` longblob, `a uuid` char(36), `a json` json, `a date` date, `time ms` time(6), `stamp ms` datetime(6), `instant ms` datetime(6), `time us` time(6), `stamp us` datetime(6), `instant us` datetime(6), `time ns` time(6), `stamp ns` datetime(6), `instant ns` datetime(6), `exact` decimal(38,10), `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e77';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, count(`a bool`) as count2, count(`a int8`) as count3, count(`a int16`) as count4, count(`a int32`) as count5, count(`a uint8`) as count6, count(`a uint16`) as count7, count(`a uint32`) as count8, count(`a uint64`) as count9, count(`a float32`) as count10, count(`a float64`) as count11, count(`a string`) as count12, count(`a binary`) as count13, count(`a uuid`) as count14, count(`a json`) as count15, count(`a date`) as count16, count(`time ms`) as count17, count(`stamp ms`) as count18, count(`instant ms`) as count19, count(`time us`) as count20, count(`stamp us`) as count21, count(`instant us`) as count22, count(`time ns`) as count23, count(`stamp ns`) as count24, count(`instant ns`) as count25, count(`exact`) as count26, sum(`id`) as sum0, sum(`mark`) as sum1, sum(`a bool`) as sum2, sum(`a int8`) as sum3, sum(`a int16`) as sum4, sum(`a int32`) as sum5, sum(`a uint8`) as sum6, sum(`a uint16`) as sum7, sum(`a uint32`) as sum8, sum(`a uint64`) as sum9, min(`a float32`) + 0e0 as min10, max(`a float32`) + 0e0 as max10, min(`a float64`) + 0e0 as min11, max(`a float64`) + 0e0 as max11, sum(length(`a string`)) as sum12, sum(to_days(`a date`) - 719528) as sum16, sum((to_seconds(timestamp('1970-01-01', `time ms`)) - 62167219200) * 1000000 + microsecond(timestamp('1970-01-01', `time ms`))) as sum17, sum((to_seconds(`stamp ms`) - 62167219200) * 1000000 + microsecond(`stamp ms`)) as sum18, sum((to_seconds(`instant ms`) - 62167219200) * 1000000 + microsecond(`instant ms`)) as sum19, sum((to_seconds(timestamp('1970-01-01', `time us`)) - 62167219200) * 1000000 + microsecond(timestamp('1970-01-01', `time us`))) as sum20, sum((to_seconds(`stamp us`) - 62167219200) * 1000000 + microsecond(`stamp us`)) as sum21, sum((to_seconds(`instant us`) - 62167219200) * 1000000 + microsecond(`instant us`)) as sum22, sum((to_seconds(timestamp('1970-01-01', `time ns`)) - 62167219200) * 1000000 + microsecond(timestamp('1970-01-01', `time ns`))) as sum23, sum((to_seconds(`stamp ns`) - 62167219200) * 1000000 + microsecond(`stamp ns`)) as sum24, sum((to_seconds(`instant ns`) - 62167219200) * 1000000 + microsecond(`instant ns`)) as sum25, CAST(min(`exact`) AS CHAR) as min26, CAST(max(`exact`) AS CHAR) as max26 from `{database}_stg`.`e_300_all_{hash 2}` p;
-- again 2dfee9: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again f83a83: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e77', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 300, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 4}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again 2dfee9: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again f83a83: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'77';
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e77';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e77', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', 300, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e77', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 300, utc_timestamp(6)) on duplicate key update flow = flow;
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and TABLE_NAME = _utf8mb4 X'{id 6}';
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_300_all_{hash 2}` to `{database}_stg`.`whole_{id 8}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and c.TABLE_NAME = _utf8mb4 X'{id 6}' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and t.TABLE_NAME = _utf8mb4 X'{id 6}' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
show create table `{database}_stg`.`whole_{id 8}`;
select count(*) as n, count(case when hygge_attempt in ({number 9}) then 1 end) as ours, count(`id`) as n0, count(`mark`) as n1, count(`a bool`) as n2, count(`a int8`) as n3, count(`a int16`) as n4, count(`a int32`) as n5, count(`a uint8`) as n6, count(`a uint16`) as n7, count(`a uint32`) as n8, count(`a uint64`) as n9, count(`a float32`) as n10, count(`a float64`) as n11, count(`a string`) as n12, count(`a binary`) as n13, count(`a uuid`) as n14, count(`a json`) as n15, count(`a date`) as n16, count(`time ms`) as n17, count(`stamp ms`) as n18, count(`instant ms`) as n19, count(`time us`) as n20, count(`stamp us`) as n21, count(`instant us`) as n22, count(`time ns`) as n23, count(`stamp ns`) as n24, count(`instant ns`) as n25, count(`exact`) as n26 from `{database}_stg`.`whole_{id 8}`;
alter table `{database}_stg`.`whole_{id 8}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 8}` COMMENT = '[hygge intent-l1-300 0]';
rename table `{database}_stg`.`whole_{id 8}` to `{database}`.`w`, `{database}_stg`.`token_{name 4}` to `{database}_stg`.`used_{id 8}`;
drop table if exists `{database}_stg`.`whole_{id 8}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 6}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'77' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'77' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'77' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e77') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e77' for update;
-- again bfc8a9: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e77' and of_group = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 300, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e77' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e77', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', NULL, 300, 0, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_300_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 8}`;
drop table if exists `{database}_stg`.`old_{id 8}`;
drop table if exists `{database}_stg`.`used_{id 8}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', _utf8mb4 X'{id 6}', _utf8mb4 X'{id 12}', _utf8mb4 X'{id 7}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: many rows that break a rule
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'71' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'71' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 401, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_401_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_401_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 401, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_401_0_broken_{name 5}` (`part` longtext, `id` longtext, `source` longtext, `rule` longtext, `column` longtext, `reason` longtext, `run` longtext, `watermark` longtext, `columns` longtext, `row` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_401_0_broken_{name 5}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `watermark`, `columns`, `row`);
analyze table `{database}_stg`.`e_401_0_broken_{name 5}`;
select COUNT(*) as n from `{database}_stg`.`e_401_0_broken_{name 5}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_401_all_{hash 2}` p;
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
SELECT 1 as one from (select `id`, `mark`, 0 as hygge_gone from (select * from `{database}_stg`.`e_401_all_{hash 2}` where hygge_attempt in ({number 3})) p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 6}', _utf8mb4 X'6c31', 401, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 7}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 8}', 30) as got;
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'71';
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', 401, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', 401, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 6c42c8: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_401_all_{hash 2}` to `{database}_stg`.`whole_{id 11}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and c.TABLE_NAME = _utf8mb4 X'{id 9}' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}5f737467' and t.TABLE_NAME = _utf8mb4 X'{id 9}' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
show create table `{database}_stg`.`whole_{id 11}`;
select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, count(`id`) as n0, count(`mark`) as n1 from `{database}_stg`.`whole_{id 11}`;
alter table `{database}_stg`.`whole_{id 11}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 11}` COMMENT = '[hygge intent-l1-401 1]';
rename table `{database}_stg`.`whole_{id 11}` to `{database}`.`q`, `{database}_stg`.`token_{name 7}` to `{database}_stg`.`used_{id 11}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 9}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'71' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'71' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'71' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' for update;
-- again c946e2: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and of_group = 1;
insert into `{database}_own`.rejected (flow, entity, table_name, intent_id, role, of_group, `copy`, `at`, `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`) select _utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 12}', hygge_new.role, hygge_new.of_group, hygge_new.`copy`, utc_timestamp(6), hygge_new.`watermark`, hygge_new.`row`, hygge_new.`part`, hygge_new.`id`, hygge_new.`source`, hygge_new.`rule`, hygge_new.`column`, hygge_new.`reason`, hygge_new.`run`, hygge_new.`columns` from (select `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`, role, of_group, row_number() over (partition by `id` order by `id`) as `copy` from (select p.`watermark`, p.`row`, p.`part`, p.`id`, p.`source`, p.`rule`, p.`column`, p.`reason`, p.`run`, p.`columns`, 'broken' as role, 0 as of_group from `{database}_stg`.`e_401_0_broken_{name 5}` p) a) hygge_new left join `{database}_own`.rejected hygge_now on flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and hygge_now.`id` = hygge_new.`id` and hygge_now.`copy` = hygge_new.`copy` where hygge_now.`id` is null;
update `{database}_own`.heads set id = _utf8mb4 X'{id 12}', epoch = 401, head = _utf8mb4 X'{id 13}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 12}', _utf8mb4 X'6c31', _utf8mb4 X'39', 401, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_401_all_{hash 2}`;
drop table if exists `{database}_stg`.`e_401_0_broken_{name 5}`;
drop table if exists `{database}_stg`.`token_{name 7}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
drop table if exists `{database}_stg`.`old_{id 11}`;
drop table if exists `{database}_stg`.`used_{id 11}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', _utf8mb4 X'{id 6}', _utf8mb4 X'{id 9}', _utf8mb4 X'{id 14}', _utf8mb4 X'{id 10}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: rows of the open group that break a rule
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 402, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_402_0_broken_{name 2}` (`part` longtext, `id` longtext, `source` longtext, `rule` longtext, `column` longtext, `reason` longtext, `run` longtext, `watermark` longtext, `columns` longtext, `row` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_402_0_broken_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `watermark`, `columns`, `row`);
analyze table `{database}_stg`.`e_402_0_broken_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_402_0_broken_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
-- again da6eb4: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again fa28a2: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again c946e2: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again e202ba: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
-- again da6eb4: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
-- again e5f639: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
update `{database}_own`.rejected set of_group = 1 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and of_group = 0 and `id` in (select `id` from `{database}_stg`.`e_402_0_broken_{name 2}`);
insert into `{database}_own`.rejected (flow, entity, table_name, intent_id, role, of_group, `copy`, `at`, `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`) select _utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 4}', hygge_new.role, hygge_new.of_group, hygge_new.`copy`, utc_timestamp(6), hygge_new.`watermark`, hygge_new.`row`, hygge_new.`part`, hygge_new.`id`, hygge_new.`source`, hygge_new.`rule`, hygge_new.`column`, hygge_new.`reason`, hygge_new.`run`, hygge_new.`columns` from (select `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`, role, of_group, row_number() over (partition by `id` order by `id`) as `copy` from (select p.`watermark`, p.`row`, p.`part`, p.`id`, p.`source`, p.`rule`, p.`column`, p.`reason`, p.`run`, p.`columns`, 'broken' as role, 1 as of_group from `{database}_stg`.`e_402_0_broken_{name 2}` p) a) hygge_new left join `{database}_own`.rejected hygge_now on flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and hygge_now.`id` = hygge_new.`id` and hygge_now.`copy` = hygge_new.`copy` where hygge_now.`id` is null;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 402, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 402, 0, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_402_0_broken_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a look at the quarantine
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71';
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
select `part` as n_part, of_group as n_group, min(intent_id) as n_first, COUNT(*) as n, min(`role`) as n_role, min(`run`) as n_run, min(`source`) as n_source, min(`columns`) as n_columns from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and `part` is not null group by `part`, of_group;
select role as n_role, of_group as n_group, COUNT(*) as n from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and `part` is null group by role, of_group;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
SELECT `role` as n_role, `rule` as n_rule, `column` as n_column, `reason` as n_reason, `run` as n_run, `columns` as n_columns, `row` as n_row, `id` as n_id, `copy` as n_copy from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and `part` = _utf8mb4 X'{id 1}' and of_group = 0 order by `id`, `copy` LIMIT 500;
SELECT `role` as n_role, `rule` as n_rule, `column` as n_column, `reason` as n_reason, `run` as n_run, `columns` as n_columns, `row` as n_row, `id` as n_id, `copy` as n_copy from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and `part` = _utf8mb4 X'{id 1}' and of_group = 0 and (`id` > _utf8mb4 X'{id 2}' or (`id` = _utf8mb4 X'{id 2}' and `copy` > 1)) order by `id`, `copy` LIMIT 500;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
SELECT `role` as n_role, `rule` as n_rule, `column` as n_column, `reason` as n_reason, `run` as n_run, `columns` as n_columns, `row` as n_row, `id` as n_id, `copy` as n_copy from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and `part` = _utf8mb4 X'{id 3}' and of_group = 1 order by `id`, `copy` LIMIT 500;
COMMIT;

-- ===== store: rows that leave the quarantine
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 403, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_403_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_403_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 403, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_403_0_broken_{name 4}` (`part` longtext, `id` longtext, `source` longtext, `rule` longtext, `column` longtext, `reason` longtext, `run` longtext, `watermark` longtext, `columns` longtext, `row` longtext) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_403_0_broken_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `watermark`, `columns`, `row`);
analyze table `{database}_stg`.`e_403_0_data_{name 2}`;
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_403_0_data_{name 2}`;
analyze table `{database}_stg`.`e_403_0_broken_{name 4}`;
select COUNT(*) as n from `{database}_stg`.`e_403_0_broken_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 5c1379: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_own`.`rejected`;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
SELECT 1 as one from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_403_0_data_{name 2}` p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
select COUNT(*) as n from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_403_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new where not exists (select 1 from `{database}`.`q` hygge_now where hygge_now.`id` = hygge_new.`id` and hygge_now.`mark` is not null and (hygge_new.`mark` is null or hygge_now.`mark` > hygge_new.`mark`));
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
-- again da6eb4: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again fa28a2: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again c946e2: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again e202ba: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
-- again da6eb4: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_403_0_data_{name 2}`;
drop temporary table if exists `{database}_stg`.`commit_{id 6}`;
create temporary table `{database}_stg`.`commit_{id 6}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select hygge_new.`id`, hygge_new.`mark` from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_403_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new where not exists (select 1 from `{database}`.`q` hygge_now where hygge_now.`id` = hygge_new.`id` and hygge_now.`mark` is not null and (hygge_new.`mark` is null or hygge_now.`mark` > hygge_new.`mark`))) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new where 1 = 1;
show index from `{database}`.`q`;
update `{database}`.`q` hygge_now join `{database}_stg`.`commit_{id 6}` hygge_new on hygge_now.`id` = hygge_new.`id` set hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`q` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`q` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`q` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
drop temporary table `{database}_stg`.`commit_{id 6}`;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and of_group = 0 and `part` = _utf8mb4 X'{id 7}';
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and of_group = 1 and `part` = _utf8mb4 X'{id 8}';
-- again e5f639: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
insert into `{database}_own`.rejected (flow, entity, table_name, intent_id, role, of_group, `copy`, `at`, `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`) select _utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 9}', hygge_new.role, hygge_new.of_group, hygge_new.`copy`, utc_timestamp(6), hygge_new.`watermark`, hygge_new.`row`, hygge_new.`part`, hygge_new.`id`, hygge_new.`source`, hygge_new.`rule`, hygge_new.`column`, hygge_new.`reason`, hygge_new.`run`, hygge_new.`columns` from (select `watermark`, `row`, `part`, `id`, `source`, `rule`, `column`, `reason`, `run`, `columns`, role, of_group, row_number() over (partition by `id` order by `id`) as `copy` from (select p.`watermark`, p.`row`, p.`part`, p.`id`, p.`source`, p.`rule`, p.`column`, p.`reason`, p.`run`, p.`columns`, 'broken' as role, 0 as of_group from `{database}_stg`.`e_403_0_broken_{name 4}` p) a) hygge_new left join `{database}_own`.rejected hygge_now on flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and hygge_now.`id` = hygge_new.`id` and hygge_now.`copy` = hygge_new.`copy` where hygge_now.`id` is null;
update `{database}_own`.heads set id = _utf8mb4 X'{id 9}', epoch = 403, head = _utf8mb4 X'{id 10}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and id = _utf8mb4 X'{id 11}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 9}', _utf8mb4 X'6c31', _utf8mb4 X'32', 403, 0, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_403_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_403_0_broken_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 12}`;
drop table if exists `{database}_stg`.`old_{id 12}`;
drop table if exists `{database}_stg`.`used_{id 12}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', _utf8mb4 X'{id 13}', _utf8mb4 X'{id 14}', _utf8mb4 X'{id 15}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: three ranges
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 404, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_404_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_404_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
analyze table `{database}_stg`.`e_404_0_data_{name 2}`;
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_404_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
select COUNT(*) as n from `{database}`.`q` where 1 = 1;
select COUNT(*) as n from `{database}`.`q` where (((`mark` >= 2 and `mark` < 3) or (`mark` >= 4 and `mark` < 5)) or ((`mark` >= 6 and `mark` < 7)));
SELECT 1 as one from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_404_0_data_{name 2}` p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again 83d0ec: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
-- again da6eb4: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again fa28a2: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again c946e2: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again e202ba: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again ed72c6: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`q`;
-- again da6eb4: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`q` where (((`mark` >= 2 and `mark` < 3) or (`mark` >= 4 and `mark` < 5)) or ((`mark` >= 6 and `mark` < 7)));
select COUNT(*) as n from `{database}_stg`.`e_404_0_data_{name 2}`;
select COUNT(*) as n from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_404_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new where 1 = 1;
show index from `{database}`.`q`;
update `{database}`.`q` hygge_now join (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_404_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new on hygge_now.`id` = hygge_new.`id` set hygge_now.`mark` = hygge_new.`mark`;
insert into `{database}`.`q` (`id`, `mark`) select hygge_new.`id`, hygge_new.`mark` from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_404_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new left join `{database}`.`q` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
select COUNT(*) as n from (select `id`, `mark` from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_404_0_data_{name 2}` p) r where hygge_gone = 0) hygge_new left join `{database}`.`q` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and role <> 'correction' and (((CAST(watermark AS SIGNED) >= 2 and CAST(watermark AS SIGNED) < 3) or (CAST(watermark AS SIGNED) >= 4 and CAST(watermark AS SIGNED) < 5)) or ((CAST(watermark AS SIGNED) >= 6 and CAST(watermark AS SIGNED) < 7)));
select COUNT(*) as n from `{database}`.`q` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 404, head = _utf8mb4 X'{id 5}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e71' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e71', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 404, 0, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_404_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a look at rows of others
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62';
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'62';
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'62' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'62' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
show create table `{database}`.`b`;
select current_user() as account;
show grants;
select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes from information_schema.TRIGGERS
      where EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and EVENT_OBJECT_TABLE = _utf8mb4 X'62'
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), k.REFERENCED_COLUMN_NAME, 1, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end
      from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'62' and not (k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'62')
    union all select 'foreign key', k.CONSTRAINT_NAME, k.COLUMN_NAME, 0, 0 from information_schema.KEY_COLUMN_USAGE k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'62' and not (k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'62')
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of itself'), k.COLUMN_NAME, 0, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'62' and k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'62'
    union all select 'check', k.CONSTRAINT_NAME, null, 0, 0 from information_schema.TABLE_CONSTRAINTS k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'62' and k.CONSTRAINT_TYPE = 'CHECK' and not exists (select 1 from information_schema.CHECK_CONSTRAINTS c
        where c.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and c.CONSTRAINT_NAME = k.CONSTRAINT_NAME and c.CHECK_CLAUSE like 'json_valid(%')
    union all select 'comment of column', COLUMN_NAME, null, 0, 0 from information_schema.COLUMNS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'62' and COLUMN_COMMENT <> ''
    order by 1, 2;
select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_schema.STATISTICS
    where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'62' and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX;
select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'62' and SEQ_IN_INDEX = 1 and SUB_PART is null limit 1;
select TABLE_SCHEMA as name from information_schema.TABLES where TABLE_NAME in ('heads', 'commits', 'staged', 'rejected')
    and TABLE_TYPE like '%BASE TABLE%' group by TABLE_SCHEMA having count(*) = 4 order by 1;
SELECT 1 as one from `{database}`.`b` LIMIT 1;
select flow, entity, head from `{database}_own`.heads where table_name = _utf8mb4 X'{database}2e62' and head is not null and not (flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65');
COMMIT;

-- ===== store: rows next to those of others
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 501, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_501_0_boundary_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_501_0_boundary_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_501_0_boundary_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'62' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'62' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'62' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' for update;
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62';
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select 1 from `{database}`.`b` limit 1 for update;
-- again d9ef90: select flow, entity, head from `{database}_own`.heads where table_name = _utf8mb4 X'{datab …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
insert into `{database}`.`b` (`id`, `mark`, `loaded_by`) select hygge_new.`id`, hygge_new.`mark`, CAST(_utf8mb4 X'662e65' AS BINARY) from `{database}_stg`.`e_501_0_boundary_{name 2}` hygge_new;
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and of_group = 1;
select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY);
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 501, head = _utf8mb4 X'{id 5}', mark = _utf8mb4 X'662e65', `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 501, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_501_0_boundary_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 6}`;
drop table if exists `{database}_stg`.`old_{id 6}`;
drop table if exists `{database}_stg`.`used_{id 6}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 7}', _utf8mb4 X'{id 8}', _utf8mb4 X'{id 9}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: the open group next to those of others
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 502, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_502_0_boundary_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_502_0_boundary_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_502_0_boundary_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) and `mark` = 2;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again bad18b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 1f3cd4: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) and `mark` = 2;
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
insert into `{database}`.`b` (`id`, `mark`, `loaded_by`) select hygge_new.`id`, hygge_new.`mark`, CAST(_utf8mb4 X'662e65' AS BINARY) from `{database}_stg`.`e_502_0_boundary_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and role <> 'correction' and of_group = 1;
-- again e1f2f4: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 502, head = _utf8mb4 X'{id 5}', mark = _utf8mb4 X'662e65', `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 502, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_502_0_boundary_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a range next to those of others
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 503, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_503_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_503_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_503_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) and `mark` >= 1 and `mark` < 3;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again bad18b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 1f3cd4: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) and `mark` >= 1 and `mark` < 3;
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
insert into `{database}`.`b` (`id`, `mark`, `loaded_by`) select hygge_new.`id`, hygge_new.`mark`, CAST(_utf8mb4 X'662e65' AS BINARY) from `{database}_stg`.`e_503_0_data_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and role <> 'correction' and CAST(watermark AS SIGNED) >= 1 and CAST(watermark AS SIGNED) < 3;
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 503, head = _utf8mb4 X'{id 5}', mark = _utf8mb4 X'662e65', `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'32', 503, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_503_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a merge next to those of others
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 504, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_504_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_504_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 3}', _utf8mb4 X'6c31', 504, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_504_0_deleted_{name 4}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_504_0_deleted_{name 4}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
analyze table `{database}_stg`.`e_504_0_data_{name 2}`;
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_504_0_data_{name 2}`;
analyze table `{database}_stg`.`e_504_0_deleted_{name 4}`;
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_504_0_deleted_{name 4}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
SELECT 1 as one from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_504_0_data_{name 2}` p union all select `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_504_0_deleted_{name 4}` p) r group by `id` having count(*) > 1 LIMIT 1;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 5}', 30) as got;
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again bad18b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 1f3cd4: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
select COUNT(*) as n from `{database}_stg`.`e_504_0_data_{name 2}`;
select COUNT(*) as n from `{database}_stg`.`e_504_0_deleted_{name 4}`;
drop temporary table if exists `{database}_stg`.`commit_{id 6}`;
create temporary table `{database}_stg`.`commit_{id 6}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `id`, `mark` from (select `id`, `mark`, hygge_gone from (select `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_504_0_data_{name 2}` p union all select `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_504_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
drop temporary table if exists `{database}_stg`.`commit_{id 7}`;
create temporary table `{database}_stg`.`commit_{id 7}` /*!80030 (my_row_id bigint unsigned not null auto_increment primary key invisible) */ engine = InnoDB as select * from (select distinct `id`, `mark` from (select `id`, `mark`, hygge_gone from (select `id`, `mark`, hygge_gone, rank() over (partition by `id` order by case when `mark` is null then 1 else 0 end, `mark` desc) as hygge_rank from (select `id`, `mark`, 0 as hygge_gone from `{database}_stg`.`e_504_0_data_{name 2}` p union all select `id`, `mark`, 1 as hygge_gone from `{database}_stg`.`e_504_0_deleted_{name 4}` p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new where 1 = 1;
delete hygge_now from `{database}`.`b` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 7}` hygge_new where hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`)) and CAST(CONVERT(hygge_now.`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY);
select COUNT(*) as n from `{database}`.`b` hygge_now where exists (select 1 from `{database}_stg`.`commit_{id 7}` hygge_new where hygge_now.`id` = hygge_new.`id` and (hygge_now.`mark` is null or hygge_now.`mark` <= hygge_new.`mark`)) and CAST(CONVERT(hygge_now.`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY);
show index from `{database}`.`b`;
update `{database}`.`b` hygge_now join `{database}_stg`.`commit_{id 6}` hygge_new on hygge_now.`id` = hygge_new.`id` and CAST(CONVERT(hygge_now.`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) set hygge_now.`mark` = hygge_new.`mark`, hygge_now.`loaded_by` = CAST(_utf8mb4 X'662e65' AS BINARY);
insert into `{database}`.`b` (`id`, `mark`, `loaded_by`) select hygge_new.`id`, hygge_new.`mark`, CAST(_utf8mb4 X'662e65' AS BINARY) from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`b` hygge_now on hygge_now.`id` = hygge_new.`id` where hygge_now.`id` is null;
select COUNT(*) as n from `{database}_stg`.`commit_{id 6}` hygge_new left join `{database}`.`b` hygge_now on hygge_now.`id` = hygge_new.`id` and CAST(CONVERT(hygge_now.`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) where hygge_now.`id` is null;
drop temporary table `{database}_stg`.`commit_{id 6}`;
drop temporary table `{database}_stg`.`commit_{id 7}`;
-- again e1f2f4: update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = …
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 8}', epoch = 504, head = _utf8mb4 X'{id 9}', mark = _utf8mb4 X'662e65', `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and id = _utf8mb4 X'{id 10}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', _utf8mb4 X'32', 504, 0, 1, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_504_0_data_{name 2}`;
drop table if exists `{database}_stg`.`e_504_0_deleted_{name 4}`;
drop table if exists `{database}_stg`.`whole_{id 11}`;
drop table if exists `{database}_stg`.`old_{id 11}`;
drop table if exists `{database}_stg`.`used_{id 11}`;
-- again cbd6f9: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 3}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a full load next to those of others
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 505, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_505_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_505_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_505_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again bad18b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 1f3cd4: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY);
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
insert into `{database}`.`b` (`id`, `mark`, `loaded_by`) select hygge_new.`id`, hygge_new.`mark`, CAST(_utf8mb4 X'662e65' AS BINARY) from `{database}_stg`.`e_505_0_data_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and role <> 'correction';
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 505, head = _utf8mb4 X'{id 5}', mark = _utf8mb4 X'662e65', `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'31', 505, 1, 0, 1, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_505_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: three ranges next to those of others
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 506, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_506_0_data_{name 2}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_506_0_data_{name 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_506_0_data_{name 2}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) and (((`mark` >= 2 and `mark` < 3) or (`mark` >= 4 and `mark` < 5)) or ((`mark` >= 6 and `mark` < 7)));
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 3}', 30) as got;
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again bad18b: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 1f3cd4: select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
-- again de90c1: select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 fro …
delete from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) AS BINARY) = CAST(_utf8mb4 X'662e65' AS BINARY) and (((`mark` >= 2 and `mark` < 3) or (`mark` >= 4 and `mark` < 5)) or ((`mark` >= 6 and `mark` < 7)));
insert into `{database}`.`b` (`id`, `mark`, `loaded_by`) select hygge_new.`id`, hygge_new.`mark`, CAST(_utf8mb4 X'662e65' AS BINARY) from `{database}_stg`.`e_506_0_data_{name 2}` hygge_new;
delete from `{database}_own`.rejected where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and role <> 'correction' and (((CAST(watermark AS SIGNED) >= 2 and CAST(watermark AS SIGNED) < 3) or (CAST(watermark AS SIGNED) >= 4 and CAST(watermark AS SIGNED) < 5)) or ((CAST(watermark AS SIGNED) >= 6 and CAST(watermark AS SIGNED) < 7)));
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 4}', epoch = 506, head = _utf8mb4 X'{id 5}', mark = _utf8mb4 X'662e65', `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e62' and id = _utf8mb4 X'{id 6}';
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e62', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', _utf8mb4 X'31', 506, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_506_0_data_{name 2}`;
drop table if exists `{database}_stg`.`whole_{id 7}`;
drop table if exists `{database}_stg`.`old_{id 7}`;
drop table if exists `{database}_stg`.`used_{id 7}`;
-- again ee18e4: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 8}', …
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a look at what is beside
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again c3ab37: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
-- again af8423: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
select @@version as version, @@version_comment as comment;
-- again 060133: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`b`;
select current_user() as account;
show grants;
-- again 65fbdf: select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes …
-- again 8a934b: select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_sche …
-- again 22d1ca: select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{databa …
select COUNT(*) as n from `{database}`.`b` where 1 = 1;
-- again a84a14: select COUNT(*) as n from `{database}`.`b` where CAST(CONVERT(`loaded_by` USING utf8mb4) A …
COMMIT;

-- ===== store: an attempt that no one finishes, and the sweep
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'73' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'73' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e73', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 700, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_700_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_700_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select name, epoch from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e73' and lineage = _utf8mb4 X'6c31' and epoch < 701;
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_700_all_{hash 2}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a commit that is given up
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'67' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'67' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e67', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 710, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_710_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_710_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e67';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_710_all_{hash 2}` p;
-- again 7e8532: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again c5fa42: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e67', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 710, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again 7e8532: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
drop table if exists `{database}_stg`.`token_{name 5}`;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'67';
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e67') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e67' for update;
update `{database}_own`.heads set id = _utf8mb4 X'{id 7}', epoch = 710, head = _utf8mb4 X'{id 8}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e67' and id is null;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_710_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', _utf8mb4 X'{id 10}', _utf8mb4 X'{id 11}', _utf8mb4 X'{id 12}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a commit that is given up by force
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'6732' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'6732' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 720, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_720_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_720_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6732';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_720_all_{hash 2}` p;
-- again a15372: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again a4a324: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 720, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again a15372: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again a4a324: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'6732';
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6732';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 720, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 720, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_720_all_{hash 2}` to `{database}_stg`.`whole_{id 9}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 9}`;
-- again 7ff806: select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, c …
alter table `{database}_stg`.`whole_{id 9}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 9}` COMMENT = '[hygge intent-l1-720 1]';
rename table `{database}_stg`.`whole_{id 9}` to `{database}`.`g2`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 9}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'6732' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'6732' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'6732' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6732' for update;
-- again 1fa659: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6732' and of_group = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 720, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6732' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', _utf8mb4 X'31', 720, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_720_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
-- again 057b7a: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again a4a324: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`g2`;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e6732', _utf8mb4 X'{id 13}', _utf8mb4 X'6c31', 721, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_721_0_data_{name 14}` (`id` bigint, `mark` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_721_0_data_{name 14}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`);
select COUNT(*) as n0, count(`id`) as n1, count(`mark`) as n2, CAST(min(`mark`) AS CHAR) as n3, CAST(max(`mark`) AS CHAR) as n4, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_721_0_data_{name 14}`;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again a15372: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again a15372: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again a4a324: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`g2`;
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again a15372: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
drop table if exists `{database}_stg`.`e_721_0_data_{name 14}`;
-- again 1fa659: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 1fa659: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again e05340: insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf …
-- again 66698c: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
update `{database}_own`.heads set id = _utf8mb4 X'{id 15}', epoch = 721, head = _utf8mb4 X'{id 16}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e6732' and id = _utf8mb4 X'{id 10}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_721_0_data_{name 14}`;
drop table if exists `{database}_stg`.`whole_{id 17}`;
drop table if exists `{database}_stg`.`old_{id 17}`;
drop table if exists `{database}_stg`.`used_{id 17}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 13}', _utf8mb4 X'{id 18}', _utf8mb4 X'{id 19}', _utf8mb4 X'{id 20}');
COMMIT;
DO RELEASE_ALL_LOCKS();

-- ===== store: a reset
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'72' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'72' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
select 1 as one from `{database}_own`.staged where name = _utf8mb4 X'{id 1}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e72', _utf8mb4 X'{id 1}', _utf8mb4 X'6c31', 730, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`e_730_all_{hash 2}` (`id` bigint not null, `mark` bigint, `hygge_attempt` bigint) engine = InnoDB default charset = utf8mb4 /*M!100202 collate = utf8mb4_nopad_bin */ /*!80017 collate = utf8mb4_0900_bin */;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select conv(left(sha2(uuid(), 256), 15), 16, 10) as tag;
load data local infile 'rows of hygge' into table `{database}_stg`.`e_730_all_{hash 2}` character set utf8mb4 fields terminated by X'09' enclosed by '' escaped by X'5c' lines terminated by X'0a' (`id`, `mark`) set hygge_attempt = {number 3};
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72';
COMMIT;
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select COUNT(*) as n, count(`id`) as count0, count(`mark`) as count1, sum(`id`) as sum0, sum(`mark`) as sum1 from `{database}_stg`.`e_730_all_{hash 2}` p;
-- again b88000: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 0c0e8a: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e72', _utf8mb4 X'{id 4}', _utf8mb4 X'6c31', 730, utc_timestamp(6)) on duplicate key update flow = flow;
create table `{database}_stg`.`token_{name 5}` (used bigint primary key);
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again b88000: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 0c0e8a: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'72';
select name from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72';
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e72', _utf8mb4 X'{id 7}', _utf8mb4 X'6c31', 730, utc_timestamp(6)) on duplicate key update flow = flow;
insert into `{database}_own`.staged (flow, entity, table_name, name, lineage, epoch, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e72', _utf8mb4 X'{id 8}', _utf8mb4 X'6c31', 730, utc_timestamp(6)) on duplicate key update flow = flow;
-- again 91a6b1: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
rename table `{database}_stg`.`e_730_all_{hash 2}` to `{database}_stg`.`whole_{id 9}`;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select @@version as version, @@version_comment as comment;
-- again 8047e4: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}_stg`.`whole_{id 9}`;
-- again 7ff806: select count(*) as n, count(case when hygge_attempt in ({number 3}) then 1 end) as ours, c …
alter table `{database}_stg`.`whole_{id 9}` drop column `hygge_attempt`;
alter table `{database}_stg`.`whole_{id 9}` COMMENT = '[hygge intent-l1-730 1]';
rename table `{database}_stg`.`whole_{id 9}` to `{database}`.`r`, `{database}_stg`.`token_{name 5}` to `{database}_stg`.`used_{id 9}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 7}');
select t.TRIGGER_NAME as name, lower(t.EVENT_MANIPULATION) as events, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'72' and r.DELETE_RULE = 'CASCADE') as takes
  from information_schema.TRIGGERS t where t.EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and t.EVENT_OBJECT_TABLE = _utf8mb4 X'72' union all select null, null, exists (select 1 from information_schema.REFERENTIAL_CONSTRAINTS r where r.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and r.TABLE_NAME = _utf8mb4 X'72' and r.DELETE_RULE = 'CASCADE') order by 1;
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e72') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' for update;
-- again 186a65: select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as o …
update `{database}_own`.rejected set of_group = 0 where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' and of_group = 1;
update `{database}_own`.heads set id = _utf8mb4 X'{id 10}', epoch = 730, head = _utf8mb4 X'{id 11}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' and id is null;
insert into `{database}_own`.commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, `at`) values (_utf8mb4 X'66', _utf8mb4 X'65', _utf8mb4 X'{database}2e72', _utf8mb4 X'{id 10}', _utf8mb4 X'6c31', _utf8mb4 X'31', 730, 1, 0, 0, utc_timestamp(6));
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
drop table if exists `{database}_stg`.`e_730_all_{hash 2}`;
drop table if exists `{database}_stg`.`token_{name 5}`;
drop table if exists `{database}_stg`.`whole_{id 9}`;
drop table if exists `{database}_stg`.`old_{id 9}`;
drop table if exists `{database}_stg`.`used_{id 9}`;
-- again 057b7a: delete from `{database}_own`.staged where name in (_utf8mb4 X'{id 1}', _utf8mb4 X'{id 4}', …
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again b88000: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 6}', 30) as got;
-- again b88000: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select name, epoch from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72';
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again cb2ab1: insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf …
-- again f39e71: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select @@version as version, @@version_comment as comment;
-- again 0c0e8a: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`r`;
select COUNT(*) as n from `{database}`.`r` where 1 = 1;
-- again cebe43: select name, epoch from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _ …
update `{database}_own`.heads set id = _utf8mb4 X'66656e6365', epoch = 731, head = _utf8mb4 X'{id 13}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' and id = _utf8mb4 X'{id 10}';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;

-- ===== store: a table that is taken over as it is
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.adopted */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'61646f70746564' and table_name = _utf8mb4 X'{database}2e61';
select TABLE_TYPE as kind, ENGINE as engine, TABLE_COMMENT as comment, CREATE_OPTIONS as options, DATA_LENGTH + INDEX_LENGTH as bytes, TABLE_ROWS as row_estimate
  from information_schema.TABLES where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'61';
select @@version as version, @@version_comment as comment;
select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_DEFAULT as given, c.EXTRA as extra, c.COLLATION_NAME as collation, exists (select 1 from information_schema.CHECK_CONSTRAINTS k where k.CONSTRAINT_SCHEMA = c.TABLE_SCHEMA
  and k.TABLE_NAME = c.TABLE_NAME and binary k.TABLE_NAME = binary c.TABLE_NAME and k.CONSTRAINT_NAME = c.COLUMN_NAME and k.CHECK_CLAUSE = concat('json_valid(`', c.COLUMN_NAME, '`)')) as json from information_schema.COLUMNS c join information_schema.TABLES t on binary t.TABLE_SCHEMA = binary c.TABLE_SCHEMA and binary t.TABLE_NAME = binary c.TABLE_NAME
    where c.TABLE_SCHEMA = _utf8mb4 X'{database}' and c.TABLE_NAME = _utf8mb4 X'61' and not (COLUMN_NAME = 'my_row_id' and EXTRA like '%INVISIBLE%') and t.TABLE_SCHEMA = _utf8mb4 X'{database}' and t.TABLE_NAME = _utf8mb4 X'61' and t.TABLE_TYPE <> 'VIEW' order by c.ORDINAL_POSITION;
show create table `{database}`.`a`;
select current_user() as account;
show grants;
select 'trigger' as kind, TRIGGER_NAME as name, null as `column`, 0 as holds, 0 as passes from information_schema.TRIGGERS
      where EVENT_OBJECT_SCHEMA = _utf8mb4 X'{database}' and EVENT_OBJECT_TABLE = _utf8mb4 X'61'
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of ', k.TABLE_SCHEMA, '.', k.TABLE_NAME), k.REFERENCED_COLUMN_NAME, 1, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end
      from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'61' and not (k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'61')
    union all select 'foreign key', k.CONSTRAINT_NAME, k.COLUMN_NAME, 0, 0 from information_schema.KEY_COLUMN_USAGE k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'61' and not (k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'61')
    union all select 'foreign key', concat(k.CONSTRAINT_NAME, ' of itself'), k.COLUMN_NAME, 0, case when r.DELETE_RULE in ('CASCADE', 'SET NULL', 'SET DEFAULT') then 1 else 0 end from information_schema.KEY_COLUMN_USAGE k join information_schema.REFERENTIAL_CONSTRAINTS r on r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA and r.TABLE_NAME = k.TABLE_NAME
      and r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'61' and k.REFERENCED_TABLE_SCHEMA = _utf8mb4 X'{database}' and k.REFERENCED_TABLE_NAME = _utf8mb4 X'61'
    union all select 'check', k.CONSTRAINT_NAME, null, 0, 0 from information_schema.TABLE_CONSTRAINTS k
      where k.TABLE_SCHEMA = _utf8mb4 X'{database}' and k.TABLE_NAME = _utf8mb4 X'61' and k.CONSTRAINT_TYPE = 'CHECK' and not exists (select 1 from information_schema.CHECK_CONSTRAINTS c
        where c.CONSTRAINT_SCHEMA = _utf8mb4 X'{database}' and c.CONSTRAINT_NAME = k.CONSTRAINT_NAME and c.CHECK_CLAUSE like 'json_valid(%')
    union all select 'comment of column', COLUMN_NAME, null, 0, 0 from information_schema.COLUMNS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'61' and COLUMN_COMMENT <> ''
    order by 1, 2;
select INDEX_NAME as name, COLUMN_NAME as `column`, SUB_PART as part from information_schema.STATISTICS
    where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'61' and NON_UNIQUE = 0 order by INDEX_NAME, SEQ_IN_INDEX;
select 1 as one from information_schema.STATISTICS where TABLE_SCHEMA = _utf8mb4 X'{database}' and TABLE_NAME = _utf8mb4 X'61' and SEQ_IN_INDEX = 1 and SUB_PART is null limit 1;
-- again 1a19e9: select TABLE_SCHEMA as name from information_schema.TABLES where TABLE_NAME in ('heads', ' …
SELECT 1 as one from `{database}`.`a` LIMIT 1;
select flow, entity, head from `{database}_own`.heads where table_name = _utf8mb4 X'{database}2e61' and head is not null and not (flow = _utf8mb4 X'66' and entity = _utf8mb4 X'61646f70746564');
COMMIT;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.adopted */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
select get_lock('hygge {id 1}', 30) as got;
-- again 65fa22: select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _ut …
select name, epoch from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'61646f70746564' and table_name = _utf8mb4 X'{database}2e61';
set innodb_lock_wait_timeout = 2, lock_wait_timeout = 2;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
commit;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.adopted */;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'61646f70746564', _utf8mb4 X'{database}2e61') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'61646f70746564' and table_name = _utf8mb4 X'{database}2e61' for update;
select @@version as version, @@version_comment as comment;
-- again ecfbbf: select c.COLUMN_NAME as name, c.COLUMN_TYPE as type, c.IS_NULLABLE as nullable, c.COLUMN_D …
show create table `{database}`.`a`;
select COUNT(*) as n from `{database}`.`a` where 1 = 1;
-- again 967c6e: select name, epoch from `{database}_own`.staged where flow = _utf8mb4 X'66' and entity = _ …
update `{database}_own`.heads set id = _utf8mb4 X'61646f7074696f6e', epoch = 2, head = _utf8mb4 X'{id 2}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'61646f70746564' and table_name = _utf8mb4 X'{database}2e61' and id is null;
COMMIT;
DO RELEASE_ALL_LOCKS();
SET sql_mode = COALESCE(@hygge_mode, @@sql_mode);
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION READ ONLY /* hygge f.adopted */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
COMMIT;

-- ===== store: a head that goes to another entity, and away
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.other */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
-- again 7bd0a1: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' and head is not null;
insert into `{database}_own`.heads (flow, entity, table_name) values (_utf8mb4 X'66', _utf8mb4 X'6f74686572', _utf8mb4 X'{database}2e72') on duplicate key update flow = flow;
select head, mark from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'6f74686572' and table_name = _utf8mb4 X'{database}2e72' for update;
update `{database}_own`.heads set id = _utf8mb4 X'66656e6365', epoch = 731, head = _utf8mb4 X'{id 1}', mark = NULL, `at` = utc_timestamp(6) where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'6f74686572' and table_name = _utf8mb4 X'{database}2e72' and id is null;
update `{database}_own`.commits set flow = _utf8mb4 X'66', entity = _utf8mb4 X'6f74686572' where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72';
update `{database}_own`.rejected set flow = _utf8mb4 X'66', entity = _utf8mb4 X'6f74686572' where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
-- again 192594: select t.TABLE_NAME as name from information_schema.SCHEMATA s left join information_schem …
delete from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72';
COMMIT;
DO RELEASE_ALL_LOCKS();
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
START TRANSACTION /* hygge f.e */;
-- again 75d5ce: set @hygge_mode = coalesce(@hygge_mode, @@sql_mode), sql_mode = 'STRICT_ALL_TABLES,NO_ZERO …
delete from `{database}_own`.commits where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' and `at` < CAST(REPLACE(_utf8mb4 X'{id 2}', 'Z', '') AS DATETIME(6)) and intent_id not in (select id from `{database}_own`.heads where flow = _utf8mb4 X'66' and entity = _utf8mb4 X'65' and table_name = _utf8mb4 X'{database}2e72' and id is not null);
COMMIT;
DO RELEASE_ALL_LOCKS();
