import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { adding, baseSchema, row, SimFrame } from '../support/sim/rows.ts';
import { run, storeOn } from './settling.ts';

/** What it stages and can't end, it takes a while to give up. */
function slowToGiveUp(): { readonly files: FileSystem; readonly told: string[] } {
  const told: string[] = [];
  const near = new MemoryFileSystem();
  const stage: FileSystem['stage'] = async (names, body) => {
    told.push('begun');
    try {
      return await near.stage(names, body);
    } catch (error) {
      for (let i = 0; i < 20; i++) await turn();
      told.push('given up');
      throw error;
    }
  };
  return { files: Object.assign(Object.create(near) as FileSystem, { stage }), told };
}

const frame = new SimFrame(baseSchema, [row(1, 1)]);
const request = { run: run(1), writing: adding, slice: 0, schema: baseSchema, watermark: null, emptyPart: false };

test('nothing of a slice that failed continues when it is over', async () => {
  const { files, told } = slowToGiveUp();
  const broken = new RangeError('the source broke');
  const frames = (async function* () {
    yield { frame, role: 'data' as const };
    throw broken;
  })();
  await expect(storeOn(files).stage(request, frames, new AbortController().signal)).rejects.toBe(broken);
  expect(told).toEqual(['begun', 'given up']);
});

test('nor of one that was told to stop, whatever it was writing', async () => {
  const { files, told } = slowToGiveUp();
  const stop = new AbortController();
  const frames = (async function* () {
    yield { frame, role: 'data' as const };
    yield { frame, role: 'boundary' as const };
    stop.abort(new RangeError('enough'));
    yield { frame, role: 'data' as const };
  })();
  await expect(storeOn(files).stage(request, frames, stop.signal)).rejects.toThrow('enough');
  expect(told).toEqual(['begun', 'begun', 'given up', 'given up']);
});

test('nor of the partitions that were on their way at once', async () => {
  const { files, told } = slowToGiveUp();
  const begun = files.stage;
  let opened = 0;
  // The tenth can't be written.
  const stage: FileSystem['stage'] = async (names, body) => {
    if (++opened === 10) throw new RangeError('the disk is full');
    return begun(names, body);
  };
  const failing = Object.assign(Object.create(files) as FileSystem, { stage });
  const list = Array.from({ length: 40 }, (_, i) => row(i, i));
  const frames = (async function* () {
    yield { frame: new SimFrame(baseSchema, list), role: 'data' as const };
  })();
  const staging = storeOn(failing, { partitionBy: ['mark'] }).stage(request, frames, new AbortController().signal);
  await expect(staging).rejects.toThrow('the disk is full');
  const before = [opened, [...told]];
  for (let i = 0; i < 50; i++) await turn();
  expect([opened, told]).toEqual(before);
  expect(opened).toBeLessThan(40);
});
