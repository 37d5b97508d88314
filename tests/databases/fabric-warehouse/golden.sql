-- home: a look at a table
SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version, CONVERT(varchar(300), @@VERSION) AS banner;
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

-- home: all of a table
SELECT COUNT_BIG(*) AS counted FROM [dbo].[orders];
GO

BEGIN TRANSACTION;
GO

SELECT [id], CONVERT(varchar(41), [price]) AS [price], [day], [exact], CONVERT(varbinary(8000), [note]) AS [note] FROM [dbo].[orders];
GO

IF @@TRANCOUNT > 0 COMMIT TRANSACTION;
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
-- Share the item with app's [role] first (permission Read), or grant it the role Viewer in the workspace;
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

-- store: debug, of which nothing is there
SELECT CONVERT(varchar(10), SERVERPROPERTY('EngineEdition')) AS edition, CONVERT(varchar(128), SERVERPROPERTY('ProductVersion')) AS version, CONVERT(varchar(300), @@VERSION) AS banner;
GO

BEGIN TRANSACTION;
GO

SELECT 1 AS one;
GO

SELECT t.name AS name FROM sys.schemas AS s LEFT JOIN sys.tables AS t ON t.schema_id = s.schema_id WHERE s.name = @p1;
GO

IF SCHEMA_ID(N'hygge_metadata') IS NULL EXEC(N'CREATE SCHEMA [hygge_metadata]');
GO

IF SCHEMA_ID(N'hygge_staging') IS NULL EXEC(N'CREATE SCHEMA [hygge_staging]');
GO

create table [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  epoch bigint,
  head varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  mark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name) values ('f', 'e', 'dbo.e');
GO

IF OBJECT_ID(N'[hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027') IS NULL create table [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (
  intent_id varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027') IS NULL create table [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (
  name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027') IS NULL create table [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  role varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  of_group bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  intent_id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6) not null,
  [part] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [id] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [copy] bigint,
  [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8
);
GO

create table [hygge_metadata].owners_8bb848fe42e48bd6 (
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].owners_8bb848fe42e48bd6 (table_name) values ('dbo.e');
GO

SELECT o.kind AS kind, CONVERT(varchar(60), DATABASEPROPERTYEX(DB_NAME(), 'Edition')) AS edition, CONVERT(varchar(1), CASE WHEN HAS_PERMS_BY_NAME(QUOTENAME(@p2), 'SCHEMA', 'ALTER') = 1 AND HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), 'DATABASE', 'CREATE TABLE') = 1 THEN 1 ELSE 0 END) AS [create], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'ALTER')) AS [alter], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'INSERT')) AS [insert], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'UPDATE')) AS [update], CONVERT(varchar(1), HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'DELETE')) AS [delete], CONVERT(varchar(1), CASE WHEN HAS_PERMS_BY_NAME(@p1, 'OBJECT', 'CONTROL') = 1 OR HAS_PERMS_BY_NAME(QUOTENAME(@p2), 'SCHEMA', 'ALTER') = 1 THEN 1 ELSE 0 END) AS [drop],
  c.name AS name, TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(6), c.max_length) AS length,
  CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale, CONVERT(varchar(1), c.is_nullable) AS nullable,
  CONVERT(varchar(1), c.is_identity) AS counted, CONVERT(varchar(1), c.is_computed) AS generated, c.collation_name AS collation
FROM (SELECT 1 AS one) AS a LEFT JOIN (SELECT object_id, RTRIM(type) AS kind FROM sys.objects WHERE object_id = OBJECT_ID(@p1)) AS o ON 1 = 1
LEFT JOIN sys.columns AS c ON c.object_id = o.object_id ORDER BY c.column_id;
GO

create table [hygge_staging].[probe_mx2i4g00_n000000001] ([k] bigint, [c] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8);
GO

COPY INTO [hygge_staging].[probe_mx2i4g00_n000000001] ([k], [c]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/probe_mx2i4g00_n000000001/n000000001.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[probe_mx2i4g00_n000000001];
GO

create table [hygge_staging].[probe_mx2i4g00_n000000001_d] ([k] bigint not null, [c] varchar(max));
GO

create table [hygge_staging].[probe_mx2i4g00_n000000001_k] as select * from (select * from [hygge_staging].[probe_mx2i4g00_n000000001]) k;
GO

update hygge_now set [c] = hygge_new.[c] from [hygge_staging].[probe_mx2i4g00_n000000001_d] as hygge_now join [hygge_staging].[probe_mx2i4g00_n000000001_k] as hygge_new on hygge_now.[k] = hygge_new.[k];
GO

insert into [hygge_staging].[probe_mx2i4g00_n000000001_d] ([k], [c]) select hygge_new.[k], hygge_new.[c] from [hygge_staging].[probe_mx2i4g00_n000000001_k] hygge_new where not exists (select 1 from [hygge_staging].[probe_mx2i4g00_n000000001_d] hygge_now where hygge_now.[k] = hygge_new.[k]);
GO

delete hygge_now from [hygge_staging].[probe_mx2i4g00_n000000001_d] as hygge_now where hygge_now.[k] = 1;
GO

drop table [hygge_staging].[probe_mx2i4g00_n000000001_k];
GO

select top (1) 1 as one from [hygge_staging].[probe_mx2i4g00_n000000001_d];
GO

drop table [hygge_staging].[probe_mx2i4g00_n000000001_d];
GO

drop table [hygge_staging].[probe_mx2i4g00_n000000001];
GO

create table [dbo].[e] ([c] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8);
GO

IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;
GO

-- store: a first load
COMMIT TRANSACTION;
GO

insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 1, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_1_0_data_n000000004] ([id] bigint, [mark] bigint);
GO

create table [hygge_staging].[e_1_0_boundary_n000000008] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_1_0_data_n000000004] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_1_0_data_n000000004/n000000005.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_1_0_data_n000000004];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_1_0_data_n000000004];
GO

COPY INTO [hygge_staging].[e_1_0_boundary_n000000008] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_1_0_boundary_n000000008/n000000009.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_1_0_boundary_n000000008];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_1_0_boundary_n000000008];
GO

select head, mark from [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

SELECT c.name AS name, TYPE_NAME(c.system_type_id) AS type, CONVERT(varchar(6), c.max_length) AS length,
  CONVERT(varchar(3), c.precision) AS digits, CONVERT(varchar(3), c.scale) AS scale, CONVERT(varchar(1), c.is_nullable) AS nullable,
  CONVERT(varchar(1), c.is_identity) AS counted, CONVERT(varchar(1), c.is_computed) AS generated, c.collation_name AS collation
FROM sys.columns AS c JOIN sys.tables AS t ON t.object_id = c.object_id WHERE c.object_id = OBJECT_ID(@p1) ORDER BY c.column_id;
GO

select name from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

create table [dbo].[e] ([id] bigint not null, [mark] bigint);
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_1_0_data_n000000004] hygge_new;
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_1_0_boundary_n000000008] hygge_new;
GO

SELECT TOP (1) 1 as one from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 1, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 1, 2, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_1_0_data_n000000004];
GO

drop table if exists [hygge_staging].[e_1_0_boundary_n000000008];
GO

delete from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name in (@p1, @p2);
GO

-- store: debug, where it has settled before
create table [hygge_staging].[probe_mx2i4g00_n000000012] ([k] bigint, [c] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8);
GO

COPY INTO [hygge_staging].[probe_mx2i4g00_n000000012] ([k], [c]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/probe_mx2i4g00_n000000012/n000000012.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[probe_mx2i4g00_n000000012];
GO

create table [hygge_staging].[probe_mx2i4g00_n000000012_d] ([k] bigint not null, [c] varchar(max));
GO

create table [hygge_staging].[probe_mx2i4g00_n000000012_k] as select * from (select * from [hygge_staging].[probe_mx2i4g00_n000000012]) k;
GO

update hygge_now set [c] = hygge_new.[c] from [hygge_staging].[probe_mx2i4g00_n000000012_d] as hygge_now join [hygge_staging].[probe_mx2i4g00_n000000012_k] as hygge_new on hygge_now.[k] = hygge_new.[k];
GO

insert into [hygge_staging].[probe_mx2i4g00_n000000012_d] ([k], [c]) select hygge_new.[k], hygge_new.[c] from [hygge_staging].[probe_mx2i4g00_n000000012_k] hygge_new where not exists (select 1 from [hygge_staging].[probe_mx2i4g00_n000000012_d] hygge_now where hygge_now.[k] = hygge_new.[k]);
GO

delete hygge_now from [hygge_staging].[probe_mx2i4g00_n000000012_d] as hygge_now where hygge_now.[k] = 1;
GO

drop table [hygge_staging].[probe_mx2i4g00_n000000012_k];
GO

select top (1) 1 as one from [hygge_staging].[probe_mx2i4g00_n000000012_d];
GO

drop table [hygge_staging].[probe_mx2i4g00_n000000012_d];
GO

drop table [hygge_staging].[probe_mx2i4g00_n000000012];
GO

-- store: a look at what settled
select COUNT_BIG(*) as n from [dbo].[e] where 1 = 1;
GO

-- store: rows in two slices
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 2, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_2_0_data_n000000015] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_2_0_data_n000000015] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_2_0_data_n000000015/n000000016.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_2_0_data_n000000015];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_2_0_data_n000000015];
GO

create table [hygge_staging].[e_2_1_data_n000000019] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_2_1_data_n000000019] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_2_1_data_n000000019/n000000020.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_2_1_data_n000000019];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_2_1_data_n000000019];
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_2_0_data_n000000015] hygge_new;
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_2_1_data_n000000019] hygge_new;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 2, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 2, 2, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_2_0_data_n000000015];
GO

drop table if exists [hygge_staging].[e_2_1_data_n000000019];
GO

-- store: the open group
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 3, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_3_0_boundary_n000000023] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_3_0_boundary_n000000023] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_3_0_boundary_n000000023/n000000024.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_3_0_boundary_n000000023];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_3_0_boundary_n000000023];
GO

select COUNT_BIG(*) as n from [dbo].[e] where [mark] = CONVERT(bigint, '2');
GO

delete from [dbo].[e] where [mark] = CONVERT(bigint, '2');
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_3_0_boundary_n000000023] hygge_new;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 3, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 3, 1, 0, 3, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_3_0_boundary_n000000023];
GO

delete from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name in (@p1);
GO

-- store: a range
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 4, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_4_0_data_n000000027] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_4_0_data_n000000027] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_4_0_data_n000000027/n000000028.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_4_0_data_n000000027];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_4_0_data_n000000027];
GO

select COUNT_BIG(*) as n from [dbo].[e] where [mark] >= CONVERT(bigint, '1') and [mark] < CONVERT(bigint, '3');
GO

delete from [dbo].[e] where [mark] >= CONVERT(bigint, '1') and [mark] < CONVERT(bigint, '3');
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_4_0_data_n000000027] hygge_new;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 4, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 4, 1, 0, 2, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_4_0_data_n000000027];
GO

-- store: a full load
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 5, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_5_0_data_n000000031] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_5_0_data_n000000031] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_5_0_data_n000000031/n000000032.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_5_0_data_n000000031];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_5_0_data_n000000031];
GO

delete from [dbo].[e] where 1 = 1;
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_5_0_data_n000000031] hygge_new;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 5, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 5, 1, 0, 1, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_5_0_data_n000000031];
GO

-- store: rows that break a rule
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 6, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_6_0_data_n000000035] ([id] bigint, [mark] bigint);
GO

create table [hygge_staging].[e_6_0_broken_n000000039] ([part] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [watermark] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8);
GO

COPY INTO [hygge_staging].[e_6_0_data_n000000035] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_6_0_data_n000000035/n000000036.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_6_0_data_n000000035];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_6_0_data_n000000035];
GO

COPY INTO [hygge_staging].[e_6_0_broken_n000000039] ([part], [id], [source], [rule], [column], [reason], [run], [watermark], [columns], [row]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_6_0_broken_n000000039/n000000040.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_6_0_broken_n000000039];
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_6_0_data_n000000035] hygge_new;
GO

update [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 set of_group = 0 where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 1;
GO

insert into [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, role, of_group, [copy], [at], [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns]) select @p1, @p2, @p3, @p4, hygge_new.role, hygge_new.of_group, hygge_new.[copy], CONVERT(datetime2(6), SYSUTCDATETIME()), hygge_new.[watermark], hygge_new.[row], hygge_new.[part], hygge_new.[id], hygge_new.[source], hygge_new.[rule], hygge_new.[column], hygge_new.[reason], hygge_new.[run], hygge_new.[columns] from (select [watermark], [row], [part], [id], [source], [rule], [column], [reason], [run], [columns], role, of_group, row_number() over (partition by [id] order by [id]) as [copy] from (select p.[watermark], p.[row], p.[part], p.[id], p.[source], p.[rule], p.[column], p.[reason], p.[run], p.[columns], 'broken' as role, 0 as of_group from [hygge_staging].[e_6_0_broken_n000000039] p) a) hygge_new where not exists (select 1 from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 hygge_now where flow = @p1 and entity = @p2 and table_name = @p3 and hygge_now.[id] = hygge_new.[id] and hygge_now.[copy] = hygge_new.[copy]);
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 6, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 6, 1, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_6_0_data_n000000035];
GO

drop table if exists [hygge_staging].[e_6_0_broken_n000000039];
GO

-- store: a look at the quarantine
select COUNT_BIG(*) as n from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

select [part] as n_part, of_group as n_group, min(intent_id) as n_first, COUNT_BIG(*) as n, min([role]) as n_role, min([run]) as n_run, min([source]) as n_source, min([columns]) as n_columns from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3 and [part] is not null group by [part], of_group;
GO

select role as n_role, of_group as n_group, COUNT_BIG(*) as n from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3 and [part] is null group by role, of_group;
GO

SELECT TOP (500) [role] as n_role, [rule] as n_rule, [column] as n_column, [reason] as n_reason, [run] as n_run, [columns] as n_columns, [row] as n_row, [id] as n_id, [copy] as n_copy from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3 and [part] = @p4 and of_group = 0 order by [id], [copy];
GO

-- store: a row out of quarantine
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 7, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_7_0_data_n000000043] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_7_0_data_n000000043] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_7_0_data_n000000043/n000000044.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_7_0_data_n000000043];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_7_0_data_n000000043];
GO

insert into [dbo].[e] ([id], [mark]) select hygge_new.[id], hygge_new.[mark] from [hygge_staging].[e_7_0_data_n000000043] hygge_new;
GO

delete from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3 and of_group = 0 and [part] = @p4;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 7, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 7, 1, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_7_0_data_n000000043];
GO

-- store: a column that is added
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 8, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_8_0_data_n000000047] ([id] bigint, [mark] bigint, [more] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8);
GO

COPY INTO [hygge_staging].[e_8_0_data_n000000047] ([id], [mark], [more]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_8_0_data_n000000047/n000000048.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_8_0_data_n000000047];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, count([more]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([more])))) as sum2 from [hygge_staging].[e_8_0_data_n000000047];
GO

alter table [dbo].[e] add [more] varchar(max) null;
GO

insert into [dbo].[e] ([id], [mark], [more]) select hygge_new.[id], hygge_new.[mark], hygge_new.[more] from [hygge_staging].[e_8_0_data_n000000047] hygge_new;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 8, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 8, 1, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_8_0_data_n000000047];
GO

-- store: a first merge
create table [hygge_metadata].heads_ab2ae92502add02b_2aa99e3fb1c5be36 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  epoch bigint,
  head varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  mark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].heads_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name) values ('f', 'k', 'dbo.k');
GO

IF OBJECT_ID(N'[hygge_metadata].commits_ab2ae92502add02b_2aa99e3fb1c5be36') IS NULL create table [hygge_metadata].commits_ab2ae92502add02b_2aa99e3fb1c5be36 (
  intent_id varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36') IS NULL create table [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 (
  name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].rejected_ab2ae92502add02b_2aa99e3fb1c5be36') IS NULL create table [hygge_metadata].rejected_ab2ae92502add02b_2aa99e3fb1c5be36 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  role varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  of_group bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  intent_id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6) not null,
  [part] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [id] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [copy] bigint,
  [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8
);
GO

create table [hygge_metadata].owners_ab2ae92502add02b (
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].owners_ab2ae92502add02b (table_name) values ('dbo.k');
GO

insert into [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 1, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where name = @p4);
GO

create table [hygge_staging].[e_1_0_data_n000000051] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_1_0_data_n000000051] ([k], [id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_1_0_data_n000000051/n000000052.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_1_0_data_n000000051];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_1_0_data_n000000051];
GO

select head, mark from [hygge_metadata].heads_ab2ae92502add02b_2aa99e3fb1c5be36 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_1_0_data_n000000051] p) r group by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 having count(*) > 1;
GO

select name from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

create table [dbo].[k] ([k] varchar(max) not null, [id] bigint not null, [mark] bigint);
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_1_0_data_n000000051] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id], [mark] = hygge_new.[mark] from [dbo].[k] as hygge_now join (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_1_0_data_n000000051] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01;
GO

insert into [dbo].[k] ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_1_0_data_n000000051] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[k] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_1_0_data_n000000051] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[k] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

SELECT TOP (1) 1 as one from [hygge_metadata].rejected_ab2ae92502add02b_2aa99e3fb1c5be36 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads_ab2ae92502add02b_2aa99e3fb1c5be36 set id = @p4, epoch = 1, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
GO

insert into [hygge_metadata].commits_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 1, 1, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_1_0_data_n000000051];
GO

delete from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where name in (@p1);
GO

-- store: a merge
insert into [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 2, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where name = @p4);
GO

create table [hygge_staging].[e_2_0_data_n000000055] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_2_0_data_n000000055] ([k], [id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_2_0_data_n000000055/n000000056.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_2_0_data_n000000055];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_2_0_data_n000000055];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_2_0_data_n000000055] p) r group by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 having count(*) > 1;
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_2_0_data_n000000055] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id], [mark] = hygge_new.[mark] from [dbo].[k] as hygge_now join (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_2_0_data_n000000055] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01;
GO

insert into [dbo].[k] ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_2_0_data_n000000055] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[k] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_2_0_data_n000000055] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[k] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

update [hygge_metadata].heads_ab2ae92502add02b_2aa99e3fb1c5be36 set id = @p4, epoch = 2, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 2, 1, 1, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_2_0_data_n000000055];
GO

-- store: a merge of keys that come twice, and of deleted rows
insert into [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 3, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where name = @p4);
GO

create table [hygge_staging].[e_3_0_data_n000000059] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

create table [hygge_staging].[e_3_0_deleted_n000000063] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_3_0_data_n000000059] ([k], [id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_3_0_data_n000000059/n000000060.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_3_0_data_n000000059];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_3_0_data_n000000059];
GO

COPY INTO [hygge_staging].[e_3_0_deleted_n000000063] ([k], [id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_3_0_deleted_n000000063/n000000064.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_3_0_deleted_n000000063];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_3_0_deleted_n000000063];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_3_0_data_n000000059] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_3_0_deleted_n000000063] p) r group by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 having count(*) > 1;
GO

SELECT TOP (1) min([k]) as [k] from (select [k], hygge_one from (select distinct [k], [id], [mark], convert(varbinary(max), convert(varchar(max), [k])) + 0x01 as hygge_exact_0, 0 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_3_0_data_n000000059] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_3_0_deleted_n000000063] p) r) k where hygge_rank = 1) l where hygge_gone = 0) a union all select distinct [k], 1 as hygge_one from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_3_0_data_n000000059] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_3_0_deleted_n000000063] p) r) k where hygge_rank = 1) g where hygge_gone = 1) b group by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 having count(*) > 1;
GO

create table [hygge_staging].[commit_9195e9813f8c708c99dc6f01] as select * from (select distinct [k], [id], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_3_0_data_n000000059] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_3_0_deleted_n000000063] p) r) k where hygge_rank = 1) n where hygge_gone = 0) k;
GO

create table [hygge_staging].[commit_abfda9ca86e315b4b3d29973] as select * from (select distinct [k], [mark] from (select [k], [id], [mark], hygge_gone from (select [k], [id], [mark], hygge_gone, rank() over (partition by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 order by case when [mark] is null then 1 else 0 end, [mark] desc) as hygge_rank from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_3_0_data_n000000059] p union all select [k], [id], [mark], 1 as hygge_gone from [hygge_staging].[e_3_0_deleted_n000000063] p) r) k where hygge_rank = 1) n where hygge_gone = 1) k;
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_9195e9813f8c708c99dc6f01] hygge_new where 1 = 1;
GO

delete hygge_now from [dbo].[k] as hygge_now where exists (select 1 from [hygge_staging].[commit_abfda9ca86e315b4b3d29973] hygge_new where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01 and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

select COUNT_BIG(*) as n from [dbo].[k] hygge_now where exists (select 1 from [hygge_staging].[commit_abfda9ca86e315b4b3d29973] hygge_new where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01 and (hygge_now.[mark] is null or hygge_now.[mark] <= hygge_new.[mark]));
GO

update hygge_now set [id] = hygge_new.[id], [mark] = hygge_new.[mark] from [dbo].[k] as hygge_now join [hygge_staging].[commit_9195e9813f8c708c99dc6f01] as hygge_new on hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01;
GO

insert into [dbo].[k] ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from [hygge_staging].[commit_9195e9813f8c708c99dc6f01] hygge_new where not exists (select 1 from [dbo].[k] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

select COUNT_BIG(*) as n from [hygge_staging].[commit_9195e9813f8c708c99dc6f01] hygge_new where not exists (select 1 from [dbo].[k] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

drop table [hygge_staging].[commit_9195e9813f8c708c99dc6f01];
GO

drop table [hygge_staging].[commit_abfda9ca86e315b4b3d29973];
GO

update [hygge_metadata].heads_ab2ae92502add02b_2aa99e3fb1c5be36 set id = @p4, epoch = 3, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

insert into [hygge_metadata].commits_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 3, 0, 1, 1, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_3_0_data_n000000059];
GO

drop table if exists [hygge_staging].[e_3_0_deleted_n000000063];
GO

delete from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where name in (@p1, @p2);
GO

-- store: rows of one key, set apart
insert into [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 4, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_ab2ae92502add02b_2aa99e3fb1c5be36 where name = @p4);
GO

create table [hygge_staging].[e_4_0_data_n000000067] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_4_0_data_n000000067] ([k], [id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_4_0_data_n000000067/n000000068.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_4_0_data_n000000067];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_4_0_data_n000000067];
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_4_0_data_n000000067] p) r group by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 having count(*) > 1;
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark], 0 as hygge_group from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_4_0_data_n000000067] p) w) o where hygge_group = 1;
GO

create table [hygge_staging].[e_4_9_ranked_n000000071] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint, [hygge_place] bigint, [hygge_group] bigint);
GO

insert into [hygge_staging].[e_4_9_ranked_n000000071] ([k], [id], [mark], hygge_place, hygge_group) select [k], [id], [mark], 2 as hygge_place, hygge_group from (select [k], [id], [mark], hygge_group, convert(varbinary(max), convert(varchar(max), [k])) + 0x01 as hygge_k0 from (select [k], [id], [mark], 0 as hygge_group from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_4_0_data_n000000067] p) w) a) r join (select distinct hygge_m0 as hygge_of_0 from (select hygge_m0, row_number() over (partition by hygge_k0 order by case when [mark] is null then 1 else 0 end, [mark] desc, convert(varbinary(max), convert(varchar(max), [k])) + 0x01, [id]) as hygge_place from (select convert(varbinary(max), convert(varchar(max), [k])) + 0x01 as hygge_m0, [k], [id], [mark], [id] as hygge_k0 from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_4_0_data_n000000067] p) r where hygge_gone = 0) c) d where hygge_k0 is not null) e where hygge_place > 1) k on r.hygge_k0 = k.hygge_of_0;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_4_9_ranked_n000000071] f where hygge_place > 1 and hygge_group = 0;
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_4_9_ranked_n000000071] f where hygge_place > 1 and hygge_group = 1;
GO

create table [hygge_staging].[e_4_9_data_n000000072] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

insert into [hygge_staging].[e_4_9_data_n000000072] ([k], [id], [mark]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark] from (select [k], [id], [mark], hygge_group, convert(varbinary(max), convert(varchar(max), [k])) + 0x01 as hygge_k0 from (select [k], [id], [mark], 0 as hygge_group from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_4_0_data_n000000067] p) w) a) hygge_new where not exists (select 1 from (select hygge_k0 as hygge_of_0 from (select [k], [id], [mark], hygge_group, convert(varbinary(max), convert(varchar(max), [k])) + 0x01 as hygge_k0 from [hygge_staging].[e_4_9_ranked_n000000071] q) n) hygge_now where hygge_new.hygge_k0 = hygge_now.hygge_of_0);
GO

insert into [hygge_staging].[e_4_9_data_n000000072] ([k], [id], [mark]) select [k], [id], [mark] from [hygge_staging].[e_4_9_ranked_n000000071] f where hygge_place = 1;
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_4_9_data_n000000072];
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

SELECT COUNT_BIG(*) AS counted FROM [hygge_staging].[e_4_9_ranked_n000000071] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

SELECT CONVERT(varbinary(max), [k]) AS [k], [id], [mark] FROM [hygge_staging].[e_4_9_ranked_n000000071] WHERE (
[hygge_place] > 1 AND [hygge_group] = 0
);
GO

create table [hygge_staging].[e_4_9_broken_n000000073] ([part] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [watermark] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8);
GO

IF @@TRANCOUNT > 0 COMMIT TRANSACTION;
GO

COPY INTO [hygge_staging].[e_4_9_broken_n000000073] ([part], [id], [source], [rule], [column], [reason], [run], [watermark], [columns], [row]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_4_9_broken_n000000073/n000000074.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_4_9_broken_n000000073];
GO

drop table if exists [hygge_staging].[e_4_9_ranked_n000000071];
GO

-- store: a merge next to rows of others
create table [hygge_metadata].heads_275fd92c23b7cb94_c8548020fdda1027 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  epoch bigint,
  head varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  mark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].heads_275fd92c23b7cb94_c8548020fdda1027 (flow, entity, table_name) values ('f', 'e', 'dbo.m');
GO

IF OBJECT_ID(N'[hygge_metadata].commits_275fd92c23b7cb94_c8548020fdda1027') IS NULL create table [hygge_metadata].commits_275fd92c23b7cb94_c8548020fdda1027 (
  intent_id varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].staged_275fd92c23b7cb94_c8548020fdda1027') IS NULL create table [hygge_metadata].staged_275fd92c23b7cb94_c8548020fdda1027 (
  name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].rejected_275fd92c23b7cb94_c8548020fdda1027') IS NULL create table [hygge_metadata].rejected_275fd92c23b7cb94_c8548020fdda1027 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  role varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  of_group bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  intent_id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6) not null,
  [part] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [id] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [copy] bigint,
  [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8
);
GO

create table [hygge_metadata].owners_275fd92c23b7cb94 (
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].owners_275fd92c23b7cb94 (table_name) values ('dbo.m');
GO

insert into [hygge_metadata].staged_275fd92c23b7cb94_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 5, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_275fd92c23b7cb94_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_5_0_data_n000000077] ([k] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_5_0_data_n000000077] ([k], [id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_5_0_data_n000000077/n000000078.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_5_0_data_n000000077];
GO

select COUNT_BIG(*) as n0, count([k]) as n1, count([id]) as n2, count([mark]) as n3, CONVERT(varchar(20), min([mark])) as n4, CONVERT(varchar(20), max([mark])) as n5, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([k])))) as sum0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum1, CONVERT(varchar(20), min([id])) as min1, CONVERT(varchar(20), max([id])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum2, CONVERT(varchar(20), min([mark])) as min2, CONVERT(varchar(20), max([mark])) as max2 from [hygge_staging].[e_5_0_data_n000000077];
GO

select head, mark from [hygge_metadata].heads_275fd92c23b7cb94_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

SELECT TOP (1) 1 as one from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data_n000000077] p) r group by convert(varbinary(max), convert(varchar(max), [k])) + 0x01 having count(*) > 1;
GO

select name from [hygge_metadata].staged_275fd92c23b7cb94_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

create table [dbo].[m] ([k] varchar(max) not null, [id] bigint not null, [mark] bigint, [Loaded By] varchar(max));
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data_n000000077] p) r where hygge_gone = 0) hygge_new where 1 = 1;
GO

update hygge_now set [id] = hygge_new.[id], [mark] = hygge_new.[mark], [Loaded By] = 'f.e' from [dbo].[m] as hygge_now join (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data_n000000077] p) r where hygge_gone = 0) as hygge_new on hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01 and hygge_now.[Loaded By] COLLATE Latin1_General_100_BIN2_UTF8 = 'f.e';
GO

insert into [dbo].[m] ([k], [id], [mark], [Loaded By]) select hygge_new.[k], hygge_new.[id], hygge_new.[mark], 'f.e' from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data_n000000077] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01);
GO

select COUNT_BIG(*) as n from (select [k], [id], [mark] from (select [k], [id], [mark], 0 as hygge_gone from [hygge_staging].[e_5_0_data_n000000077] p) r where hygge_gone = 0) hygge_new where not exists (select 1 from [dbo].[m] hygge_now where hygge_now.[k] = hygge_new.[k] collate Latin1_General_100_BIN2_UTF8 and convert(varbinary(max), convert(varchar(max), hygge_now.[k])) + 0x01 = convert(varbinary(max), convert(varchar(max), hygge_new.[k])) + 0x01 and hygge_now.[Loaded By] COLLATE Latin1_General_100_BIN2_UTF8 = 'f.e');
GO

update [hygge_metadata].owners_275fd92c23b7cb94 set [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where table_name = @p1;
GO

SELECT TOP (1) 1 as one from [hygge_metadata].rejected_275fd92c23b7cb94_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

select COUNT_BIG(*) as n from [dbo].[m] where [Loaded By] COLLATE Latin1_General_100_BIN2_UTF8 = 'f.e';
GO

select COUNT_BIG(*) as n from [dbo].[m] where 1 = 1;
GO

update [hygge_metadata].heads_275fd92c23b7cb94_c8548020fdda1027 set id = @p4, epoch = 5, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
GO

insert into [hygge_metadata].commits_275fd92c23b7cb94_c8548020fdda1027 (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 5, 1, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_5_0_data_n000000077];
GO

delete from [hygge_metadata].staged_275fd92c23b7cb94_c8548020fdda1027 where name in (@p1);
GO

-- store: every type
create table [hygge_metadata].heads_9cee1ec760973991_5a4f8a22ab636c8d (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  epoch bigint,
  head varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  mark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].heads_9cee1ec760973991_5a4f8a22ab636c8d (flow, entity, table_name) values ('f', 'w', 'dbo.w');
GO

IF OBJECT_ID(N'[hygge_metadata].commits_9cee1ec760973991_5a4f8a22ab636c8d') IS NULL create table [hygge_metadata].commits_9cee1ec760973991_5a4f8a22ab636c8d (
  intent_id varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].staged_9cee1ec760973991_5a4f8a22ab636c8d') IS NULL create table [hygge_metadata].staged_9cee1ec760973991_5a4f8a22ab636c8d (
  name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].rejected_9cee1ec760973991_5a4f8a22ab636c8d') IS NULL create table [hygge_metadata].rejected_9cee1ec760973991_5a4f8a22ab636c8d (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  role varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  of_group bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  intent_id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6) not null,
  [part] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [id] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [copy] bigint,
  [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8
);
GO

create table [hygge_metadata].owners_9cee1ec760973991 (
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].owners_9cee1ec760973991 (table_name) values ('dbo.w');
GO

insert into [hygge_metadata].staged_9cee1ec760973991_5a4f8a22ab636c8d (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 9, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_9cee1ec760973991_5a4f8a22ab636c8d where name = @p4);
GO

create table [hygge_staging].[e_9_0_data_n000000081] ([id] bigint, [mark] bigint, [a bool] bit, [a int16] smallint, [a int32] int, [a float32] real, [a float64] float, [a string] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [a binary] varbinary(max), [a uuid] varchar(36) COLLATE Latin1_General_100_BIN2_UTF8, [a json] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8, [a date] date, [time us] varchar(15) COLLATE Latin1_General_100_BIN2_UTF8, [stamp us] datetime2(6), [instant us] datetime2(6), [exact] decimal(38,10));
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, count([a bool]) as n3, count([a int16]) as n4, count([a int32]) as n5, count([a float32]) as n6, count([a float64]) as n7, count([a string]) as n8, count([a binary]) as n9, count([a uuid]) as n10, count([a json]) as n11, count([a date]) as n12, count([time us]) as n13, count([stamp us]) as n14, count([instant us]) as n15, count([exact]) as n16, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a bool]))) as sum2, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int16]))) as sum3, CONVERT(varchar(20), min([a int16])) as min3, CONVERT(varchar(20), max([a int16])) as max3, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [a int32]))) as sum4, CONVERT(varchar(20), min([a int32])) as min4, CONVERT(varchar(20), max([a int32])) as max4, MIN([a float32]) as min5, MAX([a float32]) as max5, MIN([a float64]) as min6, MAX([a float64]) as max6, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), DATALENGTH([a string])))) as sum7, CONVERT(varchar(10), min([a date]), 23) as min11, CONVERT(varchar(10), max([a date]), 23) as max11, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), min([stamp us])), 121), 11, 1, 'T') as min13, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), max([stamp us])), 121), 11, 1, 'T') as max13, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(min([instant us]), '+00:00')), 121), 11, 1, 'T') + 'Z' as min14, STUFF(CONVERT(varchar(27), CONVERT(datetime2(6), SWITCHOFFSET(max([instant us]), '+00:00')), 121), 11, 1, 'T') + 'Z' as max14, CONVERT(varchar(41), CONVERT(decimal(38,10), min([exact]))) as min15, CONVERT(varchar(41), CONVERT(decimal(38,10), max([exact]))) as max15 from [hygge_staging].[e_9_0_data_n000000081];
GO

select head, mark from [hygge_metadata].heads_9cee1ec760973991_5a4f8a22ab636c8d where flow = @p1 and entity = @p2 and table_name = @p3;
GO

select name from [hygge_metadata].staged_9cee1ec760973991_5a4f8a22ab636c8d where flow = @p1 and entity = @p2 and table_name = @p3;
GO

create table [dbo].[w] ([id] bigint not null, [mark] bigint, [a bool] bit, [a int16] smallint, [a int32] int, [a float32] real, [a float64] float, [a string] varchar(max), [a binary] varbinary(max), [a uuid] uniqueidentifier, [a json] varchar(max), [a date] date, [time us] time(6), [stamp us] datetime2(6), [instant us] datetime2(6), [exact] decimal(38,10));
GO

insert into [dbo].[w] ([id], [mark], [a bool], [a int16], [a int32], [a float32], [a float64], [a string], [a binary], [a uuid], [a json], [a date], [time us], [stamp us], [instant us], [exact]) select hygge_new.[id], hygge_new.[mark], hygge_new.[a bool], hygge_new.[a int16], hygge_new.[a int32], hygge_new.[a float32], hygge_new.[a float64], hygge_new.[a string], hygge_new.[a binary], hygge_new.[a uuid], hygge_new.[a json], hygge_new.[a date], hygge_new.[time us], hygge_new.[stamp us], hygge_new.[instant us], hygge_new.[exact] from [hygge_staging].[e_9_0_data_n000000081] hygge_new;
GO

SELECT TOP (1) 1 as one from [hygge_metadata].rejected_9cee1ec760973991_5a4f8a22ab636c8d where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads_9cee1ec760973991_5a4f8a22ab636c8d set id = @p4, epoch = 9, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
GO

insert into [hygge_metadata].commits_9cee1ec760973991_5a4f8a22ab636c8d (flow, entity, table_name, intent_id, lineage, watermark, epoch, inserted, updated, deleted, [at]) values (@p1, @p2, @p3, @p4, @p5, @p6, 9, 0, 0, 0, CONVERT(datetime2(6), SYSUTCDATETIME()));
GO

drop table if exists [hygge_staging].[e_9_0_data_n000000081];
GO

delete from [hygge_metadata].staged_9cee1ec760973991_5a4f8a22ab636c8d where name in (@p1);
GO

-- store: an attempt that no one finishes, and the sweep
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 10, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_10_0_data_n000000082] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_10_0_data_n000000082] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_10_0_data_n000000082/n000000083.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_10_0_data_n000000082];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_10_0_data_n000000082];
GO

select name, epoch from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3 and lineage = @p4 and epoch < 11;
GO

drop table if exists [hygge_staging].[e_10_0_data_n000000082];
GO

-- store: a commit that is given up
insert into [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 (flow, entity, table_name, name, lineage, epoch, [at]) select @p1, @p2, @p3, @p4, @p5, 12, CONVERT(datetime2(6), SYSUTCDATETIME()) from (select 1 as one) as hygge_one where not exists (select 1 from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where name = @p4);
GO

create table [hygge_staging].[e_12_0_data_n000000086] ([id] bigint, [mark] bigint);
GO

COPY INTO [hygge_staging].[e_12_0_data_n000000086] ([id], [mark]) FROM 'https://lakeone.dfs.core.windows.net/raw/stage/e_12_0_data_n000000086/n000000087.parquet' WITH (FILE_TYPE = 'PARQUET');
GO

select COUNT_BIG(*) as n from [hygge_staging].[e_12_0_data_n000000086];
GO

select COUNT_BIG(*) as n0, count([id]) as n1, count([mark]) as n2, CONVERT(varchar(20), min([mark])) as n3, CONVERT(varchar(20), max([mark])) as n4, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [id]))) as sum0, CONVERT(varchar(20), min([id])) as min0, CONVERT(varchar(20), max([id])) as max0, CONVERT(varchar(41), SUM(CONVERT(decimal(38,0), [mark]))) as sum1, CONVERT(varchar(20), min([mark])) as min1, CONVERT(varchar(20), max([mark])) as max1 from [hygge_staging].[e_12_0_data_n000000086];
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 12, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

drop table if exists [hygge_staging].[e_12_0_data_n000000086];
GO

-- store: a reset
select name, epoch from [hygge_metadata].staged_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = @p4, epoch = 13, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id = @p7;
GO

-- store: a head that goes to another entity, and away
create table [hygge_metadata].heads_8bb848fe42e48bd6_df2634acd11b9086 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  epoch bigint,
  head varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  mark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6)
);
GO

insert into [hygge_metadata].heads_8bb848fe42e48bd6_df2634acd11b9086 (flow, entity, table_name) values ('f', 'other', 'dbo.e');
GO

IF OBJECT_ID(N'[hygge_metadata].commits_8bb848fe42e48bd6_df2634acd11b9086') IS NULL create table [hygge_metadata].commits_8bb848fe42e48bd6_df2634acd11b9086 (
  intent_id varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  inserted bigint not null,
  updated bigint not null,
  deleted bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].staged_8bb848fe42e48bd6_df2634acd11b9086') IS NULL create table [hygge_metadata].staged_8bb848fe42e48bd6_df2634acd11b9086 (
  name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null ,
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  lineage varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  epoch bigint not null,
  [at] datetime2(6) not null
);
GO

IF OBJECT_ID(N'[hygge_metadata].rejected_8bb848fe42e48bd6_df2634acd11b9086') IS NULL create table [hygge_metadata].rejected_8bb848fe42e48bd6_df2634acd11b9086 (
  flow varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  entity varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  table_name varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  role varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  of_group bigint not null,
  watermark varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  intent_id varchar(max) COLLATE Latin1_General_100_BIN2_UTF8 not null,
  [at] datetime2(6) not null,
  [part] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [id] varchar(1040) COLLATE Latin1_General_100_BIN2_UTF8,
  [copy] bigint,
  [source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [run] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
  [columns] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8
);
GO

select head, mark from [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3 and head is not null;
GO

select head, mark from [hygge_metadata].heads_8bb848fe42e48bd6_df2634acd11b9086 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_df2634acd11b9086 set id = @p4, epoch = 13, head = @p5, mark = @p6, [at] = CONVERT(datetime2(6), SYSUTCDATETIME()) where flow = @p1 and entity = @p2 and table_name = @p3 and id is null;
GO

insert into [hygge_metadata].commits_8bb848fe42e48bd6_df2634acd11b9086 ([flow], [entity], intent_id, table_name, lineage, epoch, inserted, updated, deleted, watermark, [at]) select @p4, @p5, intent_id, table_name, lineage, epoch, inserted, updated, deleted, watermark, [at] from [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

delete from [hygge_metadata].commits_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

insert into [hygge_metadata].rejected_8bb848fe42e48bd6_df2634acd11b9086 ([flow], [entity], table_name, role, of_group, watermark, [row], intent_id, [at], [part], [id], [copy], [source], [rule], [column], [reason], [run], [columns]) select @p4, @p5, table_name, role, of_group, watermark, [row], intent_id, [at], [part], [id], [copy], [source], [rule], [column], [reason], [run], [columns] from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

delete from [hygge_metadata].rejected_8bb848fe42e48bd6_c8548020fdda1027 where flow = @p1 and entity = @p2 and table_name = @p3;
GO

update [hygge_metadata].heads_8bb848fe42e48bd6_c8548020fdda1027 set id = null, epoch = null, head = null, mark = null where flow = @p1 and entity = @p2 and table_name = @p3;
GO

delete from [hygge_metadata].commits_8bb848fe42e48bd6_df2634acd11b9086 where flow = @p1 and entity = @p2 and table_name = @p3 and [at] < CONVERT(datetime2(6), REPLACE(CONVERT(varchar(40), @p4, 121), 'Z', '')) and intent_id not in (select id from [hygge_metadata].heads_8bb848fe42e48bd6_df2634acd11b9086 where flow = @p1 and entity = @p2 and table_name = @p3 and id is not null);
GO

