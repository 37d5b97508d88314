import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Threads } from '../../../src/formats/threads/threads.ts';
import { cases } from '../../support/samples.ts';
import { type HowToRead, readCsv } from './files.ts';

const pools = [new Threads(0), new Threads(1), new Threads(2)] as const;
afterAll(() => Promise.all(pools.map((these) => these.end())));

async function sameEachWay(text: string, options: Readonly<Record<string, unknown>>, how: HowToRead): Promise<void> {
  const outcome = (threads?: HowToRead['threads']) =>
    readCsv(text, options, { ...how, ...(threads ? { threads } : {}) }).then(
      ({ frames: _, ...table }) => table,
      (error: Error & { code?: string; why?: unknown }) => ({ code: error.code, message: error.message, why: error.why }),
    );
  const first = await outcome();
  for (const these of pools) expect(await outcome({ these, from: 0 })).toEqual(first);
}

const cell = fc.oneof(fc.integer().map(String), fc.constantFrom('', '1.50', 'x', '"a\nb"', '"a""b"', 'é🏡', '2024-02-29', '"open'));
const row = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(fc.integer().map(String), cell).map((cells) => cells.join(',')) },
  { weight: 1, arbitrary: fc.constantFrom('', '1', '1,2,3', '1,"a"b', 'text,1', '\r') },
);

test('the same rows and the same bad rows by none, one or two threads, wherever text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom('fail', 'skip', 'quarantine'),
      async (rows, chunkBytes, pieceBytes, bad_rows) => {
        const options = { header: true, bad_rows, types: { n: 'int64', v: 'string' } };
        await sameEachWay(`n,v\n${rows.join('\n')}\n`, options, { chunkBytes, pieceBytes, frameRows: 7 });
      },
    ),
    cases(60),
  );
});

test('more bad rows than are handed on at once are all told, each with its line', async () => {
  const text = `n,v\n${Array.from({ length: 5_000 }, (_, i) => (i % 2 === 0 ? `${i},v` : `bad${i},v`)).join('\n')}\n`;
  const options = { bad_rows: 'quarantine', types: { n: 'int64' } };
  const { rows, rejected } = await readCsv(text, options, { threads: { these: pools[1], from: 0 } });
  expect(rows).toHaveLength(2_500);
  expect(rejected.map(({ line, text: written }) => [line, written])).toEqual(
    Array.from({ length: 2_500 }, (_, i) => [2 * i + 3, `bad${2 * i + 1},v`]),
  );
  await sameEachWay(text, options, {});
});
