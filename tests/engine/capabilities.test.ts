import { describe, expect, test } from 'vitest';
import type { Home, HomeCapabilities } from '../../src/engine/contracts/home.ts';
import type { StoreCapabilities } from '../../src/engine/contracts/store.ts';
import { planEntity } from '../../src/engine/plan/plan.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import type { SpecChanges } from '../support/sim/world.ts';

type Flag = Exclude<
  keyof StoreCapabilities,
  'guarantee' | 'distinguishesOwnRows' | 'oneByOne' | 'onePart' | 'nullDocuments' | 'comparesKeys' | 'deletesAlone'
>;

const everything: Readonly<Record<Flag, true>> = {
  append: true,
  replace: true,
  merge: true,
  deleteInsert: true,
  replaceBoundary: true,
  deletes: true,
  replaceSources: true,
  replaceRange: true,
  replacesByKey: true,
};
const flags = Object.keys(everything) as Flag[];

/** What an entity asks for, and all that it takes of a store, today and with every run after it. */
const entities: Readonly<Record<string, { readonly spec: SpecChanges; readonly takes: readonly Flag[] }>> = {
  'full loads': { spec: { runType: 'full_drop', watermark: null }, takes: ['replace'] },
  'full loads that add': { spec: { runType: 'full_drop', ifExists: 'append', watermark: null }, takes: ['append'] },
  'full loads, deleted and inserted': {
    spec: { runType: 'full_drop', writeStrategy: 'direct_insert', watermark: null },
    takes: ['deleteInsert'],
  },
  'full loads, merged': {
    spec: { runType: 'full_drop', writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } },
    takes: ['merge', 'replace', 'replacesByKey'],
  },
  'new rows, an open boundary': { spec: { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 1 } }, takes: ['append'] },
  'new rows, a closed boundary': { spec: { watermark: {} }, takes: ['append', 'replaceBoundary'] },
  'new rows by key': { spec: { writeStrategy: 'merge', watermark: { key: ['id'], nulls: 'exclude' } }, takes: ['merge'] },
  'new rows and a window': { spec: { watermark: { overlapMs: 1 } }, takes: ['append', 'replaceBoundary', 'replaceRange'] },
  'new files': { spec: { watermark: null }, takes: ['append'] },
  'new files and changed ones': { spec: { changedFiles: 'replace', watermark: null }, takes: ['append', 'replaceSources'] },
};

async function codeWith(spec: SpecChanges, off: Flag | null, home: Partial<HomeCapabilities> = {}): Promise<string> {
  const { ports } = simulated({ pair: { store: 'sql', state: 'memory' }, spec });
  const store: typeof ports.store = async (...of) => {
    const whole = await ports.store(...of);
    return but(whole, { capabilities: { ...whole.capabilities, ...everything, ...(off === null ? {} : { [off]: false }) } });
  };
  const altered = async (...of: Parameters<typeof ports.home>): Promise<Home> => {
    const whole = await ports.home(...of);
    return but(whole, { capabilities: { ...whole.capabilities, ...home } });
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
      const codes = await Promise.all(flags.map((flag) => codeWith(spec, flag)));
      expect(codes).toEqual(flags.map((flag) => (takes.includes(flag) ? 'HYG-2014' : fine)));
      expect(await codeWith(spec, null)).toBe(fine);
    },
  );
});

describe('what a home cannot do', () => {
  const open: SpecChanges = { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 1 } };
  const byKey: SpecChanges = { watermark: { key: ['id'], nulls: 'exclude' } };

  test.each<[string, Partial<HomeCapabilities>, SpecChanges]>([
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
