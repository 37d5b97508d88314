import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { deltaByteArray } from 'hyparquet-writer/src/delta.js';
import { describe, expect, test } from 'vitest';
import { decompressed } from '../../../src/formats/parquet/decompress.ts';
import { integerAt, structAt } from '../../../src/formats/parquet/fields.ts';
import { plainValues } from '../../../src/formats/parquet/fixed-values.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { type ThriftField, wire } from '../../../src/formats/parquet/thrift.ts';
import { polars } from '../../../src/frames/native.ts';
import { duck } from '../../support/duck.ts';
import { framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';
import { patchParquet } from '../../support/patched-parquet.ts';
import { type PageBytes, rewritePages } from '../../support/rewritten-pages.ts';

/** Pages that the format allows and Polars does not read; DuckDB reads them too, or the same values in plain pages. */

const i32 = (value: number): ThriftField => ({ type: wire.i32, value });

async function place() {
  const folder = await testFolder();
  return {
    plain: join(folder, 'plain.parquet'),
    path: join(folder, 'other.parquet'),
    out: join(folder, 'out.parquet'),
    scratch: testScratch(folder),
  };
}

type Place = Awaited<ReturnType<typeof place>>;

async function settled({ path, out, scratch }: Place, kind: 'local' | 'remote' = 'local', compression = 'zstd') {
  const source = await sourceOf(path, kind);
  const content = await parquetFormat({}).inspect(source, null);
  await writeParquet(out, framesOf({ source, scratch, content }), { schema: content.schema, scratch, compression });
  return content;
}

async function differences(one: string, other: string): Promise<unknown> {
  const [row] = await duck(
    `select count(*)::int n from ((from '${one}' except all from '${other}') union all (from '${other}' except all from '${one}'))`,
  );
  return row?.n;
}

const kindOf = ({ header }: PageBytes) => integerAt(header, 1);

describe('gzip of several members one behind another', () => {
  /** So many members; some of them are empty. */
  function inMembers(plain: Uint8Array, number: number): Buffer {
    const shares = [[], [0.5], [0, 1], [0.1, 0.2, 0.7]][number % 4] ?? [];
    const cuts = [0, ...shares.map((share) => Math.floor(plain.length * share)), plain.length];
    return Buffer.concat(cuts.slice(1).map((cut, i) => gzipSync(plain.subarray(cuts[i], cut), { level: 1 })));
  }

  const rows = 12_000;
  const given = async () => {
    const here = await place();
    const columns = `i id, (i * 7919) % 1000003 k, case when i % 3 = 0 then null else 'row ' || (i % 977) end s, uuid() u, case when i % 5 = 0 then null else range(i % 4) end l`;
    await duck(
      `copy (select ${columns} from range(${rows}) t(i)) to '${here.path}' (format parquet, compression gzip, row_group_size 2048)`,
    );
    await duck(`copy (from '${here.path}') to '${here.plain}' (format parquet)`);
    const pages = await rewritePages(here.path, ({ header, body }, number) => ({ header, body: inMembers(gunzipSync(body), number) }));
    expect(pages).toBeGreaterThan(20);
    return here;
  };

  test.each(['local'] as const)('are all read, in dictionaries and in data (%s)', async (kind) => {
    const here = await given();
    expect(await differences(here.path, here.plain)).toBe(0);
    await settled(here, kind);
    expect(await differences(here.out, here.plain)).toBe(0);
  });

  test('are not copied into a store, whose readers may not know them', async () => {
    const here = await place();
    await duck(`copy (select i id, i % 7 k from range(${rows}) t(i)) to '${here.path}' (format parquet, compression gzip)`);
    await duck(`copy (from '${here.path}') to '${here.plain}' (format parquet)`);
    await rewritePages(here.path, ({ header, body }, number) => ({ header, body: inMembers(gunzipSync(body), number) }));
    await settled(here, 'local', 'gzip');
    expect(await differences(here.out, here.plain)).toBe(0);
    const { height } = (await polars()).scanParquet(here.out).collectSync();
    expect(height).toBe(rows);
  });

  test('are read where the largest value is looked for', async () => {
    const here = await given();
    await patchParquet(here.path, { metadata: (metadata) => metadata.delete(12) });
    const source = await sourceOf(here.path);
    const parquet = parquetFormat({});
    const content = await parquet.inspect(source, null);
    const largest = await parquet.max({ source, content, column: 'id', cap: '11456', scratch: here.scratch });
    expect(largest?.max.text).toBe('11456');
  });

  test('in pages of the second version begin behind the levels', async () => {
    const here = await place();
    const data = Array.from({ length: 12_000 }, (_, i) => (i % 4 === 0 ? null : `text ${i % 500}`));
    const options = { columnData: [{ name: 's', data, type: 'STRING' as const }], codec: 'GZIP' as const, rowGroupSize: 4_000 };
    let number = 0;
    const writeWith = (compress: (plain: Uint8Array) => Buffer) =>
      Buffer.from(parquetWriteBuffer({ ...options, compressors: { GZIP: (plain) => new Uint8Array(compress(plain)) } }));
    await writeFile(
      here.path,
      writeWith((plain) => inMembers(plain, number++)),
    );
    await settled(here);
    await writeFile(
      here.plain,
      writeWith((plain) => gzipSync(plain)),
    );
    expect(number).toBeGreaterThan(4);
    expect(await differences(here.out, here.plain)).toBe(0);
  });

  test('whose last one is cut off are refused', async () => {
    const here = await place();
    await duck(`copy (select i id from range(10000) t(i)) to '${here.path}' (format parquet, compression gzip)`);
    await rewritePages(here.path, ({ header, body }) => {
      const members = inMembers(gunzipSync(body), 1);
      return { header, body: members.subarray(0, members.length - 9) };
    });
    await expect(settled(here)).rejects.toMatchObject({
      code: 'HYG-3105',
      why: [expect.stringMatching(/^Column id: a page that can't be decompressed/)],
    });
  });
});

describe('bytes of a fixed width', () => {
  function asDeltas(values: readonly Uint8Array[]): Uint8Array {
    const writer = new ByteWriter();
    deltaByteArray(writer, [...values]);
    return writer.getBytes();
  }

  function asStreams(values: readonly Uint8Array[], width: number): Uint8Array {
    const bytes = new Uint8Array(values.length * width);
    for (const [i, value] of values.entries()) for (let k = 0; k < width; k++) bytes[k * values.length + i] = value[k] ?? 0;
    return bytes;
  }

  const encodings = { DELTA_BYTE_ARRAY: 7, BYTE_STREAM_SPLIT: 9 } as const;
  const compressors: Readonly<Record<string, readonly [number, (plain: Uint8Array) => Uint8Array]>> = {
    uncompressed: [0, (plain) => plain],
    gzip: [2, (plain) => gzipSync(plain)],
    zstd: [6, (plain) => zstdCompressSync(plain)],
  };
  const rows = 8_000;

  /** A file with plain and uncompressed pages of the first version; every page of `u`, `d` and `l` but each fourth is made anew. */
  async function given(encoding: keyof typeof encodings, codec: string) {
    const here = await place();
    const columns = `i id, md5(i::varchar)::uuid u, case when i % 3 = 0 then null else ((i - 7500) * 1234567)::decimal(38, 4) end d,
      case when i % 5 = 0 then null else list_transform(range(i % 4), lambda x: md5((i // 3)::varchar)::uuid) end l`;
    await duck(
      `copy (select ${columns} from range(${rows}) t(i)) to '${here.plain}' (format parquet, compression uncompressed, row_group_size 2048, dictionary_size_limit 1)`,
    );
    await duck(
      `copy (from '${here.plain}') to '${here.path}' (format parquet, compression uncompressed, row_group_size 2048, dictionary_size_limit 1)`,
    );
    const [id, compress] = compressors[codec] ?? [0, (plain: Uint8Array) => plain];
    let made = 0;
    await rewritePages(here.path, ({ column, header, body }, number) => {
      const page = new Map(structAt(header, 5));
      let plain: Uint8Array = body;
      if (column !== 'id' && number % 4 !== 3) {
        expect(integerAt(page, 2)).toBe(0);
        const repetition = column === 'l' ? 4 + body.readUInt32LE(0) : 0;
        const levels = repetition + 4 + body.readUInt32LE(repetition);
        const width = 16;
        const values = Array.from({ length: (body.length - levels) / width }, (_, i) =>
          body.subarray(levels + i * width, levels + (i + 1) * width),
        );
        const bytes = encoding === 'DELTA_BYTE_ARRAY' ? asDeltas(values) : asStreams(values, width);
        plain = Buffer.concat([body.subarray(0, levels), bytes]);
        page.set(2, i32(encodings[encoding]));
        made++;
      }
      const changed = new Map(header).set(2, i32(plain.length)).set(5, { type: wire.struct, value: page });
      return { header: changed, body: Buffer.from(compress(plain)) };
    });
    expect(made).toBeGreaterThan(6);
    await patchParquet(here.path, {
      metadata: (metadata) => {
        metadata.set(4, i32(id));
        metadata.set(2, { type: wire.list, value: { itemType: wire.i32, items: [0, 3, encodings[encoding]] } });
      },
    });
    return here;
  }

  test.each(['zstd'])('as differences are read as DuckDB reads them (%s)', async (codec) => {
    const here = await given('DELTA_BYTE_ARRAY', codec);
    expect(await differences(here.path, here.plain)).toBe(0);
    const content = await settled(here);
    expect(content.schema.columns.map(({ type }) => type.kind)).toEqual(['int64', 'uuid', 'decimal', 'list']);
    expect(await differences(here.out, here.plain)).toBe(0);
  });

  test('in streams of bytes are read as they are', async () => {
    const here = await given('BYTE_STREAM_SPLIT', 'zstd');
    await settled(here, 'remote');
    expect(await differences(here.out, here.plain)).toBe(0);
  });

  test.each(['DELTA_BYTE_ARRAY', 'BYTE_STREAM_SPLIT'] as const)(
    'of any width in pages of the second version, compressed by snappy (%s)',
    async (encoding) => {
      const here = await place();
      const value = (i: number) => Uint8Array.from([i >> 16, i >> 9, i >> 1, 0, 0xff, 7, i % 3].map((byte) => byte & 0xff));
      const data = Array.from({ length: 12_000 }, (_, i) => (i % 6 === 0 ? null : value(i)));
      const isDelta = encoding === 'DELTA_BYTE_ARRAY';
      const element = isDelta ? { type: 'BYTE_ARRAY' } : { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 7 };
      const schema = [
        { name: 'root', num_children: 1 },
        { name: 'x', ...element, repetition_type: 'OPTIONAL' },
      ];
      const write = (encoded: string) =>
        parquetWriteBuffer({
          columnData: [{ name: 'x', data, encoding: encoded }],
          rowGroupSize: 5_000,
          pageSize: 15_000,
          schema,
        } as never);
      await writeFile(here.path, Buffer.from(write(encoding)));
      await writeFile(here.plain, Buffer.from(write('PLAIN')));
      if (isDelta)
        await patchParquet(here.path, {
          element: (element) => element.has(1) && element.set(1, i32(7)).set(2, i32(7)),
          metadata: (metadata) => metadata.set(1, i32(7)),
        });
      await settled(here);
      expect(await differences(here.out, here.plain)).toBe(0);
    },
  );

  test('are read where only some pages of a column are encoded so', async () => {
    const here = await place();
    const width = 5;
    const data = Array.from({ length: 12_000 }, (_, i) => (i % 6 === 0 ? null : Uint8Array.from([i & 0xff, i >> 8, 1, 2, i % 5])));
    const schema = [
      { name: 'root', num_children: 1 },
      { name: 'x', type: 'FIXED_LEN_BYTE_ARRAY', type_length: width, repetition_type: 'OPTIONAL' },
    ];
    const columnData = [{ name: 'x', data, encoding: 'PLAIN' }];
    const bytes = Buffer.from(parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED', pageSize: 7_000, schema } as never));
    await Promise.all([writeFile(here.path, bytes), writeFile(here.plain, bytes)]);
    const pages = await rewritePages(here.path, ({ header, body }, number) => {
      if (number % 3 === 0) return { header, body };
      const page = new Map(structAt(header, 8));
      const levels = (integerAt(page, 5) ?? 0) + (integerAt(page, 6) ?? 0);
      const values = Array.from({ length: (body.length - levels) / width }, (_, i) =>
        body.subarray(levels + i * width, levels + (i + 1) * width),
      );
      const [encoding, made] = number % 3 === 1 ? [9, asStreams(values, width)] : [7, asDeltas(values)];
      page.set(4, i32(encoding));
      const changed = Buffer.concat([body.subarray(0, levels), made]);
      return { header: new Map(header).set(2, i32(changed.length)).set(8, { type: wire.struct, value: page }), body: changed };
    });
    expect(pages).toBeGreaterThan(5);
    await settled(here);
    expect(await differences(here.out, here.plain)).toBe(0);
  });

  test('that are cut off, or of another width, are refused', async () => {
    const values = Array.from({ length: 100 }, (_, i) => Buffer.from(`value ${String(i).padStart(4, '0')}`));
    const bytes = asDeltas(values);
    const how = { encoding: 7, width: 10, values: 100 };
    expect(Buffer.from(plainValues(bytes, how)).equals(Buffer.concat(values))).toBe(true);
    // One value begins, and two go on, the second with no bytes.
    const uneven = Buffer.concat([Buffer.from([128, 1, 4, 1, 0]), Buffer.from([128, 1, 4, 2, 20, 19, 0, 0, 0, 0]), Buffer.alloc(10)]);
    const refused = [
      () => plainValues(uneven, how),
      () => plainValues(bytes.subarray(0, bytes.length - 1), how),
      () => plainValues(bytes.subarray(0, 5), how),
      () => plainValues(Buffer.concat([bytes, Buffer.from('x')]), how),
      () => plainValues(bytes, { ...how, width: 11 }),
      () => plainValues(bytes, { ...how, values: 99 }),
      () => plainValues(asStreams(values, 10).subarray(1), { ...how, encoding: 9 }),
    ];
    for (const attempt of refused) expect(attempt).toThrow(expect.objectContaining({ name: 'ThriftDamaged' }));
  });
});

test.each([
  ['snappy', 1],
  ['gzip', 2],
  ['brotli', 4],
  ['zstd', 6],
  ['lz4_raw', 7],
] as const)('every page that DuckDB compresses by %s is what it is uncompressed', async (compression, codec) => {
  const here = await place();
  const columns = `i id, i % 3 k, repeat('ab' || i % 50, (i % 90)::int) s, md5(i::varchar) m, (random() * 1e9)::bigint r`;
  await duck(`copy (select setseed(0.5), ${columns} from range(2500) t(i)) to '${here.plain}' (format parquet, compression uncompressed)`);
  await duck(`copy (from '${here.plain}') to '${here.path}' (format parquet, compression ${compression})`);
  const bodies = async (path: string) => {
    const found: { readonly body: Buffer; readonly size: number; readonly kind: number | undefined }[] = [];
    await rewritePages(path, (page) => {
      found.push({ body: Buffer.from(page.body), size: integerAt(page.header, 2) ?? 0, kind: kindOf(page) });
      return page;
    });
    return found;
  };
  const wanted = await bodies(here.plain);
  const found = await bodies(here.path);
  expect(found.length).toBeGreaterThan(5);
  for (const [i, { body, size }] of found.entries()) {
    const plain = await decompressed(body, { codec, size });
    expect(Buffer.from(plain).equals(wanted[i]?.body ?? Buffer.alloc(0))).toBe(true);
    await expect(decompressed(body.subarray(0, body.length >> 1), { codec, size })).rejects.toMatchObject({ name: 'ThriftDamaged' });
    await expect(decompressed(body, { codec, size: size - 1 })).rejects.toMatchObject({ name: 'ThriftDamaged' });
  }
});
