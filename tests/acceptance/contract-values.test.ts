/** Values of rows under a contract are for the store alone: what is emitted and kept has their form at most, unless `samples: show` says otherwise. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AppOnAzurite } from '../functions/app-on-azurite.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { duck } from '../support/duck.ts';
import { everythingIn, leaksOf } from '../support/function-host/leaks.ts';
import { webhook } from '../support/webhook.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();

/** Of columns as they settle: a text and a number. */
const values = ['Zq7KestrelPike', '77441197.31'];
/** Of a column that is masked, so that no store has it either. */
const masked = ['Masked9VolePin'];

const contract = `columns:
  name: { type: string, regex: '^[a-z]+$', in: [ok, fine], length: { max: 5 } }
  amount: { type: "decimal(10,2)", max: 10 }
  card: { type: string, length: { max: 3 } }
rules:
  - { name: small ones are ok, check: name = 'ok', when: amount < 100000000 }
complete: false
`;
const checks = ['name, of: max, max: c', 'amount, of: max, max: 10', 'amount, of: sum, max: 10', 'amount, of: mean, max: 10']
  .map((of) => `{ type: range, column: ${of} }`)
  .join(', ');

const modes = ['fail', 'quarantine', 'checked', 'casting', 'rejecting'] as const;

function files(samples: 'mask' | 'show', hook: string): Readonly<Record<string, string>> {
  const flow = (mode: (typeof modes)[number]) => {
    const judged = mode === 'checked' || mode === 'casting' ? 'warn' : mode === 'rejecting' ? 'quarantine' : mode;
    const quality = mode === 'checked' ? `, quality: { checks: [${checks}] }` : '';
    return `home: { path: in/${mode === 'rejecting' ? 'unreadable' : 'rows'}, format: csv, types: { id: int64, amount: "decimal(10,2)" }, bad_rows: quarantine }
store: lake/${mode}
polish: { mask: { columns: { card: hash }, secret: pepper } }
validation: { contract: ${mode === 'casting' ? 'casting' : 'contract'}.yml, mode: ${judged}, samples: ${samples}${quality} }
notify: { on: [error, warn, recovered], webhook: "${hook}" }
`;
  };
  return {
    ...Object.fromEntries(modes.map((mode) => [`flows/${mode}/flow.yml`, flow(mode)])),
    'contract.yml': contract,
    'casting.yml': 'rules: [{ name: numbers, check: CAST(name AS INTEGER) > 0 }]\ncomplete: false\n',
    'in/rows/a.csv': `id,name,amount,card\n1,ok,,\n2,${values[0]},${values[1]},${masked[0]}\n`,
    'in/unreadable/a.csv': `id,name,amount,card\n1,ok,1.00,\n${values[0]},ok,2.00,${masked[0]}\n3,ok,${values[0]},\n`,
  };
}

/** What hygge keeps beside the rows: state, journal, logs, manifests, reports. */
function kept(workspace: TestWorkspace): ReadonlyMap<string, string> {
  const isRows = (path: string) =>
    path.startsWith('in/') || (path.startsWith('lake/') && /\/quarantine\/|^lake\/[^/]+\/(?!_hygge\/)/.test(path));
  const paths = [...workspace.tree().keys()].filter((path) => !isRows(path));
  return new Map(paths.map((path) => [path, readFileSync(workspace.path(path), 'utf8')]));
}

describe('values of rows that break a rule', () => {
  test('are in nothing that a command prints, keeps or sends, in any mode', async () => {
    await using hook = await webhook();
    const { url, told } = hook;
    using workspace = new TestWorkspace(files('mask', url));
    const said = new Map<string, string>();
    const hygge = async (...args: readonly string[]) => {
      const { stdout, stderr } = await workspace.run(args);
      said.set(args.join(' '), stdout + stderr);
    };
    await hygge('go', '--dry-run', '--output', 'json');
    await hygge('go', '-v');
    await hygge('go', '--output', 'json');
    for (const args of [['status'], ['journal'], ['quarantine', 'list']]) {
      await hygge(...args);
      await hygge(...args, '--output', 'json');
    }
    await hygge('report', '--out', 'report.html');
    await hygge('quarantine', 'replay', 'quarantine.quarantine');
    await hygge('quarantine', 'drop', 'quarantine.quarantine', '--yes', '--output', 'json');
    const places = new Map([...said, ...kept(workspace), ...told.map((text, i) => [`message ${i}`, text] as const)]);
    expect(leaksOf([...values, ...masked], places)).toEqual([]);
    // They were about these rows.
    expect(said.get('go -v')).toMatch(/name regex.*Aa9AaAa/s);
    expect(told.length).toBeGreaterThan(3);
  });

  test('are shown where samples may be, and even then in no journal and no message', async () => {
    await using hook = await webhook();
    const { url, told } = hook;
    using workspace = new TestWorkspace(files('show', url));
    const { stdout, stderr } = await workspace.run(['go', '--output', 'json']);
    const events = stdout.split('\n').filter((line) => line.includes('"event":"check"'));
    expect(events.join()).toContain(values[0]);
    expect(leaksOf(masked, new Map([['output', stdout + stderr]]))).toEqual([]);
    // The log has what was printed.
    const places = [...kept(workspace)].filter(([path]) => !path.startsWith('.hygge/logs/'));
    expect(leaksOf([...values, ...masked], new Map([...places, ...told.map((text, i) => [`message ${i}`, text] as const)]))).toEqual([]);
  });

  test('of masked columns are masked in quarantine, too', async () => {
    using workspace = new TestWorkspace(files('mask', 'http://127.0.0.1:9/'));
    await workspace.run(['go', '-f', 'quarantine']);
    const rows = await duck(
      `select name, card from '${workspace.path('lake/quarantine/_hygge/quarantine/quarantine/quarantine')}/*.parquet'`,
    );
    expect(rows).toEqual([{ name: values[0], card: expect.stringMatching(/^[0-9a-f]{20,}$/) }]);
    const shown = await workspace.run(['quarantine', 'show', 'quarantine.quarantine', '--output', 'json']);
    expect(shown.stdout).toContain(values[0]);
    expect(leaksOf(masked, new Map([['show', shown.stdout + shown.stderr]]))).toEqual([]);
  });

  test('are in no history, log, table, blob, answer or message of the app', async () => {
    await using hook = await webhook();
    const { url, told } = hook;
    const account = await azurite();
    using app = new AppOnAzurite(account, files('mask', url));
    const answers = new Map<string, string>();
    for (const flow of modes) answers.set(flow, JSON.stringify(await app.run({}, flow)));
    const history = JSON.stringify(
      [...app.replayer.histories.values()].map(({ steps, statuses }) => [steps.map(({ result }) => result), statuses]),
    );
    const places = new Map([
      ...answers,
      ...kept(app.workspace),
      ...(await everythingIn(account)),
      ['history', history],
      ['calls', JSON.stringify(app.replayer.calls)],
      ['log', app.log.map(({ line }) => line).join('\n')],
      ...told.map((text, i) => [`message ${i}`, text] as const),
    ]);
    expect(leaksOf([...values, ...masked], places)).toEqual([]);
    expect(history).toContain('HYG-2121');
    expect(told.length).toBeGreaterThan(3);
  });
});
