import { describe, expect, test } from 'vitest';
import { type How, readText } from './over-text.ts';

const megabyte = 1024 * 1024;

async function codeOf(content: string | Uint8Array, how: How = {}): Promise<unknown> {
  return readText(content, how).then(
    () => 'read',
    (error: unknown) => (error as { code?: string }).code,
  );
}

describe('large things', () => {
  test('a value of 4 MB arrives', async () => {
    const text = 'é'.repeat(2 * megabyte);
    const read = await readText(`{"id":1,"t":"${text}"}`);
    expect(read.rows[0]?.[1] === text).toBe(true);
  });

  test('a record of 64 MB is refused by name', async () => {
    const record = Buffer.concat([Buffer.from('{"t":"'), Buffer.alloc(64 * megabyte, 'x'), Buffer.from('"}')]);
    expect(await codeOf(Buffer.concat([Buffer.from('{"n":1}\n'), record, Buffer.from('\n{"n":2}\n')]))).toBe('HYG-3307');
    expect(await codeOf(record, { format: 'json' })).toBe('HYG-3307');
  });

  test('what lies around the records may be of any size', async () => {
    const around = JSON.stringify(Array.from({ length: 5 }, (_, i) => ({ i, t: 'x'.repeat(megabyte) })));
    const read = await readText(`{"before":${around},"rows":[{"id":1}]}`, { format: 'json', options: { records: 'rows' } });
    expect(read.rows).toEqual([['1']]);
  });

  test('1,000 columns, most of them missing from most records', async () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`c${i}`, i]));
    const lines = [JSON.stringify(wide), ...Array.from({ length: 100 }, (_, i) => `{"c${i}":${-i}}`)];
    const read = await readText(lines.join('\n'), { frameBytes: megabyte / 8 });
    expect(read.schema.columns).toHaveLength(1_000);
    expect(read.rows).toHaveLength(101);
    expect(read.rows[0]?.[999]).toBe('999');
    expect(read.rows[43]?.[42]).toBe('-42');
    expect(read.rows[43]?.filter((value) => value !== null)).toHaveLength(1);
    // Frames are bounded by what they hold, not by the text they come from.
    expect(read.frames).toBeGreaterThan(1);
  });

  test('nested values that are larger than their text make more frames, not larger ones', async () => {
    const lines = Array.from({ length: 400 }, () => `{"l":[${Array.from({ length: 1_000 }, () => '1').join(',')}]}`).join('\n');
    expect(lines.length).toBeLessThan(megabyte);
    const read = await readText(lines, { frameBytes: megabyte });
    expect(read.rows).toHaveLength(400);
    expect(read.frames).toBeGreaterThan(2);
  });
});
