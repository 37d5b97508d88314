import { expect, onTestFinished, test } from 'vitest';
import { Threads } from '../../../src/formats/threads/threads.ts';
import * as module from './jobs-to-try.ts';

function threadsOf(count: number): Threads {
  const threads = new Threads(count);
  onTestFinished(() => threads.end());
  return threads;
}

async function done(threads: Threads, job: keyof typeof module.jobs, given: unknown = null): Promise<unknown> {
  using lease = await threads.lease();
  return (await lease.run(module, job, { given, bytes: Buffer.alloc(0) })).answer;
}

test('a job is done on a thread, or where it is given when there are to be none', async () => {
  expect(await done(threadsOf(1), 'where')).toBe('on a thread');
  expect(await done(threadsOf(0), 'where')).toBe('here');
});

test('two threads work at the same time', async () => {
  const threads = threadsOf(2);
  const given = { wait: new SharedArrayBuffer(4), all: 2 };
  expect(await Promise.all([done(threads, 'together', given), done(threads, 'together', given)])).toEqual(['met', 'met']);
});

test.each([0, 1, 2])('with %i threads every one of many jobs answers from its own bytes, wherever they lie', async (count) => {
  const threads = threadsOf(count);
  const texts = Array.from({ length: 100 }, (_, i) => `${i} `.repeat((i * 37) % 50));
  const answers = await Promise.all(
    texts.map(async (text, i) => {
      using lease = await threads.lease();
      const memory = lease.memory(text.length + 3);
      const isThere = i % 2 === 0;
      if (isThere) memory.write(text, 3);
      const bytes = isThere ? memory.subarray(3, 3 + text.length) : Buffer.from(text);
      const { answer, output } = await lease.run(module, 'turned', { given: null, bytes });
      return [answer, output.toString()];
    }),
  );
  expect(answers).toEqual(texts.map((text) => [text.length, [...text].reverse().join('')]));
});

test('an answer may be larger than any before', async () => {
  const threads = threadsOf(2);
  for (const kilobytes of [1, 5_000, 2, 9_000]) {
    using lease = await threads.lease();
    const { output } = await lease.run(module, 'large', { given: kilobytes, bytes: Buffer.alloc(0) });
    expect(output.length).toBe(kilobytes * 1024);
    expect([output[0], output.at(-1)]).toEqual([0, (kilobytes - 1) % 251]);
  }
});

test.each([0, 1])('with %i threads a job that throws says so, and the next one is done', async (count) => {
  const threads = threadsOf(count);
  await expect(done(threads, 'fails')).rejects.toMatchObject({ code: 'HYG-9001', why: [expect.stringContaining('the job is impossible')] });
  expect(await done(threads, 'where')).toBe(count === 0 ? 'here' : 'on a thread');
});

test('what a thread was at when it died is done here, and all that comes after', async () => {
  const threads = threadsOf(2);
  expect(await Promise.all(Array.from({ length: 6 }, () => done(threads, 'dies')))).toEqual(Array.from({ length: 6 }, () => 'here'));
  expect(await done(threads, 'where')).toBe('here');
});

test('threads that were ended leave the work to who asks', async () => {
  const threads = threadsOf(2);
  await done(threads, 'where');
  await threads.end();
  expect(await done(threads, 'where')).toBe('here');
});

test('memory that an unusual job needed is not kept for the next one', async () => {
  const threads = threadsOf(0);
  const large = 40 * 1024 * 1024;
  {
    using lease = await threads.lease();
    expect(lease.memory(large).length).toBe(large);
  }
  using next = await threads.lease();
  expect(next.memory(10).length).toBe(10);
});
