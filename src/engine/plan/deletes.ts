/** What happens to rows that a source reports as deleted. */

import type { Column, Schema } from '../../frames/schema.ts';
import { asColumn, asConstant } from '../../frames/values/conforms.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Step } from '../contracts/frame.ts';
import type { Home, SourceDescription } from '../contracts/home.ts';
import { aroundHome, deletedAtColumn, deletedColumn, isFrame } from '../contracts/home.ts';
import type { Deletes, EntitySpec } from '../contracts/spec.ts';
import { comparesByRewriting, type Store } from '../contracts/store.ts';
import {
  comparedInVain,
  deletesInBackfill,
  deletesNotApplied,
  deletesNotTold,
  deletesWithoutKey,
  keyNotCompared,
  markedRowsWiped,
  markNameTaken,
  nothingToCompare,
  rowsMaybeHidden,
  rowsNotMarked,
  type SourceWindow,
  sourceForgets,
  storeNotCompared,
} from '../errors/deletes.ts';
import { hasSettled } from '../protocol/periodic.ts';
import { isKnownByReading, keyUse } from './capabilities.ts';

interface Sides {
  readonly spec: EntitySpec;
  readonly home: Home;
  readonly store: Store;
  /** Present if the run is a backfill. */
  readonly lane?: unknown;
}

/**
 * What happens to deleted rows. If the config says it, the config decides. If the config does not say it, the deletes of a change feed are applied to
 * rows that are merged by their key. In all other cases, deleted rows settle as the source reports them.
 */
export function effectiveDeletes(spec: EntitySpec, store: Pick<Store, 'writes' | 'removes'>): Deletes {
  if (spec.deletes !== 'unsaid' || spec.watermark?.changes === undefined) return spec.deletes;
  return store.removes.has('keys') && keyUse(store, spec) === 'merges' ? 'apply' : 'unsaid';
}

/**
 * Throws HYG-2085 if the source reports no deletes. Throws HYG-2084 if deletes should be applied and can’t be. Throws HYG-2105 if a mark would remove
 * the values of its row. Throws HYG-2087 if keys can’t be compared.
 */
export function checkDeletes({ spec, home, store, lane }: Sides): void {
  checkComparison({ spec, home, store });
  if (wipesMarked(spec, { home, store })) throw markedRowsWiped(spec, store.where);
  if (spec.deletes === 'unsaid') return;
  if (!home.reading.tellsDeletes) throw deletesNotTold(spec);
  if (spec.deletes !== 'apply') return;
  if (!store.writes.has('merge') || !store.removes.has('keys')) throw deletesNotApplied(spec, store.where);
  if (spec.writeStrategy !== 'merge' || (spec.watermark?.key ?? []).length === 0) throw deletesWithoutKey(spec);
  // A backfill is refused: after it, deletes that happened later than the range would be forgotten, so the deleted rows would be back.
  if (lane !== undefined) throw deletesInBackfill(spec);
}

/** Whether a marked row that has only its key would replace a whole row. */
function wipesMarked(spec: EntitySpec, { home, store }: Pick<Sides, 'home' | 'store'>): boolean {
  return marksKeysAlone(home, effectiveDeletes(spec, store)) && keyUse(store, spec) === 'merges' && !store.mergesPartialRows;
}

/** Whether deleted rows settle with a mark, and the home returns only their key. */
export function marksKeysAlone({ reading }: Pick<Home, 'reading'>, deletes: Deletes): boolean {
  return reading.tellsDeletes && reading.deletedRows === 'key' && (deletes === 'mark' || deletes === 'unsaid');
}

const markColumns: readonly Column[] = [
  { name: deletedColumn, type: { kind: 'bool' }, nullable: true },
  { name: deletedAtColumn, type: { kind: 'timestamp', unit: 'us', zone: 'UTC' }, nullable: true },
];

/** The home as a run reads it: with the marks that the config wants, and without the deleted rows that the config leaves out. */
export function homeOfRun(spec: EntitySpec, store: Pick<Store, 'writes' | 'removes'>, home: Home): Home {
  return withMarks(spec, withDeletes(effectiveDeletes(spec, store), home));
}

/** The home as the run reads it if comparisons mark deleted rows. Then each row that is read gets the marks of a row that exists. */
function withMarks(spec: EntitySpec, home: Home): Home {
  if (spec.compareDeletes?.action !== 'mark') return home;
  // Kept by schema, because the frames of a file share their schema.
  const known = new WeakMap<Schema, Schema>();
  const marked = (schema: Schema): Schema => {
    const own = schema.columns.find(({ name }) => markColumns.some((mark) => mark.name === name.toLowerCase()));
    if (own !== undefined) throw markNameTaken(spec, own.name);
    const found = known.get(schema) ?? { ...schema, columns: [...schema.columns, ...markColumns] };
    known.set(schema, found);
    return found;
  };
  return {
    ...aroundHome(home),
    describe: async (...of) => {
      const step = await home.describe(...of);
      return 'done' in step && step.done.schema ? { done: { ...step.done, schema: marked(step.done.schema) } } : step;
    },
    async *read(...of) {
      for await (const item of home.read(...of)) {
        if (!isFrame(item)) {
          yield item;
          continue;
        }
        const own = item.schema.columns.map((column) => asColumn(column));
        const marks = markColumns.map((column) => (column.name === deletedColumn ? asConstant(column, 'false') : asColumn(column, null)));
        yield await item.conform({ schema: marked(item.schema), columns: [...own, ...marks], samples: 'mask' });
      }
    },
  };
}

/** The home as the run reads it. With `ignore`, it leaves out rows that are reported as deleted. With `ignore` and `apply`, the column that reports deletes does not settle. */
function withDeletes(deletes: Deletes, home: Home): Home {
  if (!home.reading.tellsDeletes || (deletes !== 'ignore' && deletes !== 'apply')) return home;
  return {
    ...aroundHome(home),
    describe: async (...of) => withoutColumn(await home.describe(...of)),
    async *read(...of) {
      for await (const item of home.read(...of))
        yield deletes === 'ignore' && isFrame(item) ? (await item.apart(deletedColumn)).unset : item;
    },
  };
}

/** The schema without the column in which a source marks deleted rows. */
export function withoutDeletedColumn(schema: Schema): Schema {
  return { ...schema, columns: schema.columns.filter(({ name }) => name !== deletedColumn) };
}

function withoutColumn(step: Step<SourceDescription>): Step<SourceDescription> {
  return 'done' in step && step.done.schema ? { done: { ...step.done, schema: withoutDeletedColumn(step.done.schema) } } : step;
}

/** Throws HYG-2087 if the entity’s keys can’t be compared. Every plan calls it, so that already the first run reports the error. */
function checkComparison({ spec, home, store }: Sides): void {
  if (spec.compareDeletes === undefined) return;
  if (home.reading.tellsDeletes) throw comparedInVain(spec, 'told');
  if (spec.runType !== 'incremental') throw comparedInVain(spec, 'full load');
  if (home.reading.absence === 'maybe hidden') throw rowsMaybeHidden(spec);
  if ((spec.watermark?.key ?? []).length === 0) throw keyNotCompared(spec);
  const window = windowOf(home);
  if (window === 'journal' || (window !== undefined && !spec.compareDeletes.isComplete)) throw sourceForgets(spec, window);
  const can = comparesByRewriting(store) || (store.removes.has('keys') && keyUse(store, spec) === 'merges');
  if (!can || store.settled === undefined) throw storeNotCompared(spec, store);
  if (spec.compareDeletes.action === 'mark' && store.settled.gives === 'keys') throw rowsNotMarked(spec, store.where);
}

/** Why the source may lack rows that were never deleted. Undefined: no reason is known. */
function windowOf(home: Home): SourceWindow | undefined {
  const { reading, files, rowCondition } = home;
  if (reading.absence === 'forgotten') return 'journal';
  if (files?.isOne === false) return 'files';
  if (isKnownByReading(home)) return 'pages';
  return rowCondition.startsWith('where ') ? 'where' : undefined;
}

/** Throws HYG-2004 or HYG-2087 if there are no settled rows whose keys could be compared. */
export function mustBeComparable(sides: Sides, row: StateRow | undefined): void {
  checkComparison(sides);
  if (sides.spec.compareDeletes === undefined || !hasSettled(row)) throw nothingToCompare(sides.spec);
}
