import * as z from 'zod';
import {
  changeVersionColumn,
  type EntitySpec,
  entityDefaults,
  type ReplicationSpec,
  type VerifySpec,
  type WatermarkSpec,
} from '../../engine/contracts/spec.ts';
import { check } from '../check/check.ts';
import { entitySettings } from '../schema/schema.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { entry, type MapNode, only, textOf } from '../yaml/tree.ts';
import { settleEvolution } from './evolution.ts';
import { resolveMask, settlePolish } from './polish.ts';
import { strategyConflict } from './strategy.ts';

export type Settings = Pick<
  EntitySpec,
  | 'runType'
  | 'ifExists'
  | 'writeStrategy'
  | 'watermark'
  | 'onEmpty'
  | 'onShrink'
  | 'changedFiles'
  | 'polish'
  | 'mask'
  | 'schema'
  | 'keepMs'
  | 'compactEveryMs'
  | 'fullEveryMs'
  | 'deletes'
  | 'compareDeletes'
  | 'verify'
  | 'replication'
  | 'expect'
  | 'stallMs'
>;

const schema = z.strictObject(entitySettings).partial();
type ReadSettings = z.infer<typeof schema>;

const keepByDefaultMs = 90 * 86_400_000;
const stallByDefaultMs = 10 * 60_000;

/** The merged settings of one entity without its sides, with defaults filled in; undefined: the settings are invalid. */
export function settleSettings(
  merged: MapNode,
  subject: { readonly name: string; readonly spot: Spot },
  problems: Problems,
): Settings | undefined {
  const tree = only(merged, (key) => key in entitySettings);
  checkColumn(tree, problems);
  const read = check(schema, tree, { ...subject, prefix: [] }, problems)?.value;
  if (read === undefined) return undefined;
  const polish = settlePolish(read.polish, tree, problems);
  const watermark = watermarkOf(read);
  const mask = resolveMask(read.polish, tree, { watermark, problems });
  const verify = verifyOf(read, tree, problems);
  const replication = replicationOf(read);
  const settings = {
    runType: read.run_type ?? 'full_drop',
    ifExists: read.if_exists ?? 'fail',
    writeStrategy: read.write_strategy ?? null,
    watermark,
    onEmpty: read.on_empty ?? 'replace',
    onShrink: read.on_shrink ?? 'warn',
    changedFiles: read.changed_files ?? 'fail',
    schema: settleEvolution(read, tree, problems),
    keepMs: read.keep ?? keepByDefaultMs,
    ...deletesOf(read, tree, problems),
    fullEveryMs: read.full_every ?? entityDefaults.fullEveryMs,
    compactEveryMs: read.compact?.every ?? entityDefaults.compactEveryMs,
    ...(verify === undefined ? {} : { verify }),
    ...(replication === undefined ? {} : { replication }),
    stallMs: read.stall === 0 ? entityDefaults.stallMs : (read.stall ?? stallByDefaultMs),
    ...(read.expect == null ? {} : { expect: { everyMs: read.expect.every ?? null, except: read.expect.except ?? [] } }),
    ...(polish === undefined ? {} : { polish }),
    mask: mask ?? entityDefaults.mask,
  } as const;
  return agrees(settings, tree, problems) ? settings : undefined;
}

/** In a small table a few rows are a large share: one row of ten is 10%. */
const mostByDefault = { mostPercent: 5, mostRows: 10 };
const pauseByDefaultMs = 10_000;

/** Each layer may write a part of the map, so only the merged result shows whether `compare` is set. */
function deletesOf({ deletes }: ReadSettings, tree: MapNode, problems: Problems): Pick<EntitySpec, 'deletes' | 'compareDeletes'> {
  if (deletes === undefined) return { deletes: 'unsaid' };
  if (typeof deletes === 'string') return { deletes };
  const { compare: everyMs, then: action = 'apply', max: mostPercent, complete, pause: pauseMs = pauseByDefaultMs } = deletes;
  if (everyMs === undefined) {
    problems.add({
      code: 'HYG-1012',
      what: '`compare` is missing: `deletes` needs it.',
      tryThis: ['Set how often keys are compared: `deletes: { compare: 1d }`.'],
      spot: entry(tree, 'deletes')?.spot ?? tree.spot,
      missing: 'deletes.compare',
    });
    return { deletes: 'unsaid' };
  }
  const most = mostPercent === undefined ? mostByDefault : { mostPercent };
  return { deletes: 'unsaid', compareDeletes: { everyMs, action, ...most, pauseMs, ...(complete ? { isComplete: true } : {}) } };
}

/** Each layer may write a part of the watermark, so only the merged result shows whether its column is set. */
function checkColumn(tree: MapNode, problems: Problems): void {
  const held = entry(tree, 'watermark');
  if (held?.value.kind !== 'map') return;
  if (held.value.entries.has('changes')) {
    checkBesideChanges(held.value, problems);
    return;
  }
  if (held.value.entries.has('column')) return;
  problems.add({
    code: 'HYG-1012',
    what: '`column` is missing: `watermark` needs it.',
    tryThis: ['Name the column whose largest value is remembered: `watermark: { column: updated_at }`.'],
    spot: held.spot,
    missing: 'watermark.column',
  });
}

const besideChanges: ReadonlySet<string> = new Set(['changes', 'key']);

/** With `watermark.changes`, the watermark is the version of a commit. So a lag, an initial value and a setting for nulls have no meaning. */
function checkBesideChanges(watermark: MapNode, problems: Problems): void {
  for (const [key, { spot }] of watermark.entries)
    if (!besideChanges.has(key))
      problems.add({
        code: 'HYG-1010',
        what: `${quoted(`watermark.${key}`)} has no meaning next to ${quoted('watermark.changes')}.`,
        why: ['The source itself reports changes in the order of its commits. So no column is needed, and no change arrives late.'],
        tryThis: [
          `Remove ${quoted(key)}.`,
          ...(key === 'lag' && textOf(watermark, 'changes') === 'events'
            ? ['To leave recent events for a later run, set `events: { lag: 5m }` in `home`.']
            : []),
          'Or remove `changes`, and name a `column` that increases with new rows.',
        ],
        spot,
      });
}

function watermarkOf({ watermark }: ReadSettings): WatermarkSpec | null {
  if (watermark?.changes !== undefined) return ofChanges(watermark.changes, watermark.key ?? []);
  if (watermark?.column === undefined) return null;
  return {
    column: watermark.column,
    initial: watermark.initial ?? null,
    key: watermark.key ?? [],
    lagMs: watermark.lag ?? 0,
    ...(watermark.lag === 0 ? { noLag: true } : {}),
    overlapMs: watermark.overlap ?? 0,
    nulls: watermark.nulls ?? 'fail',
    boundary: watermark.boundary ?? 'closed',
    future: watermark.future ?? 'wait',
  };
}

/** The comparison after a commit: `checksums` includes `counts` if layers set both. Undefined: rows are not compared after a commit. */
function verifyOf({ verify }: ReadSettings, tree: MapNode, problems: Problems): VerifySpec | undefined {
  if (verify === undefined || verify === null) return undefined;
  const written = typeof verify === 'string' ? { [verify]: true } : verify;
  const wanted = written as Exclude<typeof verify, string>;
  // The answer of Fabric, that it has applied the settled rows, shows nothing about the source.
  const isWhole = wanted.checksums ?? (wanted.counts !== true && !isOnlyReplicated(wanted));
  if (!isWhole && wanted.counts !== true) return undefined;
  if (!isWhole && wanted.columns !== undefined) {
    problems.add({
      code: 'HYG-1010',
      what: '`verify.columns` has no meaning next to `verify.counts`.',
      why: ['`verify.counts` compares no columns.'],
      tryThis: ['Remove `columns`.', 'Or compare the rows: `verify: { checksums: true }`.'],
      spot: entry(tree, 'verify')?.spot ?? tree.spot,
    });
  }
  return {
    by: isWhole ? 'checksums' : 'counts',
    everyMs: wanted.every ?? null,
    columns: wanted.columns ?? null,
    onDifference: wanted.on_difference ?? 'warn',
  };
}

function isOnlyReplicated({ replicated, counts, columns, every }: Exclude<NonNullable<ReadSettings['verify']>, string>): boolean {
  return replicated !== undefined && replicated !== false && counts === undefined && columns === undefined && every === undefined;
}

const replicatedWithinMs = 30 * 60_000;

function replicationOf({ verify }: ReadSettings): ReplicationSpec | undefined {
  if (verify === undefined || verify === null || typeof verify === 'string') return undefined;
  const { replicated = false, on_difference } = verify;
  if (replicated === false) return undefined;
  return { withinMs: replicated === true ? replicatedWithinMs : replicated, fails: on_difference === 'fail' };
}

/** Each change of a row gives the row a new version. So a row is never read twice under the same version. */
function ofChanges(changes: string, key: readonly string[]): WatermarkSpec {
  const exact = { initial: null, lagMs: 0, overlapMs: 0, nulls: 'exclude', boundary: 'open', future: 'take' } as const;
  return { column: changeVersionColumn, changes, key, ...exact };
}

function agrees(settings: Settings, tree: MapNode, problems: Problems): boolean {
  const hasKey = (settings.watermark?.key.length ?? 0) > 0;
  const spot = entry(tree, 'write_strategy')?.value.spot ?? tree.spot;
  if (settings.writeStrategy === 'merge' && !hasKey) {
    problems.add({
      code: 'HYG-1051',
      what: '`write_strategy: merge` needs the columns that identify a row.',
      tryThis: ['Add them to the watermark: `watermark: { column: updated_at, key: [id] }`.', 'Or remove `write_strategy`.'],
      spot,
    });
    return false;
  }
  const conflict = strategyConflict({ ...settings, hasKey });
  if (conflict === undefined) return true;
  problems.add({
    code: 'HYG-1050',
    what: conflict.what,
    why: ['`run_type`, `if_exists` and the key set what a run does. `write_strategy` only sets how.'],
    tryThis: [conflict.tryThis],
    spot,
  });
  return false;
}
