import { afterAll, expect, test } from 'vitest';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { rehearse } from '../../src/databases/connector/rehearsal.ts';
import { dialect } from '../../src/databases/sqlserver/dialect.ts';
import { writes } from '../../src/databases/sqlserver/write.ts';
import { loaderFor } from '../../src/databases/store/staging/bulk-load.ts';
import type { LoadByFiles } from '../../src/databases/writes.ts';
import { formatOf } from '../../src/formats/formats.ts';
import { polarsFrame } from '../support/connector-conformance/frames.ts';
import { baseSchema, row } from '../support/sim/rows.ts';

const scratch = realScratch();
afterAll(() => scratch[Symbol.asyncDispose]());

const frameFrom = (from: number) => polarsFrame(baseSchema, [row(from, from), row(from + 1, from + 1)]);

/** A place of files, and a statement that says how many rows it took of them. */
class Place {
  readonly written = new Set<string>();
  readonly abandoned: string[] = [];
  bytes = 0;
  readonly load: LoadByFiles;

  constructor({ taken, fileBytes }: { readonly taken: number; readonly fileBytes: number }) {
    this.load = {
      ...{ by: 'files', fileBytes, format: () => formatOf('parquet', {}), inFile: async (frame) => frame },
      beginFile: async (_session, name) => ({
        write: async () => void this.written.add(name),
        end: async () => undefined,
        abandon: async () => void this.abandoned.push(name),
      }),
      load: async () => taken,
      discardFiles: async () => undefined,
    };
  }

  loader() {
    const into = { into: { table: '"t"' }, name: 't', where: 'warehouse t', scratch, nonce: () => `${this.written.size}` };
    const onPieceWritten = (piece: Uint8Array) => {
      this.bytes += piece.byteLength;
    };
    return loaderFor(null as never, this.load, { ...into, onPieceWritten });
  }

  async send(): Promise<void> {
    const sending = this.loader();
    for (const from of [0, 2]) expect(await sending.add(await frameFrom(from))).toBe(2);
    await sending.end();
  }
}

test.each([
  ['one file for all frames', 1_000_000, 1],
  ['another file where one is full', 1, 2],
])('rows that are loaded by files go into %s', async (_, fileBytes, files) => {
  const place = new Place({ taken: 4, fileBytes });
  await place.send();
  expect(place.written.size).toBe(files);
  expect(place.bytes).toBeGreaterThan(0);
});

test('no database is believed that takes fewer rows than its files have', async () => {
  await expect(new Place({ taken: 3, fileBytes: 1 }).send()).rejects.toMatchObject({ code: 'HYG-4202' });
});

test('a file that is not full when its attempt fails is abandoned once', async () => {
  const place = new Place({ taken: 0, fileBytes: 1_000_000 });
  const failing = place.loader();
  await failing.add(await frameFrom(0));
  await failing.abandon();
  await failing.abandon();
  expect(place.abandoned).toHaveLength(1);
});

test('a rehearsal tells why rows were refused, whatever its place of files says to their removal', async () => {
  const load: LoadByFiles = {
    ...new Place({ taken: 2, fileBytes: 1 }).load,
    load: () => Promise.reject(new Error('refused')),
    discardFiles: () => Promise.reject(new Error('no')),
  };
  const session = { run: async () => 0, query: async () => [], isBroken: false } as never;
  const of = { session, schema: 'hygge_staging', nowMs: 0, nonce: 'n', scratch, createsTable: true, storeKeyValues: {}, where: 'e' };
  const rehearsed = rehearse({ ...of, dialect: { ...dialect, ...writes, staging: { ...writes.staging, load } } as never });
  await expect(rehearsed).rejects.toThrow('refused');
});
