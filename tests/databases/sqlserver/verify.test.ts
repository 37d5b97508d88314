import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Comparison } from '../../../src/ports/answers/comparison.ts';
import { freetdsTo, noFreetds } from '../../support/freetds.ts';
import { inProcess } from '../../support/in-process.ts';
import { noPostgres } from '../../support/postgres.ts';
import { answerOf, duckIn, readProof } from '../../support/run-proof.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { postgres } from '../databases.ts';
import { connectionOf, type OpenedDatabase, openDatabase, type Served, served } from './support.ts';

const names = ['é ', "it's", 'two\nlines', '🏡', '', null];
const columns = {
  ...{ id: 'int not null', name: 'nvarchar(20)', code: 'char(3)', price: 'decimal(20,2)', ratio: 'float', day: 'date' },
  ...{
    placed: 'datetime2(7)',
    moment: 'datetimeoffset(3)',
    ticks: 'datetime',
    uid: 'uniqueidentifier',
    raw: 'varbinary(max)',
    n: 'int not null',
  },
};
const row = (id: number): Value[] => [
  ...[String(id), names[id % names.length] ?? null, 'ab ', `${id}.50`, String(id / 3), '2026-01-31'],
  ...[`2026-01-01 00:00:${10 + (id % 50)}.1234567`, '2026-01-01 00:30:00.120 +02:00', '2026-01-01 00:00:00.003'],
  ...['6F9619FF-8B86-D011-B42D-00C04FC964FF', Buffer.from([0, 255, id % 256]), String(id)],
];

const verifying = (workspace: TestWorkspace, secret: string) => {
  const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: secret });
  const verified = async (...flags: readonly string[]): Promise<Comparison> => {
    const { code, stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s', ...flags);
    expect(stdout, stderr).not.toBe('');
    const found = JSON.parse(stdout) as Comparison;
    expect(code, stdout).toBe(found.ok ? 0 : 1);
    return found;
  };
  return { hygge, verified };
};
const inside = { read_because: null, source: { how: 'inside' }, destination: { how: 'inside' } };

describe('hygge verify of a source in SQL Server, which the server of the tests means', () => {
  let table: MemoryTable;
  let source: Served;
  beforeEach(async () => {
    table = { name: 'dbo.src', columns, rows: Array.from({ length: 200 }, (_, id) => row(id)), keys: ['id'] };
    source = await served({ tables: [table] });
  });
  afterEach(() => source[Symbol.asyncDispose]());

  test('reads the rows where the server refuses the statement, and writes no proof then', async () => {
    await source[Symbol.asyncDispose]();
    const message = 'Internal error: Server stack limit has been reached.';
    source = await served({
      tables: [table],
      before: ({ sql }) => (sql.includes('AS [bucket]') ? { error: { number: 8631, message } } : undefined),
    });
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\n${connectionOf(source)}`,
      'flows/f/flow.yml': 'home: { connection: erp, table: src }\nstore: lake\nentities: [e]\n',
    });
    const { hygge } = verifying(workspace, 'none');
    expect((await hygge('go')).code).toBe(0);
    expect((await hygge('verify', 'f.e', '--proof', 'proof')).code).toBe(0);
    const why = `the source can’t sum rows: the database refuses the statement: ${message}`;
    expect(readProof(workspace.path('proof'))).toMatchObject({ verdict: 'same', source: { sql: null, why }, destination: { rows: 200 } });
  });

  test('writes a proof whose two statements give the printed numbers to clients of others, next to files of parquet', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\n${connectionOf(source)}`,
      'flows/f/flow.yml': 'home: { connection: erp, table: src }\nstore: lake\nentities: [e]\n',
    });
    const { hygge } = verifying(workspace, 'none');
    expect((await hygge('go')).code).toBe(0);
    const made = await hygge('verify', 'f.e', '--proof', 'proof');
    expect(made.code, made.stdout).toBe(0);
    const folder = workspace.path('proof');
    const proof = readProof(folder);
    expect(proof).toMatchObject({ verdict: 'same', source: { system: 'sqlserver', was_run: true, rows: 200 }, destination: { rows: 200 } });
    expect(proof.source.sum).toBe(proof.destination.sum);
    if (noFreetds() === '') {
      await using freetds = await freetdsTo(source.server);
      const printed = await freetds.tsql(readFileSync(`${folder}/source.sql`, 'utf8'));
      expect(printed.split('\n').map((line) => line.split('\t').join(' '))).toContain(answerOf(proof.source));
    }
    expect(await duckIn(workspace.path('lake'), `${folder}/destination.sql`)).toBe(answerOf(proof.destination));
    const readme = readFileSync(`${folder}/README.md`, 'utf8');
    expect(readme).toContain('sqlcmd -S SERVER -d DATABASE -x -W -i source.sql');
    for (const secret of [source.server.password, source.server.user]) expect(readme).not.toContain(secret);
  });
});

describe.skipIf(noPostgres() !== '')('hygge verify of what settled in SQL Server, which the server of the tests stands for', () => {
  test('sums on both sides, names rows that differ, and proves them', async () => {
    await using database = await postgres.open();
    await using opened: OpenedDatabase = await openDatabase();
    const { db } = opened;
    await database.cleared();
    await database.sql(
      `create table src as select i as id, case when i % 7 > 0 then 'r' || i || ' é🏡' end as name, i % 3 = 0 as is_new, i * 1.25::numeric(30,4) as price, i / 3.0::float8 as ratio,
       timestamp '2026-01-01' + i * interval '1.000001 s' as placed, timestamptz '2026-01-01' + i * interval '1 h' as moment, time '10:00' as at, date '0001-01-01' + i as day, gen_random_uuid() as uid,
       decode('00ff', 'hex') as raw, i as n from generate_series(1, 120) i; alter table src add primary key (id)`,
    );
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\n${connectionOf({ keys: db.keys })}  c: ${database.connection}\n`,
      'flows/f/flow.yml': 'home: { connection: c, table: src }\nstore: { connection: erp, table: dbo.e }\nentities: [e]\n',
    });
    const { hygge, verified } = verifying(workspace, database.password);
    const loaded = await hygge('go');
    expect(loaded.code, loaded.stdout).toBe(0);
    expect(await verified()).toMatchObject({
      ...{ verdict: 'same', error: null, rows: { source: 120, destination: 120 }, plan: inside },
      work: { source: { sums: 1, rows_read: 0 }, destination: { sums: 1, rows_read: 0 } },
    });
    await database.sql("update src set name = 'other' where id = 5");
    expect(await verified()).toMatchObject({
      ...{ verdict: 'differs', plan: inside },
      differing: [{ found: 'changed', key: { id: '5' }, columns: [{ column: 'name', source: 'other', destination: 'r5 é🏡' }] }],
    });
    expect((await hygge('verify', 'f.e', '--proof', 'proof', '--pause', '0s')).code).toBe(1);
    const proof = readProof(workspace.path('proof'));
    expect(proof).toMatchObject({ verdict: 'differs', destination: { system: 'sqlserver', was_run: true, rows: 120 } });
    expect(proof.source.sum).not.toBe(proof.destination.sum);
  });
});
