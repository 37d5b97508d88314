import { expect, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { onPurge } from '../../functions/triggers/purge.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { AppOnAzurite, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

test('runs are forgotten after the longest `keep` of the flows', async () => {
  const flow = (keep: string) => `${shop}keep: ${keep}\n`;
  using app = new AppOnAzurite(await azurite(), {
    'flows/shop/flow.yml': flow('20d'),
    'flows/other/flow.yml': flow('40d').replace('lake', 'pond'),
  });
  const { board } = await app.app.look('shop');
  const daysAgo = (days: number) => new Date(Date.parse(app.app.clock.now()) - days * 86_400_000).toISOString();
  const begin = async (days: number) => {
    const started_at = daysAgo(days);
    const record: RunRecord = {
      ...{ version: 1, run_id: realRandom().id(), flow: 'shop', lane: 'live', trigger: 'http', config: 'c', entities: 2, summary: null },
      ...{ started_at, ended_at: null, status: null },
    };
    const before = await board.current('shop', 'live');
    expect(await board.start(record, before?.etag)).toBe('started');
    await board.end({ ...record, ended_at: started_at, status: 'pass' });
  };
  for (const days of [60, 41, 39, 1]) await begin(days);
  await onPurge(app.app, (await servedAtStart(app.app)).flows, app.called);
  expect(app.events()).toEqual([expect.objectContaining({ event: 'purged', runs: 2 })]);
  expect((await board.list('shop', 10)).map(({ started_at }) => started_at.slice(0, 10))).toEqual(
    [1, 39].map((days) => daysAgo(days).slice(0, 10)),
  );
});
