/** Columns told from a part of the records: the rest either is like it, or says so before a row of it settles. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { Look, SlicePlan, SourceDescription } from '../../../src/engine/contracts/home.ts';
import { HomeError } from '../../../src/errors/hygge-error.ts';
import { fileHome } from '../../../src/files/home/home.ts';
import { selectFiles } from '../../../src/files/home/selection.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import { Threads } from '../../../src/formats/threads/threads.ts';
import type { Json } from '../../../src/ports/values.ts';
import { cases } from '../../support/samples.ts';
import { type How, type Read, readText } from './over-text.ts';

const these = new Threads(1);
afterAll(() => these.end());
const byThreads = { these, from: 0 };

/** The file is never gone through whole because it is small, and a place that is looked at is one line. */
const partly = { look: 'for a run', wholeBytes: 1 } as const;

type Ended = { readonly read: Read } | { readonly code: string };

function ended(reading: Promise<Read>): Promise<Ended> {
  return reading.then(
    (read) => ({ read }),
    (error: unknown) => {
      if (error instanceof HomeError) return { code: error.code };
      throw error;
    },
  );
}

/** As a run does it. */
async function asRun(text: string, how: How): Promise<{ readonly ended: Ended; readonly again: boolean }> {
  const first = await ended(readText(text, { ...how, ...partly }));
  if (!('code' in first) || first.code !== 'HYG-3210') return { ended: first, again: false };
  return { ended: await ended(readText(text, { ...how, look: 'whole' })), again: true };
}

/** The order of columns is that of whatever was looked at. */
function comparable(one: Ended): unknown {
  if ('code' in one) return one;
  const { schema, rows, rejected } = one.read;
  const names = schema.columns.map(({ name }) => name);
  return {
    types: Object.fromEntries(schema.columns.map(({ name, type }) => [name, type])),
    rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
    rejected,
  };
}

const same = '{"n":1,"f":1.5,"t":"a","b":true,"z":null}\n';
const many = same.repeat(60);

describe('a record that is not like those that were looked at', () => {
  test.each([
    ['a new name', '{"n":1,"late":"x"}'],
    ['a new name of a null', '{"n":1,"late":null}'],
    ['a fraction among whole numbers', '{"n":1.5}'],
    ['a fraction that is whole', '{"n":1.0}'],
    ['a whole number with an exponent', '{"n":1e3}'],
    ['a whole number beyond int64', '{"n":9223372036854775808}'],
    ['a whole number that a float would round', '{"f":9007199254740993}'],
    ['a text among numbers', '{"n":"1"}'],
    ['a number among texts', '{"t":1}'],
    ['a number among true and false', '{"b":1}'],
    ['an object', '{"t":{"x":1}}'],
    ['a list', '{"n":[1]}'],
    ['a first value', '{"z":"x"}'],
    ['a first number', '{"z":1}'],
  ])('%s', async (_, odd) => {
    for (const how of [{}, { threads: byThreads }, { options: { bad_rows: 'skip' } }]) {
      const text = `${many}${odd}\n${many.repeat(2)}`;
      const { ended: run, again } = await asRun(text, how);
      expect(again).toBe(true);
      expect(comparable(run)).toEqual(comparable(await ended(readText(text, how))));
    }
  });

  test('says where it is and what is new', async () => {
    const reading = readText(`${many}{"n":1,"late":"x"}\n${many.repeat(2)}`, partly);
    await expect(reading).rejects.toMatchObject({
      code: 'HYG-3210',
      what: 'Line 61 of in/data is not like the records that showed the columns: the name "late" is new.',
    });
    await expect(readText(`${many}{"z":"x"}\n${many.repeat(2)}`, { ...partly, options: { bad_rows: 'skip' } })).rejects.toMatchObject({
      code: 'HYG-3210',
      what: expect.stringContaining('column z has values, and had none before'),
    });
  });

  test('what is not JSON at all is a bad row as ever, and nothing is looked at again for it', async () => {
    const text = `${many}{"n":1,\n${many.repeat(2)}`;
    expect((await asRun(text, {})).again).toBe(false);
    expect((await asRun(text, {})).ended).toEqual({ code: 'HYG-3305' });
    const { ended: skipping, again } = await asRun(text, { options: { bad_rows: 'skip' } });
    expect(again).toBe(false);
    expect(comparable(skipping)).toEqual(comparable(await ended(readText(text, { options: { bad_rows: 'skip' } }))));
  });

  test('what an earlier run has decided stays: only a new name is looked for again', async () => {
    const { pinned } = await readText(same, { look: 'whole' });
    const later = { pinned, look: 'for a run', options: { bad_rows: 'skip' }, wholeBytes: 1 } as const;
    const big = { ...later, againBytes: 1 };
    const fraction = await readText(`${many}{"n":1.5}\n${many.repeat(2)}`, big);
    expect(fraction.rejected).toHaveLength(1);
    expect((await readText(`${many}{"n":1.0}\n${many.repeat(2)}`, big)).rejected).toEqual([]);
    await expect(readText(`${many}{"late":1}\n${many.repeat(2)}`, big)).rejects.toMatchObject({ code: 'HYG-3210' });
    await expect(readText(`${many}{"z":"x"}\n${many.repeat(2)}`, big)).rejects.toMatchObject({ code: 'HYG-3210' });
  });

  test('a type that was declared takes what it takes', async () => {
    const text = `${many}{"n":1.0}\n${many.repeat(2)}`;
    const { ended: run, again } = await asRun(text, { options: { types: { n: 'int64' } } });
    expect(again).toBe(false);
    expect('read' in run && run.read.rows).toHaveLength(181);
  });
});

test('the source is the same to later runs, however much of it was looked at, and a home of another step knows it too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-partly-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await using scratch = realScratch({ folder });
  const files = localFileSystem(join(folder, 'in'));
  await files.put('a.ndjson', Buffer.from(`${many}{"n":1.5}\n${many.repeat(2)}`), { ifNoneMatch: '*' });
  const of = { files, glob: null, single: null, extensions: ['.ndjson'], written: 'in', display: (path: string) => path };
  const where = { files, selection: selectFiles(of), where: 'in', format: jsonFormat('ndjson', {}, { wholeBytes: 1 }) };
  const home = (pinned: Json | null) =>
    fileHome({ ...where, pinned, frameRows: 1000, columns: null, exclude: null, clock: realClock(), scratch });
  const described = async (pinned: Json | null, look: Look) => {
    const { done } = (await home(pinned).describe(undefined, look)) as { done: SourceDescription };
    return { version: done.version, pinned: done.pinned ?? null };
  };
  const first = await described(null, 'for a run');
  expect(first.pinned).toMatchObject({ partly: 'names and kinds' });
  // It was content with them: then they are pinned, and all of the file is gone through.
  const second = await described(first.pinned, 'for a run');
  expect(second.pinned).not.toHaveProperty('partly');
  expect(second.version).toBe(first.version);
  const read = async (pinned: Json | null) => {
    const other = home(pinned);
    const window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' } as const;
    const { done } = (await other.plan(window, { sliceBytes: 1e9 })) as { done: SlicePlan };
    for (const slice of done.slices) for await (const _ of other.read(slice, window, undefined, new AbortController().signal));
  };
  await expect(read(first.pinned)).rejects.toMatchObject({ code: 'HYG-3210' });
  await expect(read(second.pinned)).rejects.toMatchObject({ code: 'HYG-3305' });
  await read((await described(null, 'whole')).pinned);
});

const value = fc.constantFrom(
  '1',
  '-7',
  '1.5',
  '2.0',
  '1e2',
  'null',
  'true',
  '"a"',
  '"é"',
  '12345678901234567890',
  '9007199254740993',
  '{"x":1}',
  '{}',
  '[]',
);
const record = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), value), { selector: ([name]) => name, maxLength: 4 })
  .map((members) => `{${members.map(([name, text]) => `"${name}":${text}`).join(',')}}`);

test('whatever comes, a run reads what it would have read after a look at everything', async () => {
  const tried = cases(300);
  let surprised = 0;
  const usual = fc.constantFrom('{"a":1,"b":"x"}', '{"a":2,"b":null}', '{"a":3,"b":"y"}');
  const line = fc.oneof(
    { weight: 30, arbitrary: usual },
    { weight: 1, arbitrary: record },
    { weight: 1, arbitrary: fc.constantFrom('', '{"a":1', '[1]') },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 8, maxLength: 80 }),
      fc.constantFrom('fail', 'skip'),
      fc.constantFrom('fail', 'string', 'json'),
      fc.boolean(),
      async (lines, bad_rows, mixed, isByThreads) => {
        const text = lines.join('\n');
        const how: How = { options: { bad_rows, mixed }, ...(isByThreads ? { threads: byThreads } : {}) };
        const { ended: run, again } = await asRun(text, how);
        if (again) surprised++;
        const whole = await ended(readText(text, how));
        // Of several reasons to stop, the first that is met is told.
        if (bad_rows === 'fail' && 'code' in whole) expect(run).toHaveProperty('code');
        else expect(comparable(run)).toEqual(comparable(whole));
      },
    ),
    tried,
  );
  expect(surprised).toBeGreaterThan(tried.numRuns / 10);
});
