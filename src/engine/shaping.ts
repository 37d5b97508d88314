/** What happens to rows between home and store: polish, then the columns the store itself adds. The same for planning, reading and looking. */

import type { Names, Polish, RunFacts } from '../frames/polish/polish.ts';
import { polishedFrame } from '../frames/polish/polished-frame.ts';
import { clash, missingColumn, type SettledColumn, settledColumns } from '../frames/polish/settled-columns.ts';
import { type Collision, type SettledNames, settledNames } from '../frames/polish/settled-names.ts';
import type { Schema } from '../frames/schema.ts';
import type { Frame, Store } from './contracts.ts';
import { columnIsThere, noColumnForHash } from './polish-stops.ts';
import type { EntitySpec } from './spec.ts';

export type { RunFacts } from '../frames/polish/polish.ts';

export interface Shaping {
  /** The schema as it will settle. A FlowError when polish can't be done to this source. */
  schema(source: Schema): Schema;
  /** Of every column of `schema`, in its order, the source's column that it is; null: polish or the store adds it. */
  origins(source: Schema): readonly (string | null)[];
  /** Rows as they are staged. Row for row: none is added, none goes. */
  frame(frame: Frame): Promise<Frame>;
  /** What a source column is called where it settles. Where the source reveals its columns only while it is read, `schema` comes first. */
  settledName(source: string): string;
  /** What columns are called, to be kept with plan and snapshot; null: as in the source. */
  names(source: Schema): Names | null;
  /** Columns that could not have the name that the rules give them. */
  collisions(source: Schema): readonly Collision[];
}

/** @param names as the plan says or, while planning, as they settled before. */
export async function shapingOf(spec: EntitySpec, store: Store, run: RunFacts, names: Names | null): Promise<Shaping> {
  return spec.polish === undefined ? untouched(store) : polishing(spec, spec.polish, { store, run, names: names ?? [] });
}

function untouched(store: Store): Shaping {
  return {
    schema: (source) => store.finish(source),
    origins: (source) => store.finish(source).columns.map((_, index) => source.columns[index]?.name ?? null),
    frame: async (frame) => frame,
    settledName: (source) => source,
    names: () => null,
    collisions: () => [],
  };
}

interface Around {
  readonly store: Store;
  readonly run: RunFacts;
  readonly names: Names;
}

interface Polished {
  readonly columns: readonly SettledColumn[];
  readonly named: SettledNames;
}

function polishing(spec: EntitySpec, polish: Polish, { store, run, names }: Around): Shaping {
  // The frames of a file share their schema: it is looked at once.
  const known = new WeakMap<Schema, Polished>();
  let latest = new Map(names);
  const of = (source: Schema): Polished => {
    const found = known.get(source);
    if (found !== undefined) return found;
    const made = polished(spec, polish, source, names);
    known.set(source, made);
    latest = new Map(made.named.names);
    return made;
  };
  const finished = (source: Schema) => store.finish({ columns: of(source).columns.map(({ column }) => column) });
  return {
    schema: finished,
    origins: (source) => finished(source).columns.map((_, index) => of(source).columns[index]?.from ?? null),
    frame: (frame) => polishedFrame(frame, { polish, settled: of(frame.schema).columns, run }),
    settledName: (source) => latest.get(source) ?? source,
    names: (source) => (polish.names === null ? null : of(source).named.names),
    collisions: (source) => of(source).named.collisions,
  };
}

function polished(spec: EntitySpec, polish: Polish, source: Schema, before: Names): Polished {
  const sources = source.columns.map(({ name }) => name);
  const named = polish.names === null ? { names: [], collisions: [] } : settledNames(sources, polish.names, before);
  const missing = missingColumn(polish, source);
  if (missing) throw noColumnForHash(spec, missing, { sources, names: named.names });
  const columns = settledColumns(polish, source, named.names);
  const twice = clash(columns);
  if (twice) throw columnIsThere(spec, twice);
  return { columns, named };
}

/** Told as a warning once; a name that settled before is only noted. */
export function collisionsIn(all: readonly Collision[]): { readonly fresh: readonly string[]; readonly known: readonly string[] } {
  const told = ({ source, wanted, settled }: Collision) =>
    `column ${JSON.stringify(source)} settles as ${settled}: another column has the name ${wanted}`;
  return { fresh: all.filter(({ known }) => !known).map(told), known: all.filter(({ known }) => known).map(told) };
}

export function settledName(names: Names | undefined, source: string): string {
  return names?.find(([name]) => name === source)?.[1] ?? source;
}
