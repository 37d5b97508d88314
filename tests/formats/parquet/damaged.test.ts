import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Field, List, Schema, Table, TimestampMicrosecond, tableToIPC, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { arrowHints } from '../../../src/formats/parquet/arrow-hints.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { decodeStruct, encodeStruct } from '../../../src/formats/parquet/thrift.ts';
import { collect } from '../../support/collect.ts';
import { duck } from '../../support/duck.ts';
import { framesOf, sourceOf, testFolder, testScratch, writeParquet } from '../../support/parquet-files.ts';
import { cases, SEED } from '../../support/samples.ts';

const parquet = parquetFormat({});

async function given() {
  const folder = await testFolder();
  const path = join(folder, 'orders.parquet');
  await duck(
    `copy (select i id, 'name ' || i as name, [i] l, i / 3.0 x from range(3000) t(i)) to '${path}' (format parquet, row_group_size 2048)`,
  );
  return { path, scratch: testScratch(folder), body: await readFile(path) };
}

/** Reads everything, as a run would. */
async function outcome(path: string, scratch: ReturnType<typeof testScratch>) {
  try {
    const frames = await collect(framesOf({ source: await sourceOf(path), scratch }));
    for (const frame of frames) await frame.fingerprint();
    return 'read';
  } catch (error) {
    return error;
  }
}

const footerOf = (body: Buffer) => ({
  start: body.length - 8 - body.readUInt32LE(body.length - 8),
  length: body.readUInt32LE(body.length - 8),
});

describe('a file that', () => {
  test.each<[string, string, (body: Buffer) => Uint8Array]>([
    ['is empty', 'HYG-3102', () => new Uint8Array()],
    ['is text', 'HYG-3101', () => Buffer.from('id,name\n1,a\n')],
    ['is too short to be anything', 'HYG-3101', () => Buffer.from('PA')],
    ['is the mark and no more', 'HYG-3103', () => Buffer.from('PAR1')],
    ['is cut inside its data', 'HYG-3103', (body) => body.subarray(0, 5000)],
    ['is cut before its footer', 'HYG-3103', (body) => body.subarray(0, footerOf(body).start)],
    ['is cut inside its footer', 'HYG-3103', (body) => body.subarray(0, body.length - 100)],
    ['lacks its last byte', 'HYG-3103', (body) => body.subarray(0, -1)],
    ['lacks its beginning', 'HYG-3104', (body) => body.subarray(4096)],
    ['has an encrypted footer', 'HYG-3108', (body) => Buffer.concat([body.subarray(0, -4), Buffer.from('PARE')])],
    [
      'claims a footer larger than itself',
      'HYG-3104',
      (body) => {
        const copy = Buffer.from(body);
        copy.writeUInt32LE(2 ** 31, copy.length - 8);
        return copy;
      },
    ],
    ['has zeros for a footer', 'HYG-3104', (body) => Buffer.from(body).fill(0, footerOf(body).start, body.length - 8)],
  ])('%s is %s, named, with something to try', async (_, code, damage) => {
    const { path, scratch, body } = await given();
    await writeFile(path, damage(body));
    const error = await outcome(path, scratch);
    expect(error).toMatchObject({ code, what: expect.stringContaining(path) });
    expect((error as HyggeError).tryThis.length).toBeGreaterThan(0);
  });

  test('has a damaged page is named when its rows are wanted', async () => {
    const { path, scratch, body } = await given();
    await writeFile(path, Buffer.from(body).fill(0xff, 200, 2000));
    expect(await outcome(path, scratch)).toMatchObject({ code: 'HYG-3105', what: expect.stringContaining(path) });
  });

  test('has a damaged page is named when it is only passed on', async () => {
    const { path, scratch, body } = await given();
    await writeFile(path, Buffer.from(body).fill(0xff, 200, 2000));
    const source = await sourceOf(path);
    const { schema } = await parquet.inspect(source, null);
    await expect(writeParquet(`${path}.out`, framesOf({ source, scratch }), { schema, scratch })).rejects.toMatchObject({
      code: 'HYG-3105',
    });
  });

  test('has an Arrow schema of nonsense is refused instead of ending the process', async () => {
    const { path, scratch } = await given();
    await duck(`copy (select 1 id) to '${path}' (format parquet, kv_metadata {'ARROW:schema': 'AAAA'})`);
    expect(await outcome(path, scratch)).toMatchObject({ code: 'HYG-3104' });
  });
});

test('no change of a footer byte is a crash: it is read, or it is an error with something to try', async () => {
  const { path, scratch, body } = await given();
  const { start } = footerOf(body);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: start, max: body.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const copy = Buffer.from(body);
      copy[at] = (copy[at] ?? 0) ^ flip;
      const damaged = `${path}.damaged`;
      await writeFile(damaged, copy);
      const found = await outcome(damaged, scratch);
      expect(found === 'read' || (found instanceof HyggeError && found.tryThis.length > 0)).toBe(true);
    }),
    cases(60),
  );
});

test('a footer decoded and encoded again is the same bytes', async () => {
  const { body } = await given();
  const footer = body.subarray(footerOf(body).start, body.length - 8);
  expect(Buffer.from(encodeStruct(decodeStruct(footer))).equals(footer)).toBe(true);
});

test('any bytes given to the footer decoder are an answer or a refusal, and take no time', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        decodeStruct(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ThriftDamaged' });
      }
    }),
    { seed: SEED },
  );
});

test('a damaged Arrow schema is an answer or a refusal, and takes neither time nor memory', () => {
  const fields = [
    new Field('zoned', new TimestampMicrosecond('Europe/Copenhagen'), true),
    new Field('items', new List(new Field('item', new Utf8())), true),
  ];
  const whole = Buffer.from(tableToIPC(new Table(new Schema(fields)), 'stream')).subarray(0, -8);
  expect(arrowHints(whole.toString('base64')).get('zoned')).toMatchObject({ zone: 'Europe/Copenhagen' });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
      const copy = Buffer.from(whole);
      for (const [at, byte] of changes) copy[at] = byte;
      try {
        arrowHints(copy.toString('base64'));
      } catch (error) {
        expect(error).toMatchObject({ name: 'ThriftDamaged' });
      }
    }),
    cases(2000),
  );
});
