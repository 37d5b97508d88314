/** What happens to rows between home and store: first polish, then the store’s own columns, then the decisions about drift. Planning, reading and looking all use the same shaper. */

import type { ExpectedColumn } from '../../checks/destination.ts';
import type { Decision } from '../../checks/evolve.ts';
import type { Names, Polish, RunFacts } from '../../frames/polish/polish.ts';
import { polishedFrame } from '../../frames/polish/polished-frame.ts';
import { clash, missingColumn, type SettledColumn, settledColumns } from '../../frames/polish/settled-columns.ts';
import { type Collision, type NameWithin, type SettledNames, settledNames } from '../../frames/polish/settled-names.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Note } from '../../ports/notes.ts';
import type { PlannedChange, WatermarkPrecision } from '../contracts/catalog.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Baseline } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { columnNameTaken, noColumnForHash } from '../errors/polish.ts';
import { mustEvolve, overridden } from './evolved-schema.ts';
import { fitToStore, type SchemaInStore } from './fit.ts';
import { type Likeness, likenessToSettled } from './same-source.ts';

export type { RunFacts } from '../../frames/polish/polish.ts';

export interface Shaper {
  /** The schema after polish and `schema_overrides`, before any later change. */
  polished(source: Schema): Schema;
  /** The schema as it will settle. Throws a FlowError if polish does not work with this source, or if the source’s drift has to stop the run. */
  schema(source: Schema): Schema;
  /** For each column of `schema`, in its order: its column in the source. Null: polish or the store adds the column. */
  origins(source: Schema): readonly (string | null)[];
  /** The rows as they are staged. It has the same number of rows. */
  frame(frame: Frame): Promise<Frame>;
  /** The settled name of a source column. If the source shows its columns only while it is read, `schema` must be called first. */
  settledName(source: string): string;
  /** The settled names of the source’s columns, which plan and snapshot keep. Null: all columns keep their names. */
  names(source: Schema): Names | null;
  /** The columns that could not get the name that polish gives them, because another column has it. */
  collisions(source: Schema): readonly Collision[];
  /** The columns whose wanted names the store could not use. */
  renamed(source: Schema): readonly NameWithin[];
  changes(source: Schema): readonly PlannedChange[];
  precision(source: Schema): WatermarkPrecision | null;
  /** The columns that the next run will expect. */
  expects(source: Schema): readonly ExpectedColumn[];
  decisions(source: Schema): readonly Decision[];
  /** A comparison with the columns that the source had when it settled last. Null: these columns are not known. */
  likeness(source: Schema): Likeness | null;
  /** The present names of the source’s columns, as decisions use them. */
  order(source: Schema): readonly string[];
}

/** What the plan of a run starts from: the columns that settled before, and the names that polish gave them. */
export interface PlannedColumns extends Baseline {
  readonly names: Names | null;
}

export async function shaperFor(spec: EntitySpec, store: Store, run: RunFacts, planned: PlannedColumns): Promise<Shaper> {
  const { names } = planned;
  const inner = spec.polish === undefined ? untouched : polishing(spec, spec.polish, { run, names: names ?? [] });
  return adapting(spec, inner, { store, before: planned });
}

type Inner = Omit<Shaper, 'polished' | 'renamed' | 'changes' | 'precision' | 'expects' | 'decisions' | 'likeness' | 'order'>;

/** The columns without `numberTexts`, which only reading rows can find out. */
const settling = ({ columns }: Schema): Schema => ({ columns: columns.map(({ numberTexts: _, ...column }) => column) });

/** A shaper around polish. It makes the destination’s columns, whatever columns the source has now. */
function adapting(spec: EntitySpec, inner: Inner, { store, before }: { readonly store: Store; readonly before: Baseline }): Shaper {
  const known = new WeakMap<Schema, SchemaInStore & { readonly likeness: Likeness | null }>();
  let latest: SchemaInStore | undefined;
  const of = (source: Schema) => {
    const found = known.get(source) ?? made(source);
    known.set(source, found);
    latest = found;
    return found;
  };
  const watermark = () => (spec.watermark === null ? null : inner.settledName(spec.watermark.column));
  const key = () => (store.writes.has('merge') ? (spec.watermark?.key ?? []).map((name) => inner.settledName(name)) : []);
  const made = (source: Schema) => {
    const origins = inner.origins(source);
    const schema = overridden(spec, settling(inner.schema(source)), origins);
    const like = likenessToSettled(spec, { schema, origins }, before);
    return { ...fitToStore(spec, mustEvolve(spec, schema, before), { store, before, watermark: watermark(), key: key() }), likeness: like };
  };
  return {
    ...inner,
    polished: (source) => overridden(spec, settling(inner.schema(source)), inner.origins(source)),
    schema: (source) => of(source).withStoreColumns,
    origins(source) {
      const polished = inner.schema(source).columns;
      const origins = inner.origins(source);
      const { withStoreColumns, columns } = of(source);
      return withStoreColumns.columns.map((_, i) => origins[polished.findIndex(({ name }) => name === columns[i]?.from)] ?? null);
    },
    async frame(frame) {
      const { schema, columns } = of(frame.schema);
      return (await inner.frame(frame)).conform({ schema, columns, samples: spec.schema.samples });
    },
    settledName(source) {
      const name = inner.settledName(source);
      return latest?.columns.find(({ from }) => from === name)?.name ?? name;
    },
    renamed: (source) => of(source).renamedByStore,
    changes: (source) => of(source).changes,
    precision: (source) => of(source).precision,
    expects: (source) => of(source).expects,
    decisions: (source) => of(source).decisions,
    likeness: (source) => of(source).likeness,
    order: (source) => of(source).order,
  };
}

const untouched: Inner = {
  schema: (source) => source,
  origins: ({ columns }) => columns.map(({ name }) => name),
  frame: async (frame) => frame,
  settledName: (source) => source,
  names: () => null,
  collisions: () => [],
};

interface ShaperContext {
  readonly run: RunFacts;
  readonly names: Names;
}

interface PolishedColumns {
  readonly columns: readonly SettledColumn[];
  readonly named: SettledNames;
}

function polishing(spec: EntitySpec, polish: Polish, { run, names }: ShaperContext): Inner {
  // Kept by schema, because the frames of a file share their schema, which is then looked at only once.
  const known = new WeakMap<Schema, PolishedColumns>();
  let latest = new Map(names);
  const of = (source: Schema): PolishedColumns => {
    const found = known.get(source);
    if (found !== undefined) return found;
    const made = polished(spec, polish, source, names);
    known.set(source, made);
    latest = new Map(made.named.names);
    return made;
  };
  return {
    schema: (source) => ({ columns: of(source).columns.map(({ column }) => column) }),
    origins: (source) => of(source).columns.map(({ from }) => from),
    frame: (frame) => polishedFrame(frame, { polish, settled: of(frame.schema).columns, run }),
    settledName: (source) => latest.get(source) ?? source,
    names: (source) => (polish.names === null ? null : of(source).named.names),
    collisions: (source) => of(source).named.collisions,
  };
}

function polished(spec: EntitySpec, polish: Polish, source: Schema, before: Names): PolishedColumns {
  const sources = source.columns.map(({ name }) => name);
  const named = polish.names === null ? { names: [], collisions: [] } : settledNames(sources, polish.names, before);
  const missing = missingColumn(polish, source);
  if (missing) throw noColumnForHash(spec, missing, { sources, names: named.names });
  const columns = settledColumns(polish, source, named.names);
  const twice = clash(columns);
  if (twice) throw columnNameTaken(spec, twice);
  return { columns, named };
}

/** The notes on colliding names. A collision is reported once as a warning. If the name had settled before, it is only a note. */
export function collisionNotes(all: readonly Collision[]): { readonly fresh: readonly Note[]; readonly known: readonly Note[] } {
  const noted = ({ source, wanted, settled }: Collision): Note => ({ code: 'name_taken', column: source, as: settled, wanted });
  return { fresh: all.filter(({ known }) => !known).map(noted), known: all.filter(({ known }) => known).map(noted) };
}
