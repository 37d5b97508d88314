import { isMainThread } from 'node:worker_threads';
import type { Output } from '../../../src/formats/threads/job.ts';

export const url = import.meta.url;

const turned = (_given: unknown, input: Buffer, output: Output): number => {
  output.add(Uint8Array.from(input).reverse());
  return input.length;
};

export const jobs = {
  turned,
  where: (): string => (isMainThread ? 'here' : 'on a thread'),
  together: async (given: { readonly wait: SharedArrayBuffer; readonly all: number }): Promise<string> => {
    const met = new Int32Array(given.wait);
    const mine = Atomics.add(met, 0, 1) + 1;
    Atomics.notify(met, 0);
    for (let now = mine; now < given.all; now = Atomics.load(met, 0)) if (Atomics.wait(met, 0, now, 20_000) === 'timed-out') return 'alone';
    return 'met';
  },
  large: (given: number, _input: Buffer, output: Output): void => {
    for (let i = 0; i < given; i++) output.add(new Uint8Array(1024).fill(i % 251));
  },
  fails: (): never => {
    throw new Error('the job is impossible');
  },
  dies: (): string => {
    if (!isMainThread) process.exit(3);
    return 'here';
  },
};
