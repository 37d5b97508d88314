import { describe, expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Plan, SchemaSnapshot } from '../../src/engine/contracts/records.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { expectedColumn } from '../../src/engine/schema/evolved-schema.ts';
import { snapshotOf } from '../../src/engine/schema/snapshot.ts';
import type { Column } from '../../src/frames/schema.ts';
import type { StateRow } from '../../src/ports/state.ts';
import { specOf } from '../support/sim/world.ts';

const column = (name: string): Column => ({ name, type: { kind: 'string' }, nullable: true });
const columns = [column('a'), column('b')];

/** What of a commit its snapshot is made of. */
interface Settling {
  readonly schema?: { readonly columns: readonly Column[] };
  readonly expects?: SchemaSnapshot['expects'];
  readonly pinned?: SchemaSnapshot['pinned'];
  readonly names?: SchemaSnapshot['names'];
  readonly source?: SchemaSnapshot['source'];
  readonly spec?: Partial<EntitySpec>;
}

/** Of two commits, one after the other: whether the second one puts a snapshot of its own. */
async function isPut(first: Settling, second: Settling): Promise<boolean> {
  const objects = new Map<string, unknown>();
  const state = {
    getObject: async (_: unknown, ref: string) => objects.get(ref),
    putObject: async (_: unknown, ref: string, value: unknown) => void objects.set(ref, value),
  };
  const settle = async (id: string, of: Settling, before: string | null) => {
    const { schema = { columns }, expects = columns.map(expectedColumn), pinned = null, names, source, spec = {} } = of;
    const plan = { lineage: 'l', epoch: 1, run: `r.${id}`, drift: [], pinned, names, source } as unknown as Plan;
    const row = { settled: { snapshot: before } } as unknown as StateRow;
    const asked = { schema, expects, plan, id, at: '2026-01-01T00:00:00.000Z', row };
    return await snapshotOf({ state } as unknown as EnginePorts, { ...specOf({}), ...spec }, asked);
  };
  const { ref, put } = await settle('first', first, null);
  await put?.();
  return (await settle('second', second, ref)).put !== null;
}

describe('what runs continue from is noted again when', () => {
  const source = { order: ['a', 'b'], keys: ['a'] };

  test.each<[string, Settling, Settling]>([
    ['a column comes', {}, { schema: { columns: [...columns, column('c')] } }],
    ['a column is expected in another way', {}, { expects: columns.map((one) => ({ ...expectedColumn(one), from: 'x' })) }],
    ['the source is read in another way', { pinned: { delimiter: ',' } }, { pinned: { delimiter: ';' } }],
    ['a column settles under another name', {}, { names: { a: 'x' } as never }],
    ['polish is another', {}, { spec: { polish: { constants: [{ name: 'origin', value: 'shop' }] } as never } }],
    ['the columns of the source lie in another order', { source }, { source: { ...source, order: ['b', 'a'] } }],
    ['the source has another key', { source }, { source: { ...source, keys: ['b'] } }],
  ])('%s', async (_, before, now) => {
    expect(await isPut(before, now)).toBe(true);
    expect(await isPut(before, before)).toBe(false);
    expect(await isPut(now, now)).toBe(false);
  });
});
