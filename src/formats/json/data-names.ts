/** Names of members that are data, such as ids or days: each new one would be a column, or a field of one, for ever. */
import type { OwnNote } from '../../ports/notes.ts';
import type { JsonReading, PinnedColumn } from './pinned.ts';
import { hasDataAsNames, type Shape } from './shape.ts';

interface NamedColumns {
  readonly columns: readonly PinnedColumn[];
  /** Those of earlier runs: another type of theirs would be a change. */
  readonly before: readonly PinnedColumn[];
  readonly reading: JsonReading;
}

/** A warning for each object of that kind, with the line that makes one column of JSON of it. */
export function warningsOfNames(root: Shape, { columns, before, reading }: NamedColumns): readonly OwnNote[] {
  const settled = new Set(before.map(({ name }) => name));
  const found = new Map<string, number>();
  for (const { name, path } of columns) {
    if (settled.has(name) || reading.declared.has(name)) continue;
    const shapes = shapesAlong(root, path);
    const flattened = shapes.slice(0, -1).findIndex(hasDataAsNames);
    const last = shapes.at(-1);
    const names = flattened >= 0 ? (shapes[flattened]?.fields?.size ?? 0) : last && shapes.length === path.length ? namesInside(last) : 0;
    if (names > 0) found.set(flattened >= 0 ? path.slice(0, flattened + 1).join(reading.separator) : name, names);
  }
  const isNew = columns.some(({ name }) => !settled.has(name) && !reading.declared.has(name));
  return [
    ...(isNew && hasDataAsNames(root) ? [ofRecords(root.fields?.size ?? 0)] : []),
    ...[...found].map(([column, names]) => warning(column, names)),
  ];
}

/** What is at the first name of the path, at the first two, and so on; fewer where nothing is. */
function shapesAlong(root: Shape, path: readonly string[]): readonly Shape[] {
  const shapes: Shape[] = [];
  for (const name of path) {
    const shape: Shape | undefined = (shapes.at(-1) ?? root).fields?.get(name);
    if (shape === undefined) break;
    shapes.push(shape);
  }
  return shapes;
}

/** The members of the first such object at the place or inside of it; 0: there is none. */
function namesInside(shape: Shape): number {
  if (hasDataAsNames(shape)) return shape.fields?.size ?? 0;
  for (const inside of [...(shape.fields?.values() ?? []), ...(shape.items ? [shape.items] : [])]) {
    const names = namesInside(inside);
    if (names > 0) return names;
  }
  return 0;
}

function ofRecords(names: number): OwnNote {
  const text = `the records have ${names} different members, and most records lack most of them. Their names look like data, and each new one is a column. columns: […] in home names those that are wanted`;
  return { code: 'json.names_are_data', params: { column: '', names }, text };
}

function warning(column: string, names: number): OwnNote {
  const written = /^[A-Za-z_]\w*$/.test(column) ? column : JSON.stringify(column);
  const text = `${column} has ${names} different members, and most records lack most of them. Their names look like data, and each new one changes the columns. types: { ${written}: json } in home keeps it as one column`;
  return { code: 'json.names_are_data', params: { column, names }, text };
}
