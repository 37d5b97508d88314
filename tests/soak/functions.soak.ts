import { describe, expect, it } from 'vitest';
import { startAzurite } from '../support/azurite.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { followed, killAppRounds, killAtEveryWrite } from '../support/function-host/kill-app-rounds.ts';
import { plantedApp } from '../support/function-host/planted-app.ts';
import { SEED } from '../support/samples.ts';
import { record } from './record.ts';

describe('the function app in the test host, its state in Azurite', () => {
  it('host and worker killed 50 times at random writes', async () => {
    await using azurite = await startAzurite();
    await using app = await startHyggeApp({ azurite, files: followed });
    const { kills, hosts, workers, postedAgain } = await killAppRounds(app, 50, SEED);
    record(
      'function app, kill -9',
      `${hosts} times the host, ${workers} times the worker while at work (seed ${SEED}), ${postedAgain} starts repeated; equal as multisets after every run, nothing left behind`,
    );
    expect(kills).toBeGreaterThanOrEqual(50);
  });

  it('every activity twice at once, with kills', async () => {
    await using azurite = await startAzurite();
    await using app = await startHyggeApp({ azurite, files: followed, workers: 2, delivery: 'twice' });
    const { kills, hosts, workers } = await killAppRounds(app, 20, SEED + 1);
    record(
      'function app, double delivery and kill -9',
      `each activity twice at the same time in two workers; ${hosts} kills of the host, ${workers} of a worker (seed ${SEED + 1}); equal as multisets after every run`,
    );
    expect(kills).toBeGreaterThanOrEqual(20);
  });

  it('killed before and after every write of a run', async () => {
    await using azurite = await startAzurite();
    await using app = await startHyggeApp({ azurite, files: followed });
    const kills = await killAtEveryWrite(app, 'follows');
    record(
      'function app, every write',
      `${kills} kills, before and after each request and file of the worker and each record of the host in an incremental run; equal as multisets after every run, nothing left behind`,
    );
    expect(kills).toBeGreaterThan(50);
  });

  // Rounds that cannot fail are worthless: with a rule of the protocol switched off, they do.
  it.each(['settle before commit', 'a repeated plan claims again', 'a commit that is delivered again looks for its run by the wrong id'])(
    'notices: %s',
    async (bug) => {
      await using azurite = await startAzurite();
      await using app = await startHyggeApp({ azurite, files: followed, app: await plantedApp(bug), workers: 2, delivery: 'twice' });
      await expect(killAppRounds(app, 50, SEED)).rejects.toThrow(/differ|ended|left behind/);
    },
  );
});
