import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { TestWorkspace } from '../../support/workspace.ts';
import { cleared, type Opened, onPostgres, openDatabase } from './support.ts';

onPostgres('what debug says to a role that may little', () => {
  let opened: Opened;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    opened = await openDatabase();
  });
  beforeEach(async () => {
    await cleared(opened.db);
    await opened.db.sql(
      `drop schema if exists erp cascade; drop schema if exists mart cascade; do $$ begin create role "poor role" login password 'p'; exception when duplicate_object then null; end $$;
      do $$ begin execute format('revoke create on database %I from "poor role"; revoke all on schema public from public, "poor role"', current_database()); end $$;
      create schema erp; create table erp.orders (id bigint primary key, note text); insert into erp.orders select i, 'x' from generate_series(1, 10) i;
      create schema mart`,
    );
    workspace = new TestWorkspace();
    const { host, port, database } = opened.db;
    workspace.write({
      'hygge.yml': `name: w\nconnections:\n  pg: { type: postgres, host: ${host}, port: ${port}, database: ${database}, user: poor role, password: p }\n`,
      'flows/f/flow.yml':
        'home: { type: postgres, connection: pg, table: erp.orders }\nstore: { type: postgres, connection: pg, table: mart.orders }\n',
    });
  });
  afterEach(() => workspace[Symbol.dispose]());
  afterAll(() => opened[Symbol.asyncDispose]());

  const debug = async () => {
    const { code, stdout } = await workspace.run(['debug', '--output', 'json']);
    const findings = stdout
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            readonly event: string;
            readonly ok?: boolean;
            readonly what: string;
            readonly tryThis?: readonly string[];
          },
      )
      .filter(({ event, ok }) => event === 'finding' && ok === false);
    // Statements stand behind a colon, or alone.
    const statements = findings.flatMap(({ tryThis = [] }) => tryThis.flatMap((text) => /^grant .+;$/.exec(text)?.[0] ?? []));
    return { code, findings, statements };
  };

  test.each([
    ['nothing exists there yet', ''],
    ['a table of someone else is there', 'create table mart.orders (id bigint, note text); insert into mart.orders values (99, null)'],
    ['hygge has its schemas, made by someone else', 'create schema hygge_metadata; create schema hygge_staging'],
  ])('what it prints, run by an administrator, is all that is missing: %s', async (_, given) => {
    if (given !== '') await opened.db.sql(given);
    if (given.includes('insert'))
      workspace.write({
        'flows/f/flow.yml':
          'home: { type: postgres, connection: pg, table: erp.orders }\nstore: { type: postgres, connection: pg, table: mart.orders }\nif_exists: append\n',
      });
    const ran: string[] = [];
    let rounds = 0;
    for (; rounds < 6; rounds++) {
      const { code, findings, statements } = await debug();
      if (code === 0) break;
      expect(statements, JSON.stringify(findings)).not.toEqual([]);
      for (const statement of statements) await opened.db.sql(statement);
      ran.push(...statements);
    }
    // One look says all of it.
    expect(rounds).toBeLessThanOrEqual(2);
    expect(new Set(ran).size).toBe(ran.length);
    const { code, stdout } = await workspace.run(['go']);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(await opened.db.sql('select count(*) as n from mart.orders where id <= 10')).toEqual([{ n: '10' }]);
  });

  test('a table that it may write to and does not own is loaded by deleting and inserting; plan and debug say so', async () => {
    const [{ role = '' } = {}] = (await opened.db.sql('select current_user as role')) as readonly { readonly role?: string }[];
    await opened.db.sql(
      `create table mart.orders (id bigint, note text); grant usage on schema mart, erp to "poor role"; grant select on erp.orders to "poor role";
      grant select, insert, update, delete on mart.orders to "poor role"; create schema hygge_metadata authorization "poor role"; create schema hygge_staging authorization "poor role"`,
    );
    const looked = await workspace.run(['debug']);
    expect(looked.code, looked.stdout).toBe(0);
    expect(looked.stdout).toMatch(
      /a full load of mart\.orders deletes and inserts rows because of owner .*, whose tables "poor role" may not rename\. .*grant .* to "poor role"/,
    );
    for (const night of [1, 2]) {
      const { code, stdout } = await workspace.run(['go', '--output', 'json']);
      expect({ code, stdout, night }).toMatchObject({ code: 0 });
      if (night === 2) expect(stdout).toContain('"deletes_instead"');
      expect(await opened.db.sql('select count(*) as n from mart.orders')).toEqual([{ n: '10' }]);
    }
    const { stdout: planned } = await workspace.run(['go', '--dry-run']);
    expect(planned).toMatch(/because the database would refuse a swap: owner /);

    await opened.db.sql('alter table erp.orders add column extra int');
    workspace.write({
      'flows/f/flow.yml':
        'home: { type: postgres, connection: pg, table: erp.orders }\nstore: { type: postgres, connection: pg, table: mart.orders }\nschema: { mode: adapt }\n',
    });
    const { code, stdout } = await workspace.run(['go']);
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining(`HYG-2079 hygge may not alter`) });
    expect(stdout).toMatch(new RegExp(`Have an administrator run: grant "?${role}"? to "poor role"`));
  });
});
