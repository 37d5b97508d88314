import { expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { startPostgresProxy } from '../../support/postgres-proxy.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { onPostgres, openDatabase } from './support.ts';

/** Statements as a server counts them: some messages have several. */
const statementsIn = (text: string): readonly string[] => text.split(/; (?=\S)/).filter((one) => one.trim() !== '');

const tables = ['e0', 'e1', 'e2', 'e3'];

onPostgres('the statements of a run, PostgreSQL on both sides', () => {
  const loads = [
    { of: 'a full load', flow: '', first: 60, again: 63, nothing: undefined },
    { of: 'an append', flow: 'run_type: incremental\nwatermark: { column: moved }\n', first: 64, again: 64, nothing: 54 },
    { of: 'a merge', flow: 'run_type: incremental\nwatermark: { column: moved, key: id }\n', first: 64, again: 76, nothing: 59 },
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
      (name) => `create table ${name} as select n as id, n::bigint as moved, 'n' || n as name from generate_series(1, 1000) n`,
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
    expect(each(await run('f'))).toBe(first);
    const more = tables.map((name) => `insert into ${name} select n, n, 'm' from generate_series(1001, 1100) n`);
    await db.sql([...more, 'analyze'].join('; '));
    expect(each(await run('f'))).toBe(again);
    if (nothing === undefined) return;
    const idle = await run('f');
    expect(each(idle)).toBe(nothing);
    const ofRows = idle.filter((sql) => /from "public"\."to_/.test(sql));
    expect(ofRows.filter((sql) => !/limit 1$/i.test(sql))).toEqual([]);
    expect(idle.filter((sql) => /^(insert|update|delete|merge|copy "|create|drop|alter|lock) /i.test(sql) && sql.includes('"to_'))).toEqual(
      [],
    );
  });
});
