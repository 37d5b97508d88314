/** Parents of a list. A parent’s record gives values to the requests and rows of its children. The plan decides the bound from which the children are read. Pure. */
import type { Edge, MissedParents, SettledParent, SliceRef, Window } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarks, parseWatermark } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import type { Body } from '../answers/document.ts';
import { envelopeOf, type Found } from '../answers/envelope.ts';
import { type Absent, absentText, noField } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import { type Member, membersOf } from './rows.ts';

/** A parent in the form that a slice contains. */
export interface Parent {
  /** The value of the fields in `ParentFields.key`. Absent: `values` identify the parent. */
  readonly key?: string;
  /** The values of the fields in braces, in the order of `ParentFields.braces`. */
  readonly values: readonly string[];
  /** The columns that the rows of this parent get, as JSON. */
  readonly members: readonly Member[];
}

/** A parent as its list returns it. */
export interface ListedParent extends Parent {
  readonly id: string;
  /** The value of `changed_by`. Undefined: the record lacks a value for `changed_by`. */
  readonly changed?: string;
}

export interface ParentFields {
  /** The fields that requests name in braces, each once. */
  readonly braces: readonly string[];
  /** Names of columns in the rows, with the field of the parent that has the value of each column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly changedBy: string | undefined;
  /** The fields that identify the parent. Empty: the fields in braces identify the parent. */
  readonly key: readonly string[];
}

/** The number of parents in a slice, if the list has enough parents. */
const usualBlock = 250;
const fewSlices = 64;
/** The maximum number of slices in a plan: a plan with more slices would be too large for the service that runs them. */
const mostSlices = 400;

/** The names in braces in a text, such as `owner.login` in `{owner.login}`. */
export function braceNames(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

export function withoutBraces(text: string, fieldValue: (name: string) => string): string {
  return text.replace(/\{([^{}]+)\}/g, (_, name: string) => fieldValue(name));
}

/** A value as part of a path. A slash in the value stays a slash: `owner/repo` is two segments. Undefined: a segment such as `..` would lead to another path. */
export function asSegments(value: string): string | undefined {
  const segments = value.split('/');
  return segments.some((one) => /^\.{0,2}$/.test(one)) ? undefined : segments.map(encodeURIComponent).join('/');
}

/** @param page the name of the page, for people. Throws HomeError HYG-3602, HYG-3641. */
export function parentOf(record: Body, { braces, columns, changedBy, key: keyFields }: ParentFields, page: string): ListedParent {
  const wanted = [...new Set([...braces, ...keyFields, ...(changedBy === undefined ? [] : [changedBy])])];
  const { values: found } = ofRecord(page, () => envelopeOf(record, null, wanted));
  const values = braces.map((name) => scalarOf(found.get(name)) ?? fail(noField(page, name)));
  const keys = keyFields.map((name) => scalarOf(found.get(name)) ?? fail(noField(page, name)));
  const key = keys.length === 0 ? {} : { key: idOfValues(keys) };
  const changed = changedBy === undefined ? undefined : scalarOf(found.get(changedBy));
  const members = ofRecord(page, () => membersOf(record, columns));
  return { id: idOf({ ...key, values }), ...key, values, members, ...(changed === undefined ? {} : { changed }) };
}

/** The text that identifies a parent. */
export function idOf({ key, values }: Pick<Parent, 'key' | 'values'>): string {
  return key ?? idOfValues(values);
}

/** A parent whose rows the API does not return. @param from the bound at which its rows begin. */
export function missedParent(parent: Parent | undefined, absent: Absent, from: Edge | null): MissedParents['missed'][number] {
  const id = parent === undefined ? '' : idOf(parent);
  return { id, from, why: absentText(absent), ...(absent.status === 404 || absent.status === 410 ? { isGone: true as const } : {}) };
}

/** Whether a field never changes, since it has a name such as `id`, `uuid` or `user_id`. */
export function isLasting(field: string): boolean {
  return /(^|[^a-z])(u|gu|s)?id$/.test(field.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase());
}

function idOfValues(values: readonly string[]): string {
  const [only = ''] = values;
  return values.length === 1 ? only : JSON.stringify(values);
}

function scalarOf(found: Found | undefined): string | undefined {
  const isText = found !== undefined && (found.kind === 'string' || found.kind === 'number') && found.text !== '';
  return isText ? found.text : undefined;
}

function fail(error: Error): never {
  throw error;
}

export interface PlannedParents {
  readonly slices: readonly SliceRef[];
  readonly parents: { readonly settled: readonly SettledParent[]; readonly read: number };
}

interface ParentsRef {
  readonly parents: readonly Parent[];
  /** The bound from which the rows of each parent are read. Absent: the lower bound of the window. */
  readonly lower?: Edge | null;
}

/**
 * The reading of a new parent begins at `initial`. The reading of a parent that was missed or gone continues at its stored bound. The reading of any other
 * parent begins at the lower bound. If `changed_by` is below the lower bound, the parent has no new rows, so it is not read. Parents that are missing in the
 * list stay stored with their bound.
 */
export function planOfParents(listed: readonly ListedParent[], window: Window): PlannedParents {
  const { parents: known, lower } = window;
  const before = known && new Map(known.settled.map((one) => [one.id, one]));
  const blocks = new Map<string, { readonly lower: Edge | null | undefined; readonly parents: Parent[] }>();
  let read = 0;
  for (const { id, changed, values, members, ...named } of listed) {
    const settled = before?.get(id);
    if (settled !== undefined && settled.from === undefined && isUnchanged(changed, window)) continue;
    const from = before === undefined ? undefined : settled === undefined ? (known?.initial ?? null) : placeOf(settled, window);
    const key = JSON.stringify(from ?? (from === undefined ? 'window' : null));
    const block = blocks.get(key) ?? { lower: from, parents: [] };
    blocks.set(key, block);
    block.parents.push({ ...named, values, members });
    read++;
  }
  const size = Math.max(
    1,
    Math.min(usualBlock, Math.ceil(read / fewSlices)),
    Math.ceil(read / (mostSlices - Math.min(blocks.size, mostSlices / 2))),
  );
  const slices = [...blocks.values()].flatMap((block) =>
    Array.from({ length: Math.ceil(block.parents.length / size) }, (_, i) =>
      sliceRef({ parents: block.parents.slice(i * size, (i + 1) * size), ...(block.lower === undefined ? {} : { lower: block.lower }) }),
    ),
  );
  const ids = new Set(listed.map(({ id }) => id));
  const gone = (known?.settled ?? []).filter(({ id }) => !ids.has(id)).map((one) => withPlace(one.id, placeOf(one, window) ?? lower));
  return { slices, parents: { settled: [...[...ids].map((id) => ({ id })), ...gone], read } };
}

const withPlace = (id: string, from: Edge | null): SettledParent => (from === null ? { id } : { id, from });

function sliceRef(ref: ParentsRef): SliceRef {
  return { ref: ref as unknown as Json, rows: null, bytes: null };
}

/** The stored bound of a parent, if it is below the lower bound of the run. Undefined: the rows are read from the lower bound on, since this run replaces the rows above it. */
function placeOf({ from }: SettledParent, { column, lower }: Window): Edge | undefined {
  if (from === undefined || lower === null || column === null) return undefined;
  const order = compareWatermarks({ type: column.type, text: from.text }, { type: column.type, text: lower.text });
  return order < 0 || (order === 0 && from.inclusive) ? from : undefined;
}

function isUnchanged(changed: string | undefined, { column, lower }: Window): boolean {
  if (changed === undefined || column === null || lower === null) return false;
  const at = watermarkText(changed, column);
  return at !== undefined && compareWatermarks({ type: column.type, text: at }, { type: column.type, text: lower.text }) < 0;
}

function watermarkText(written: string, column: { readonly column: string; readonly type: DataType }): string | undefined {
  try {
    return parseWatermark(written, column).text;
  } catch {
    return undefined;
  }
}

/** The parents of a slice. Undefined: the home has no parents. */
export function parentsOfSlice({ ref }: Pick<SliceRef, 'ref'>): readonly Parent[] | undefined {
  return (ref as Partial<ParentsRef> | null)?.parents;
}

export function windowOfParents(window: Window, { ref }: Pick<SliceRef, 'ref'>): Window {
  const { lower } = (ref ?? {}) as Partial<ParentsRef>;
  return lower === undefined ? window : { ...window, lower };
}
