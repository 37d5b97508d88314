/** The columns that a run will settle, compared with the settled columns. Planning and `hygge schema` use it. It reads only metadata. */
import type { ExpectedColumn } from '../../checks/destination.ts';
import { factsOf } from '../../checks/drift.ts';
import { changeText } from '../../checks/drift-text.ts';
import { type Decision, overridesPolicy } from '../../checks/evolve.ts';
import { sameSchema } from '../../frames/describe-type.ts';
import type { Names } from '../../frames/polish/polish.ts';
import { hashChanges } from '../../frames/polish/settled-columns.ts';
import type { Schema } from '../../frames/schema.ts';
import { defined } from '../../ports/values.ts';

import type { Standing } from '../contracts/catalog.ts';
import type { SourceDescription } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Baseline, PlanFacts, SchemaSnapshot } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { hashesChanged, onlyCaseDiffers, polishChanged } from '../errors/run.ts';
import { isSchemaAccepted } from './acceptance.ts';
import { keyDecisions, returnedColumns, withFirstNoticed } from './drift-report.ts';
import { configuredColumns } from './evolved-schema.ts';
import { type PlannedColumns, type RunFacts, type Shaper, shaperFor } from './shaper.ts';
import { polishFingerprint } from './snapshot.ts';

export interface EntityShapeRequest {
  readonly spec: EntitySpec;
  readonly store: Store;
  /** The snapshot from which the run continues, `snapshotInForce`. */
  readonly snapshot: SchemaSnapshot | undefined;
  readonly run: RunFacts;
  readonly load: Baseline['load'];
  /** The columns of the key: `keysOf`. */
  readonly keys: readonly string[];
  /** The destination’s content. Absent: only the settled columns are compared. */
  readonly there?: Standing;
  /** `Baseline.keeps`: whether rows go into the existing table. */
  readonly keeps?: boolean;
  /** Present if the columns are shaped as if a person had accepted the source’s columns, to show the effect. */
  readonly asIfAccepted?: true;
}

export interface SourceShape
  extends Pick<PlanFacts, 'schema' | 'names' | 'before' | 'expects' | 'drift' | 'source' | 'changes' | 'precision'> {
  readonly shaping: Shaper;
  /** For each column of `schema`, its column in the source. Null: the column is added. */
  readonly origins: readonly (string | null)[];
}

/** The key of the rows: the source’s own key or else the key of the config. */
export function keysOf({ watermark }: EntitySpec, { keys }: Pick<SourceDescription, 'keys'>): readonly string[] {
  return keys ?? watermark?.key ?? [];
}

/** The settled names of the source’s columns, as long as polish names columns. */
export function namesPolishKeeps({ polish }: EntitySpec, snapshot: SchemaSnapshot | undefined): Names | null {
  return polish?.names ? (snapshot?.names ?? null) : null;
}

export async function shapeSource(ports: EnginePorts, request: EntityShapeRequest, source: Schema | null): Promise<SourceShape> {
  if (request.asIfAccepted || source === null) return shapedWhere(request, source, request.asIfAccepted === true);
  const [shaped] = await Promise.allSettled([shapedWhere(request, source, false)]);
  // If all columns are as they settled, no acceptance is needed.
  if (shaped.status === 'fulfilled' && isAsSettled(shaped.value, request, source)) return shaped.value;
  if (await isSchemaAccepted(ports, request.spec, source)) return shapedWhere(request, source, true);
  if (shaped.status === 'rejected') throw shaped.reason;
  return shaped.value;
}

function isAsSettled({ shaping, schema, before }: SourceShape, { snapshot, spec }: EntityShapeRequest, source: Schema): boolean {
  if (spec.schema.expected !== null || shaping.decisions(source).length > 0) return false;
  if (snapshot === undefined) return before.there?.content === 'empty';
  return before.expected !== null && schema !== null && sameSchema(schema, snapshot.schema);
}

async function shapedWhere(request: EntityShapeRequest, source: Schema | null, accepted: boolean): Promise<SourceShape> {
  const { spec, store, snapshot, run, load, keys } = request;
  // A full load with another polish starts anew, because a person changed the columns, and not the source.
  const anew = load === 'full' && snapshot?.polish !== polishFingerprint(spec);
  const repolished = snapshot && snapshot.polish !== polishFingerprint(spec) ? { repolished: true as const } : {};
  const names = namesPolishKeeps(spec, snapshot);
  const unshaped = await shaperFor(spec, store, run, { names, expected: null, accepted: false, load });
  const before: Baseline = {
    ...(source === null ? {} : configuredColumns(spec, unshaped.polished(source))),
    expected: anew ? null : (snapshot?.expects ?? null),
    order: snapshot?.source?.order,
    accepted,
    load,
    ...repolished,
    ...defined({ there: request.there, keeps: request.keeps }),
  };
  const planned: PlannedColumns = { ...before, names };
  const shaping = await shaperFor(spec, store, run, planned);
  if (source === null)
    return {
      shaping,
      schema: null,
      origins: [],
      names: planned.names,
      before,
      expects: null,
      drift: [],
      source: null,
      changes: [],
      precision: null,
    };
  const schema = shaping.schema(source);
  const decisions = shaping.decisions(source);
  const order = shaping.order(source);
  const returned = returnedColumns(snapshot, { names: order, load });
  if (snapshot && load === 'incremental') checkPolish(spec, { snapshot, polished: shaping.polished(source), decisions, accepted });
  if (!accepted && (snapshot === undefined || snapshot.polish === polishFingerprint(spec)))
    mustDifferByMore(spec, decisions, before.expected);
  return {
    shaping,
    schema,
    origins: shaping.origins(source),
    names: shaping.names(source),
    before,
    expects: shaping.expects(source),
    drift: withFirstNoticed([...decisions, ...returned, ...keyDecisions(snapshot, keys)], snapshot, run.startedAt),
    source: { order, keys },
    changes: shaping.changes(source),
    precision: shaping.precision(source),
  };
}

/** Throws if a column’s name differs from an expected name only in case, because it would count as another column. */
function mustDifferByMore(spec: EntitySpec, decisions: readonly Decision[], expected: readonly ExpectedColumn[] | null): void {
  const settled = folded((expected ?? []).flatMap(({ from }) => from ?? []));
  const removed = new Set(decisions.flatMap(({ drift }) => (drift.kind === 'removed' ? [drift.column.name] : [])));
  // A source may have both columns, and the contract may name one of them.
  const missed = folded((spec.schema.expected?.columns ?? []).flatMap(({ name }) => (removed.has(name) ? [name] : [])));
  for (const { drift } of decisions) {
    if (drift.kind !== 'added') continue;
    const now = drift.column.name;
    const of = now.toLowerCase();
    const known = missed.get(of) ?? settled.get(of);
    if (known !== undefined && known !== now) throw onlyCaseDiffers(spec, { known, isExpected: missed.has(of), now });
  }
}

const folded = (names: readonly string[]): ReadonlyMap<string, string> => new Map(names.map((name) => [name.toLowerCase(), name]));

/** Throws if polish has changed. This is not drift of the source: the rows that settled before would be under other names. */
function checkPolish(
  spec: EntitySpec,
  found: {
    readonly snapshot: SchemaSnapshot;
    readonly polished: Schema;
    readonly decisions: readonly Decision[];
    readonly accepted: boolean;
  },
): void {
  const { snapshot, polished, decisions, accepted } = found;
  const hashes = hashChanges(snapshot.schema, polished);
  if (hashes.length > 0) throw hashesChanged(spec, hashes);
  const changes = decisions.filter(
    ({ drift: { kind }, policy }) => policy !== overridesPolicy && (kind === 'added' || kind === 'removed' || kind === 'type'),
  );
  if (accepted || changes.length === 0 || snapshot.polish === polishFingerprint(spec)) return;
  throw polishChanged(
    spec,
    changes.map(({ drift }) => changeText(factsOf(drift.kind === 'removed' ? { ...drift, renamedTo: null } : drift))),
  );
}
