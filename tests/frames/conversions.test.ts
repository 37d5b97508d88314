import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../src/frames/cell.ts';
import { polars } from '../../src/frames/native.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { readColumnType } from '../../src/frames/type-text.ts';
import { convertible } from '../../src/frames/values/convert.ts';
import { asPolars } from '../../src/frames/values/polars-frame.ts';
import { duck } from '../support/duck.ts';
import { frameOf } from '../support/parquet-files.ts';
import { SEED } from '../support/samples.ts';

const typeOf = (text: string): DataType => {
  const read = readColumnType(text);
  if (!('type' in read)) throw new Error(read.problem);
  return read.type;
};

const inDuck: Readonly<Record<string, string>> = {
  ...{ int8: 'tinyint', int16: 'smallint', int32: 'integer', int64: 'bigint', string: 'varchar' },
  ...{ uint8: 'utinyint', uint16: 'usmallint', uint32: 'uinteger', uint64: 'ubigint' },
};
const exactNumbers = ['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'];
const decimals = ['decimal(5,0)', 'decimal(9,2)', 'decimal(18,4)', 'decimal(38,0)', 'decimal(38,10)', 'decimal(38,18)'];

/** Whole numbers of any size, with a fraction or without, around the edges of every type. */
const edges = [7n, 8n, 15n, 16n, 24n, 31n, 32n, 53n, 63n, 64n].flatMap((bits) => [
  2n ** bits,
  2n ** bits - 1n,
  -(2n ** bits),
  2n ** bits + 1n,
]);
const numbers = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }), fc.bigInt({ min: -300n, max: 300n }), fc.constantFrom(...edges)),
    fc.integer({ min: 0, max: 12 }),
  )
  .map(([digits, scale]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
    return `${digits < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${scale > 0 ? `.${text.slice(text.length - scale)}` : ''}`;
  });

/** The number as a cell of the type, by arithmetic of our own; undefined: no value of it is that number. */
function cellOf(type: DataType, text: string): Cell | undefined {
  const [whole = '', fraction = ''] = text.split('.');
  const kept = fraction.replace(/0+$/, '');
  if (type.kind === 'string') return text;
  if (type.kind === 'decimal') {
    if (kept.length > type.scale) return undefined;
    const scaled = BigInt(`${whole}${kept.padEnd(type.scale, '0')}`);
    return scaled < 10n ** BigInt(type.precision) && scaled > -(10n ** BigInt(type.precision)) ? scaled : undefined;
  }
  if (kept !== '') return undefined;
  const [value, bits] = [BigInt(whole), BigInt(type.kind.replace(/\D+/, ''))];
  const [low, high] = type.kind.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  if (value < low || value > high) return undefined;
  return bits < 64n ? Number(value) : value;
}

/** As they settle, each as text. */
async function settled(from: DataType, to: DataType, cells: readonly Cell[]): Promise<readonly string[]> {
  const frame = await frameOf(
    { columns: [{ name: 'v', type: from, nullable: true }] },
    cells.map((cell) => [cell]),
  );
  const schema = { columns: [{ name: 'v', type: to, nullable: true }] };
  const made = await frame.conform({ schema, columns: [{ name: 'v', type: to, from: 'v', fill: null }], samples: 'show' });
  const column = (await asPolars(made).collect()).getColumn('v');
  if (to.kind === 'duration') return column.toArray().map(String);
  return (column.cast((await polars()).String).toArray() as unknown[]).map(String);
}

describe('a value that settles under another type', () => {
  it('is the number that it was, to the digit as DuckDB writes it, or stops the run', async () => {
    const texts = [...new Set(fc.sample(numbers, { seed: SEED, numRuns: 4 }))];
    for (const from of [...exactNumbers, ...decimals, 'string']) {
      for (const to of [...exactNumbers, ...decimals, 'string']) {
        const [source, wanted] = [typeOf(from), typeOf(to)];
        if (from === to || !convertible(source, wanted)) continue;
        const given = texts.flatMap((text) => {
          const cell = cellOf(source, text);
          // A whole number is told from its text only where it has one form.
          const isPlain = from !== 'string' || decimals.includes(to) || !text.includes('.');
          return cell === undefined || !isPlain ? [] : [{ text, cell, fits: cellOf(wanted, text) !== undefined }];
        });
        const fitting = given.filter(({ fits }) => fits);
        if (fitting.length > 0) {
          const as = `${inDuck[from] ?? from}`;
          const rows = await duck(
            `select v::${as}::${inDuck[to] ?? to}::varchar as v from (values ${fitting.map(({ text }, i) => `(${i}, '${text}')`).join(', ')}) t(i, v) order by i`,
          );
          const cells = fitting.map(({ cell }) => cell);
          expect(await settled(source, wanted, cells), `${from} to ${to}`).toEqual(rows.map(({ v }) => String(v)));
        }
        for (const { text, cell } of given.filter(({ fits }) => !fits).slice(0, 2))
          await expect(settled(source, wanted, [cell]), `${text} from ${from} to ${to}`).rejects.toMatchObject({ code: 'HYG-2023' });
      }
    }
  });

  it('is the float that it was, by the word of DuckDB, or stops the run', async () => {
    const floats = fc.sample(
      fc.oneof(
        fc.double(),
        fc.double({ min: -1e9, max: 1e9 }),
        fc.integer().map((n) => n / 100),
      ),
      { seed: SEED, numRuns: 5 },
    );
    for (const to of decimals) {
      const same = await duck(
        `select coalesce(try_cast(v as ${to})::double = v, false) as same from (values ${floats.map((v, i) => `(${i}, '${Number.isNaN(v) ? 'nan' : v}'::double)`).join(', ')}) t(i, v) order by i`,
      );
      for (const [i, v] of floats.entries()) {
        const made = settled({ kind: 'float64' }, typeOf(to), [v]);
        if (same[i]?.same === true) await expect(made, `${v} to ${to}`).resolves.toHaveLength(1);
        else await expect(made, `${v} to ${to}`).rejects.toMatchObject({ code: 'HYG-2023' });
      }
    }
  });

  it.each([
    ['ms', ['00:00:00.000', '23:59:59.999', 'null', '12:34:56.007'], [0n, 86_399_999_000_000n, null, 45_296_007_000_000n]],
    ['us', ['00:00:00.000001', '23:59:59.999999', 'null'], [1_000n, 86_399_999_999_000n, null]],
    ['ns', ['00:00:00.000000001', '23:59:59.999999999', 'null'], [1n, 86_399_999_999_999n, null]],
  ] as const)('is a time of day with all its digits, where a time in %s settles as text', async (unit, texts, cells) => {
    expect(await settled({ kind: 'time', unit }, { kind: 'string' }, cells)).toEqual(texts);
  });

  it('is a word, where it is true or false and settles as text', async () => {
    expect(await settled({ kind: 'bool' }, { kind: 'string' }, [true, null, false])).toEqual(['true', 'null', 'false']);
  });

  it('is a uuid in small letters with hyphens, however the text writes it', async () => {
    const uuid = '123e4567-e89b-12d3-a456-42661417400f';
    const written = [uuid, uuid.toUpperCase(), `{${uuid}}`, uuid.replaceAll('-', ''), null];
    expect(await settled({ kind: 'string' }, { kind: 'uuid' }, written)).toEqual([uuid, uuid, uuid, uuid, 'null']);
  });

  it.each<[string, string, Cell, Cell]>([
    ['timestamp[ns]', 'timestamp[us]', 1_700_000_000_123_456_000n, 1_700_000_000_123_456_001n],
    ['timestamp[ns]', 'timestamp[ms]', -1_000_000n, -999_999n],
    ['timestamp[us, UTC]', 'timestamp[ms, UTC]', 1_000n, 1_001n],
    ['timestamp[us]', 'timestamp[ns]', 9_223_372_036_854_775n, 9_223_372_036_854_776n],
    ['timestamp[us]', 'date', 86_400_000_000n, 86_400_000_001n],
    ['time[ns]', 'time[us]', 86_399_999_999_000n, 86_399_999_999_999n],
    ['duration[ns]', 'duration[us]', -1_000n, -1_001n],
    ['string', 'uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-42661417400'],
    ['string', 'decimal(5,2)', '1.50', '1.505'],
    ['string', 'decimal(38,2)', '1.5000000000000000000000000000000000000000000', ' 1.5'],
    ['float64', 'decimal(38,20)', 0.5, 1e20],
  ])('from %s to %s: %s settles, and %s stops the run', async (from, to, fits, lost) => {
    await expect(settled(typeOf(from), typeOf(to), [null, fits])).resolves.toHaveLength(2);
    await expect(settled(typeOf(from), typeOf(to), [null, lost])).rejects.toMatchObject({
      code: 'HYG-2023',
      why: [expect.any(String), expect.stringContaining('row 2 of 2')],
    });
  });
});
