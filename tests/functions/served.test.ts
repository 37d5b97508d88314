import { describe, expect, onTestFinished, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { startFailed } from '../../functions/start-failed.ts';
import { onFlows, whyNotServed } from '../../functions/triggers/flows.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import { openApp } from '../../src/assembly/app.ts';
import { version } from '../../src/assembly/version.ts';
import { run } from '../../src/cli/program/run.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { connectionStringOf, sharedAzurite } from '../support/azurite.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { TestWorkspace } from '../support/workspace.ts';

const good = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: "lake/{flow}" }\n';

const onLake =
  'home: { type: azure_blob, account_url: "https://northwind.blob.core.windows.net", container: raw, path: "in/*.parquet" }\nstore: { type: azure_blob, account_url: "https://northwind.blob.core.windows.net", container: lake, path: "{flow}" }\n';
const azurite = sharedAzurite();

function written(files: Readonly<Record<string, string>>): string {
  const workspace = new TestWorkspace(files);
  onTestFinished(() => workspace[Symbol.dispose]());
  return workspace.root;
}

async function served(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  return (await servedAtStart(openApp({ HYGGE_CONFIG: written(files), AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...env }))).flows;
}

const codes = (all: Awaited<ReturnType<typeof served>>) =>
  all.map(({ found }) => [found.name, 'errors' in found ? found.errors.map(({ code }) => code) : 'ready']);

describe('a flow that is wrong', () => {
  test('is told as such, and the others are served', async () => {
    const found = await served({
      'flows/good/flow.yml': good,
      'flows/bad/flow.yml': 'home: in\nstor: lake\n',
      'flows/torn/flow.yml': 'home: {\n',
    });
    expect(codes(found)).toEqual([
      ['bad', ['HYG-1010']],
      ['good', 'ready'],
      ['torn', [expect.stringMatching(/^HYG-1/)]],
    ]);
  });

  test('is told as such when it is written in hygge.yml', async () => {
    const found = await served({
      'hygge.yml': `name: test\nflows:\n  good: { home: in/a.parquet, store: lake/good }\n  bad: { home: "\${NOBODY_SET_THIS}", store: lake/bad }\n`,
    });
    expect(codes(found)).toEqual([
      ['good', 'ready'],
      ['bad', ['HYG-1020']],
    ]);
  });

  test.each([
    ['settles where another does', 'a: { home: in/a.parquet, store: lake/x }', 'b: { home: in/b.parquet, store: lake/x }', 'HYG-1052'],
    ['is named like another', 'a: { home: in/a.parquet, store: lake/a }', 'A: { home: in/b.parquet, store: lake/b }', 'HYG-1041'],
  ])('because it %s in one hygge.yml is wrong with both, and the third is served', async (_, one, two, code) => {
    const found = await served({
      'hygge.yml': `name: test\nflows:\n  ${one}\n  ${two}\n  c: { home: in/c.parquet, store: lake/c }\n`,
    });
    expect(codes(found).filter(([, state]) => state === 'ready')).toEqual([['c', 'ready']]);
    const wrong = codes(found).filter(([, state]) => state !== 'ready');
    expect(wrong.length).toBeGreaterThan(0);
    for (const [, told] of wrong) expect(told).toEqual([code]);
  });
});

describe('HYGGE_FLOWS', () => {
  const files = { 'flows/crm/flow.yml': good, 'flows/sales/flow.yml': good };

  test('says which flows an app serves', async () => {
    expect(codes(await served(files, { HYGGE_FLOWS: 'sales' }))).toEqual([['sales', 'ready']]);
    expect(codes(await served(files, { HYGGE_FLOWS: ' ' }))).toHaveLength(2);
    expect(codes(await served(files, { HYGGE_FLOWS: 'sales, sales' }))).toEqual([['sales', 'ready']]);
  });

  test('that names no flow is reported, and what was meant', async () => {
    const [one, two] = await served(files, { HYGGE_FLOWS: 'crm, sale' });
    expect(one?.found.name).toBe('crm');
    const error = two && 'errors' in two.found ? two.found.errors[0] : undefined;
    expect(error?.code).toBe('HYG-1952');
    expect(error?.what).toBe('HYGGE_FLOWS names "sale", and there is no such flow. Did you mean `sales`?');
  });
});

describe('a schedule', () => {
  const flow = (schedule: string) => ({ 'flows/crm/flow.yml': `schedule: "${schedule}"\n${good}` });

  test('is the one that is written, or the app setting that is named', async () => {
    expect((await served(flow('0 0 2 * * *')))[0]).toMatchObject({ schedule: '0 0 2 * * *', scheduleError: null });
    expect((await served(flow('%CRM%'), { CRM: '0 0 3 * * *' }))[0]).toMatchObject({ schedule: '0 0 3 * * *', scheduleError: null });
  });

  test('carries its time zone, and is an error where the app itself is in one', async () => {
    const inZone = (schedule: string) => ({ 'flows/crm/flow.yml': `schedule: "${schedule}"\ntimezone: Europe/Copenhagen\n${good}` });
    const [plain] = await served(inZone('0 0 2 * * *'), { TZ: ':Etc/UTC' });
    expect(plain).toMatchObject({ schedule: '0 0 2 * * * Europe/Copenhagen', scheduleError: null });
    const [named] = await served(inZone('%CRM%'), { CRM: '0 0 3 * * *' });
    expect(named).toMatchObject({ schedule: '0 0 3 * * * Europe/Copenhagen', scheduleError: null });
    // The platform is told the first on Windows, the other on Linux.
    for (const [setting, zone] of [
      ['WEBSITE_TIME_ZONE', 'Romance Standard Time'],
      ['TZ', 'Europe/Berlin'],
    ] as const) {
      const [twice] = await served(inZone('0 0 2 * * *'), { [setting]: zone });
      expect(twice).toMatchObject({ schedule: null, scheduleError: { code: 'HYG-1953', what: expect.stringContaining(setting) } });
    }
    expect((await served({ 'flows/crm/flow.yml': `timezone: Europe/Kopenhagen\n${good}` }))[0]?.found).toHaveProperty('errors');
  });

  test.each([
    ['is not set', {}, 'and it is not set.'],
    ['has five fields', { CRM: '0 3 * * *' }, 'and "0 3 * * *" is not a schedule.'],
  ])('whose app setting %s is an error of its own, and the flow can be run by hand', async (_, env, said) => {
    const [one] = await served(flow('%CRM%'), env);
    expect(one).toMatchObject({ schedule: null, scheduleError: { code: 'HYG-1953', what: expect.stringContaining(said) } });
    expect(one && 'flow' in one.found).toBe(true);
    noteWithin(one?.scheduleError);
  });
});

describe('the start stops', () => {
  const failure = async (files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) =>
    startFailed(
      await served(files, env).then(
        () => new Error('it started'),
        (error: unknown) => error,
      ),
    ).message;

  test('when hygge.yml can not be read, with every error in words', async () => {
    const said = await failure({ 'hygge.yml': 'name: test\noptions: { concurency: 4 }\n', 'flows/good/flow.yml': good });
    expect(said).toContain('hygge does not start: HYG-1010 There is no key `concurency` in `options`.');
    expect(said).toContain('hygge.yml:2:');
  });

  test('when the storage continues refusing the config, and not at its first refusal', async () => {
    await using proxy = await startFaultProxy((await azurite()).blobUrl);
    const account = { ...(await azurite()), connectionString: connectionStringOf(`BlobEndpoint=${proxy.url};`) };
    const { connectionString } = account;
    const surroundings = fakeSurroundings(written({ 'hygge.yml': 'name: test\n', 'flows/crm/flow.yml': onLake }), {
      environment: { AzureWebJobsStorage: connectionString },
    });
    expect(await run(['config', 'push'], surroundings)).toBe(0);
    const app = openApp({ AzureWebJobsStorage: connectionString });
    let ms = 0;
    const sleep = async (more: number) => {
      ms += more;
    };
    const clock = { ...app.clock, monotonicMs: () => ms, sleep };
    const before = proxy.seen.length;
    proxy.rule(({ number }) => (number <= before + 3 ? { status: 429 } : undefined));
    expect(codes((await servedAtStart({ ...app, clock })).flows)).toEqual([['crm', 'ready']]);
    proxy.rule(() => ({ status: 429 }));
    await expect(servedAtStart({ ...app, clock })).rejects.toMatchObject({ code: 'HYG-6303', transient: true });
    expect(ms).toBeLessThan(10_000);
    // What is below waits by the same clock: otherwise it would be minutes, with this many requests in each half second.
    expect(proxy.seen.length - before).toBeLessThan(25);
  });

  test('when its state is to be in files', async () => {
    const said = await failure({ 'hygge.yml': 'name: test\nstate: { type: files }\n', 'flows/good/flow.yml': good });
    expect(said).toContain('hygge does not start: HYG-1077');
  });
});

const fail = async (): Promise<never> => {
  throw new Error('no flow says what it expects, so no state is read');
};

test('GET /api/flows says what there is, and what is wrong with it', async () => {
  const found = await served({ 'flows/good/flow.yml': `schedule: "%CRM%"\n${good}`, 'flows/bad/flow.yml': 'home: in\n' });
  const asked = { url: 'https://app.example/api/flows?code=k', params: {}, query: new URLSearchParams(), text: async () => '' };
  const about = { hub: 'crm-dev', functions: ['good-run', 'hygge-flow'] };
  const start = { config: 'f'.repeat(64), flows: found };
  expect((await onFlows({ env: { HYGGE_APP: 'crm' }, look: fail, clock: realClock() }, start, asked, about)).body).toEqual({
    app: { name: 'crm', version, config: start.config, ...about },
    flows: [
      { flow: 'bad', ready: false, errors: [expect.objectContaining({ code: 'HYG-1012' })] },
      {
        ...{ flow: 'good', ready: true, entities: 1, schedule: null, links: { runs: 'https://app.example/api/flows/good/runs' } },
        errors: [expect.objectContaining({ code: 'HYG-1953' })],
      },
    ],
  });
});

test('runs of a flow that the app does not have, or that is wrong, can not be asked for', async () => {
  const found = await served({ 'flows/good/flow.yml': good, 'flows/bad/flow.yml': 'home: in\n' });
  const code = (flow: string) => {
    const answer = whyNotServed(flow, found);
    return [answer?.status, (answer?.body as { errors: { code: string }[] } | undefined)?.errors[0]?.code];
  };
  expect([code('good'), code('bad'), code('goof'), code('__proto__')]).toEqual([
    [undefined, undefined],
    [500, 'HYG-1012'],
    [404, 'HYG-1954'],
    [404, 'HYG-1954'],
  ]);
});
