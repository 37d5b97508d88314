import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { realScratch } from '../../../../src/adapters/real-scratch.ts';
import { rehearse } from '../../../../src/databases/connector/rehearsal.ts';
import { Sessions } from '../../../../src/databases/sessions.ts';
import { loaderFor } from '../../../../src/databases/store/staging/bulk-load.ts';
import { DatabaseStore } from '../../../../src/databases/store/store.ts';
import type { LoadByFiles } from '../../../../src/databases/writes.ts';
import { formatOf } from '../../../../src/formats/formats.ts';
import type { Scratch } from '../../../../src/ports/scratch.ts';
import { Bench, type StoreUnderTest, text } from '../../../support/connector-conformance/bench.ts';
import { committing } from '../../../support/connector-conformance/committing.ts';
import { polarsFrame } from '../../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../../support/connector-conformance/store.ts';
import { whole } from '../../../support/samples.ts';
import { baseSchema, row } from '../../../support/sim/rows.ts';
import { Warehouse, type WarehouseSession } from './warehouse.ts';
import { dialect, writes } from './write.ts';

interface Opened extends StoreUnderTest {
  readonly warehouse: Warehouse;
  readonly scratch: Scratch;
}

async function inMemory(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-warehouse-'));
  const warehouse = await Warehouse.open(folder);
  const scratch = realScratch({ folder });
  const [stagingSchema, metadataSchema, where] = ['hygge_staging', 'hygge_metadata', 'warehouse e'];
  const random = { nonce: () => crypto.randomUUID().replaceAll('-', '') };
  const engine = { explain: writes.errors.explain } as never;
  const open = async () =>
    new DatabaseStore<WarehouseSession>({
      sessions: new Sessions({ engine, pool: warehouse, label: 'hygge', place: where }),
      dialect: { ...dialect, ...writes } as never,
      place: {
        ...{ key: { flow: 'f', entity: 'e', table: 'main.e' }, table: { schema: 'main', name: 'e' }, where, stagingSchema, metadataSchema },
        ...{ steps: 'here', storeKeyValues: {}, markColumn: null, nonce: random.nonce, scratch },
      },
      address: { table: 'e' },
      settledHome: () => {
        throw new Error('a newcomer without a home reads nothing back');
      },
    });
  return {
    ...{ warehouse, scratch, open, at: open, frame: polarsFrame },
    async settled() {
      const there = await warehouse.rows(`select 1 from information_schema.tables where table_name = 'e'`);
      if (there.length === 0) return [];
      const rows = await warehouse.rows(`select id || '@' || coalesce(mark::varchar, 'null') as line from main.e`);
      return rows.map(({ line }) => line ?? '').sort();
    },
    async plantForeign(rows) {
      await warehouse.rows('create table if not exists main.e (id bigint, mark bigint)');
      for (const { id, mark } of rows) await warehouse.rows(`insert into main.e values (${id}, ${mark ?? 'null'})`);
    },
    async [Symbol.asyncDispose]() {
      warehouse[Symbol.dispose]();
      await scratch[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** The rest of the conformance suite goes through the code of all databases, and meets it in SQLite and DuckDB; `npm run soak` has it here as well. */
const title = 'a warehouse that loads files, which a newcomer wrote';
if (whole) storeConformance(title, inMemory);
else committing(`${title}: committing`, inMemory);

const rowsFrom = (from: number) => [row(from, from), row(from + 1, from + 1)];

test('loads the frames of an attempt by one file for each table, and leaves none in the stage', async () => {
  await using under = await inMemory();
  const { load } = writes.staging;
  if (load.by !== 'files') throw new Error('rows come by files there');
  using loads = vi.spyOn(load, 'load');
  await new Bench(under).settle(1, [{ rows: rowsFrom(0) }, { rows: rowsFrom(2) }, { role: 'boundary', rows: rowsFrom(4) }]);
  expect(loads.mock.calls.map(([, , { files }]) => files.length)).toEqual([1, 1]);
  expect(await under.settled()).toEqual(text([0, 2, 4].flatMap(rowsFrom)));
  expect([...under.warehouse.stage.keys()]).toEqual([]);
});

test('begins another file where one is full, and believes no warehouse that takes fewer rows than were sent', async () => {
  await using under = await inMemory();
  const puts: string[] = [];
  let sum = 0;
  const abandoned: string[] = [];
  const ofTwo = (taken: number) => {
    const load: LoadByFiles = {
      ...{
        by: 'files',
        format: () => formatOf('parquet', {}),
        fileBytes: 1,
        inFile: async (frame) => frame,
        discardFiles: async () => undefined,
      },
      beginFile: async (_session, name) => ({
        write: async () => void puts.push(name),
        end: async () => undefined,
        abandon: async () => void abandoned.push(name),
      }),
      load: async () => taken,
    };
    const written = (piece: Uint8Array) => {
      sum += piece.byteLength;
    };
    const into = {
      into: { table: '"t"' },
      name: 't',
      where: 'warehouse t',
      scratch: under.scratch,
      nonce: () => `${puts.length}`,
      onPieceWritten: written,
    };
    return loaderFor(null as never, load, into);
  };
  const sent = async (taken: number) => {
    const sending = ofTwo(taken);
    for (const from of [0, 2]) expect(await sending.add(await under.frame(baseSchema, rowsFrom(from)))).toBe(2);
    await sending.end();
  };
  await sent(4);
  expect(new Set(puts).size).toBe(2);
  expect(sum).toBeGreaterThan(0);
  await expect(sent(3)).rejects.toMatchObject({ code: 'HYG-4202' });
  const failing = ofTwo(0);
  await failing.add(await under.frame(baseSchema, rowsFrom(0)));
  await failing.abandon();
  await failing.abandon();
  expect(abandoned).toHaveLength(1);
});

test('a rehearsal tells why rows were refused, whatever its place of files says to their removal', async () => {
  await using under = await inMemory();
  const load = {
    ...writes.staging.load,
    load: () => Promise.reject(new Error('refused')),
    discardFiles: () => Promise.reject(new Error('no')),
  };
  await under.warehouse.rows('create schema if not exists hygge_staging');
  const session = await under.warehouse.acquire().then(({ connection }) => connection);
  const of = { session, schema: 'hygge_staging', nowMs: 0, nonce: 'n', scratch: under.scratch, createsTable: true };
  const rehearsed = rehearse({ ...of, dialect: { ...dialect, ...writes, staging: { load } } as never, storeKeyValues: {}, where: 'e' });
  await expect(rehearsed).rejects.toThrow('refused');
});
