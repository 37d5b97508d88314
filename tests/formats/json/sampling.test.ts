import { describe, expect, test } from 'vitest';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { Look } from '../../../src/engine/contracts/home.ts';
import type { FileSource, SampleResult } from '../../../src/formats/contract/format.ts';
import { jsonFormat } from '../../../src/formats/json/json.ts';
import { schemaOf } from '../../../src/formats/json/pinned.ts';
import type { Json } from '../../../src/ports/values.ts';

const megabyte = 1024 * 1024;
/** Up to 64 MB all of a file is looked at. */
const larger = 66 * megabyte;
const usual = '{"id":1234567}  ';
const odd = '{"od":1234567}  ';

/** A file of lines of 16 bytes that is nowhere; one of them, at `oddAt`, has another name. */
class Endless implements FileSource {
  readonly name = 'in/endless';
  readonly bytes: number;
  read_ = 0;
  readonly #oddAt: number;
  readonly #line: string;

  constructor(bytes: number, oddAt: number, line = usual) {
    this.#line = line;
    this.bytes = bytes;
    this.#oddAt = oddAt - (oddAt % 16);
  }

  async read({ start, end }: { start: number; end: number }): Promise<Uint8Array> {
    this.read_ += end - start;
    const first = start - (start % 16);
    const bytes = Buffer.alloc(end - first, `${this.#line.slice(0, 15)}\n`);
    if (this.#oddAt >= first && this.#oddAt + 16 <= end) bytes.write(odd.slice(0, 15), this.#oddAt - first);
    return bytes.subarray(start - first);
  }
}

async function look(source: Endless, how: { look: Look; pinned?: Json; complete?: boolean }): Promise<SampleResult & { names: string[] }> {
  await using scratch = realScratch();
  const sampled = await jsonFormat('ndjson', {}).sample?.({
    sources: [source],
    pinned: how.pinned ?? null,
    scratch,
    look: how.look,
    ...(how.complete ? { complete: true } : {}),
  });
  if (!sampled) throw new Error('no sample');
  const { columns } = schemaOf((sampled.pinned as { columns: [] }).columns);
  return { names: columns.map(({ name }) => name), ...sampled };
}

describe('what is looked at', () => {
  test('a small file: everything, in a dry run too', async () => {
    expect((await look(new Endless(60 * megabyte, 33 * megabyte), { look: 'briefly' })).names).toEqual(['id', 'od']);
  });

  test.each(['briefly', 'for a run'] as const)('a larger one: parts %s, which says so', async (kind) => {
    const dry = new Endless(larger, 20 * megabyte);
    const found = await look(dry, { look: kind });
    expect(found.names).toEqual(['id']);
    expect(found.notes.map(({ text }) => text).join()).toContain('come from a part of the records');
    expect(found.partly).toBe(kind === 'for a run' ? 'names and kinds' : undefined);
    expect(dry.read_).toBeLessThan(32 * megabyte);
  });

  test('a larger one for its first run: everything where lists or objects could be otherwise in the rest', async () => {
    const nested = new Endless(larger, 20 * megabyte, '{"id":[1,2,3]}  ');
    const { names, partly } = await look(nested, { look: 'for a run' });
    expect(names).toEqual(['id', 'od']);
    expect(partly).toBeUndefined();
  });

  test('its beginning, its end and places between', async () => {
    for (const at of [0, larger - 16, larger / 3]) expect((await look(new Endless(larger, at), { look: 'briefly' })).names).toContain('od');
  });

  test('what is pinned already and very large: parts', async () => {
    const { pinned } = await look(new Endless(1024, 2048), { look: 'whole' });
    const source = new Endless(2048 * megabyte, 20 * megabyte);
    expect((await look(source, { look: 'for a run', pinned })).names).toEqual(['id']);
    expect(source.read_).toBeLessThan(32 * megabyte);
  });

  test('a name that is pinned is gone only if all of it was looked at', async () => {
    const { pinned } = await look(new Endless(1024, 512), { look: 'whole' });
    const gone = async (bytes: number, kind: Look) => {
      const looked = await look(new Endless(bytes, 2 * bytes), { look: kind, pinned, complete: true });
      return (looked.pinned as { columns: { name: string; absent?: true }[] }).columns
        .filter(({ absent }) => absent)
        .map(({ name }) => name);
    };
    expect(await gone(1024, 'briefly')).toEqual(['od']);
    expect(await gone(larger, 'for a run')).toEqual(['od']);
    expect(await gone(larger, 'briefly')).toEqual([]);
    expect(await gone(2048 * megabyte, 'for a run')).toEqual([]);
  });
});
