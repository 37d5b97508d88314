/** Keys of which a source takes several texts for one: what the first plan says of them, where an earlier spelling would stay. */
import { expect, test } from 'vitest';
import type { SourceDescription } from '../../src/engine/contracts/home.ts';
import type { Removal, Store } from '../../src/engine/contracts/store.ts';
import { spellingNotes } from '../../src/engine/plan/replacement.ts';
import type { KeyEquality } from '../../src/frames/row-sum/key-equality.ts';
import { specOf } from '../support/sim/world.ts';

const equality = (letters: KeyEquality['letters'], isPadded = false): KeyEquality => ({ letters, isPadded });
const storeOf = (removes: Removal, ...writes: readonly string[]) =>
  ({ writes: new Set(writes), removes: new Set([removes]), where: 'there' }) as unknown as Store;
const [files, database, mirrored] = [storeOf('range', 'swap'), storeOf('range', 'swap', 'merge'), storeOf('range by key', 'merge')];

test.each([
  ['each text stays in files', files, equality('accents'), {}, 'kept'],
  ['blanks at the end alone are not worth a word', files, equality('exact', true), {}, undefined],
  ['a merge removes what it knows', database, equality('ascii'), {}, undefined],
  ['a merge that does not see settled rows removes none', mirrored, equality('ascii'), {}, 'kept'],
  ['compared keys remove them there', mirrored, equality('ascii'), { compareDeletes: {} }, undefined],
  ['a merge does not know the rules of a language', database, equality('unknown'), {}, 'unknown'],
  ['compared keys remove what is known', files, equality('case'), { compareDeletes: {} }, undefined],
  ['compared keys do not know the rules of a language', files, equality('unknown'), { compareDeletes: {} }, 'unknown'],
  ['a mask hides the texts', database, equality('ascii'), { mask: { columns: new Map([['id', 'hash']]) } }, 'masked'],
  ['a full load leaves none', files, equality('ascii'), { runType: 'full' }, undefined],
] as const)('%s', (_, store, of, more, why) => {
  const spec = { ...specOf({}), runType: 'incremental', watermark: { key: ['id'] }, ...more } as unknown;
  const description = { keys: ['id'], keyEqualities: { id: of } } as unknown as SourceDescription;
  const request = { spec, store } as unknown as Parameters<typeof spellingNotes>[0];
  const told = spellingNotes(request, description);
  expect(told).toEqual(why === undefined ? [] : [{ code: 'spellings_stay', columns: ['id'], where: 'there', why }]);
  expect(spellingNotes(request, { ...description, keys: ['id', 'other'] })).toEqual([]);
});
