-- home: a look at a table
SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version, CONVERT(varchar(300), @@VERSION) AS banner;
GO

BEGIN TRANSACTION;
GO

SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.object_id = OBJECT_ID(@p1) AND o.type IN ('U', 'V');
GO

SELECT CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'UNMASK'), 0)) AS unmask,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'VIEW DEFINITION'), 0)) AS definitions,
  CONVERT(varchar(12), (SELECT COUNT(*) FROM sys.masked_columns)) AS masked;
GO

SELECT c.name AS name, TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(6), c.max_length) AS length,
  CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale, CONVERT(varchar(1), c.is_nullable) AS nullable,
  (SELECT COUNT(*) FROM sys.masked_columns AS m WHERE m.object_id = c.object_id AND m.column_id = c.column_id AND m.is_masked = 1) AS masked,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(@p2, 'OBJECT', 'UNMASK', c.name, 'COLUMN'), 0)) AS unmasked
FROM sys.columns AS c WHERE c.object_id = CONVERT(int, @p1) ORDER BY c.column_id;
GO

SELECT y.name AS policy, QUOTENAME(OBJECT_SCHEMA_NAME(p.target_object_id)) + '.' + QUOTENAME(OBJECT_NAME(p.target_object_id)) AS [table]
FROM sys.security_predicates AS p JOIN sys.security_policies AS y ON y.object_id = p.object_id
WHERE y.is_enabled = 1 AND p.predicate_type = 0 AND (@p1 IS NULL OR p.target_object_id = CONVERT(int, @p1))
ORDER BY y.name;
GO

SELECT CONVERT(varchar(12), k.parent_object_id) AS id, c.name AS [column], k.name AS [index],
  CASE WHEN k.type = 'PK' THEN '1' ELSE '0' END AS [primary], CONVERT(varchar(1), c.is_nullable) AS nullable
FROM sys.key_constraints AS k JOIN sys.index_columns AS i ON i.object_id = k.parent_object_id AND i.index_id = k.unique_index_id
JOIN sys.columns AS c ON c.object_id = i.object_id AND c.column_id = i.column_id
ORDER BY k.parent_object_id, k.name, i.key_ordinal;
GO

IF @@TRANCOUNT > 0 COMMIT TRANSACTION;
GO

-- home: all of a table
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders];
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders];
GO

-- home: the newest id
SELECT STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SYSUTCDATETIME()), 121), 11, 1, 'T') + 'Z' AS now;
GO

SELECT TOP (1) CONVERT(varchar(20), [id]) AS newest FROM [dbo].[orders] WHERE (
[id] IS NOT NULL
) ORDER BY [id] DESC;
GO

SELECT '1' AS counted FROM sys.identity_columns AS i WHERE i.object_id = OBJECT_ID(@p1) AND i.name = @p2;
GO

-- home: what is ahead of id, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[id] IS NULL
);
GO

-- home: an increment by id
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[id] > CONVERT(bigint, '39') AND [id] <= CONVERT(bigint, '39') OR [id] IS NULL
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] > CONVERT(bigint, '39') AND [id] <= CONVERT(bigint, '39') OR [id] IS NULL
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

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
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

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[day] > CONVERT(date, '2026-01-01') AND [day] <= CONVERT(date, '2026-01-01') OR [day] IS NULL
);
GO

-- home: the newest exact
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), [exact]), 121), 11, 1, 'T') AS newest FROM [dbo].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(6), '2026-11-23T14:00:00.000000')
) ORDER BY [exact] DESC;
GO

-- home: what is ahead of exact, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[exact] > CONVERT(datetime2(6), '2026-11-23T14:00:00.000000')
);
GO

SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[exact] IS NULL
);
GO

-- home: an increment by exact
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[exact] > CONVERT(datetime2(6), '2026-01-01T00:00:00.123456') AND [exact] <= CONVERT(datetime2(6), '2026-01-01T00:00:00.123456') OR [exact] IS NULL
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[exact] > CONVERT(datetime2(6), '2026-01-01T00:00:00.123456') AND [exact] <= CONVERT(datetime2(6), '2026-01-01T00:00:00.123456') OR [exact] IS NULL
);
GO

-- home: the newest note
SELECT TOP (1) CONVERT(nvarchar(max), [note]) AS newest FROM [dbo].[orders] WHERE (
[note] IS NOT NULL
) ORDER BY [note] COLLATE Latin1_General_100_BIN2_UTF8 DESC;
GO

-- home: what is ahead of note, and null
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[note] IS NULL
);
GO

-- home: an increment by note
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
[note] COLLATE Latin1_General_100_BIN2_UTF8 > 'note 9' AND [note] COLLATE Latin1_General_100_BIN2_UTF8 <= 'note 9' OR [note] IS NULL
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[note] COLLATE Latin1_General_100_BIN2_UTF8 > 'note 9' AND [note] COLLATE Latin1_General_100_BIN2_UTF8 <= 'note 9' OR [note] IS NULL
);
GO

-- home: all of a table, in small slices
SELECT CONVERT(varchar(20), MIN([id])) AS low, CONVERT(varchar(20), MAX([id])) AS high FROM [dbo].[orders];
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] < CONVERT(bigint, '1')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '1') AND [id] < CONVERT(bigint, '2')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '2') AND [id] < CONVERT(bigint, '3')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '3') AND [id] < CONVERT(bigint, '4')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '4') AND [id] < CONVERT(bigint, '5')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '5') AND [id] < CONVERT(bigint, '6')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '6') AND [id] < CONVERT(bigint, '7')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '7') AND [id] < CONVERT(bigint, '8')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '8') AND [id] < CONVERT(bigint, '9')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '9') AND [id] < CONVERT(bigint, '10')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '10') AND [id] < CONVERT(bigint, '11')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '11') AND [id] < CONVERT(bigint, '12')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '12') AND [id] < CONVERT(bigint, '13')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '13') AND [id] < CONVERT(bigint, '14')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '14') AND [id] < CONVERT(bigint, '15')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '15') AND [id] < CONVERT(bigint, '16')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '16') AND [id] < CONVERT(bigint, '17')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '17') AND [id] < CONVERT(bigint, '18')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '18') AND [id] < CONVERT(bigint, '19')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '19') AND [id] < CONVERT(bigint, '20')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '20') AND [id] < CONVERT(bigint, '21')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '21') AND [id] < CONVERT(bigint, '22')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '22') AND [id] < CONVERT(bigint, '23')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '23') AND [id] < CONVERT(bigint, '24')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '24') AND [id] < CONVERT(bigint, '25')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '25') AND [id] < CONVERT(bigint, '26')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '26') AND [id] < CONVERT(bigint, '27')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '27') AND [id] < CONVERT(bigint, '28')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '28') AND [id] < CONVERT(bigint, '29')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '29') AND [id] < CONVERT(bigint, '30')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '30') AND [id] < CONVERT(bigint, '31')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '31') AND [id] < CONVERT(bigint, '32')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '32') AND [id] < CONVERT(bigint, '33')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '33') AND [id] < CONVERT(bigint, '34')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '34') AND [id] < CONVERT(bigint, '35')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '35') AND [id] < CONVERT(bigint, '36')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '36') AND [id] < CONVERT(bigint, '37')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '37') AND [id] < CONVERT(bigint, '38')
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
[id] >= CONVERT(bigint, '38')
);
GO

-- home: a query
EXEC sys.sp_describe_first_result_set @tsql = @p1, @params = NULL, @browse_information_mode = 0;
GO

SELECT COUNT_BIG(*) AS counted FROM (
SELECT id FROM orders
) AS hygge_query;
GO

SELECT [id] FROM (
SELECT id FROM orders
) AS hygge_query;
GO

-- home: a condition
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders] WHERE (
id > 3 -- not those
);
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders] WHERE (
id > 3 -- not those
);
GO

-- home: some columns
SELECT [id] FROM [dbo].[orders];
GO

-- home: debug
SELECT USER_NAME() AS role, DB_NAME() AS [database], CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition;
GO

-- home: the tables of a database
SELECT CONVERT(varchar(12), o.object_id) AS id, s.name AS [schema], o.name AS name, RTRIM(o.type) AS kind,
  CONVERT(varchar(1), COALESCE(HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT'), 0)) AS may
FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN ('sys', 'queryinsights', 'INFORMATION_SCHEMA', 'hygge_metadata', 'hygge_staging')
ORDER BY s.name, o.name;
GO

SELECT CONVERT(varchar(12), c.object_id) AS id, c.name AS [column], TYPE_NAME(c.system_type_id) AS type,
  CONVERT(varchar(6), c.max_length) AS length, CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale,
  CONVERT(varchar(1), c.is_nullable) AS nullable
FROM sys.columns AS c JOIN sys.objects AS o ON o.object_id = c.object_id JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0 AND s.name NOT IN ('sys', 'queryinsights', 'INFORMATION_SCHEMA', 'hygge_metadata', 'hygge_staging')
ORDER BY c.object_id, c.column_id;
GO

-- home: a table that is not there
SELECT TOP (3) s.name AS [schema], o.name AS name FROM sys.objects AS o JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE o.type IN ('U', 'V') AND LOWER(o.name) = LOWER(@p1) ORDER BY s.name, o.name;
GO

IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO

-- a lag
SELECT TOP (1) STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), [exact]), 121), 11, 1, 'T') AS newest FROM [dbo].[orders] WHERE (
[exact] IS NOT NULL
) AND (
[exact] <= CONVERT(datetime2(6), '2026-11-22T23:59:00.000000')
) ORDER BY [exact] DESC;
GO

-- every type
SELECT COUNT_BIG(*) AS counted FROM [dbo].[all];
GO

SELECT [bit 0], [smallint 1], [int 2], [bigint 3], [real 4], [float 5], [decimal 6], CONVERT(varchar(41), [decimal 7]) AS [decimal 7], [date 8], [time 9], [datetime2 10], [datetime2 11], CONVERT(varbinary(5), [char 12]) AS [char 12], CONVERT(varbinary(20), [varchar 13]) AS [varchar 13], CONVERT(varbinary(8000), [varchar 14]) AS [varchar 14], CONVERT(varbinary(max), [varchar 15]) AS [varchar 15], [varbinary 16], [varbinary 17], [uniqueidentifier 18] FROM [dbo].[all];
GO

-- sums of rows
SELECT CONVERT(varchar(20), 0) AS [bucket], CONVERT(varchar(20), COUNT_BIG(*)) AS [rows], CONVERT(varchar(41), ISNULL(SUM(ISNULL(CONVERT(decimal(38,0), hygge_hash), CONVERT(decimal(38,0), 1000000000000000000000000000000))), 0)) AS [sum], CONVERT(varchar(20), COUNT_BIG(v1)) AS [count_1], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v1)), 1, 8)))), 0)) AS [sum_1], CONVERT(varchar(20), COUNT_BIG(v2)) AS [count_2], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v2)), 1, 8)))), 0)) AS [sum_2], CONVERT(varchar(20), COUNT_BIG(v3)) AS [count_3], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v3)), 1, 8)))), 0)) AS [sum_3], CONVERT(varchar(20), COUNT_BIG(v4)) AS [count_4], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v4)), 1, 8)))), 0)) AS [sum_4], CONVERT(varchar(20), COUNT_BIG(v5)) AS [count_5], CONVERT(varchar(41), ISNULL(SUM(CONVERT(decimal(38,0), CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), v5)), 1, 8)))), 0)) AS [sum_5] FROM (SELECT hygge_values.*, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1 + CASE WHEN h2 = 1 THEN CONVERT(varchar(20), DATALENGTH(v2)) + ':' + v2 ELSE 'n' END + CASE WHEN h3 = 1 THEN '10:' + v3 ELSE 'n' END + CASE WHEN h4 = 1 THEN CONVERT(varchar(20), DATALENGTH(v4)) + ':' + v4 ELSE 'n' END + CASE WHEN h5 = 1 THEN CONVERT(varchar(20), DATALENGTH(v5)) + ':' + v5 ELSE 'n' END)), 1, 8)) AS hygge_hash FROM (SELECT CONVERT(varchar(20), [id]) COLLATE Latin1_General_100_BIN2_UTF8 AS v1, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [price]) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v2, CASE WHEN ([price] IS NOT NULL) THEN 1 ELSE 0 END AS h2, CONVERT(varchar(10), [day], 23) COLLATE Latin1_General_100_BIN2_UTF8 AS v3, CASE WHEN ([day] IS NOT NULL) THEN 1 ELSE 0 END AS h3, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), [exact]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v4, CASE WHEN ([exact] IS NOT NULL) THEN 1 ELSE 0 END AS h4, CONVERT(varchar(max), CONVERT(nvarchar(max), [note]) COLLATE Latin1_General_100_BIN2_UTF8) AS v5, CASE WHEN ([note] IS NOT NULL) THEN 1 ELSE 0 END AS h5 FROM [dbo].[orders]) AS hygge_values) AS hygge_hashes;
GO

SELECT CONVERT(varchar(20), min(((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 1073741824)) & 31))) AS [bucket], CONVERT(varchar(20), COUNT_BIG(*)) AS [rows], CONVERT(varchar(41), ISNULL(SUM(ISNULL(CONVERT(decimal(38,0), hygge_hash), CONVERT(decimal(38,0), 1000000000000000000000000000000))), 0)) AS [sum] FROM (SELECT hygge_values.*, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1)), 1, 8)) AS k0, CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CONVERT(varbinary(max), CONVERT(varchar(max), '') + CONVERT(varchar(20), DATALENGTH(v1)) + ':' + v1 + CASE WHEN h2 = 1 THEN CONVERT(varchar(20), DATALENGTH(v2)) + ':' + v2 ELSE 'n' END + CASE WHEN h3 = 1 THEN '10:' + v3 ELSE 'n' END + CASE WHEN h4 = 1 THEN CONVERT(varchar(20), DATALENGTH(v4)) + ':' + v4 ELSE 'n' END + CASE WHEN h5 = 1 THEN CONVERT(varchar(20), DATALENGTH(v5)) + ':' + v5 ELSE 'n' END)), 1, 8)) AS hygge_hash FROM (SELECT CONVERT(varchar(20), [id]) COLLATE Latin1_General_100_BIN2_UTF8 AS v1, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(CONVERT(varchar(41), [price]) COLLATE Latin1_General_100_BIN2_UTF8, '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v2, CASE WHEN ([price] IS NOT NULL) THEN 1 ELSE 0 END AS h2, CONVERT(varchar(10), [day], 23) COLLATE Latin1_General_100_BIN2_UTF8 AS v3, CASE WHEN ([day] IS NOT NULL) THEN 1 ELSE 0 END AS h3, REPLACE(RTRIM(REPLACE(REPLACE(RTRIM(REPLACE(STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), [exact]), 121) COLLATE Latin1_General_100_BIN2_UTF8, 11, 1, 'T'), '0', ' ')), ' ', '0'), '.', ' ')), ' ', '.') AS v4, CASE WHEN ([exact] IS NOT NULL) THEN 1 ELSE 0 END AS h4, CONVERT(varchar(max), CONVERT(nvarchar(max), [note]) COLLATE Latin1_General_100_BIN2_UTF8) AS v5, CASE WHEN ([note] IS NOT NULL) THEN 1 ELSE 0 END AS h5 FROM [dbo].[orders]) AS hygge_values) AS hygge_hashes GROUP BY ((CONVERT(bigint, SUBSTRING(CONVERT(binary(8), k0), 1, 5)) / CONVERT(bigint, 1073741824)) & 31);
GO

-- rights, as an administrator gives and takes them
-- Share the item with app's [role] first (permission Read), or give it the role Viewer in the workspace;
GO

GRANT SELECT ON OBJECT::[sales].[o]]rders] TO [app's [role]]];
GO

REVOKE SELECT ON OBJECT::[sales].[o]]rders] FROM [app's [role]]];
GO

GRANT SELECT ON SCHEMA::[sales] TO [app's [role]]];
GO

REVOKE SELECT ON SCHEMA::[sales] FROM [app's [role]]];
GO

GRANT SELECT TO [app's [role]]];
GO

REVOKE SELECT FROM [app's [role]]];
GO

