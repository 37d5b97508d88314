import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/databases/engine.ts';
import { PostgresSession } from '../../../src/databases/postgres/connect.ts';
import { writes } from '../../../src/databases/postgres/write.ts';
import type { RowsAsTheyCame } from '../../../src/databases/writes.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { FrameToStage, Part } from '../../../src/engine/contracts/store.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { type Mask, type MaskBy, maskedFrame } from '../../../src/frames/polish/mask.ts';
import type { AddedColumn, Names, Polish } from '../../../src/frames/polish/polish.ts';
import { polishedFrame } from '../../../src/frames/polish/polished-frame.ts';
import { settledColumns } from '../../../src/frames/polish/settled-columns.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { emptyFrame } from '../../../src/frames/values/to-polars.ts';
import { Secret } from '../../../src/ports/secret.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { everything, framesOf, type OpenedHomes, postgresHomes } from '../../support/postgres-home.ts';
import { cases } from '../../support/samples.ts';
import { adding } from '../../support/sim/rows.ts';
import { cleared, type Opened, onPostgres, openDatabase } from './support.ts';

/** A column's type, and values as PostgreSQL reads them; those that hygge can't hold come last. */
const columns: Readonly<Record<string, { readonly usual: readonly string[]; readonly special?: readonly string[] }>> = {
  boolean: { usual: ['t', 'f'] },
  bytea: { usual: ['', '\\x00ff', `\\x${'ab'.repeat(70)}`] },
  bigint: { usual: ['-9223372036854775808', '9223372036854775807', '9007199254740993', '0'] },
  smallint: { usual: ['-32768', '32767', '0'] },
  integer: { usual: ['-2147483648', '2147483647', '0'] },
  text: { usual: ['', 'say "hé"\tto Jörg\n', '\\N', '😀'.repeat(30), 'a'] },
  'character varying(40)': { usual: ['', 'short'] },
  real: { usual: ['-0', '1e-45', '3.4028235e38', '0.1'], special: ['NaN'] },
  'double precision': { usual: ['-0', '5e-324', '1.7976931348623157e308', '0.1'], special: ['Infinity'] },
  'numeric(12,2)': { usual: ['9999999999.99', '-9999999999.99', '0.01', '0'], special: ['NaN'] },
  'numeric(38,4)': { usual: ['9999999999999999999999999999999999.9999', '-0.0001'] },
  date: { usual: ['0001-01-01', '9999-12-31', '2000-01-01', '1969-12-31'], special: ['infinity', '10000-01-01', '0044-03-15 BC'] },
  'time without time zone': { usual: ['00:00', '23:59:59.999999'], special: ['24:00'] },
  'timestamp without time zone': {
    usual: ['0001-01-01', '9999-12-31 23:59:59.999999', '1999-12-31 23:59:59.999999'],
    special: ['-infinity'],
  },
  'timestamp(3) without time zone': { usual: ['2024-01-01 00:00:00.123'] },
  'timestamp with time zone': { usual: ['0001-01-01Z', '9999-12-31 23:59:59.999999Z'], special: ['infinity', '294276-01-01Z'] },
  uuid: { usual: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'] },
  jsonb: { usual: ['{"a": [1, 2.50]}', 'null'] },
  'integer[]': { usual: ['{}', '{1,NULL,3}'] },
};
/** Whose bytes are those of a column that hygge makes for them. */
const passed = Object.keys(columns).filter((type) => !/[[(]|jsonb/.test(type) || type === 'numeric(12,2)');

const added = [
  { name: 'constant', what: 'constant', type: { kind: 'int64' }, text: '7' },
  { name: 'nothing', what: 'constant', type: { kind: 'string' }, text: null },
  { name: 'loaded', what: 'load time', format: null },
  { name: 'run', what: 'run id' },
] as const satisfies readonly AddedColumn[];

/** What rows become on their way: masked, then polished. */
function settlesAs(of: { readonly masked: Mask['columns']; readonly also: readonly AddedColumn[]; readonly names: Names }) {
  const mask: Mask = { columns: of.masked, secret: new Secret('a key of sixteen letters') };
  const polish: Polish = { names: null, hashIds: [], added: of.also };
  const run = { runId: 'run-1', entityRunId: 'run-1.1', startedAt: '2026-11-20T08:17:00.123Z' };
  return async (frame: Frame): Promise<Frame> => {
    const masked =
      of.masked.size === 0
        ? frame
        : await maskedFrame(frame, mask, { flow: 'f', entity: 'e', where: { file: 'flows/f/flow.yml', line: 1, column: 1 } });
    if (of.also.length + of.names.length === 0) return masked;
    return polishedFrame(masked, { polish, settled: settledColumns(polish, masked.schema, of.names), run });
  };
}

interface Table {
  readonly types: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const tableOf = (of: readonly string[], withSpecial: boolean): fc.Arbitrary<Table> =>
  fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 6 }).chain((types) => {
    const cells = types.map((type) => {
      const { usual = [], special = [] } = columns[type] ?? {};
      return fc.option(fc.constantFrom(...usual, ...(withSpecial ? special : [])), { nil: null, freq: 5 });
    });
    return fc.record({ types: fc.constant(types), rows: fc.array(fc.tuple(...cells), { maxLength: 30 }) });
  });

onPostgres('rows of PostgreSQL on their way into PostgreSQL', () => {
  let opened: Opened;
  let homes: OpenedHomes;
  beforeAll(async () => {
    opened = await openDatabase();
    homes = postgresHomes(opened.db);
  });
  afterEach(() => void vi.restoreAllMocks());
  afterAll(async () => {
    await homes?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
  });

  async function filled({ types, rows }: Table): Promise<void> {
    await cleared(opened.db);
    const literal = (value: string | null) => (value === null ? 'null' : ` E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`);
    const values = rows.map((row) => `(${row.map((value, at) => `${literal(value)}::${types[at]}`).join(', ')})`);
    await opened.db.sql(`create table s (${types.map((type, at) => `c${at} ${type}`).join(', ')})`);
    if (rows.length > 0) await opened.db.sql(`insert into s values ${values.join(', ')}`);
  }

  /** What is staged of the table, as text, and what the store says of it; or the error. */
  async function staged(
    of: {
      readonly specialValues?: string;
      readonly batch?: number;
      readonly look?: (frame: Frame) => Promise<unknown>;
      readonly holds?: true;
      readonly settles?: (frame: Frame) => Promise<Frame>;
    } = {},
  ) {
    const home = await homes.home({
      table: 'public.s',
      special_values: of.specialValues ?? 'fail',
      ...(of.batch ? { batch_size: of.batch } : {}),
    });
    const described = await home.describe();
    if (!('done' in described)) throw new Error('a database answers at once');
    const { schema: read } = described.done as { readonly schema: Schema };
    const schema = of.settles === undefined ? read : (await of.settles(await emptyFrame(read))).schema;
    const store = await opened.store();
    await store.sweep({ lineage: 'l1', before: 99 });
    const frames = async function* (): AsyncGenerator<FrameToStage> {
      const held: Frame[] = [];
      for await (const given of framesOf(home, everything)) {
        const frame = of.settles === undefined ? given : await of.settles(given);
        await of.look?.(frame);
        if (of.holds) held.push(frame);
        else yield { role: 'data', frame };
      }
      for (const frame of held) yield { role: 'data', frame };
    };
    try {
      const request = { run: run(1), writing: adding, slice: 0, schema, watermark: null, emptyPart: true };
      const parts = await store.stage(request, frames(), new AbortController().signal);
      const [{ ref }] = parts as readonly [Part];
      const table = `hygge_staging.${(ref as { readonly name: string }).name}`;
      const rows = (await opened.db.sql(`select t::text as row from ${table} t order by 1`)).map(({ row }) => row);
      const facts = parts.map(({ rows, nulls, min, max, unmarked }: Part) => ({ rows, nulls, min, max, unmarked }));
      return { rows, facts };
    } catch (error) {
      if (!(error instanceof HyggeError)) throw error;
      return { error: [error.code, error.message, ...error.why] };
    } finally {
      await home[Symbol.asyncDispose]();
    }
  }

  const { load } = writes.staging;
  if (load.by !== 'frames' || load.untouched === undefined) throw new Error('PostgreSQL takes frames');
  const { untouched } = load;
  const spied = () => {
    const seen: boolean[] = [];
    vi.spyOn(load, 'untouched').mockImplementation(async (session: Session, frame, declared) => {
      const rows = await (untouched as (...of: readonly unknown[]) => Promise<RowsAsTheyCame<never> | undefined>)(session, frame, declared);
      seen.push(rows !== undefined);
      return rows;
    });
    return seen;
  };
  const decoded = () => vi.spyOn(load, 'untouched').mockResolvedValue(undefined);

  test('are staged alike whether something looks into them or not: rows, nulls and errors, of every type, with special values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(tableOf(passed, false), tableOf(Object.keys(columns), true)),
        fc.constantFrom('fail', 'to_null'),
        async (table, specialValues) => {
          await filled(table);
          const asTheyCame = await staged({ specialValues, batch: 7 });
          const spy = decoded();
          expect(asTheyCame).toEqual(await staged({ specialValues, batch: 7 }));
          spy.mockRestore();
        },
      ),
      cases(60),
    );
  });

  test('are staged alike where columns are masked, renamed and added, whether the others are looked into or not', async () => {
    let asTheyCame = 0;
    await fc.assert(
      fc.asyncProperty(
        tableOf(passed, false),
        fc.array(fc.constantFrom<MaskBy | 'none'>('none', 'none', 'null', 'hash', 2), { minLength: 6, maxLength: 6 }),
        fc.subarray([...added]),
        fc.boolean(),
        async (table, masks, also, isRenamed) => {
          const masked = table.types.flatMap((type, at): readonly (readonly [string, MaskBy])[] => {
            const by = masks[at] ?? 'none';
            return by === 'none' || (typeof by === 'number' && !/^text|^character/.test(type)) ? [] : [[`c${at}`, by]];
          });
          await filled(table);
          const settles = settlesAs({
            masked: new Map(masked),
            also,
            names: isRenamed ? table.types.map((_, at) => [`c${at}`, `named ${at}`]) : [],
          });
          const seen = spied();
          const some = await staged({ batch: 7, settles });
          expect(seen).toEqual(seen.map(() => true));
          asTheyCame += seen.length;
          vi.restoreAllMocks();
          const spy = decoded();
          expect(some).toEqual(await staged({ batch: 7, settles }));
          spy.mockRestore();
        },
      ),
      cases(80),
    );
    expect(asTheyCame).toBeGreaterThan(6);
  });

  test('are sent in pieces as long as texts that take the place of others, and behind rows of every length', async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => [String(at), 'x'.repeat(at % 701), at % 3 === 0 ? null : 'é'.repeat(at % 40)]);
    await filled({ types: ['integer', 'text', 'text'], rows });
    const settles = settlesAs({
      masked: new Map<string, MaskBy>([
        ['c1', 'hash'],
        ['c2', 2],
      ]),
      also: added,
      names: [],
    });
    const seen = spied();
    const some = await staged({ settles });
    expect(seen).toEqual([true]);
    vi.restoreAllMocks();
    decoded();
    const all = await staged({ settles });
    expect(some).toEqual(all);
    expect(all).toMatchObject({ facts: [{ rows: 3_000 }] });
  });

  test('that are refused behind a masked column are refused as ever', async () => {
    await filled({
      types: ['text', 'date'],
      rows: [
        ['a', '2024-01-01'],
        ['b', 'infinity'],
      ],
    });
    const settles = settlesAs({ masked: new Map<string, MaskBy>([['c0', 'null']]), also: [], names: [] });
    const refused = await staged({ settles });
    decoded();
    expect(refused).toEqual(await staged({ settles }));
    expect(refused).toMatchObject({ error: ['HYG-3505', expect.stringContaining('holds infinity')] });
  });

  test('continue as they came in columns of every built-in scalar type, at the edges of each', async () => {
    const seen = spied();
    const rows = Array.from({ length: 5 }, (_, at) => passed.map((type) => columns[type]?.usual[at] ?? null));
    await filled({ types: passed, rows });
    const asTheyCame = await staged();
    expect(seen).toEqual([true]);
    decoded();
    expect(await staged()).toEqual(asTheyCame);
  });

  test.each(Object.entries(columns).flatMap(([type, { special = [] }]) => special.map((value) => [value, type] as const)))(
    'are looked into where one is %s, a value of %s',
    async (value, type) => {
      const seen = spied();
      await filled({ types: [type], rows: [[value], [columns[type]?.usual[0] ?? null]] });
      await staged({ specialValues: 'to_null' });
      expect(seen).toEqual([false]);
    },
  );

  test('are decoded from the beginning once something looks into frame after frame', async () => {
    const seen = spied();
    await filled({ types: ['integer', 'text'], rows: Array.from({ length: 40 }, (_, at) => [String(at), 'x']) });
    expect(await staged({ batch: 4, look: (frame) => frame.fingerprint() })).toMatchObject({ facts: [{ rows: 40 }] });
    // What was looked into is still as it came for as long as nothing changes it.
    expect(seen).toEqual([true, true, ...Array.from({ length: 8 }, () => false)]);
  });

  test('are those of their own frame, however many others were read before they continue', async () => {
    const rows = Array.from({ length: 60 }, (_, at) => [String(at), 'x'.repeat(at)]);
    await filled({ types: ['integer', 'text'], rows });
    expect(await staged({ batch: 9, holds: true })).toMatchObject({
      rows: rows.map(([id, text]) => `(${id},${text === '' ? '""' : text})`).sort(),
    });
  });

  test('are looked into where a database is not in UTF-8', async () => {
    await filled({ types: ['text'], rows: [['x']] });
    const seen = spied();
    vi.spyOn(PostgresSession.prototype, 'serverEncoding').mockResolvedValue('LATIN1');
    expect(await staged()).toMatchObject({ rows: ['(x)'] });
    expect(seen).toEqual([false]);
  });
});
