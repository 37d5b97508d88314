-- a look at a table
SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version;
GO

SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e65;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.object_id = OBJECT_ID(@p1) AND o.type IN ('U', 'V', 'SN');
GO

SELECT CONVERT(varchar(1), snapshot_isolation_state) AS snapshots, CONVERT(varchar(1), is_read_committed_snapshot_on) AS versions,
  CONVERT(varchar(1), HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'UNMASK')) AS unmask,
  CONVERT(varchar(1), HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION')) AS definitions,
  CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.masked_columns)) AS masked
FROM sys.databases WHERE database_id = DB_ID();
GO

SELECT d.name AS name, COALESCE(d.system_type_name, d.user_type_name) AS type, CONVERT(varchar(1), d.is_nullable) AS nullable,
  d.source_column AS source, CASE WHEN d.source_database <> DB_NAME() THEN '1' ELSE '0' END AS elsewhere, CONVERT(varchar(1), k.is_masked) AS masked, CONVERT(varchar(2), k.encryption_type) AS encrypted,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(OBJECT_SCHEMA_NAME(k.object_id)) + N'.' + QUOTENAME(OBJECT_NAME(k.object_id)), 'OBJECT', 'UNMASK', k.name, 'COLUMN'), 0)) AS unmasked,
  CONVERT(varchar(12), d.error_number) AS error, d.error_message AS message
FROM sys.dm_exec_describe_first_result_set(@p1, NULL, 1) AS d
LEFT JOIN sys.columns AS k ON k.object_id = COALESCE(CONVERT(int, @p2), OBJECT_ID(ISNULL(QUOTENAME(d.source_schema) + N'.', N'') + QUOTENAME(d.source_table)))
  AND k.name = CASE WHEN @p2 IS NULL THEN d.source_column ELSE d.name END
WHERE d.is_hidden = 0 OR d.error_number IS NOT NULL
ORDER BY d.column_ordinal;
GO

SELECT y.name AS policy, QUOTENAME(OBJECT_SCHEMA_NAME(p.target_object_id)) + N'.' + QUOTENAME(OBJECT_NAME(p.target_object_id)) AS [table]
FROM sys.security_predicates AS p JOIN sys.security_policies AS y ON y.object_id = p.object_id
WHERE y.is_enabled = 1 AND p.predicate_type = 0 AND (@p1 IS NULL OR p.target_object_id = CONVERT(int, @p1))
ORDER BY y.name;
GO

SELECT CONVERT(varchar(12), i.index_id) AS [index], CONVERT(varchar(1), i.is_primary_key) AS is_primary, c.name AS name
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = CONVERT(int, @p1) AND k.key_ordinal > 0 AND i.type IN (1, 2) AND i.is_disabled = 0 AND i.has_filter = 0
ORDER BY i.index_id, k.key_ordinal;
GO

SELECT CONVERT(varchar(12), p.partition_number) AS number, CONVERT(varchar(20), MAX(p.rows)) AS [rows],
  CONVERT(varchar(20), COALESCE(SUM(a.used_pages), 0) * 8192) AS bytes, MAX(f.name) AS [function], MAX(c.name) AS [column]
FROM sys.partitions AS p
LEFT JOIN sys.allocation_units AS a ON a.container_id = p.partition_id
JOIN sys.indexes AS i ON i.object_id = p.object_id AND i.index_id = p.index_id
LEFT JOIN sys.partition_schemes AS s ON s.data_space_id = i.data_space_id
LEFT JOIN sys.partition_functions AS f ON f.function_id = s.function_id
LEFT JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.partition_ordinal = 1
LEFT JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE p.object_id = CONVERT(int, @p1) AND p.index_id IN (0, 1)
GROUP BY p.partition_number
ORDER BY p.partition_number;
GO

IF @@TRANCOUNT > 0 COMMIT TRANSACTION;
GO

-- all of a table
SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e65;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders];
GO

-- the newest id
SELECT CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN '1' ELSE '0' END AS standby;
GO

SELECT CASE WHEN CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (5, 12) THEN 'database' ELSE 'server' END AS scope,
  CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1 OR HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1
  OR (CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (5, 12) AND HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE') = 1) THEN '1' ELSE '0' END AS sees,
  QUOTENAME(USER_NAME()) AS role, QUOTENAME(SUSER_SNAME()) AS login;
GO

SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SYSUTCDATETIME()), 121), 11, 1, 'T') + 'Z' AS now;
GO

SELECT TOP (1) CONVERT(varchar(20), [id]) AS newest FROM [sales].[orders] WHERE (
[id] IS NOT NULL
) ORDER BY [id] DESC;
GO

SELECT CONVERT(varchar(20), i.last_value) AS last FROM sys.identity_columns AS i WHERE i.object_id = OBJECT_ID(@p1) AND i.name = @p2 AND i.increment_value < 0;
GO

SELECT CONVERT(varchar(20), t.transaction_id) AS id, CONVERT(varchar(10), s.session_id) AS session, s.login_name AS login,
  s.program_name AS program, CONVERT(varchar(20), DATEDIFF(second, a.transaction_begin_time, SYSDATETIME())) AS age,
  STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), DATEADD(second, -3601 - DATEDIFF(second, a.transaction_begin_time, SYSDATETIME()), SYSUTCDATETIME())), 121), 11, 1, 'T') + 'Z' AS since
FROM sys.dm_tran_database_transactions AS t
JOIN sys.dm_tran_active_transactions AS a ON a.transaction_id = t.transaction_id
LEFT JOIN sys.dm_tran_session_transactions AS x ON x.transaction_id = t.transaction_id
LEFT JOIN sys.dm_exec_requests AS r ON r.transaction_id = t.transaction_id
LEFT JOIN sys.dm_exec_sessions AS s ON s.session_id = COALESCE(x.session_id, r.session_id)
WHERE t.database_id = DB_ID() AND a.transaction_type IN (1, 4) AND (s.session_id IS NULL OR (s.is_user_process = 1 AND s.session_id <> @@SPID
  AND (s.context_info IS NULL OR SUBSTRING(s.context_info, 1, 11) <> 0x6879676765207265616473)))
ORDER BY t.transaction_id;
GO

-- what is ahead of id, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[id] IS NULL
);
GO

-- an increment by id
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[id] > CONVERT(int, '39') AND [id] <= CONVERT(int, '39') OR [id] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[id] > CONVERT(int, '39') AND [id] <= CONVERT(int, '39') OR [id] IS NULL
);
GO

-- the newest price
SELECT TOP (1) CONVERT(varchar(41), CONVERT(decimal(20,2), [price])) AS newest FROM [sales].[orders] WHERE (
[price] IS NOT NULL
) ORDER BY [price] DESC;
GO

-- what is ahead of price, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[price] IS NULL
);
GO

-- an increment by price
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[price] > CONVERT(decimal(20,2), '39.25') AND [price] <= CONVERT(decimal(20,2), '39.25') OR [price] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[price] > CONVERT(decimal(20,2), '39.25') AND [price] <= CONVERT(decimal(20,2), '39.25') OR [price] IS NULL
);
GO

-- the newest day
SELECT TOP (1) CONVERT(varchar(10), [day], 23) AS newest FROM [sales].[orders] WHERE (
[day] IS NOT NULL
) AND (
[day] <= CONVERT(date, '2026-11-23')
) ORDER BY [day] DESC;
GO

-- what is ahead of day, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[day] > CONVERT(date, '2026-11-23')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[day] IS NULL
);
GO

-- an increment by day
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[day] > CONVERT(date, '2026-01-01') AND [day] <= CONVERT(date, '2026-01-01') OR [day] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[day] > CONVERT(date, '2026-01-01') AND [day] <= CONVERT(date, '2026-01-01') OR [day] IS NULL
);
GO

-- the newest at
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), CONVERT(datetime2(3), [at])), 121), 11, 1, 'T') AS newest FROM [sales].[orders] WHERE (
[at] IS NOT NULL
) AND (
[at] <= CONVERT(datetime, CONVERT(datetime2(7), '2026-11-23T14:00:00.000000'))
) ORDER BY [at] DESC;
GO

-- what is ahead of at, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[at] > CONVERT(datetime, CONVERT(datetime2(7), '2026-11-23T14:00:00.000000'))
);
GO

SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[at] IS NULL
);
GO

-- an increment by at
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[at] > CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) AND [at] <= CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) OR [at] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[at] > CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) AND [at] <= CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) OR [at] IS NULL
);
GO

-- the newest exact
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121), 11, 1, 'T') + '00' AS newest FROM [sales].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(7), '2026-11-23T14:00:00.0000000')
) ORDER BY [exact] DESC;
GO

-- what is ahead of exact, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[exact] > CONVERT(datetime2(7), '2026-11-23T14:00:00.0000000')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[exact] IS NULL
);
GO

-- an increment by exact
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[exact] > CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') AND [exact] <= CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') OR [exact] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[exact] > CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') AND [exact] <= CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') OR [exact] IS NULL
);
GO

-- the newest moment
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET([moment], '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' AS newest FROM [sales].[orders] WHERE (
[moment] IS NOT NULL
) AND (
[moment] <= CONVERT(datetimeoffset(7), '2026-11-23T00:00:00.0000000+00:00')
) ORDER BY [moment] DESC;
GO

-- what is ahead of moment, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[moment] > CONVERT(datetimeoffset(7), '2026-11-23T00:00:00.0000000+00:00')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[moment] IS NULL
);
GO

-- an increment by moment
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[moment] > CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') AND [moment] <= CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') OR [moment] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[moment] > CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') AND [moment] <= CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') OR [moment] IS NULL
);
GO

-- the newest version
SELECT CONVERT(varchar(18), MIN_ACTIVE_ROWVERSION(), 1) AS bound;
GO

SELECT TOP (1) CONVERT(varchar(18), CONVERT(binary(8), [version]), 1) AS newest FROM [sales].[orders] WHERE (
[version] IS NOT NULL
) AND (
[version] < CONVERT(binary(8), N'0x00000000000007D1', 1)
) ORDER BY [version] DESC;
GO

-- what is ahead of version, and null
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[version] IS NULL
);
GO

-- an increment by version
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
[version] > CONVERT(binary(8), N'0x0000000000000027', 1) AND [version] <= CONVERT(binary(8), N'0x0000000000000027', 1) OR [version] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
[version] > CONVERT(binary(8), N'0x0000000000000027', 1) AND [version] <= CONVERT(binary(8), N'0x0000000000000027', 1) OR [version] IS NULL
);
GO

-- a lag
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121), 11, 1, 'T') + '00' AS newest FROM [sales].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(7), '2026-11-22T23:59:00.0000000')
) ORDER BY [exact] DESC;
GO

-- partitions
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM (SELECT * FROM [sales].[parts] WHERE $PARTITION.[by_id]([id]) = 1) AS hygge_part;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM (SELECT * FROM [sales].[parts] WHERE $PARTITION.[by_id]([id]) = 2) AS hygge_part;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM (SELECT * FROM [sales].[parts] WHERE $PARTITION.[by_id]([id]) = 3) AS hygge_part;
GO

-- ranges of price
SELECT CONVERT(varchar(41), CONVERT(decimal(20,2), MIN(hygge_key))) AS bound FROM (SELECT [price] AS hygge_key, NTILE(2) OVER (ORDER BY [price]) AS hygge_part FROM [sales].[by_price] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[by_price] WHERE (
[price] < CONVERT(decimal(20,2), '20.25')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[by_price] WHERE (
[price] >= CONVERT(decimal(20,2), '20.25')
);
GO

-- ranges of exact
SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), MIN(hygge_key)), 121), 11, 1, 'T') + '00' AS bound FROM (SELECT [exact] AS hygge_key, NTILE(2) OVER (ORDER BY [exact]) AS hygge_part FROM [sales].[by_exact] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[by_exact] WHERE (
[exact] < CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[by_exact] WHERE (
[exact] >= CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567')
);
GO

-- ranges of uid
SELECT LOWER(CONVERT(char(36), MIN(hygge_key))) AS bound FROM (SELECT [uid] AS hygge_key, NTILE(2) OVER (ORDER BY [uid]) AS hygge_part FROM [sales].[by_uid] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[by_uid] WHERE (
[uid] < CONVERT(uniqueidentifier, '6f9619ff-8b86-d011-b42d-00c04fc964ff')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[by_uid] WHERE (
[uid] >= CONVERT(uniqueidentifier, '6f9619ff-8b86-d011-b42d-00c04fc964ff')
);
GO

-- every type
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [bit 0]]], [tinyint 1]]], [smallint 2]]], [int 3]]], [bigint 4]]], [real 5]]], [float 6]]], [decimal 7]]], CONVERT(varchar(41), [decimal 8]]]) AS [decimal 8]]], CONVERT(varchar(41), [money 9]]], 2) AS [money 9]]], [smallmoney 10]]], [date 11]]], [time 12]]], [datetime 13]]], [smalldatetime 14]]], [datetime2 15]]], [datetime2 16]]], [datetimeoffset 17]]], CONVERT(smallint, DATEPART(tzoffset, [datetimeoffset 17]]])) AS [datetimeoffset 17]]_offset], CONVERT(nvarchar(5), [char 18]]]) AS [char 18]]], CONVERT(nvarchar(20), [varchar 19]]]) AS [varchar 19]]], CONVERT(nvarchar(max), [varchar 20]]]) AS [varchar 20]]], [nchar 21]]], [nvarchar 22]]], [nvarchar 23]]], CONVERT(nvarchar(max), [text 24]]]) AS [text 24]]], CONVERT(nvarchar(max), [ntext 25]]]) AS [ntext 25]]], CONVERT(varbinary(max), [image 26]]]) AS [image 26]]], CONVERT(nvarchar(max), [xml 27]]]) AS [xml 27]]], [binary 28]]], [varbinary 29]]], [rowversion 30]]], [uniqueidentifier 31]]], [hierarchyid 32]]].ToString() AS [hierarchyid 32]]], [geography 33]]].ToString() AS [geography 33]]], [geometry 34]]].ToString() AS [geometry 34]]], CASE WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'float', N'real') THEN CONVERT(nvarchar(max), CONVERT(float, [sql_variant 35]]]), 3) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'money', N'smallmoney') THEN CONVERT(nvarchar(max), CONVERT(money, [sql_variant 35]]]), 2) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'datetime', N'smalldatetime', N'datetime2') THEN CONVERT(nvarchar(max), CONVERT(datetime2(7), [sql_variant 35]]]), 126) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) = N'datetimeoffset' THEN CONVERT(nvarchar(max), CONVERT(datetimeoffset(7), [sql_variant 35]]]), 126) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'binary', N'varbinary') THEN CONVERT(nvarchar(max), CONVERT(varbinary(8000), [sql_variant 35]]]), 1) ELSE CONVERT(nvarchar(max), [sql_variant 35]]]) END AS [sql_variant 35]]] FROM [dbo].[all];
GO

-- a query
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id] FROM (
SELECT id FROM sales.orders
) AS hygge_query;
GO

-- a condition
SELECT COUNT_BIG(*) AS counted FROM [sales].[orders] WHERE (
id > 3 -- not those
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [sales].[orders] WHERE (
id > 3 -- not those
);
GO

-- a table that is not there
SELECT TOP (3) s.name AS [schema], o.name AS name FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V', 'SN') AND LOWER(o.name) = LOWER(@p1) ORDER BY s.name, o.name;
GO

-- the tables of a database
SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x6879676765207265616473206879676765;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind,
  CONVERT(varchar(20), (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS [rows],
  CONVERT(varchar(20), (SELECT SUM(a.used_pages) * 8192 FROM sys.partitions AS p JOIN sys.allocation_units AS a ON a.container_id = p.partition_id
    WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS bytes
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN (N'hygge_metadata', N'hygge_staging') AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), 'OBJECT', 'SELECT') = 1
ORDER BY s.name, o.name;
GO

SELECT CONVERT(varchar(12), c.object_id) AS id, c.name AS [column], TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_identity) AS counted,
  CASE WHEN EXISTS (SELECT 1 FROM sys.index_columns AS k JOIN sys.indexes AS i ON i.object_id = k.object_id AND i.index_id = k.index_id
    WHERE k.object_id = c.object_id AND k.column_id = c.column_id AND k.key_ordinal = 1 AND i.type IN (1, 2) AND i.is_disabled = 0 AND i.has_filter = 0)
    THEN '1' ELSE '0' END AS indexed
FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN (N'hygge_metadata', N'hygge_staging') AND (c.is_identity = 1 OR TYPE_NAME(c.system_type_id) IN ('datetime', 'datetime2', 'datetimeoffset', 'smalldatetime', 'timestamp'))
ORDER BY c.object_id, c.column_id;
GO

SELECT CONVERT(varchar(12), i.object_id) AS id, c.name AS [column]
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.is_primary_key = 1 AND k.key_ordinal > 0
ORDER BY i.object_id, k.key_ordinal;
GO

-- a readable secondary
SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), DATEADD(second, -3601 - DATEDIFF(second, last_commit_time, SYSDATETIME()), SYSUTCDATETIME())), 121), 11, 1, 'T') + 'Z' AS until
FROM sys.dm_hadr_database_replica_states WHERE is_local = 1 AND database_id = DB_ID();
GO

SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121), 11, 1, 'T') + '00' AS newest FROM [sales].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(7), '2025-12-31T23:59:00.0000000')
) ORDER BY [exact] DESC;
GO

-- debug
SELECT USER_NAME() AS role, DB_NAME() AS [database], CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version,
  CONVERT(varchar(128), SERVERPROPERTY('Edition')) AS edition, CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE program_name = 'hygge')) AS sessions;
GO

-- a look at what is tracked
SELECT CONVERT(varchar(20), CHANGE_TRACKING_CURRENT_VERSION()) AS [current], CONVERT(varchar(20), CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(@p1))) AS kept,
  CONVERT(varchar(12), OBJECT_ID(@p1)) AS [table], CONVERT(varchar(20), t.begin_version) AS began, CONVERT(varchar(12), i.object_id) AS record,
  CONVERT(varchar(12), d.retention_period) AS period, CONVERT(varchar(1), d.retention_period_units) AS unit, CONVERT(varchar(1), d.is_auto_cleanup_on) AS forgets,
  CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'VIEW CHANGE TRACKING')) AS may, CONVERT(varchar(12), d.database_id) AS tracked,
  CONVERT(varchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS updateability, QUOTENAME(DB_NAME()) AS [database], QUOTENAME(USER_NAME()) AS role
FROM (SELECT DB_ID() AS id) AS here
LEFT JOIN sys.change_tracking_databases AS d ON d.database_id = here.id
LEFT JOIN sys.change_tracking_tables AS t ON t.object_id = OBJECT_ID(@p1)
LEFT JOIN sys.internal_tables AS i ON i.parent_object_id = OBJECT_ID(@p1) AND i.internal_type = 209;
GO

SELECT CONVERT(varchar(36), recovery_fork_guid) AS fork FROM sys.database_recovery_status WHERE database_id = DB_ID();
GO

-- all rows, with their version
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT [id], [price], [day], [at], [exact], [moment], [version], [uid], CONVERT(bigint, 40) AS [_change_version], CONVERT(bit, 0) AS [_deleted] FROM (SELECT * FROM [sales].[tracked] WHERE $PARTITION.[by_id]([id]) = 1) AS hygge_part) AS hygge_rows WHERE (
[_change_version] <= CONVERT(bigint, '40')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT [id], [price], [day], [at], [exact], [moment], [version], [uid], CONVERT(bigint, 40) AS [_change_version], CONVERT(bit, 0) AS [_deleted] FROM (SELECT * FROM [sales].[tracked] WHERE $PARTITION.[by_id]([id]) = 2) AS hygge_part) AS hygge_rows WHERE (
[_change_version] <= CONVERT(bigint, '40')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT [id], [price], [day], [at], [exact], [moment], [version], [uid], CONVERT(bigint, 40) AS [_change_version], CONVERT(bit, 0) AS [_deleted] FROM (SELECT * FROM [sales].[tracked] WHERE $PARTITION.[by_id]([id]) = 3) AS hygge_part) AS hygge_rows WHERE (
[_change_version] <= CONVERT(bigint, '40')
);
GO

-- what changed since
SELECT COUNT_BIG(*) AS counted FROM (SELECT COALESCE(r.[id], c.[id]) AS [id], COALESCE(r.[price], c.[price]) AS [price], r.[day], r.[at], r.[exact], r.[moment], r.[version], r.[uid], c.SYS_CHANGE_VERSION AS [_change_version], CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS [_deleted]
FROM CHANGETABLE(CHANGES [sales].[tracked], 40) AS c LEFT JOIN [sales].[tracked] AS r ON r.[id] = c.[id] AND r.[price] = c.[price] AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.[id] IS NOT NULL) AS hygge_changes WHERE (
[_change_version] > CONVERT(bigint, '40') AND [_change_version] <= CONVERT(bigint, '40')
);
GO

SELECT CONVERT(varchar(20), MIN(hygge_key)) AS bound FROM (SELECT [id] AS hygge_key, NTILE(2) OVER (ORDER BY [id]) AS hygge_part FROM [sales].[tracked] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT COALESCE(r.[id], c.[id]) AS [id], COALESCE(r.[price], c.[price]) AS [price], r.[day], r.[at], r.[exact], r.[moment], r.[version], r.[uid], c.SYS_CHANGE_VERSION AS [_change_version], CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS [_deleted]
FROM CHANGETABLE(CHANGES [sales].[tracked], 40) AS c LEFT JOIN [sales].[tracked] AS r ON r.[id] = c.[id] AND r.[price] = c.[price] AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.[id] IS NOT NULL) AS hygge_changes WHERE (
[_change_version] > CONVERT(bigint, '40') AND [_change_version] <= CONVERT(bigint, '40')
) AND (
[id] < CONVERT(int, '20')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT COALESCE(r.[id], c.[id]) AS [id], COALESCE(r.[price], c.[price]) AS [price], r.[day], r.[at], r.[exact], r.[moment], r.[version], r.[uid], c.SYS_CHANGE_VERSION AS [_change_version], CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS [_deleted]
FROM CHANGETABLE(CHANGES [sales].[tracked], 40) AS c LEFT JOIN [sales].[tracked] AS r ON r.[id] = c.[id] AND r.[price] = c.[price] AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.[id] IS NOT NULL) AS hygge_changes WHERE (
[_change_version] > CONVERT(bigint, '40') AND [_change_version] <= CONVERT(bigint, '40')
) AND (
[id] >= CONVERT(int, '20')
);
GO

-- what is said of a table that is not tracked
ALTER TABLE [sales].[tracked] ENABLE CHANGE_TRACKING;
ALTER DATABASE [erp] SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON);
ALTER TABLE [sales].[tracked] ENABLE CHANGE_TRACKING;
GO

