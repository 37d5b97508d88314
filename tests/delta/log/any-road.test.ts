import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLog, snapshotOf } from '../../../src/delta/log/log.ts';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { type Action, add, features, metaData, padded, part, remove, vector, WrittenLog } from './written-log.ts';

const SEED = 63;
const uuid = '80a083e8-7026-4e79-81be-64bd76c43a11';

/** What a commit does to one of a few paths. */
interface Step {
  readonly path: number;
  readonly kind: 'write' | 'delete rows' | 'remove' | 'write again';
}
interface Written {
  /** The steps of each commit. */
  readonly commits: readonly (readonly Step[])[];
  /** The version of the checkpoint, as a share of the versions, and its kind. */
  readonly at: number;
  readonly form: 'classic' | 'parts' | 'sidecars, top in json' | 'sidecars, top in parquet' | 'sidecars, classic';
  /** The first and the last of the compacted commits, as shares. */
  readonly compacted: readonly [number, number];
  /** Versions that don't need their commits have lost them. */
  readonly isCleaned: boolean;
}

const step = fc.record({ path: fc.nat(7), kind: fc.constantFrom<Step['kind'][]>('write', 'delete rows', 'remove', 'write again') });
const written: fc.Arbitrary<Written> = fc.record({
  commits: fc.array(fc.uniqueArray(step, { selector: ({ path }) => path, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  form: fc.constantFrom<Written['form'][]>('classic', 'parts', 'sidecars, top in json', 'sidecars, top in parquet', 'sidecars, classic'),
  compacted: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  isCleaned: fc.boolean(),
});

/** A model of the table, by path: the `add` that holds, and the number of its vector. */
type Model = ReadonlyMap<string, { readonly action: Action; readonly vectors: number }>;

const described = [features('deletionVectors', 'v2Checkpoint'), metaData({ partitionColumns: ['p'] })];

function pathOf(path: number): string {
  return `p=${path % 3}/file%20${path}.parquet`;
}

function added(path: number, version: number, vectors: number): Action {
  const values = { p: [null, 'é', 'x y'][path % 3] ?? null };
  const stats = version % 2 === 0 ? { stats: JSON.stringify({ numRecords: version }) } : { stats: null };
  return add(pathOf(path), { partitionValues: values, size: version, ...stats, ...(vectors === 0 ? {} : vector(`v${version}`, vectors)) });
}

function removed(path: number, { action }: { readonly action: Action }): Action {
  const { deletionVector = null } = action.add as Action;
  return remove(pathOf(path), { deletionVector });
}

/** The actions of a commit, and the table after it. */
function committed(steps: readonly Step[], version: number, before: Model): { readonly actions: readonly Action[]; readonly after: Model } {
  const actions: Action[] = version === 0 ? [...described] : [];
  const after = new Map(before);
  for (const { path, kind } of steps) {
    const known = before.get(pathOf(path));
    if (kind === 'remove' && known !== undefined) {
      actions.push(removed(path, known));
      after.delete(pathOf(path));
    }
    if (kind === 'delete rows' && known !== undefined) {
      const vectors = known.vectors + 1;
      const action = added(path, version, vectors);
      actions.push(action, removed(path, known));
      after.set(pathOf(path), { action, vectors });
    }
    if ((kind === 'write' && known === undefined) || (kind === 'write again' && known?.vectors === 0)) {
      const action = added(path, version, 0);
      actions.push(action);
      after.set(pathOf(path), { action, vectors: 0 });
    }
  }
  if (actions.length === 0) actions.push({ commitInfo: { operation: 'NOTHING' } });
  return { actions, after };
}

const addsOf = (model: Model): readonly Action[] => [...model.values()].map(({ action }) => action);

/** The newest reference to each file in a run of commits. */
function reconciled(commits: readonly (readonly Action[])[]): readonly Action[] {
  const newest = new Map<string, Action>();
  for (const actions of commits) {
    for (const action of actions) {
      const { path, deletionVector } = (action.add ?? action.remove ?? {}) as { readonly path?: string; readonly deletionVector?: unknown };
      if (action.commitInfo === undefined)
        newest.set(path === undefined ? Object.keys(action).join() : `${path} ${JSON.stringify(deletionVector ?? null)}`, action);
    }
  }
  return [...newest.values()];
}

async function checkpointed(log: WrittenLog, version: number, model: Model, form: Written['form']): Promise<void> {
  const adds = [...addsOf(model), remove('gone')];
  if (form === 'classic') return log.parquet(`${padded(version)}.checkpoint.parquet`, [...described, ...adds]);
  const halves = [0, 1].map((half) => adds.filter((_, i) => i % 2 === half));
  if (form === 'parts') {
    for (const [half, some] of halves.entries())
      await log.parquet(`${padded(version)}.checkpoint.${part(half + 1)}.${part(2)}.parquet`, [...(half === 0 ? described : []), ...some]);
    return;
  }
  for (const [half, some] of halves.entries()) await log.parquet(`_sidecars/s${half}.parquet`, some.length === 0 ? [remove('gone')] : some);
  const top = [
    ...described,
    { checkpointMetadata: { version } },
    ...halves.map((_, half) => ({ sidecar: { path: `s${half}.parquet`, sizeInBytes: null, modificationTime: 1 } })),
  ];
  if (form.endsWith('json')) await log.json(`${padded(version)}.checkpoint.${uuid}.json`, top);
  else
    await log.parquet(
      form.endsWith('classic') ? `${padded(version)}.checkpoint.parquet` : `${padded(version)}.checkpoint.${uuid}.parquet`,
      top,
    );
}

const inOrder = (files: readonly DeltaFile[]) =>
  [...files]
    .map(({ path, partitionValues, bytes, vector: one, stats }) => ({
      path,
      p: partitionValues.p,
      bytes,
      stats,
      rows: one?.cardinality ?? 0,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

const wanted = (model: Model) =>
  addsOf(model)
    .map(({ add: file }) => file as Action)
    .map(({ path, partitionValues, size, stats, deletionVector }) => ({
      path: path as string,
      p: (partitionValues as Action).p,
      bytes: size,
      stats,
      rows: ((deletionVector ?? { cardinality: 0 }) as Action).cardinality,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

describe('a log', () => {
  test('leads to the same table by every road: commits alone, a checkpoint of each kind, compacted commits', async () => {
    await fc.assert(
      fc.asyncProperty(written, async ({ commits, at, form, compacted, isCleaned }) => {
        const log = await WrittenLog.of();
        const models: Model[] = [];
        const actions: (readonly Action[])[] = [];
        for (const [version, steps] of commits.entries()) {
          const made = committed(steps, version, models.at(-1) ?? new Map());
          models.push(made.after);
          actions.push(made.actions);
          await log.commit(version, made.actions);
        }
        const newest = commits.length - 1;
        for (const version of models.keys())
          expect(inOrder((await snapshotOf(log.access, { version })).files)).toEqual(wanted(models[version] as Model));
        const increment = await (await openLog(log.access)).since(0);
        const checkpoint = Math.floor(at * (newest + 0.99));
        await checkpointed(log, checkpoint, models[checkpoint] as Model, form);
        const [from = 0, to = 0] = compacted.map((share) => Math.floor(share * (newest + 0.99))).sort((a, b) => a - b);
        if (from < to) await log.compacted(from, to, reconciled(actions.slice(from, to + 1)));
        if (isCleaned) await log.removeCommits(0, checkpoint - 1);
        for (let version = isCleaned ? checkpoint : 0; version <= newest; version++)
          expect(inOrder((await snapshotOf(log.access, { version })).files)).toEqual(wanted(models[version] as Model));
        const again = await (await openLog(log.access)).since(0);
        if (!isCleaned || checkpoint === 0) expect(again).toEqual({ ...increment, snapshot: expect.objectContaining({ version: newest }) });
        else expect(again).toEqual({ outcome: 'cleaned', oldest: checkpoint });
      }),
      { seed: SEED, numRuns: 20 },
    );
  });
});
