import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowSums } from '../../../src/databases/mysql/row-sums.ts';
import { type Home, insideSumsOf } from '../../../src/engine/contracts/home.ts';
import { RowsWithoutHash, type SummedColumn, type SumsRequest } from '../../../src/engine/contracts/row-sums.ts';
import type { Comparison } from '../../../src/ports/answers/comparison.ts';
import { inProcess } from '../../support/in-process.ts';
import { isMysql, noMariadb, noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import { everything, framesOf } from '../../support/postgres-home.ts';
import { summedTexts, textRows } from '../../support/summed.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { postgres } from '../databases.ts';
import { connectionTo, mysqlHomes, type Opened, onMariadb, openDatabase } from './support.ts';

const { signal } = new AbortController();

/** Columns, and values that careless SQL gets wrong. */
const values: Readonly<Record<string, readonly (string | null)[]>> = {
  'tinyint(1)': ['0', '1', null],
  'tinyint unsigned': ['0', '255'],
  'smallint(6) zerofill': ['0', '7', '65535'],
  mediumint: ['-8388608', '8388607'],
  int: ['-2147483648', '0'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
  'bigint unsigned': ['0', '18446744073709551615', null],
  'bit(1)': ['0', '1'],
  'bit(64)': ['0', '18446744073709551615'],
  year: ['1901', '2155', '0'],
  'decimal(12,2)': ['0', '-0.01', '1.10', '100', null],
  'decimal(38,0)': ['9'.repeat(38), `-${'9'.repeat(38)}`, '100'],
  'decimal(30,30)': ['0.1', '-0.000000000000000000000000000001', '0'],
  'decimal(10,4) unsigned zerofill': ['1.1', '0', '100'],
  'char(6)': ['', 'a', 'abcdef', ' b', 'é'],
  'varchar(20)': ['', 'a', 'A', 'a  ', 'Æ', null],
  'varchar(20) collate utf8mb4_bin': ['a', 'A', 'á'],
  'varchar(20) character set latin1': ['ß', 'é', 'a '],
  'text character set utf16': ['𝔘𝔫𝔦 🏡', '', 'it\'s "'],
  longtext: ['line\r\n\t', `${'x'.repeat(70)} `, 'é', null],
  "enum('sad', 'very happy')": ['sad', 'very happy', null],
  "set('a', 'b')": ['', 'a', 'a,b'],
  'binary(4)': ['ab', '', null],
  'varbinary(10)': ['', 'a\0b', 'ÿ'],
  blob: ['', '\0\0'],
  date: ['0001-01-01', '9999-12-31', '1582-10-10', '2024-02-29', null],
  datetime: ['0001-01-01 00:00:00', '9999-12-31 23:59:59', '2020-01-01 10:00:00'],
  'datetime(3)': ['2020-01-01 10:00:00.120', '1969-12-31 23:59:59.999', null],
  'datetime(6)': ['2020-01-01 10:00:00.000001', '2020-01-01 10:00:00', '2020-01-01 10:00:10.100000'],
  time: ['10:00:00', '-838:59:59', '838:59:59', '00:00:00', null],
  'time(3)': ['-00:00:00.500', '00:00:10.120', '100:00:00'],
  'time(6)': ['-838:59:58.999999', '23:59:59.000010', '00:00:00.1', null],
  timestamp: ['1970-01-02 00:00:01', '2020-03-29 01:30:00', '2020-10-25 00:30:00'],
  'timestamp(6)': ['2020-10-25 01:30:00.5', '2038-01-18 03:14:07.999999', null],
};
/** Each of the values above is in a row. */
const rowCount = 12;
const unable = { double: '0.1', float: '0.1', json: '{"a": 1}', 'decimal(50,3)': '1.1' };

/** How a session may be set up that is not hygge's. */
const odd = [
  `set sql_mode = '${isMysql ? '' : 'PAD_CHAR_TO_FULL_LENGTH,'}NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE'`,
  `set time_zone = '+05:45'`,
  'set names latin1',
  `set collation_connection = 'latin1_general_ci'`,
  `set div_precision_increment = 0`,
].join('; ');
/** Two bytes a character: of literals and of numbers that become texts. */
const wide = ['utf16_bin', 'utf32_bin'].map((collation) => `set collation_connection = '${collation}'`);
const padding = `set sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'`;

const quoted = (value: string | null): string =>
  value === null ? 'null' : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;

onMariadb('the sums of rows in MySQL and MariaDB', () => {
  let opened: Opened;
  let home: Home;
  let all: readonly SummedColumn[];
  const declarations = Object.keys(values);
  const homes = () => mysqlHomes(opened.db);
  let open: ReturnType<typeof homes>;
  beforeAll(async () => {
    opened = await openDatabase();
    const rows = Array.from({ length: rowCount }, (_, id) => {
      const row = Object.entries(values).map(([declaration, given]) => {
        const value = given[id % given.length] ?? null;
        return value !== null && declaration.startsWith('bit') ? value : quoted(value);
      });
      return `(${id}, ${row.join(', ')}, ${Object.values(unable).map(quoted).join(', ')})`;
    });
    await opened.db.sql(
      `set time_zone = '+00:00'; create table t (id int primary key, ${[...declarations, ...Object.keys(unable)].map((type, n) => `c${n} ${type}${/^timestamp/.test(type) ? ' null' : ''}`).join(', ')});
      insert into t values ${rows.join(', ')}`,
    );
    open = homes();
    home = await open.home({ table: 't', booleans: true });
    const step = await home.describe();
    const columns = 'done' in step ? (step.done.schema?.columns ?? []) : [];
    const why = await insideSumsOf(home)?.inside.whyUnable(signal);
    if (isMysql && why !== undefined) {
      // MySQL 9.6 and later have no MD5 by themselves. Another file may install it on the same server.
      expect(why).toBe('the server has no MD5 function');
      await opened.db.sql("install component 'file://component_classic_hashing'").catch(() => '');
    }
    expect(await insideSumsOf(home)?.inside.whyUnable(signal)).toBeUndefined();
    all = columns.slice(0, declarations.length + 1).map(({ name, type }) => ({ name, type }));
  });
  afterAll(async () => {
    await open[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const scope = { window: everything, part: null };
  const named = (name: string) => all.find((one) => one.name === name) as SummedColumn;

  test('are those of the rows that the home reads, of every type, in every division', async () => {
    const texts = await textRows(framesOf(home), all);
    const at = named(`c${declarations.indexOf('timestamp(6)')}`);
    const key = [named('id'), named(`c${declarations.indexOf('varchar(20)')}`)];
    const requests: readonly SumsRequest[] = [
      { scope, division: { by: 'nothing' }, columns: all, of: 'columns' },
      { scope, division: { by: 'hash', key, bits: 3 }, columns: all, of: 'rows' },
      { scope, division: { by: 'value', column: named('id'), bounds: ['3', '7', '10'] }, columns: all, of: 'rows' },
      {
        scope: { ...scope, part: { by: 'value', column: at, from: '1970-01-01T00:00:00.000000Z', below: null } },
        division: { by: 'value', column: at, bounds: ['2020-10-25T01:30:00.500000Z', '2030-01-01T00:00:00.000000Z'] },
        ...{ columns: all, of: 'rows' },
      },
      { scope: { ...scope, part: { by: 'hash', key, bits: 2, prefix: 1 } }, division: { by: 'nothing' }, columns: all, of: 'columns' },
      { scope: { ...scope, part: { by: 'no value', column: at } }, division: { by: 'nothing' }, columns: all, of: 'columns' },
    ];
    for (const request of requests) {
      expect(insideSumsOf(home)?.inside.supports(request.columns, request.division).unable).toEqual([]);
      const expected = summedTexts(texts, request);
      expect(await insideSumsOf(home)?.inside.sums(request, signal)).toEqual(expected);
      if (request.scope.part === null) continue;
      const inPart = insideSumsOf(home)?.readPart(request.scope, signal);
      expect(inPart && summedTexts(await textRows(inPart, all), { ...request, scope })).toEqual(expected);
    }
  });

  test('are the same for a stranger whose session has other settings', async () => {
    const request: SumsRequest = { scope, division: { by: 'nothing' }, columns: all, of: 'columns' };
    const { sql = '' } = (await insideSumsOf(home)?.inside.statement(request)) ?? {};
    const [sums] = (await insideSumsOf(home)?.inside.sums(request, signal)) ?? [];
    const expected = ['0', String(rowCount), sums?.sum, ...(sums?.columns ?? []).flatMap(({ count, sum }) => [String(count), sum])];
    for (const settings of [odd, padding, ...wide])
      expect((await opened.lines(`${settings}; ${sql}`)).at(-1)?.split('\t')).toEqual(expected);
  });

  test('are not made of types whose text the server does not give', () => {
    const step = Object.keys(unable).map((_, n): SummedColumn => ({ name: `c${declarations.length + n}`, type: { kind: 'float64' } }));
    expect(
      insideSumsOf(home)
        ?.inside.supports(step, { by: 'nothing' })
        .unable.map(({ column }) => column),
    ).toEqual(step.map(({ name }) => name));
  });

  test('are not made of a geometry, whose bytes are not those that are read', () => {
    const column = {
      name: 'g',
      type: { kind: 'binary' },
      nullable: true,
      selectExpression: '`g`',
      wire: '',
      shownAsText: false,
      sourceType: 'point',
    } as const;
    expect(rowSums.text({ column, specialValues: 'fail' })).toEqual({ unable: 'values of point are compared while they are read' });
  });
});

describe.skipIf(isMysql || noMariadb() !== '' || postgres.missing !== '')('times of day that settled in a TIME', () => {
  test('are compared by sums, as times of day and not as lengths of time', async () => {
    await using source = await postgres.open();
    await using opened = await openDatabase();
    const { db, staging, metadata } = opened;
    await source.cleared();
    await source.sql(
      "create table src (id int primary key, at time); insert into src values (1, '10:00:00.5'), (2, null), (3, '23:59:59.999999'), (4, '00:00')",
    );
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections:\n  c: ${connectionTo(db)}\n  p: ${source.connection.replace('SHOP_SECRET', 'PG_SECRET')}\n`,
      'flows/f/flow.yml': `home: { connection: p, table: src }
store: { connection: c, table: e, staging_schema: ${staging}, metadata_schema: ${metadata} }\nentities: [e]\n`,
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: db.password, PG_SECRET: source.password });
    const loaded = await hygge('go');
    expect(loaded.code, loaded.stdout).toBe(0);
    const verified = async (...flags: readonly string[]) =>
      JSON.parse((await hygge('verify', 'f.e', '--output', 'json', '--pause', '0s', ...flags)).stdout) as Comparison;
    const first = await verified();
    const byServer = first.plan?.read_because?.what === 'server';
    expect(first).toMatchObject({
      ...{ verdict: 'same', plan: { columns: ['id', 'at'], not_compared: [] } },
      work: { source: { rows_read: byServer ? 4 : 0 } },
    });
    expect(await verified('--key', 'id')).toMatchObject({ verdict: 'same', sums: first.sums });
    await db.sql("update e set at = '10:00:00.4' where id = 1");
    expect(await verified()).toMatchObject({
      verdict: 'differs',
      differing: [{ key: { id: '1' }, columns: [{ column: 'at', source: '10:00:00.5', destination: '10:00:00.4' }] }],
    });
    await db.sql("update e set at = '25:00:00' where id = 1");
    expect((await verified()).error?.what).toContain('a length of time that is not a time of day');
  });
});

describe.skipIf(isMysql || noOwnMariadb() !== '')('rows whose text is longer than the server makes', () => {
  const [half, other] = ["repeat('x', 40000)", "repeat('y', 40000)"];
  // The hex digits of one value are beyond max_allowed_packet by themselves; other texts are only together, in the row or in the key.
  const tables = {
    bytes: ['id int primary key, a longblob null, b int', `${half}, 1`],
    texts: ['id int primary key, a longtext not null, b longtext not null', `${half}, ${other}`],
    keys: ['id int, a longtext not null, b longtext not null, primary key (id, a(1))', `${half}, ${other}`],
  } as const;

  test('have no sum, and are read', async () => {
    await using server = await ownMariadb(['--max-allowed-packet=16M']);
    await using opened = await openDatabase(server);
    const { db, staging, metadata } = opened;
    for (const [name, [columns, values]] of Object.entries(tables)) {
      await db.sql(`create table src_${name} (${columns})`);
      for (const id of [1, 2]) await db.sql(`insert into src_${name} select ${id}, ${values}`);
    }
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connectionTo(db)} }\n`,
      'flows/f/flow.yml': `home: { connection: c, table: "src_{entity}" }
store: { connection: c, table: "{entity}", staging_schema: ${staging}, metadata_schema: ${metadata} }
entities: [texts]\n`,
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: db.password });
    const verified = async () => JSON.parse((await hygge('verify', '--output', 'json', '--pause', '0s')).stdout) as Comparison;
    const loaded = await hygge('go');
    expect(loaded.code, loaded.stderr).toBe(0);
    await db.sql('set global max_allowed_packet = 65536');
    await using open = mysqlHomes(db);
    for (const name of Object.keys(tables)) {
      await using home = await open.home({ table: `src_${name}` });
      const step = await home.describe();
      const all = ('done' in step ? (step.done.schema?.columns ?? []) : []).map(({ name, type }): SummedColumn => ({ name, type }));
      for (const division of [{ by: 'nothing' }, { by: 'hash', key: all.slice(0, 2), bits: 0 }] as const)
        await expect(
          insideSumsOf(home)?.inside.sums({ scope: { window: everything, part: null }, division, columns: all, of: 'rows' }, signal),
        ).rejects.toBeInstanceOf(RowsWithoutHash);
    }
    expect(await verified()).toMatchObject({
      verdict: 'same',
      plan: { source: { how: 'inside' } },
      work: { source: { rows_read: 2 } },
    });
    await db.sql("update texts set a = insert(a, 40000, 1, 'y') where id = 2");
    expect(await verified()).toMatchObject({
      verdict: 'differs',
      differences: { changed: 1 },
      differing: [{ key: { id: '2' } }],
    });
  });
});
