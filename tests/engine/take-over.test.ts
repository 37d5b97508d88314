import { expect, test } from 'vitest';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Store, Target } from '../../src/engine/contracts/store.ts';
import { type AdoptionRequest, continuationPoint } from '../../src/engine/repair/take-over.ts';
import { stateRow } from '../support/state-rows.ts';

const row = stateRow();
const settled = row.settled?.watermark ?? null;
const ofHead = settled && { ...settled, text: '2026-11-20T00:00:00.000000Z' };

const spec = { flow: 'crm', entity: 'users', runType: 'incremental', watermark: { column: 'updated_at' } } as unknown as EntitySpec;
const home = (type = settled?.type) =>
  ({ describe: async () => ({ done: { schema: { columns: [{ name: 'updated_at', type, nullable: true }] } } }) }) as unknown as Home;

const ours = (head: object) => ({ content: 'ours', head: { id: 'intent6', prev: 'intent5', watermark: null, schema: null, ...head } });
const foreign = (more: object) => ({ content: 'foreign', others: [], sharing: 'none', newest: null, ...more });

function pointOf(target: object, more: Partial<AdoptionRequest> = {}) {
  const store = { where: 'lake/users' } as Store;
  return continuationPoint({} as never, spec, { row, store, target: target as Target, home: home(), ...more });
}

test.each<[string, object, object]>([
  [
    'the watermark of the head, with its open group, and the files of the state that speaks of that head',
    ours({ watermark: ofHead }),
    { watermark: ofHead, withBoundary: true, takenFiles: 'seen/6' },
  ],
  ['the watermark of the state, where the head has none', ours({}), { watermark: settled, withBoundary: false, takenFiles: 'seen/6' }],
  [
    'the watermark of the head alone, where the state speaks of another moment',
    ours({ id: 'intent9', watermark: ofHead }),
    { watermark: ofHead, withBoundary: true, takenFiles: null },
  ],
  [
    'the watermark of the state, where the names of the newest files are of its commit',
    foreign({ newest: { epoch: 6, lineage: 'lineage1' } }),
    { watermark: settled, withBoundary: false, takenFiles: 'seen/6' },
  ],
])('a destination that is taken over goes on from %s', async (_, target, point) => {
  expect(await pointOf(target)).toEqual(point);
});

test('a watermark that is given has no open group, and the files stay those of the state', async () => {
  const given = await pointOf(ours({ watermark: ofHead }), { givenWatermark: '2026-11-01T00:00:00.000000Z' });
  expect(given).toEqual({ watermark: { ...settled, text: '2026-11-01T00:00:00.000000Z' }, withBoundary: false, takenFiles: 'seen/6' });
});

test.each<[string, object, Partial<AdoptionRequest>, string, boolean]>([
  ['is empty', { content: 'empty' }, {}, 'there is nothing to take over', false],
  [
    'holds what another entity settled',
    foreign({ others: [{ flow: 'crm', entity: 'orders' }] }),
    {},
    'the existing data belong to another entity',
    false,
  ],
  ['nothing tells the end of', foreign({}), {}, 'the end of its settled rows is not known', true],
  [
    'is of other files than the state',
    foreign({ newest: { epoch: 5, lineage: 'lineage1' } }),
    {},
    'the end of its settled rows is not known',
    true,
  ],
  ['has another type of watermark', ours({}), { home: home({ kind: 'date' }) }, 'the end of its settled rows is not known', true],
])('a destination that %s is not taken over', async (_, target, more, what, acceptsGivenWatermark) => {
  expect(await pointOf(target, more)).toMatchObject({
    refused: { code: 'HYG-2017', what: expect.stringContaining(what) },
    acceptsGivenWatermark,
  });
});
