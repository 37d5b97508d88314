/** Rows at the watermark that came after the run, where the source and the destination are tables of a server. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import type { Repair } from '../../src/ports/answers/repair.ts';
import { inProcess } from '../support/in-process.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { onEach, postgres } from './databases.ts';

onEach([postgres], 'rows at the watermark of a source, and what settled of it in $name', (database) => {
  beforeEach(() => database.cleared());

  async function scene(home: string, flow: string) {
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': `home: ${home}\nstore: { connection: c, table: e }\nentities: [e]\nrun_type: incremental\n${flow}`,
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    const json = async <T = Comparison>(...flags: readonly string[]): Promise<T & { readonly code: number }> => {
      const { code, stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s', ...flags);
      expect(stdout, stderr).not.toBe('');
      return { code, ...(JSON.parse(stdout) as T) };
    };
    const went = await hygge('go');
    expect(went.code, went.stdout + went.stderr).toBe(0);
    return { hygge, json, workspace, [Symbol.dispose]: () => workspace[Symbol.dispose]() };
  }

  it('sends no row of the others, where both sides sum their rows', async () => {
    await database.sql(
      "create table src as select i as id, 'name ' || i as name, date '2026-01-01' + i / 40 as day from generate_series(1, 2000) i; alter table src add primary key (id)",
    );
    using place = await scene('{ connection: c, table: src }', 'watermark: { column: day, key: [id] }\n');
    // The newest day has row 2000 alone.
    await database.sql(
      "insert into src select i, 'new', (select max(day) from src) from generate_series(5001, 5003) i",
      "update src set day = (select max(day) from src), name = 'moved' where id = 17",
    );
    const found = await place.json();
    expect(found.error).toBe(null);
    expect(found).toMatchObject({
      ...{ verdict: 'same', because: 'so far', ok: true, code: 0, plan: { read_because: null } },
      rows: { source: 1999, destination: 1999, at_watermark: 4, not_yet_due: 0, updated_since: 1 },
    });
    expect(found.sums?.source).toBe(found.sums?.destination);
    expect(found.work?.source.rows_read).toBeLessThan(1500);
    await database.sql("update e set name = 'other' where id = 100");
    expect(await place.json()).toMatchObject({ verdict: 'differs', differences: { changed: 1, only_in_source: 0 } });
    expect(await place.json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0, rows_read: 40 });
    await database.sql("update e set name = 'other' where id = 2000");
    expect(await place.json()).toMatchObject({ verdict: 'differs', differences: { changed: 2, only_in_source: 3 } });
    expect(await place.hygge('go')).toMatchObject({ code: 0 });
    expect(await place.json()).toMatchObject({ verdict: 'same', because: null, rows: { source: 2003, destination: 2003 } });
  });

  it('writes a proof whose sums differ by the rows that come, and says so', async () => {
    await database.sql("create table src as select i as id, date '2026-01-01' + i / 5 as day from generate_series(1, 20) i");
    using place = await scene('{ connection: c, table: src }', 'watermark: { column: day }\n');
    await database.sql('insert into src select 21, max(day) from src');
    const proved = await place.hygge('verify', 'f.e', '--proof', 'proof', '--pause', '0s');
    expect(proved.code, proved.stdout + proved.stderr).toBe(0);
    const readme = readFileSync(place.workspace.path('proof/README.md'), 'utf8');
    expect(readme).toContain('Its answer: **same so far**');
    expect(readme).toContain('The SQL of the source also sums 1 row at the watermark that arrived or changed after the last run');
    expect(JSON.parse(readFileSync(place.workspace.path('proof/sums.json'), 'utf8'))).toMatchObject({
      source: { rows: 21 },
      destination: { rows: 20 },
    });
  });

  it('fails no run while another program writes', async () => {
    await database.sql("create table src as select 1 as id, date '2026-01-01' as day; alter table src add primary key (id)");
    using place = await scene('{ connection: c, table: src }', 'watermark: { column: day, key: [id] }\nverify: { on_difference: fail }\n');
    // Six of six runs failed once.
    for (let run = 1, id = 100; run <= (whole ? 6 : 1); run++) {
      const write = () => database.sql(`insert into src values (${id++}, '2026-02-0${run}')`);
      await write();
      let isRunning = true;
      const writes = (async () => {
        while (isRunning) await write();
      })();
      const { code, stdout } = await place.hygge('go');
      isRunning = false;
      await writes;
      expect(code, stdout).toBe(0);
    }
  });
});
