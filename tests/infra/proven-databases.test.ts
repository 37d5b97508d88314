import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asked, noMariadb } from '../support/mariadb.ts';
import { noPostgres, noPostgresTools } from '../support/postgres.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { given, inMariadb, inPostgres, type Place, scriptOf } from './database-places.ts';

/** Without what holds them together. */
const statementsOf = (script: string) =>
  script
    .split(';\n')
    .filter((one) => !/^(\\set [^\n]*\n)?(begin|commit|)$/.test(one))
    .map((one) => one.replace(/^\\set .*\n/, ''));

const flows = ['early', 'late'] as const;

/** Two flows, each with a role and a table of its own, in one database. */
function files(place: Place, host: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const connections = flows.map((flow) => `  ${flow}: ${JSON.stringify({ ...place.keys[flow], ...host })}\n`).join('');
  return {
    'hygge.yml': `name: proven\nconnections:\n${connections}`,
    ...Object.fromEntries(
      flows.map((flow) => [
        `flows/${flow}/flow.yml`,
        `home: { connection: ${flow}, table: ${place.from}, safe_wait: 0s }\nstore: { connection: ${flow}, table: ${JSON.stringify(`${place.into}orders_${flow}`)}${place.schemas} }\nrun_type: incremental\nwatermark: { column: id, key: [id] }\n`,
      ]),
    ),
    'infra/prod.yml': 'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: proven\n',
  };
}

describe.each(
  asked([
    ['PostgreSQL', inPostgres, noPostgres() || noPostgresTools()],
    ['MariaDB', () => inMariadb(), noMariadb()],
  ] as const),
)('the rights that are rendered, in %s', (_, start, missing) => {
  describe.skipIf(missing !== '')(missing === '' ? 'on a server' : `on a server (skipped: ${missing})`, () => {
    let place: Place;
    let workspace: TestWorkspace;
    let give: string;
    let take: string;

    beforeAll(async () => {
      place = await start();
      await place.run(place.source);
      workspace = new TestWorkspace(files(place, place.host));
      using rendered = new TestWorkspace(files(place, { host: 'db.example.com' }));
      const { code, stderr } = await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out']);
      expect([code, stderr]).toEqual([0, '']);
      [give = '', take = ''] = ['sql', 'undo.sql'].map((end) => readFileSync(rendered.path(`${scriptOf(place)}.${end}`), 'utf8'));
    });
    afterAll(async () => {
      workspace[Symbol.dispose]();
      await place[Symbol.asyncDispose]();
    });

    const ran = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args, { env: given });
      return { code, said: `${stdout}${stderr}` };
    };
    const well = async (...args: readonly string[]) => {
      const { code, said } = await ran(...args);
      expect([args, code], said).toEqual([args, 0]);
    };

    test('are all that flows need: to be checked, to load, to load more, to start again; taken back, they leave what was settled', async () => {
      expect((await ran('debug')).code).not.toBe(0);
      await place.run(give);
      for (const args of [['debug'], ['go'], ['go', '--full-drop']]) await well(...args);
      await place.run(take);
      expect((await ran('go')).code).not.toBe(0);
      for (const flow of flows) expect(await place.rows(`${place.into}orders_${flow}`)).toBe('100');
      // Whoever runs it again breaks nothing.
      for (const _ of [1, 2]) await place.run(give);
      await well('go');
    });

    test('are no more than that: each that is taken away is missed', async () => {
      const each = statementsOf(take);
      expect(each.length).toBeGreaterThan(5);
      for (const one of sampled(each, 9)) {
        await place.run(`${one};\n`);
        const { code, said } = await ran('debug');
        expect([one, code === 0 && !said.includes('needs a lag')]).toEqual([one, false]);
        await place.run(give);
      }
      await well('debug');
    });
  });
});

const missing = noPostgres() || noPostgresTools();
describe.skipIf(missing !== '')(missing === '' ? 'the state in PostgreSQL' : `the state in PostgreSQL (skipped: ${missing})`, () => {
  test('asks for its own tables alone, and each right that it has is used', async () => {
    await using place = await inPostgres();
    const role = String(place.keys.early.user);
    const config = (host: object) =>
      `name: proven\nconnections:\n  kept: ${JSON.stringify({ ...place.keys.early, ...host })}\nstate: { type: sql, connection: kept }\n`;
    const lake = 'abfss://lake@northwind.dfs.core.windows.net';
    using rendered = new TestWorkspace({
      'hygge.yml': config({ host: 'db.example.com' }),
      'flows/early/flow.yml': `home: ${lake}/in\nstore: ${lake}/out\n`,
      'infra/prod.yml':
        'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: proven\naccounts: { northwind: { resource_group: lake } }\n',
    });
    expect(await rendered.run(['infra', 'render', 'azure', '--target', 'prod', '--out', 'out'])).toMatchObject({ code: 0, stderr: '' });
    const [give, take] = ['sql', 'undo.sql'].map((end) => readFileSync(rendered.path(`${scriptOf(place)}.${end}`), 'utf8'));
    const onTables = /^(?:GRANT|create table).* "hygge_metadata"\.(\w+)/gim;
    expect(new Set([...(give ?? '').matchAll(onTables)].map(([, name]) => name))).toEqual(new Set(['watermarks', 'journal', 'objects']));
    expect(give).not.toContain('hygge_staging');
    using workspace = new TestWorkspace({
      'hygge.yml': config(place.host),
      'flows/early/flow.yml': 'home: in/*.csv\nstore: out\nrun_type: incremental\nwatermark: { column: id, key: [id] }\n',
      'in/a.csv': 'id,note\n1,x\n2,y\n',
    });
    const well = async (...args: readonly string[]) =>
      expect([args, await workspace.run(args, { env: given })]).toEqual([args, expect.objectContaining({ code: 0 })]);
    expect((await workspace.run(['go'], { env: given })).code).not.toBe(0);
    await place.run(give ?? '');
    for (const args of [['debug'], ['go'], ['go', '--full-drop'], ['reset', 'early.early', '--yes']]) await well(...args);
    const each = statementsOf(take ?? '');
    expect(each.length).toBe(2);
    for (const one of each) {
      await place.run(`${one};\n`);
      expect([one, (await workspace.run(['go'], { env: given })).code]).not.toEqual([one, 0]);
      await place.run(give ?? '');
    }
    await well('go');
    expect(await place.rows(`information_schema.role_table_grants where grantee = '${role.replaceAll("'", "''")}'`)).toBe('12');
  });
});
