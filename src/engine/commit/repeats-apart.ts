/** Sets rows apart whose key occurs more than once in the run. This happens before the commit is decided, so that only the newest row of each key settles. */
import { type SeparatingCheck, setsRowsApart } from '../../checks/check.ts';
import { columnOf } from '../../checks/judge-checks.ts';
import type { BrokenFor } from '../../frames/rules/judge.ts';
import { sameKeyReason } from '../../frames/rules/reason.ts';
import { fewSamples, sampleOf } from '../../frames/rules/sample.ts';
import type { BoundaryGroup } from '../../frames/watermark.ts';
import { retry } from '../../ports/retry.ts';
import { defined, filled } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { isData, type Part, rowsOf, type Store } from '../contracts/store.ts';
import { nullsDiffer, rowsDiffer } from '../errors/run.ts';
import { keyOf } from '../keys/key-runs.ts';
import { entityRunOf } from '../move/frame-stream.ts';
import { mustSettle, stampedColumns } from '../validation/rows.ts';
import type { SetApart } from '../validation/verdict.ts';
import { type GatheredReceipts, nullsOf } from './gather.ts';
import { repeatedIn } from './uniqueness.ts';

interface ApartRequest {
  readonly ports: EnginePorts;
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly store: Store;
  readonly gathered: GatheredReceipts;
}

export interface Separated {
  readonly gathered: GatheredReceipts;
  readonly apart: readonly SetApart[];
  /** Lists of columns, as `keyOf` writes them, in which each key occurred once. */
  readonly unique: ReadonlySet<string>;
}

/** Sets repeated rows apart, one check after the other, so that a later check leaves out rows that are already apart. `parts lost`: some of the staged rows are gone. */
export async function withRepeatsApart({ gathered, ...of }: ApartRequest): Promise<Separated | 'parts lost'> {
  const checks = isOfSource(gathered) ? (of.spec.validation?.checks ?? []).filter(setsRowsApart) : [];
  let [so, apart]: [GatheredReceipts, readonly SetApart[]] = [gathered, []];
  const unique = new Set<string>();
  for (const check of checks) {
    const { name, columns } = check;
    const found = await repeatedIn(so, columns, of.store);
    if (found.keys === 0) {
      unique.add(keyOf(columns));
      continue;
    }
    mustNotBeTooMany(of.spec, so, found.rows);
    const next = await setApart({ ...of, gathered: so }, check);
    if (next === 'parts lost') return next;
    so = next.gathered;
    const samples = fewSamples(found.examples.map((texts) => sampleOf(texts.join(', '), of.spec.validation?.samples ?? 'mask')));
    apart = [...apart, { check: name, column: columnOf(check), rows: next.rows, samples }];
  }
  return { gathered: so, apart, unique };
}

/** Only rows of the source are compared. Rows that had settled before, or that leave the quarantine, are staged unchanged. */
const isOfSource = ({ work }: GatheredReceipts): boolean => work.kind === 'source';

/** Throws before any row is moved if the limit would be exceeded. @param rows the least number of rows that will be set apart. */
function mustNotBeTooMany(spec: EntitySpec, { measures, samples, parts, rejected }: GatheredReceipts, rows: number): void {
  const [broken, quarantined] = [rowsOf(parts, isBroken) + rows, rowsOf(parts, ({ role }) => role === 'quarantine')];
  mustSettle(spec, { measures, samples, broken, quarantined, read: measures.rows + rejected });
}

async function setApart(
  { ports: _, spec, plan, store, gathered }: ApartRequest,
  check: SeparatingCheck,
): Promise<{ readonly gathered: GatheredReceipts; readonly rows: number } | 'parts lost'> {
  const { name, columns } = check;
  const { schema, parts, writing, boundary } = gathered;
  const { repeats } = store;
  if (schema === null || repeats?.by !== 'store') throw new Error(`${store.where} sets no rows apart`);
  const apartFor: BrokenFor = {
    rule: name,
    column: columnOf(check),
    reason: sameKeyReason(columns),
    stamped: stampedColumns(spec),
  };
  const watermark = plan.column && { ...plan.column, column: plan.watermarkAs ?? plan.column.column };
  const request = {
    ...{ run: entityRunOf(spec, plan), writing, slice: plan.slices.length, schema, watermark, columns, parts, mergeKey: writing.key },
    ...defined({ precision: plan.precision ?? undefined }),
    ...{ apartFor, signal: new AbortController().signal },
  };
  const told = await retry(() => repeats.setApart(request));
  if (told === 'parts lost') return told;
  mustBeAll(spec, gathered, told);
  const apart = rowsOf(told.parts, isOpen) - rowsOf(parts, isOpen);
  const open =
    boundary === null || apart === 0
      ? {}
      : { boundary: withApart(boundary, { apart, nulls: nullsOf(plan, schema, parts) - nullsOf(plan, schema, told.parts) }) };
  return { gathered: { ...gathered, parts: told.parts, ...open }, rows: told.rows };
}

function withApart(group: BoundaryGroup, moved: { readonly apart: number; readonly nulls: number }): BoundaryGroup {
  const { apart = 0, nulls = 0, ...same } = group;
  return { ...same, ...filled({ apart: apart + moved.apart, nulls: Math.max(0, nulls - moved.nulls) }) };
}

const isBroken = ({ role }: Part): boolean => role === 'broken';
const isOpen = (part: Part): boolean => isBroken(part) && part.ofGroup === true;

/** Throws unless each row and each value still settles, as data or separately. */
function mustBeAll(
  spec: EntitySpec,
  { parts: before, schema }: GatheredReceipts,
  { parts: now, rows }: { readonly parts: readonly Part[]; readonly rows: number },
): void {
  const isAny = (part: Part) => isData(part) || isBroken(part);
  const moved = rowsOf(now, isBroken) - rowsOf(before, isBroken);
  if (rowsOf(before, isAny) !== rowsOf(now, isAny)) throw rowsDiffer(spec, rowsOf(before, isAny), rowsOf(now, isAny));
  if (moved !== rows) throw rowsDiffer(spec, rows, moved);
  const nulls = (parts: readonly Part[], at: number) => parts.reduce((sum, part) => sum + (isAny(part) ? (part.nulls[at] ?? 0) : 0), 0);
  for (const [at, { name }] of (schema?.columns ?? []).entries())
    if (nulls(before, at) !== nulls(now, at)) throw nullsDiffer(spec, name, nulls(before, at), nulls(now, at));
}
