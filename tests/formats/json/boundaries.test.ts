import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cases } from '../../support/samples.ts';
import { type How, readText } from './over-text.ts';

const letters = fc.string({ unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ',', ':', '🏡', 'é', '\u2028', ' ') });
const value = fc.oneof(fc.constant(null), fc.maxSafeInteger(), letters);
const record = fc.record(
  {
    n: fc.option(fc.maxSafeInteger()),
    t: fc.option(letters),
    'ü"': fc.option(fc.boolean()),
    f: fc.option(
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((x) => (Number.isInteger(x) ? x + 0.5 : x))
        .filter((x) => !Number.isInteger(x)),
    ),
    g: fc.option(fc.record({ x: fc.option(fc.maxSafeInteger()), l: fc.option(fc.array(letters)) }, { requiredKeys: [] })),
    m: value,
  },
  { requiredKeys: [] },
);
const records = fc
  .array(record, { minLength: 1, maxLength: 30 })
  .map((some) => [{ n: 1, t: '', 'ü"': true, f: 0.5, g: { x: 1, l: [''] }, m: 'x' }, ...some]);

const names = ['n', 't', 'ü"', 'f', 'g', 'm'] as const;

/** An independent reading: JSON.parse, and the columns by hand. */
function expected(text: readonly string[]): unknown[][] {
  return text.map((line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>;
    return names.map((name) => {
      const one = parsed[name] ?? null;
      if (one === null) return null;
      if (name === 'n') return String(one);
      if (name === 'm') return JSON.stringify(one);
      if (name !== 'g') return one;
      const { x = null, l = null } = one as { x?: number | null; l?: string[] | null };
      return { x: x === null ? null : String(x), l };
    });
  });
}

const options = { types: { m: 'json' } };
const read = async (text: string, how: How) => (await readText(text, { options, ...how })).rows;

describe('the same rows, wherever the boundaries are', () => {
  test('of slices, chunks and frames over lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.array(fc.nat(4_000), { maxLength: 5 }),
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        async (some, cuts, frameBytes, crlf) => {
          const lines = some.map((one) => JSON.stringify(one));
          const sorted = [...new Set(cuts)].filter((cut) => cut > 0).sort((a, b) => a - b);
          const rows = await read(lines.join(crlf ? '\r\n' : '\n'), { cuts: sorted, frameBytes, frameRows: 7 });
          expect(rows).toEqual(expected(lines));
        },
      ),
      cases(150),
    );
  });

  test('of chunks and frames over a document, however it is laid out', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 400 }), fc.constantFrom(0, 1, '\t'), async (some, frameBytes, indent) => {
        const rows = await read(JSON.stringify({ a: [1], b: { c: some } }, null, indent), {
          format: 'json',
          options: { ...options, records: 'b.c' },
          frameBytes,
          frameRows: 3,
        });
        expect(rows).toEqual(expected(some.map((one) => JSON.stringify(one))));
      }),
      cases(75),
    );
  });

  test('every cut of a small file', async () => {
    const lines = ['{"n":1}', '', '{"n":22,"t":"é"}', '{"n":333}'];
    const text = Buffer.from(lines.join('\n'));
    const whole = await read(text.toString(), {});
    for (let cut = 1; cut < text.length; cut++) expect(await read(text.toString(), { cuts: [cut] })).toEqual(whole);
  });

  test('a document that comes in pieces of any size', async () => {
    const some = Array.from({ length: 400 }, (_, i) => ({ id: i, t: 'x'.repeat(i * 50), u: '🏡"' }));
    const text = JSON.stringify(some);
    expect(text.length).toBeGreaterThan(3_000_000);
    const { rows } = await readText(text, { format: 'json' });
    expect(rows).toEqual(some.map(({ id, t, u }) => [String(id), t, u]));
  });

  test('columns of every kind that outgrow their buffers', async () => {
    const some = Array.from({ length: 20_000 }, (_, i) => ({
      n: i % 7 === 0 ? null : i * 1_000_003,
      f: i % 5 === 0 ? null : i + 0.25,
      b: i % 3 === 0 ? null : i % 2 === 0,
      t: i % 11 === 0 ? null : `text ${i}`,
      m: i % 13 === 0 ? null : [i],
    }));
    const { rows } = await readText(some.map((one) => JSON.stringify(one)).join('\n'), { options });
    const exact = some.map(({ n, f, b, t, m }) => [n === null ? null : String(n), f, b, t, m && JSON.stringify(m)]);
    expect(rows).toEqual(exact);
  });

  test('a bad record after many good ones takes nothing with it', async () => {
    const some = Array.from({ length: 9_000 }, (_, i) => `{"n":${i},"t":"${i}","f":${i}.5,"b":${i % 2 === 0},"l":[${i}]}`);
    const withBad = some.flatMap((line, i) =>
      i % 4 === 3 ? [line, `{"n":null,"t":null,"f":0.5,"b":true,"l":[1],"n":${i}}`, line.slice(0, -3)] : [line],
    );
    const good = await readText(some.join('\n'), {});
    const read = await readText(withBad.join('\n'), { options: { bad_rows: 'skip' } });
    expect(read.rows).toEqual(good.rows);
    expect(read.rejected).toHaveLength(4_500);
  });
});
