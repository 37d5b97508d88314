/** What a run is going to do, as one event. A live run emits it after planning. A dry run emits only this event. */

import { describeType, sameType } from '../../frames/describe-type.ts';
import { documentLoss } from '../../frames/documents.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import { holds } from '../../frames/widening.ts';
import type { HyggeEvent, PlannedColumn } from '../../ports/events.ts';
import { codeOf, type Note, type Noted } from '../../ports/notes.ts';
import { defined, filled } from '../../ports/values.ts';
import type { Home } from '../contracts/home.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { changeFacts } from '../schema/fit.ts';
import { dependentsOfOldTable } from './bound.ts';
import { shrinkageOf, shrunkNotes } from './replacement.ts';
import type { SettledSurvey } from './settled-plan.ts';
import type { Survey } from './survey.ts';

export function planEvent(
  ids: RunIds,
  ports: EnginePorts,
  found: { spec: EntitySpec; home: Home; store: Store; survey: Survey; ddl?: readonly string[] | undefined },
): HyggeEvent {
  const { spec, home, store, survey, ddl } = found;
  const planned = plannedRows(survey);
  const shrunk = planned.n === null || !planned.exact ? [] : shrunkNotes(spec, shrinkageOf(survey, planned.n));
  const notes = [...survey.warnings, ...shrunk, ...survey.notes];
  return {
    ...eventBase(ids, ports),
    event: 'plan',
    from: home.place,
    to: store.where,
    mode: modeOf(survey),
    window: {
      column: survey.column?.column ?? null,
      lower: survey.window.lower?.text ?? null,
      upper: survey.window.upper?.text ?? null,
      ...filled({ upper_excluded: survey.window.upper?.inclusive === false }),
    },
    rows: planned,
    ...filled({ looked_at: survey.description.looked }),
    bytes: read(survey).reduce<number | null>((sum, { slice }) => (sum === null || slice.bytes === null ? null : sum + slice.bytes), 0),
    slices: read(survey).length,
    schema: columns(survey),
    creates: survey.target.content === 'empty' ? [store.where] : [],
    replaces: replaced(survey, store).map((note) => ports.words.note(note)),
    ...filled({ changes: survey.changes.map(changeFacts) }),
    ...defined({ ddl }),
    write: writing(survey),
    guarantee: store.guarantee,
    warnings: notes.map((note) => ports.words.note(note)),
    ...filled({ notes: survey.notes.length }),
    codes: notes.map(codeOf),
    ...proposedBy(notes),
    drift: survey.drift.map((one) => ports.words.drift(one)),
  };
}

/** The keys that the home’s notes propose, unless the rest of the file speaks against them. */
function proposedBy(notes: readonly Noted[]): Pick<Extract<HyggeEvent, { readonly event: 'plan' }>, 'proposes'> {
  const all = notes.map((note) => (typeof note === 'object' && 'params' in note ? note.params?.proposes : undefined));
  const proposes: Readonly<Record<string, string>> = Object.assign({}, ...all);
  return Object.keys(proposes).length === 0 ? {} : { proposes };
}

/** The plan of a run that reads only the destination. */
export function settledRowsEvent(
  ids: RunIds,
  ports: EnginePorts,
  {
    store,
    mode,
    rows,
    facts,
    notes,
  }: Omit<SettledSurvey, 'target' | 'checksFiles'> & { readonly store: Store; readonly notes: readonly Note[] },
): HyggeEvent {
  const { where, guarantee } = store;
  return {
    ...eventBase(ids, ports),
    ...({ event: 'plan', from: where, to: where, window: { column: null, lower: null, upper: null } } as const),
    ...{ schema: [], creates: [], replaces: [], guarantee },
    ...{ warnings: notes.map((note) => ports.words.note(note)), notes: notes.length, codes: notes.map(codeOf) },
    mode,
    rows: { n: rows, exact: true },
    bytes: facts.slices.reduce((sum, { slice }) => sum + (slice.bytes ?? 0), 0),
    slices: facts.slices.length,
  };
}

function modeOf({ slices, live, byFile, mode }: Survey): string {
  if (slices.some(({ work }) => work.kind === 'compare')) return 'deletes';
  return live ? 'backfill' : byFile && mode === 'incremental' ? 'files' : mode;
}

function writing({ writing: of, target }: Survey): Survey['writing'] & { readonly because?: readonly string[] } {
  return of.why === 'bound' ? { ...of, because: dependentsOfOldTable(target).map(({ kind, name }) => `${kind} ${name}`) } : of;
}

/** The slices that read the source. Slices of rework are left out, because they read the destination. */
function read({ slices }: Survey): Survey['slices'] {
  return slices.filter(({ work }) => work.kind !== 'rework');
}

/** How many rows the run will read. The number is exact if whole slices are read. With a watermark, a slice may have rows outside of the window. */
function plannedRows(survey: Survey): { n: number | null; exact: boolean } {
  const n = read(survey).reduce<number | null>((sum, { slice }) => (sum === null || slice.rows === null ? null : sum + slice.rows), 0);
  const filtered = survey.window.lower !== null || survey.boundaryWindow !== null || survey.column !== null;
  // The number is not known without reading. But if the source is read completely, the source’s own estimate is as good.
  if (n === null && !filtered && (survey.window.seen ?? []).length === 0) return { n: survey.description.rows?.n ?? null, exact: false };
  return { n, exact: n !== null && !filtered && (survey.description.rows?.exact ?? false) };
}

/** The columns of the plan. A column that hygge adds has no column in the source, so a text describes it. */
function columns({ description, schema, origins }: Survey): PlannedColumn[] {
  const sources = new Map((description.schema?.columns ?? []).map((column) => [column.name, column]));
  return (schema?.columns ?? []).map((column, i) => {
    const from = origins[i] ?? null;
    const source = from === null ? undefined : sources.get(from);
    const type = describeType(source?.type ?? column.type);
    const loss = source === undefined ? undefined : lossOf(source);
    const exact = source === undefined || (sameType(source.type, column.type) && !source.restated && loss === undefined);
    const isChecked = column.override !== undefined && source !== undefined && !holds(column.type, source.type);
    const declared = column.override?.declared;
    return {
      name: column.name,
      ...defined({ source_name: from === column.name ? undefined : from }),
      source_type: (source ?? column).sourceType ?? type,
      type,
      store_type: declared ?? describeType(column.type),
      fidelity: isChecked || column.override?.most !== undefined ? 'checked' : exact ? 'exact' : loss === undefined ? 'widened' : 'lossy',
      ...defined({ loss }),
    };
  });
}

/** What the column may lose in a store, for people. It says `exact` only if round trips prove it. */
function lossOf({ type, restated }: Column): string | undefined {
  if (typeof restated === 'string') return restated;
  return hasDocuments(type) ? documentLoss : undefined;
}

function hasDocuments(type: DataType): boolean {
  if (type.kind === 'list') return hasDocuments(type.item);
  if (type.kind === 'struct') return type.fields.some((field) => hasDocuments(field.type));
  return type.kind === 'json';
}

function replaced({ supersede, target }: Survey, { where, removes }: Store): readonly Note[] {
  switch (supersede.what) {
    case 'nothing':
      return [];
    case 'all':
      if (target.content === 'ours') return [{ code: 'replaces_rows', rows: target.rows, where }];
      return target.content === 'foreign' ? [{ code: 'replaces_all', where }] : [];
    case 'unmatched':
      // The store’s own note says what happens to the rows that are removed.
      return [];
    case 'quarantine':
      return [];
    case 'boundary':
      return [{ code: 'replaces_boundary' }];
    case 'sources':
      return supersede.sources.map((path) => ({ code: 'replaces_file', path }));
    case 'range':
      // The store's own note says what happens to the rows of the range.
      if (removes.has('range by key')) return [];
      return supersede.ranges.map(({ from, to }) => ({ code: 'replaces_range', column: supersede.column, from, to }));
  }
}
