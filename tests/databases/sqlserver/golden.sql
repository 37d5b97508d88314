-- home: a look at a table
SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version, CONVERT(varchar(300), @@VERSION) AS banner;
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

SELECT CONVERT(varchar(12), i.index_id) AS [index], CONVERT(varchar(1), i.is_primary_key) AS is_primary, c.name AS name, c.collation_name AS collation
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

-- home: all of a table
SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e65;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders];
GO

-- home: the newest id
SELECT CASE WHEN DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN '1' ELSE '0' END AS standby;
GO

SELECT CASE WHEN CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (5, 12) THEN 'database' ELSE 'server' END AS scope,
  CASE WHEN HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER STATE') = 1 OR HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW SERVER PERFORMANCE STATE') = 1
  OR (CONVERT(int, SERVERPROPERTY('EngineEdition')) IN (5, 12) AND HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DATABASE STATE') = 1) THEN '1' ELSE '0' END AS sees,
  QUOTENAME(USER_NAME()) AS role, QUOTENAME(SUSER_SNAME()) AS login;
GO

SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SYSUTCDATETIME()), 121), 11, 1, 'T') + 'Z' AS now;
GO

SELECT TOP (1) CONVERT(varchar(20), [id]) AS newest FROM [dbo].[orders] WHERE (
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

-- home: what is ahead of id, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[id] IS NULL
);
GO

-- home: an increment by id
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[id] > CONVERT(int, '39') AND [id] <= CONVERT(int, '39') OR [id] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] > CONVERT(int, '39') AND [id] <= CONVERT(int, '39') OR [id] IS NULL
);
GO

-- home: the newest price
SELECT TOP (1) CONVERT(varchar(41), CONVERT(decimal(20,2), [price])) AS newest FROM [dbo].[orders] WHERE (
[price] IS NOT NULL
) ORDER BY [price] DESC;
GO

-- home: what is ahead of price, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[price] IS NULL
);
GO

-- home: an increment by price
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[price] > CONVERT(decimal(20,2), '39.25') AND [price] <= CONVERT(decimal(20,2), '39.25') OR [price] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[price] > CONVERT(decimal(20,2), '39.25') AND [price] <= CONVERT(decimal(20,2), '39.25') OR [price] IS NULL
);
GO

-- home: the newest day
SELECT TOP (1) CONVERT(varchar(10), [day], 23) AS newest FROM [dbo].[orders] WHERE (
[day] IS NOT NULL
) AND (
[day] <= CONVERT(date, '2026-11-23')
) ORDER BY [day] DESC;
GO

-- home: what is ahead of day, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[day] > CONVERT(date, '2026-11-23')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[day] IS NULL
);
GO

-- home: an increment by day
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[day] > CONVERT(date, '2026-01-01') AND [day] <= CONVERT(date, '2026-01-01') OR [day] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[day] > CONVERT(date, '2026-01-01') AND [day] <= CONVERT(date, '2026-01-01') OR [day] IS NULL
);
GO

-- home: the newest at
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), CONVERT(datetime2(3), [at])), 121), 11, 1, 'T') AS newest FROM [dbo].[orders] WHERE (
[at] IS NOT NULL
) AND (
[at] <= CONVERT(datetime, CONVERT(datetime2(7), '2026-11-23T14:00:00.000000'))
) ORDER BY [at] DESC;
GO

SELECT TOP (1) '1' AS begins FROM sys.columns AS c LEFT JOIN sys.tables AS t ON t.object_id = c.object_id
WHERE (c.generated_always_type IN (1, 7) OR t.temporal_type = 1) AND (@p1 IS NULL OR (c.object_id = OBJECT_ID(@p1) AND c.name = @p2));
GO

-- home: what is ahead of at, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[at] > CONVERT(datetime, CONVERT(datetime2(7), '2026-11-23T14:00:00.000000'))
);
GO

SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[at] IS NULL
);
GO

-- home: an increment by at
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[at] > CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) AND [at] <= CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) OR [at] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[at] > CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) AND [at] <= CONVERT(datetime, CONVERT(datetime2(7), '2026-01-01T00:00:00.003000')) OR [at] IS NULL
);
GO

-- home: the newest exact
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121), 11, 1, 'T') + '00' AS newest FROM [dbo].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(7), '2026-11-23T14:00:00.0000000')
) ORDER BY [exact] DESC;
GO

-- home: what is ahead of exact, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[exact] > CONVERT(datetime2(7), '2026-11-23T14:00:00.0000000')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[exact] IS NULL
);
GO

-- home: an increment by exact
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[exact] > CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') AND [exact] <= CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') OR [exact] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[exact] > CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') AND [exact] <= CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567') OR [exact] IS NULL
);
GO

-- home: the newest moment
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET([moment], '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' AS newest FROM [dbo].[orders] WHERE (
[moment] IS NOT NULL
) AND (
[moment] <= CONVERT(datetimeoffset(7), '2026-11-23T00:00:00.0000000+00:00')
) ORDER BY [moment] DESC;
GO

-- home: what is ahead of moment, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[moment] > CONVERT(datetimeoffset(7), '2026-11-23T00:00:00.0000000+00:00')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[moment] IS NULL
);
GO

-- home: an increment by moment
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[moment] > CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') AND [moment] <= CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') OR [moment] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[moment] > CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') AND [moment] <= CONVERT(datetimeoffset(7), '2025-12-31T22:00:00.1234567+00:00') OR [moment] IS NULL
);
GO

-- home: the newest version
SELECT CONVERT(varchar(18), MIN_ACTIVE_ROWVERSION(), 1) AS bound;
GO

SELECT TOP (1) CONVERT(varchar(18), CONVERT(binary(8), [version]), 1) AS newest FROM [dbo].[orders] WHERE (
[version] IS NOT NULL
) AND (
[version] < CONVERT(binary(8), N'0x00000000000007D1', 1)
) ORDER BY [version] DESC;
GO

-- home: what is ahead of version, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[version] IS NULL
);
GO

-- home: an increment by version
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[version] > CONVERT(binary(8), N'0x0000000000000027', 1) AND [version] <= CONVERT(binary(8), N'0x0000000000000027', 1) OR [version] IS NULL
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[version] > CONVERT(binary(8), N'0x0000000000000027', 1) AND [version] <= CONVERT(binary(8), N'0x0000000000000027', 1) OR [version] IS NULL
);
GO

-- home: all of a table, in small slices
SELECT CONVERT(varchar(20), MIN(hygge_key)) AS bound FROM (SELECT [id] AS hygge_key, NTILE(512) OVER (ORDER BY [id]) AS hygge_part FROM [dbo].[orders] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] < CONVERT(int, '1')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '1') AND [id] < CONVERT(int, '2')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '2') AND [id] < CONVERT(int, '3')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '3') AND [id] < CONVERT(int, '4')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '4') AND [id] < CONVERT(int, '5')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '5') AND [id] < CONVERT(int, '6')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '6') AND [id] < CONVERT(int, '7')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '7') AND [id] < CONVERT(int, '8')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '8') AND [id] < CONVERT(int, '9')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '9') AND [id] < CONVERT(int, '10')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '10') AND [id] < CONVERT(int, '11')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '11') AND [id] < CONVERT(int, '12')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '12') AND [id] < CONVERT(int, '13')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '13') AND [id] < CONVERT(int, '14')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '14') AND [id] < CONVERT(int, '15')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '15') AND [id] < CONVERT(int, '16')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '16') AND [id] < CONVERT(int, '17')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '17') AND [id] < CONVERT(int, '18')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '18') AND [id] < CONVERT(int, '19')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '19') AND [id] < CONVERT(int, '20')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '20') AND [id] < CONVERT(int, '21')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '21') AND [id] < CONVERT(int, '22')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '22') AND [id] < CONVERT(int, '23')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '23') AND [id] < CONVERT(int, '24')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '24') AND [id] < CONVERT(int, '25')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '25') AND [id] < CONVERT(int, '26')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '26') AND [id] < CONVERT(int, '27')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '27') AND [id] < CONVERT(int, '28')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '28') AND [id] < CONVERT(int, '29')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '29') AND [id] < CONVERT(int, '30')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '30') AND [id] < CONVERT(int, '31')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '31') AND [id] < CONVERT(int, '32')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '32') AND [id] < CONVERT(int, '33')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '33') AND [id] < CONVERT(int, '34')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '34') AND [id] < CONVERT(int, '35')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '35') AND [id] < CONVERT(int, '36')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '36') AND [id] < CONVERT(int, '37')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '37') AND [id] < CONVERT(int, '38')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '38') AND [id] < CONVERT(int, '39')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(int, '39')
);
GO

-- home: a query
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id] FROM (
SELECT id FROM orders
) AS hygge_query;
GO

-- home: a condition
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
id > 3 -- not those
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
id > 3 -- not those
);
GO

-- home: some columns
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id] FROM [dbo].[orders];
GO

-- home: debug
SELECT USER_NAME() AS role, DB_NAME() AS [database], CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version,
  CONVERT(varchar(128), SERVERPROPERTY('Edition')) AS edition, CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.dm_exec_sessions WHERE program_name = 'hygge')) AS sessions;
GO

-- home: the tables of a database
SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x6879676765207265616473206879676765;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind,
  CONVERT(varchar(20), (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS [rows],
  CONVERT(varchar(20), (SELECT SUM(a.used_pages) * 8192 FROM sys.partitions AS p JOIN sys.allocation_units AS a ON a.container_id = p.partition_id
    WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS bytes,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), 'OBJECT', 'SELECT'), 0)) AS may
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN (N'hygge_metadata', N'hygge_staging')
ORDER BY s.name, o.name;
GO

SELECT CONVERT(varchar(12), c.object_id) AS id, c.name AS [column], TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_identity) AS counted, CONVERT(varchar(1), c.is_nullable) AS nullable,
  CASE WHEN EXISTS (SELECT 1 FROM sys.index_columns AS k JOIN sys.indexes AS i ON i.object_id = k.object_id AND i.index_id = k.index_id
    WHERE k.object_id = c.object_id AND k.column_id = c.column_id AND k.key_ordinal = 1 AND i.type IN (1, 2) AND i.is_disabled = 0 AND i.has_filter = 0)
    THEN '1' ELSE '0' END AS indexed
FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN (N'hygge_metadata', N'hygge_staging')
ORDER BY c.object_id, c.column_id;
GO

SELECT CONVERT(varchar(12), i.object_id) AS id, c.name AS [column], CONVERT(varchar(12), i.index_id) AS [index],
  CONVERT(varchar(1), i.is_primary_key) AS [primary], CONVERT(varchar(1), c.is_nullable) AS nullable
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0 AND k.key_ordinal > 0
ORDER BY i.object_id, i.index_id, k.key_ordinal;
GO

-- home: a table that is not there
SELECT TOP (3) s.name AS [schema], o.name AS name FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V', 'SN') AND LOWER(o.name) = LOWER(@p1) ORDER BY s.name, o.name;
GO

IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO

-- the newest time of a transaction that began
SELECT CONVERT(varchar(20), t.transaction_id) AS id, CONVERT(varchar(10), s.session_id) AS session, s.login_name AS login,
  s.program_name AS program, CONVERT(varchar(20), DATEDIFF(second, a.transaction_begin_time, SYSDATETIME())) AS age,
  STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), DATEADD(second, -3601 - DATEDIFF(second, a.transaction_begin_time, SYSDATETIME()), SYSUTCDATETIME())), 121), 11, 1, 'T') + 'Z' AS since
FROM sys.dm_tran_active_transactions AS a
JOIN (SELECT transaction_id FROM sys.dm_tran_session_transactions UNION SELECT transaction_id FROM sys.dm_exec_requests
  UNION SELECT transaction_id FROM sys.dm_tran_database_transactions WHERE database_id = DB_ID()) AS t ON t.transaction_id = a.transaction_id
LEFT JOIN sys.dm_tran_session_transactions AS x ON x.transaction_id = t.transaction_id
LEFT JOIN sys.dm_exec_requests AS r ON r.transaction_id = t.transaction_id
LEFT JOIN sys.dm_exec_sessions AS s ON s.session_id = COALESCE(x.session_id, r.session_id)
WHERE t.transaction_id IS NOT NULL AND a.transaction_type IN (1, 4) AND (s.session_id IS NULL OR (s.is_user_process = 1 AND s.session_id <> @@SPID
  AND (s.context_info IS NULL OR SUBSTRING(s.context_info, 1, 11) <> 0x6879676765207265616473)))
ORDER BY t.transaction_id;
GO

-- a lag
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121), 11, 1, 'T') + '00' AS newest FROM [dbo].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(7), '2026-11-22T23:59:00.0000000')
) ORDER BY [exact] DESC;
GO

-- partitions
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM (SELECT * FROM [dbo].[parts] WHERE $PARTITION.[by_id]([id]) = 1) AS hygge_part;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM (SELECT * FROM [dbo].[parts] WHERE $PARTITION.[by_id]([id]) = 2) AS hygge_part;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM (SELECT * FROM [dbo].[parts] WHERE $PARTITION.[by_id]([id]) = 3) AS hygge_part;
GO

-- ranges of price
SELECT CONVERT(varchar(41), CONVERT(decimal(20,2), MIN(hygge_key))) AS bound FROM (SELECT [price] AS hygge_key, NTILE(2) OVER (ORDER BY [price]) AS hygge_part FROM [dbo].[by_price] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[by_price] WHERE (
[price] < CONVERT(decimal(20,2), '20.25')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[by_price] WHERE (
[price] >= CONVERT(decimal(20,2), '20.25')
);
GO

-- ranges of exact
SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), MIN(hygge_key)), 121), 11, 1, 'T') + '00' AS bound FROM (SELECT [exact] AS hygge_key, NTILE(2) OVER (ORDER BY [exact]) AS hygge_part FROM [dbo].[by_exact] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[by_exact] WHERE (
[exact] < CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[by_exact] WHERE (
[exact] >= CONVERT(datetime2(7), '2026-01-01T00:00:00.1234567')
);
GO

-- ranges of uid
SELECT LOWER(CONVERT(char(36), MIN(hygge_key))) AS bound FROM (SELECT [uid] AS hygge_key, NTILE(2) OVER (ORDER BY [uid]) AS hygge_part FROM [dbo].[by_uid] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[by_uid] WHERE (
[uid] < CONVERT(uniqueidentifier, '6f9619ff-8b86-d011-b42d-00c04fc964ff')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[by_uid] WHERE (
[uid] >= CONVERT(uniqueidentifier, '6f9619ff-8b86-d011-b42d-00c04fc964ff')
);
GO

-- every type
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [bit 0]]], [tinyint 1]]], [smallint 2]]], [int 3]]], [bigint 4]]], [real 5]]], [float 6]]], [decimal 7]]], CONVERT(varchar(41), [decimal 8]]]) AS [decimal 8]]], CONVERT(varchar(41), [money 9]]], 2) AS [money 9]]], [smallmoney 10]]], [date 11]]], [time 12]]], [datetime 13]]], [smalldatetime 14]]], [datetime2 15]]], [datetime2 16]]], [datetimeoffset 17]]], CONVERT(smallint, DATEPART(tzoffset, [datetimeoffset 17]]])) AS [datetimeoffset 17]]_offset], CONVERT(nvarchar(5), [char 18]]]) AS [char 18]]], CONVERT(nvarchar(20), [varchar 19]]]) AS [varchar 19]]], CONVERT(nvarchar(max), [varchar 20]]]) AS [varchar 20]]], [nchar 21]]], [nvarchar 22]]], [nvarchar 23]]], CONVERT(nvarchar(max), [text 24]]]) AS [text 24]]], CONVERT(nvarchar(max), [ntext 25]]]) AS [ntext 25]]], CONVERT(varbinary(max), [image 26]]]) AS [image 26]]], CONVERT(nvarchar(max), [xml 27]]]) AS [xml 27]]], [binary 28]]], [varbinary 29]]], [rowversion 30]]], [uniqueidentifier 31]]], [hierarchyid 32]]].ToString() AS [hierarchyid 32]]], [geography 33]]].ToString() AS [geography 33]]], [geometry 34]]].ToString() AS [geometry 34]]], CASE WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'float', N'real') THEN CONVERT(nvarchar(max), CONVERT(float, [sql_variant 35]]]), 3) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'money', N'smallmoney') THEN CONVERT(nvarchar(max), CONVERT(money, [sql_variant 35]]]), 2) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'datetime', N'smalldatetime', N'datetime2') THEN CONVERT(nvarchar(max), CONVERT(datetime2(7), [sql_variant 35]]]), 126) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) = N'datetimeoffset' THEN CONVERT(nvarchar(max), CONVERT(datetimeoffset(7), [sql_variant 35]]]), 126) WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY([sql_variant 35]]], 'BaseType')) IN (N'binary', N'varbinary') THEN CONVERT(nvarchar(max), CONVERT(varbinary(8000), [sql_variant 35]]]), 1) ELSE CONVERT(nvarchar(max), [sql_variant 35]]]) END AS [sql_variant 35]]] FROM [dbo].[all];
GO

-- sums of rows
SELECT CONVERT(varchar(12), COLLATIONPROPERTY('Latin1_General_100_BIN2_UTF8', 'CodePage')) AS code_page;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT CONVERT(varchar(20), 0) AS [bucket], CONVERT(varchar(20), COUNT_BIG(*)) AS [rows], CONVERT(varchar(41), ISNULL(SUM(ISNULL(CONVERT(decimal(38,0), hygge_hash), CONVERT(decimal(38,0), 1000000000000000000000000000000))), 0)) AS [sum], CONVERT(varchar(20), COUNT_BIG(v1)) AS [count_1], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v1)), 1, 8)))), 0)) AS [sum_1], CONVERT(varchar(20), COUNT_BIG(v2)) AS [count_2], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v2)), 1, 8)))), 0)) AS [sum_2], CONVERT(varchar(20), COUNT_BIG(v3)) AS [count_3], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v3)), 1, 8)))), 0)) AS [sum_3], CONVERT(varchar(20), COUNT_BIG(v4)) AS [count_4], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v4)), 1, 8)))), 0)) AS [sum_4], CONVERT(varchar(20), COUNT_BIG(v5)) AS [count_5], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v5)), 1, 8)))), 0)) AS [sum_5], CONVERT(varchar(20), COUNT_BIG(v6)) AS [count_6], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v6)), 1, 8)))), 0)) AS [sum_6], CONVERT(varchar(20), COUNT_BIG(v7)) AS [count_7], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v7)), 1, 8)))), 0)) AS [sum_7], CONVERT(varchar(20), COUNT_BIG(v8)) AS [count_8], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v8)), 1, 8)))), 0)) AS [sum_8], CONVERT(varchar(20), COUNT_BIG(v9)) AS [count_9], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v9)), 1, 8)))), 0)) AS [sum_9], CONVERT(varchar(20), COUNT_BIG(v10)) AS [count_10], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v10)), 1, 8)))), 0)) AS [sum_10], CONVERT(varchar(20), COUNT_BIG(v11)) AS [count_11], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v11)), 1, 8)))), 0)) AS [sum_11], CONVERT(varchar(20), COUNT_BIG(v12)) AS [count_12], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v12)), 1, 8)))), 0)) AS [sum_12], CONVERT(varchar(20), COUNT_BIG(v13)) AS [count_13], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v13)), 1, 8)))), 0)) AS [sum_13], CONVERT(varchar(20), COUNT_BIG(v14)) AS [count_14], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v14)), 1, 8)))), 0)) AS [sum_14], CONVERT(varchar(20), COUNT_BIG(v15)) AS [count_15], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v15)), 1, 8)))), 0)) AS [sum_15], CONVERT(varchar(20), COUNT_BIG(v16)) AS [count_16], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v16)), 1, 8)))), 0)) AS [sum_16], CONVERT(varchar(20), COUNT_BIG(v17)) AS [count_17], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v17)), 1, 8)))), 0)) AS [sum_17], CONVERT(varchar(20), COUNT_BIG(v18)) AS [count_18], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v18)), 1, 8)))), 0)) AS [sum_18], CONVERT(varchar(20), COUNT_BIG(v19)) AS [count_19], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v19)), 1, 8)))), 0)) AS [sum_19], CONVERT(varchar(20), COUNT_BIG(v20)) AS [count_20], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v20)), 1, 8)))), 0)) AS [sum_20], CONVERT(varchar(20), COUNT_BIG(v21)) AS [count_21], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v21)), 1, 8)))), 0)) AS [sum_21], CONVERT(varchar(20), COUNT_BIG(v22)) AS [count_22], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v22)), 1, 8)))), 0)) AS [sum_22], CONVERT(varchar(20), COUNT_BIG(v23)) AS [count_23], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v23)), 1, 8)))), 0)) AS [sum_23], CONVERT(varchar(20), COUNT_BIG(v24)) AS [count_24], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v24)), 1, 8)))), 0)) AS [sum_24], CONVERT(varchar(20), COUNT_BIG(v25)) AS [count_25], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v25)), 1, 8)))), 0)) AS [sum_25], CONVERT(varchar(20), COUNT_BIG(v26)) AS [count_26], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v26)), 1, 8)))), 0)) AS [sum_26], CONVERT(varchar(20), COUNT_BIG(v27)) AS [count_27], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v27)), 1, 8)))), 0)) AS [sum_27], CONVERT(varchar(20), COUNT_BIG(v28)) AS [count_28], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v28)), 1, 8)))), 0)) AS [sum_28], CONVERT(varchar(20), COUNT_BIG(v29)) AS [count_29], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v29)), 1, 8)))), 0)) AS [sum_29], CONVERT(varchar(20), COUNT_BIG(v30)) AS [count_30], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v30)), 1, 8)))), 0)) AS [sum_30], CONVERT(varchar(20), COUNT_BIG(v31)) AS [count_31], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v31)), 1, 8)))), 0)) AS [sum_31] FROM (SELECT hygge_values.*, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CASE WHEN h1 = 1 THEN CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1 ELSE 'n' END + CASE WHEN h2 = 1 THEN CONVERT(varchar(20), DATALENGTH(v2)) + ':' + v2 ELSE 'n' END + CASE WHEN h3 = 1 THEN CONVERT(varchar(20), DATALENGTH(v3)) + ':' + v3 ELSE 'n' END + CASE WHEN h4 = 1 THEN CONVERT(varchar(20), DATALENGTH(v4)) + ':' + v4 ELSE 'n' END + CASE WHEN h5 = 1 THEN CONVERT(varchar(20), DATALENGTH(v5)) + ':' + v5 ELSE 'n' END + CASE WHEN h6 = 1 THEN '16:' + v6 ELSE 'n' END + CASE WHEN h7 = 1 THEN '16:' + v7 ELSE 'n' END + CASE WHEN h8 = 1 THEN CONVERT(varchar(20), DATALENGTH(v8)) + ':' + v8 ELSE 'n' END + CASE WHEN h9 = 1 THEN CONVERT(varchar(20), DATALENGTH(v9)) + ':' + v9 ELSE 'n' END + CASE WHEN h10 = 1 THEN CONVERT(varchar(20), DATALENGTH(v10)) + ':' + v10 ELSE 'n' END + CASE WHEN h11 = 1 THEN CONVERT(varchar(20), DATALENGTH(v11)) + ':' + v11 ELSE 'n' END + CASE WHEN h12 = 1 THEN '10:' + v12 ELSE 'n' END + CASE WHEN h13 = 1 THEN CONVERT(varchar(20), DATALENGTH(v13)) + ':' + v13 ELSE 'n' END + CASE WHEN h14 = 1 THEN CONVERT(varchar(20), DATALENGTH(v14)) + ':' + v14 ELSE 'n' END + CASE WHEN h15 = 1 THEN CONVERT(varchar(20), DATALENGTH(v15)) + ':' + v15 ELSE 'n' END + CASE WHEN h16 = 1 THEN CONVERT(varchar(20), DATALENGTH(v16)) + ':' + v16 ELSE 'n' END + CASE WHEN h17 = 1 THEN CONVERT(varchar(20), DATALENGTH(v17)) + ':' + v17 ELSE 'n' END + CASE WHEN h18 = 1 THEN CONVERT(varchar(20), DATALENGTH(v18)) + ':' + v18 ELSE 'n' END + CASE WHEN h19 = 1 THEN CONVERT(varchar(20), DATALENGTH(v19)) + ':' + v19 ELSE 'n' END + CASE WHEN h20 = 1 THEN CONVERT(varchar(20), DATALENGTH(v20)) + ':' + v20 ELSE 'n' END + CASE WHEN h21 = 1 THEN CONVERT(varchar(20), DATALENGTH(v21)) + ':' + v21 ELSE 'n' END + CASE WHEN h22 = 1 THEN CONVERT(varchar(20), DATALENGTH(v22)) + ':' + v22 ELSE 'n' END + CASE WHEN h23 = 1 THEN CONVERT(varchar(20), DATALENGTH(v23)) + ':' + v23 ELSE 'n' END + CASE WHEN h24 = 1 THEN CONVERT(varchar(20), DATALENGTH(v24)) + ':' + v24 ELSE 'n' END + CASE WHEN h25 = 1 THEN CONVERT(varchar(20), DATALENGTH(v25)) + ':' + v25 ELSE 'n' END + CASE WHEN h26 = 1 THEN CONVERT(varchar(20), DATALENGTH(v26)) + ':' + v26 ELSE 'n' END + CASE WHEN h27 = 1 THEN CONVERT(varchar(20), DATALENGTH(v27)) + ':' + v27 ELSE 'n' END + CASE WHEN h28 = 1 THEN CONVERT(varchar(20), DATALENGTH(v28)) + ':' + v28 ELSE 'n' END + CASE WHEN h29 = 1 THEN CONVERT(varchar(20), DATALENGTH(v29)) + ':' + v29 ELSE 'n' END + CASE WHEN h30 = 1 THEN '18:' + v30 ELSE 'n' END + CASE WHEN h31 = 1 THEN '36:' + v31 ELSE 'n' END)), 1, 8)) AS hygge_hash FROM (SELECT CASE [bit 0]]] WHEN 1 THEN 'true' COLLATE Latin1_General_100_BIN2_UTF8 WHEN 0 THEN 'false' END AS v1, CASE WHEN ([bit 0]]] IS NOT NULL) THEN 1 ELSE 0 END AS h1, CONVERT(varchar(20), [tinyint 1]]]) COLLATE Latin1_General_100_BIN2_UTF8 AS v2, CASE WHEN ([tinyint 1]]] IS NOT NULL) THEN 1 ELSE 0 END AS h2, CONVERT(varchar(20), [smallint 2]]]) COLLATE Latin1_General_100_BIN2_UTF8 AS v3, CASE WHEN ([smallint 2]]] IS NOT NULL) THEN 1 ELSE 0 END AS h3, CONVERT(varchar(20), [int 3]]]) COLLATE Latin1_General_100_BIN2_UTF8 AS v4, CASE WHEN ([int 3]]] IS NOT NULL) THEN 1 ELSE 0 END AS h4, CONVERT(varchar(20), [bigint 4]]]) COLLATE Latin1_General_100_BIN2_UTF8 AS v5, CASE WHEN ([bigint 4]]] IS NOT NULL) THEN 1 ELSE 0 END AS h5, CASE WHEN [real 5]]] = 0 THEN '0000000000000000' ELSE LOWER(CONVERT(char(16), CONVERT(binary(8), CONVERT(float, [real 5]]])), 2) COLLATE Latin1_General_100_BIN2_UTF8) END AS v6, CASE WHEN ([real 5]]] IS NOT NULL) THEN 1 ELSE 0 END AS h6, CASE WHEN [float 6]]] = 0 THEN '0000000000000000' ELSE LOWER(CONVERT(char(16), CONVERT(binary(8), CONVERT(float, [float 6]]])), 2) COLLATE Latin1_General_100_BIN2_UTF8) END AS v7, CASE WHEN ([float 6]]] IS NOT NULL) THEN 1 ELSE 0 END AS h7, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [decimal 7]]]) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v8, CASE WHEN ([decimal 7]]] IS NOT NULL) THEN 1 ELSE 0 END AS h8, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [decimal 8]]]) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v9, CASE WHEN ([decimal 8]]] IS NOT NULL) THEN 1 ELSE 0 END AS h9, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [money 9]]], 2) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v10, CASE WHEN ([money 9]]] IS NOT NULL) THEN 1 ELSE 0 END AS h10, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [smallmoney 10]]], 2) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v11, CASE WHEN ([smallmoney 10]]] IS NOT NULL) THEN 1 ELSE 0 END AS h11, CONVERT(varchar(10), [date 11]]], 23) COLLATE Latin1_General_100_BIN2_UTF8 AS v12, CASE WHEN ([date 11]]] IS NOT NULL) THEN 1 ELSE 0 END AS h12, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(16), [time 12]]], 121) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v13, CASE WHEN ([time 12]]] IS NOT NULL) THEN 1 ELSE 0 END AS h13, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(3), [datetime 13]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v14, CASE WHEN ([datetime 13]]] IS NOT NULL) THEN 1 ELSE 0 END AS h14, STUFF(CONVERT(varchar(27), CONVERT(datetime2(0), [smalldatetime 14]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T') AS v15, CASE WHEN ([smalldatetime 14]]] IS NOT NULL) THEN 1 ELSE 0 END AS h15, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(3), [datetime2 15]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v16, CASE WHEN ([datetime2 15]]] IS NOT NULL) THEN 1 ELSE 0 END AS h16, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [datetime2 16]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v17, CASE WHEN ([datetime2 16]]] IS NOT NULL) THEN 1 ELSE 0 END AS h17, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET([datetimeoffset 17]]], '+00:00')), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v18, CASE WHEN ([datetimeoffset 17]]] IS NOT NULL) THEN 1 ELSE 0 END AS h18, CONVERT(varchar(max), CONVERT(nvarchar(max), [char 18]]]) COLLATE Latin1_General_100_BIN2_UTF8) AS v19, CASE WHEN ([char 18]]] IS NOT NULL) THEN 1 ELSE 0 END AS h19, CONVERT(varchar(max), CONVERT(nvarchar(max), [varchar 19]]]) COLLATE Latin1_General_100_BIN2_UTF8) AS v20, CASE WHEN ([varchar 19]]] IS NOT NULL) THEN 1 ELSE 0 END AS h20, CONVERT(varchar(max), CONVERT(nvarchar(max), [varchar 20]]]) COLLATE Latin1_General_100_BIN2_UTF8) AS v21, CASE WHEN ([varchar 20]]] IS NOT NULL) THEN 1 ELSE 0 END AS h21, CASE WHEN CONVERT(nvarchar(max), CONVERT(varchar(max), CONVERT(nvarchar(max), [nchar 21]]]) COLLATE Latin1_General_100_BIN2_UTF8)) = CONVERT(nvarchar(max), [nchar 21]]]) THEN CONVERT(varchar(max), CONVERT(nvarchar(max), [nchar 21]]]) COLLATE Latin1_General_100_BIN2_UTF8) END AS v22, CASE WHEN ([nchar 21]]] IS NOT NULL) THEN 1 ELSE 0 END AS h22, CASE WHEN CONVERT(nvarchar(max), CONVERT(varchar(max), CONVERT(nvarchar(max), [nvarchar 22]]]) COLLATE Latin1_General_100_BIN2_UTF8)) = CONVERT(nvarchar(max), [nvarchar 22]]]) THEN CONVERT(varchar(max), CONVERT(nvarchar(max), [nvarchar 22]]]) COLLATE Latin1_General_100_BIN2_UTF8) END AS v23, CASE WHEN ([nvarchar 22]]] IS NOT NULL) THEN 1 ELSE 0 END AS h23, CASE WHEN CONVERT(nvarchar(max), CONVERT(varchar(max), CONVERT(nvarchar(max), [nvarchar 23]]]) COLLATE Latin1_General_100_BIN2_UTF8)) = CONVERT(nvarchar(max), [nvarchar 23]]]) THEN CONVERT(varchar(max), CONVERT(nvarchar(max), [nvarchar 23]]]) COLLATE Latin1_General_100_BIN2_UTF8) END AS v24, CASE WHEN ([nvarchar 23]]] IS NOT NULL) THEN 1 ELSE 0 END AS h24, CONVERT(varchar(max), CONVERT(nvarchar(max), [text 24]]]) COLLATE Latin1_General_100_BIN2_UTF8) AS v25, CASE WHEN ([text 24]]] IS NOT NULL) THEN 1 ELSE 0 END AS h25, CASE WHEN CONVERT(nvarchar(max), CONVERT(varchar(max), CONVERT(nvarchar(max), [ntext 25]]]) COLLATE Latin1_General_100_BIN2_UTF8)) = CONVERT(nvarchar(max), [ntext 25]]]) THEN CONVERT(varchar(max), CONVERT(nvarchar(max), [ntext 25]]]) COLLATE Latin1_General_100_BIN2_UTF8) END AS v26, CASE WHEN ([ntext 25]]] IS NOT NULL) THEN 1 ELSE 0 END AS h26, LOWER(CONVERT(varchar(max), CONVERT(varbinary(max), [image 26]]]), 2) COLLATE Latin1_General_100_BIN2_UTF8) AS v27, CASE WHEN ([image 26]]] IS NOT NULL) THEN 1 ELSE 0 END AS h27, LOWER(CONVERT(varchar(max), CONVERT(varbinary(max), [binary 28]]]), 2) COLLATE Latin1_General_100_BIN2_UTF8) AS v28, CASE WHEN ([binary 28]]] IS NOT NULL) THEN 1 ELSE 0 END AS h28, LOWER(CONVERT(varchar(max), CONVERT(varbinary(max), [varbinary 29]]]), 2) COLLATE Latin1_General_100_BIN2_UTF8) AS v29, CASE WHEN ([varbinary 29]]] IS NOT NULL) THEN 1 ELSE 0 END AS h29, CONVERT(varchar(18), CONVERT(binary(8), [rowversion 30]]]), 1) COLLATE Latin1_General_100_BIN2_UTF8 AS v30, CASE WHEN ([rowversion 30]]] IS NOT NULL) THEN 1 ELSE 0 END AS h30, LOWER(CONVERT(varchar(36), [uniqueidentifier 31]]]) COLLATE Latin1_General_100_BIN2_UTF8) AS v31, CASE WHEN ([uniqueidentifier 31]]] IS NOT NULL) THEN 1 ELSE 0 END AS h31 FROM [dbo].[all]) AS hygge_values) AS hygge_hashes;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT CONVERT(varchar(20), 0) AS [bucket], CONVERT(varchar(20), COUNT_BIG(*)) AS [rows], CONVERT(varchar(41), ISNULL(SUM(ISNULL(CONVERT(decimal(38,0), hygge_hash), CONVERT(decimal(38,0), 1000000000000000000000000000000))), 0)) AS [sum] FROM (SELECT hygge_values.*, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CASE WHEN h1 = 1 THEN CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1 ELSE 'n' END + CASE WHEN h2 = 1 THEN CONVERT(varchar(20), DATALENGTH(v2)) + ':' + v2 ELSE 'n' END + CASE WHEN h3 = 1 THEN CONVERT(varchar(20), DATALENGTH(v3)) + ':' + v3 ELSE 'n' END + CASE WHEN h4 = 1 THEN CONVERT(varchar(20), DATALENGTH(v4)) + ':' + v4 ELSE 'n' END + CASE WHEN h5 = 1 THEN CONVERT(varchar(20), DATALENGTH(v5)) + ':' + v5 ELSE 'n' END)), 1, 8)) AS hygge_hash FROM (SELECT REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(3), [datetime 13]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v1, CASE WHEN ([datetime 13]]] IS NOT NULL) THEN 1 ELSE 0 END AS h1, STUFF(CONVERT(varchar(27), CONVERT(datetime2(0), [smalldatetime 14]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T') AS v2, CASE WHEN ([smalldatetime 14]]] IS NOT NULL) THEN 1 ELSE 0 END AS h2, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(3), [datetime2 15]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v3, CASE WHEN ([datetime2 15]]] IS NOT NULL) THEN 1 ELSE 0 END AS h3, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(LEFT(CONVERT(varchar(27), CONVERT(datetime2(7), [datetime2 16]]]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 26), 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v4, CASE WHEN ([datetime2 16]]] IS NOT NULL) THEN 1 ELSE 0 END AS h4, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(LEFT(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET([datetimeoffset 17]]], '+00:00')), 121) COLLATE Latin1_General_100_BIN2_UTF8, 26), 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v5, CASE WHEN ([datetimeoffset 17]]] IS NOT NULL) THEN 1 ELSE 0 END AS h5 FROM [dbo].[all]) AS hygge_values) AS hygge_hashes;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT CONVERT(varchar(20), min(((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 34359738368)) & 31))) AS [bucket], CONVERT(varchar(20), COUNT_BIG(*)) AS [rows], CONVERT(varchar(41), ISNULL(SUM(ISNULL(CONVERT(decimal(38,0), hygge_hash), CONVERT(decimal(38,0), 1000000000000000000000000000000))), 0)) AS [sum] FROM (SELECT hygge_values.*, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1)), 1, 8)) AS k0, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1 + CASE WHEN h2 = 1 THEN CONVERT(varchar(20), DATALENGTH(v2)) + ':' + v2 ELSE 'n' END + CASE WHEN h3 = 1 THEN '10:' + v3 ELSE 'n' END + CASE WHEN h4 = 1 THEN CONVERT(varchar(20), DATALENGTH(v4)) + ':' + v4 ELSE 'n' END + CASE WHEN h5 = 1 THEN CONVERT(varchar(20), DATALENGTH(v5)) + ':' + v5 ELSE 'n' END + CASE WHEN h6 = 1 THEN CONVERT(varchar(20), DATALENGTH(v6)) + ':' + v6 ELSE 'n' END + '18:' + v7 + CASE WHEN h8 = 1 THEN '36:' + v8 ELSE 'n' END)), 1, 8)) AS hygge_hash FROM (SELECT CONVERT(varchar(20), [id]) COLLATE Latin1_General_100_BIN2_UTF8 AS v1, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [price]) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v2, CASE WHEN ([price] IS NOT NULL) THEN 1 ELSE 0 END AS h2, CONVERT(varchar(10), [day], 23) COLLATE Latin1_General_100_BIN2_UTF8 AS v3, CASE WHEN ([day] IS NOT NULL) THEN 1 ELSE 0 END AS h3, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(3), [at]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v4, CASE WHEN ([at] IS NOT NULL) THEN 1 ELSE 0 END AS h4, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v5, CASE WHEN ([exact] IS NOT NULL) THEN 1 ELSE 0 END AS h5, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET([moment], '+00:00')), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v6, CASE WHEN ([moment] IS NOT NULL) THEN 1 ELSE 0 END AS h6, CONVERT(varchar(18), CONVERT(binary(8), [version]), 1) COLLATE Latin1_General_100_BIN2_UTF8 AS v7, LOWER(CONVERT(varchar(36), [uid]) COLLATE Latin1_General_100_BIN2_UTF8) AS v8, CASE WHEN ([uid] IS NOT NULL) THEN 1 ELSE 0 END AS h8 FROM [dbo].[orders]) AS hygge_values) AS hygge_hashes GROUP BY ((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 34359738368)) & 31);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT CONVERT(varchar(20), min(((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 1073741824)) & 31))) AS [bucket], CONVERT(varchar(20), COUNT_BIG(*)) AS [rows], CONVERT(varchar(41), ISNULL(SUM(ISNULL(CONVERT(decimal(38,0), hygge_hash), CONVERT(decimal(38,0), 1000000000000000000000000000000))), 0)) AS [sum] FROM (SELECT hygge_values.*, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1)), 1, 8)) AS k0, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1 + CASE WHEN h2 = 1 THEN CONVERT(varchar(20), DATALENGTH(v2)) + ':' + v2 ELSE 'n' END + CASE WHEN h3 = 1 THEN '10:' + v3 ELSE 'n' END + CASE WHEN h4 = 1 THEN CONVERT(varchar(20), DATALENGTH(v4)) + ':' + v4 ELSE 'n' END + CASE WHEN h5 = 1 THEN CONVERT(varchar(20), DATALENGTH(v5)) + ':' + v5 ELSE 'n' END + CASE WHEN h6 = 1 THEN CONVERT(varchar(20), DATALENGTH(v6)) + ':' + v6 ELSE 'n' END + '18:' + v7 + CASE WHEN h8 = 1 THEN '36:' + v8 ELSE 'n' END)), 1, 8)) AS hygge_hash FROM (SELECT CONVERT(varchar(20), [id]) COLLATE Latin1_General_100_BIN2_UTF8 AS v1, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [price]) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v2, CASE WHEN ([price] IS NOT NULL) THEN 1 ELSE 0 END AS h2, CONVERT(varchar(10), [day], 23) COLLATE Latin1_General_100_BIN2_UTF8 AS v3, CASE WHEN ([day] IS NOT NULL) THEN 1 ELSE 0 END AS h3, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(3), [at]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v4, CASE WHEN ([at] IS NOT NULL) THEN 1 ELSE 0 END AS h4, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v5, CASE WHEN ([exact] IS NOT NULL) THEN 1 ELSE 0 END AS h5, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET([moment], '+00:00')), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v6, CASE WHEN ([moment] IS NOT NULL) THEN 1 ELSE 0 END AS h6, CONVERT(varchar(18), CONVERT(binary(8), [version]), 1) COLLATE Latin1_General_100_BIN2_UTF8 AS v7, LOWER(CONVERT(varchar(36), [uid]) COLLATE Latin1_General_100_BIN2_UTF8) AS v8, CASE WHEN ([uid] IS NOT NULL) THEN 1 ELSE 0 END AS h8 FROM [dbo].[orders]) AS hygge_values) AS hygge_hashes WHERE (
((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 34359738368)) & 31) = 17
) GROUP BY ((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 1073741824)) & 31);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], [version], [uid] FROM [dbo].[orders] WHERE (
((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(CONVERT(varchar(20), [id]) COLLATE Latin1_General_100_BIN2_UTF8)) + ':' + CONVERT(varchar(20), [id]) COLLATE Latin1_General_100_BIN2_UTF8)), 1, 8))), 1, 5)) / CONVERT(bigint, 34359738368)) & 31) = 17
);
GO

-- the sum of docs/building/row-sum.md
SELECT COUNT_BIG(*) AS [rows],
  SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), row_text)), 1, 8)))) AS [sum]
FROM (
  SELECT CONVERT(varchar(max), '')
    + ISNULL(CONVERT(varchar(20), DATALENGTH(id)) + ':' + id, 'n')
    + ISNULL(CONVERT(varchar(20), DATALENGTH(customer)) + ':' + customer, 'n')
    + ISNULL(CONVERT(varchar(20), DATALENGTH(price)) + ':' + price, 'n')
    + ISNULL(CONVERT(varchar(20), DATALENGTH(placed_at)) + ':' + placed_at, 'n')
    + ISNULL(CONVERT(varchar(20), DATALENGTH(day)) + ':' + day, 'n') AS row_text
  FROM (
    SELECT CONVERT(varchar(20), id) COLLATE Latin1_General_100_BIN2_UTF8 AS id,
      CONVERT(varchar(max), CONVERT(nvarchar(max), customer) COLLATE Latin1_General_100_BIN2_UTF8) AS customer,
      REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(price, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS price,
      REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(placed_at, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS placed_at,
      day
    FROM (
      SELECT id,
        customer,
        CONVERT(varchar(41), price) COLLATE Latin1_General_100_BIN2_UTF8 AS price,
        STUFF(CONVERT(varchar(27), placed_at, 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T') AS placed_at,
        CONVERT(varchar(10), day, 23) COLLATE Latin1_General_100_BIN2_UTF8 AS day
      FROM orders
    ) AS written
  ) AS texts
) AS row_texts;
GO

-- a readable secondary
SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), DATEADD(second, -3601 - DATEDIFF(second, last_commit_time, SYSDATETIME()), SYSUTCDATETIME())), 121), 11, 1, 'T') + 'Z' AS until
FROM sys.dm_hadr_database_replica_states WHERE is_local = 1 AND database_id = DB_ID();
GO

SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), [exact]), 121), 11, 1, 'T') + '00' AS newest FROM [dbo].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(7), '2025-12-31T23:59:00.0000000')
) ORDER BY [exact] DESC;
GO

-- debug of a table that we may not see
SELECT USER_NAME() AS hygge_role, DB_NAME() AS hygge_database;
GO

SELECT r.name AS hygge_lacks FROM (VALUES (N'SELECT')) AS r (name)
WHERE COALESCE(HAS_PERMS_BY_NAME(@p1, @p2, r.name), 0) = 0;
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
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT [id], [price], [day], [at], [exact], [moment], [version], [uid], CONVERT(bigint, 40) AS [_change_version], CONVERT(bit, 0) AS [_deleted] FROM (SELECT * FROM [dbo].[tracked] WHERE $PARTITION.[by_id]([id]) = 1) AS hygge_part) AS hygge_rows WHERE (
[_change_version] <= CONVERT(bigint, '40')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT [id], [price], [day], [at], [exact], [moment], [version], [uid], CONVERT(bigint, 40) AS [_change_version], CONVERT(bit, 0) AS [_deleted] FROM (SELECT * FROM [dbo].[tracked] WHERE $PARTITION.[by_id]([id]) = 2) AS hygge_part) AS hygge_rows WHERE (
[_change_version] <= CONVERT(bigint, '40')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT [id], [price], [day], [at], [exact], [moment], [version], [uid], CONVERT(bigint, 40) AS [_change_version], CONVERT(bit, 0) AS [_deleted] FROM (SELECT * FROM [dbo].[tracked] WHERE $PARTITION.[by_id]([id]) = 3) AS hygge_part) AS hygge_rows WHERE (
[_change_version] <= CONVERT(bigint, '40')
);
GO

-- what changed since
SELECT COUNT_BIG(*) AS counted FROM (SELECT COALESCE(r.[id], c.[id]) AS [id], COALESCE(r.[price], c.[price]) AS [price], r.[day], r.[at], r.[exact], r.[moment], r.[version], r.[uid], c.SYS_CHANGE_VERSION AS [_change_version], CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS [_deleted]
FROM CHANGETABLE(CHANGES [dbo].[tracked], 40) AS c LEFT JOIN [dbo].[tracked] AS r ON r.[id] = c.[id] AND r.[price] = c.[price] AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.[id] IS NOT NULL) AS hygge_changes WHERE (
[_change_version] > CONVERT(bigint, '40') AND [_change_version] <= CONVERT(bigint, '40')
);
GO

SELECT CONVERT(varchar(20), MIN(hygge_key)) AS bound FROM (SELECT [id] AS hygge_key, NTILE(2) OVER (ORDER BY [id]) AS hygge_part FROM [dbo].[tracked] TABLESAMPLE SYSTEM (100.00 PERCENT)) AS hygge_sample WHERE hygge_part > 1 GROUP BY hygge_part ORDER BY MIN(hygge_key);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT COALESCE(r.[id], c.[id]) AS [id], COALESCE(r.[price], c.[price]) AS [price], r.[day], r.[at], r.[exact], r.[moment], r.[version], r.[uid], c.SYS_CHANGE_VERSION AS [_change_version], CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS [_deleted]
FROM CHANGETABLE(CHANGES [dbo].[tracked], 40) AS c LEFT JOIN [dbo].[tracked] AS r ON r.[id] = c.[id] AND r.[price] = c.[price] AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.[id] IS NOT NULL) AS hygge_changes WHERE (
[_change_version] > CONVERT(bigint, '40') AND [_change_version] <= CONVERT(bigint, '40')
) AND (
[id] < CONVERT(int, '20')
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [at], [exact], [moment], CONVERT(smallint, DATEPART(tzoffset, [moment])) AS [moment_offset], [version], [uid], [_change_version], [_deleted] FROM (SELECT COALESCE(r.[id], c.[id]) AS [id], COALESCE(r.[price], c.[price]) AS [price], r.[day], r.[at], r.[exact], r.[moment], r.[version], r.[uid], c.SYS_CHANGE_VERSION AS [_change_version], CONVERT(bit, CASE WHEN c.SYS_CHANGE_OPERATION = 'D' THEN 1 ELSE 0 END) AS [_deleted]
FROM CHANGETABLE(CHANGES [dbo].[tracked], 40) AS c LEFT JOIN [dbo].[tracked] AS r ON r.[id] = c.[id] AND r.[price] = c.[price] AND c.SYS_CHANGE_OPERATION <> 'D'
WHERE c.SYS_CHANGE_OPERATION = 'D' OR r.[id] IS NOT NULL) AS hygge_changes WHERE (
[_change_version] > CONVERT(bigint, '40') AND [_change_version] <= CONVERT(bigint, '40')
) AND (
[id] >= CONVERT(int, '20')
);
GO

-- what is said of a table that is not tracked
ALTER TABLE [dbo].[tracked] ENABLE CHANGE_TRACKING;
ALTER DATABASE [erp] SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON);
ALTER TABLE [dbo].[tracked] ENABLE CHANGE_TRACKING;
GO

-- what a role lacks: where nothing is there
SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version, CONVERT(varchar(300), @@VERSION) AS banner;
GO

SET XACT_ABORT ON; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x68796767652077726974657320687967676520662e65;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SET LOCK_TIMEOUT 30000;
GO

SELECT t.name AS name FROM sys.schemas AS s LEFT JOIN sys.tables AS t ON t.schema_id = s.schema_id WHERE s.name = @p1;
GO

IF SCHEMA_ID(N'hygge_metadata') IS NULL EXEC(N'CREATE SCHEMA [hygge_metadata]');
GO

IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO

SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e65;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SELECT USER_NAME() AS hygge_role, DB_NAME() AS hygge_database;
GO

SELECT r.name AS hygge_lacks FROM (VALUES (N'CREATE TABLE'), (N'CREATE SCHEMA')) AS r (name)
WHERE COALESCE(HAS_PERMS_BY_NAME(@p1, @p2, r.name), 0) = 0;
GO

SELECT r.name AS hygge_lacks FROM (VALUES (N'SELECT'), (N'INSERT'), (N'UPDATE'), (N'DELETE'), (N'ALTER')) AS r (name)
WHERE COALESCE(HAS_PERMS_BY_NAME(@p1, @p2, r.name), 0) = 0;
GO

IF @@TRANCOUNT > 0 COMMIT TRANSACTION;
GO

-- what gives it: where nothing is there
GRANT CREATE TABLE, CREATE SCHEMA TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::[dbo] TO [loader];
GO

-- store: debug, of which nothing is there
IF SCHEMA_ID(N'hygge_staging') IS NULL EXEC(N'CREATE SCHEMA [hygge_staging]');
GO

IF OBJECT_ID(N'[hygge_metadata].heads') IS NULL create table [hygge_metadata].heads (
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  id nvarchar(max),
  epoch bigint,
  head nvarchar(max),
  mark nvarchar(max),
  [at] datetimeoffset(7),
  primary key nonclustered (flow, entity, table_name)
);
GO

IF OBJECT_ID(N'[hygge_metadata].commits') IS NULL create table [hygge_metadata].commits (
  intent_id nvarchar(260) COLLATE Latin1_General_100_BIN2 not null primary key nonclustered,
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  lineage nvarchar(max) not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark nvarchar(max),
  [at] datetimeoffset(7) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].staged') IS NULL create table [hygge_metadata].staged (
  name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null primary key nonclustered,
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  lineage nvarchar(max) not null,
  epoch bigint not null,
  [at] datetimeoffset(7) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].rejected') IS NULL create table [hygge_metadata].rejected (
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  role nvarchar(max) not null,
  of_group bigint not null,
  watermark nvarchar(max),
  [row] nvarchar(max) not null,
  intent_id nvarchar(max) not null,
  [at] datetimeoffset(7) not null,
  [part] nvarchar(260) COLLATE Latin1_General_100_BIN2,
  [id] nvarchar(260) COLLATE Latin1_General_100_BIN2,
  [copy] bigint,
  [source] nvarchar(max),
  [rule] nvarchar(max),
  [column] nvarchar(max),
  [reason] nvarchar(max),
  [run] nvarchar(max),
  [columns] nvarchar(max)
);
GO

SELECT CONVERT(varchar(12), o.object_id) AS id, RTRIM(o.type) AS kind, LOWER(REPLACE(o.type_desc, '_', ' ')) AS described,
  CONVERT(varchar(1), COALESCE(t.is_external, 0)) AS is_external,
  CONVERT(varchar(20), COALESCE((SELECT SUM(a.used_pages) FROM sys.partitions AS p JOIN sys.allocation_units AS a ON a.container_id = p.partition_id WHERE p.object_id = o.object_id), 0) * 8192) AS bytes,
  CONVERT(varchar(20), (SELECT SUM(p.rows) FROM sys.partitions AS p WHERE p.object_id = o.object_id AND p.index_id IN (0, 1))) AS row_estimate
FROM sys.objects AS o LEFT JOIN sys.tables AS t ON t.object_id = o.object_id WHERE o.object_id = OBJECT_ID(@p1);
GO

create table [hygge_staging].[probe] ([k] bigint, [c] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[probe] ([k] bigint, [c] nvarchar(max)) WITH (TABLOCK);
GO

create table [hygge_staging].[probe_d] ([k] bigint not null, [c] nvarchar(max));
GO

SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version,
  CONVERT(varchar(128), DATABASEPROPERTYEX(DB_NAME(), 'ServiceObjective')) AS objective, CONVERT(varchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS tier;
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'hygge_staging', N'TABLE', N'probe_d';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[probe_d];
GO

select * into [hygge_staging].[probe_k] from (select * from [hygge_staging].[probe]) k;
GO

update statistics [hygge_staging].[probe_k];
GO

update hygge_now set [c] = hygge_new.[c] from [hygge_staging].[probe_d] as hygge_now with (holdlock) join [hygge_staging].[probe_k] as hygge_new on hygge_now.[k] = hygge_new.[k];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_staging].[probe_d] with (tablock) ([k], [c]) select hygge_new.[k], hygge_new.[c] from [hygge_staging].[probe_k] hygge_new where not exists (select 1 from [hygge_staging].[probe_d] hygge_now where hygge_now.[k] = hygge_new.[k]);
GO

delete hygge_now from [hygge_staging].[probe_d] as hygge_now where hygge_now.[k] = 1;
GO

drop table [hygge_staging].[probe_k];
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [hygge_staging].[probe_d] ([k]);
GO

select top (1) 1 as one from [hygge_staging].[probe_d] with (tablockx, holdlock);
GO

EXEC sp_rename N'[hygge_staging].[probe_d]', N'probe_r';
GO

drop table [hygge_staging].[probe_r];
GO

drop table [hygge_staging].[probe];
GO

create table [dbo].[e] ([c] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

-- store: a plan of a first load
SELECT c.name AS name, CASE WHEN y.is_assembly_type = 1 THEN y.name ELSE TYPE_NAME(c.system_type_id) END AS type,
  CONVERT(varchar(6), c.max_length) AS length, CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_nullable) AS nullable, CONVERT(varchar(1), c.is_identity) AS counted,
  CASE WHEN c.is_computed = 1 OR c.generated_always_type <> 0 OR c.system_type_id = 189 THEN '1' ELSE '0' END AS generated,
  d.definition AS given, c.collation_name AS collation,
  CONVERT(varchar(1), (SELECT COUNT(*) FROM sys.extended_properties AS e WHERE e.class = 1 AND e.major_id = t.object_id AND e.minor_id = 0 AND e.name = N'hygge_texts')) AS follows,
  (SELECT MIN(g.name) FROM sys.triggers AS g WHERE g.parent_id = t.object_id AND g.is_instead_of_trigger = 1 AND g.is_disabled = 0) AS instead
FROM sys.tables AS t LEFT JOIN sys.columns AS c ON c.object_id = t.object_id
LEFT JOIN sys.types AS y ON y.user_type_id = c.user_type_id LEFT JOIN sys.default_constraints AS d ON d.object_id = c.default_object_id
WHERE t.object_id = OBJECT_ID(@p1) ORDER BY c.column_id;
GO

-- store: a first load
COMMIT TRANSACTION;
GO

insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 1, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_1_0_data] ([id] bigint, [mark] bigint);
GO

SELECT QUOTENAME(OBJECT_SCHEMA_NAME(g.object_id)) + '.' + QUOTENAME(g.name) AS name, CONVERT(varchar(1), g.is_disabled) AS is_disabled FROM sys.triggers AS g WHERE g.parent_id = OBJECT_ID(@p1) ORDER BY g.name;
GO

INSERT BULK [hygge_staging].[e_1_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_1_0_boundary] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_1_0_boundary] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_1_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_1_0_boundary];
GO

select head, mark from [hygge_metadata].heads where flow = @p1 and entity = @p2 and table_name = @p3;
GO

insert into [hygge_metadata].heads (flow, entity, table_name) select @p1, @p2, @p3 where not exists (select 1 from [hygge_metadata].heads with (updlock, holdlock) where flow = @p1 and entity = @p2 and table_name = @p3);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select head, mark from [hygge_metadata].heads with (updlock, holdlock) where flow = @p1 and entity = @p2 and table_name = @p3;
GO

select name from [hygge_metadata].staged where flow = @p1 and entity = @p2 and table_name = @p3;
GO

create table [dbo].[e] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'e';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[e];
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_1_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_1_0_boundary] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].rejected set of_group = 0 where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 1;
GO

update [hygge_metadata].heads set id = @p4, epoch = 1, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 1, 2, 0, 0, SYSDATETIMEOFFSET());
GO

SET LOCK_TIMEOUT 2000;
GO

drop table if exists [hygge_staging].[e_1_0_data];
GO

drop table if exists [hygge_staging].[e_1_0_boundary];
GO

delete from [hygge_metadata].staged where name in (@p1, @p2);
GO

-- store: debug, where it has settled before
SELECT CONVERT(varchar(1), CASE WHEN HAS_PERMS_BY_NAME(QUOTENAME(@p2), 'SCHEMA', 'ALTER') = 1 AND HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'CREATE TABLE') = 1 THEN 1 ELSE 0 END) AS [create], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'ALTER')) AS [alter], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'INSERT')) AS [insert], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'UPDATE')) AS [update], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'DELETE')) AS [delete], CONVERT(varchar(1), CASE WHEN HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'CONTROL') = 1 OR HAS_PERMS_BY_NAME(QUOTENAME(@p2), 'SCHEMA', 'ALTER') = 1 THEN 1 ELSE 0 END) AS [drop];
GO

SELECT i.name AS name, CONVERT(varchar(1), i.is_primary_key) AS is_primary, c.name AS [column]
FROM sys.indexes AS i JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = CONVERT(int, @p1) AND i.is_unique = 1 AND i.has_filter = 0 AND i.is_disabled = 0 AND k.key_ordinal > 0
ORDER BY i.index_id, k.key_ordinal;
GO

WITH t AS (SELECT * FROM sys.tables WHERE object_id = CONVERT(int, @p1))
SELECT 'schema-bound ' + LOWER(REPLACE(o.type_desc, '_', ' ')) AS kind, OBJECT_SCHEMA_NAME(o.object_id) + '.' + o.name AS name, c.name AS [column], '0' AS holds
  FROM t JOIN sys.sql_expression_dependencies AS d ON d.referenced_id = t.object_id AND d.is_schema_bound_reference = 1 AND d.referencing_id <> t.object_id
  JOIN sys.objects AS o ON o.object_id = d.referencing_id AND o.type IN ('V', 'FN', 'IF', 'TF')
  LEFT JOIN sys.columns AS c ON c.object_id = t.object_id AND c.column_id = d.referenced_minor_id AND d.referenced_minor_id > 0
UNION ALL SELECT 'foreign key', f.name + ' of ' + OBJECT_NAME(f.parent_object_id), c.name, CASE WHEN f.delete_referential_action = 0 THEN '1' ELSE 'passes on' END
  FROM t JOIN sys.foreign_keys AS f ON f.referenced_object_id = t.object_id AND f.parent_object_id <> t.object_id
  JOIN sys.foreign_key_columns AS k ON k.constraint_object_id = f.object_id JOIN sys.columns AS c ON c.object_id = t.object_id AND c.column_id = k.referenced_column_id
UNION ALL SELECT 'foreign key', f.name, NULL, '0' FROM t JOIN sys.foreign_keys AS f ON f.parent_object_id = t.object_id
UNION ALL SELECT 'check constraint', k.name, NULL, '0' FROM t JOIN sys.check_constraints AS k ON k.parent_object_id = t.object_id
UNION ALL SELECT 'trigger', g.name, NULL, '0' FROM t JOIN sys.triggers AS g ON g.parent_id = t.object_id
UNION ALL SELECT 'history of versions', OBJECT_NAME(COALESCE(history_table_id, object_id)), NULL, '0' FROM t WHERE temporal_type <> 0
UNION ALL SELECT 'replication', name, NULL, '0' FROM t WHERE is_published = 1 OR is_schema_published = 1 OR is_merge_published = 1 OR is_sync_tran_subscribed = 1 OR is_replicated = 1
UNION ALL SELECT 'change data capture', name, NULL, '0' FROM t WHERE is_tracked_by_cdc = 1
UNION ALL SELECT 'change tracking', name, NULL, '0' FROM t WHERE EXISTS (SELECT 1 FROM sys.change_tracking_tables AS k WHERE k.object_id = t.object_id)
UNION ALL SELECT 'memory optimisation', name, NULL, '0' FROM t WHERE is_memory_optimized = 1
UNION ALL SELECT 'file table', name, NULL, '0' FROM t WHERE is_filetable = 1
UNION ALL SELECT 'security policy', y.name, NULL, '0' FROM t JOIN sys.security_predicates AS p ON p.target_object_id = t.object_id JOIN sys.security_policies AS y ON y.object_id = p.object_id
UNION ALL SELECT 'full-text index', name, NULL, '0' FROM t WHERE EXISTS (SELECT 1 FROM sys.fulltext_indexes AS f WHERE f.object_id = t.object_id)
UNION ALL SELECT 'index', i.name, NULL, '0' FROM t JOIN sys.indexes AS i ON i.object_id = t.object_id AND (i.type NOT IN (0, 1, 2, 5, 6) OR i.is_disabled = 1)
UNION ALL SELECT 'partitioning', s.name, NULL, '0' FROM t JOIN sys.indexes AS i ON i.object_id = t.object_id AND i.index_id IN (0, 1) JOIN sys.partition_schemes AS s ON s.data_space_id = i.data_space_id
UNION ALL SELECT 'description', e.name, NULL, '0' FROM t JOIN sys.extended_properties AS e ON e.major_id = t.object_id AND e.class = 1 AND e.name <> N'hygge_texts'
UNION ALL SELECT 'identity', c.name, NULL, '0' FROM t JOIN sys.identity_columns AS c ON c.object_id = t.object_id
UNION ALL SELECT 'mask', c.name, NULL, '0' FROM t JOIN sys.masked_columns AS c ON c.object_id = t.object_id WHERE c.is_masked = 1
ORDER BY 1, 2, 3;
GO

-- store: a look at what settled
select COUNT_BIG(*) as n from [dbo].[e] where 1 = 1;
GO

-- store: rows in two slices, and an attempt that was lost
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 2, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_2_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_2_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_2_0_data];
GO

create table [hygge_staging].[e_2_1_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_2_1_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_2_1_data];
GO

create table [hygge_staging].[e_2_2_data] ([id] bigint, [mark] bigint);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_2_2_data];
GO

SELECT g.name AS name, LOWER(e.type_desc) AS event FROM sys.triggers AS g JOIN sys.trigger_events AS e ON e.object_id = g.object_id WHERE g.parent_id = OBJECT_ID(@p1) AND g.is_instead_of_trigger = 0 AND g.is_disabled = 0 ORDER BY g.name;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_2_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_2_1_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_2_2_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 2, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 2, 2, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_2_0_data];
GO

drop table if exists [hygge_staging].[e_2_1_data];
GO

drop table if exists [hygge_staging].[e_2_2_data];
GO

delete from [hygge_metadata].staged where name in (@p1, @p2, @p3);
GO

-- store: the open group
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 3, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_3_0_boundary] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_3_0_boundary] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_3_0_boundary];
GO

select COUNT_BIG(*) as n from [dbo].[e] where [mark] = CONVERT(bigint, '2');
GO

delete from [dbo].[e] where [mark] = CONVERT(bigint, '2');
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_3_0_boundary] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and role <> 'correction' and of_group = 1;
GO

update [hygge_metadata].heads set id = @p4, epoch = 3, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 3, 1, 0, 3, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_3_0_boundary];
GO

delete from [hygge_metadata].staged where name in (@p1);
GO

-- store: a range
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 4, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_4_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_4_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_4_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[e] where [mark] >= CONVERT(bigint, '1') and [mark] < CONVERT(bigint, '3');
GO

delete from [dbo].[e] where [mark] >= CONVERT(bigint, '1') and [mark] < CONVERT(bigint, '3');
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_4_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and role <> 'correction' and cast(watermark as bigint) >= CONVERT(bigint, '1') and cast(watermark as bigint) < CONVERT(bigint, '3');
GO

update [hygge_metadata].heads set id = @p4, epoch = 4, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 4, 1, 0, 2, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_4_0_data];
GO

-- store: a range, merged
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 5, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_5_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_5_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_5_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_5_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data] p) r group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_5_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[e] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[e] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[e] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 5, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 5, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_5_0_data];
GO

-- store: a full load that deletes and inserts
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 6, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_6_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_6_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_6_0_data];
GO

delete from [dbo].[e] where 1 = 1;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_6_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and role <> 'correction';
GO

update [hygge_metadata].heads set id = @p4, epoch = 6, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 6, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_6_0_data];
GO

-- store: a plan of a full load
WITH t AS (SELECT * FROM sys.tables WHERE object_id = OBJECT_ID(@p1)), c AS (SELECT c.* FROM t JOIN sys.columns AS c ON c.object_id = t.object_id)
SELECT 'filegroup' AS kind, s.name AS name FROM t JOIN sys.indexes AS i ON i.object_id = t.object_id JOIN sys.data_spaces AS s ON s.data_space_id = i.data_space_id AND s.is_default = 0
UNION ALL SELECT 'filegroup of large values', s.name FROM t JOIN sys.data_spaces AS s ON s.data_space_id = t.lob_data_space_id AND s.is_default = 0
UNION ALL SELECT 'table option', 'text in row' FROM t WHERE text_in_row_limit <> 0
UNION ALL SELECT 'table option', 'large value types out of row' FROM t WHERE large_value_types_out_of_row = 1
UNION ALL SELECT 'table option', 'ANSI_NULLS OFF' FROM t WHERE uses_ansi_nulls = 0
UNION ALL SELECT 'table option', 'QUOTED_IDENTIFIER OFF' FROM t WHERE OBJECTPROPERTY(object_id, 'IsQuotedIdentOn') = 0
UNION ALL SELECT 'collation of column', name FROM c WHERE collation_name <> CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Collation'))
UNION ALL SELECT 'type of column', name FROM c WHERE user_type_id <> system_type_id
UNION ALL SELECT 'rule of column', name FROM c WHERE rule_object_id <> 0
UNION ALL SELECT 'ANSI_PADDING OFF of column', name FROM c WHERE is_ansi_padded = 0 AND max_length > 0 AND TYPE_NAME(system_type_id) IN ('char', 'varchar', 'binary', 'varbinary')
UNION ALL SELECT 'storage of column', name FROM c WHERE is_sparse = 1 OR is_column_set = 1 OR is_filestream = 1 OR is_rowguidcol = 1 OR encryption_type IS NOT NULL
UNION ALL SELECT 'right', 'ALTER' FROM t WHERE HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'ALTER') <> 1
ORDER BY 1, 2;
GO

-- store: a full load in the place of the table
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 7, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_7_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_7_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_7_0_data];
GO

SELECT i.name AS name, CONVERT(varchar(2), i.type) AS kind, CONVERT(varchar(1), i.is_unique) AS is_unique, CONVERT(varchar(1), i.is_primary_key) AS is_primary,
  CONVERT(varchar(1), i.is_unique_constraint) AS is_constraint, i.filter_definition AS filter, c.name AS [column],
  CONVERT(varchar(1), k.is_descending_key) AS descending, CONVERT(varchar(1), k.is_included_column) AS included,
  (SELECT MAX(p.data_compression_desc) FROM sys.partitions AS p WHERE p.object_id = i.object_id AND p.index_id = i.index_id) AS compression
FROM sys.indexes AS i LEFT JOIN sys.index_columns AS k ON k.object_id = i.object_id AND k.index_id = i.index_id
LEFT JOIN sys.columns AS c ON c.object_id = k.object_id AND c.column_id = k.column_id
WHERE i.object_id = OBJECT_ID(@p1) AND i.type IN (0, 1, 2, 5, 6) AND i.is_disabled = 0
ORDER BY i.index_id, k.is_included_column, k.key_ordinal, k.index_column_id;
GO

create table [hygge_staging].[commit_82d2119d535ab3360b42dd35] ([id] bigint not null, [mark] bigint);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_82d2119d535ab3360b42dd35];
GO

insert into [hygge_staging].[commit_82d2119d535ab3360b42dd35] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_7_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select top (1) 1 as one from [dbo].[e] with (tablockx, holdlock);
GO

TRUNCATE TABLE [dbo].[e];
GO

ALTER TABLE [hygge_staging].[commit_82d2119d535ab3360b42dd35] SWITCH TO [dbo].[e];
GO

drop table [hygge_staging].[commit_82d2119d535ab3360b42dd35];
GO

update [hygge_metadata].heads set id = @p4, epoch = 7, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 7, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_7_0_data];
GO

-- store: rows that break a rule
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 8, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_8_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_8_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_8_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_8_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_8_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_8_0_broken];
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_8_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_8_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 8, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 8, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_8_0_data];
GO

drop table if exists [hygge_staging].[e_8_0_broken];
GO

-- store: rows that break a rule, and the open group
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 9, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_9_0_boundary] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_9_0_boundary] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_9_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_9_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_9_0_boundary];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_9_0_broken];
GO

select COUNT_BIG(*) as n from [dbo].[e] where [mark] = CONVERT(bigint, '7');
GO

delete from [dbo].[e] where [mark] = CONVERT(bigint, '7');
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[e] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_9_0_boundary] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_9_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 9, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 9, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_9_0_boundary];
GO

drop table if exists [hygge_staging].[e_9_0_broken];
GO

-- store: columns that change
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 10, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_10_0_data] ([id] bigint, [marked] bigint, [more] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_10_0_data] ([id] bigint, [marked] bigint, [more] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([marked]) as n2, count([more]) as n3, CONVERT(varchar(20), min([marked])) as n4, CONVERT(varchar(20), max([marked])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [marked]))) as sum1, CONVERT(varchar(20), min([marked])) as min1, CONVERT(varchar(20), max([marked])) as max1 from [hygge_staging].[e_10_0_data];
GO

select max(datalength([more]) / 2) as n0 from [hygge_staging].[e_10_0_data] hygge_new;
GO

alter table [dbo].[e] add [more] nvarchar(50) null;
GO

EXEC sp_rename N'[dbo].[e].[mark]', N'marked', 'COLUMN';
GO

insert into [dbo].[e] with (tablock) ([id], [marked], [more]) select hygge_new.[id], hygge_new.[marked], hygge_new.[more] from [hygge_staging].[e_10_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 10, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 10, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_10_0_data];
GO

-- store: a first merge by k and id
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 101, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_101_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_101_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_101_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_101_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_101_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_101_0_data] hygge_new;
GO

create table [dbo].[m] ([k] nvarchar(50) not null, [id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'm';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[m];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_101_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_101_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[m] as hygge_now with (holdlock) join (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_101_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[m] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_101_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_101_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[m] ([k], [id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 101, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 101, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_101_0_data];
GO

-- store: a merge by k and id of keys that come twice
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 102, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_102_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_102_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_102_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_102_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_102_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

SELECT TOP (1) min([k]) as [k], [id] from (select [k], [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_102_0_data] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [k], [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_102_0_data] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_102_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_102_0_data];
GO

select * into [hygge_staging].[commit_c500b8bcd9a13bbe580dad67] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_102_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_c500b8bcd9a13bbe580dad67];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_c500b8bcd9a13bbe580dad67] hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[m] as hygge_now with (holdlock) join [hygge_staging].[commit_c500b8bcd9a13bbe580dad67] as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[m] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_c500b8bcd9a13bbe580dad67] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_c500b8bcd9a13bbe580dad67] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_c500b8bcd9a13bbe580dad67];
GO

update [hygge_metadata].heads set id = @p4, epoch = 102, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 102, 1, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_102_0_data];
GO

-- store: a merge by k and id of rows that are deleted
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 103, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_103_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_103_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_103_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_103_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_103_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_103_0_data];
GO

update statistics [hygge_staging].[e_103_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_103_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_103_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_103_0_deleted] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_103_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_103_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_103_0_deleted];
GO

select * into [hygge_staging].[commit_e479524289864c38d5a980a9] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_103_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_103_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_e479524289864c38d5a980a9];
GO

select * into [hygge_staging].[commit_db6b2f0125161d56da630720] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_103_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_103_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_db6b2f0125161d56da630720];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_e479524289864c38d5a980a9] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[m] as hygge_now where exists (select 1 from [hygge_staging].[commit_db6b2f0125161d56da630720] hygge_new where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[m] hygge_now where exists (select 1 from [hygge_staging].[commit_db6b2f0125161d56da630720] hygge_new where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[m] as hygge_now with (holdlock) join [hygge_staging].[commit_e479524289864c38d5a980a9] as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[m] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_e479524289864c38d5a980a9] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_e479524289864c38d5a980a9] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_e479524289864c38d5a980a9];
GO

drop table [hygge_staging].[commit_db6b2f0125161d56da630720];
GO

update [hygge_metadata].heads set id = @p4, epoch = 103, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 103, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_103_0_data];
GO

drop table if exists [hygge_staging].[e_103_0_deleted];
GO

-- store: a merge by k and id of deletes alone
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 104, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_104_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_104_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_104_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_104_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_104_0_deleted] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_104_0_deleted];
GO

select * into [hygge_staging].[commit_f7fbec3e86405ddff2877b9a] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_104_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_f7fbec3e86405ddff2877b9a];
GO

select * into [hygge_staging].[commit_2212479642d4f54a422d48e0] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_104_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_2212479642d4f54a422d48e0];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_f7fbec3e86405ddff2877b9a] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[m] as hygge_now where exists (select 1 from [hygge_staging].[commit_2212479642d4f54a422d48e0] hygge_new where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[m] hygge_now where exists (select 1 from [hygge_staging].[commit_2212479642d4f54a422d48e0] hygge_new where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[m] as hygge_now with (holdlock) join [hygge_staging].[commit_f7fbec3e86405ddff2877b9a] as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[m] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_f7fbec3e86405ddff2877b9a] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_f7fbec3e86405ddff2877b9a] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_f7fbec3e86405ddff2877b9a];
GO

drop table [hygge_staging].[commit_2212479642d4f54a422d48e0];
GO

update [hygge_metadata].heads set id = @p4, epoch = 104, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 104, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_104_0_deleted];
GO

-- store: a merge by k and id of rows that came and went
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 105, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_105_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_105_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_105_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_105_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_105_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_105_0_data];
GO

update statistics [hygge_staging].[e_105_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_105_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_105_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_105_0_deleted] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

SELECT TOP (1) min([k]) as [k], [id] from (select [k], [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_105_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_105_0_deleted] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [k], [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_105_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_105_0_deleted] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_105_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_105_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_105_0_deleted];
GO

select * into [hygge_staging].[commit_dcc7f8060072af1466076c4b] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_105_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_105_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_dcc7f8060072af1466076c4b];
GO

select * into [hygge_staging].[commit_adae6fda1f7fedf5c821fc22] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_105_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_105_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_adae6fda1f7fedf5c821fc22];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_dcc7f8060072af1466076c4b] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[m] as hygge_now where exists (select 1 from [hygge_staging].[commit_adae6fda1f7fedf5c821fc22] hygge_new where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[m] hygge_now where exists (select 1 from [hygge_staging].[commit_adae6fda1f7fedf5c821fc22] hygge_new where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[m] as hygge_now with (holdlock) join [hygge_staging].[commit_dcc7f8060072af1466076c4b] as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[m] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_dcc7f8060072af1466076c4b] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_dcc7f8060072af1466076c4b] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_dcc7f8060072af1466076c4b];
GO

drop table [hygge_staging].[commit_adae6fda1f7fedf5c821fc22];
GO

update [hygge_metadata].heads set id = @p4, epoch = 105, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 105, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_105_0_data];
GO

drop table if exists [hygge_staging].[e_105_0_deleted];
GO

-- store: a merge by k and id without a watermark
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 106, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_106_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_106_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_106_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_106_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_106_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

SELECT TOP (1) min([k]) as [k], [id] from (select [k], [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id]) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_106_0_data] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [k], [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id]) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_106_0_data] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_106_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_106_0_data];
GO

select * into [hygge_staging].[commit_079e27d16f556950cdcb6570] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id]) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_106_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_079e27d16f556950cdcb6570];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_079e27d16f556950cdcb6570] hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[m] as hygge_now with (holdlock) join [hygge_staging].[commit_079e27d16f556950cdcb6570] as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[m] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_079e27d16f556950cdcb6570] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_079e27d16f556950cdcb6570] hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_079e27d16f556950cdcb6570];
GO

update [hygge_metadata].heads set id = @p4, epoch = 106, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 106, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_106_0_data];
GO

-- store: a full load by k and id
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 107, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_107_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_107_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_107_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_107_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[m] where 1 = 1;
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_107_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_107_0_data] hygge_new;
GO

create table [hygge_staging].[commit_959f54121e2dc76c5ec1ddb8] ([k] nvarchar(50) not null, [id] bigint not null, [mark] bigint);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_959f54121e2dc76c5ec1ddb8];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_107_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_107_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

insert into [hygge_staging].[commit_959f54121e2dc76c5ec1ddb8] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_107_0_data] p) r where hygge_gone = 0) hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [hygge_staging].[commit_959f54121e2dc76c5ec1ddb8] ([k], [id]);
GO

select top (1) 1 as one from [dbo].[m] with (tablockx, holdlock);
GO

TRUNCATE TABLE [dbo].[m];
GO

ALTER TABLE [hygge_staging].[commit_959f54121e2dc76c5ec1ddb8] SWITCH TO [dbo].[m];
GO

drop table [hygge_staging].[commit_959f54121e2dc76c5ec1ddb8];
GO

update [hygge_metadata].heads set id = @p4, epoch = 107, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 107, 1, 0, 3, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_107_0_data];
GO

-- store: a full load by k and id of rows that came and went
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 108, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_108_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_108_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_108_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_108_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_108_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_108_0_data];
GO

update statistics [hygge_staging].[e_108_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_108_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_108_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_108_0_deleted] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

SELECT TOP (1) min([k]) as [k], [id] from (select [k], [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_108_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_108_0_deleted] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [k], [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_108_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_108_0_deleted] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_108_0_data] hygge_new;
GO

create table [hygge_staging].[commit_ba6077b337dde03df094c574] ([k] nvarchar(50) not null, [id] bigint not null, [mark] bigint);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_ba6077b337dde03df094c574];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_108_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_108_0_deleted];
GO

select * into [hygge_staging].[commit_38b6075fa9870a60bfd086a8] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_108_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_108_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_38b6075fa9870a60bfd086a8];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_38b6075fa9870a60bfd086a8] hygge_new where 1 = 1;
GO

insert into [hygge_staging].[commit_ba6077b337dde03df094c574] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_38b6075fa9870a60bfd086a8] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table [hygge_staging].[commit_38b6075fa9870a60bfd086a8];
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [hygge_staging].[commit_ba6077b337dde03df094c574] ([k], [id]);
GO

ALTER TABLE [hygge_staging].[commit_ba6077b337dde03df094c574] SWITCH TO [dbo].[m];
GO

drop table [hygge_staging].[commit_ba6077b337dde03df094c574];
GO

update [hygge_metadata].heads set id = @p4, epoch = 108, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 108, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_108_0_data];
GO

drop table if exists [hygge_staging].[e_108_0_deleted];
GO

-- store: a first merge by id
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 201, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_201_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_201_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_201_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_201_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_201_0_data] p) r group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_201_0_data] hygge_new;
GO

create table [dbo].[n] ([k] nvarchar(50) not null, [id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'n';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[n];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_201_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_201_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [k] = hygge_new.[k], [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_201_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_201_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_201_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[n] ([id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 201, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 201, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_201_0_data];
GO

-- store: a merge by id of keys that come twice
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 202, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_202_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_202_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_202_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_202_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_202_0_data] p) r group by [id] having count(*) > 1;
GO

SELECT TOP (1) [id] from (select [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_202_0_data] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_202_0_data] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_202_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_202_0_data];
GO

select * into [hygge_staging].[commit_ffb0a6122e4ee69b49360f83] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_202_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_ffb0a6122e4ee69b49360f83];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_ffb0a6122e4ee69b49360f83] hygge_new where 1 = 1;
GO

update hygge_now set [k] = hygge_new.[k], [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join [hygge_staging].[commit_ffb0a6122e4ee69b49360f83] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_ffb0a6122e4ee69b49360f83] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_ffb0a6122e4ee69b49360f83] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_ffb0a6122e4ee69b49360f83];
GO

update [hygge_metadata].heads set id = @p4, epoch = 202, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 202, 1, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_202_0_data];
GO

-- store: a merge by id of rows that are deleted
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 203, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_203_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_203_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_203_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_203_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_203_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_203_0_data];
GO

update statistics [hygge_staging].[e_203_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_203_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_203_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_203_0_deleted] p) r group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_203_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_203_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_203_0_deleted];
GO

select * into [hygge_staging].[commit_65ba429a8e4495d74f796b6f] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_203_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_203_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_65ba429a8e4495d74f796b6f];
GO

select * into [hygge_staging].[commit_08ce9596cb47ec80f25630e5] from (select distinct [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_203_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_203_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_08ce9596cb47ec80f25630e5];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_65ba429a8e4495d74f796b6f] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[n] as hygge_now where exists (select 1 from [hygge_staging].[commit_08ce9596cb47ec80f25630e5] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[n] hygge_now where exists (select 1 from [hygge_staging].[commit_08ce9596cb47ec80f25630e5] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [k] = hygge_new.[k], [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join [hygge_staging].[commit_65ba429a8e4495d74f796b6f] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_65ba429a8e4495d74f796b6f] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_65ba429a8e4495d74f796b6f] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_65ba429a8e4495d74f796b6f];
GO

drop table [hygge_staging].[commit_08ce9596cb47ec80f25630e5];
GO

update [hygge_metadata].heads set id = @p4, epoch = 203, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 203, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_203_0_data];
GO

drop table if exists [hygge_staging].[e_203_0_deleted];
GO

-- store: a merge by id of deletes alone
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 204, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_204_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_204_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_204_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_204_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_204_0_deleted] p) r group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_204_0_deleted];
GO

select * into [hygge_staging].[commit_92b880acb3f862c29378e9d4] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_204_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_92b880acb3f862c29378e9d4];
GO

select * into [hygge_staging].[commit_9ee4db050a4380097c4478ad] from (select distinct [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_204_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_9ee4db050a4380097c4478ad];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_92b880acb3f862c29378e9d4] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[n] as hygge_now where exists (select 1 from [hygge_staging].[commit_9ee4db050a4380097c4478ad] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[n] hygge_now where exists (select 1 from [hygge_staging].[commit_9ee4db050a4380097c4478ad] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [k] = hygge_new.[k], [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join [hygge_staging].[commit_92b880acb3f862c29378e9d4] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_92b880acb3f862c29378e9d4] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_92b880acb3f862c29378e9d4] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_92b880acb3f862c29378e9d4];
GO

drop table [hygge_staging].[commit_9ee4db050a4380097c4478ad];
GO

update [hygge_metadata].heads set id = @p4, epoch = 204, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 204, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_204_0_deleted];
GO

-- store: a merge by id of rows that came and went
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 205, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_205_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_205_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_205_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_205_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_205_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_205_0_data];
GO

update statistics [hygge_staging].[e_205_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_205_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_205_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_205_0_deleted] p) r group by [id] having count(*) > 1;
GO

SELECT TOP (1) [id] from (select [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_205_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_205_0_deleted] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_205_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_205_0_deleted] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_205_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_205_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_205_0_deleted];
GO

select * into [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_205_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_205_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8];
GO

select * into [hygge_staging].[commit_2b6e483b61906f060026cbe7] from (select distinct [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_205_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_205_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_2b6e483b61906f060026cbe7];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[n] as hygge_now where exists (select 1 from [hygge_staging].[commit_2b6e483b61906f060026cbe7] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[n] hygge_now where exists (select 1 from [hygge_staging].[commit_2b6e483b61906f060026cbe7] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [k] = hygge_new.[k], [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_1e0196be5d49c5b27ce9e7d8];
GO

drop table [hygge_staging].[commit_2b6e483b61906f060026cbe7];
GO

update [hygge_metadata].heads set id = @p4, epoch = 205, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 205, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_205_0_data];
GO

drop table if exists [hygge_staging].[e_205_0_deleted];
GO

-- store: a merge by id without a watermark
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 206, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_206_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_206_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_206_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_206_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_206_0_data] p) r group by [id] having count(*) > 1;
GO

SELECT TOP (1) [id] from (select [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by [id]) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_206_0_data] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by [id]) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_206_0_data] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_206_0_data] hygge_new;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_206_0_data];
GO

select * into [hygge_staging].[commit_dd7f717ea8f0327af2110afe] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by [id]) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_206_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_dd7f717ea8f0327af2110afe];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_dd7f717ea8f0327af2110afe] hygge_new where 1 = 1;
GO

update hygge_now set [k] = hygge_new.[k], [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join [hygge_staging].[commit_dd7f717ea8f0327af2110afe] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_dd7f717ea8f0327af2110afe] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_dd7f717ea8f0327af2110afe] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_dd7f717ea8f0327af2110afe];
GO

update [hygge_metadata].heads set id = @p4, epoch = 206, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 206, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_206_0_data];
GO

-- store: a full load by id
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 207, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_207_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_207_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_207_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_207_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[n] where 1 = 1;
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_207_0_data] p) r group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_207_0_data] hygge_new;
GO

create table [hygge_staging].[commit_be447b469fd97db85c0be615] ([k] nvarchar(50) not null, [id] bigint not null, [mark] bigint);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_be447b469fd97db85c0be615];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_207_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_207_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

insert into [hygge_staging].[commit_be447b469fd97db85c0be615] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_207_0_data] p) r where hygge_gone = 0) hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [hygge_staging].[commit_be447b469fd97db85c0be615] ([id]);
GO

select top (1) 1 as one from [dbo].[n] with (tablockx, holdlock);
GO

TRUNCATE TABLE [dbo].[n];
GO

ALTER TABLE [hygge_staging].[commit_be447b469fd97db85c0be615] SWITCH TO [dbo].[n];
GO

drop table [hygge_staging].[commit_be447b469fd97db85c0be615];
GO

update [hygge_metadata].heads set id = @p4, epoch = 207, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 207, 1, 0, 3, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_207_0_data];
GO

-- store: a full load by id of rows that came and went
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 208, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_208_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_208_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_208_0_deleted] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_208_0_deleted] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_208_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_208_0_data];
GO

update statistics [hygge_staging].[e_208_0_deleted];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_208_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_208_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_208_0_deleted] p) r group by [id] having count(*) > 1;
GO

SELECT TOP (1) [id] from (select [id], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_208_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_208_0_deleted] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [id], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_208_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_208_0_deleted] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by [id] having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_208_0_data] hygge_new;
GO

create table [hygge_staging].[commit_4eb739d583a7747f7f6c04cb] ([k] nvarchar(50) not null, [id] bigint not null, [mark] bigint);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_4eb739d583a7747f7f6c04cb];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_208_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_208_0_deleted];
GO

select * into [hygge_staging].[commit_69bac04f8deecc64e01be19a] from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_208_0_data] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_208_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_69bac04f8deecc64e01be19a];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_69bac04f8deecc64e01be19a] hygge_new where 1 = 1;
GO

insert into [hygge_staging].[commit_4eb739d583a7747f7f6c04cb] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_69bac04f8deecc64e01be19a] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table [hygge_staging].[commit_69bac04f8deecc64e01be19a];
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [hygge_staging].[commit_4eb739d583a7747f7f6c04cb] ([id]);
GO

ALTER TABLE [hygge_staging].[commit_4eb739d583a7747f7f6c04cb] SWITCH TO [dbo].[n];
GO

drop table [hygge_staging].[commit_4eb739d583a7747f7f6c04cb];
GO

update [hygge_metadata].heads set id = @p4, epoch = 208, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 208, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_208_0_data];
GO

drop table if exists [hygge_staging].[e_208_0_deleted];
GO

-- store: a commit that was done already
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 209, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_209_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_209_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_209_0_data];
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_209_0_data] hygge_new;
GO

insert into [dbo].[n] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_209_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 209, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 209, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_209_0_data];
GO

select inserted, updated, deleted from [hygge_metadata].commits where intent_id = @p1;
GO

-- store: every type
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 300, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_300_0_data] ([id] bigint, [mark] bigint, [a bool] bit, [a int8] smallint, [a int16] smallint, [a int32] int, [a uint8] tinyint, [a uint16] int, [a uint32] bigint, [a uint64] decimal(20,0), [a float32] real, [a float64] float, [a string] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a binary] varbinary(max), [a uuid] uniqueidentifier, [a json] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a date] date, [time ms] time(3), [stamp ms] datetime2(3), [instant ms] datetimeoffset(3), [time us] time(6), [stamp us] datetime2(6), [instant us] datetimeoffset(6), [time ns] time(7), [stamp ns] datetime2(7), [instant ns] datetimeoffset(7), [exact] decimal(38,10));
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, count([a bool]) as n3, count([a int8]) as n4, count([a int16]) as n5, count([a int32]) as n6, count([a uint8]) as n7, count([a uint16]) as n8, count([a uint32]) as n9, count([a uint64]) as n10, count([a float32]) as n11, count([a float64]) as n12, count([a string]) as n13, count([a binary]) as n14, count([a uuid]) as n15, count([a json]) as n16, count([a date]) as n17, count([time ms]) as n18, count([stamp ms]) as n19, count([instant ms]) as n20, count([time us]) as n21, count([stamp us]) as n22, count([instant us]) as n23, count([time ns]) as n24, count([stamp ns]) as n25, count([instant ns]) as n26, count([exact]) as n27, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a bool]))) as sum2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int16]))) as sum4, CONVERT(varchar(20), min([a int16])) as min4, CONVERT(varchar(20), max([a int16])) as max4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int32]))) as sum5, CONVERT(varchar(20), min([a int32])) as min5, CONVERT(varchar(20), max([a int32])) as max5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a uint8]))) as sum6, CONVERT(varchar(20), min([a uint8])) as min6, CONVERT(varchar(20), max([a uint8])) as max6, MIN([a float32]) as min10, MAX([a float32]) as max10, MIN([a float64]) as min11, MAX([a float64]) as max11, CONVERT(varchar(10), min([a date]), 23) as min16, CONVERT(varchar(10), max([a date]), 23) as max16, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp ms])), 121), 11, 1, 'T') as min18, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp ms])), 121), 11, 1, 'T') as max18, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant ms]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min19, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant ms]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max19, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp us])), 121), 11, 1, 'T') as min21, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp us])), 121), 11, 1, 'T') as max21, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant us]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min22, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant us]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max22, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), min([stamp ns])), 121), 11, 1, 'T') + '00' as min24, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), max([stamp ns])), 121), 11, 1, 'T') + '00' as max24, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET(min([instant ns]), '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' as min25, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET(max([instant ns]), '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' as max25, CONVERT(varchar(41), CONVERT(decimal(38,10), min([exact]))) as min26, CONVERT(varchar(41), CONVERT(decimal(38,10), max([exact]))) as max26 from [hygge_staging].[e_300_0_data];
GO

select max(datalength([a string]) / 2) as n0 from [hygge_staging].[e_300_0_data] hygge_new;
GO

create table [dbo].[w] ([id] bigint not null, [mark] bigint, [a bool] bit, [a int8] smallint, [a int16] smallint, [a int32] int, [a uint8] tinyint, [a uint16] int, [a uint32] bigint, [a uint64] decimal(20,0), [a float32] real, [a float64] float, [a string] nvarchar(50), [a binary] varbinary(max), [a uuid] uniqueidentifier, [a json] nvarchar(max), [a date] date, [time ms] time(3), [stamp ms] datetime2(3), [instant ms] datetimeoffset(3), [time us] time(6), [stamp us] datetime2(6), [instant us] datetimeoffset(6), [time ns] time(7), [stamp ns] datetime2(7), [instant ns] datetimeoffset(7), [exact] decimal(38,10));
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'w';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[w];
GO

insert into [dbo].[w] with (tablock) ([id], [mark], [a bool], [a int8], [a int16], [a int32], [a uint8], [a uint16], [a uint32], [a uint64], [a float32], [a float64], [a string], [a binary], [a uuid], [a json], [a date], [time ms], [stamp ms], [instant ms], [time us], [stamp us], [instant us], [time ns], [stamp ns], [instant ns], [exact]) select hygge_new.[id], hygge_new.[mark], hygge_new.[a bool], hygge_new.[a int8], hygge_new.[a int16], hygge_new.[a int32], hygge_new.[a uint8], hygge_new.[a uint16], hygge_new.[a uint32], hygge_new.[a uint64], hygge_new.[a float32], hygge_new.[a float64], hygge_new.[a string], hygge_new.[a binary], hygge_new.[a uuid], hygge_new.[a json], hygge_new.[a date], hygge_new.[time ms], hygge_new.[stamp ms], hygge_new.[instant ms], hygge_new.[time us], hygge_new.[stamp us], hygge_new.[instant us], hygge_new.[time ns], hygge_new.[stamp ns], hygge_new.[instant ns], hygge_new.[exact] from [hygge_staging].[e_300_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 300, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 300, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_300_0_data];
GO

-- store: many rows that break a rule
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 401, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_401_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_401_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_401_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_401_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_401_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_401_0_data];
GO

update statistics [hygge_staging].[e_401_0_broken];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_401_0_broken];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_401_0_data] p) r group by [id] having count(*) > 1;
GO

create table [dbo].[q] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'q';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[q];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_401_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_401_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[q] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_401_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[q] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_401_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_401_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[q] ([id]);
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_401_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 401, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 401, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_401_0_data];
GO

drop table if exists [hygge_staging].[e_401_0_broken];
GO

-- store: rows of the open group that break a rule
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 402, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_402_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_402_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_402_0_broken];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_402_0_broken];
GO

update [hygge_metadata].rejected set of_group = 1 where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 0 and [id] in (select [id] from [hygge_staging].[e_402_0_broken]);
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 1 as of_group from [hygge_staging].[e_402_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 402, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 402, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_402_0_broken];
GO

-- store: a look at the quarantine
select COUNT_BIG(*) as n from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3;
GO

select [part] as n_part, of_group as n_group, min(intent_id) as n_first, COUNT_BIG(*) as n, min([role]) as n_role, min([run]) as n_run, min([source]) as n_source, min([columns]) as n_columns from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and [part] is not null group by [part], of_group;
GO

select role as n_role, of_group as n_group, COUNT_BIG(*) as n from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and [part] is null group by role, of_group;
GO

SELECT TOP (500) [role] as n_role, [rule] as n_rule, [column] as n_column, [reason] as n_reason, [run] as n_run, [columns] as n_columns, [row] as n_row, [id] as n_id, [copy] as n_copy from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and [part] = @p4 and of_group = 0 order by [id], [copy];
GO

SELECT TOP (500) [role] as n_role, [rule] as n_rule, [column] as n_column, [reason] as n_reason, [run] as n_run, [columns] as n_columns, [row] as n_row, [id] as n_id, [copy] as n_copy from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and [part] = @p4 and of_group = 0 and ([id] > @p5 or ([id] = @p5 and [copy] > 1)) order by [id], [copy];
GO

SELECT TOP (500) [role] as n_role, [rule] as n_rule, [column] as n_column, [reason] as n_reason, [run] as n_run, [columns] as n_columns, [row] as n_row, [id] as n_id, [copy] as n_copy from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and [part] = @p4 and of_group = 1 order by [id], [copy];
GO

-- store: rows that leave the quarantine
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 403, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_403_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_403_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_403_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_403_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_403_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_403_0_data];
GO

update statistics [hygge_staging].[e_403_0_broken];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_403_0_broken];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_403_0_data] p) r group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_403_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id] and hygge_now.[mark] is not null and (hygge_new.[mark] is null or hygge_now.[mark] > hygge_new.[mark]));
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_403_0_data];
GO

select * into [hygge_staging].[commit_c787a834d91f151345068eb9] from (select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_403_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id] and hygge_now.[mark] is not null and (hygge_new.[mark] is null or hygge_now.[mark] > hygge_new.[mark]))) k;
GO

update statistics [hygge_staging].[commit_c787a834d91f151345068eb9];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_c787a834d91f151345068eb9] hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[q] as hygge_now with (holdlock) join [hygge_staging].[commit_c787a834d91f151345068eb9] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[q] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_c787a834d91f151345068eb9] hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_c787a834d91f151345068eb9] hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_c787a834d91f151345068eb9];
GO

delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 0 and [part] = @p4;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 1 and [part] = @p4;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_403_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 403, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 403, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_403_0_data];
GO

drop table if exists [hygge_staging].[e_403_0_broken];
GO

-- store: three ranges
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 404, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_404_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_404_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_404_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_404_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[q] where 1 = 1;
GO

select COUNT_BIG(*) as n from [dbo].[q] where ((([mark] >= CONVERT(bigint, '2') and [mark] < CONVERT(bigint, '3')) or ([mark] >= CONVERT(bigint, '4') and [mark] < CONVERT(bigint, '5'))) or (([mark] >= CONVERT(bigint, '6') and [mark] < CONVERT(bigint, '7'))));
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_404_0_data] p) r group by [id] having count(*) > 1;
GO

delete from [dbo].[q] where ((([mark] >= CONVERT(bigint, '2') and [mark] < CONVERT(bigint, '3')) or ([mark] >= CONVERT(bigint, '4') and [mark] < CONVERT(bigint, '5'))) or (([mark] >= CONVERT(bigint, '6') and [mark] < CONVERT(bigint, '7'))));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_404_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_404_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[q] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_404_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[q] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_404_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_404_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[q] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and role <> 'correction' and (((cast(watermark as bigint) >= CONVERT(bigint, '2') and cast(watermark as bigint) < CONVERT(bigint, '3')) or (cast(watermark as bigint) >= CONVERT(bigint, '4') and cast(watermark as bigint) < CONVERT(bigint, '5'))) or ((cast(watermark as bigint) >= CONVERT(bigint, '6') and cast(watermark as bigint) < CONVERT(bigint, '7'))));
GO

update [hygge_metadata].heads set id = @p4, epoch = 404, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 404, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_404_0_data];
GO

-- store: a look at rows of others
SELECT s.name AS name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE t.name IN (N'heads', N'commits', N'staged', N'rejected') AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(t.name), 'OBJECT', 'SELECT') = 1 GROUP BY s.name HAVING COUNT(*) = 4 ORDER BY s.name;
GO

SELECT TOP (1) 1 as one from [dbo].[b];
GO

select flow, entity, head from [hygge_metadata].heads where table_name = @p3 and head is not null and not (flow = @p1 and entity = @p2);
GO

-- store: rows next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 501, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_501_0_boundary] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_501_0_boundary] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_501_0_boundary];
GO

select top (1) 1 as one from [dbo].[b] with (tablockx, holdlock);
GO

select COUNT_BIG(*) as n from [dbo].[b] where 1 = 1;
GO

insert into [dbo].[b] with (tablock) ([id], [mark], [loaded_by]) select hygge_new.[id], hygge_new.[mark], N'f.e' from [hygge_staging].[e_501_0_boundary] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e';
GO

update [hygge_metadata].heads set id = @p4, epoch = 501, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 501, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_501_0_boundary];
GO

-- store: the open group next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 502, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_502_0_boundary] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_502_0_boundary] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_502_0_boundary];
GO

select COUNT_BIG(*) as n from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e' and [mark] = CONVERT(bigint, '2');
GO

delete from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e' and [mark] = CONVERT(bigint, '2');
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[b] with (tablock) ([id], [mark], [loaded_by]) select hygge_new.[id], hygge_new.[mark], N'f.e' from [hygge_staging].[e_502_0_boundary] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 502, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 502, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_502_0_boundary];
GO

-- store: a range next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 503, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_503_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_503_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_503_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e' and [mark] >= CONVERT(bigint, '1') and [mark] < CONVERT(bigint, '3');
GO

delete from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e' and [mark] >= CONVERT(bigint, '1') and [mark] < CONVERT(bigint, '3');
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[b] with (tablock) ([id], [mark], [loaded_by]) select hygge_new.[id], hygge_new.[mark], N'f.e' from [hygge_staging].[e_503_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 503, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 503, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_503_0_data];
GO

-- store: a merge next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 504, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_504_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_504_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_504_0_deleted] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_504_0_deleted] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_504_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_504_0_data];
GO

update statistics [hygge_staging].[e_504_0_deleted];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_504_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_504_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_504_0_deleted] p) r group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_504_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_504_0_deleted];
GO

select * into [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f] from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_504_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_504_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f];
GO

select * into [hygge_staging].[commit_1e95d6cd669bcc9da8849df6] from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_504_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_504_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_1e95d6cd669bcc9da8849df6];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[b] as hygge_now where exists (select 1 from [hygge_staging].[commit_1e95d6cd669bcc9da8849df6] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark])) and hygge_now.[loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e';
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[b] hygge_now where exists (select 1 from [hygge_staging].[commit_1e95d6cd669bcc9da8849df6] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark])) and hygge_now.[loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e';
GO

update hygge_now set [mark] = hygge_new.[mark], [loaded_by] = N'f.e' from [dbo].[b] as hygge_now with (holdlock) join [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f] as hygge_new on hygge_now.[id] = hygge_new.[id] and hygge_now.[loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e';
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[b] with (tablock) ([id], [mark], [loaded_by]) select hygge_new.[id], hygge_new.[mark], N'f.e' from [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f] hygge_new where not exists (select 1 from [dbo].[b] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f] hygge_new where not exists (select 1 from [dbo].[b] hygge_now where hygge_now.[id] = hygge_new.[id] and hygge_now.[loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e');
GO

drop table [hygge_staging].[commit_e39ea8c4df41a6ddbb23792f];
GO

drop table [hygge_staging].[commit_1e95d6cd669bcc9da8849df6];
GO

update [hygge_metadata].heads set id = @p4, epoch = 504, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 504, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_504_0_data];
GO

drop table if exists [hygge_staging].[e_504_0_deleted];
GO

-- store: a full load next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 505, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_505_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_505_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_505_0_data];
GO

delete from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e';
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[b] with (tablock) ([id], [mark], [loaded_by]) select hygge_new.[id], hygge_new.[mark], N'f.e' from [hygge_staging].[e_505_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 505, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 505, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_505_0_data];
GO

-- store: three ranges next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 506, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_506_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_506_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_506_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e' and ((([mark] >= CONVERT(bigint, '2') and [mark] < CONVERT(bigint, '3')) or ([mark] >= CONVERT(bigint, '4') and [mark] < CONVERT(bigint, '5'))) or (([mark] >= CONVERT(bigint, '6') and [mark] < CONVERT(bigint, '7'))));
GO

delete from [dbo].[b] where [loaded_by] COLLATE Latin1_General_100_BIN2 = N'f.e' and ((([mark] >= CONVERT(bigint, '2') and [mark] < CONVERT(bigint, '3')) or ([mark] >= CONVERT(bigint, '4') and [mark] < CONVERT(bigint, '5'))) or (([mark] >= CONVERT(bigint, '6') and [mark] < CONVERT(bigint, '7'))));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[b] with (tablock) ([id], [mark], [loaded_by]) select hygge_new.[id], hygge_new.[mark], N'f.e' from [hygge_staging].[e_506_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 506, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 506, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_506_0_data];
GO

-- store: an attempt that no one finishes, and the sweep
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 700, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_700_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_700_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_700_0_data];
GO

select name, epoch from [hygge_metadata].staged where flow = @p1 and entity = @p2 and table_name = @p3 and lineage = @p4 and epoch < 701;
GO

drop table if exists [hygge_staging].[e_700_0_data];
GO

-- store: a commit that is given up
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 710, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_710_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_710_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_710_0_data];
GO

update [hygge_metadata].heads set id = @p4, epoch = 710, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table if exists [hygge_staging].[e_710_0_data];
GO

-- store: a commit that is given up by force
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 720, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_720_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_720_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_720_0_data];
GO

create table [dbo].[g2] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'g2';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[g2];
GO

insert into [dbo].[g2] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_720_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 720, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 720, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_720_0_data];
GO

insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 721, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_721_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_721_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_721_0_data];
GO

update [hygge_metadata].heads set id = @p4, epoch = 721, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table if exists [hygge_staging].[e_721_0_data];
GO

-- store: a reset
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 730, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_730_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_730_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_730_0_data];
GO

create table [dbo].[r] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'r';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[r];
GO

insert into [dbo].[r] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_730_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 730, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 730, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_730_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[r] where 1 = 1;
GO

select name, epoch from [hygge_metadata].staged where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads set id = @p4, epoch = 731, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

-- store: a table that is taken over as it is
SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e61646f70746564;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SELECT TOP (1) 1 as one from [dbo].[a];
GO

SET XACT_ABORT ON; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x68796767652077726974657320687967676520662e61646f70746564;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

select COUNT_BIG(*) as n from [dbo].[a] where 1 = 1;
GO

update [hygge_metadata].heads set id = @p4, epoch = 2, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

-- store: a head that goes to another entity, and away
SET XACT_ABORT ON; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x68796767652077726974657320687967676520662e6f74686572;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

select head, mark from [hygge_metadata].heads where flow = @p1 and entity = @p2 and table_name = @p3 and head is not null;
GO

update [hygge_metadata].heads set id = @p4, epoch = 731, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].commits set flow = @p4, entity = @p5 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].rejected set flow = @p4, entity = @p5 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

delete from [hygge_metadata].heads where flow = @p1 and entity = @p2 and table_name = @p3;
GO

delete from [hygge_metadata].commits where flow = @p1 and entity = @p2 and table_name = @p3 and [at] < @p4 and intent_id not in (select id from [hygge_metadata].heads where flow = @p1 and entity = @p2 and table_name = @p3 and id is not null);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

-- what a role lacks: where it has settled before
SELECT r.name AS hygge_lacks FROM (VALUES (N'CREATE TABLE')) AS r (name)
WHERE COALESCE(HAS_PERMS_BY_NAME(@p1, @p2, r.name), 0) = 0;
GO

SELECT r.name AS hygge_lacks FROM (VALUES (N'SELECT'), (N'INSERT'), (N'UPDATE'), (N'DELETE')) AS r (name)
WHERE COALESCE(HAS_PERMS_BY_NAME(@p1, @p2, r.name), 0) = 0;
GO

-- what gives it: where it has settled before
GRANT CREATE TABLE TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::[hygge_staging] TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE ON [hygge_metadata].[heads] TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE ON [hygge_metadata].[commits] TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE ON [hygge_metadata].[staged] TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE ON [hygge_metadata].[rejected] TO [loader];
GRANT SELECT, INSERT, UPDATE, DELETE ON [dbo].[e] TO [loader];
GO

-- a column that becomes wider, and one that may be null
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 21, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_21_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_21_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_21_0_data];
GO

create table [dbo].[changed] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'changed';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[changed];
GO

insert into [dbo].[changed] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_21_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 21, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 21, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_21_0_data];
GO

insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 22, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_22_0_data] ([id] decimal(20,0), [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_22_0_data] ([id] decimal(20,0), [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(41), CONVERT(decimal(20,0), min([id]))) as min0, CONVERT(varchar(41), CONVERT(decimal(20,0), max([id]))) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_22_0_data];
GO

DROP INDEX [hygge_columns] ON [dbo].[changed];
GO

alter table [dbo].[changed] alter column [id] decimal(20,0) not null;
GO

alter table [dbo].[changed] alter column [mark] bigint null;
GO

insert into [dbo].[changed] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_22_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 22, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 22, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_22_0_data];
GO

-- a column that would change values
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 411, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_411_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_411_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_411_0_data];
GO

select sum(case when [k] is not null and (try_convert(varchar(5), [k]) is null or convert(varbinary(max), try_convert(nvarchar(max), try_convert(varchar(5), [k]))) + 0x01 <> convert(varbinary(max), [k]) + 0x01) then 1 else 0 end) as n0, sum(case when [id] is not null and (try_convert(int, [id]) is null or convert(varbinary(max), try_convert(bigint, try_convert(int, [id]))) + 0x01 <> convert(varbinary(max), [id]) + 0x01) then 1 else 0 end) as n1 from [hygge_staging].[e_411_0_data] hygge_new;
GO

select top (1) 1 as one from [dbo].[t] with (tablockx, holdlock);
GO

select COUNT_BIG(*) as n from [dbo].[t] where 1 = 1;
GO

insert into [dbo].[t] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_411_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 411, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 411, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_411_0_data];
GO

-- a merge into texts of another collation
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 412, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_412_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_412_0_data] ([k] nvarchar(max), [id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_412_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_412_0_data];
GO

select sum(case when [k] is not null and (try_convert(varchar(5), [k]) is null or convert(varbinary(max), try_convert(nvarchar(max), try_convert(varchar(5), [k]))) + 0x01 <> convert(varbinary(max), [k]) + 0x01) then 1 else 0 end) as n0, sum(case when [id] is not null and (try_convert(int, [id]) is null or convert(varbinary(max), try_convert(bigint, try_convert(int, [id]))) + 0x01 <> convert(varbinary(max), [id]) + 0x01) then 1 else 0 end) as n1 from [hygge_staging].[e_412_0_data] hygge_new;
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_412_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_412_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_412_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[t] as hygge_now with (holdlock) join (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_412_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate Polish_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[t] with (tablock) ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_412_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[t] hygge_now where hygge_now.[k] = hygge_new.[k] collate Polish_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_412_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[t] hygge_now where hygge_now.[k] = hygge_new.[k] collate Polish_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[id] = hygge_new.[id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 412, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 412, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_412_0_data];
GO

-- a merge by numbers that come twice
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 530, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_530_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_530_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_530_0_deleted] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_530_0_deleted] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_530_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_530_0_data];
GO

update statistics [hygge_staging].[e_530_0_deleted];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_530_0_deleted];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_530_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_530_0_deleted] p) r group by [id] having count(*) > 1;
GO

SELECT TOP (1) [id] from (select [id], hygge_one from (select distinct [id], [mark], 0 as hygge_one from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_530_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_530_0_deleted] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [id], 1 as hygge_one from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_530_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_530_0_deleted] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_530_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_530_0_deleted];
GO

select * into [hygge_staging].[commit_760cde2d76d01e54f8f5007b] from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_530_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_530_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

update statistics [hygge_staging].[commit_760cde2d76d01e54f8f5007b];
GO

select * into [hygge_staging].[commit_29e23122de606511a2bd7e9f] from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_530_0_data] p union all select [id], [mark], 1 as hygge_gone from [hygge_staging].[e_530_0_deleted] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

update statistics [hygge_staging].[commit_29e23122de606511a2bd7e9f];
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_760cde2d76d01e54f8f5007b] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[n] as hygge_now where exists (select 1 from [hygge_staging].[commit_29e23122de606511a2bd7e9f] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [dbo].[n] hygge_now where exists (select 1 from [hygge_staging].[commit_29e23122de606511a2bd7e9f] hygge_new where hygge_now.[id] = hygge_new.[id] and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[n] as hygge_now with (holdlock) join [hygge_staging].[commit_760cde2d76d01e54f8f5007b] as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[n] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_760cde2d76d01e54f8f5007b] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_760cde2d76d01e54f8f5007b] hygge_new where not exists (select 1 from [dbo].[n] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

drop table [hygge_staging].[commit_760cde2d76d01e54f8f5007b];
GO

drop table [hygge_staging].[commit_29e23122de606511a2bd7e9f];
GO

update [hygge_metadata].heads set id = @p4, epoch = 530, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 530, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_530_0_data];
GO

drop table if exists [hygge_staging].[e_530_0_deleted];
GO

-- a first merge next to those of others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 520, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_520_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_520_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_520_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_520_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_520_0_data] p) r group by [id] having count(*) > 1;
GO

create table [dbo].[c] ([id] bigint not null, [mark] bigint, [Loaded By] nvarchar(50));
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'c';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[c];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_520_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_520_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark], [Loaded By] = N'f.e' from [dbo].[c] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_520_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id] and hygge_now.[Loaded By] COLLATE Latin1_General_100_BIN2 = N'f.e';
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[c] with (tablock) ([id], [mark], [Loaded By]) select hygge_new.[id], hygge_new.[mark], N'f.e' from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_520_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[c] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_520_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[c] hygge_now where hygge_now.[id] = hygge_new.[id] and hygge_now.[Loaded By] COLLATE Latin1_General_100_BIN2 = N'f.e');
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[c] ([id]);
GO

select COUNT_BIG(*) as n from [dbo].[c] where [Loaded By] COLLATE Latin1_General_100_BIN2 = N'f.e';
GO

select COUNT_BIG(*) as n from [dbo].[c] where 1 = 1;
GO

update [hygge_metadata].heads set id = @p4, epoch = 520, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 520, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_520_0_data];
GO

-- a fence
SET XACT_ABORT ON; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x68796767652077726974657320687967676520662e66;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e66;
SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

-- a look at a table that another metadata_schema knows
select flow, entity, head from [hygge_metadata].heads where table_name = @p1 and head is not null;
GO

-- a first load where a trigger of DDL puts one on new tables
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 740, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_740_0_data] ([id] bigint, [mark] bigint);
GO

DROP TRIGGER [hygge_staging].[audit];
GO

INSERT BULK [hygge_staging].[e_740_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_740_0_data];
GO

create table [dbo].[guarded] ([id] bigint not null, [mark] bigint);
GO

DISABLE TRIGGER [dbo].[audit] ON [dbo].[guarded];
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'guarded';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[guarded];
GO

insert into [dbo].[guarded] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_740_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

ENABLE TRIGGER [dbo].[audit] ON [dbo].[guarded];
GO

update [hygge_metadata].heads set id = @p4, epoch = 740, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 740, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_740_0_data];
GO

-- a first load by a key: columnstore
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 800, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_800_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_800_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_800_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_800_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_800_0_data] p) r group by [id] having count(*) > 1;
GO

create table [dbo].[by_columnstore] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'by_columnstore';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[by_columnstore];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_800_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_800_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[by_columnstore] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_800_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[by_columnstore] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_800_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_columnstore] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_800_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_columnstore] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[by_columnstore] ([id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 800, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 800, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_800_0_data];
GO

-- a first load by a key: rowstore
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 801, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_801_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_801_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_801_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_801_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_801_0_data] p) r group by [id] having count(*) > 1;
GO

create table [dbo].[by_rowstore] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'by_rowstore';
GO

CREATE CLUSTERED INDEX [hygge_key] ON [dbo].[by_rowstore] ([id]);
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_801_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_801_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[by_rowstore] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_801_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[by_rowstore] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_801_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_rowstore] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_801_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_rowstore] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 801, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 801, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_801_0_data];
GO

-- a first load by a key: heap
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 802, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_802_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_802_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_802_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_802_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_802_0_data] p) r group by [id] having count(*) > 1;
GO

create table [dbo].[by_heap] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'by_heap';
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_802_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_802_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[by_heap] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_802_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[by_heap] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_802_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_heap] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_802_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_heap] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[by_heap] ([id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 802, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 802, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_802_0_data];
GO

-- a plan of a full load that takes what others wrote
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 890, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_890_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_890_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_890_0_data];
GO

create table [dbo].[own] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'own';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[own];
GO

insert into [dbo].[own] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_890_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 890, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 890, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_890_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[own] where 1 = 1;
GO

SELECT TOP (1) 1 as one from [dbo].[own] where 1 = 1 and [note] is not null;
GO

-- texts of 50 characters
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 830, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_830_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_830_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_830_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_830_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_830_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_830_0_data] hygge_new;
GO

create table [dbo].[grown] ([k] nvarchar(50) not null, [id] bigint not null);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'grown';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[grown];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_830_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_830_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[grown] as hygge_now with (holdlock) join (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_830_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[grown] with (tablock) ([k], [id]) select hygge_new.[k], hygge_new.[id] from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_830_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_830_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[grown] ([k]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 830, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 830, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_830_0_data];
GO

-- a text of 51 characters
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 831, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_831_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_831_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_831_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_831_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_831_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_831_0_data] hygge_new;
GO

DROP INDEX [hygge_columns] ON [dbo].[grown];
GO

alter table [dbo].[grown] alter column [k] nvarchar(100) COLLATE SQL_Latin1_General_CP1_CI_AS not null;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_831_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_831_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[grown] as hygge_now with (holdlock) join (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_831_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[grown] with (tablock) ([k], [id]) select hygge_new.[k], hygge_new.[id] from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_831_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_831_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
GO

update [hygge_metadata].heads set id = @p4, epoch = 831, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 831, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_831_0_data];
GO

-- a text of 851 characters
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 832, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_832_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_832_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_832_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_832_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_832_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_832_0_data] hygge_new;
GO

DROP INDEX [hygge_key] ON [dbo].[grown];
GO

alter table [dbo].[grown] alter column [k] nvarchar(2000) COLLATE SQL_Latin1_General_CP1_CI_AS not null;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_832_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_832_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[grown] as hygge_now with (holdlock) join (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_832_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[grown] with (tablock) ([k], [id]) select hygge_new.[k], hygge_new.[id] from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_832_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_832_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
GO

update [hygge_metadata].heads set id = @p4, epoch = 832, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 832, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_832_0_data];
GO

-- a text of 4001 characters
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 833, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_833_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_833_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_833_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_833_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_833_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_833_0_data] hygge_new;
GO

alter table [dbo].[grown] alter column [k] nvarchar(max) COLLATE SQL_Latin1_General_CP1_CI_AS not null;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_833_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_833_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[grown] as hygge_now with (holdlock) join (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_833_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[grown] with (tablock) ([k], [id]) select hygge_new.[k], hygge_new.[id] from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_833_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_833_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[grown] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
GO

update [hygge_metadata].heads set id = @p4, epoch = 833, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 833, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_833_0_data];
GO

-- a full load of longer texts
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 840, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_840_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_840_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_840_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_840_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_840_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_840_0_data] hygge_new;
GO

create table [dbo].[refilled] ([k] nvarchar(50) not null, [id] bigint not null);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'refilled';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[refilled];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_840_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_840_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[refilled] as hygge_now with (holdlock) join (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_840_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[refilled] with (tablock) ([k], [id]) select hygge_new.[k], hygge_new.[id] from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_840_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[refilled] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [id] from (select [k], [id], 0 as hygge_gone from [hygge_staging].[e_840_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[refilled] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[refilled] ([k]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 840, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 840, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_840_0_data];
GO

insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 841, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_841_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_841_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_841_0_data];
GO

select COUNT_BIG(*) as n from [dbo].[refilled] where 1 = 1;
GO

select max(datalength([k]) / 2) as n0 from [hygge_staging].[e_841_0_data] hygge_new;
GO

DROP INDEX [hygge_columns] ON [dbo].[refilled];
GO

alter table [dbo].[refilled] alter column [k] nvarchar(255) COLLATE SQL_Latin1_General_CP1_CI_AS not null;
GO

create table [hygge_staging].[commit_4f7adf32ff880f532a7f2c10] ([k] nvarchar(255) not null, [id] bigint not null);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_4f7adf32ff880f532a7f2c10];
GO

insert into [hygge_staging].[commit_4f7adf32ff880f532a7f2c10] with (tablock) ([k], [id]) select hygge_new.[k], hygge_new.[id] from [hygge_staging].[e_841_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [hygge_staging].[commit_4f7adf32ff880f532a7f2c10] ([k]);
GO

select top (1) 1 as one from [dbo].[refilled] with (tablockx, holdlock);
GO

TRUNCATE TABLE [dbo].[refilled];
GO

ALTER TABLE [hygge_staging].[commit_4f7adf32ff880f532a7f2c10] SWITCH TO [dbo].[refilled];
GO

drop table [hygge_staging].[commit_4f7adf32ff880f532a7f2c10];
GO

update [hygge_metadata].heads set id = @p4, epoch = 841, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 841, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_841_0_data];
GO

-- a merge by two texts
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 845, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_845_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [l] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_845_0_data] ([k] nvarchar(max), [l] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_845_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([l]) as n2, count([id]) as n3, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum2, CONVERT(varchar(20), min([id])) as min2, CONVERT(varchar(20), max([id])) as max2 from [hygge_staging].[e_845_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_845_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, convert(varbinary(max), convert(nvarchar(max), [l])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0, max(datalength([l]) / 2) as n1 from [hygge_staging].[e_845_0_data] hygge_new;
GO

create table [dbo].[pairs] ([k] nvarchar(450) not null, [l] nvarchar(50) not null, [id] bigint not null);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'pairs';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[pairs];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_845_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_845_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[pairs] as hygge_now with (holdlock) join (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_845_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[l] = hygge_new.[l] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[l])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[l])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[pairs] with (tablock) ([k], [l], [id]) select hygge_new.[k], hygge_new.[l], hygge_new.[id] from (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_845_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[pairs] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[l] = hygge_new.[l] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[l])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[l])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_845_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[pairs] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[l] = hygge_new.[l] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[l])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[l])) + 0x01);
GO

CREATE NONCLUSTERED INDEX [hygge_key] ON [dbo].[pairs] ([k], [l]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 845, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 845, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_845_0_data];
GO

-- two texts that are too long for an index
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 846, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_846_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [l] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_846_0_data] ([k] nvarchar(max), [l] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_846_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([l]) as n2, count([id]) as n3, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum2, CONVERT(varchar(20), min([id])) as min2, CONVERT(varchar(20), max([id])) as max2 from [hygge_staging].[e_846_0_data];
GO

SELECT TOP (1) 1 as one from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_846_0_data] p) r group by convert(varbinary(max), convert(nvarchar(max), [k])) + 0x01, convert(varbinary(max), convert(nvarchar(max), [l])) + 0x01 having count(*) > 1;
GO

select max(datalength([k]) / 2) as n0, max(datalength([l]) / 2) as n1 from [hygge_staging].[e_846_0_data] hygge_new;
GO

DROP INDEX [hygge_key] ON [dbo].[pairs];
GO

DROP INDEX [hygge_columns] ON [dbo].[pairs];
GO

alter table [dbo].[pairs] alter column [l] nvarchar(450) COLLATE SQL_Latin1_General_CP1_CI_AS not null;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_846_0_data];
GO

select COUNT_BIG(*) as n from (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_846_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[pairs] as hygge_now with (holdlock) join (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_846_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[l] = hygge_new.[l] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[l])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[l])) + 0x01;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[pairs] with (tablock) ([k], [l], [id]) select hygge_new.[k], hygge_new.[l], hygge_new.[id] from (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_846_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[pairs] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[l] = hygge_new.[l] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[l])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[l])) + 0x01);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [k], [l], [id] from (select [k], [l], [id], 0 as hygge_gone from [hygge_staging].[e_846_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[pairs] hygge_now where hygge_now.[k] = hygge_new.[k] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[k])) + 0x01 and hygge_now.[l] = hygge_new.[l] collate SQL_Latin1_General_CP1_CI_AS and convert(varbinary(max), convert(nvarchar(max), hygge_now.[l])) + 0x01 = convert(varbinary(max), convert(nvarchar(max), hygge_new.[l])) + 0x01);
GO

update [hygge_metadata].heads set id = @p4, epoch = 846, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 846, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_846_0_data];
GO

-- a text that is too long for a column of yours
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 850, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_850_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_850_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_850_0_data];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_850_0_data];
GO

select sum(case when [k] is not null and (try_convert(nvarchar(5), [k]) is null or convert(varbinary(max), try_convert(nvarchar(max), try_convert(nvarchar(5), [k]))) + 0x01 <> convert(varbinary(max), [k]) + 0x01) then 1 else 0 end) as n0 from [hygge_staging].[e_850_0_data] hygge_new;
GO

SELECT TOP (1) datalength([k]) / 2 as n, CONVERT(nvarchar(max), [k]) as k0 from [hygge_staging].[e_850_0_data] hygge_new order by n desc;
GO

-- a text that is too long, of a row that nothing tells from others
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 851, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_851_0_data] ([k] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] bigint);
GO

INSERT BULK [hygge_staging].[e_851_0_data] ([k] nvarchar(max), [id] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1 from [hygge_staging].[e_851_0_data];
GO

select sum(case when [k] is not null and (try_convert(nvarchar(5), [k]) is null or convert(varbinary(max), try_convert(nvarchar(max), try_convert(nvarchar(5), [k]))) + 0x01 <> convert(varbinary(max), [k]) + 0x01) then 1 else 0 end) as n0 from [hygge_staging].[e_851_0_data] hygge_new;
GO

SELECT TOP (1) datalength([k]) / 2 as n from [hygge_staging].[e_851_0_data] hygge_new order by n desc;
GO

-- a column of an index that becomes wider
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 810, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_810_0_data] ([id] decimal(20,0));
GO

INSERT BULK [hygge_staging].[e_810_0_data] ([id] decimal(20,0)) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_810_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(41), CONVERT(decimal(20,0), min([id]))) as min0, CONVERT(varchar(41), CONVERT(decimal(20,0), max([id]))) as max0 from [hygge_staging].[e_810_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], 0 as hygge_gone from [hygge_staging].[e_810_0_data] p) r group by [id] having count(*) > 1;
GO

DROP INDEX [hygge_key] ON [dbo].[by_columnstore];
GO

DROP INDEX [hygge_columns] ON [dbo].[by_columnstore];
GO

alter table [dbo].[by_columnstore] alter column [id] decimal(20,0) not null;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_810_0_data];
GO

select COUNT_BIG(*) as n from (select [id] from (select [id], 0 as hygge_gone from [hygge_staging].[e_810_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id] from [dbo].[by_columnstore] as hygge_now with (holdlock) join (select [id] from (select [id], 0 as hygge_gone from [hygge_staging].[e_810_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[by_columnstore] with (tablock) ([id]) select hygge_new.[id] from (select [id] from (select [id], 0 as hygge_gone from [hygge_staging].[e_810_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_columnstore] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id] from (select [id], 0 as hygge_gone from [hygge_staging].[e_810_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[by_columnstore] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 810, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 810, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_810_0_data];
GO

-- numbers that the table would count
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 820, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_820_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_820_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_820_0_data];
GO

select top (1) 1 as one from [dbo].[counts] with (tablockx, holdlock);
GO

select COUNT_BIG(*) as n from [dbo].[counts] where 1 = 1;
GO

SET IDENTITY_INSERT [dbo].[counts] ON;
GO

insert into [dbo].[counts] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_820_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

SET IDENTITY_INSERT [dbo].[counts] OFF;
GO

update [hygge_metadata].heads set id = @p4, epoch = 820, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 820, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_820_0_data];
GO

-- a merge by such numbers
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 821, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_821_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_821_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_821_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_821_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_821_0_data] p) r group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_821_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_821_0_data] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [mark] = hygge_new.[mark] from [dbo].[counts] as hygge_now with (holdlock) join (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_821_0_data] p) r where hygge_gone = 0) as hygge_new on hygge_now.[id] = hygge_new.[id];
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [dbo].[counts] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_821_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[counts] hygge_now where hygge_now.[id] = hygge_new.[id]);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n from (select [id], [mark] from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_821_0_data] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[counts] hygge_now where hygge_now.[id] = hygge_new.[id]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 821, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 821, 0, 1, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_821_0_data];
GO

-- a full load into a table with indexes, defaults and rights
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 741, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_741_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_741_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_741_0_data];
GO

insert into [dbo].[own] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_741_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 741, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 741, 1, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_741_0_data];
GO

insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 742, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_742_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_742_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_742_0_data];
GO

select top (1) 1 as one from [dbo].[own] with (tablockx, holdlock);
GO

SELECT d.name AS name, d.definition AS given, c.name AS [column] FROM sys.default_constraints AS d
JOIN sys.columns AS c ON c.object_id = d.parent_object_id AND c.column_id = d.parent_column_id WHERE d.parent_object_id = OBJECT_ID(@p1) ORDER BY c.column_id;
GO

SELECT p.state_desc AS state, p.permission_name AS permission, USER_NAME(p.grantee_principal_id) AS grantee, c.name AS [column]
FROM sys.database_permissions AS p LEFT JOIN sys.columns AS c ON c.object_id = p.major_id AND c.column_id = p.minor_id AND p.minor_id > 0
WHERE p.class = 1 AND p.major_id = OBJECT_ID(@p1) ORDER BY 3, 2, 4;
GO

EXEC sp_rename N'[dbo].[own]', N'hygge_old_56bafea27ffbcaa1';
GO

insert into [dbo].[own] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_742_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table [dbo].[hygge_old_56bafea27ffbcaa1];
GO

ALTER TABLE [dbo].[own] ADD CONSTRAINT [pk] PRIMARY KEY CLUSTERED ([id]);
GO

ALTER TABLE [dbo].[own] ADD CONSTRAINT [uq] UNIQUE NONCLUSTERED ([mark]);
GO

CREATE UNIQUE NONCLUSTERED INDEX [ix] ON [dbo].[own] ([mark]) INCLUDE ([id]) WHERE ([mark] IS NOT NULL);
GO

CREATE NONCLUSTERED INDEX [plain] ON [dbo].[own] ([id]);
GO

CREATE NONCLUSTERED INDEX [down] ON [dbo].[own] ([mark] DESC);
GO

CREATE NONCLUSTERED INDEX [small] ON [dbo].[own] ([mark]) INCLUDE ([id]) WITH (DATA_COMPRESSION = PAGE);
GO

CREATE NONCLUSTERED COLUMNSTORE INDEX [nc] ON [dbo].[own] ([id], [mark]);
GO

ALTER TABLE [dbo].[own] ADD CONSTRAINT [df] DEFAULT ((0)) FOR [mark];
GO

GRANT SELECT ON [dbo].[own] TO [reader];
GO

GRANT SELECT ON [dbo].[own] ([id]) TO [other] WITH GRANT OPTION;
GO

DENY DELETE ON [dbo].[own] TO [reader];
GO

update [hygge_metadata].heads set id = @p4, epoch = 742, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 742, 1, 0, 2, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_742_0_data];
GO

-- a full load in the place of a table with indexes, defaults and rights
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 743, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_743_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_743_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_743_0_data];
GO

EXEC sp_rename N'[dbo].[own]', N'hygge_old_0c3c97a7bcd9982b';
GO

insert into [dbo].[own] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_743_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table [dbo].[hygge_old_0c3c97a7bcd9982b];
GO

ALTER TABLE [dbo].[own] ADD CONSTRAINT [pk] PRIMARY KEY CLUSTERED ([id], [id]);
GO

ALTER TABLE [dbo].[own] ADD CONSTRAINT [uq] UNIQUE NONCLUSTERED ([mark], [mark]);
GO

CREATE UNIQUE NONCLUSTERED INDEX [ix] ON [dbo].[own] ([mark], [mark]) INCLUDE ([id], [id]) WHERE ([mark] IS NOT NULL);
GO

CREATE NONCLUSTERED INDEX [plain] ON [dbo].[own] ([id], [id]);
GO

CREATE NONCLUSTERED INDEX [down] ON [dbo].[own] ([mark] DESC, [mark] DESC);
GO

CREATE NONCLUSTERED INDEX [small] ON [dbo].[own] ([mark], [mark]) INCLUDE ([id], [id]) WITH (DATA_COMPRESSION = PAGE);
GO

CREATE NONCLUSTERED COLUMNSTORE INDEX [nc] ON [dbo].[own] ([id], [mark], [id], [mark]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 743, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 743, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_743_0_data];
GO

-- a full load into a compressed heap
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 744, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_744_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_744_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_744_0_data];
GO

create table [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ([id] bigint not null, [mark] bigint);
GO

ALTER TABLE [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] REBUILD WITH (DATA_COMPRESSION = ROW);
GO

ALTER TABLE [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ADD PRIMARY KEY CLUSTERED ([id], [id]);
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [hygge_staging].[commit_856218f1e9fd0d2ac44511cd];
GO

insert into [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_744_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

ALTER TABLE [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ADD UNIQUE NONCLUSTERED ([mark], [mark]);
GO

CREATE UNIQUE NONCLUSTERED INDEX [ix] ON [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ([mark], [mark]) INCLUDE ([id], [id]) WHERE ([mark] IS NOT NULL);
GO

CREATE NONCLUSTERED INDEX [plain] ON [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ([id], [id]);
GO

CREATE NONCLUSTERED INDEX [down] ON [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ([mark] DESC, [mark] DESC);
GO

CREATE NONCLUSTERED INDEX [small] ON [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ([mark], [mark]) INCLUDE ([id], [id]) WITH (DATA_COMPRESSION = PAGE);
GO

CREATE NONCLUSTERED COLUMNSTORE INDEX [nc] ON [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] ([id], [mark], [id], [mark]);
GO

TRUNCATE TABLE [dbo].[own];
GO

ALTER TABLE [hygge_staging].[commit_856218f1e9fd0d2ac44511cd] SWITCH TO [dbo].[own];
GO

EXEC sp_rename N'[dbo].[own]', N'hygge_old_541e46e6436b7937';
GO

insert into [dbo].[own] with (tablock) ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_744_0_data] hygge_new;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

drop table [dbo].[hygge_old_541e46e6436b7937];
GO

ALTER TABLE [dbo].[own] REBUILD WITH (DATA_COMPRESSION = ROW);
GO

update [hygge_metadata].heads set id = @p4, epoch = 744, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 744, 1, 0, 1, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_744_0_data];
GO

-- rows whose key comes more than once, to settle apart
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 910, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_910_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_910_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

create table [hygge_staging].[e_910_0_boundary] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_910_0_boundary] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_910_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_910_0_boundary];
GO

select COUNT_BIG(*) as n, CONVERT(varchar(20), sum(hygge_n)) as hygge_all from (select COUNT_BIG(*) as hygge_n from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_data] p union all select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_boundary] p) r where [id] is not null group by [id] having count(*) > 1) k;
GO

SELECT TOP (3) CONVERT(varchar(20), [id]) as hygge_0 from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_data] p union all select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_boundary] p) r where [id] is not null group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_910_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_910_0_boundary];
GO

select COUNT_BIG(*) as n from (select [id], [mark], case when [mark] >= CONVERT(bigint, '2') and [mark] <= CONVERT(bigint, '2') then 1 else 0 end as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_data] p union all select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_boundary] p) w) o where hygge_group = 1;
GO

create table [hygge_staging].[e_910_9_ranked] ([id] bigint, [mark] bigint, [hygge_place] bigint, [hygge_group] bigint);
GO

insert into [hygge_staging].[e_910_9_ranked] ([id], [mark], hygge_place, hygge_group) select [id], [mark], row_number() over (partition by r.hygge_k0 order by case when [mark] is null then 1 else 0 end, [mark] desc, [id], hygge_group) as hygge_place, hygge_group from (select [id], [mark], hygge_group, [id] as hygge_k0 from (select [id], [mark], case when [mark] >= CONVERT(bigint, '2') and [mark] <= CONVERT(bigint, '2') then 1 else 0 end as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_data] p union all select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_boundary] p) w) b) r join (select hygge_k0 as hygge_of_0 from (select hygge_k0 from (select [id], [mark], hygge_group, [id] as hygge_k0 from (select [id], [mark], case when [mark] >= CONVERT(bigint, '2') and [mark] <= CONVERT(bigint, '2') then 1 else 0 end as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_data] p union all select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_boundary] p) w) a) g where hygge_k0 is not null group by hygge_k0 having count(*) > 1) n) k on r.hygge_k0 = k.hygge_of_0;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update statistics [hygge_staging].[e_910_9_ranked];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_910_9_ranked] f where hygge_place > 1 and hygge_group = 0;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_910_9_ranked] f where hygge_place > 1 and hygge_group = 1;
GO

create table [hygge_staging].[e_910_9_data] ([id] bigint, [mark] bigint);
GO

insert into [hygge_staging].[e_910_9_data] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark], hygge_group, [id] as hygge_k0 from (select [id], [mark], case when [mark] >= CONVERT(bigint, '2') and [mark] <= CONVERT(bigint, '2') then 1 else 0 end as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_data] p union all select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_910_0_boundary] p) w) a) hygge_new where not exists (select 1 from (select hygge_k0 as hygge_of_0 from (select [id], [mark], hygge_group, [id] as hygge_k0 from [hygge_staging].[e_910_9_ranked] q) n) hygge_now where hygge_new.hygge_k0 = hygge_now.hygge_of_0);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_staging].[e_910_9_data] ([id], [mark]) select [id], [mark] from [hygge_staging].[e_910_9_ranked] f where hygge_place = 1;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_910_9_data];
GO

SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e6520736574746c6564;
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

SELECT CONVERT(varchar(12), i.index_id) AS [index], CONVERT(varchar(1), i.is_primary_key) AS is_primary, c.name AS name, c.collation_name AS collation
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

SELECT COUNT_BIG(*) AS counted FROM [hygge_staging].[e_910_9_ranked] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

SET XACT_ABORT OFF; SET LOCK_TIMEOUT 300000; SET CONTEXT_INFO 0x687967676520726561647320687967676520662e6520736574746c6564;
IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) SET TRANSACTION ISOLATION LEVEL SNAPSHOT; ELSE SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
BEGIN TRANSACTION;
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], [mark] FROM [hygge_staging].[e_910_9_ranked] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

create table [hygge_staging].[e_910_9_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_910_9_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_910_9_broken];
GO

drop table if exists [hygge_staging].[e_910_9_ranked];
GO

-- versions of rows whose newest have a key in common, to settle apart
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 911, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_911_0_data] ([id] bigint, [mark] bigint);
GO

INSERT BULK [hygge_staging].[e_911_0_data] ([id] bigint, [mark] bigint) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_911_0_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_911_0_data];
GO

SELECT TOP (1) 1 as one from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) r group by [id] having count(*) > 1;
GO

select COUNT_BIG(*) as n, CONVERT(varchar(20), sum(hygge_n)) as hygge_all from (select COUNT_BIG(*) as hygge_n from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) r where [mark] is not null group by [mark] having count(*) > 1) k;
GO

SELECT TOP (3) CONVERT(varchar(20), [mark]) as hygge_0 from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) r where [mark] is not null group by [mark] having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_911_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [mark], 0 as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) w) o where hygge_group = 1;
GO

create table [hygge_staging].[e_911_9_ranked] ([id] bigint, [mark] bigint, [hygge_place] bigint, [hygge_group] bigint);
GO

insert into [hygge_staging].[e_911_9_ranked] ([id], [mark], hygge_place, hygge_group) select [id], [mark], 2 as hygge_place, hygge_group from (select [id], [mark], hygge_group, [id] as hygge_k0 from (select [id], [mark], 0 as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) w) a) r join (select distinct hygge_m0 as hygge_of_0 from (select hygge_m0, row_number() over (partition by hygge_k0 order by case when [mark] is null then 1 else 0 end, [mark] desc, [id]) as hygge_place from (select [id] as hygge_m0, [id], [mark], [mark] as hygge_k0 from (select distinct [id], [mark] from (select [id], [mark], hygge_gone from (select [id], [mark], hygge_gone, rank() over (partition by [id] order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) r) k where hygge_rank = 1) n where hygge_gone = 0) c) d where hygge_k0 is not null) e where hygge_place > 1) k on r.hygge_k0 = k.hygge_of_0;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update statistics [hygge_staging].[e_911_9_ranked];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_911_9_ranked] f where hygge_place > 1 and hygge_group = 0;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_911_9_ranked] f where hygge_place > 1 and hygge_group = 1;
GO

create table [hygge_staging].[e_911_9_data] ([id] bigint, [mark] bigint);
GO

insert into [hygge_staging].[e_911_9_data] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from (select [id], [mark], hygge_group, [id] as hygge_k0 from (select [id], [mark], 0 as hygge_group from (select [id], [mark], 0 as hygge_gone from [hygge_staging].[e_911_0_data] p) w) a) hygge_new where not exists (select 1 from (select hygge_k0 as hygge_of_0 from (select [id], [mark], hygge_group, [id] as hygge_k0 from [hygge_staging].[e_911_9_ranked] q) n) hygge_now where hygge_new.hygge_k0 = hygge_now.hygge_of_0);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_staging].[e_911_9_data] ([id], [mark]) select [id], [mark] from [hygge_staging].[e_911_9_ranked] f where hygge_place = 1;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update statistics [hygge_staging].[e_911_9_data];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_911_9_data];
GO

SELECT COUNT_BIG(*) AS counted FROM [hygge_staging].[e_911_9_ranked] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], [mark] FROM [hygge_staging].[e_911_9_ranked] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

create table [hygge_staging].[e_911_9_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_911_9_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

update statistics [hygge_staging].[e_911_9_broken];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_911_9_broken];
GO

drop table if exists [hygge_staging].[e_911_9_ranked];
GO

-- rows without a watermark whose text comes more than once, to settle apart
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 913, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_913_0_data] ([id] bigint, [name] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_913_0_data] ([id] bigint, [name] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([name]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0 from [hygge_staging].[e_913_0_data];
GO

select COUNT_BIG(*) as n, CONVERT(varchar(20), sum(hygge_n)) as hygge_all from (select COUNT_BIG(*) as hygge_n from (select [id], [name], 0 as hygge_gone from [hygge_staging].[e_913_0_data] p) r where [name] is not null group by convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01 having count(*) > 1) k;
GO

SELECT TOP (3) CONVERT(nvarchar(max), min([name])) as hygge_0 from (select [id], [name], 0 as hygge_gone from [hygge_staging].[e_913_0_data] p) r where [name] is not null group by convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01 having count(*) > 1;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_913_0_data];
GO

select COUNT_BIG(*) as n from (select [id], [name], 0 as hygge_group from (select [id], [name], 0 as hygge_gone from [hygge_staging].[e_913_0_data] p) w) o where hygge_group = 1;
GO

create table [hygge_staging].[e_913_9_ranked] ([id] bigint, [name] nvarchar(max) COLLATE Latin1_General_100_BIN2, [hygge_place] bigint, [hygge_group] bigint);
GO

insert into [hygge_staging].[e_913_9_ranked] ([id], [name], hygge_place, hygge_group) select [id], [name], row_number() over (partition by r.hygge_k0 order by [id], convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01, hygge_group) as hygge_place, hygge_group from (select [id], [name], hygge_group, convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01 as hygge_k0 from (select [id], [name], 0 as hygge_group from (select [id], [name], 0 as hygge_gone from [hygge_staging].[e_913_0_data] p) w) b) r join (select hygge_k0 as hygge_of_0 from (select hygge_k0 from (select [id], [name], hygge_group, convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01 as hygge_k0 from (select [id], [name], 0 as hygge_group from (select [id], [name], 0 as hygge_gone from [hygge_staging].[e_913_0_data] p) w) a) g where hygge_k0 is not null group by hygge_k0 having count(*) > 1) n) k on r.hygge_k0 = k.hygge_of_0;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update statistics [hygge_staging].[e_913_9_ranked];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_913_9_ranked] f where hygge_place > 1 and hygge_group = 0;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_913_9_ranked] f where hygge_place > 1 and hygge_group = 1;
GO

create table [hygge_staging].[e_913_9_data] ([id] bigint, [name] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

insert into [hygge_staging].[e_913_9_data] ([id], [name]) select hygge_new.[id], hygge_new.[name] from (select [id], [name], hygge_group, convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01 as hygge_k0 from (select [id], [name], 0 as hygge_group from (select [id], [name], 0 as hygge_gone from [hygge_staging].[e_913_0_data] p) w) a) hygge_new where not exists (select 1 from (select hygge_k0 as hygge_of_0 from (select [id], [name], hygge_group, convert(varbinary(max), convert(nvarchar(max), [name])) + 0x01 as hygge_k0 from [hygge_staging].[e_913_9_ranked] q) n) hygge_now where hygge_new.hygge_k0 = hygge_now.hygge_of_0);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_staging].[e_913_9_data] ([id], [name]) select [id], [name] from [hygge_staging].[e_913_9_ranked] f where hygge_place = 1;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([name]) as n2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0 from [hygge_staging].[e_913_9_data];
GO

SELECT COUNT_BIG(*) AS counted FROM [hygge_staging].[e_913_9_ranked] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state <> 1 AND is_read_committed_snapshot_on = 0) SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
SELECT [id], [name] FROM [hygge_staging].[e_913_9_ranked] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

create table [hygge_staging].[e_913_9_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_913_9_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_913_9_broken];
GO

drop table if exists [hygge_staging].[e_913_9_ranked];
GO

-- rows of every type, of which some have a key in common
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 912, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_912_0_data] ([id]]] bigint, [mark]]] bigint, [a bool]]] bit, [a int8]]] smallint, [a int16]]] smallint, [a int32]]] int, [a uint8]]] tinyint, [a uint16]]] int, [a uint32]]] bigint, [a uint64]]] decimal(20,0), [a float32]]] real, [a float64]]] float, [a string]]] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a binary]]] varbinary(max), [a uuid]]] uniqueidentifier, [a json]]] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a date]]] date, [time ms]]] time(3), [stamp ms]]] datetime2(3), [instant ms]]] datetimeoffset(3), [time us]]] time(6), [stamp us]]] datetime2(6), [instant us]]] datetimeoffset(6), [time ns]]] time(7), [stamp ns]]] datetime2(7), [instant ns]]] datetimeoffset(7), [exact]]] decimal(38,10));
GO

select COUNT_BIG(*) as n0, count([id]]]) as n1, count([mark]]]) as n2, count([a bool]]]) as n3, count([a int8]]]) as n4, count([a int16]]]) as n5, count([a int32]]]) as n6, count([a uint8]]]) as n7, count([a uint16]]]) as n8, count([a uint32]]]) as n9, count([a uint64]]]) as n10, count([a float32]]]) as n11, count([a float64]]]) as n12, count([a string]]]) as n13, count([a binary]]]) as n14, count([a uuid]]]) as n15, count([a json]]]) as n16, count([a date]]]) as n17, count([time ms]]]) as n18, count([stamp ms]]]) as n19, count([instant ms]]]) as n20, count([time us]]]) as n21, count([stamp us]]]) as n22, count([instant us]]]) as n23, count([time ns]]]) as n24, count([stamp ns]]]) as n25, count([instant ns]]]) as n26, count([exact]]]) as n27, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]]]))) as sum0, CONVERT(varchar(20), min([id]]])) as min0, CONVERT(varchar(20), max([id]]])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]]]))) as sum1, CONVERT(varchar(20), min([mark]]])) as min1, CONVERT(varchar(20), max([mark]]])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a bool]]]))) as sum2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int16]]]))) as sum4, CONVERT(varchar(20), min([a int16]]])) as min4, CONVERT(varchar(20), max([a int16]]])) as max4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int32]]]))) as sum5, CONVERT(varchar(20), min([a int32]]])) as min5, CONVERT(varchar(20), max([a int32]]])) as max5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a uint8]]]))) as sum6, CONVERT(varchar(20), min([a uint8]]])) as min6, CONVERT(varchar(20), max([a uint8]]])) as max6, MIN([a float32]]]) as min10, MAX([a float32]]]) as max10, MIN([a float64]]]) as min11, MAX([a float64]]]) as max11, CONVERT(varchar(10), min([a date]]]), 23) as min16, CONVERT(varchar(10), max([a date]]]), 23) as max16, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp ms]]])), 121), 11, 1, 'T') as min18, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp ms]]])), 121), 11, 1, 'T') as max18, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant ms]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min19, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant ms]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max19, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp us]]])), 121), 11, 1, 'T') as min21, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp us]]])), 121), 11, 1, 'T') as max21, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant us]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min22, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant us]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max22, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), min([stamp ns]]])), 121), 11, 1, 'T') + '00' as min24, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), max([stamp ns]]])), 121), 11, 1, 'T') + '00' as max24, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET(min([instant ns]]]), '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' as min25, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET(max([instant ns]]]), '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' as max25, CONVERT(varchar(41), CONVERT(decimal(38,10), min([exact]]]))) as min26, CONVERT(varchar(41), CONVERT(decimal(38,10), max([exact]]]))) as max26 from [hygge_staging].[e_912_0_data];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_912_0_data];
GO

select COUNT_BIG(*) as n from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_group from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_gone from [hygge_staging].[e_912_0_data] p) w) o where hygge_group = 1;
GO

create table [hygge_staging].[e_912_9_ranked] ([id]]] bigint, [mark]]] bigint, [a bool]]] bit, [a int8]]] smallint, [a int16]]] smallint, [a int32]]] int, [a uint8]]] tinyint, [a uint16]]] int, [a uint32]]] bigint, [a uint64]]] decimal(20,0), [a float32]]] real, [a float64]]] float, [a string]]] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a binary]]] varbinary(max), [a uuid]]] uniqueidentifier, [a json]]] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a date]]] date, [time ms]]] time(3), [stamp ms]]] datetime2(3), [instant ms]]] datetimeoffset(3), [time us]]] time(6), [stamp us]]] datetime2(6), [instant us]]] datetimeoffset(6), [time ns]]] time(7), [stamp ns]]] datetime2(7), [instant ns]]] datetimeoffset(7), [exact]]] decimal(38,10), [hygge_place] bigint, [hygge_group] bigint);
GO

insert into [hygge_staging].[e_912_9_ranked] ([id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], hygge_place, hygge_group) select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], row_number() over (partition by r.hygge_k0 order by [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], CONVERT(varchar(20), [a float32]]]), [a float64]]], CONVERT(varchar(20), [a float64]]]), convert(varbinary(max), convert(nvarchar(max), [a string]]])) + 0x01, convert(varbinary(max), [a binary]]]) + 0x01, [a uuid]]], convert(varbinary(max), convert(nvarchar(max), CONVERT(nvarchar(max), [a json]]]))) + 0x01, [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], hygge_group) as hygge_place, hygge_group from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], hygge_group, convert(varbinary(max), convert(nvarchar(max), [a string]]])) + 0x01 as hygge_k0 from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_group from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_gone from [hygge_staging].[e_912_0_data] p) w) b) r join (select hygge_k0 as hygge_of_0 from (select hygge_k0 from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], hygge_group, convert(varbinary(max), convert(nvarchar(max), [a string]]])) + 0x01 as hygge_k0 from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_group from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_gone from [hygge_staging].[e_912_0_data] p) w) a) g where hygge_k0 is not null group by hygge_k0 having count(*) > 1) n) k on r.hygge_k0 = k.hygge_of_0;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update statistics [hygge_staging].[e_912_9_ranked];
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_912_9_ranked] f where hygge_place > 1 and hygge_group = 0;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_912_9_ranked] f where hygge_place > 1 and hygge_group = 1;
GO

create table [hygge_staging].[e_912_9_data] ([id]]] bigint, [mark]]] bigint, [a bool]]] bit, [a int8]]] smallint, [a int16]]] smallint, [a int32]]] int, [a uint8]]] tinyint, [a uint16]]] int, [a uint32]]] bigint, [a uint64]]] decimal(20,0), [a float32]]] real, [a float64]]] float, [a string]]] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a binary]]] varbinary(max), [a uuid]]] uniqueidentifier, [a json]]] nvarchar(max) COLLATE Latin1_General_100_BIN2, [a date]]] date, [time ms]]] time(3), [stamp ms]]] datetime2(3), [instant ms]]] datetimeoffset(3), [time us]]] time(6), [stamp us]]] datetime2(6), [instant us]]] datetimeoffset(6), [time ns]]] time(7), [stamp ns]]] datetime2(7), [instant ns]]] datetimeoffset(7), [exact]]] decimal(38,10));
GO

insert into [hygge_staging].[e_912_9_data] ([id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]]) select hygge_new.[id]]], hygge_new.[mark]]], hygge_new.[a bool]]], hygge_new.[a int8]]], hygge_new.[a int16]]], hygge_new.[a int32]]], hygge_new.[a uint8]]], hygge_new.[a uint16]]], hygge_new.[a uint32]]], hygge_new.[a uint64]]], hygge_new.[a float32]]], hygge_new.[a float64]]], hygge_new.[a string]]], hygge_new.[a binary]]], hygge_new.[a uuid]]], hygge_new.[a json]]], hygge_new.[a date]]], hygge_new.[time ms]]], hygge_new.[stamp ms]]], hygge_new.[instant ms]]], hygge_new.[time us]]], hygge_new.[stamp us]]], hygge_new.[instant us]]], hygge_new.[time ns]]], hygge_new.[stamp ns]]], hygge_new.[instant ns]]], hygge_new.[exact]]] from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], hygge_group, convert(varbinary(max), convert(nvarchar(max), [a string]]])) + 0x01 as hygge_k0 from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_group from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], 0 as hygge_gone from [hygge_staging].[e_912_0_data] p) w) a) hygge_new where not exists (select 1 from (select hygge_k0 as hygge_of_0 from (select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]], hygge_group, convert(varbinary(max), convert(nvarchar(max), [a string]]])) + 0x01 as hygge_k0 from [hygge_staging].[e_912_9_ranked] q) n) hygge_now where hygge_new.hygge_k0 = hygge_now.hygge_of_0);
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_staging].[e_912_9_data] ([id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]]) select [id]]], [mark]]], [a bool]]], [a int8]]], [a int16]]], [a int32]]], [a uint8]]], [a uint16]]], [a uint32]]], [a uint64]]], [a float32]]], [a float64]]], [a string]]], [a binary]]], [a uuid]]], [a json]]], [a date]]], [time ms]]], [stamp ms]]], [instant ms]]], [time us]]], [stamp us]]], [instant us]]], [time ns]]], [stamp ns]]], [instant ns]]], [exact]]] from [hygge_staging].[e_912_9_ranked] f where hygge_place = 1;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

select COUNT_BIG(*) as n0, count([id]]]) as n1, count([mark]]]) as n2, count([a bool]]]) as n3, count([a int8]]]) as n4, count([a int16]]]) as n5, count([a int32]]]) as n6, count([a uint8]]]) as n7, count([a uint16]]]) as n8, count([a uint32]]]) as n9, count([a uint64]]]) as n10, count([a float32]]]) as n11, count([a float64]]]) as n12, count([a string]]]) as n13, count([a binary]]]) as n14, count([a uuid]]]) as n15, count([a json]]]) as n16, count([a date]]]) as n17, count([time ms]]]) as n18, count([stamp ms]]]) as n19, count([instant ms]]]) as n20, count([time us]]]) as n21, count([stamp us]]]) as n22, count([instant us]]]) as n23, count([time ns]]]) as n24, count([stamp ns]]]) as n25, count([instant ns]]]) as n26, count([exact]]]) as n27, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]]]))) as sum0, CONVERT(varchar(20), min([id]]])) as min0, CONVERT(varchar(20), max([id]]])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]]]))) as sum1, CONVERT(varchar(20), min([mark]]])) as min1, CONVERT(varchar(20), max([mark]]])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a bool]]]))) as sum2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int16]]]))) as sum4, CONVERT(varchar(20), min([a int16]]])) as min4, CONVERT(varchar(20), max([a int16]]])) as max4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int32]]]))) as sum5, CONVERT(varchar(20), min([a int32]]])) as min5, CONVERT(varchar(20), max([a int32]]])) as max5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a uint8]]]))) as sum6, CONVERT(varchar(20), min([a uint8]]])) as min6, CONVERT(varchar(20), max([a uint8]]])) as max6, MIN([a float32]]]) as min10, MAX([a float32]]]) as max10, MIN([a float64]]]) as min11, MAX([a float64]]]) as max11, CONVERT(varchar(10), min([a date]]]), 23) as min16, CONVERT(varchar(10), max([a date]]]), 23) as max16, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp ms]]])), 121), 11, 1, 'T') as min18, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp ms]]])), 121), 11, 1, 'T') as max18, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant ms]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min19, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant ms]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max19, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp us]]])), 121), 11, 1, 'T') as min21, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp us]]])), 121), 11, 1, 'T') as max21, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant us]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min22, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant us]]]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max22, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), min([stamp ns]]])), 121), 11, 1, 'T') + '00' as min24, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), max([stamp ns]]])), 121), 11, 1, 'T') + '00' as max24, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET(min([instant ns]]]), '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' as min25, STUFF(CONVERT(varchar(27), CONVERT(datetime2(7), SWITCHOFFSET(max([instant ns]]]), '+00:00')), 121), 11, 1, 'T') + '00' + 'Z' as max25, CONVERT(varchar(41), CONVERT(decimal(38,10), min([exact]]]))) as min26, CONVERT(varchar(41), CONVERT(decimal(38,10), max([exact]]]))) as max26 from [hygge_staging].[e_912_9_data];
GO

drop table if exists [hygge_staging].[e_912_9_ranked];
GO

-- a look at rows in quarantine of an earlier version
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 900, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_900_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_900_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_900_0_broken];
GO

create table [dbo].[old] ([id] bigint not null, [mark] bigint);
GO

EXEC sys.sp_addextendedproperty N'hygge_texts', N'as long as they come', N'SCHEMA', N'dbo', N'TABLE', N'old';
GO

CREATE CLUSTERED COLUMNSTORE INDEX [hygge_columns] ON [dbo].[old];
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_900_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 900, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 900, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_900_0_broken];
GO

select role as n_role, of_group as n_group, COUNT_BIG(*) as n from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 group by role, of_group;
GO

select [row] as n_row from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and role = @p4 and of_group = 0;
GO

-- rows in quarantine next to those of an earlier version
insert into [hygge_metadata].staged (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 901, SYSDATETIMEOFFSET() where not exists (select 1 from [hygge_metadata].staged with (updlock, holdlock) where name = @p4);
GO

create table [hygge_staging].[e_901_0_broken] ([part] nvarchar(max) COLLATE Latin1_General_100_BIN2, [id] nvarchar(max) COLLATE Latin1_General_100_BIN2, [source] nvarchar(max) COLLATE Latin1_General_100_BIN2, [rule] nvarchar(max) COLLATE Latin1_General_100_BIN2, [column] nvarchar(max) COLLATE Latin1_General_100_BIN2, [reason] nvarchar(max) COLLATE Latin1_General_100_BIN2, [run] nvarchar(max) COLLATE Latin1_General_100_BIN2, [watermark] nvarchar(max) COLLATE Latin1_General_100_BIN2, [columns] nvarchar(max) COLLATE Latin1_General_100_BIN2, [row] nvarchar(max) COLLATE Latin1_General_100_BIN2);
GO

INSERT BULK [hygge_staging].[e_901_0_broken] ([part] nvarchar(max), [id] nvarchar(max), [source] nvarchar(max), [rule] nvarchar(max), [column] nvarchar(max), [reason] nvarchar(max), [run] nvarchar(max), [watermark] nvarchar(max), [columns] nvarchar(max), [row] nvarchar(max)) WITH (TABLOCK);
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_901_0_broken];
GO

alter table [hygge_metadata].rejected add [part] nvarchar(260) COLLATE Latin1_General_100_BIN2 null;
GO

alter table [hygge_metadata].rejected add [id] nvarchar(260) COLLATE Latin1_General_100_BIN2 null;
GO

alter table [hygge_metadata].rejected add [copy] bigint null;
GO

alter table [hygge_metadata].rejected add [source] nvarchar(max) null;
GO

alter table [hygge_metadata].rejected add [rule] nvarchar(max) null;
GO

alter table [hygge_metadata].rejected add [column] nvarchar(max) null;
GO

alter table [hygge_metadata].rejected add [reason] nvarchar(max) null;
GO

alter table [hygge_metadata].rejected add [run] nvarchar(max) null;
GO

alter table [hygge_metadata].rejected add [columns] nvarchar(max) null;
GO

insert into [hygge_metadata].rejected (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], SYSDATETIMEOFFSET(), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_901_0_broken] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads set id = @p4, epoch = 901, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 901, 0, 0, 0, SYSDATETIMEOFFSET());
GO

drop table if exists [hygge_staging].[e_901_0_broken];
GO

-- a look at those next to them
select [row] as n_row from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and role = @p4 and of_group = 0 and [part] is null;
GO

-- rows of an earlier version that leave the quarantine
delete from [hygge_metadata].rejected where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 0 and [part] is null and role = @p4;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

update [hygge_metadata].heads set id = @p4, epoch = 902, head = @p5, mark = @p6, [at] = SYSDATETIMEOFFSET() where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
SELECT ROWCOUNT_BIG() AS hygge_changed;
GO

insert into [hygge_metadata].commits (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 902, 0, 0, 0, SYSDATETIMEOFFSET());
GO

-- rights, as an administrator gives and takes them
IF SCHEMA_ID(N'hygge_metadata') IS NULL EXEC(N'CREATE SCHEMA [hygge_metadata]');
GO
IF SCHEMA_ID(N'hygge_staging') IS NULL EXEC(N'CREATE SCHEMA [hygge_staging]');
GO
IF OBJECT_ID(N'[hygge_metadata].heads') IS NULL create table [hygge_metadata].heads (
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  id nvarchar(max),
  epoch bigint,
  head nvarchar(max),
  mark nvarchar(max),
  [at] datetimeoffset(7),
  primary key nonclustered (flow, entity, table_name)
);
GO
IF OBJECT_ID(N'[hygge_metadata].commits') IS NULL create table [hygge_metadata].commits (
  intent_id nvarchar(260) COLLATE Latin1_General_100_BIN2 not null primary key nonclustered,
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  lineage nvarchar(max) not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark nvarchar(max),
  [at] datetimeoffset(7) not null
);
GO
IF OBJECT_ID(N'[hygge_metadata].staged') IS NULL create table [hygge_metadata].staged (
  name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null primary key nonclustered,
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  lineage nvarchar(max) not null,
  epoch bigint not null,
  [at] datetimeoffset(7) not null
);
GO
IF OBJECT_ID(N'[hygge_metadata].rejected') IS NULL create table [hygge_metadata].rejected (
  flow nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  entity nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  table_name nvarchar(260) COLLATE Latin1_General_100_BIN2 not null,
  role nvarchar(max) not null,
  of_group bigint not null,
  watermark nvarchar(max),
  [row] nvarchar(max) not null,
  intent_id nvarchar(max) not null,
  [at] datetimeoffset(7) not null,
  [part] nvarchar(260) COLLATE Latin1_General_100_BIN2,
  [id] nvarchar(260) COLLATE Latin1_General_100_BIN2,
  [copy] bigint,
  [source] nvarchar(max),
  [rule] nvarchar(max),
  [column] nvarchar(max),
  [reason] nvarchar(max),
  [run] nvarchar(max),
  [columns] nvarchar(max)
);
GO
GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::[hygge_metadata] TO [app's [role]]];
GO
GRANT ALTER, SELECT, INSERT, UPDATE, DELETE ON SCHEMA::[hygge_staging] TO [app's [role]]];
GO
GRANT CREATE TABLE TO [app's [role]]];
GO
IF DATABASE_PRINCIPAL_ID(N'app''s [role]') IS NULL CREATE USER [app's [role]]] FROM EXTERNAL PROVIDER;
GO
GRANT SELECT ON OBJECT::[reports].[o]]rders] TO [app's [role]]];
GO
GRANT VIEW DATABASE STATE TO [app's [role]]];
GO
GRANT VIEW CHANGE TRACKING ON OBJECT::[reports].[o]]rders] TO [app's [role]]];
GO
IF SCHEMA_ID(N'reports') IS NULL EXEC(N'CREATE SCHEMA [reports]');
GO
GRANT SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::[reports] TO [app's [role]]];
GO
REVOKE SELECT, INSERT, UPDATE, DELETE ON SCHEMA::[hygge_metadata] FROM [app's [role]]];
GO
REVOKE ALTER, SELECT, INSERT, UPDATE, DELETE ON SCHEMA::[hygge_staging] FROM [app's [role]]];
GO
REVOKE CREATE TABLE FROM [app's [role]]];
GO
REVOKE SELECT ON OBJECT::[reports].[o]]rders] FROM [app's [role]]];
GO
REVOKE VIEW DATABASE STATE FROM [app's [role]]];
GO
REVOKE VIEW CHANGE TRACKING ON OBJECT::[reports].[o]]rders] FROM [app's [role]]];
GO
REVOKE SELECT, INSERT, UPDATE, DELETE, ALTER ON SCHEMA::[reports] FROM [app's [role]]];
GO
