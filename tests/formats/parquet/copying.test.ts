import { hash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { Window } from '../../../src/engine/contracts/home.ts';
import { type Footer, readFooter } from '../../../src/formats/parquet/footer.ts';
import { parquetFormat } from '../../../src/formats/parquet/parquet.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { collect } from '../../support/collect.ts';
import { count, duck } from '../../support/duck.ts';
import { firstOf, framesOf, sourceOf, testFolder, testScratch, wholeFile, writeParquet } from '../../support/parquet-files.ts';
import { cases } from '../../support/samples.ts';

const parquet = parquetFormat({});

const rowsLike = (rows: number) =>
  `select i id, timestamp '2024-01-01' + interval (i) second moment, (i / 7)::decimal(18,4) amount, i / 3.0 ratio, i % 3 = 0 as flag,
     'name ' || i as name, date '2020-01-01' + (i % 900)::int as born, case when i % 5 = 0 then null else 'note ' || i % 77 end as note
   from range(${rows}) t(i)`;

/** A file of three row groups as another writer would leave it. */
async function given({ select = rowsLike(6000), compression = 'snappy', options = 'row_group_size 2048' } = {}) {
  const folder = await testFolder();
  const path = join(folder, 'orders.parquet');
  await duck(`copy (${select}) to '${path}' (format parquet, compression ${compression}, ${options})`);
  return { folder, path, out: join(folder, 'settled.parquet'), scratch: testScratch(folder) };
}

type Given = Awaited<ReturnType<typeof given>>;

async function settle(
  { path, out, scratch }: Given,
  how: {
    readonly remote?: true;
    readonly compression?: string;
    readonly keys?: Readonly<Record<string, unknown>>;
    readonly window?: Window;
    readonly change?: (frame: Frame) => Promise<Frame> | Frame;
    readonly watermark?: { readonly column: string; readonly type: { readonly kind: 'int64' } };
    readonly anew?: boolean;
    readonly frameRows?: number;
  } = {},
) {
  const source = await sourceOf(path, how.remote ? 'remote' : 'local');
  const content = await parquet.inspect(source, null);
  async function* frames(): AsyncGenerator<Frame> {
    for await (const frame of framesOf({
      source,
      scratch,
      content,
      frameRows: how.frameRows ?? 2048,
      ...(how.window ? { window: how.window } : {}),
    }))
      yield (await how.change?.(frame)) ?? frame;
  }
  const { compression = 'snappy', keys = {}, watermark = null, anew = false } = how;
  return await writeParquet(out, frames(), { schema: content.schema, scratch, compression, keys, watermark, anew });
}

const footerAt = async (path: string): Promise<Footer> => readFooter(await sourceOf(path));

/** The pages of a column in each row group. */
async function pagesOf(path: string) {
  const body = await readFile(path);
  const { groups } = await footerAt(path);
  return groups.map(({ chunks }) => chunks.map(({ start, end }) => hash('sha1', body.subarray(start, end))));
}

const writerOf = async (path: string) => (await duck(`select created_by c from parquet_file_metadata('${path}')`))[0]?.c;
const isCopied = async ({ out }: Given) => String(await writerOf(out)).startsWith('DuckDB');

const difference = (a: string, b: string) =>
  count(`select count(*) n from ((from '${a}' except all from '${b}') union all (from '${b}' except all from '${a}'))`);

describe('row groups that did not change', () => {
  test.each(['local', 'remote'] as const)('are copied page for page from a %s file, and every reader finds them', async (kind) => {
    const here = await given();
    const summary = await settle(here, kind === 'remote' ? { remote: true } : {});
    expect(await pagesOf(here.out)).toEqual(await pagesOf(here.path));
    expect(await difference(here.path, here.out)).toBe(0);
    expect(summary.rows).toBe(6000);
    expect(summary.nulls).toEqual([0, 0, 0, 0, 0, 0, 0, 1200]);
    // Our own reader, by the new footer.
    const source = await sourceOf(here.out);
    const rows = (await collect(framesOf({ source, scratch: here.scratch }))).reduce((sum, frame) => sum + frame.rows, 0);
    expect(rows).toBe(6000);
  });

  test('keep their statistics, and lose what lay next to them', async () => {
    const here = await given();
    await settle(here);
    const statistics = async (path: string) => (await footerAt(path)).groups.map(({ chunks }) => chunks.map((chunk) => chunk.statistics));
    expect(await statistics(here.out)).toEqual(await statistics(here.path));
    const filters = (path: string) => count(`select count(bloom_filter_offset) n from parquet_metadata('${path}')`);
    expect(await filters(here.path)).toBeGreaterThan(0);
    expect(await filters(here.out)).toBe(0);
  });

  test('tell the smallest and largest watermark of what was decoded', async () => {
    const here = await given();
    const type = { kind: 'int64' } as const;
    expect(await settle(here, { watermark: { column: 'id', type } })).toMatchObject({ min: '0', max: '5999' });
  });

  test('are those of a window too, where it takes all of them; the others are encoded', async () => {
    const here = await given();
    const column = { column: 'id', type: { kind: 'int64' } } as const;
    const from = (text: string): Window => ({ ...wholeFile, column, lower: { text, inclusive: true }, nulls: 'exclude' });
    await settle(here, { window: from('2048') });
    expect((await pagesOf(here.out)).length).toBe(2);
    expect(await isCopied(here)).toBe(true);
    // A file begun with encoded rows goes on with them: it has one footer.
    expect(await settle(here, { window: from('2000') })).toMatchObject({ rows: 4000 });
    expect(await isCopied(here)).toBe(false);
    expect(await count(`select count(*) n from '${here.out}' where id >= 2000`)).toBe(4000);
  });

  test('of a file that hygge wrote go into one file with rows it encodes', async () => {
    const here = await given();
    await settle(here, { compression: 'zstd' });
    const again = { ...here, path: here.out, out: `${here.out}.again.parquet` };
    const copied = await settle(again, { compression: 'zstd' });
    expect(await pagesOf(again.out)).toEqual(await pagesOf(again.path));
    const column = { column: 'id', type: { kind: 'int64' } } as const;
    const mixed = await settle(again, {
      compression: 'zstd',
      window: { ...wholeFile, column, lower: { text: '100', inclusive: true }, nulls: 'exclude' },
    });
    expect([copied.rows, mixed.rows]).toEqual([6000, 5900]);
    expect((await pagesOf(again.out)).at(-1)).toEqual((await pagesOf(again.path)).at(-1));
    const upTo = { ...wholeFile, column, upper: { text: '5000', inclusive: true }, nulls: 'exclude' } as const;
    expect(await settle(again, { compression: 'zstd', window: upTo })).toMatchObject({ rows: 5001 });
    expect((await pagesOf(again.out)).slice(0, 2)).toEqual((await pagesOf(again.path)).slice(0, 2));
    await settle(again, { compression: 'zstd', window: { ...upTo, lower: { text: '100', inclusive: true } } });
    expect(await count(`select count(*) n from '${again.out}' where id between 100 and 5000`)).toBe(4901);
  });
});

describe('rows are encoded, whatever they are in,', () => {
  test.each<[string, Parameters<typeof given>[0], Parameters<typeof settle>[1]]>([
    ['where another compression is asked for', {}, { compression: 'zstd' }],
    ['where a level is asked for', { compression: 'zstd' }, { compression: 'zstd', keys: { compression_level: 3 } }],
    ['where smaller row groups are asked for', {}, { keys: { row_group_size: 1000 } }],
    ['where no statistics are asked for', {}, { keys: { statistics: false } }],
    ['where an earlier file had to end for them', {}, { anew: true }],
    ['where their row groups are crumbs', {}, { frameRows: 122_880 }],
    ['where encodings are not everybody’s', { options: 'row_group_size 2048, parquet_version V2' }, {}],
    ['where a column holds lists', { select: 'select i id, [i, i + 1] l from range(3000) t(i)' }, {}],
    ['where a column holds structs', { select: "select i id, {'a': i} s from range(3000) t(i)" }, {}],
    ['where a column is a uuid, which settles as text', { select: 'select i id, uuid() u from range(3000) t(i)' }, {}],
    [
      'where statistics are incomplete',
      { select: "select i id, case when i = 5 then 'nan'::double else i::double end as x from range(3000) t(i)" },
      {},
    ],
  ])('%s', async (_, made, how) => {
    const here = await given(made);
    const { rows } = await settle(here, how);
    expect(await isCopied(here)).toBe(false);
    expect(await count(`select count(*) n from '${here.out}'`)).toBe(rows);
  });

  test('where the columns are others, or in another order', async () => {
    const here = await given();
    const columns = [
      { name: 'id', type: { kind: 'int64' }, nullable: true },
      { name: 'Name', type: { kind: 'string' }, nullable: true },
    ] as const;
    const source = await sourceOf(here.path);
    async function* renamed() {
      for await (const frame of framesOf({ source, scratch: here.scratch }))
        yield await frame.conform({
          schema: { columns },
          columns: columns.map(({ name, type }) => ({ name, type, from: name.toLowerCase(), fill: null })),
          samples: 'show',
        });
    }
    await writeParquet(here.out, renamed(), { schema: { columns }, scratch: here.scratch, compression: 'snappy' });
    expect(await isCopied(here)).toBe(false);
    const { schema } = await parquet.inspect(source, null);
    const turned = { columns: [...schema.columns].reverse() };
    await writeParquet(here.out, framesOf({ source, scratch: here.scratch }), {
      schema: turned,
      scratch: here.scratch,
      compression: 'snappy',
    });
    expect(await isCopied(here)).toBe(false);
    expect(await count(`select count(*) n from '${here.out}'`)).toBe(6000);
  });
});

describe('a file that began with copied rows', () => {
  test('does not take those that have to be encoded', async () => {
    const here = await given();
    const source = await sourceOf(here.path);
    const { schema } = await parquet.inspect(source, null);
    const frames = framesOf({ source, scratch: here.scratch, frameRows: 2048 })[Symbol.asyncIterator]();
    const next = async () => (await frames.next()).value as Frame;
    const encoder = parquetFormat({}).encoder({ schema, scratch: here.scratch, watermark: null });
    const first = await next();
    expect(await encoder.takes?.(first)).toBe(true);
    await collect(encoder.add(first));
    const second = await next();
    expect(await encoder.takes?.(second)).toBe(true);
    const { PolarsFrame } = await import('../../../src/frames/values/polars-frame.ts');
    const data = await asPolars(second).collect();
    expect(await encoder.takes?.(PolarsFrame.of({ schema, data, bytes: second.bytes }))).toBe(false);
  });

  // What `known` keeps of a schema is made once: columns that no other test has.
  const own = 'select i as only_here from range(6000) t(i)';

  test('continues with them while it is found out how it would begin with others', async () => {
    const here = await given({ select: own });
    const source = await sourceOf(here.path);
    const { schema } = await parquet.inspect(source, null);
    const frames = framesOf({ source, scratch: here.scratch, frameRows: 2048 })[Symbol.asyncIterator]();
    const next = async () => (await frames.next()).value as Frame;
    const { promise: room, resolve: isRoom } = Promise.withResolvers<void>();
    let asked = 0;
    const slow = {
      ...here.scratch,
      // The first place is for a look at the copied rows; the second is where it is found out.
      path: async (suffix: string) => (asked++ === 1 ? room : Promise.resolve()).then(() => here.scratch.path(suffix)),
      free: (path: string) => here.scratch.free(path),
    };
    const encoder = parquetFormat({}).encoder({ schema, scratch: slow, watermark: null });
    await collect(encoder.add(await next()));
    const before = encoder.bytes;
    const second = await next();
    expect(await encoder.takes?.(second)).toBe(true);
    await collect(encoder.add(second));
    expect(encoder.bytes).toBeGreaterThan(before);

    let isEnded = false;
    const ended = collect(encoder.end()).then(() => (isEnded = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isEnded).toBe(false);
    isRoom();
    await ended;
  });

  test('is not ended when that can’t be found out', async () => {
    const here = await given({ select: own.replace('only_here', 'only_there') });
    const failing = {
      path: () => Promise.reject(new Error('no such folder')),
      free: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
    await expect(settle({ ...here, scratch: failing })).rejects.toThrow('no such folder');
  });
});

describe('what is copied is decoded too, and', () => {
  test.each([{}, { remote: true }] as const)('a page that can’t be decoded is an error, in any column and row group: %o', async (how) => {
    const here = await given();
    const body = await readFile(here.path);
    const { groups } = await footerAt(here.path);
    for (const [number, { chunks }] of groups.entries())
      for (const [leaf, { start, end }] of chunks.entries()) {
        // Each column of the first row group, and the first column of the others.
        if (number > 0 && leaf > 0) continue;
        const damaged = { ...here, path: `${here.path}.damaged` };
        await writeFile(damaged.path, Buffer.from(body).fill(0xff, start, end));
        await expect(settle(damaged, how), `row group ${number}, column ${leaf}`).rejects.toMatchObject({ code: 'HYG-3105' });
      }
  });

  test('that the file was replaced while it was read is told rather', async () => {
    const here = await given();
    const source = await sourceOf(here.path);
    const { schema } = await parquet.inspect(source, null);
    await writeFile(here.path, (await readFile(here.path)).fill(0xff, 200, 2000));
    const replaced = { ...source, orReplaced: async (failure: Error) => new Error(`another file: ${failure.name}`) };
    const frames = framesOf({ source: replaced, scratch: here.scratch, frameRows: 2048 });
    await expect(writeParquet(here.out, frames, { schema, scratch: here.scratch, compression: 'snappy' })).rejects.toThrow('another file');
  });

  test('where scratch has no room for that, it says so', async () => {
    const here = await given();
    await settle(here, { remote: true });
    const full = { path: async () => '/dev/full', free: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
    await expect(settle({ ...here, scratch: full }, { remote: true })).rejects.toMatchObject({ code: 'HYG-4002' });
  });

  test('nulls that its writer counted wrongly are named, rather than thought lost', async () => {
    const here = await given({ select: 'select case when i % 2 = 0 then null else i end id from range(3000) t(i)' });
    const body = await readFile(here.path);
    const footer = (await footerAt(here.path)).start;
    // 1024 nulls in the first row group, as thrift writes it; 1023 instead.
    const at = body.indexOf(Buffer.from([0x80, 0x10]), footer);
    expect(at).toBeGreaterThan(0);
    body[at] = 0xfe;
    body[at + 1] = 0x0f;
    await writeFile(here.path, body);
    const frame = await firstOf(framesOf({ source: await sourceOf(here.path), scratch: here.scratch, frameRows: 2048 }));
    expect(await frame.nullCounts()).toEqual([1023]);
    await expect(settle(here)).rejects.toMatchObject({
      code: 'HYG-3105',
      why: ['Column id has 1023 nulls according to its footer, but 1024 were decoded.'],
    });
  });
});

test('whatever the sizes and the window, what settles is what the source has', async () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 0, max: 9000 }),
    groupRows: fc.constantFrom(2048, 4096, 6144),
    frameRows: fc.constantFrom(1000, 2048, 5000, 122_880),
    lower: fc.option(fc.integer({ min: 0, max: 9000 }), { nil: undefined }),
    remote: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ rows, groupRows, frameRows, lower, remote }) => {
      const here = await given({ select: rowsLike(rows), options: `row_group_size ${groupRows}` });
      const source = await sourceOf(here.path, remote ? 'remote' : 'local');
      const { schema } = await parquet.inspect(source, null);
      const column = { column: 'id', type: { kind: 'int64' } } as const;
      const window: Window =
        lower === undefined ? wholeFile : { ...wholeFile, column, lower: { text: String(lower), inclusive: true }, nulls: 'exclude' };
      const files: string[] = [];
      let encoder = parquetFormat({}).encoder({ schema, scratch: here.scratch, watermark: column });
      let body: Uint8Array[] = [];
      const close = async () => {
        for await (const bytes of encoder.end()) body.push(bytes.slice());
        files.push(`${here.out}.${files.length}.parquet`);
        await writeFile(files.at(-1) ?? '', Buffer.concat(body));
        body = [];
      };
      for await (const frame of framesOf({ source, scratch: here.scratch, window, frameRows })) {
        if ((await encoder.takes?.(frame)) === false) {
          await close();
          encoder = parquetFormat({}).encoder({ schema, scratch: here.scratch, watermark: column, anew: true });
        }
        for await (const bytes of encoder.add(frame)) body.push(bytes.slice());
      }
      await close();
      expect(files.length).toBeLessThanOrEqual(2);
      const wanted = `(select * from '${here.path}' where id >= ${lower ?? 0})`;
      const settled = `read_parquet([${files.map((file) => `'${file}'`).join(', ')}])`;
      expect(
        await count(
          `select count(*) n from ((from ${wanted} except all from ${settled}) union all (from ${settled} except all from ${wanted}))`,
        ),
      ).toBe(0);
    }),
    cases(25),
  );
});

test('slices of remote files, however many, are looked at in the same few scratch files', async () => {
  const files = await given();
  for (let slice = 0; slice < 6; slice++) await settle(files, { remote: true });
  const inScratch = (await readdir(files.folder, { recursive: true })).filter((path) => /^hygge-scratch-.*\.parquet$/.test(path));
  expect(inScratch.length).toBeGreaterThan(0);
  expect(inScratch.length).toBeLessThanOrEqual(2);
});
