/** Commits and staging that are cut at one message or statement: one suite for every database, whatever cuts there. */
import { expect, test } from 'vitest';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import {
  begins,
  decided,
  finished,
  first,
  idAndName,
  type Load,
  loaded,
  mayPass,
  ways as plain,
  quarantined,
  setApart,
  staged,
  writing,
} from './commits.ts';
import { run } from './connector-conformance/bench.ts';
import { decisionOver } from './connector-conformance/decision.ts';
import { spread } from './samples.ts';

/** A message or statement, from 1. `before`: it never arrives. `after`: it is carried out, and its answer is lost. Either way the connection is gone. */
export interface CutAt {
  readonly number: number;
  readonly when: 'before' | 'after';
}

/** What is in a database. */
export interface Look {
  /** `id name`, in order. */
  readonly rows: readonly string[];
  /** All that are recorded. */
  readonly commits: readonly unknown[];
  /** Tables and records of staging. */
  readonly left: readonly unknown[];
}

/** A store, and its database by a reader of its own. */
export interface Seen {
  store(): Store | Promise<Store>;
  look(): Promise<Look>;
}

export interface Cuttable extends Seen {
  /** Takes away all that a test left. */
  cleared(): Promise<void>;
  /** A store that is cut at one message from now on; undefined: nothing is, and the messages are counted. */
  cut(at: CutAt | undefined): Store | Promise<Store>;
  /** Nothing is cut any more. @returns the messages since, as far as they can be told. */
  healed(): readonly unknown[];
}

/** What a commit does, what it loads, what is there afterwards, and what was there before, but where it begins. */
export type Way = readonly [what: string, load: Load, expected: readonly string[], before: Load];

const brokenBefore: Load = {
  ...first,
  roles: {
    broken: [
      [5n, 'five'],
      [6n, 'six'],
    ],
  },
};
/** Some rows in quarantine settle, and the others stay: they leave quarantine by a run that is killed, once and with their commit. */
export const replay: Way = [
  'takes rows out of quarantine',
  { ...{ epoch: 2, schema: idAndName, releases: true }, rows: [[5n, 'five']], roles: { broken: [[6n, 'six']] } },
  ['1 one', '2 two', '5 five'],
  brokenBefore,
];

export const ways: readonly Way[] = [...plain.map(([what, load, expected]): Way => [what, load, expected, first]), replay];

/** @param of one in so many is cut, in `npm test`; `least` messages a commit takes. */
export function cutsCommits(
  { message, of, least = 1 }: { readonly message: string; readonly of: number; readonly least?: number },
  cuttable: () => Cuttable,
  those: readonly Way[] = ways,
): void {
  test.each(those)(
    `a commit that %s is whole or not there at all when it is cut before or after a ${message}, and is finished by who asks again`,
    async (...given) => {
      const way = those.find(([what]) => what === given[0]) ?? given;
      // Which there are, of a commit that nothing cuts. The first one of a server may ask more.
      await cutAt(cuttable(), way, undefined);
      const whole = await cutAt(cuttable(), way, undefined);
      expect(whole).toBeGreaterThan(least);
      const turn = { nth: those.indexOf(way), lists: those.length };
      for (const at of spread(everyCut(whole), of, turn)) await cutAt(cuttable(), way, at);
    },
  );
}

const everyCut = (messages: number): readonly CutAt[] =>
  Array.from({ length: messages }, (_, at) => (['before', 'after'] as const).map((when) => ({ number: at + 1, when }))).flat();

/** @returns how many messages it took. */
async function cutAt(cuttable: Cuttable, [, load, expected, before]: Way, at: CutAt | undefined): Promise<number> {
  await cuttable.cleared();
  if (load !== begins) await loaded(cuttable.store(), before);
  const intent = await decided(cuttable.store(), load);
  const store = await cuttable.cut(at);
  const outcome = await finished(store, intent);
  const seen = cuttable.healed();
  const round = at && `${at.when} ${at.number}: ${JSON.stringify(seen[at.number - 1])}`;
  // One fewer than were counted: nothing was cut at the last of them.
  expect(seen.length, round).toBeGreaterThanOrEqual((at?.number ?? 1) - 1);
  expect(outcome, round).toMatchObject({ counts: expect.anything() });
  await isWhole(cuttable, { intent, load, expected, round });
  return seen.length;
}

/** Its rows are there, it is recorded once, and nothing is left of it in staging after the next run has swept. */
export async function isWhole(
  seen: Seen,
  of: { readonly intent: Intent; readonly load: Load; readonly expected: readonly string[]; readonly round: string | undefined },
): Promise<void> {
  const { intent, load, expected, round } = of;
  const store = await seen.store();
  expect(await store.head(), round).toMatchObject({ id: intent.id, rows: expected.length });
  expect(await quarantined(store), round).toEqual(load.roles?.broken ?? []);
  expect(await swept(seen), round).toMatchObject({ rows: expected, commits: { length: load === begins ? 1 : 2 }, left: [] });
}

/** As the next run does it first. */
export async function swept(seen: Seen): Promise<Look> {
  await (await seen.store()).sweep({ lineage: 'l1', before: 99 });
  return seen.look();
}

/** Into tables of an attempt's own, and into one that attempts share. */
export const stagings: readonly (readonly [string, Load])[] = [
  ['of rows that are added', { ...first, epoch: 2 }],
  ['of a full load', { ...first, epoch: 2, writing: writing('swap') }],
];

export function cutsStaging({ message, of }: { readonly message: string; readonly of: number }, cuttable: () => Cuttable): void {
  test.each(stagings)(`staging %s that is cut at a ${message} leaves nothing that counts, and is swept`, async (_, load) => {
    const side = cuttable();
    await side.cleared();
    await loaded(side.store(), first);
    const stage = async (at: CutAt | undefined) => {
      const parts = await staged(side.cut(at), load).catch((error: unknown) => error);
      return [parts, side.healed().length] as const;
    };
    const [whole, messages] = await stage(undefined);
    expect(whole).toHaveLength(1);
    for (const at of spread(everyCut(messages), of)) {
      const [parts] = await stage(at);
      // A connection that turns out to be dead when it is taken is replaced.
      expect(Array.isArray(parts) || mayPass(parts), `${at.when} ${at.number}: ${parts}`).toBe(true);
    }
    expect(await swept(side)).toMatchObject({ rows: ['1 one', '2 two'], left: [] });
  });

  test(`rows of one key that are set apart settle or lie apart once, when that is cut at a ${message} and begun again`, async () => {
    const side = cuttable();
    const load = { ...first, epoch: 2, rows: [[5n, 'a'] as const, [6n, 'b'] as const, [7n, 'a'] as const] };
    const separated = async (at: CutAt | undefined) => {
      await side.cleared();
      await loaded(side.store(), first);
      const parts = await staged(side.store(), load);
      const cut = await side.cut(at);
      const told = await again(() => setApart(cut, parts, { ...load, columns: ['name'] }));
      const messages = side.healed().length;
      const round = at && `${at.when} ${at.number}`;
      expect(told.rows, round).toBe(1);
      const store = await side.store();
      await finished(
        store,
        await decisionOver(store, { run: run(2), parts: told.parts, supersede: { what: 'nothing' }, schema: idAndName }),
      );
      expect(await quarantined(store), round).toEqual([[7n, 'a']]);
      // All that the commit needed is gone with it: a sweep finds what was cut.
      if (at === undefined) expect((await side.look()).left, round).toEqual([]);
      expect(await swept(side), round).toMatchObject({ rows: ['1 one', '2 two', '5 a', '6 b'], left: [] });
      return messages;
    };
    const whole = await separated(undefined);
    for (const at of spread(everyCut(whole), 2 * of)) await separated(at);
  });
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || tries > 5) throw error;
    }
  }
}
