import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { type HyggeApp, startHyggeApp } from '../support/function-host/hygge-app.ts';
import { followed } from '../support/function-host/kill-app-rounds.ts';

const azurite = sharedAzurite();
const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 7) second as "at" from range(${from}, ${to})`;

async function mustBeExact(app: HyggeApp, flow: string, to: number): Promise<void> {
  expect(await app.difference(`lake/${flow}`, flow, flow, rows(0, to))).toBe(0);
}

/** What readers see of a store: its data and its manifest. A file that somebody is about to write has a name of its own. */
function visible(app: HyggeApp, flow: string): string {
  return JSON.stringify([...app.workspace.tree(`lake/${flow}`)].filter(([path]) => !/\/staging\/|\/\.hygge-tmp-/.test(path)));
}

test('activities that all run twice at the same time, in two workers, come to the same', async () => {
  await using app = await startHyggeApp({ azurite: await azurite(), files: followed, workers: 2, delivery: 'twice' });
  await app.workspace.parquet('in/1.parquet', rows(0, 500));
  for (const flow of ['follows', 'files']) {
    const run = await app.begin(flow);
    await app.ended(flow);
    await app.host.ask('idle');
    expect(await app.view(flow, run)).toMatchObject({ status: 'pass', done: [{ entity: flow, status: 'pass' }] });
    await mustBeExact(app, flow, 500);
  }
  await app.workspace.parquet('in/2.parquet', rows(500, 1_000));
  await app.run('follows');
  await app.host.ask('idle');
  await mustBeExact(app, 'follows', 1_000);
  expect(app.staged('lake/follows')).toEqual([]);
});

test('a worker that slept while its work was done by another changes nothing when it wakes up', async () => {
  await using app = await startHyggeApp({ azurite: await azurite(), files: followed });
  await app.workspace.parquet('in/0.parquet', rows(0, 100));
  let slept = 0;
  for (const [n, atWrite] of [3, 8, 15].entries()) {
    await app.workspace.parquet(`in/${n + 1}.parquet`, rows((n + 1) * 100, (n + 2) * 100));
    await app.host.ask('hold', { 'hygge-plan-flow': 0 });
    const run = await app.begin('follows');
    await app.host.ask('armWorker', 0, { atWrite, when: n % 2 === 0 ? 'before' : 'after', what: 'halt' });
    await app.host.ask('hold', {});
    await app.ended('follows');
    expect(await app.view('follows', run)).toMatchObject({ status: 'pass' });
    const before = visible(app, 'follows');
    slept += (await app.host.ask('wake')).length;
    expect(visible(app, 'follows')).toBe(before);
    await mustBeExact(app, 'follows', (n + 2) * 100);
  }
  expect(slept).toBeGreaterThan(1);
  await app.run('follows');
  expect(app.staged('lake/follows')).toEqual([]);
  await mustBeExact(app, 'follows', 400);
});
