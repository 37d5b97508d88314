import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HostRequest, hubName, packedHost } from '../../src/pack/host.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const root = join(import.meta.dirname, '..', '..');
/** What the durable extension takes for the name of a task hub. */
const isHub = /^[A-Za-z][A-Za-z0-9]{2,44}$/;

async function packed(theirs: string | null, more: Partial<HostRequest> = {}) {
  const workspace = new TestWorkspace(theirs === null ? {} : { 'host.json': theirs });
  onTestFinished(() => workspace[Symbol.dispose]());
  const made = await packedHost({ root, workspace: { folder: workspace.root, name: 'crm-dev' }, flows: null, hub: undefined, ...more });
  return { ...made, host: JSON.parse(new TextDecoder().decode(await made.file.read())) };
}

describe('the task hub of a packed app', () => {
  test('is named after the workspace and its flows, as the platform takes it, and no two share one', () => {
    const taken = new Map<string, string>();
    const workspaces = fc.oneof(fc.string(), fc.constantFrom('crm-dev', 'crmdev', 'CRM-dev', 'crm_dev', '1crm', '', 'ж'.repeat(60)));
    fc.assert(
      fc.property(workspaces, fc.option(fc.array(fc.constantFrom('a', 'b', 'a,b'))), (name, flows) => {
        const hub = hubName(name, flows);
        expect(hub).toMatch(isHub);
        const known = taken.get(hub.toLowerCase());
        taken.set(hub.toLowerCase(), JSON.stringify([name, flows]));
        expect(known ?? JSON.stringify([name, flows])).toBe(JSON.stringify([name, flows]));
      }),
      { seed: SEED },
    );
  });

  test('is the one that was asked for, or an app setting that holds it', async () => {
    expect((await packed(null)).hub).toMatch(/^crmdev[0-9a-f]{10}$/);
    expect((await packed(null, { workspace: null })).hub).toMatch(/^hygge[0-9a-f]{10}$/);
    const own = JSON.stringify({ extensions: { durableTask: { hubName: '%CRM_HUB%' } } });
    expect((await packed(own)).hub).toBe('%CRM_HUB%');
    expect(await packed(own, { hub: 'nightly' })).toMatchObject({
      hub: 'nightly',
      host: { extensions: { durableTask: { hubName: 'nightly' } } },
    });
  });

  test('of `func start` is a setting that the sample has', () => {
    const { hubName: named } = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')).extensions.durableTask;
    const { Values } = JSON.parse(readFileSync(join(root, 'local.settings.sample.json'), 'utf8'));
    expect(Values[/^%(\w+)%$/.exec(named)?.[1] ?? '']).toMatch(isHub);
  });
});

test('the log level that docs/operating.md sets goes into the package, next to the other levels', async () => {
  const page = readFileSync(join(root, 'docs', 'operating.md'), 'utf8');
  const [, theirs = ''] = /```json\n(\{ "logging".*\})\n```/.exec(page) ?? [];
  const { host } = await packed(theirs);
  expect(host.logging.logLevel).toEqual({ default: 'Information', 'Host.Triggers.DurableTask': 'Warning', Function: 'Debug' });
});

describe('the limits of a packed app', () => {
  test('are those of a host.json next to hygge.yml, and hygge’s where it says nothing', async () => {
    const { host } = await packed('{"functionTimeout":"01:00:00","extensions":{"durableTask":{"maxConcurrentActivityFunctions":2}}}');
    const own = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8'));
    const { hubName: _, ...durableTask } = own.extensions.durableTask;
    expect(host).toMatchObject({ ...own, functionTimeout: '01:00:00', extensions: expect.anything() });
    expect(host.extensions.http).toEqual(own.extensions.http);
    expect(host.extensions.durableTask).toMatchObject({ ...durableTask, maxConcurrentActivityFunctions: 2 });
  });

  test('let the work of a machine that was killed continue after two minutes', async () => {
    const { storageProvider } = (await packed(null)).host.extensions.durableTask;
    expect(storageProvider).toEqual({ controlQueueVisibilityTimeout: '00:02:00', workItemQueueVisibilityTimeout: '00:02:00' });
  });

  test.each<readonly [string, string, RegExp]>([
    ['a step has too little time', '{"functionTimeout":"00:05:00"}', /at least 00:10:00/],
    ['the hub has a dash', '{"extensions":{"durableTask":{"hubName":"crm-dev"}}}', /"crm-dev" needs 3 to 45/],
    [
      'a run could be started over one that is on',
      '{"extensions":{"durableTask":{"overridableExistingInstanceStates":"AnyState"}}}',
      /NonRunningStates/,
    ],
    ...(
      [
        ['{"maxConcurrentActivityFunctions":0}', /maxConcurrentActivityFunctions` is 0, but it must be a whole number from 1/],
        ['{"MaxConcurrentActivityFunctions":0}', /maxConcurrentActivityFunctions` is 0/],
        ['{"maxConcurrentOrchestratorFunctions":-1}', /maxConcurrentOrchestratorFunctions` is -1/],
        ['{"maxConcurrentActivityFunctions":"many"}', /is "many"/],
        ['{"storageProvider":{"partitionCount":99}}', /partitionCount` is 99, but it must be a whole number from 1 to 16/],
        ['{"storageProvider":{"partitionCount":1.5}}', /partitionCount` is 1.5/],
        ['{"storageProvider":{"controlQueueBatchSize":33}}', /from 1 to 32/],
        ['{"storageProvider":{"controlQueueBufferThreshold":0}}', /from 1 to 1000/],
        [
          '{"storageProvider":{"controlQueueVisibilityTimeout":"00:00:59"}}',
          /is "00:00:59", but it must be a time from 00:01:00 to 01:00:00/,
        ],
        ['{"storageProvider":{"controlQueueVisibilityTimeout":"01:00:01"}}', /from 00:01:00 to 01:00:00/],
        ['{"storageProvider":{"workItemQueueVisibilityTimeout":"24:00:00"}}', /is "24:00:00", but it must be a time/],
        ['{"storageProvider":{"workItemQueueVisibilityTimeout":"00:60:00"}}', /is "00:60:00", but it must be a time/],
        ['{"storageProvider":{"workItemQueueVisibilityTimeout":"00:00:60"}}', /is "00:00:60", but it must be a time/],
        ['{"storageProvider":{"workItemQueueVisibilityTimeout":"soon"}}', /is "soon", but it must be a time from 00:00:01 to 7.00:00:00/],
        ['{"storageProvider":{"maxQueuePollingInterval":"00:00:00"}}', /more than 00:00:00/],
        ['{"storageProvider":{"type":"mssql"}}', /is "mssql"; the app can keep orchestrations only in Azure Storage/],
      ] as const
    ).map(([settings, why]) => [settings, `{"extensions":{"durableTask":${settings}}}`, why] as const),
    ['the routes have another prefix', '{"extensions":{"http":{"routePrefix":""}}}', /`extensions.http.routePrefix` must stay "api"/],
    ['it is not JSON', '{', /JSON/],
    ['it is a list', '[]', /must contain a JSON object/],
  ])('are refused where %s', async (_, text, why) => {
    const refused = await packed(text).catch((error: unknown) => error);
    noteWithin(refused);
    expect(refused).toMatchObject({ code: 'HYG-1962', why: [expect.stringMatching(why)] });
  });

  test('are taken at their edges', async () => {
    const storageProvider = {
      partitionCount: 16,
      controlQueueVisibilityTimeout: '00:01:00',
      workItemQueueVisibilityTimeout: '00:00:30',
      type: 'AzureStorage',
      maxQueuePollingInterval: '00:00:00.5',
    };
    const theirs = { maxConcurrentActivityFunctions: '1', storageProvider };
    const { host } = await packed(JSON.stringify({ extensions: { durableTask: theirs } }));
    expect(host.extensions.durableTask).toMatchObject(theirs);
  });

  test.each(['-1', '00:10:00', '1.00:00:00'])('take %s for the time of a function', async (functionTimeout) => {
    expect((await packed(JSON.stringify({ functionTimeout }))).host).toMatchObject({ functionTimeout });
  });
});
