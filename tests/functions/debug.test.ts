import { expect, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { onDebug } from '../../functions/triggers/debug.ts';
import type { App } from '../../src/assembly/app.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { type AppOnAzurite, appOfShop, bodyOf, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

const shopApp = async (files: Readonly<Record<string, string>> = {}) => appOfShop(await azurite(), { files });

interface Told {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly about: string;
    readonly ok: boolean;
    readonly what: string;
    readonly tryThis: readonly string[];
  }[];
  readonly missing?: readonly string[];
}

async function debug(app: AppOnAzurite, path = 'debug', as: App = app.app) {
  const answer = await onDebug(as, await servedAtStart(app.app), app.asked(path), app.called);
  return { status: answer.status, body: bodyOf(answer) as unknown as Told };
}

test('the app looks at what hygge debug looks at, in the same words', async () => {
  using app = await shopApp();
  const { status, body } = await debug(app);
  expect([status, body.ok]).toEqual([200, true]);
  const { code, stdout } = await app.workspace.run(['debug', '--output', 'json'], {
    env: { AzureWebJobsStorage: app.env.AzureWebJobsStorage },
  });
  expect(code).toBe(0);
  const cli = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event, about }) => event === 'finding' && about !== 'workspace');
  const sorted = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).sort();
  expect(sorted(body.findings)).toEqual(sorted(cli));
  expect(body.findings.map(({ about }) => about)).toEqual(expect.arrayContaining(['machine', 'state', 'shop.orders', 'shop.lines']));
});

test('what is amiss is a finding, with advice for a caller over HTTP', async () => {
  using app = await shopApp({ 'flows/bad/flow.yml': 'home: { type: parquet, pth: in }\nstore: lake/bad\n' });
  app.workspace.write({ 'lake/orders/somebodys.parquet': 'not ours' });
  const { status, body } = await debug(app);
  expect([status, body.ok]).toEqual([200, false]);
  const wrong = body.findings.filter(({ ok }) => !ok);
  expect(wrong.map(({ about, what }) => `${about}: ${what}`)).toEqual([
    expect.stringMatching(/^bad: flows\/bad\/flow\.yml:1:\d+ HYG-1\d\d\d .*pth/),
    expect.stringMatching(/^shop\.orders: destination: contains data that hygge did not write/),
  ]);
  for (const { tryThis } of wrong)
    for (const line of tryThis) if (/\bhygge \w/.test(line)) expect(line).toMatch(/^On the command line, where the workspace is: /);
});

test('one flow alone can be asked for; others are not looked at', async () => {
  using app = await shopApp({
    'flows/other/flow.yml': 'home: { type: parquet, path: nowhere }\nstore: { type: parquet, path: lake/other }\n',
  });
  expect((await debug(app)).body.ok).toBe(false);
  const { body } = await debug(app, 'debug?flow=shop');
  expect([body.ok, new Set(body.findings.map(({ about }) => about))]).toEqual([
    true,
    new Set(['machine', 'state', 'shop.orders', 'shop.lines']),
  ]);
  const unknown = await debug(app, 'debug?flow=shop,shp');
  expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([404, expect.stringContaining('shp')]);
});

test('a flow that cannot be used answers its errors when it is asked for by name', async () => {
  using app = await shopApp({ 'flows/bad/flow.yml': 'home: { type: parquet, pth: in }\nstore: lake/bad\n' });
  const { status, body } = await debug(app, 'debug?flow=bad');
  expect([status, JSON.stringify(body)]).toEqual([500, expect.stringMatching(/HYG-1\d\d\d.*pth/)]);
});

test('a flow that broke since the app started is told as it is now', async () => {
  using app = await shopApp();
  const start = await servedAtStart(app.app);
  app.workspace.write({ 'flows/shop/flow.yml': 'home: { type: parquet, pth: in }\nstore: lake\n' });
  const answer = await onDebug(app.app, start, app.asked('debug'), app.called);
  const { ok, findings, missing } = bodyOf(answer) as unknown as Told;
  expect([answer.status, ok, missing]).toEqual([200, false, undefined]);
  expect(findings.filter((one) => !one.ok)).toEqual([expect.objectContaining({ about: 'shop', what: expect.stringContaining('pth') })]);
});

test('a schedule that is no setting is a finding', async () => {
  using app = await shopApp({ 'flows/shop/flow.yml': `schedule: "%WHEN%"\n${shop}` });
  const { body } = await debug(app);
  expect(body.findings.filter(({ ok }) => !ok)).toEqual([
    expect.objectContaining({ about: 'shop', what: expect.stringMatching(/^HYG-1953 .*WHEN/) }),
  ]);
});

test('a probe that takes too long holds up no answer: what is not known is named', async () => {
  using app = await shopApp();
  let given = 0;
  const slow: App = {
    ...app.app,
    clock: {
      ...app.app.clock,
      async sleep(ms) {
        given = ms;
      },
    },
    pin: async (request) => {
      const pinned = await app.app.pin(request);
      return {
        ...pinned,
        ports: async (emit) => ({ ...(await pinned.ports(emit)), opening: () => new Promise<never>(() => undefined) as never }),
      };
    },
  };
  const { status, body } = await debug(app, 'debug', slow);
  expect([status, body.ok, body.missing, given]).toEqual([200, false, ['shop.orders', 'shop.lines'], 200_000]);
});

test('state that does not answer is a finding, not a failure', async () => {
  using app = await shopApp();
  const refusing: App = {
    ...app.app,
    pin: async (request) => {
      const pinned = await app.app.pin(request);
      const entities = () => Promise.reject(new Error('the table is gone'));
      return {
        ...pinned,
        ports: async (emit) => {
          const ports = await pinned.ports(emit);
          return { ...ports, state: { ...ports.state, location: 'a table', entities } };
        },
      };
    },
  };
  const { status, body } = await debug(app, 'debug', refusing);
  expect([status, body.ok]).toEqual([200, false]);
  expect(body.findings).toContainEqual(
    expect.objectContaining({ about: 'state', ok: false, what: expect.stringContaining('the table is gone') }),
  );
});
