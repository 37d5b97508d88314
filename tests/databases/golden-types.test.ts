import { expect, test } from 'vitest';
import * as duckdb from '../../src/databases/duckdb/columns.ts';
import * as mysql from '../../src/databases/mysql/columns.ts';
import * as postgres from '../../src/databases/postgres/columns.ts';
import * as sqlite from '../../src/databases/sqlite/columns.ts';
import * as sqlserver from '../../src/databases/sqlserver/columns.ts';
import { describeType as typeText } from '../../src/frames/describe-type.ts';
import type { Column, DataType } from '../../src/frames/schema.ts';

const column = (name: string, type: DataType): Column => ({ name, type, nullable: true });
const units = ['ms', 'us', 'ns'] as const;
const scalars: readonly DataType[] = [
  ...(['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float32', 'float64'] as const).map((kind) => ({
    kind,
  })),
  ...[
    [1, 0],
    [9, 2],
    [18, 0],
    [19, 19],
    [38, 10],
    [38, 31],
    [38, 38],
  ].map(([precision = 0, scale = 0]) => ({ kind: 'decimal' as const, precision, scale })),
  ...(['string', 'binary', 'uuid', 'json', 'date'] as const).map((kind) => ({ kind })),
  ...units.map((unit) => ({ kind: 'time' as const, unit })),
  ...units.flatMap((unit): DataType[] => [
    { kind: 'timestamp', unit },
    { kind: 'timestamp', unit, zone: 'UTC' },
    { kind: 'timestamp', unit, zone: 'Europe/Copenhagen' },
  ]),
  ...units.map((unit) => ({ kind: 'duration' as const, unit })),
  { kind: 'null' },
];
const nested: readonly DataType[] = [
  ...(['bool', 'int64', 'uint64', 'float64', 'string', 'binary', 'date'] as const).map(
    (kind): DataType => ({ kind: 'list', item: { kind } }),
  ),
  { kind: 'list', item: { kind: 'decimal', precision: 9, scale: 2 } },
  { kind: 'list', item: { kind: 'list', item: { kind: 'int32' } } },
  { kind: 'struct', fields: [column('a', { kind: 'int64' }), column('b "c"', { kind: 'string' })] },
  { kind: 'list', item: { kind: 'struct', fields: [column('a', { kind: 'timestamp', unit: 'us' })] } },
];
const types = [...scalars, ...nested];

/** Declarations as people write them, and as catalogues give them back. */
const list = (text: string) => text.split('|').map((one) => one.trim());
const written: Readonly<Record<string, readonly string[]>> = {
  postgres: list(`boolean | smallint | int4 | bigint | real | double precision | numeric | numeric(9) | numeric(9,2) | numeric(40,5) |
    text | varchar | character varying(20) | char(5) | character(5) | bytea | uuid | json | jsonb | date | time | time(3) |
    timestamp(0) | timestamp without time zone | timestamptz | timestamp with time zone | interval | int4[] | text[] | money |
    inet | xml | bit(3) | timestamp(0) without time zone | time with time zone | character(3) | int4range | numeric(50,2) |
    public.mood`),
  mysql: list(`tinyint | tinyint(1) | smallint | mediumint | int | int unsigned | bigint | bigint unsigned | float | double |
    decimal(9,2) | decimal(65,30) | bit(1) | bit(8) | char(5) | varchar(20) | text | longtext | binary(4) | varbinary(20) |
    blob | longblob | json | uuid | date | time | time(6) | datetime | datetime(6) | timestamp | timestamp(6) | year |
    enum('a','b') | set('a','b') | inet6 | DECIMAL(12) | INTEGER | boolean | varchar | char(3) | double(12,2) | float(24) |
    decimal(50,2) | decimal(38,30)`),
  sqlserver: list(`bit | tinyint | smallint | int | bigint | real | float | decimal(9,2) | numeric(38,10) | money | smallmoney | char(5) |
    varchar(20) | varchar(max) | nchar(5) | nvarchar(50) | nvarchar(max) | text | ntext | binary(4) | varbinary(20) |
    varbinary(max) | image | uniqueidentifier | xml | json | date | time(7) | time(3) | datetime | smalldatetime |
    datetime2(7) | datetime2(3) | datetimeoffset(7) | rowversion | sql_variant | hierarchyid | geography | NVARCHAR( 50 ) |
    nvarchar(4001) | numeric(10, 2) | decimal(39,0) | datetime2 | time(0)`),
  sqlite: list(` | integer | int | BIGINT | real | double | text | varchar(20) | blob | numeric | decimal(9,2) | boolean | date |
    datetime | time | any`),
  duckdb: list(`BOOLEAN | TINYINT | SMALLINT | INTEGER | BIGINT | HUGEINT | UTINYINT | USMALLINT | UINTEGER | UBIGINT | FLOAT | DOUBLE |
    DECIMAL(9,2) | VARCHAR | varchar(20) | BLOB | UUID | JSON | DATE | TIME | TIMESTAMP | TIMESTAMP_MS | TIMESTAMP_NS |
    TIMESTAMPTZ | INTERVAL | INTEGER[] | STRUCT(a BIGINT) | MAP(VARCHAR, INTEGER) | BIT | Decimal( 10, 2 ) | numeric(20) |
    decimal | decimal(39,0) | ubigint[][] | text | varchar(10) | timestamp_s | interval[] | integer[3] | mood`),
};

const shown = (value: unknown): string =>
  value === undefined
    ? '-'
    : JSON.stringify(value, (_, one: unknown) => (isType(one) ? typeText(one) : typeof one === 'function' ? '(function)' : one));

const isType = (value: unknown): value is DataType => typeof value === 'object' && value !== null && 'kind' in value;

const engines = { postgres, mysql, sqlserver, sqlite, duckdb };

test.each(Object.keys(engines) as (keyof typeof engines)[])('what %s declares, holds and takes is as it was', async (name) => {
  const { held, declared, ownType, ...more } = engines[name];
  const holds = 'takes' in more ? more.holds : undefined;
  const takes = 'takes' in more ? more.takes : undefined;
  const lines = [
    '# A type of hygge: how it is declared | how it is there',
    ...types.map((type) => `${typeText(type)}: ${shown(declared(type))} | ${shown(held(type))}`),
    '',
    '# A declaration: what it holds | what it is as an own type | the types that it takes',
    ...(written[name] ?? []).map((declaration) => {
      const taken = takes && types.filter((type) => takes(declaration, type)).map(typeText);
      return `${declaration}: ${holds ? shown(holds(declaration)) : ''} | ${shown(ownType(declaration))} | ${taken?.join(', ') ?? ''}`;
    }),
  ];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`golden-types/${name}.txt`);
});
