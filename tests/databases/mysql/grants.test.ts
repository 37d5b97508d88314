import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultRole } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { parseEvents } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { alike, onMariadb, openDatabase } from './support.ts';

interface Said {
  readonly event: string;
  readonly ok?: boolean;
  readonly what: string;
  readonly tryThis?: readonly string[];
}

onMariadb('what debug says to an account that may little', () => {
  let workspace: TestWorkspace;
  let account: string;
  let mart: string;
  const opened = openedOnce(() => openDatabase());
  beforeEach(async () => {
    await opened.cleared();
    const { database, keys } = opened.db;
    mart = `${database}_mart`;
    // A quote in its name has to be written as SQL wants it.
    account = `'poor''s ${database.slice(-8)}'@'%'`;
    await opened.db.sql(
      `drop user if exists ${account}; create user ${account} identified by 'p'; drop database if exists ${mart}; create database ${mart};
      create table orders (id bigint primary key, note text); insert into orders select seq, 'x' from seq_1_to_10; create table free (id int); grant select on ${database}.free to ${account}`,
    );
    workspace = new TestWorkspace();
    const shop = JSON.stringify({ type: 'mysql', ...keys, user: `poor's ${database.slice(-8)}`, password: 'p' });
    workspace.write({
      'hygge.yml': `name: w\nconnections:\n  shop: ${shop}\n`,
      'flows/f/flow.yml': `home: { connection: shop, table: orders }\nstore: { connection: shop, table: ${mart}.orders, staging_schema: ${opened.staging}, metadata_schema: ${opened.metadata} }\n`,
    });
  });
  afterEach(async () => {
    workspace[Symbol.dispose]();
    await opened.db.sql(`drop user if exists ${account}; drop database if exists ${mart}`);
  });

  const debug = async () => {
    const { code, stdout } = await workspace.run(['debug', '--output', 'json']);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Said)
      .filter(({ event, ok }) => event === 'finding' && ok === false);
    const statements = findings.flatMap(({ tryThis = [] }) => tryThis.flatMap((text) => /^GRANT .+;$/.exec(text)?.[0] ?? []));
    return { code, findings, statements: [...new Set(statements)] };
  };

  alike.each([
    ['nothing exists there yet', () => ''],
    [
      'a table of its own, with all rights to that alone',
      () => `create table ${mart}.orders (id bigint, note longtext); grant all on ${mart}.orders to ${account}`,
    ],
  ])('what it prints, run by an administrator, is all that is missing: %s', async (_, given) => {
    if (given() !== '') await opened.db.sql(given());
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
    expect(rounds, ran.join('\n')).toBeLessThanOrEqual(2);
    expect(new Set(ran).size).toBe(ran.length);
    for (const run of [1, 2]) {
      const { code, stdout, stderr } = await workspace.run(['go']);
      expect(code, `run ${run}: ${stdout}${stderr}`).toBe(0);
    }
    expect(await opened.lines(`select count(*) from ${mart}.orders where id <= 10`)).toEqual(['10']);
  });

  alike.each([', trigger'])(
    'a table that it may write to and not alter is loaded by deleting and inserting; plan and debug say so (rights to rows%s)',
    async (more) => {
      const rights = 'select, insert, update, delete, create, alter, index, drop, create temporary tables';
      const others = [opened.staging, opened.metadata].map((name) => `create database ${name}; grant ${rights} on ${name}.* to ${account}`);
      await opened.db.sql(
        `grant select on ${opened.db.database}.orders to ${account}; ${others.join('; ')}; create table ${mart}.orders (id bigint, note longtext);
        grant select, insert, update, delete${more} on ${mart}.orders to ${account}`,
      );
      const looked = await workspace.run(['debug']);
      expect(looked.code, looked.stdout).toBe(0);
      expect(looked.stdout).toMatch(
        /a full load of \S+\.orders deletes and inserts rows because of missing right ALTER, DROP, CREATE of poor's .*: Have an administrator run: GRANT ALTER, DROP, CREATE ON .*orders. TO /,
      );
      for (const night of [1, 2]) {
        const { code, stdout, stderr } = await workspace.run(['go']);
        expect(code, `night ${night}: ${stdout}${stderr}`).toBe(0);
        expect(await opened.lines(`select count(*) from ${mart}.orders`)).toEqual(['10']);
      }
      const { stdout: planned, stderr } = await workspace.run(['go', '--dry-run']);
      expect(planned + stderr).toMatch(/because the database would refuse a swap: missing right /);
    },
  );

  alike('a right on a whole database is on no other one that is named like it', async () => {
    const given = [mart, opened.staging, opened.metadata];
    const like = given.map((name) => name.replaceAll('_', 'x'));
    expect(like.filter((name) => given.includes(name))).toEqual([]);
    await opened.db.sql(like.map((name) => `create database ${name}; create table ${name}.orders (id bigint, note text)`).join('; '));
    try {
      for (let rounds = 0; rounds < 6; rounds++) {
        const { code, statements } = await debug();
        if (code === 0) break;
        for (const statement of statements) await opened.db.sql(statement);
      }
      // The account's rights as hygge reads them again, and as the server has them.
      const { code, stdout, stderr } = await workspace.run(['go']);
      expect(code, `${stdout}${stderr}`).toBe(0);
      expect((await debug()).statements).toEqual([]);
      for (const name of like) {
        workspace.write({ 'flows/f/flow.yml': `home: { connection: shop, table: ${name}.orders }\nstore: out\n` });
        const read = await workspace.run(['go']);
        expect([name, read.code], read.stdout).toEqual([name, 1]);
        expect((await debug()).statements).toEqual([`GRANT SELECT ON \`${name}\`.\`orders\` TO ${account};`]);
      }
    } finally {
      await opened.db.sql(like.map((name) => `drop database ${name}`).join('; '));
    }
  });

  test('a name in other letters is no lack of rights, and what a role gives is none either', async () => {
    const { database } = opened.db;
    await opened.db.sql(`grant select on ${database}.* to ${account}`);
    workspace.write({ 'flows/f/flow.yml': 'home: { connection: shop, table: ORDERS }\nstore: out\n' });
    const misspelt = await debug();
    expect(misspelt.code).not.toBe(0);
    expect(misspelt.statements).toEqual([]);
    const role = `role_${database.slice(-8)}`;
    await opened.db.sql(
      `drop role if exists ${role}; create role ${role}; grant ${role} to ${account}; ${defaultRole(role, account)}; create table ${mart}.orders (id int)`,
    );
    workspace.write({ 'flows/f/flow.yml': `home: { connection: shop, table: ${mart}.orders }\nstore: out\n` });
    const lacking = await debug();
    await opened.db.sql(`grant select on ${mart}.orders to ${role}`);
    const byRole = await debug();
    await opened.db.sql(`drop role ${role}`);
    expect(lacking.statements).toEqual([`GRANT SELECT ON \`${mart}\`.\`orders\` TO ${account};`]);
    expect(byRole).toMatchObject({ code: 0, statements: [] });
  });

  alike('triggers that the server hides from the account are told as such, and what is advised shows them', async () => {
    const rights = 'select, insert, update, delete, create, alter, index, drop, create temporary tables';
    const others = [opened.staging, opened.metadata].map((name) => `create database ${name}; grant ${rights} on ${name}.* to ${account}`);
    await opened.db.sql(
      `grant select on ${opened.db.database}.* to ${account}; grant ${rights} on ${mart}.* to ${account}; ${others.join('; ')};
      create table ${mart}.orders (id bigint, note longtext)`,
    );
    workspace.write({
      'flows/f/flow.yml': `home: { connection: shop, table: orders, safe_wait: 0s }\nstore: { connection: shop, table: ${mart}.orders, staging_schema: ${opened.staging}, metadata_schema: ${opened.metadata} }\nrun_type: incremental\nwatermark: { column: id }\n`,
    });
    const warnings = async () => {
      const { code, stdout, stderr } = await workspace.run(['go', '--dry-run', '--output', 'json']);
      expect(code, `${stdout}${stderr}`).toBe(0);
      return parseEvents(stdout).flatMap((one) => (one.event === 'plan' ? one.warnings : []));
    };
    const looked = await workspace.run(['debug']);
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringMatching(/trigger .*can't be seen.*GRANT TRIGGER/) });
    const hidden = (await warnings()).find((one) => one.includes('can’t see whether'));
    expect(hidden).toContain('whether mysql');
    const [grant = ''] = /GRANT TRIGGER .*/.exec(hidden ?? '') ?? [];
    await opened.db.sql(`${grant}; create trigger ${mart}.tr before insert on ${mart}.orders for each row set new.note = upper(new.note)`);
    const shown = await warnings();
    expect(shown.some((one) => one.includes('can’t see whether'))).toBe(false);
    expect(shown.join(' ')).toContain('trigger tr of ');
  });
});
