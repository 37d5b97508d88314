import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { startPostgresProxy } from '../../support/postgres-proxy.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { onPostgres, openDatabase } from './support.ts';

/** Statements as a server counts them: some messages have several. */
const statementsIn = (text: string): readonly string[] => text.split(/; (?=\S)/).filter((one) => one.trim() !== '');

const tables = Array.from({ length: 6 }, (_, at) => `e${at}`);

onPostgres('the statements of a run, PostgreSQL on both sides', () => {
  // Up to four a table more than a quiet run counts: what entities share (snapshots, looks at what is open) depends on which of them begin together.
  const loads = [
    { of: 'a full load', flow: '', first: 64, again: 90, nothing: undefined },
    { of: 'a merge', flow: 'run_type: incremental\nwatermark: { column: moved, key: id }\n', first: 86, again: 106, nothing: 56 },
  ];

  test.for(loads)('of $of are few a small table', async ({ flow, first, again, nothing }) => {
    await using opened = await openDatabase();
    const { db } = opened;
    await using proxy = await startPostgresProxy(db);
    const of = (port: number) => `type: postgres, host: ${db.host}, port: ${port}, user: ${db.user}, password: ${db.password}`;
    const connection = `{ ${of(proxy.port)}, database: ${db.database}, tls: disable }`;
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connection} }\n`,
      'flows/f/flow.yml': `home: { connection: c, table: "{entity}" }\nstore: { connection: c, table: "to_{entity}" }\nentities: [${tables.join(', ')}]\n${flow}`,
      'flows/g/flow.yml': `home: { connection: c, table: e0 }\nstore: { connection: c, table: before }\n`,
    });
    const made = tables.map(
      (name) => `create table ${name} as select n as id, n::bigint as moved, 'n' || n as name from generate_series(1, 100) n`,
    );
    await db.sql([...made, 'analyze'].join('; '));
    const run = async (name: string) => {
      const from = proxy.seen.length;
      const { code, stdout, stderr } = await inProcess(['go', name], workspace.root, {});
      expect(code, stdout + stderr).toBe(0);
      return proxy.seen.slice(from).flatMap(({ letter, text }) => ('QS'.includes(letter) ? statementsIn(text) : []));
    };
    const each = (statements: readonly string[]) => Math.ceil(statements.length / tables.length);
    // The tables of hygge's own are there.
    await run('g');
    expect(each(await run('f'))).toBeLessThanOrEqual(first);
    const more = tables.map((name) => `insert into ${name} select n, n, 'm' from generate_series(101, 110) n`);
    await db.sql([...more, 'analyze'].join('; '));
    expect(each(await run('f'))).toBeLessThanOrEqual(again);
    if (nothing === undefined) return;
    const idle = await run('f');
    expect(each(idle)).toBeLessThanOrEqual(nothing);
    // Fewer rows than are worth an estimate are counted: a guard. Nothing else looks at the rows that settled, nor writes any.
    const ofRows = idle.filter((sql) => sql.includes('"public"."to_'));
    expect(new Set(ofRows.map((sql) => sql.replace(/to_e\d+/, 'e')))).toEqual(
      new Set(['select count(*) as n from "public"."e" where 1 = 1']),
    );
  });
});
