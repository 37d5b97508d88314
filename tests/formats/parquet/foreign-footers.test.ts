import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { decodeStructFrom, encodeStruct, type ThriftField, wire } from '../../../src/formats/parquet/thrift.ts';
import { duck } from '../../support/duck.ts';
import { firstOf, framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';
import { type Patch, patchParquet } from '../../support/patched-parquet.ts';

/** What footers say in other ways than Polars takes them, and pages that say other things than their footer. */

const i32 = (value: number): ThriftField => ({ type: wire.i32, value });

async function place() {
  const folder = await testFolder();
  return { path: join(folder, 'foreign.parquet'), out: join(folder, 'out.parquet'), scratch: testScratch(folder) };
}

type Place = Awaited<ReturnType<typeof place>>;

async function settled({ path, out, scratch }: Place, keys: Readonly<Record<string, unknown>> = {}) {
  const source = await sourceOf(path);
  const content = await parquetFormat(keys).inspect(source, null);
  await writeParquet(out, framesOf({ source, scratch, content, keys }), { schema: content.schema, scratch });
  return content.schema.columns;
}

/** A list of three levels none of which may be null: its pages are those of a repeated leaf. */
async function listFile(
  path: string,
  item: { readonly type: 'INT32' | 'FIXED_LEN_BYTE_ARRAY'; readonly type_length?: number },
  data: unknown[],
) {
  const schema = [
    { name: 'root', num_children: 2 },
    { name: 'id', type: 'INT32' as const, repetition_type: 'REQUIRED' as const },
    { name: 'x', num_children: 1, repetition_type: 'REQUIRED' as const, converted_type: 'LIST' as const },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' as const },
    { name: 'element', ...item, repetition_type: 'REQUIRED' as const },
  ];
  const columnData = [
    { name: 'id', data: data.map((_, i) => i) },
    { name: 'x', data },
  ];
  await writeFile(path, Buffer.from(parquetWriteBuffer({ codec: 'UNCOMPRESSED', statistics: false, columnData, schema } as never)));
}

describe('a list', () => {
  const lists = Array.from({ length: 5000 }, (_, i) => Array.from({ length: i % 4 }, (_, j) => i + j));
  const shapes: readonly (readonly [string, Required<Pick<Patch, 'elements'>>])[] = [
    ['of three levels', { elements: () => undefined }],
    [
      'outside a LIST group',
      {
        elements: (elements) => {
          const [leaf] = elements.splice(4, 1);
          leaf?.set(3, i32(2)).set(4, { type: wire.binary, value: Buffer.from('x') });
          if (leaf) elements.splice(2, 2, leaf);
        },
      },
    ],
    [
      'of two levels',
      {
        elements: (elements) => {
          elements.splice(3, 1);
          elements[3]?.set(3, i32(2));
        },
      },
    ],
  ];

  test.each(shapes)('%s is read as it is', async (_, patch) => {
    const here = await place();
    await listFile(here.path, { type: 'INT32' }, lists);
    await patchParquet(here.path, patch);
    await settled(here);
    const rows = await duck(`select x from '${here.out}' order by id`);
    expect(rows.map(({ x }) => x)).toEqual(lists);
  });

  test('with another number of values than its footer says is refused', async () => {
    const here = await place();
    await duck(`copy (select [i, i + 1] x from range(100) t(i)) to '${here.path}' (format parquet, compression uncompressed)`);
    const body = await readFile(here.path);
    // Repetition levels of the one page: the second item of a list begins a list of its own.
    const { length } = decodeStructFrom(body.subarray(4));
    const levels = 4 + length + 4;
    const at = body.indexOf(0xaa, levels);
    expect(at).toBeLessThan(levels + 20);
    body[at] = 0xa8;
    await writeFile(here.path, body);
    await expect(settled(here)).rejects.toMatchObject({ code: 'HYG-3105' });
  });
});

describe('repeated groups without annotation, as early writers in Rust made them', () => {
  const rows = 12_000;
  const i64 = (value: number): ThriftField => ({ type: wire.i64, value });

  /** `optional group x { repeated group phone { required int64 number; optional binary kind } }`. */
  async function phones(path: string, said: number) {
    const schema = [
      { name: 'root', num_children: 2 },
      { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
      { name: 'x', num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', num_children: 2, repetition_type: 'REQUIRED' },
      { name: 'number', type: 'INT64', repetition_type: 'REQUIRED' },
      { name: 'kind', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    ];
    const phone = (i: number) => (_: unknown, j: number) => ({
      number: BigInt(i) * 2n ** 31n + BigInt(j),
      kind: j % 2 ? null : `home ${i}`,
    });
    const data = Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : Array.from({ length: i % 4 }, phone(i))));
    const columnData = [
      { name: 'id', data: data.map((_, i) => i) },
      { name: 'x', data },
    ];
    const options = { codec: 'SNAPPY', rowGroupSize: 10_000, statistics: false, columnData, schema };
    await writeFile(path, Buffer.from(parquetWriteBuffer(options as never)));
    await patchParquet(path, {
      footer: (footer) => void footer.set(3, i64(said)),
      elements: (elements) => {
        elements.splice(3, 1);
        elements[2]?.delete(6);
        elements[3]?.set(3, i32(2)).set(4, { type: wire.binary, value: Buffer.from('phone') });
      },
    });
  }

  test.each([['says 0 for the number of all rows', 0]])('a file that %s is read row by row as DuckDB reads it', async (_, said) => {
    const here = await place();
    await phones(here.path, said);
    await settled(here);
    const same = `(from '${here.path}' except all from '${here.out}') union all (from '${here.out}' except all from '${here.path}')`;
    expect(await duck(`select count(*)::int n from (${same})`)).toEqual([{ n: 0 }]);
    expect(await duck(`select count(id)::int n, count(x)::int x from '${here.out}'`)).toEqual([{ n: rows, x: rows - Math.ceil(rows / 7) }]);
  });

  test('a file with another number of all rows is refused', async () => {
    const here = await place();
    await phones(here.path, rows - 1);
    await expect(settled(here)).rejects.toMatchObject({ code: 'HYG-3104', why: ['row groups do not add up to the row count'] });
  });
});

describe('INT96 in a list', () => {
  const day = (julian: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeBigUInt64LE(5000n);
    bytes.writeUInt32LE(julian, 8);
    return new Uint8Array(bytes);
  };
  const asInt96: Patch = {
    element: (element) => {
      if (element.get(1)?.value === 7) element.set(1, i32(3)).delete(2);
    },
    metadata: (metadata) => {
      if (metadata.get(1)?.value === 7) metadata.set(1, i32(3));
    },
  };
  const given = async (julian: number) => {
    const here = await place();
    await listFile(here.path, { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 12 }, [[day(2_440_588), day(julian)], []]);
    await patchParquet(here.path, asInt96);
    return here;
  };

  test('is instants', async () => {
    const here = await given(2_440_589);
    await settled(here);
    expect(await duck(`select x::varchar x from '${here.out}' order by id`)).toEqual([
      { x: "['1970-01-01 00:00:00.000005', '1970-01-02 00:00:00.000005']" },
      { x: '[]' },
    ]);
  });

  test('beyond nanoseconds is refused instead of clipped, and can be read as microseconds', async () => {
    const here = await given(5_373_484);
    await expect(settled(here)).rejects.toMatchObject({ code: 'HYG-3211' });
    await settled(here, { int96: 'microseconds' });
    expect(await duck(`select x[2]::varchar x from '${here.out}' where id = 0`)).toEqual([{ x: '9999-12-31 00:00:00.000005' }]);
  });
});

describe('a page', () => {
  const given = async () => {
    const here = await place();
    await duck(`copy (select i id from range(10000) t(i)) to '${here.path}' (format parquet, compression uncompressed)`);
    return here;
  };

  /** The first page's header changed in place, as long as before. */
  async function patchPage(path: string, change: (header: Map<number, ThriftField>) => void) {
    const body = await readFile(path);
    const { struct, length } = decodeStructFrom(body.subarray(4));
    const header = new Map(struct);
    change(header);
    const changed = encodeStruct(header);
    expect(changed.length).toBe(length);
    body.set(changed, 4);
    await writeFile(path, body);
  }

  test('of fewer values than none is refused', async () => {
    const here = await given();
    await patchPage(here.path, (header) => {
      const data = header.get(5)?.value as Map<number, ThriftField>;
      data.set(1, i32(-(data.get(1)?.value as number)));
    });
    await expect(settled(here)).rejects.toMatchObject({ code: 'HYG-3105', why: [expect.stringContaining('value count of -')] });
  });

  test('whose checksum is another one is refused, and one whose checksum is right is read', async () => {
    const here = await place();
    const bytes = parquetWriteBuffer({ codec: 'UNCOMPRESSED', columnData: [{ name: 'id', data: [1, 2, 3], type: 'INT32' }] });
    const body = Buffer.from(bytes);
    const { struct, length } = decodeStructFrom(body.subarray(4));
    const size = struct.get(3)?.value as number;
    const page = body.subarray(4 + length, 4 + length + size);
    for (const [sum, isRight] of [
      [crc32(page) | 0, true],
      [(crc32(page) ^ 1) | 0, false],
    ] as const) {
      // The header grows by the checksum, and with it all that lies behind.
      const fields = [...struct, [4, i32(sum)] as const].sort(([a], [b]) => a - b);
      const header = encodeStruct(new Map(fields));
      const grown = header.length - length;
      await writeFile(here.path, Buffer.concat([body.subarray(0, 4), header, body.subarray(4 + length)]));
      await patchParquet(here.path, {
        metadata: (metadata) => void metadata.set(7, { type: wire.i64, value: (metadata.get(7)?.value as number) + grown }),
      });
      const outcome = settled(here);
      if (isRight) expect(await outcome).toHaveLength(1);
      else await expect(outcome).rejects.toMatchObject({ code: 'HYG-3105', why: [expect.stringContaining('checksum')] });
    }
  });

  test('that is gone, because the file was cut while it was read, is refused', async () => {
    const here = await given();
    const source = await sourceOf(here.path);
    const content = await parquetFormat({}).inspect(source, null);
    await truncate(here.path, 1000);
    const reading = firstOf(framesOf({ source, scratch: here.scratch, content }));
    await expect(reading).rejects.toMatchObject({ code: 'HYG-3105', why: [expect.stringContaining('ends at')] });
  });
});

test('what Polars panics over is an error', async () => {
  const here = await place();
  await duck(`copy (select i % 7 as id from range(10000) t(i)) to '${here.path}' (format parquet, compression uncompressed)`);
  const body = await readFile(here.path);
  const dictionary = decodeStructFrom(body.subarray(4));
  const data = 4 + dictionary.length + (dictionary.struct.get(3)?.value as number);
  const page = decodeStructFrom(body.subarray(data));
  // The width of dictionary indexes, behind the definition levels: 200 bits are none that there is.
  const levels = body.readUInt32LE(data + page.length);
  body[data + page.length + 4 + levels] = 200;
  await writeFile(here.path, body);
  await expect(settled(here)).rejects.toMatchObject({ code: 'HYG-3105' });
});

test('what Arrow says next to the footer of a unit does not count', async () => {
  const here = await place();
  await duck(`copy (select timestamp '9999-12-31' t, 4294967295::bigint u) to '${here.path}' (format parquet)`);
  const columns = await settled(here);
  expect(columns.map(({ type }) => type.kind)).toEqual(['timestamp', 'int64']);
});

test('a map and a time in UTC are called what they become', async () => {
  const here = await place();
  await duck(`copy (select map {'a': 1} m, '10:00:00+00'::timetz t, 1 i) to '${here.path}' (format parquet)`);
  const columns = await settled(here);
  expect(columns.map(({ name, restated }) => [name, restated])).toEqual([
    ['m', true],
    ['t', true],
    ['i', undefined],
  ]);
});
