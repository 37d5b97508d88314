import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { passedFiles } from '../../src/files/home/passed-files.ts';
import type { Watermark } from '../../src/frames/watermark.ts';
import type { FileInfo } from '../../src/ports/filesystem.ts';
import { commandsIn } from '../support/commands.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const lines = (...rows: readonly string[]) => `id,day\n${rows.map((row) => `${row}\n`).join('')}`;
const asJson = (csv: string) =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => `${JSON.stringify({ id: row.split(',')[0], day: row.split(',')[1] })}\n`)
    .join('');

function scene({ format = 'csv', store = '{ path: lake }', more = '', where = '' }) {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\nconnections: { d: { type: sqlite, path: d.db } }\n',
    'flows/f/flow.yml': `home: { path: in, format: ${format}, types: { day: date }${where} }\nstore: ${store}\nrun_type: incremental\nwatermark: { column: day${more} }\n`,
  });
  place = workspace;
  const { hygge } = commandsIn(workspace);
  const brings = async (name: string, csv: string) => {
    workspace.write({ [`in/${name}.${format}`]: format === 'csv' ? csv : asJson(csv) });
    return hygge('go');
  };
  const removes = (name: string) => rmSync(workspace.path(`in/${name}.${format}`));
  return { hygge, brings, removes };
}

const first = lines('1,2024-01-01', '2,2024-01-02', '3,2024-01-03', '4,2024-01-04');
/** Two rows that are nowhere else, one that settled, and one above. */
const split = lines('2,2024-01-02', '77,2024-01-02', '78,2024-01-03', '7,2024-01-07');
const told =
  /2 rows of in\/d\.(csv|ndjson), which is new, are below the watermark of day, so no run reads them\. hygge (backfill \S+ --from \S+ --to \S+) loads them/;

describe('a new file of which some rows are below the watermark', () => {
  it('is named once, with the number of rows that no file from before has, and the backfill loads them', async () => {
    const { hygge, brings } = scene({ format: 'ndjson', more: ', key: [id]' });
    await brings('a', first);
    const { code, said } = await brings('d', split);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(told) });
    expect(said).toContain('WARN=1');
    expect((await hygge('go')).said).not.toContain('which is new');
    expect(await hygge(...(told.exec(said)?.[2] ?? '').split(' '))).toMatchObject({ code: 0 });
    expect(await hygge('verify', 'f.f', '--pause', '0s')).toMatchObject({ code: 0 });
  });

  it('is settled once by the backfill where rows are merged by their key', async () => {
    const { hygge, brings } = scene({ store: '{ connection: d, table: t }', more: ', key: [id]' });
    await brings('a', first);
    const { said } = await brings('d', split);
    expect(said).toMatch(told);
    expect(said).not.toContain('several files have');
    expect(await hygge(...(told.exec(said)?.[2] ?? '').split(' '))).toMatchObject({ code: 0 });
    const { said: rows } = await hygge('query', 'select count(*) as n, count(distinct id) as ids from f.f');
    expect(rows).toMatch(/7\D+7/);
  });

  it('is said to settle rows twice by the backfill where several files have them and no key tells', async () => {
    const { brings } = scene({});
    await brings('a', first);
    expect((await brings('d', split)).said).toContain('loads them, and settles once more each row that several files have');
  });

  it('is not named where it repeats rows that settled, as exports do each day', async () => {
    const { brings } = scene({});
    await brings('a', first);
    for (const day of [5, 6, 7]) {
      const rows = [3, 2, 1, 0].map((back) => `${day - back},2024-01-0${day - back}`);
      expect((await brings(`b${day}`, lines(...rows))).said).toContain('PASS=1 WARN=0');
    }
  });

  it('is named for the rows that the condition of the home lets through', async () => {
    const { brings } = scene({ where: ', where: "id <> 77"' });
    await brings('a', first);
    expect((await brings('d', split)).said).toContain('rows of in/d.csv, which is new, are below');
    expect((await brings('e', lines('77,2024-01-02', '8,2024-01-08'))).said).toContain('PASS=1 WARN=0');
  });
});

it('a new file whose rows all lie above the watermark costs no look beside that for its newest value', async () => {
  const at = (text: string): Watermark => ({ column: 'n', type: { kind: 'int64' }, text });
  const info = (path: string) => ({ path, modifiedAt: '2024-01-01T00:00:00Z', bytes: 1, etag: path }) as unknown as FileInfo;
  const never = () => Promise.reject(new Error('looked again'));
  const before = { files: [], below: { text: '5', inclusive: false }, initial: null, mark: null, key: [] };
  const looks = { oldest: async () => [], below: never, name: (path: string) => path };
  const range = { newest: at('9'), oldest: at('6') };
  expect(await passedFiles([info('a')], before, { ...looks, ranges: async () => [range] })).toBeUndefined();
  const both = passedFiles([info('a')], before, { ...looks, ranges: async () => [{ ...range, oldest: at('5') }] });
  await expect(both).rejects.toThrow('looked again');
});

it('a new file that lies partly below, where an earlier file has left the folder: the WARN says what the backfill replaces', async () => {
  const { hygge, brings, removes } = scene({});
  await brings('a', first);
  expect((await brings('b', lines('5,2024-01-05'))).said).not.toContain('no longer there');
  removes('a');
  const { said } = await brings('d', split);
  expect(said).toContain(
    'Rows of 1 file that is no longer there are also removed, if they are in the replaced part: restore it first to keep them',
  );
  await brings('a', first);
  const [, backfill = ''] = /hygge (backfill \S+ --from \S+ --to \S+) loads/.exec(said) ?? [];
  expect(await hygge(...backfill.split(' '))).toMatchObject({ code: 0 });
  expect(await hygge('verify', 'f.f', '--pause', '0s')).toMatchObject({ code: 0 });
});
