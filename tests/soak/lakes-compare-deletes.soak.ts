import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqlite } from '../databases/databases.ts';
import { duck } from '../support/duck.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { TestWorkspace } from '../support/workspace.ts';

const readers = {
  parquet: (glob: string) => `read_parquet('${glob}.parquet')`,
  csv: (glob: string) => `read_csv('${glob}.csv')`,
  ndjson: (glob: string) => `read_json('${glob}.ndjson', format = 'newline_delimited')`,
  json: (glob: string) => `read_json('${glob}.json', format = 'array')`,
};
const formats = Object.keys(readers) as (keyof typeof readers)[];

describe.each(sharedLakes())('keys that are compared with files in a lake: $name', ({ missing, start }) => {
  it.skipIf(missing !== undefined).each(['apply', 'mark'] as const)('go, or are marked, in files: %s', async (then) => {
    await using lake = await start();
    await using database = await sqlite.open();
    await database.cleared();
    await database.sql(
      'create table src (id integer primary key, name varchar(20), n integer)',
      `insert into src values ${Array.from({ length: 50 }, (_, i) => `(${i}, 'näme ${i}', ${i})`).join(', ')}`,
    );
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      ...Object.fromEntries(
        formats.map((format) => [
          `flows/${format}/flow.yml`,
          `home: { connection: c, table: src }\nstore: ${lake.side(`raw-${format}`, `format: ${format}`)}
run_type: incremental\nwatermark: { column: n, key: [id] }\ndeletes: { compare: 1d, pause: 0s, then: ${then} }\nentities: [e]\n`,
        ]),
      ),
    });
    const go = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(['go', ...args], { env: { ...lake.env } });
      expect(code, stdout + stderr).toBe(0);
    };
    await go();
    await database.sql("insert into src values (100, 'new', 100)", 'update src set n = 101 where id = 3');
    await go();
    await database.sql('delete from src where id in (3, 7)', "insert into src values (200, 'new', 200)");
    await go('--compare-deletes');
    for (const format of formats) {
      const to = await mkdtemp(join(tmpdir(), 'hygge-lake-'));
      await lake.download(`raw-${format}`, to);
      const from = readers[format](join(to, 'e', '*'));
      const rows = async (select: string, where: string) =>
        (await duck(`select ${select} from ${from} where ${where} order by all`)).map((row) => Object.values(row).join(' '));
      const there = then === 'mark' ? 'not _deleted' : 'true';
      expect(await rows('id, name, n', there)).toEqual((await database.sql('select id, name, n from src order by id')).map(String));
      if (then === 'mark') expect(await rows('id, n', '_deleted and _deleted_at is not null')).toEqual(['3 3', '3 101', '7 7']);
      await rm(to, { recursive: true });
    }
    expect(await lake.unfinished()).toEqual([]);
  });
});
