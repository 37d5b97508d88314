import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DatabaseError } from '../../../src/databases/engine.ts';
import { explainWritten } from '../../../src/databases/mysql/errors.ts';
import { inProcess } from '../../support/in-process.ts';
import { defaultRole, isMysql } from '../../support/mariadb.ts';
import { parseEvents } from '../../support/run-hygge.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { alike, connectionTo, type Opened, onMariadb, openDatabase } from './support.ts';

const rights = 'select, insert, update, delete, create, alter, index, drop, create temporary tables';

onMariadb('what the catalogue hides from an account', () => {
  let opened: Opened;
  let workspace: TestWorkspace;
  let mart: string;
  let elsewhere: string;
  let user: string;
  beforeAll(async () => {
    opened = await openDatabase();
    const { database } = opened.db;
    [mart, elsewhere, user] = [`${database}_mart`, `${database}_else`, `few_${database.slice(-8)}`];
  });
  beforeEach(async () => {
    await opened.cleared();
    const own = [mart, opened.staging, opened.metadata].map((name) => `create database ${name}; grant ${rights} on ${name}.* to ${user}`);
    await opened.db.sql(`create user ${user} identified by 'p'; create database ${elsewhere}; ${own.join('; ')}`);
    workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connectionTo(opened.db, { database: mart, user, password: 'p' })} }\n`,
    });
    into(opened.staging);
  });
  afterEach(async () => {
    workspace[Symbol.dispose]();
    await opened.db.sql(`set foreign_key_checks = 0; drop user ${user}; drop database ${elsewhere}; drop database ${mart}`);
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const into = (staging: string, more = '') =>
    workspace.write({
      'in/a.csv': 'id,v\n2,20\n3,30\n',
      'flows/f/flow.yml': `home: { path: in/*.csv }\nstore: { connection: c, table: ${mart}.t, staging_schema: ${staging}, metadata_schema: ${opened.metadata} }\nif_exists: replace\n${more}`,
    });
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await inProcess([...args, '--output', 'json'], workspace.root, {});
    const events = parseEvents(stdout);
    const plan = events.findLast((one) => one.event === 'plan');
    const grant = (right: string): string => new RegExp(`GRANT ${right} ON \\S+ TO '[^']*'@'[^']*'`).exec(stdout)?.[0] ?? '';
    return { code, told: JSON.stringify(plan ?? null), text: `${stdout}${stderr}`, grant };
  };
  const theirs = (more = '') =>
    opened.db.sql(`create table ${mart}.t (id bigint unique, v bigint); insert into ${mart}.t values (1, 1), (2, 2);
      create table ${elsewhere}.child (id bigint, foreign key points (id) references ${mart}.t (id)${more})`);
  const rows = () => opened.lines(`select concat(id, ' ', v) from ${mart}.t order by id`);
  const pointsAt = async () =>
    (
      await opened.lines(
        `select REF_NAME from information_schema.${isMysql ? 'INNODB_FOREIGN' : 'INNODB_SYS_FOREIGN'} where FOR_NAME = '${elsewhere}/child'`,
      )
    )[0];

  alike(
    'a foreign key of a table that it has no right on stays with the table in a full load, and the account is told that it can’t see any',
    async () => {
      await theirs();
      const { code, told, text } = await run('go');
      expect(code, text).toBe(0);
      expect(told).toContain('whether other tables refer to');
      expect(told).toContain('because a swap would lose: foreign key that the account');
      expect(await rows()).toEqual(['2 20', '3 30']);
      expect(await pointsAt()).toBe(`${mart}/t`);
    },
  );

  test('what is advised shows the key, and the load is refused by its name before anything is read', async () => {
    await theirs(' on delete cascade');
    await opened.db.sql(`create table ${elsewhere}.\`and-a.n other\` (id bigint, foreign key (id) references ${mart}.t (id))`);
    const { grant } = await run('go', '--dry-run');
    await opened.db.sql(grant('PROCESS'));
    const { code, text, told } = await run('go');
    expect(code, text).toBe(1);
    expect(text).toContain('HYG-2077');
    expect(text).toContain(`the foreign key and-a.n other_ibfk_1 of ${elsewhere}.and-a.n other refers to them`);
    expect(told).not.toContain("can't be seen");
    expect(await rows()).toEqual(['1 1', '2 2']);
  });

  alike(
    'triggers would go with a table that is set aside in its own database: rows are deleted and inserted, until the account may see them',
    async () => {
      await opened.db.sql(`create table ${mart}.t (id bigint, v bigint); insert into ${mart}.t values (1, 1)`);
      into(mart);
      const hidden = await run('go', '--dry-run');
      expect(hidden.told).toContain('because a swap would lose: trigger that the account');
      await opened.db.sql(hidden.grant('TRIGGER'));
      const seen = await run('go');
      expect(seen.code, seen.text).toBe(0);
      expect(seen.told).not.toMatch(/leave behind|has triggers/);
      expect(await rows()).toEqual(['2 20', '3 30']);
    },
  );

  alike(
    'a trigger that hygge can’t see might take rows along where the table points at another: they are counted before and after',
    async () => {
      await opened.db.sql(`create table ${elsewhere}.parent (id bigint primary key); insert into ${elsewhere}.parent values (1), (2), (3);
      create table ${mart}.t (id bigint, v bigint, foreign key (id) references ${elsewhere}.parent (id) on delete cascade)`);
      into(opened.staging, 'run_type: incremental\nwatermark: { column: id, boundary: open }\n');
      const { code, told, text } = await run('go');
      expect(code, text).toBe(0);
      expect(told).toContain("what a trigger that the account can't see of ");
      expect(await rows()).toEqual(['2 20', '3 30']);
    },
  );

  test('what a role gives counts: debug asks for the rest only, and nothing is hidden that the role shows', async () => {
    const role = `role_${user}`;
    await opened.db.sql(`create table ${mart}.t (id bigint unique, v bigint); create role ${role}; grant ${role} to ${user};
      ${defaultRole(role, user)}; grant process on *.* to ${role}`);
    const lacking = await run('debug');
    // Its runs only warn of it.
    expect(lacking.code, lacking.text).toBe(0);
    const [statement = ''] = /GRANT TRIGGER ON .*? TO /.exec(lacking.text) ?? [];
    expect(lacking.text).not.toContain('GRANT SELECT');
    await opened.db.sql(`${statement}${role}`);
    const { code, text } = await run('debug');
    const went = await run('go');
    await opened.db.sql(`drop role ${role}`);
    expect(code, text).toBe(0);
    expect(went.code, went.text).toBe(0);
    expect(went.told).not.toMatch(/leave behind|can't be seen/);
  });
});

alike('a server that does not let a table with triggers go says what shows them', () => {
  const told = explainWritten(new DatabaseError('Trigger in wrong schema', { code: '1435' }), 'mysql db.e');
  expect(told).toMatchObject({ code: 'HYG-4204', tryThis: [expect.stringContaining('GRANT TRIGGER'), expect.anything()] });
});
