import { expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { onEach, postgres, sqlite } from './databases.ts';

/** What makes a comparison say the same of rows that differ, or differ of rows that do not. */
onEach(asked(whole ? [sqlite, postgres] : [sqlite]), 'a source in $name that continues after it settled', (database) => {
  async function scene(flow: string, rows: string) {
    await database.cleared();
    await database.sql('create table src (a integer, st varchar(20), u integer)');
    await database.sql(`insert into src values ${rows}`);
    const files = (more: string) => ({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: { connection: c, table: e${database.keys} }\nentities: [e]\n${more}`,
    });
    const workspace = new TestWorkspace(files(flow));
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    const verified = async (...flags: readonly string[]): Promise<Comparison> => {
      const { code, stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s', ...flags);
      expect(stdout, stderr).not.toBe('');
      const found = JSON.parse(stdout) as Comparison;
      expect(code, stdout).toBe(found.ok ? 0 : 1);
      return found;
    };
    return {
      hygge,
      verified,
      write: (more: string) => workspace.write(files(more)),
      [Symbol.dispose]: () => workspace[Symbol.dispose](),
    };
  }

  const merges = 'run_type: incremental\nwatermark: { column: u, key: [a] }\n';

  it('is not the same where nothing was compared: before the first run, for a range or a sample without rows', async () => {
    using place = await scene(merges, "(1, 'x', 10), (2, 'y', 20)");
    expect(await place.verified()).toMatchObject({ verdict: 'not told', because: 'nothing settled', ok: false });
    await place.hygge('go');
    expect(await place.verified('--range', '100..200')).toMatchObject({ verdict: 'not told', because: 'no row', ok: false });
    expect(await place.verified('--sample', '0.0001%')).toMatchObject({ verdict: 'not told', because: 'no row', ok: false });
  });

  it('has no earlier versions by a key that a person named: what is gone is a difference', async () => {
    using place = await scene('run_type: incremental\nwatermark: { column: u }\n', "(1, 'open', 10), (2, 'open', 20), (3, 'done', 30)");
    await place.hygge('go');
    await database.sql('delete from src where a = 1');
    expect(await place.verified('--key', 'st')).toMatchObject({ verdict: 'differs', differences: { only_in_destination: 1 } });
    await database.sql('delete from src where a = 2');
    await database.sql("insert into src values (4, 'open', 40)");
    expect(await place.verified('--key', 'st')).toMatchObject({ verdict: 'not told', because: 'changed since', ok: false });
  });

  it('is compared whole where it is loaded whole, with a watermark or without', async () => {
    using place = await scene('if_exists: replace\nwatermark: { column: u }\n', "(1, 'x', 10)");
    await place.hygge('go');
    await database.sql("insert into src values (2, 'y', 20)");
    expect(await place.verified()).toMatchObject({ verdict: 'differs', differences: { only_in_source: 1 } });
  });

  it('differs in no row of a range that was updated past it, nor in rows below the initial value', async () => {
    using place = await scene(
      'run_type: incremental\nwatermark: { column: u, key: [a], initial: "10" }\n',
      "(1, 'x', 5), (2, 'y', 10), (3, 'z', 20), (4, 'w', 30)",
    );
    await place.hygge('go');
    await database.sql("update src set u = 40, st = 'new' where a = 3");
    expect(await place.verified('--range', '0..25')).toMatchObject({
      verdict: 'same',
      rows: { source: 1, destination: 1, updated_since: 1 },
    });
    await database.sql("update src set st = 'late' where a = 2");
    expect(await place.verified('--range', '0..25')).toMatchObject({ verdict: 'differs', differences: { changed: 1 } });
    const told = await place.hygge('verify', '--pause', '0s');
    expect(told.stdout).toContain('hygge backfill f.e --from 10 --to 11');
    expect((await place.hygge('backfill', 'f.e', '--from', '10', '--to', '11')).code).toBe(0);
    expect(await place.verified()).toMatchObject({ verdict: 'same' });
  });

  it('is advised to begin anew where a full load merges and a row is gone, and to load again where none is', async () => {
    using place = await scene('if_exists: append\nwatermark: { column: u, key: [a] }\n', "(1, 'x', 10), (2, 'y', 20)");
    await place.hygge('go');
    await database.sql("update src set st = 'new' where a = 1");
    const changed = await place.hygge('verify', '--pause', '0s');
    expect(changed.stdout).toContain('Load it again: hygge go -e f.e');
    await place.hygge('go', '-e', 'f.e');
    expect(await place.verified()).toMatchObject({ verdict: 'same' });
    await database.sql('delete from src where a = 2');
    const told = await place.hygge('verify', '--pause', '0s', '--repair', '--yes');
    expect(told.code).toBe(1);
    expect(told.stdout).toContain('hygge reset f.e, then hygge go -e f.e');
    await place.hygge('reset', 'f.e', '--yes');
    await place.hygge('go', '-e', 'f.e');
    expect(await place.verified()).toMatchObject({ verdict: 'same' });
  });

  it('is advised to say on_empty: replace where the source is empty and the rows stay', async () => {
    using place = await scene('on_empty: keep\n', "(1, 'x', 10)");
    await place.hygge('go');
    await database.sql('delete from src');
    const told = await place.hygge('verify', '--pause', '0s');
    expect(told.stdout).toContain('Set on_empty: replace, then hygge go -d -e f.e');
    place.write('on_empty: replace\n');
    await place.hygge('go', '-d', '-e', 'f.e');
    expect(await place.verified()).toMatchObject({ verdict: 'same', rows: { source: 0, destination: 0 } });
  });
});
