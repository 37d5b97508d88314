import { expect, test } from 'vitest';
import { measure } from '../../bench/measure.ts';

const script = (source: string) => ({ name: 'a script', args: ['--input-type=module', '-e', source] });
const megabyte = 1e6;

test.runIf(process.platform === 'linux')('the largest memory of a process is seen, also when it is given back', async () => {
  const little = await measure(script('0'));
  const much = await measure(script('let held = Buffer.alloc(200e6, 1); held = undefined; globalThis.gc?.();'));
  expect((much.peakBytes ?? 0) - (little.peakBytes ?? 0)).toBeGreaterThan(150 * megabyte);
});

test('fsyncs are counted, whichever door of node:fs they go through', async () => {
  const source = `
    import { openSync, fsyncSync, fsync } from 'node:fs';
    import { open } from 'node:fs/promises';
    import { promisify } from 'node:util';
    const path = process.env.HYGGE_BENCH_REPORT + '.file';
    const fd = openSync(path, 'w');
    fsyncSync(fd);
    await promisify(fsync)(fd);
    const handle = await open(path);
    await handle.sync();
    await handle.datasync();`;
  const { fsyncs, fsyncMs } = await measure(script(source));
  expect(fsyncs).toBe(4);
  expect(fsyncMs).toBeGreaterThan(0);
});

test('processor time is what the process worked, not what it waited', async () => {
  const waiting = await measure(script('await new Promise((done) => setTimeout(done, 300));'));
  const working = await measure(script('const until = process.cpuUsage().user + 300e3; while (process.cpuUsage().user < until);'));
  expect(waiting.wallMs).toBeGreaterThan(300);
  expect(working.cpuMs).toBeGreaterThan(300);
  expect(waiting.cpuMs).toBeLessThan(working.cpuMs);
});

test('what the process prints is kept', async () => {
  expect((await measure(script("console.log('settled')"), false)).stdout).toBe('settled\n');
});

test('a process that fails is an error that holds its words', async () => {
  await expect(measure(script("console.error('no room'); process.exitCode = 3"))).rejects.toThrow(/a script ended with 3:\nno room/);
});
