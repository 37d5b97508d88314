import { expect, test } from 'vitest';
import { chunksDone, chunksOf } from '../../src/engine/backfill/backfill.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { compareWatermarks } from '../../src/frames/watermark-text.ts';

interface Given {
  readonly type: DataType;
  readonly from: string;
  readonly to: string;
  readonly chunk: string;
}

const ranges: readonly Given[] = [
  { type: { kind: 'int64' }, from: '-7', to: '20001', chunk: '3' },
  { type: { kind: 'date' }, from: '2000-01-31', to: '2030-02-01', chunk: '1mo' },
  { type: { kind: 'date' }, from: '2000-01-01', to: '2001-01-02', chunk: '1d' },
];

test.each(ranges)('how many chunks of $from to $to are done is found as by looking at each', ({ type, ...range }) => {
  const chunks = [...chunksOf(range, type)];
  const looked = (text: string): number => {
    const open = chunks.findIndex(({ to }) => compareWatermarks({ type, text }, { type, text: to }) < 0);
    return open === -1 ? chunks.length : open;
  };
  for (const at of [0, 1, 2, Math.floor(chunks.length / 2), chunks.length - 2, chunks.length - 1])
    for (const text of [chunks[at]?.from ?? '', chunks[at]?.to ?? ''])
      expect(chunksDone(range, type, { chunks: chunks.length, text }), `${text} of ${range.chunk}`).toBe(looked(text));
});
