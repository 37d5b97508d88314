import { describe, expect, it } from 'vitest';
import { moveState } from '../../src/cli/state/move.ts';
import type { Lease, StateRow, StateStore } from '../../src/ports/state.ts';
import { filesState } from '../../src/state/files.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';

const from = { flow: 'crm', entity: 'users' };
const to = { flow: 'crm', entity: 'people' };
const now = '2026-11-20T08:00:00.000Z';

const lease: Lease = {
  run: 'r.1',
  until: '2026-11-20T09:00:00.000Z',
  holder: { host: 'here', boot: 'b', pid: 7, started: '1', program: 'hygge go' },
};

const row: StateRow = {
  lineage: 'abcdefghij',
  epoch: 4,
  owner: null,
  pending: null,
  settled: {
    id: 'i4',
    epoch: 4,
    watermark: { column: 'updated_at', type: { kind: 'timestamp', unit: 'us' }, text: '2026-11-19T10:00:00.000000' },
    boundary: null,
    snapshot: 'schemas/00000000000000000004-i4',
    seen: null,
    sourceVersion: null,
    rows: 12,
    at: now,
  },
  lanes: {},
  binding: null,
  fullNext: false,
  last: { run: 'r.0', at: now, status: 'pass', rows: 12 },
  writeId: 'w4',
};

function around(fate: 'alive' | 'dead' | 'unknown' = 'unknown') {
  let n = 0;
  return { host: { fate: async () => fate }, random: { nonce: () => `nonce${String(++n).padStart(5, '0')}` }, now };
}

async function stateWith(...rows: readonly (readonly [typeof from, StateRow])[]): Promise<StateStore> {
  const state = filesState({ files: new MemoryFileSystem() });
  for (const [key, one] of rows) await state.write(key, undefined, one);
  await state.putObject(from, 'schemas/00000000000000000004-i4', { columns: [] });
  return state;
}

describe('renaming an entity', () => {
  it('carries watermark, lineage and snapshot over, and leaves the old name empty', async () => {
    const state = await stateWith([from, row]);
    await moveState({ state, from, to }, around());
    const moved = (await state.read(to))?.row;
    expect(moved).toMatchObject({ lineage: row.lineage, epoch: 5, settled: row.settled, owner: null });
    expect(await state.getObject(to, 'schemas/00000000000000000004-i4')).toEqual({ columns: [] });
    const left = (await state.read(from))?.row;
    expect(left?.settled).toBeNull();
    expect(left?.epoch).toBe(5);
    expect(left?.lineage).not.toBe(row.lineage);
  });

  it('that broke off in the middle is finished by asking again', async () => {
    const state = await stateWith([from, row], [to, { ...row, epoch: 5, writeId: 'w5' }]);
    await moveState({ state, from, to }, around());
    expect((await state.read(from))?.row.settled).toBeNull();
    expect((await state.read(to))?.row.epoch).toBe(5);
  });

  it.each([
    ['nothing is settled', [[from, { ...row, settled: null }]], 'has no settled state'],
    ['there is no such state', [], 'has no settled state'],
    [
      'the new name has state of its own',
      [
        [from, row],
        [to, { ...row, lineage: 'other56789', settled: { ...row.settled, id: 'i9' } }],
      ],
      'has state of its own',
    ],
    [
      'the new name has the very same state',
      [
        [from, row],
        [to, row],
      ],
      'the same state',
    ],
    ['a run holds it', [[from, { ...row, owner: lease }]], 'is held by hygge go on here, process 7'],
    ['a decided commit waits', [[from, { ...row, pending: { id: 'i5', epoch: 5, ref: 'intents/x' } }]], 'decided commit waits'],
  ] as const)('is refused when %s', async (_name, rows, why) => {
    const state = await stateWith(...(rows as unknown as readonly (readonly [typeof from, StateRow])[]));
    await expect(moveState({ state, from, to }, around('alive'))).rejects.toMatchObject({
      code: 'HYG-1906',
      why: [expect.stringContaining(why)],
    });
  });

  it('does not wait for a holder that is provably dead', async () => {
    const state = await stateWith([from, { ...row, owner: lease }]);
    await moveState({ state, from, to }, around('dead'));
    expect((await state.read(to))?.row.owner).toBeNull();
  });

  it('changes nothing when another process is faster', async () => {
    const state = await stateWith([from, row]);
    const other = { ...row, epoch: 9, writeId: 'w9' };
    let raced = false;
    const racing = new Proxy(state, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        if (name !== 'write') return method.bind(target);
        return async (...args: Parameters<StateStore['write']>) => {
          if (!raced) {
            raced = true;
            await target.write(to, undefined, other);
          }
          return target.write(...args);
        };
      },
    });
    await expect(moveState({ state: racing, from, to }, around())).rejects.toMatchObject({ code: 'HYG-1906' });
    expect((await state.read(from))?.row).toEqual(row);
    expect((await state.read(to))?.row).toEqual(other);
  });
});
