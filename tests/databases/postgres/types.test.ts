import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { spelling } from '../../../src/databases/postgres/types.ts';
import { describeType } from '../../../src/frames/describe-type.ts';
import { duck } from '../../support/duck.ts';
import { here } from '../../support/here.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { noPostgres, noPostgresTools, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { framesOf, postgresHomes, rowsOf } from '../../support/postgres-home.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** A column of each kind: its type there, in DuckDB and here, a random value, values at the edges. */
type Kind = readonly [name: string, type: string, duck: string, as: string, random: string, edges: readonly string[]];

/** Of 11 to 18 digits, four of them behind the point: as many as a double holds, and more; of one to five of the digits that numerics lie in. */
const aroundDoubles = [11, 12, 13, 14, 15, 16, 17, 18].flatMap((digits) => {
  const [nines, one] = [10n ** BigInt(digits) - 1n, 10n ** BigInt(digits - 1) + 1n];
  return [nines, -nines, one, 2n ** 53n + 1n].map((unscaled) => {
    const text = String(unscaled);
    return `${text.slice(0, -4)}.${text.slice(-4)}`;
  });
});

const kinds: readonly Kind[] = [
  ['b', 'boolean', 'boolean', 'bool', 'random() < 0.5', ['true', 'false']],
  ['i2', 'smallint', 'smallint', 'int16', '(random() * 65535 - 32768)::int2', ['-32768', '32767', '0', '-1']],
  ['i4', 'integer', 'integer', 'int32', '(random() * 4294967295 - 2147483648)::int4', ['-2147483648', '2147483647', '-1']],
  [
    'i8',
    'bigint',
    'bigint',
    'int64',
    `('x' || md5(random()::text))::bit(64)::bigint`,
    [`'-9223372036854775808'`, '9223372036854775807', '-1', '9007199254740993'],
  ],
  ['o', 'oid', 'uinteger', 'uint32', '(random() * 4294967295)::bigint::oid', ['0', `'4294967295'`]],
  [
    'f4',
    'real',
    'float',
    'float32',
    '(random() * 1e6 - 5e5)::real',
    [`'NaN'`, `'infinity'`, `'-infinity'`, `'-0'`, '1e-45', '3.4028235e38'],
  ],
  [
    'f8',
    'double precision',
    'double',
    'float64',
    'random() * 1e300 - 5e299',
    [`'NaN'`, `'infinity'`, `'-0'`, '5e-324', '1.7976931348623157e308', '0.1'],
  ],
  [
    'n',
    'numeric(18,4)',
    'decimal(18,4)',
    'decimal(18,4)',
    '(random() * 1e8 - 5e7)::numeric(18,4)',
    ['0', '-0.0001', '99999999999999.9999', '-99999999999999.9999', '10000', '12340000', '0.1', ...aroundDoubles],
  ],
  [
    'n38',
    'numeric(38,10)',
    'decimal(38,10)',
    'decimal(38,10)',
    '(random() * 1e18)::numeric(38,10) * (random() * 1e9)::numeric(12,0)',
    [...aroundDoubles, `'9999999999999999999999999999.9999999999'`, `'-9999999999999999999999999999.9999999999'`, '1e27', '1e-10'],
  ],
  ['n0', 'numeric(5,-2)', 'decimal(7,0)', 'decimal(7,0)', '(random() * 9e6)::numeric(5,-2)', ['9999900', '-100', '0']],
  ['ns', 'numeric(2,5)', 'decimal(5,5)', 'decimal(5,5)', '(random() * 9e-4)::numeric(2,5)', ['0.00099', '-0.00001']],
  [
    'm',
    'money',
    'decimal(19,2)',
    'decimal(19,2)',
    '(random() * 1e6)::numeric::money',
    [`'-92233720368547758.08'::numeric`, '0.01::numeric'],
  ],
  [
    'd',
    'date',
    'date',
    'date',
    `date '0001-01-01' + (random() * 3652058)::int`,
    [`'0001-01-01'`, `'9999-12-31'`, `'1970-01-01'`, `'1999-12-31'`],
  ],
  ['t', 'time', 'time', 'time[us]', `time '00:00' + random() * interval '1 day'`, [`'00:00'`, `'23:59:59.999999'`]],
  [
    'ts',
    'timestamp',
    'timestamp',
    'timestamp[us]',
    `timestamp '0001-01-01' + random() * interval '3652058 days'`,
    [
      `'0001-01-01'`,
      `'9999-12-31 23:59:59.999999'`,
      `'1970-01-01'`,
      `'1969-12-31 23:59:59.999999'`,
      `'2000-01-01'`,
      `'1999-12-31 23:59:59.999999'`,
    ],
  ],
  [
    'tz',
    'timestamptz',
    'timestamptz',
    'timestamp[us, UTC]',
    `timestamptz '1900-01-01' + random() * interval '73000 days'`,
    [`'0001-01-01 00:00Z'`, `'9999-12-31 23:59:59.999999Z'`, `'2038-01-19 03:14:08Z'`],
  ],
  ['s', 'text', 'varchar', 'string', 'repeat(md5(random()::text), (random() * 20)::int)', [`'a"b,\n€𝄞'`, `repeat('ü', 70000)`]],
  ['c', 'char(5)', 'varchar', 'string', 'left(md5(random()::text), 3)', [`'ab'`, `'abcde'`]],
  ['v', 'varchar(10)', 'varchar', 'string', 'left(md5(random()::text), 9)', [`'äöü'`]],
  [
    'u',
    'uuid',
    'varchar',
    'uuid',
    'gen_random_uuid()',
    [`'00000000-0000-0000-0000-000000000000'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`],
  ],
  ['iv', 'interval', 'varchar', 'string', `random() * interval '400 days'`, [`'1 mon -2 days 3.5 s'`, `'0'`, `'178000000 years'`]],
  ['tt', 'timetz', 'varchar', 'string', `'12:00+02'`, [`'24:00:00-15:59'`]],
  ['ip', 'inet', 'varchar', 'string', `'10.0.0.0'::inet + (random() * 1e6)::int`, [`'::1/64'`, `'192.168.0.1'`]],
  ['bt', 'varbit', 'varchar', 'string', '(random() * 1e6)::int::bit(20)', [`B'101'`]],
  ['r', 'int4range', 'varchar', 'string', 'int4range((random() * 10)::int, 11 + (random() * 10)::int)', [`'empty'`, `'[1,)'`]],
  ['nn', 'numeric', 'varchar', 'string', 'random()::numeric * 1e30', [`'NaN'`, `'-infinity'`, '1e-100', '1e200']],
  ['x', 'xml', 'varchar', 'string', `'<a>1</a>'::xml`, [`'<b/>text'::xml`]],
  ['e', 'mood', 'varchar', 'string', `(array['sad','so so'])[1 + (random() * 1.4)::int]::mood`, [`'sad'`]],
  ['dm', 'cents', 'decimal(9,2)', 'decimal(9,2)', '(random() * 1e6)::numeric(9,2)', ['0.01']],
  ['j', 'json', 'varchar', 'json', `'{"a": ' || (random() * 10)::int || '}'`, [`'  [1,  2]'`, `'"ü"'`]],
];

/** As psql writes it for DuckDB: intervals as ISO has them, as the home asks for. */
const shown = ([name, type]: Kind) => (type === 'money' ? `${name}::numeric` : type === 'inet' ? `${name}::text` : name);

async function made(db: TestDatabase, rows: number): Promise<void> {
  await db.sql(`create type mood as enum ('sad', 'so so'); create domain cents as numeric(9,2) check (value >= 0)`);
  await db.sql(`create table t (id int, ${kinds.map(([name, type]) => `${name} ${type}`).join(', ')})`);
  // Every seventh value is null, each column at its own rows.
  const random = kinds.map(([, , , , of], n) => `case when (i + ${n}) % 7 > 0 then ${of} end`);
  await db.sql(
    `insert into t select i, ${random.map((one, n) => `(${one})::${kinds[n]?.[1]}`).join(', ')} from generate_series(1, ${rows}) i`,
  );
  for (const [name, , , , , edges] of kinds) for (const edge of edges) await db.sql(`insert into t (id, ${name}) values (0, ${edge})`);
}

describe.skipIf(noPostgres() !== '')('every type of PostgreSQL', () => {
  test.skipIf(noPostgresTools() !== '')('is read as the type table says, and settles in parquet as a second reader has it', async () => {
    await using db = await postgresDatabase();
    using workspace = new TestWorkspace();
    await made(db, 300);
    await using homes = postgresHomes(db);
    const step = await (await homes.home({ table: 't' })).describe();
    if (!('done' in step)) throw new Error('no answer');
    expect(step.done.schema?.columns.slice(1).map(({ name, type }) => [name, describeType(type)])).toEqual(
      kinds.map(([name, , , as]) => [name, as]),
    );

    workspace.write({
      'flows/f/flow.yml': `home: { type: postgres, host: ${db.host}, port: ${db.port}, user: ${db.user}, password: ${db.password}, database: ${db.database}, table: t }
store: { path: lake, format: parquet }
entities: [t]`,
    });
    const run = await here(workspace, 'go');
    expect(run.events.filter(({ event }) => event === 'error')).toEqual([]);
    const csv = join(workspace.root, 'there.csv');
    await db.psql(
      `set timezone = 'UTC'; set intervalstyle = 'iso_8601'`,
      `\\copy (select id, ${kinds.map((kind) => `${shown(kind)} as ${kind[0]}`).join(', ')} from t) to '${csv}' (format csv, header, null '\\N')`,
    );
    const columns = ['id', ...kinds.map(([name]) => name)];
    const types = [`'id': 'integer'`, ...kinds.map(([name, , as]) => `'${name}': '${as}'`)].join(', ');
    const theirs = `select ${columns.join(', ')} from read_csv('${csv}', header = true, nullstr = '\\N', auto_detect = false, quote = '"', escape = '"', max_line_size = 10000000, columns = {${types}})`;
    const ours = `select id, ${kinds.map(([name, , as]) => (as === 'varchar' || as === 'time' ? `${name}::${as} as ${name}` : name)).join(', ')} from read_parquet('${workspace.root}/lake/t/*.parquet')`;
    const differ = await duck(
      `set timezone = 'UTC'`,
      `select 'ours' as whose, * from (${ours} except all ${theirs}) union all select 'theirs', * from (${theirs} except all ${ours}) limit 4`,
    );
    expect(differ).toEqual([]);
    expect(Number((await duck(`select count(*) as n from (${ours})`))[0]?.n)).toBe(
      Number((await db.sql('select count(*) as n from t'))[0]?.n),
    );
  });
});

const rowOf = async (db: TestDatabase, select: string, config: Readonly<Record<string, unknown>> = {}) => {
  await using homes = postgresHomes(db);
  return (await rowsOf(framesOf(await homes.home({ query: select, ...config }))))[0];
};

describe.skipIf(noPostgres() !== '')('the spelling of a type', () => {
  test('that is known without the server is that of the server', async () => {
    await using db = await postgresDatabase();
    const oids = await db.sql(`select oid::bigint::text as oid from pg_type where oid < 16384 and typtype = 'b' order by 1`);
    const mods = [
      -1,
      0,
      1,
      3,
      4,
      5,
      6,
      13,
      259,
      65540,
      ((12 << 16) | 2) + 4,
      ((38 << 16) | 38) + 4,
      ((5 << 16) | 2046) + 4,
      ((2 << 16) | 5) + 4,
    ];
    const known = oids.flatMap(({ oid }) =>
      mods.flatMap((mod) => {
        const said = spelling(Number(oid), mod);
        return said === undefined ? [] : [[oid, mod, said]];
      }),
    );
    expect(known.length).toBeGreaterThan(50);
    const values = known.map(([oid, mod]) => `(${oid}, ${mod})`).join(', ');
    const told = await db.sql(`select format_type(oid, mod) as said from (values ${values}) as of(oid, mod)`);
    expect(known.map(([, , said]) => said)).toEqual(told.map(({ said }) => said));
  });
});

describe.skipIf(noPostgres() !== '')('what has values inside', () => {
  test('arrays are lists, composites structs, and what has no type of ours inside is text there', async () => {
    await using db = await postgresDatabase();
    await db.sql('create type point3 as (x int, "Y" numeric(6,2), at timestamptz); create type odd as (a interval)');
    const row = await rowOf(
      db,
      `select array[1, null, 3] as a, '{}'::text[] as empty, array['a', 'ü'] as s, array[1.50, null]::numeric(6,2)[] as n, array[interval '1 day'] as i,
        array[uuid '00000000-0000-0000-0000-00000000000a'] as u, '\\xff00'::bytea as bin, '{"b": 1, "a": [2]}'::jsonb as jb,
        row(1, 2.5, '2024-01-01 00:00Z')::point3 as p, array[row(1, null, null)::point3] as ps, row('1 day')::odd as o, null::int[] as none`,
    );
    const plain = JSON.parse(JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
    expect(plain).toMatchObject({ a: [1, null, 3], empty: [], s: ['a', 'ü'], i: ['P1D'], u: ['00000000-0000-0000-0000-00000000000a'] });
    expect(plain).toMatchObject({ jb: '{"a": [2], "b": 1}', o: '(P1D)', none: null });
    expect(Buffer.from(row?.bin as Uint8Array).toString('hex')).toBe('ff00');
    expect(row?.p).toMatchObject({ x: 1 });
    await using homes = postgresHomes(db);
    const step = await (await homes.home({ query: 'select row(1, 2.5, null)::point3 as p, array[1.5]::numeric(6,2)[] as n' })).describe();
    expect('done' in step && step.done.schema?.columns.map(({ type }) => type)).toEqual([
      {
        kind: 'struct',
        fields: [
          { name: 'x', type: { kind: 'int32' }, nullable: true },
          { name: 'Y', type: { kind: 'decimal', precision: 6, scale: 2 }, nullable: true },
          { name: 'at', type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, nullable: true },
        ],
      },
      { kind: 'list', item: { kind: 'decimal', precision: 6, scale: 2 } },
    ]);
  });
});

describe.skipIf(noPostgres() !== '')('values that ours do not have', () => {
  const db = openedOnce(() => postgresDatabase());
  const special = [
    ['NaN', `'NaN'::numeric(6,2)`],
    ['infinity', `'infinity'::date`],
    ['-infinity', `'-infinity'::timestamptz`],
    ['a date outside', `'10000-01-01'::date`],
    ['a time outside', `'10000-01-01'::timestamp`],
    ['24:00:00', `'24:00'::time`],
    ['infinity', `array['infinity'::date]`],
  ] as const;

  test.each(special)('%s is an error that names the column, or null where the home says so', async (said, value) => {
    const select = `select 1 as id, ${value} as odd`;
    await expect(rowOf(db, select)).rejects.toMatchObject({
      code: 'HYG-3505',
      what: expect.stringMatching(new RegExp(`Column odd .* holds ${said}`)),
    });
    const odd = (await rowOf(db, select, { special_values: 'to_null' }))?.odd;
    expect(value.startsWith('array') ? JSON.stringify(odd) : odd).toBe(value.startsWith('array') ? '[null]' : null);
  });

  test('an array of several dimensions is an error, and never null', async () => {
    const select = 'select array[[1, 2], [3, 4]] as grid';
    await expect(rowOf(db, select, { special_values: 'to_null' })).rejects.toMatchObject({ code: 'HYG-3505' });
    expect((await rowOf(db, 'select array[[1, 2], [3, 4]]::text as grid'))?.grid).toBe('{{1,2},{3,4}}');
  });

  test('a number without a precision is text, or the decimal that the home says, and never rounded', async () => {
    const select = `select 1.5::numeric as n`;
    expect((await rowOf(db, select))?.n).toBe('1.5');
    const pinned = (await rowOf(db, select, { decimals: 'decimal(10, 3)' }))?.n;
    expect(String(pinned)).toBe('1500');
    expect(String((await rowOf(db, select, { decimals: { n: 'decimal(10, 1)' } }))?.n)).toBe('15');
    for (const decimals of ['decimal(10, 0)', 'decimal(1, 1)'])
      await expect(rowOf(db, select, { decimals, special_values: 'to_null' })).rejects.toMatchObject({ code: 'HYG-3505' });
  });
});
