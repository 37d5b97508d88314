import { describe, expect, test } from 'vitest';
import type { Home, Reading } from '../../src/engine/contracts/home.ts';
import { planEntity } from '../../src/engine/plan/plan.ts';
import { type Ability, having, without } from '../support/abilities.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import type { SpecChanges } from '../support/sim/world.ts';

type Asked = Exclude<Ability, 'range by key'>;

const everything: Readonly<Record<Asked, true>> = {
  append: true,
  swap: true,
  merge: true,
  delete_insert: true,
  boundary: true,
  keys: true,
  sources: true,
  range: true,
  unmatched: true,
};
const abilities = Object.keys(everything) as Asked[];

/** What an entity asks for, and all that it takes of a store, today and with every run after it. */
const entities: Readonly<Record<string, { readonly spec: SpecChanges; readonly takes: readonly Asked[] }>> = {
  'full loads': { spec: { runType: 'full_drop', watermark: null }, takes: ['swap'] },
  'full loads that add': { spec: { runType: 'full_drop', ifExists: 'append', watermark: null }, takes: ['append'] },
  'full loads, deleted and inserted': {
    spec: { runType: 'full_drop', writeStrategy: 'direct_insert', watermark: null },
    takes: ['delete_insert'],
  },
  'full loads, merged': {
    spec: { runType: 'full_drop', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
    takes: ['merge', 'swap', 'unmatched'],
  },
  'new rows, an open boundary': { spec: { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 1 } }, takes: ['append'] },
  'new rows, a closed boundary': { spec: { watermark: {} }, takes: ['append', 'boundary'] },
  'new rows by key': { spec: { writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } }, takes: ['merge'] },
  'new rows and a window': { spec: { watermark: { overlapMs: 1 } }, takes: ['append', 'boundary', 'range'] },
  'new files': { spec: { watermark: null }, takes: ['append'] },
  'new files and changed ones': { spec: { changedFiles: 'replace', watermark: null }, takes: ['append', 'sources'] },
};

async function codeWith(spec: SpecChanges, off: Asked | null, home: Partial<Reading> = {}): Promise<string> {
  const { ports } = simulated({ pair: { store: 'sql', state: 'memory' }, spec });
  const store: typeof ports.store = async (...of) => {
    const whole = await ports.store(...of);
    const all = but(whole, { ...having(whole, 'unmatched') });
    return off === null ? all : but(all, without(all, off));
  };
  const altered = async (...of: Parameters<typeof ports.home>): Promise<Home> => {
    const whole = await ports.home(...of);
    return but(whole, { reading: { ...whole.reading, ...home } });
  };
  const request = { ...idsOf('A'), runType: null, takeOver: false, startedAt: ports.clock.now() };
  return planEntity(request, { ...ports, store, home: altered }).then(
    () => 'planned',
    (error: { readonly code?: string }) => error.code ?? String(error),
  );
}

describe('what a store cannot do', () => {
  test.each(Object.entries(entities))(
    'is asked of it before the first row settles, and nothing else is: %s',
    async (_, { spec, takes }) => {
      // A window is one of time: that the simulated watermark is a number is found out behind all this.
      const fine = spec.watermark?.overlapMs === undefined ? 'planned' : 'HYG-2034';
      const codes = await Promise.all(abilities.map((ability) => codeWith(spec, ability)));
      expect(codes).toEqual(abilities.map((ability) => (takes.includes(ability) ? 'HYG-2014' : fine)));
      expect(await codeWith(spec, null)).toBe(fine);
    },
  );
});

describe('what a home cannot do', () => {
  const open: SpecChanges = { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 1 } };
  const byKey: SpecChanges = { watermark: { key: ['id'], nulls: 'exclude' } };

  test.each<[string, Partial<Reading>, SpecChanges]>([
    ['answer the same rows again, for a group that is read again', { repeatable: false }, { watermark: {} }],
    ['be asked for what is new', { filter: 'none' }, open],
    ['end where the watermark does', { filter: 'lower' }, open],
  ])('%s, is no ground for an incremental run, unless rows are merged by their key', async (_, home, spec) => {
    expect([await codeWith(spec, null, home), await codeWith(byKey, null, home)]).toEqual(['HYG-2014', 'planned']);
  });

  test('does not matter to a caller that asks for less', async () => {
    expect(await codeWith(open, null, { repeatable: false })).toBe('planned');
    expect(await codeWith(byKey, null, { filter: 'lower', upper: 'observed' })).toBe('planned');
    expect(await codeWith({ runType: 'full_drop', watermark: null }, null, { filter: 'none', repeatable: false })).toBe('planned');
  });
});
