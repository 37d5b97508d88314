import { describe, expect, test } from 'vitest';
import { realScratch } from '../../../../src/adapters/real-scratch.ts';
import type { FileSource } from '../../../../src/files/format.ts';
import { jsonFormat } from '../../../../src/files/formats/json/json.ts';
import { schemaOf } from '../../../../src/files/formats/json/pinned.ts';
import type { Json } from '../../../../src/ports/values.ts';

const megabyte = 1024 * 1024;
const line = '{"id":1234567}  ';
const odd = '{"od":1234567}  ';

/** A file of lines of 16 bytes that is nowhere; one of them, at `oddAt`, has another name. */
class Endless implements FileSource {
  readonly name = 'in/endless';
  readonly bytes: number;
  read_ = 0;
  readonly #oddAt: number;

  constructor(bytes: number, oddAt: number) {
    this.bytes = bytes;
    this.#oddAt = oddAt - (oddAt % 16);
  }

  async read({ start, end }: { start: number; end: number }): Promise<Uint8Array> {
    this.read_ += end - start;
    const first = start - (start % 16);
    const bytes = Buffer.alloc(end - first, `${line.slice(0, 15)}\n`);
    if (this.#oddAt >= first && this.#oddAt + 16 <= end) bytes.write(odd.slice(0, 15), this.#oddAt - first);
    return bytes.subarray(start - first);
  }
}

async function look(
  source: Endless,
  how: { thorough: boolean; pinned?: Json; complete?: boolean },
): Promise<{ names: string[]; pinned: Json; notes: readonly string[] }> {
  await using scratch = realScratch();
  const sampled = await jsonFormat('ndjson', {}).sample?.({
    sources: [source],
    pinned: how.pinned ?? null,
    scratch,
    thorough: how.thorough,
    ...(how.complete ? { complete: true } : {}),
  });
  if (!sampled) throw new Error('no sample');
  const { columns } = schemaOf((sampled.pinned as { columns: [] }).columns);
  return { names: columns.map(({ name }) => name), ...sampled };
}

describe('what is looked at', () => {
  test('a small file: everything, in a dry run too', async () => {
    expect((await look(new Endless(60 * megabyte, 33 * megabyte), { thorough: false })).names).toEqual(['id', 'od']);
  });

  test('a larger one: parts in a dry run, which says so; everything before the first run', async () => {
    const dry = new Endless(96 * megabyte, 20 * megabyte);
    const found = await look(dry, { thorough: false });
    expect(found.names).toEqual(['id']);
    expect(found.notes.join()).toContain('told from a part of the records');
    expect(dry.read_).toBeLessThan(32 * megabyte);
    expect((await look(new Endless(96 * megabyte, 20 * megabyte), { thorough: true })).names).toEqual(['id', 'od']);
  });

  test('its beginning, its end and places between', async () => {
    for (const at of [0, 96 * megabyte - 16, 32 * megabyte])
      expect((await look(new Endless(96 * megabyte, at), { thorough: false })).names).toContain('od');
  });

  test('what is pinned already and very large: parts', async () => {
    const { pinned } = await look(new Endless(1024, 2048), { thorough: true });
    const source = new Endless(2048 * megabyte, 20 * megabyte);
    expect((await look(source, { thorough: true, pinned })).names).toEqual(['id']);
    expect(source.read_).toBeLessThan(32 * megabyte);
  });

  test('a name that is pinned is gone only if all of it was looked at', async () => {
    const { pinned } = await look(new Endless(1024, 512), { thorough: true });
    const gone = async (bytes: number, thorough: boolean) => {
      const looked = await look(new Endless(bytes, 2 * bytes), { thorough, pinned, complete: true });
      return (looked.pinned as { columns: { name: string; absent?: true }[] }).columns
        .filter(({ absent }) => absent)
        .map(({ name }) => name);
    };
    expect(await gone(1024, false)).toEqual(['od']);
    expect(await gone(96 * megabyte, true)).toEqual(['od']);
    expect(await gone(96 * megabyte, false)).toEqual([]);
    expect(await gone(2048 * megabyte, true)).toEqual([]);
  });
});
