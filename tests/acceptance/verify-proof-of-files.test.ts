import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { answerOf, duckIn, readProof } from '../support/run-proof.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Every type whose text SQL gives, at its edges, and rows of nulls. */
const everyType = (rows: number) => `select
    n as id, if(n % 7 = 0, null, (n % 200 - 100)::tinyint) as tiny, (n % 3000)::usmallint as small, (18446744073709551615 - n)::ubigint as wide,
    if(n % 5 = 0, null, ((n - 50)::decimal(18, 2) / 100)::decimal(18, 2)) as price, (-n)::decimal(38, 0) as whole, ((n % 999 - 500) / 1000)::decimal(3, 3) as share,
    case n % 6 when 0 then 'NaN'::double when 1 then -0.0 when 2 then '-infinity'::double when 3 then 0.1 when 4 then 1e300 else null end as ratio,
    if(n % 3 = 0, '-0.0'::float, (n / 3)::float) as part,
    n % 2 = 0 as flag, case n % 6 when 0 then '' when 1 then 'it''s ' when 2 then '"x" | y' when 3 then E'two\\nlines' when 4 then 'Zoë 🏡' else null end as note,
    if(n % 4 = 0, null, encode('é' || n)) as raw,
    case n % 4 when 0 then date '0001-01-01' when 1 then date '1582-10-10' when 2 then date '9999-12-31' else null end as day,
    case n % 5 when 0 then timestamp '1582-10-04 12:00:00.5' when 1 then timestamp '0001-01-01 00:00:00' when 2 then timestamp '1969-12-31 23:59:59.999999' when 3 then null
      else timestamp '2026-01-31 23:59:59.5' + n * interval 1 second end as at,
    if(n % 2 = 0, null, timestamptz '2026-07-01 02:00:00.25+02' + n * interval 1 minute) as moment,
    make_timestamp_ns(1700000000123456789 + n) as nano, time '23:59:59.99999' - (n % 1000) * interval 1 second as hour
  from (select range::int as n from range(${rows}))`;

async function loaded(store: string, query: string, more = '') {
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { path: data }\nstore: ${store}\n${more}entities: [e]\n`,
  });
  await workspace.parquet('data/e/a.parquet', query);
  const hygge = (...args: readonly string[]) => workspace.run(args);
  const went = await hygge('go');
  expect(went.code, went.stdout + went.stderr).toBe(0);
  return {
    ...{ workspace, hygge, folder: workspace.path('proof'), lake: workspace.path('lake') },
    prove: async (...args: readonly string[]) => hygge('verify', 'f.e', '--proof', 'proof', '--pause', '0s', ...args),
    proof: () => readProof(workspace.path('proof')),
    ran: () => duckIn(rootOf({ folder: workspace.path('proof') }), workspace.path('proof/destination.sql')),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

/** The proof is written, hygge ran it, it gives the source's sum of so many rows, and the engine gives its numbers without hygge. */
async function mustProve(place: Awaited<ReturnType<typeof loaded>>, rows: number): Promise<void> {
  expect(await place.prove()).toMatchObject({ code: 0 });
  const { destination, sums } = place.proof();
  expect(destination).toMatchObject({ was_run: true, rows, sum: sums.source });
  expect(await place.ran()).toBe(answerOf(destination));
}

describe('the proof of files that settled', () => {
  it('is SQL that gives the printed numbers, of every type, in any time zone', async () => {
    using place = await loaded('{ path: lake }', everyType(300));
    expect(await place.prove()).toMatchObject({ code: 0 });
    const { source, destination, sums, verdict } = place.proof();
    expect(verdict).toBe('same');
    expect(source.sql).toBe(null);
    expect(destination).toMatchObject({ was_run: true, rows: 300, sum: sums.source });
    expect(destination.columns.map(({ name }) => name)).toHaveLength(17);
    expect(await place.ran()).toBe(answerOf(destination));
    const readme = readFileSync(`${place.folder}/README.md`, 'utf8');
    expect(readme).toContain('It is exactly what hygge ran.');
    expect(readFileSync(`${place.folder}/destination.sql`, 'utf8')).not.toContain(place.workspace.root);
  });

  it('has another number when one value of a file is edited, and the same when nothing is', async () => {
    using place = await loaded('{ path: lake }', everyType(60));
    expect(await place.prove()).toMatchObject({ code: 0 });
    const { destination } = place.proof();
    const [file = ''] = settledFiles(place.lake);
    const rewritten = async (list: string) => {
      const path = `${place.lake}/${file}`;
      await duck(`copy (select ${list} from '${path}') to '${path}.new' (format parquet)`);
      cpSync(`${path}.new`, path);
      rmSync(`${path}.new`);
    };
    await rewritten('*');
    expect(await place.ran()).toBe(answerOf(destination));
    for (const [n, changed] of edits.entries()) {
      await rewritten(`* replace (${changed})`);
      const edited = await place.ran();
      expect([n, edited.split(' ')[2]]).not.toEqual([n, destination.sum]);
      await duck(`copy (${everyType(60)}) to '${place.lake}/${file}' (format parquet)`);
    }
    expect(await place.ran()).toBe(answerOf(destination));
  });

  it('is of an empty destination, whose columns no file has', async () => {
    using place = await loaded('{ path: lake }', `${everyType(5)} limit 0`);
    expect(await place.prove()).toMatchObject({ code: 0 });
    const { destination } = place.proof();
    expect(destination).toMatchObject({ was_run: true, rows: 0, sum: '0' });
    expect(await place.ran()).toBe(answerOf(destination));
  });

  it('reads names with quotes, marks of patterns and other alphabets, and nothing beside them', async () => {
    using place = await loaded(
      `{ path: "lake/o'b é/{entity}", partition_by: [region, day] }`,
      `select n as "id ""x"" 'y'", 'é' || n as "Ærø, (x)", case n % 4 when 0 then null when 1 then 'a*[b]''"?' when 2 then 'Zoë/x=1' else '' end as region,
        if(n % 3 = 0, null, date '1582-10-10' + n::int) as day from range(20) t(n)`,
    );
    expect(await place.prove()).toMatchObject({ code: 0 });
    const { destination, sums } = place.proof();
    expect(destination).toMatchObject({ was_run: true, rows: 20, sum: sums.source });
    // A pattern would find this one, too.
    const [file = ''] = settledFiles(place.lake);
    cpSync(`${place.lake}/${file}`, `${place.lake}/${file}`.replace('.parquet', '-copy.parquet'));
    expect(await place.ran()).toBe(answerOf(destination));
  });

  it('reads earlier files with fewer and narrower columns as what they settled as', async () => {
    using place = await loaded(
      '{ path: lake }',
      `select 1::int as id, 1.5::decimal(5, 1) as price, 1::int as n`,
      'run_type: incremental\nschema_evolution: { type_changes: widen }\n',
    );
    await place.workspace.parquet(
      'data/e/b.parquet',
      `select 2::int as id, 2.25::decimal(12, 3) as price, 5000000000::bigint as n, 'new' as note`,
    );
    const again = await place.hygge('go');
    expect(again.code, again.stdout + again.stderr).toBe(0);
    await mustProve(place, 2);
  });

  it('knows days outside of the years 1 to 9999', async () => {
    using place = await loaded(
      '{ path: lake }',
      `select * from (values (date '0044-03-15 (BC)', timestamp '0045-03-15 (BC) 01:02:03.4'), (date '0001-12-31 (BC)', timestamp '12026-01-01 00:00:00')) t(day, moment)`,
    );
    await mustProve(place, 2);
  });

  it.each([
    'format: csv, delimiter: ";", null_value: "\\\\N", quote_style: always, line_ending: crlf, compression: gzip',
    'format: csv, delimiter: "\t", quote_style: non_numeric, compression: zstd, partition_by: [flag]',
  ])('reads texts as the values that settled: %s', async (keys) => {
    const query = `select *, case id % 4 when 0 then 'NULL' when 1 then ' ' when 2 then E'a;\t"b",' end as word from (${everyType(300)})`;
    using place = await loaded(`{ path: lake, ${keys} }`, query);
    await mustProve(place, 300);
  });

  it('reads texts of files with other columns, by their names, and of a file without rows', async () => {
    using place = await loaded('{ path: lake, format: csv }', `select 1 as id, 'a' as note`, 'run_type: incremental\n');
    await place.workspace.parquet('data/e/b.parquet', `select 2 as id, 'b' as note, 0.5::double as "Né""w, 1"`);
    expect((await place.hygge('go')).code).toBe(0);
    await place.workspace.parquet('data/e/c.parquet', `select 3 as id, null::varchar as note, null::double as "Né""w, 1" limit 0`);
    expect((await place.hygge('go')).code).toBe(0);
    await mustProve(place, 2);
  });

  it('is not of texts whose columns no header names', async () => {
    using place = await loaded('{ path: lake, format: csv, header: false }', 'select 1 as id');
    const refused = await place.prove();
    expect(refused.stdout).toContain('HYG-2092');
  });

  it('says so where hygge did not run it: DuckDB looks for files in no folder with a comma', async () => {
    using place = await loaded('{ path: "lake/a, b" }', everyType(40));
    expect(await place.prove()).toMatchObject({ code: 0 });
    const { destination, sums } = place.proof();
    expect(destination).toMatchObject({ was_run: false, rows: 40, sum: sums.source, columns: { length: 17 } });
    expect(destination.columns.every(({ count, sum }) => count === null && sum === null)).toBe(true);
    const readme = readFileSync(`${place.folder}/README.md`, 'utf8');
    expect(readme).toContain('hygge did not run destination.sql: it read the rows itself');
    expect(readme).not.toContain('exactly what hygge ran');
    expect((await place.ran()).split(' ').slice(0, 3)).toEqual(['0', '40', destination.sum]);
  });

  it('names the column of which no SQL gives the text, and is written without it', async () => {
    using place = await loaded('{ path: lake }', `select 1 as id, [1, 2] as list`);
    const refused = await place.prove();
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain('HYG-2092');
    expect(await place.prove('--columns', 'id')).toMatchObject({ code: 0 });
    expect(await place.ran()).toBe(answerOf(place.proof().destination));
  });
});

describe.each(sampled(sharedLakes(), 5).map((kind) => [kind.name, kind] as const))('the proof of files in %s', (_name, kind) => {
  it.skipIf(kind.missing !== undefined)(
    'is run over what is downloaded under the same names, and says that hygge did not run it',
    async () => {
      await using lake = await kind.start();
      using workspace = new TestWorkspace({
        'flows/f/flow.yml': `home: { path: data }\nstore: ${lake.side('a/b', 'partition_by: [flag]')}\nentities: [e]\n`,
      });
      await workspace.parquet('data/e/a.parquet', everyType(30));
      expect((await workspace.run(['go'], { env: lake.env })).code).toBe(0);
      expect((await workspace.run(['verify', 'f.e', '--proof', 'proof'], { env: lake.env })).code).toBe(0);
      const { destination, sums } = readProof(workspace.path('proof'));
      expect(destination).toMatchObject({ was_run: false, files: { count: 2 }, rows: 30, sum: sums.source });
      const readme = readFileSync(workspace.path('proof/README.md'), 'utf8');
      const [, start = ''] = /start at (\S*)\. Download the 2 files/.exec(readme) ?? [];
      const folder = start.endsWith('a/b') ? 'a/b' : start.endsWith('a/b/e') ? 'a/b/e' : '';
      mkdirSync(workspace.path('there'));
      await lake.download(folder, workspace.path('there'));
      expect((await duckIn(workspace.path('there'), workspace.path('proof/destination.sql'))).split(' ').slice(0, 3)).toEqual([
        '0',
        '30',
        sums.source,
      ]);
    },
  );
});

/** Each changes the value of one row, or of some. */
const edits = [
  'if(id = 3, 1003, id) as id',
  "if(note = 'it''s ', 'it''s', note) as note",
  "if(note = '', null, note) as note",
  'if(ratio = 0.1, 0.10000000000000002, ratio) as ratio',
  'if(id = 9, price + 0.01, price)::decimal(18, 2) as price',
  '"at" + interval 1 microsecond as "at"',
  "if(day = date '1582-10-10', date '1582-10-11', day) as day",
  'wide - 1 as wide',
];

const settledFiles = (folder: string): readonly string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.parquet') && !name.includes('_hygge')).sort();

/** Where the names of the statement start, as the README says. */
function rootOf({ folder }: { readonly folder: string }): string {
  const [, address = ''] = /start at (file:\S*)\. Run/.exec(readFileSync(`${folder}/README.md`, 'utf8')) ?? [];
  return fileURLToPath(address);
}
