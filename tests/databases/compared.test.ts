import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as duckdb from '../../src/databases/duckdb/dialect.ts';
import * as mysql from '../../src/databases/mysql/dialect.ts';
import * as postgres from '../../src/databases/postgres/dialect.ts';
import * as sqlite from '../../src/databases/sqlite/dialect.ts';
import * as sqlserver from '../../src/databases/sqlserver/dialect.ts';
import { notComparedNotes } from '../../src/databases/store/staging/totals-check.ts';
import { hasEdges, sumKindOf } from '../../src/databases/totals.ts';
import type { StagedTotals } from '../../src/databases/writes.ts';
import type { DataType } from '../../src/frames/schema.ts';

const engines = [postgres, mysql, sqlserver, duckdb, sqlite] as const;

const kinds: readonly (readonly [string, ...DataType[]])[] = [
  ['whole numbers', { kind: 'int64' }],
  ['true and false', { kind: 'bool' }],
  ['decimals of up to 27 digits', { kind: 'decimal', precision: 27, scale: 2 }],
  ['longer decimals', { kind: 'decimal', precision: 28, scale: 2 }],
  ['floats', { kind: 'float64' }],
  ['dates', { kind: 'date' }],
  ['timestamps', { kind: 'timestamp', unit: 'us' }],
  ['timestamps in milliseconds', { kind: 'timestamp', unit: 'ms' }],
  ['times of day', { kind: 'time', unit: 'us' }],
  ['texts', { kind: 'string' }],
  [
    'documents, lists, structs, binaries, UUIDs, durations',
    { kind: 'json' },
    { kind: 'list', item: { kind: 'int64' } },
    { kind: 'struct', fields: [{ name: 'a', type: { kind: 'int64' }, nullable: true }] },
    { kind: 'binary' },
    { kind: 'uuid' },
    { kind: 'duration', unit: 'us' },
  ],
];

function compared(type: DataType, asked: StagedTotals): string {
  const isSummed = asked.sum !== undefined && sumKindOf(type) !== 'nothing';
  const sum = type.kind === 'string' ? 'bytes' : asked.sum?.includes('server_version_num') ? 'sum (from 14 on)' : 'sum';
  const found = [
    ...(isSummed ? [sum] : []),
    ...(asked.days === undefined ? [] : ['sum of days']),
    ...(asked.min !== undefined && hasEdges(type) ? ['edges'] : []),
  ];
  return found.length === 0 ? '–' : found.join(', ');
}

describe('what is compared of staged columns next to rows and nulls', () => {
  it('is what the page says, engine by engine', () => {
    const lines = kinds.map(([name, ...types]) => {
      const cells = engines.map(({ totals }) => [...new Set(types.map((type) => compared(type, totals('c', type))))].join(' or '));
      return `| ${[name, ...cells].join(' | ')} |`;
    });
    expect(readFileSync(new URL('../../docs/databases-writing.md', import.meta.url), 'utf8')).toContain(lines.join('\n'));
  });

  it.each([
    ['PostgreSQL', postgres, 'c0 (json)', ['c0']],
    ['SQL Server', sqlserver, 'c0 (json), c1 (time[us]), and all 2 texts', ['c0', 'c1', 'c2', 'c3']],
    ['DuckDB', duckdb, 'c0 (json), c1 (time[us])', ['c0', 'c1']],
    ['SQLite', sqlite, 'c0 (json), c1 (time[us])', ['c0', 'c1']],
  ] as const)('is named by the plan where it is nothing, texts too: %s', (_, engine, named, columns) => {
    const types: readonly DataType[] = [
      { kind: 'json' },
      { kind: 'time', unit: 'us' },
      { kind: 'string' },
      { kind: 'string' },
      { kind: 'int64' },
    ];
    const [note, ...more] = notComparedNotes(
      { staging: { totals: engine.totals }, quote: engine.quoteName },
      types.map((type, at) => ({ name: `c${at}`, type, nullable: true })),
    );
    expect(more).toEqual([]);
    expect(note?.params?.columns).toEqual(columns);
    expect(note?.text).toContain(`after staging, ${named} ${columns.length === 1 ? 'is' : 'are'} compared only by rows and nulls`);
  });

  it('is named by a text of its own where there is one, and not at all where everything is compared', () => {
    const of = { staging: { totals: sqlserver.totals }, quote: sqlserver.quoteName };
    const [note] = notComparedNotes(of, [{ name: 'a', type: { kind: 'string' }, nullable: true }]);
    expect(note?.text).toContain('after staging, a (string) is compared');
    expect(notComparedNotes(of, [{ name: 'n', type: { kind: 'int64' }, nullable: true }])).toEqual([]);
  });
});
