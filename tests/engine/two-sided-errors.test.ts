import { expect, it, test } from 'vitest';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Head } from '../../src/engine/contracts/store.ts';
import { backfillAbove, partsDontAddUp, rangeBackwards, rowsOutside } from '../../src/engine/errors/backfill.ts';
import { keyUnlike, sourceDoubtful } from '../../src/engine/errors/deletes.ts';
import { notAscending } from '../../src/engine/errors/observed.ts';
import {
  anotherTarget,
  bindingChanged,
  destinationChanged,
  loadShrinks,
  nullsDiffer,
  rowsDiffer,
  stateElsewhere,
} from '../../src/engine/errors/run.ts';
import { textWatermarkIsWord, timesSwapped, watermarkContradicts } from '../../src/engine/errors/watermark.ts';
import { deleteWouldChangeReferencingRows } from '../../src/engine/errors/writing.ts';
import type { HyggeError } from '../../src/errors/hygge-error.ts';

const spec = { flow: 'sales', entity: 'orders', where: undefined, ifExists: 'fail' } as unknown as EntitySpec;
const mark = (text: string) => ({ column: 'at', type: { kind: 'int64' as const }, text });
const head = (state: string) => ({ id: 'there', epoch: 4, state }) as unknown as Head;
const binding = (watermark: string) => ({ source: 's', target: 't', watermark });

// Each makes the error of 1 on the one side and 2 on the other, which a person must not read the other way round.
test.each<readonly [HyggeError, string]>([
  [watermarkContradicts(spec, 'the lake', { state: mark('1'), head: mark('2'), ways: [] }), 'The state: at 1; the destination: at 2.'],
  [watermarkContradicts(spec, 'the lake', { state: null, head: mark('2'), ways: [] }), 'The state: none; the destination: at 2.'],
  [
    destinationChanged(spec, 'the lake', { settled: 'c1', head: 'c2', ways: [] }),
    'The state remembers commit c1; the last commit of the destination is c2.',
  ],
  [
    stateElsewhere(spec, { where: 'the lake', head: head('/1'), here: '/2', ways: [] }),
    'the lake contains rows of an installation of hygge that keeps its state in /1.\nNothing is settled for sales.orders in /2',
  ],
  [bindingChanged(spec, { was: binding('1'), is: binding('2') }, []), 'Settled: 1\nConfigured now: 2'],
  [anotherTarget(spec, { was: 'prod', is: 'dev', where: '/1' }), 'was settled for target prod, and this run is for target dev.'],
  [anotherTarget(spec, { was: 'prod', is: 'dev', where: '/1' }), 'dev would continue after the last row of prod'],
  [rowsDiffer(spec, 1, 2), '1 row of sales.orders was read, but 2 were written.'],
  [nullsDiffer(spec, 'at', 1, 2), 'had 1 nulls when read and 2 when written.'],
  [loadShrinks(spec, 'the lake', { rows: 1, before: 2 }), 'would leave 1 row in the lake, which has 2 now.'],
  [backfillAbove(spec, '1', '2'), 'from 1 has nothing below the watermark to replace.\nIts watermark is 2.'],
  [rowsOutside(spec, '5', { from: '1', to: '2' }), 'a row at 5, which is not from 1 to below 2.'],
  [partsDontAddUp(spec, { all: 5, kept: 1, dropped: 2 }), 'has 5 rows, but 1 stay unchanged and 2 do not.'],
  [rangeBackwards(spec, { from: '2', to: '1', isEmpty: false }), '--from 2 is not below --to 1.'],
  [rangeBackwards(spec, { from: '2', to: '1', isEmpty: false }), 'Swap them: --from 1 --to 2'],
  [keyUnlike(spec, 'id', { source: 'date', settled: 'string' }), 'is date on one side and string on the other'],
  [sourceDoubtful(spec, { is: 'shrank', from: 2, to: 1 }), 'shrank from 2 to 1 row'],
  [sourceDoubtful(spec, { is: 'fewer', before: 2, now: 1 }), 'has 1 row, and had 2 at the last comparison'],
  [sourceDoubtful(spec, { is: 'refilled', back: 1, of: 2 }), '1 of the 2 rows that it lacked came back'],
  [notAscending(spec, 'at', { before: '2', after: '1' }), 'after 2 came 1'],
  [timesSwapped(spec, 'at', { later: '2', earlier: '1' }), 'at "2" is later than "1", but sorts before it.'],
  [textWatermarkIsWord(spec, { ...mark('none'), type: { kind: 'string' } }, '2024'), 'is "none", a word above values such as "2024".'],
])('%s names each of two things where it is', ({ what, why, tryThis }, expected) => {
  expect([what, ...why, ...tryThis].join('\n')).toContain(expected);
});

it.each([
  { replaces: 'boundary', rows: 'the rows at the watermark', begins: 'Merge sales.orders by its key' },
  { replaces: 'range', rows: 'the rows of a range', begins: 'Drop the foreign key fk' },
] as const)('the advice of an error about referring rows is for $rows', ({ replaces, rows, begins }) => {
  const { what, tryThis } = deleteWouldChangeReferencingRows(spec, 'dbo.orders', { kind: 'foreign key', name: 'fk', replaces });
  expect(what).toContain(`can't delete ${rows} of dbo.orders`);
  expect(tryThis[0]).toMatch(new RegExp(`^${begins}`));
  expect(tryThis.filter((one) => one.includes('boundary: open')).length).toBe(replaces === 'boundary' ? 1 : 0);
});
