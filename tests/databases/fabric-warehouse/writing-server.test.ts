import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ServedWarehouse, servedWarehouse } from '../../support/fabric-warehouse/served.ts';
import type { Fate } from '../../support/fabric-warehouse/writing.ts';
import type { Client } from '../../support/tedious.ts';

/** The tests' own Warehouse, asked by Microsoft's client: what it answers is what Microsoft's pages say. */
describe('the Warehouse of the tests', () => {
  let served: ServedWarehouse;
  let fate: Fate | undefined;
  let [a, b]: Client[] = [];

  beforeAll(async () => {
    served = await servedWarehouse({ atCommit: () => fate });
  });
  afterAll(() => served[Symbol.asyncDispose]());

  const one = async (sql: string, client = a as Client) => (await client.batch(sql)).rows;
  const failure = (sql: string, client = a as Client) =>
    client.batch(sql).then(
      () => undefined,
      (error: { number: number }) => error.number,
    );

  beforeEach(async () => {
    fate = undefined;
    for (const client of [a, b]) await client?.[Symbol.asyncDispose]();
    [a, b] = await Promise.all([served.client(), served.client()]);
    const tables = served.warehouse.tables.map((name) => `DROP TABLE ${name};`);
    await one(`${tables.join('')} CREATE TABLE dbo.t (id int NOT NULL, name varchar(10) NULL, price decimal(9,2) NULL);
      INSERT INTO dbo.t VALUES (1, 'one', 1.5), (2, 'two', NULL);`);
  });

  const change = "BEGIN TRANSACTION; UPDATE dbo.t SET name = 'mine' WHERE id = 1;";

  test('a transaction reads what was committed before its first statement', async () => {
    await one('BEGIN TRANSACTION');
    expect(await one('SELECT COUNT_BIG(*) AS n FROM dbo.t')).toEqual([['2']]);
    await one("INSERT INTO dbo.t VALUES (3, 'three', 3)", b);
    expect(await one('SELECT COUNT_BIG(*) AS n FROM dbo.t')).toEqual([['2']]);
    await one('COMMIT');
    expect(await one('SELECT COUNT_BIG(*) AS n FROM dbo.t')).toEqual([['3']]);
  });

  test.each([
    ["UPDATE dbo.t SET name = 'theirs' WHERE id = 2"],
    ['DELETE FROM dbo.t WHERE id = 2'],
    ['MERGE dbo.t AS t USING (SELECT 9 AS id) AS s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)'],
  ])('the second of two transactions that change a table fails at its COMMIT, whatever the rows: %s', async (theirs) => {
    await one(change);
    await one(theirs, b);
    expect(await failure('COMMIT')).toBe(24556);
    expect(served.warehouse.rows('dbo.t').map(({ name }) => name)).not.toContain('mine');
    expect(await one('SELECT @@TRANCOUNT AS n')).toEqual([[0]]);
  });

  test('INSERT takes part in no conflict, and rows of both are there', async () => {
    await one(`${change} DELETE FROM dbo.t WHERE id = 2;`);
    await one("INSERT INTO dbo.t VALUES (3, 'theirs', 3)", b);
    await one('COMMIT');
    expect(served.warehouse.rows('dbo.t').map(({ id, name }) => [Number(id), name])).toEqual([
      [1, 'mine'],
      [3, 'theirs'],
    ]);
  });

  test('a statement that fails undoes its transaction', async () => {
    await one(change);
    expect(await failure("INSERT INTO dbo.t VALUES (NULL, 'x', 1)")).toBe(515);
    expect(await failure('COMMIT')).toBe(3902);
    expect(served.warehouse.rows('dbo.t').map(({ name }) => name)).toEqual(['one', 'two']);
  });

  test.each([
    ['lost before it is applied', ['one', 'two']],
    ['lost after it is applied', ['mine', 'two']],
    ['late', ['one', 'two']],
  ] as const)('a COMMIT is %s', async (what, names) => {
    await one(change);
    fate = what;
    await expect(one('COMMIT')).rejects.toThrow();
    expect(served.warehouse.rows('dbo.t').map(({ name }) => name)).toEqual(names);
    served.warehouse.settle();
  });

  test('a COMMIT that is late fails where another one came before it, and is applied where none did', async () => {
    for (const isFirst of [true, false]) {
      const client = await served.client();
      await client.batch(change);
      fate = 'late';
      await expect(client.batch('COMMIT')).rejects.toThrow();
      fate = undefined;
      if (!isFirst) await one("UPDATE dbo.t SET name = 'theirs' WHERE id = 1", b);
      expect(served.warehouse.settle()).toEqual(isFirst ? [] : [24556]);
      expect(served.warehouse.rows('dbo.t')[0]?.name).toBe(isFirst ? 'mine' : 'theirs');
    }
  });

  test('DDL in a transaction keeps out all others until it ends, and its undoing undoes it', async () => {
    await one('BEGIN TRANSACTION; TRUNCATE TABLE dbo.t; CREATE TABLE dbo.u (id int);');
    const waits = Promise.all([one('SELECT COUNT_BIG(*) AS n FROM dbo.t', b)]);
    await expect.poll(() => served.warehouse.waiting).toBe(1);
    await one('ROLLBACK');
    expect(await waits).toEqual([[['2']]]);
    expect(served.warehouse.tables).toEqual(['dbo.t']);
  });

  test('DDL waits for DDL that makes the same table, and then finds it there', async () => {
    for (const client of [a, b]) await one('BEGIN TRANSACTION; SELECT id FROM dbo.t', client);
    await one('CREATE TABLE dbo.u (id int); INSERT INTO dbo.u VALUES (1)');
    const waits = one("IF OBJECT_ID('dbo.u') IS NULL CREATE TABLE dbo.u (id int); INSERT INTO dbo.u VALUES (2); COMMIT", b);
    await expect.poll(() => served.warehouse.waiting).toBe(1);
    await one('COMMIT');
    await waits;
    expect(served.warehouse.rows('dbo.u')).toEqual([{ id: 1n }, { id: 2n }]);
    expect(await failure('CREATE TABLE dbo.u (id int)')).toBe(2714);
  });

  test('a SELECT over system views waits for DDL', async () => {
    await one('BEGIN TRANSACTION; CREATE TABLE dbo.u (id int);');
    const waits = one("SELECT name FROM sys.tables WHERE name = 'u'", b);
    await expect.poll(() => served.warehouse.waiting).toBe(1);
    await one('COMMIT');
    expect(await waits).toEqual([['u']]);
  });

  test('UPDATE and DELETE take their rows from joins, EXISTS and common table expressions', async () => {
    await one(`CREATE TABLE dbo.s (id int, name varchar(20)); INSERT INTO dbo.s SELECT id + 1, CONCAT(name, '!') FROM dbo.t;
      UPDATE x SET x.name = s.name, price = price + 1 FROM dbo.t AS x JOIN dbo.s AS s ON s.id = x.id;
      WITH w AS (SELECT id FROM dbo.s WHERE id = 3) INSERT INTO dbo.t (id, name) SELECT w.id, N'three' FROM w;
      DELETE x FROM dbo.t AS x WHERE NOT EXISTS (SELECT 1 FROM dbo.s AS s WHERE s.id = x.id);`);
    expect(served.warehouse.rows('dbo.t').map(({ id, name }) => [Number(id), name])).toEqual([
      [2, 'one!'],
      [3, 'three'],
    ]);
  });

  test('MERGE changes, removes and adds rows, and no row twice', async () => {
    const source = "USING (SELECT 1 AS id, 'x' AS name UNION ALL SELECT 3, 'y') AS s ON s.id = t.id";
    const { count } = await (a as Client).batch(`MERGE INTO dbo.t AS t ${source} WHEN MATCHED THEN UPDATE SET name = s.name
      WHEN NOT MATCHED BY TARGET THEN INSERT (id, name) VALUES (s.id, s.name) WHEN NOT MATCHED BY SOURCE THEN DELETE;`);
    expect(count).toBe(3);
    expect(served.warehouse.rows('dbo.t').map(({ id, name }) => [Number(id), name])).toEqual([
      [1, 'x'],
      [3, 'y'],
    ]);
    expect(await failure('MERGE dbo.t AS t USING (SELECT 1 AS id UNION ALL SELECT 1) AS s ON s.id = t.id WHEN MATCHED THEN DELETE;')).toBe(
      8672,
    );
  });

  test('texts are equal whatever blanks follow them, and differ by case', async () => {
    expect(await one("SELECT id FROM dbo.t WHERE name = 'one  '")).toEqual([[1]]);
    expect(await one("SELECT id FROM dbo.t WHERE name = 'ONE'")).toEqual([]);
  });

  test('counted columns take values where they are told to, and never give one twice', async () => {
    await one("CREATE TABLE dbo.c (id bigint IDENTITY, name varchar(10)); INSERT INTO dbo.c (name) VALUES ('a'), ('b')");
    expect(await failure("INSERT INTO dbo.c (id, name) VALUES (7, 'x')")).toBe(544);
    await one(
      "SET IDENTITY_INSERT dbo.c ON; INSERT INTO dbo.c (id, name) VALUES (5000, 'x'); SET IDENTITY_INSERT dbo.c OFF; DBCC CHECKIDENT('dbo.c', RESEED)",
    );
    await one("INSERT INTO dbo.c VALUES ('d')");
    const ids = served.warehouse.rows('dbo.c').map(({ id }) => Number(id));
    expect(ids.slice(0, 3)).toEqual([1, 2, 5000]);
    expect(ids[3]).toBeGreaterThan(5000);
    expect(await one('SELECT seed_value, last_value FROM sys.identity_columns')).toEqual([[null, -1]]);
  });

  test('temporary tables are their session’s, and end with it', async () => {
    await one('CREATE TABLE #m (id int); INSERT INTO #m VALUES (1); CREATE TABLE #d (id int) WITH (DISTRIBUTION = ROUND_ROBIN)');
    expect(await one('SELECT id FROM #m')).toEqual([[1]]);
    expect(await failure('SELECT id FROM #m', b)).toBe(208);
    expect(await failure('ALTER TABLE #m ADD name varchar(10)')).toBe(24585);
    await one('ALTER TABLE #d ADD name varchar(10)');
  });

  test('the catalogue answers as the tables are', async () => {
    await one(
      "ALTER TABLE dbo.t ADD at datetime2(3) NULL; EXEC sp_rename 'dbo.t.price', 'cost', 'COLUMN'; CREATE SCHEMA s2; CREATE TABLE s2.ctas AS SELECT id, name FROM dbo.t",
    );
    expect(
      await one(`SELECT s.name AS [schema], c.name AS name, TYPE_NAME(c.system_type_id) AS type, c.max_length, c.precision, c.scale, c.is_nullable
        FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id JOIN sys.columns AS c ON c.object_id = t.object_id
        WHERE t.object_id = OBJECT_ID('dbo.t') ORDER BY c.column_id`),
    ).toEqual([
      ['dbo', 'id', 'int', 4, 10, 0, 0],
      ['dbo', 'name', 'varchar', 10, 0, 0, 1],
      ['dbo', 'cost', 'decimal', 17, 9, 2, 1],
      ['dbo', 'at', 'datetime2', 8, 23, 3, 1],
    ]);
    expect(await one("IF OBJECT_ID('s2.ctas') IS NULL CREATE TABLE s2.ctas (id int); SELECT COUNT(*) AS n FROM s2.ctas")).toEqual([[2]]);
    await one('DROP TABLE s2.ctas; DROP SCHEMA s2');
    expect(await failure('SELECT t.id FROM dbo.t AS t JOIN sys.tables AS s ON s.object_id = t.id')).toBe(15816);
  });

  test('statements are counted by their kind', async () => {
    const before = [served.warehouse.count(), served.warehouse.count('INSERT')];
    await one('BEGIN TRAN; INSERT INTO dbo.t SELECT id + 10, name, price FROM dbo.t; COMMIT');
    expect([served.warehouse.count() - (before[0] ?? 0), served.warehouse.count('INSERT') - (before[1] ?? 0)]).toEqual([3, 1]);
  });

  test.each([
    ['CREATE TABLE dbo.x (a datetimeoffset(6))', 24574],
    ['CREATE TABLE dbo.x (a nvarchar(10))', 24574],
    ['CREATE TABLE dbo.x (a nchar(1))', 24574],
    ['CREATE TABLE dbo.x (a money)', 24574],
    ['CREATE TABLE dbo.x (a tinyint)', 24574],
    ['CREATE TABLE dbo.x (a datetime)', 24574],
    ['CREATE TABLE dbo.x (a text)', 24574],
    ['CREATE TABLE dbo.x (a xml)', 24574],
    ['CREATE TABLE dbo.x (a json)', 24574],
    ['CREATE TABLE dbo.x (a binary(16))', 24574],
    ['CREATE TABLE dbo.x (a varchar(8001))', 131],
    ['CREATE TABLE dbo.x (a decimal(39,2))', 2750],
    ['CREATE TABLE dbo.x (a datetime2)', 24597],
    ['CREATE TABLE dbo.x (a datetime2(7))', 24597],
    ['CREATE TABLE dbo.x (a int IDENTITY)', 24741],
    ['CREATE TABLE dbo.x (a bigint IDENTITY(1, 1))', 24742],
    ['CREATE TABLE dbo.x (a int NOT NULL PRIMARY KEY)', 24584],
    ['CREATE TABLE dbo.x (a int, CONSTRAINT k PRIMARY KEY NONCLUSTERED (a) NOT ENFORCED)', 24584],
    ['CREATE TABLE dbo.x (a int DEFAULT 1)', 24584],
    ['CREATE TABLE ##x (a int)', 24581],
    ['ALTER TABLE dbo.t ALTER COLUMN name varchar(20) NULL', 24585],
    ['ALTER TABLE dbo.t ADD b int NOT NULL', 24735],
    ['ALTER TABLE dbo.t ADD CONSTRAINT k PRIMARY KEY NONCLUSTERED (id)', 24583],
    ['BEGIN TRAN; ALTER TABLE dbo.t ADD b int NULL', 226],
    ['BEGIN TRAN; SAVE TRANSACTION here', 15869],
    ['BEGIN TRANSACTION named', 15869],
    ['BEGIN DISTRIBUTED TRANSACTION', 24586],
    ['CREATE UNIQUE INDEX i ON dbo.t (id)', 15869],
    ['CREATE TRIGGER g ON dbo.t AFTER INSERT AS PRINT 1', 15869],
    ['SELECT id FROM dbo.t WITH (NOLOCK)', 15869],
    ['SET ROWCOUNT 5', 15869],
    ['UPDATE dbo.t SET id = 1; SELECT ROWCOUNT_BIG() AS n', 15869],
    ['SELECT (SELECT t.id FOR JSON PATH) AS j FROM dbo.t', 15869],
    ['SET IDENTITY_INSERT dbo.t ON', 8106],
    ["INSERT INTO dbo.t VALUES (1, 'longer than ten', 1)", 2628],
    ['DELETE FROM dbo.t OUTPUT deleted.id', 15869],
    ["DBCC CHECKIDENT('dbo.t', NORESEED)", 15869],
    ['SELECT missing FROM dbo.t', 207],
    ['SELECT 1 AS n FROM dbo.nothing', 208],
  ])('%s is refused', async (sql, number) => {
    expect(await failure(sql)).toBe(number);
  });

  test('decimals are compared, ordered and added up by their value, and texts are put together', async () => {
    await one("INSERT INTO dbo.t VALUES (3, 'ten', 10), (4, 'less', -9)");
    expect(
      await one("SELECT id FROM dbo.t AS x WHERE x.[price] >= 1.5 AND price < CONVERT(decimal(20,1), '10.5') ORDER BY price DESC"),
    ).toEqual([[3], [1]]);
    expect(await one('SELECT SUM(price) AS s, MIN(price) AS low, MAX(price) AS high FROM dbo.t')).toEqual([['2.50', '-9.00', '10.00']]);
    expect(
      await one("SELECT name + '-' + CONVERT(varchar(9), price) + name AS n, DATALENGTH(name + 'ä') AS l FROM dbo.t WHERE id = 3"),
    ).toEqual([['ten-10.00ten', 5]]);
  });

  test('what only some pages take is taken where the test says so', async () => {
    await using later = await servedWarehouse({ alters: { inTransactions: true, ofTypes: true } });
    await using client = await later.client();
    await client.batch(`CREATE TABLE dbo.t (id int, price decimal(5,2)); INSERT INTO dbo.t VALUES (1, 1.5); BEGIN TRAN; ALTER TABLE dbo.t ADD b int NULL;
      ALTER TABLE dbo.t ALTER COLUMN price decimal(9,4) NULL; ALTER TABLE dbo.t ALTER COLUMN id bigint NULL; COMMIT`);
    expect(later.warehouse.rows('dbo.t')).toEqual([{ id: 1n, price: '1.5000', b: null }]);
    expect(await failure('ALTER TABLE dbo.t ALTER COLUMN id int NULL', client)).toBe(24585);
  });

  test('a Warehouse whose UPDATE finds no row conflicts where the test says so, and with the number that it says', async () => {
    await using strict = await servedWarehouse({ conflictsWithoutRows: true, conflict: 24706 });
    await using first = await strict.client();
    await using second = await strict.client();
    await first.batch('CREATE TABLE dbo.t (id int); INSERT INTO dbo.t VALUES (1); BEGIN TRAN; DELETE FROM dbo.t WHERE id = 2');
    await second.batch('DELETE FROM dbo.t WHERE id = 1');
    expect(await failure('COMMIT', first)).toBe(24706);
  });

  test('another isolation level is ignored', async () => {
    await one('SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED; BEGIN TRAN; SELECT id FROM dbo.t');
    await one('DELETE FROM dbo.t', b);
    expect(await one('SELECT COUNT(*) AS n FROM dbo.t')).toEqual([[2]]);
    await one('COMMIT');
  });

  test('keys are kept, and no one enforces them', async () => {
    await one('ALTER TABLE dbo.t ADD CONSTRAINT k PRIMARY KEY NONCLUSTERED (id) NOT ENFORCED; INSERT INTO dbo.t (id) VALUES (1)');
    expect(served.warehouse.rows('dbo.t')).toHaveLength(3);
    expect(await one('SELECT name, is_enforced FROM sys.key_constraints')).toEqual([['k', 0]]);
  });
});
