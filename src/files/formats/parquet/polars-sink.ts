import { open } from 'node:fs/promises';
import type { PolarsFrame } from '../../../frames/polars-frame.ts';
import { scratchFailed } from '../../bytes/scratch-errors.ts';
import { type Footer, parseFooter } from './footer.ts';
import { groupSize, type Pages } from './pages.ts';

/** Cut as we say, whatever Polars would choose. */
export async function sink(frame: PolarsFrame, path: string, pages: Pages): Promise<void> {
  const { compression, compressionLevel, statistics } = pages;
  const plan = await frame.lazy();
  const codec = compressionLevel === undefined ? { compression } : { compression, compressionLevel };
  try {
    await plan.sinkParquet(path, { ...codec, statistics, rowGroupSize: groupSize(frame.rows, pages) }).collect();
  } catch (cause) {
    throw scratchFailed(cause) ?? (await frame.explain(cause));
  }
}

/** The footer of what was sunk. */
export async function footerOf(path: string): Promise<Footer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(8);
    await file.read(end, 0, 8, size - 8);
    const start = size - 8 - end.readUInt32LE(0);
    const bytes = Buffer.alloc(size - 8 - start);
    await file.read(bytes, 0, bytes.length, start);
    return parseFooter(bytes, { name: 'an encoded batch', start });
  } finally {
    await file.close();
  }
}
