import { afterEach, describe, expect, test } from 'vitest';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { parseEvents } from '../support/run-hygge.ts';
import { sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, type DatabaseKind, firstOf, mariadb, onEach, postgres, sqlite } from './databases.ts';

interface Kind extends DatabaseKind {
  /** Makes every `v` that comes upper case. */
  readonly alters: readonly string[];
  /** Takes row 3 away after it came. */
  readonly takes: readonly string[];
  /** Runs on rows that are updated only. */
  readonly updates: readonly string[];
}

const plpgsql = (when: string, does: string) => [
  `create function f() returns trigger language plpgsql as $$ begin ${does} end $$`,
  `create trigger tr ${when} on e for each row execute function f()`,
];
const parents = [
  'create table parent (id bigint primary key)',
  'insert into parent values (1), (2), (3)',
  'alter table e add foreign key (id) references parent (id) on delete cascade',
];

const kinds: readonly Kind[] = [
  {
    ...postgres,
    alters: plpgsql('before insert or update', 'new.v := upper(new.v); return new;'),
    takes: plpgsql('after insert', 'delete from e where id = new.id and id = 3; return null;'),
    updates: plpgsql('before update', 'new.v := upper(new.v); return new;'),
  },
  {
    ...mariadb,
    alters: ['create trigger tr before insert on e for each row set new.v = upper(new.v)'],
    takes: [...parents, 'create trigger tr after insert on e for each row delete from parent where id = new.id and id = 3'],
    updates: ['create trigger tr before update on e for each row set new.v = upper(new.v)'],
  },
  {
    ...sqlite,
    alters: ['create trigger tr after insert on e begin update e set v = upper(v) where id = new.id; end'],
    takes: ['create trigger tr after insert on e begin delete from e where id = new.id and id = 3; end'],
    updates: ['create trigger tr after update of v on e begin update e set v = upper(v) where id = new.id and v <> upper(v); end'],
  },
];

const ways = [
  ['adds rows', 'run_type: incremental\nwatermark: { column: day, boundary: open }\n'],
  ['replaces rows at the watermark', 'run_type: incremental\nwatermark: { column: day }\n'],
  ['merges rows by their key', 'run_type: incremental\nwatermark: { column: day, key: id }\n'],
  ['loads all rows', 'run_type: full_drop\n'],
] as const;
const [[, adds], [, replaces], [, merges]] = ways;

/** Puts on each table that is made a trigger which makes every `v` upper case. */
const onNewTables = [
  'create schema guards',
  'create function guards.f() returns trigger language plpgsql as $$ begin new.v := upper(new.v); return new; end $$',
  `create function guards.f_on() returns event_trigger language plpgsql as $$ declare made record; begin
    for made in select objid::regclass as name from pg_event_trigger_ddl_commands() where object_type = 'table'
      and exists (select from pg_attribute where attrelid = objid and attname = 'v') loop
      execute format('create trigger tr before insert on %s for each row execute function guards.f()', made.name);
    end loop; end $$`,
  `create event trigger guarded on ddl_command_end when tag in ('CREATE TABLE', 'CREATE TABLE AS') execute function guards.f_on()`,
];

const three = 'id,day,v\n1,2024-01-01,a\n2,2024-01-02,b\n3,2024-01-03,c\n';

async function scene(database: Database, flow: string, keys = '') {
  await database.cleared();
  const workspace = new TestWorkspace({
    'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
    'flows/e/flow.yml': `home: { path: in/*.csv }\nstore: { connection: c, table: e${database.keys}${keys} }\n${flow}`,
    'in/a.csv': 'id,day,v\n1,2024-01-01,a\n2,2024-01-02,b\n',
  });
  const go = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await inProcess(['go', '--output', 'json', ...args], workspace.root, {
      SHOP_SECRET: database.password,
    });
    const events: readonly HyggeEvent[] = parseEvents(stdout);
    const said = events
      .flatMap((one) => (one.event === 'plan' ? one.warnings : []))
      .filter((one) => one.includes('changes in written rows'));
    const summary = events.at(-1);
    return { code, said, warned: summary?.event === 'summary' ? summary.warn : null, text: `${stdout}${stderr}` };
  };
  /** The first load, and the trigger after it. */
  const begun = async (trigger: readonly string[]) => {
    expect(await go()).toMatchObject({ code: 0, warned: 0 });
    await database.sql(...trigger);
    workspace.write({ 'in/a.csv': three });
  };
  const settled = () => database.sql('select id, v from e order by id');
  return { workspace, go, begun, settled };
}

const named = [expect.stringContaining('compare what trigger tr of ')];

onEach(asked(kinds), 'a trigger of a table of $name', (database, kind) => {
  test.each(sampled(ways, 4, firstOf(kind)))(
    'that alters what a run puts in is named, and the run ends with a warning, where it %s',
    async (_, flow) => {
      const { workspace, go, begun, settled } = await scene(database, flow);
      using _workspace = workspace;
      await begun(kind.alters);
      expect(await go()).toMatchObject({ code: 0, said: named, warned: 1 });
      expect((await settled()).at(-1)).toBe('3 C');
    },
  );

  test.each(sampled(ways, 4, firstOf(kind) + 1))(
    'that takes rows away after they came ends the run, and nothing of it stays: it %s',
    async (_, flow) => {
      const { workspace, go, begun, settled } = await scene(database, flow);
      using _workspace = workspace;
      await begun(kind.takes);
      expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('HYG-4202') });
      expect(await settled()).toEqual(['1 a', '2 b']);
    },
  );

  test('that runs on updates only is named where rows are merged', async () => {
    const { workspace, go, begun, settled } = await scene(database, merges);
    using _ = workspace;
    await begun(kind.updates);
    workspace.write({ 'in/a.csv': `${three}2,2024-01-04,x\n` });
    expect(await go()).toMatchObject({ code: 0, said: named, warned: 1 });
    expect(await settled()).toEqual(['1 a', '2 X', '3 c']);
  });

  if (whole || kind.name === 'SQLite')
    test('that runs on updates only is not named where rows are only put in', async () => {
      const { workspace, go, begun } = await scene(database, adds);
      using _ = workspace;
      await begun(kind.updates);
      expect(await go()).toMatchObject({ code: 0, said: [], warned: 0 });
    });

  if (kind.name === 'SQLite')
    test('that takes others with the rows that are replaced ends the run, and is not named before: it alters nothing that is written', async () => {
      const { workspace, go, begun, settled } = await scene(database, replaces);
      using _ = workspace;
      await begun(['create trigger tr after delete on e when old.id = 2 begin delete from e where id = 1; end']);
      workspace.write({ 'in/a.csv': three.replace(',b', ',B') });
      expect(await go()).toMatchObject({ code: 1, said: [], text: expect.stringContaining('HYG-4202') });
      expect(await settled()).toEqual(['1 a', '2 b']);
    });
});

onEach([postgres], 'what acts on a table of PostgreSQL', (database) => {
  const [{ takes }] = kinds as readonly [Kind];

  test('is not named, and takes nothing away, where it is disabled, or enabled for replicas only', async () => {
    const { workspace, go, begun, settled } = await scene(database, adds);
    using _ = workspace;
    await begun([...takes, 'alter table e disable trigger tr']);
    expect(await go()).toMatchObject({ code: 0, said: [], warned: 0 });
    await database.sql('alter table e enable replica trigger tr');
    workspace.write({ 'in/a.csv': `${three}4,2024-01-04,d\n` });
    expect(await go()).toMatchObject({ code: 0, said: [], warned: 0 });
    expect(await settled()).toEqual(['1 a', '2 b', '3 c', '4 d']);
  });

  describe('and that a trigger of DDL puts there', () => {
    afterEach(() => database.sql('drop event trigger if exists guarded', 'drop schema if exists guards cascade'));
    const modes = () => database.sql(`select tgname, tgenabled from pg_trigger where tgrelid = 'e'::regclass and not tgisinternal`);

    const first = [
      ['becomes the destination', adds, ''],
      ['is copied into it', adds, ', mark_column: by'],
    ] as const;
    test.each(sampled(first, 2))(
      'alters nothing of a first load, where what is staged %s, and acts on the next one',
      async (_, flow, keys) => {
        const { workspace, go, settled } = await scene(database, flow, keys);
        using _workspace = workspace;
        await database.sql(...onNewTables);
        expect(await go()).toMatchObject({ code: 0, warned: 0 });
        expect(await settled()).toEqual(['1 a', '2 b']);
        expect(await modes()).toEqual(['tr O']);
        workspace.write({ 'in/a.csv': three });
        expect(await go()).toMatchObject({ code: 0, said: named, warned: 1 });
        expect(await settled()).toEqual(['1 a', '2 b', '3 C']);
      },
    );

    test('is as it was made once rows are in, with rules and row security next to it', async () => {
      const { workspace, go, settled } = await scene(database, adds);
      using _ = workspace;
      const more = [
        'create trigger tr before insert on %1$s for each row execute function guards.f(); alter table %1$s enable always trigger tr',
        'create trigger off before insert on %1$s for each row execute function guards.f(); alter table %1$s disable trigger off',
        'create rule nowhere as on insert to %1$s do instead nothing',
        'alter table %1$s enable row level security, force row level security; create policy mine on %1$s using (v = current_user)',
      ];
      await database.sql(...onNewTables.map((sql) => sql.replace(/'create trigger.*?'/, `'${more.join('; ')}'`)));
      expect(await go()).toMatchObject({ code: 0, warned: 0 });
      await database.sql('alter table e no force row level security');
      expect(await settled()).toEqual(['1 a', '2 b']);
      expect(await modes()).toEqual(expect.arrayContaining(['tr A', 'off D']));
      expect(await database.sql(`select relrowsecurity, relhasrules from pg_class where oid = 'e'::regclass`)).toEqual(['t t']);
    });

    test('ends the run where it comes back, with what keeps it away', async () => {
      const { workspace, go } = await scene(database, adds);
      using _ = workspace;
      const again = onNewTables[2]?.replace('guards.f_on()', 'guards.f_again()').replace(
        /for made in[\s\S]*? loop/,
        `for made in
        select to_regclass(address_names[1] || '.' || address_names[2]) as name from pg_event_trigger_dropped_objects() where object_type = 'trigger' loop`,
      );
      await database.sql(...onNewTables, again ?? '', 'create event trigger again on sql_drop execute function guards.f_again()');
      expect(await go()).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-4244.*Trigger tr is on hygge_staging/) });
      await database.sql('drop event trigger again');
      expect(await go()).toMatchObject({ code: 0 });
    });
  });

  test('is named of a partition as of the table', async () => {
    const { workspace, go, begun, settled } = await scene(database, adds);
    using _ = workspace;
    const partitioned = [
      'create table p (like e) partition by range (id)',
      'alter table e rename to e_1',
      'alter table p rename to e',
      'alter table e attach partition e_1 for values from (0) to (100)',
    ];
    await begun([...partitioned, ...takes.map((sql) => sql.replace(' on e for', ' on e_1 for'))]);
    expect(await go('--dry-run')).toMatchObject({ said: named });
    expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('HYG-4202') });
    expect(await settled()).toEqual(['1 a', '2 b']);
  });

  const rules = [
    ['inserts elsewhere', adds, 'on insert to e do instead insert into elsewhere values (new.id, new.day, new.v)'],
    ['updates elsewhere', merges, 'on update to e do instead update elsewhere set v = new.v where id = new.id'],
    ['deletes elsewhere', replaces, 'on delete to e do instead delete from elsewhere where id = old.id'],
  ] as const;
  test.each(sampled(rules, 3))('is refused where it is a rule that %s instead, and what is advised lets rows in', async (_, flow, rule) => {
    const { workspace, go, begun, settled } = await scene(database, flow);
    using _workspace = workspace;
    await begun(['create table elsewhere as select * from e', `create rule "Other" as ${rule}`]);
    workspace.write({ 'in/a.csv': `${three.replace(',b', ',B')}${flow === merges ? '2,2024-01-04,x\n' : ''}` });
    const refused = await go();
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('HYG-4240') });
    expect(refused.text).toContain('Rule Other of ');
    expect(await settled()).toEqual(['1 a', '2 b']);
    const [advice = ''] = /alter table \S+ disable rule "Other"/.exec(refused.text.replaceAll('\\"', '"')) ?? [];
    await database.sql(advice);
    expect(await go()).toMatchObject({ code: 0, warned: 0 });
    expect((await settled()).includes('3 c')).toBe(true);
  });
});
