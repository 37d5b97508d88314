import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import type { Opening } from '../../src/engine/contracts/connector.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { local } from '../../src/files/connectors/local-connector.ts';
import { frameOf, testFolder, testScratch } from '../support/parquet-files.ts';
import { adding } from '../support/sim/rows.ts';
import { testNetwork } from '../support/test-network.ts';
import { decided, run } from './settling.ts';

const schema = { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: true }] } as const;

async function opened(root: string, folder: string): Promise<{ store: Store; opening: Opening }> {
  const opening: Opening = {
    flow: 'f',
    entity: 'f',
    root,
    clock: realClock(),
    random: realRandom(),
    network: testNetwork,
    scratch: testScratch(folder),
    pinned: null,
    pools: new ProcessPools(realClock()),
    steps: 'here',
  };
  const config = local.store?.config.parse({ path: join(root, 'lake'), base: join(root, 'lake'), format: 'parquet' });
  const store = await local.store?.open(config, opening);
  if (!store) throw new Error('no store');
  return { store, opening };
}

describe('a commit that was decided', () => {
  it('is finished after the workspace was moved', async () => {
    const folder = await testFolder();
    await mkdir(join(folder, 'here'));
    const { store, opening } = await opened(join(folder, 'here'), folder);
    const frame = await frameOf(schema, [[1n], [2n]]);
    const frames = (async function* () {
      yield { frame, role: 'data' as const };
    })();
    const request = { run: run(1), writing: adding, slice: 0, schema, watermark: null, emptyPart: false };
    const intent = await decided(store, run(1), await store.stage(request, frames, new AbortController().signal));

    await rename(join(folder, 'here'), join(folder, 'there'));
    const moved = await local.store?.at(intent.place, { ...opening, root: join(folder, 'there') }, null);
    expect(await moved?.commit(intent)).toEqual({ done: 'committed' });
    expect(await moved?.inspect()).toMatchObject({ done: { content: 'ours', rows: 2, missing: [] } });
  });

  it('outside the workspace is found where it was', async () => {
    const folder = await testFolder();
    const { opening } = await opened(join(folder, 'here'), folder);
    const config = local.store?.config.parse({ path: join(folder, 'lake'), base: join(folder, 'lake'), format: 'parquet' });
    const store = await local.store?.open(config, opening);
    expect(store?.place).toMatchObject({ root: join(folder, 'lake') });
    expect(store?.where).toBe(join(folder, 'lake'));
  });
});
