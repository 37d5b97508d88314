import { expect, test } from 'vitest';
import { frameBuilder } from '../../src/frames/builders.ts';

test('a column named height is not taken for the number of rows', async () => {
  const builder = await frameBuilder({ columns: [{ name: 'height', type: { kind: 'int64' }, nullable: true }] });
  for (const height of [180n, 174n, null]) builder.append([height]);
  const frame = await builder.take();
  expect([frame.rows, (await frame.collect()).height]).toEqual([3, 3]);
  expect((await frame.fingerprint()).rows).toBe(3);
});
