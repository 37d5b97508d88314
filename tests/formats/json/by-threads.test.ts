import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import { Threads } from '../../../src/formats/threads/threads.ts';
import { cases } from '../../support/samples.ts';
import { everything, type How, type Read, readFiles, readText, sourceOf } from './over-text.ts';

const pools = [new Threads(0), new Threads(1), new Threads(2)] as const;
const folder = await mkdtemp(join(tmpdir(), 'hygge-by-threads-'));
afterAll(async () => {
  await Promise.all(pools.map((these) => these.end()));
  await rm(folder, { recursive: true });
});

/** Without any of it; by no, one and two threads to which lines are handed; by those that read the file for themselves. */
async function eachWay(text: string | Uint8Array, how: How, by: readonly Threads[]): Promise<readonly unknown[]> {
  const localPath = join(folder, 'data');
  await writeFile(localPath, text);
  const outcome = (reading: Promise<Read>) =>
    reading.then(
      ({ frames: _, ...read }) => read,
      (error: Error & { code?: string; why?: unknown }) => ({ code: error.code, message: error.message, why: error.why }),
    );
  const outcomes = [await outcome(readText(text, how))];
  for (const these of by) {
    const threads = { these, from: 0 };
    outcomes.push(await outcome(readText(text, { ...how, threads })));
    outcomes.push(await outcome(readFiles([{ ...sourceOf('in/data', text), localPath }], { ...how, threads })));
  }
  return outcomes;
}

async function sameEachWay(text: string | Uint8Array, how: How, by: readonly Threads[] = pools): Promise<unknown> {
  const [first, ...others] = await eachWay(text, how, by);
  for (const other of others) expect(other).toEqual(first);
  return first;
}

const cell = fc.oneof(fc.integer().map(String), fc.constantFrom('null', '1.5', '"é🏡"', '"\\u00e9"', '{"x":1}', '[1]', 'true', '1e5', ''));
const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.integer(), cell).map(([n, v]) => `{"n":${n},"v":${v === '' ? '0' : v}}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '  ', '{"n":1', '[1]', '{"n":1} {"n":2}', '{"other":1}', '{"n":"text"}') },
);

describe('the same by no, one or two threads, and without any of it', () => {
  test('rows, columns, and what is rejected, wherever the boundaries are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 25 }),
        fc.array(fc.nat(600), { maxLength: 3 }),
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom('fail', 'skip'),
        async (lines, cuts, frameBytes, bad_rows) => {
          const options = { bad_rows, types: { n: 'int64', v: 'json' } };
          const sorted = [...new Set(cuts)].filter((cut) => cut > 0).sort((a, b) => a - b);
          await sameEachWay(lines.join('\n'), { options, cuts: sorted, frameBytes, frameRows: 5 });
        },
      ),
      cases(60),
    );
  });

  test('columns in the order of the file, though their first records are megabytes apart', async () => {
    const filler = Array.from({ length: 12 }, (_, i) => `{"a":${i},"t":"${'x'.repeat(150_000)}"}`);
    const lines = [...filler, '{"z":1}', ...filler, '{"m":{"q":1}}', ...filler, '{"m":{"b":null,"q":2},"last":true}'];
    const read = (await sameEachWay(lines.join('\n'), {}, [pools[2]])) as Read;
    expect(read.schema.columns.map(({ name }) => name)).toEqual(['a', 't', 'z', 'm', 'last']);
    expect(read.rows).toHaveLength(39);
  });

  test('a conflict between places that are megabytes apart names the lines of both', async () => {
    const filler = Array.from({ length: 14 }, (_, i) => `{"a":${i},"t":"${'x'.repeat(150_000)}"}`);
    const error = await sameEachWay([...filler, '{"a":"text"}', ...filler, '{"a":true}'].join('\n'), {}, [pools[2]]);
    expect(error).toMatchObject({
      code: 'HYG-3402',
      why: ['true or false in line 30 of in/data', 'a whole number in line 1 of in/data', 'a text in line 15 of in/data'],
    });
  });

  test('more names than can be columns, though no part has too many', async () => {
    const lines = Array.from({ length: 21_000 }, (_, i) => `{"n${i}":"${'x'.repeat(100)}"}`);
    expect(await sameEachWay(lines.join('\n'), {}, [pools[2]])).toMatchObject({ code: 'HYG-3404' });
  });

  test('the mark of UTF-8 is passed by, that of UTF-16 refused', async () => {
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"n":1}\n{"n":2}')]);
    expect(await sameEachWay(marked, {})).toMatchObject({ rows: [['1'], ['2']] });
    // More often than there are leases: none of them is kept.
    for (let i = 0; i < 5; i++) expect(await sameEachWay(Buffer.from('\ufeff{"n":1}', 'utf16le'), {})).toMatchObject({ code: 'HYG-3302' });
  });
});

describe('threads that read for themselves', () => {
  const long = (letters: number) => `{"n":1,"t":"${'x'.repeat(letters)}"}`;

  test('lines that are longer than what is looked at behind a range, and longer than their memory', async () => {
    const lines = ['{"n":0,"t":"first"}', long(70_000), long(300_000), '{"n":2,"t":"short"}', long(9_000_000), '{"n":3,"t":"last"}'];
    const read = (await sameEachWay(lines.join('\n'), { frameBytes: 100_000 }, [pools[1]])) as Read;
    expect(read.rows.map(([n]) => n)).toEqual(['0', '1', '1', '2', '1', '3']);
  });

  test.each(['', '\n', '\r\n', '\n\n\n'])('whatever the file ends with (%j)', async (end) => {
    for (const frameBytes of [1, 7]) {
      const read = (await sameEachWay(`\ufeff{"n":1}\n\n{"n":2}${end}`, { frameBytes })) as Read;
      expect(read.rows).toEqual([['1'], ['2']]);
    }
  });

  test.each(['gone', 'shorter'] as const)('a file that is %s is read by others, who say so', async (what) => {
    const text = Array.from({ length: 50 }, (_, n) => `{"n":${n}}`).join('\n');
    const localPath = join(folder, what);
    if (what === 'shorter') await writeFile(localPath, text.slice(0, 100));
    for (const these of pools) {
      const read = await readFiles([{ ...sourceOf('in/data', text), localPath }], { threads: { these, from: 0 }, frameBytes: 40 });
      expect(read.rows).toHaveLength(50);
    }
    const torn = { ...sourceOf('in/data', text), localPath, read: () => Promise.reject(new Error('the disk is gone')) };
    await expect(readFiles([torn], { threads: { these: pools[1], from: 0 }, options: { compression: 'none' } })).rejects.toThrow(
      'the disk is gone',
    );
  });
});

describe('what ends a reading early', () => {
  const lines = Array.from({ length: 2_000 }, (_, i) => `{"n":${i}}`).join('\n');
  const source = sourceOf('in/data', lines);
  /** Read afterwards, to see that the threads still serve: some frames for each of them. */
  const few = lines.split('\n', 200).join('\n');

  async function* framesOf(these: Threads, signal: AbortSignal): AsyncGenerator<number> {
    const format = jsonFormat('ndjson', {}, { threads: { these, from: 0 } });
    await using scratch = realScratch();
    const sampled = await format.sample?.({ sources: [source], pinned: null, scratch, look: 'whole' });
    const content = await format.inspect(source, sampled?.pinned ?? null);
    const whole = { source, content, from: 0, to: source.bytes, window: everything, columns: null, scratch, signal };
    for await (const read of format.read({ ...whole, frameBytes: 100, frameRows: 10 })) if (!('rejected' in read)) yield read.rows;
  }

  test.each([0, 2])('a reader that had enough leaves nothing behind that others would wait for (%i threads)', async (count) => {
    const these = new Threads(count);
    for (let i = 0; i < 10; i++) for await (const rows of framesOf(these, new AbortController().signal)) if (rows > 0) break;
    let all = 0;
    for await (const rows of framesOf(these, new AbortController().signal)) all += rows;
    await these.end();
    expect(all).toBe(2_000);
  });

  test('being told to stop', async () => {
    const controller = new AbortController();
    const reading = (async () => {
      for await (const rows of framesOf(pools[2], controller.signal)) if (rows > 0) controller.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(await sameEachWay(few, { frameBytes: 100 })).toMatchObject({ kept: false });
  });

  test('a file that can no longer be read', async () => {
    let reads = 0;
    const torn = {
      ...source,
      read: async (range: { start: number; end: number }) => {
        if (++reads > 5) throw new Error('the disk is gone');
        return source.read(range);
      },
    };
    const format = jsonFormat('ndjson', {}, { threads: { these: pools[2], from: 0 } });
    await using scratch = realScratch();
    const content = await format.inspect(torn, (await readText('{"n":1}')).pinned);
    const reading = (async () => {
      const whole = { source: torn, content, from: 0, to: torn.bytes, window: everything, columns: null, scratch };
      for await (const _ of format.read({ ...whole, frameBytes: 100, frameRows: 10, signal: new AbortController().signal }));
    })();
    await expect(reading).rejects.toThrow('the disk is gone');
    expect(await sameEachWay(few, { frameBytes: 100 })).toMatchObject({ kept: false });
  });
});
