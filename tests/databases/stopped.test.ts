import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { startHygge } from '../support/run-hygge.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type DatabaseKind, mariadb, placeIn, postgres } from './databases.ts';

interface Kind extends DatabaseKind {
  /** A view of which each row takes an hour. */
  readonly slow: readonly string[];
  /** A view of which each row takes an hour once `sw` says so. */
  readonly slower: readonly string[];
  /** How many statements read it. */
  readonly reading: string;
  /** How many statements sleep, whatever the server shows of their text. */
  readonly asleep: string;
  /** The signals after which no statement of a process is left at the server. */
  readonly ends: readonly NodeJS.Signals[];
}

const kinds: readonly Kind[] = [
  {
    ...postgres,
    slow: ['create view slow as select id from generate_series(1, 3) id where pg_sleep(3600) is not null'],
    slower: [
      'create table sw (slow boolean)',
      'insert into sw values (false)',
      'create view slow as select id, case when (select slow from sw) then pg_sleep(3600)::text end as t from generate_series(1, 3) id',
    ],
    ends: ['SIGINT', 'SIGKILL'],
    reading: "select count(*) from pg_stat_activity where query like '%slow%' and state = 'active' and pid <> pg_backend_pid()",
    asleep: "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()",
  },
  {
    ...mariadb,
    slow: ['create view slow as select seq as id from seq_1_to_3 where sleep(3600) = 0'],
    slower: [
      'create table sw (slow boolean)',
      'insert into sw values (false)',
      'create view slow as select seq as id, if((select slow from sw), sleep(3600), null) as t from seq_1_to_3',
    ],
    ends: ['SIGTERM'],
    reading: "select count(*) from information_schema.processlist where info like '%slow%' and id <> connection_id()",
    asleep: "select count(*) from information_schema.processlist where state = 'User sleep' and db = database()",
  },
];

describe.each(asked(kinds))('Ctrl-C while $name looks for the newest value', ({ missing, open, slow, reading }) => {
  test.skipIf(missing !== '').each(whole ? [[[]], [['--dry-run']]] : [[[]]])(
    'ends the command, and the statement at the server: go %j',
    async (flags) => {
      await using place = await placeIn({ open }, () => ({
        'flows/f/flow.yml': 'home: { connection: c, table: slow }\nstore: out\nrun_type: incremental\nwatermark: { column: id, lag: 0s }\n',
      }));
      const { database, workspace } = place;
      await database.cleared();
      await database.sql(...slow);
      const surroundings = fakeSurroundings(workspace.root, { environment: { SHOP_SECRET: database.password } });
      const going = run(['go', ...flags], surroundings);
      const isRead = async () => (await database.sql(reading))[0] !== '0';
      while (!(await isRead())) await pause(50);
      surroundings.stop('SIGINT');
      expect(await going, surroundings.stdout()).toBe(130);
      while (await isRead()) await pause(50);
    },
  );
});

describe.each(asked(kinds))('hygge verify that is ended while $name reads or sums', ({ name, missing, open, slower, asleep, ends }) => {
  const cases = (whole || name === 'MariaDB' ? ['out', '{ connection: c, table: e }'] : ['{ connection: c, table: e }']).flatMap((store) =>
    ends.map((signal) => [store, signal] as const),
  );
  test.skipIf(missing !== '').each(cases)('leaves no statement at the server: into %s, %s', async (store, signal) => {
    await using place = await placeIn({ open }, ({ keys }) => ({
      'flows/f/flow.yml': `home: { connection: c, table: slow }\nstore: ${store === 'out' ? store : store.replace(' }', `${keys} }`)}\nentities: [e]\n`,
    }));
    const { database, workspace } = place;
    await database.cleared();
    await database.sql(...slower);
    const settled = await place.go();
    expect(settled.code, settled.text).toBe(0);
    await database.sql('update sw set slow = true');
    const isRead = async () => (await database.sql(asleep))[0] !== '0';
    await using running = startHygge(['verify'], { cwd: workspace.root, env: { SHOP_SECRET: database.password } });
    while (!(await isRead())) await pause(50);
    running.kill(signal);
    await running.done;
    while (await isRead()) await pause(50);
  });
});

test.skipIf(isMysql)('Ctrl-C while DuckDB looks for the newest value ends the command', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { type: duckdb, query: 'select i as id from range(1000000000000) r(i) where i % 7 <> hash(i)' }
store: out
run_type: incremental
watermark: { column: id, lag: 0s }
`,
  });
  const surroundings = fakeSurroundings(workspace.root, { environment: {} });
  const going = run(['go'], surroundings);
  await pause(500);
  surroundings.stop('SIGINT');
  expect(await going, surroundings.stdout()).toBe(130);
});
