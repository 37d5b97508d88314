// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConfigVersion } from '../../src/assembly/config-versions.ts';
import { tableSettingsOfApp } from '../../src/assembly/state-account.ts';
import { run } from '../../src/cli/program/run.ts';
import type { Surroundings } from '../../src/cli/terminal/surroundings.ts';
import { connectorTypes, findConnector } from '../../src/registry.ts';
import { loadWorkspace } from '../../src/workspace/load/load.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { configHome } from './config-home.ts';
import { fakeSurroundings } from './surroundings.ts';

async function hygge(line: string, workspace: { readonly root: string }, more: Partial<Surroundings> = {}) {
  const surroundings = fakeSurroundings(workspace.root, more);
  return { code: await run(line.split(' '), surroundings), stdout: surroundings.stdout(), stderr: surroundings.stderr() };
}

const till = { 'data/a.csv': 'id\n1\n2\n', 'flows/till/flow.yml': 'home: data/*.csv\nstore: ${LAKE}/till\nrun_type: incremental\n' };
const two = 'name: northwind\ndefault_target: dev\ntargets:\n  dev: { variables: { LAKE: lake/dev } }\n';
const prod = { 'hygge.prod.yml': 'variables: { LAKE: lake/prod }\n' };

describe('targets', () => {
  it('run the same flows for different places, each with a state of its own; every receipt says which', async () => {
    using workspace = new TestWorkspace({ ...till, ...prod, 'hygge.yml': two });
    for (const [line, target] of [
      ['go', 'dev'],
      ['go --target prod', 'prod'],
    ] as const) {
      expect((await hygge(line, workspace)).stdout).toContain(`northwind (${target}): 1 entity`);
      expect(existsSync(join(workspace.root, `.hygge/targets/${target}/state/till/till.state.yml`))).toBe(true);
      const which = line.slice('go'.length);
      const rows = (await hygge(`journal --output json${which}`, workspace)).stdout.trim().split('\n');
      expect(rows.map((row) => JSON.parse(row).target)).toEqual([target]);
      const start = (await hygge(`go --output json${which}`, workspace)).stdout.split('\n')[0] ?? '';
      expect(JSON.parse(start)).toMatchObject({ event: 'run_start', target });
      await hygge(`report --out page.html${which}`, workspace);
      const page = await readFile(join(workspace.root, 'page.html'), 'utf8');
      expect(page).toContain(`<b>northwind (${target})</b>`);
      expect(page).toContain(`<code>hygge report --target ${target} --messages</code>`);
      expect(JSON.parse((await hygge(`status --output json${which}`, workspace)).stdout)).toMatchObject({ target });
    }
    expect((await hygge('status', workspace, { environment: { HYGGE_TARGET: 'prod' } })).stdout).toContain('northwind (prod):');
  });

  it('say what hygge.yml says but for what they say themselves; another type replaces a connection whole', async () => {
    using workspace = new TestWorkspace({
      'data/a.csv': 'id\n1\n',
      'hygge.yml': [
        'defaults: { store: { compression: zstd, target_file_size: 64MB } }',
        'connections: { out: { type: postgres, host: db.internal, database: dw, user: etl } }',
        'targets:',
        '  laptop:',
        '    defaults: { store: { compression: snappy } }',
        '    connections: { out: { type: sqlite, path: out.db } }',
        '  server:',
        '    connections: { out: { database: dw_prod } }',
      ].join('\n'),
      'flows/files/flow.yml': 'home: data/*.csv\nstore: lake\n',
      'flows/table/flow.yml': 'home: data/*.csv\nstore: { connection: out, table: a }\n',
    });
    const ran = await hygge('go --target laptop', workspace);
    expect(ran.stdout).toContain('PASS=2');
    expect(existsSync(join(workspace.root, 'out.db'))).toBe(true);
    const listed = await hygge('list entities --target server', workspace);
    expect(listed.stdout).toContain('dw_prod');
    expect((await hygge('list connections --target laptop', workspace)).stdout).toContain('sqlite');
  });

  it('have variables of their own, which win over .env and the environment; an .env of the target is for secrets', async () => {
    using workspace = new TestWorkspace({
      'data/a.csv': 'id\n1\n',
      'flows/till/flow.yml': 'home: data/*.csv\nstore: ${LAKE}/${PART}\n',
      'hygge.yml': 'targets: { dev: , prod: { variables: { LAKE: lake/prod } } }\n',
      '.env': 'LAKE=lake/dev\nPART=of-env\n',
      '.env.prod': 'PART=of-prod\n',
    });
    expect((await hygge('go --target dev', workspace)).stdout).toContain('→ lake/dev/of-env');
    const environment = { LAKE: 'lake/elsewhere' };
    expect((await hygge('go --target prod', workspace, { environment })).stdout).toContain('→ lake/prod/of-prod');
    const set = await hygge('list entities --target prod --output json', workspace, { environment: { PART: 'set' } });
    expect(JSON.parse(set.stdout)).toMatchObject({ to: 'lake/prod/set' });
  });

  it('are no matter of a copy, which has no workspace', async () => {
    using workspace = new TestWorkspace({ 'a.csv': 'id\n1\n' });
    expect((await hygge('copy a.csv b.csv', workspace, { environment: { HYGGE_TARGET: 'prod' } })).code).toBe(0);
    expect((await hygge('copy a.csv c.csv --target prod', workspace)).stderr).toContain(
      '--target is for workspaces, but a copy has no workspace.',
    );
    expect(existsSync(join(workspace.root, 'c.csv'))).toBe(false);
  });

  it('with a state that both write down are told apart all the same: a mix-up names both', async () => {
    const both = { own: 'state: { type: files, path: .hygge/shared }', at: 'variables: { LAKE: lake }' };
    using workspace = new TestWorkspace({
      ...till,
      'hygge.yml': `targets:\n  dev: { ${both.own}, ${both.at} }\n  prod: { ${both.own}, ${both.at} }\n`,
    });
    expect((await hygge('go --target dev', workspace)).stdout).toContain('PASS=1');
    const mixed = await hygge('go --target prod', workspace);
    expect(mixed.code).toBe(1);
    expect(mixed.stdout).toContain('HYG-2086 till.till was settled for target dev, and this run is for target prod.');
    expect(mixed.stdout).toContain('hygge go --target dev');
    // What the message advises.
    const [, advised = ''] = /loading all rows again: hygge (reset --target prod till\.till), then/.exec(mixed.stdout) ?? [];
    expect((await hygge(`${advised} --yes`, workspace)).code).toBe(0);
    expect((await hygge('go -e till.till --target prod', workspace)).stdout).toContain('2 rows settled');
    expect((await hygge('go --target dev', workspace)).stdout).toContain('was settled for target prod, and this run is for target dev');
  });

  it('that settle in one place are refused by the second one, which hears of the first', async () => {
    using workspace = new TestWorkspace({
      ...till,
      'hygge.yml': 'targets: { dev: { variables: { LAKE: lake } }, prod: { variables: { LAKE: lake } } }\n',
    });
    expect((await hygge('go --target dev', workspace)).stdout).toContain('PASS=1');
    const second = await hygge('go --target prod', workspace);
    expect(second.code).toBe(1);
    expect(second.stdout).toContain('HYG-2016');
    expect(second.stdout).toContain('(target dev)');
    expect(second.stdout).toContain('(target prod)');
  });

  it('that are protected ask for their name, and move nothing without it', async () => {
    using workspace = new TestWorkspace({ ...till, 'hygge.yml': 'targets: { prod: { protected: true, variables: { LAKE: lake } } }\n' });
    const silent = await hygge('go --target prod', workspace);
    expect([silent.code, existsSync(join(workspace.root, 'lake'))]).toEqual([2, false]);
    expect(silent.stderr).toContain('HYG-1909 The target prod is protected, and its name cannot be typed');
    const asked: string[] = [];
    const typing = (text: string) => ({
      async ask(question: string) {
        asked.push(question);
        return text;
      },
    });
    expect((await hygge('go --target prod', workspace, typing('yes'))).stderr).toContain('"yes" is not prod: nothing was moved.');
    expect((await hygge('go --target prod --dry-run', workspace, typing('no'))).code).toBe(0);
    expect((await hygge('go --target prod --confirm dev', workspace, typing('prod'))).code).toBe(2);
    expect(asked).toHaveLength(1);
    expect((await hygge('go --target prod', workspace, typing(' prod '))).stdout).toContain('PASS=1');
    expect((await hygge('go --target prod --confirm prod', workspace)).stdout).toContain('SKIP=1');
    expect((await hygge('reset till.till --yes --target prod', workspace)).stderr).toContain('HYG-1909');
    expect((await hygge('reset till.till --yes --target prod --confirm prod', workspace)).code).toBe(0);
    workspace.write({
      'a.sql': 'create table a (id integer);',
      'hygge.yml': 'name: northwind\n',
      'hygge.prod.yml': 'protected: true\nvariables: { LAKE: lake }\nconnections: { db: { type: sqlite, path: a.db } }\n',
    });
    for (const [line, code] of [
      ['schema accept till.till --yes', 2],
      ['state mv till.old till.till', 2],
      ['state import', 0],
      ['apply a.sql --connection db', 0],
    ] as const) {
      const told = await hygge(`${line} --target prod`, workspace);
      expect([line, told.code, told.stderr]).toEqual([line, 2, expect.stringContaining('HYG-1909')]);
      const confirmed = await hygge(`${line} --target prod --confirm prod`, workspace);
      expect([line, confirmed.code, confirmed.stderr]).toEqual([line, code, expect.not.stringContaining('HYG-1909')]);
    }
    expect((await hygge('apply a.sql --connection db --target prod --dry-run', workspace)).code).toBe(0);
    const without = new TestWorkspace(till);
    expect((await hygge('go --confirm prod', without, { environment: { LAKE: 'lake' } })).stderr).toContain(
      'this workspace has no targets',
    );
    without[Symbol.dispose]();
  });

  it('have plans that can be compared', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'targets: { dev: { variables: { IN: small, LAKE: lake/dev } }, prod: { variables: { IN: large, LAKE: lake/prod } } }\n',
      'flows/till/flow.yml': 'home: "${IN}/{entity}.csv"\nstore: "${LAKE}/{entity}"\nentities: [a, b, c]\n',
      'small/a.csv': 'id,old\n1,x\n',
      'large/a.csv': 'id,new\n1,2\n',
      'small/b.csv': 'id\n1\n',
      'large/b.csv': 'id\n1\n',
      'large/c.csv': 'id\n1\n',
    });
    const told = await hygge('go --target prod --dry-run --against dev --output json', workspace);
    const event = told.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .find((one) => one.event === 'differences');
    expect(event).toMatchObject({ target: 'prod', against: 'dev' });
    const parts = Object.fromEntries(event.entities.map((one: { entity: string; parts: { part: string }[] }) => [one.entity, one.parts]));
    expect(parts.a.map(({ part }: { part: string }) => part)).toEqual(['from', 'to', 'column new', 'column old']);
    expect(parts.b).toEqual([
      { part: 'from', here: 'large/b.csv', there: 'small/b.csv' },
      { part: 'to', here: 'lake/prod/b', there: 'lake/dev/b' },
    ]);
    expect(parts.c).toEqual([{ part: 'plan', here: 'it would run', there: expect.stringMatching(/^HYG-\d{4} /) }]);
    expect(existsSync(join(workspace.root, '.hygge'))).toBe(false);
    const text = (await hygge('go --target prod --dry-run --against dev -e till.b', workspace)).stdout;
    expect(text).toContain(
      'Where prod and dev differ:\n  till.b\n    from\n      prod  large/b.csv\n      dev   small/b.csv\n    to\n      prod  lake/prod/b\n      dev   lake/dev/b\n',
    );
    for (const line of [
      'go --target prod --against dev',
      'go --target dev --dry-run --against dev',
      'go --target dev --dry-run --against no',
    ])
      expect([line, (await hygge(line, workspace)).code]).toEqual([line, 2]);
  });
});

describe('a target that cannot be meant', () => {
  const targets = 'targets: { dev: { variables: { LAKE: lake } }, prod: { variables: { LAKE: lake } } }\n';
  it.each([
    ['of a workspace without any', 'go --target prod', 'name: x\n', {}, 'HYG-1085', 'This workspace has no targets'],
    ['a default that is not there', 'go', `default_target: test\n${targets}`, {}, 'HYG-1085', 'hygge.yml:1:17'],
    ['a name that can be none', 'go --target Prod', 'targets: { Prod: }\n', {}, 'HYG-1087', 'small letters, digits and single `-`'],
    ['two that share a table', 'go --target dev1', 'targets: { dev1: , dev-1: }\n', {}, 'HYG-1087', 'differ only by `-`'],
    [
      'a key that is a flow’s',
      'go --target dev',
      'targets: { dev: { schedule: x } }\n',
      {},
      'HYG-1010',
      'Flows are the same for every target',
    ],
    [
      'a key of one that is not meant',
      'go --target dev',
      'targets: { dev: , prod: { conections: {} } }\n',
      {},
      'HYG-1010',
      '`connections`',
    ],
  ])('%s', async (_, line, top, environment, code, says) => {
    using workspace = new TestWorkspace({ ...till, 'hygge.yml': top });
    const told = await hygge(line, workspace, { environment });
    expect(told.code).toBe(2);
    expect(told.stderr).toContain(code);
    expect(told.stderr).toContain(says);
    expect(existsSync(join(workspace.root, '.hygge'))).toBe(false);
  });

  it('is one that is written twice', async () => {
    using workspace = new TestWorkspace({ ...till, ...prod, 'hygge.yml': targets });
    expect((await hygge('go --target prod', workspace)).stderr).toContain(
      'The target `prod` is written twice: in hygge.prod.yml, and below `targets`.',
    );
    workspace.write({ 'hygge.yml': 'name: northwind\n', 'hygge.prod.yaml': 'protected: true\nvariables: { LAKE: lake/elsewhere }\n' });
    expect((await hygge('go --target prod', workspace)).stderr).toContain(
      'The target `prod` is written twice: in hygge.prod.yaml, and in hygge.prod.yml.',
    );
    expect(existsSync(join(workspace.root, 'lake'))).toBe(false);
  });
});

describe('hygge config push of a target', () => {
  it('is what the app runs, with nothing of the others; another target does not get there by mistake', async () => {
    await using at = await configHome(await sharedAzurite()());
    const lake = await mkdtemp(join(tmpdir(), 'hygge-targets-'));
    await at.write('hygge.yml', `name: shop\ntargets: { dev: { variables: { LAKE: ${lake}/dev } } }\n`);
    await at.write('hygge.prod.yml', `variables: { LAKE: ${lake}/prod }\n`);
    await at.write('flows/shop/flow.yml', `home: ${lake}/in.csv\nstore: \${LAKE}\n`);
    await rm(join(at.root, 'flows/shop/entities'), { recursive: true });
    const [pushed] = await at.rows('config', 'push', '--target', 'prod');
    expect(pushed).toMatchObject({ target: 'prod', outcome: 'pushed' });
    expect((pushed as { added: readonly string[] }).added).toContain('hygge.prod.yml');
    const opened = await openConfigVersion(at.environment, testNetwork, 'current');
    const env = { ...at.environment, HYGGE_TARGET: 'dev' };
    const app = await loadWorkspace({ ...opened, env, date: '2026-01-01', connectors: { types: connectorTypes, find: findConnector } });
    expect([app.target?.name, app.flows[0]?.entities[0]?.store.config]).toMatchObject(['prod', { path: `${lake}/prod` }]);
    const tables = tableSettingsOfApp(app.state, env, app.target);
    expect(tables).toMatchObject({ table: 'hyggeprod', container: 'hygge-state-prod' });
    const other = await at.hygge(['config', 'push', '--target', 'dev']);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('HYG-1936');
    expect(other.stderr).toContain('runs for target prod, but this would push target dev');
    expect((await at.hygge(['config', 'push', '--target', 'prod'])).code).toBe(0);
    // Also where the version itself was removed by hand: who made it current said for which target.
    const container = at.container();
    for await (const { name } of container.listBlobsFlat({ prefix: 'versions/' })) await container.deleteBlob(name);
    expect((await at.hygge(['config', 'push', '--target', 'dev'])).stderr).toContain('HYG-1936');
    const current = container.getBlockBlobClient('current.json');
    const { target: _, ...unsaid } = JSON.parse((await current.downloadToBuffer()).toString());
    const body = JSON.stringify(unsaid);
    await current.upload(body, body.length);
    const blind = await at.hygge(['config', 'push', '--target', 'prod']);
    expect([blind.code, blind.stdout]).toEqual([0, expect.stringContaining('hygge can’t check which target its app runs for')]);
    expect(await readFile(join(at.root, 'hygge.prod.yml'), 'utf8')).toContain('prod');
    await rm(lake, { recursive: true, force: true });
  });

  it('is not replaced by a workspace without targets; an app without a target takes one', async () => {
    await using at = await configHome(await sharedAzurite()());
    await at.write('hygge.prod.yml', 'variables: {}\n');
    expect((await at.hygge(['config', 'push', '--target', 'prod'])).code).toBe(0);
    const [before] = await at.rows('config', 'list');
    await rm(join(at.root, 'hygge.prod.yml'));
    const without = await at.hygge(['config', 'push']);
    expect({ code: without.code, stdout: without.stdout }).toEqual({ code: 2, stdout: '' });
    expect(without.stderr).toContain('HYG-1936');
    expect(without.stderr).toContain('runs for target prod, but this would push a workspace without targets.');
    expect(without.stderr).toContain('hygge config push --target prod');
    expect(await at.rows('config', 'list')).toEqual([before]);

    await using other = await configHome(await sharedAzurite()());
    expect((await other.hygge(['config', 'push'])).code).toBe(0);
    await other.write('hygge.prod.yml', 'variables: {}\n');
    const [pushed] = await other.rows('config', 'push', '--target', 'prod');
    expect(pushed).toMatchObject({ target: 'prod', outcome: 'pushed' });
    expect(JSON.stringify(pushed?.warnings)).not.toContain('could not be checked');
  });
});
