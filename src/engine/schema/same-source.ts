/** Decides whether the source is the one that settled before, or another content in its place: an error page, or a file without its header. No policy can change this decision. */
import { isAnother } from '../../checks/drift.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Baseline } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { anotherSource, type LackingColumns, partWithoutFileName } from '../errors/run.ts';
import { migratedSource } from './evolved-schema.ts';

/** How similar the source is to what it was: its columns by their own names, compared with its columns when it settled last. */
export interface Likeness {
  /** How many columns the source had when it settled last. */
  readonly settledCount: number;
  /** The columns that the source had then and still has now. */
  readonly stillThere: readonly string[];
  readonly newColumns: readonly string[];
}

interface PolishedSource {
  readonly schema: Schema;
  /** For each column of `schema`, its column in the source. Null: polish adds the column. */
  readonly origins: readonly (string | null)[];
}

/** Throws HYG-2065 if the source is another one. Null: no settled columns exist for a comparison, or a person has accepted the present columns. */
export function likenessToSettled(spec: EntitySpec, { schema, origins }: PolishedSource, before: Baseline): Likeness | null {
  const expected = spec.schema.expected?.columns.map(({ name }) => name) ?? before.expected?.flatMap(({ from }) => from ?? []);
  if (expected === undefined || before.accepted || before.repolished) return null;
  const source = new Map(schema.columns.map(({ name }, i) => [name, origins[i] ?? null]));
  const migrated = migratedSource(spec, schema).columns.map(({ column, from }) => ({
    name: column.name,
    own: from === null ? null : (source.get(from) ?? null),
  }));
  const ours = new Set(migrated.flatMap(({ name, own }) => (own === null ? [name] : [])));
  const all = (spec.schema.expected ? expected : (before.order ?? expected)).filter((name) => !ours.has(name));
  // A source without its optional columns is still the same source, so these do not count.
  const needed = all.filter((name) => !spec.validation?.optional?.includes(name));
  const settled = needed.length === 0 ? all : needed;
  const now = migrated.flatMap(({ name, own }) => (own === null ? [] : [{ name, own }]));
  const names = now.map(({ name }) => name);
  if (!spec.schema.anyColumns && isAnother(settled, names)) throw anotherSource(spec, null, lacking(settled, names));
  const had = new Set(settled);
  return {
    settledCount: settled.length,
    stillThere: now.flatMap(({ name, own }) => (had.has(name) ? [own] : [])),
    newColumns: now.flatMap(({ name, own }) => (had.has(name) ? [] : [own])),
  };
}

function lacking(settled: readonly string[], now: readonly string[]): LackingColumns {
  const [had, has] = [new Set(settled), new Set(now)];
  const lacks = settled.filter((name) => !has.has(name));
  return { settledCount: settled.length, presentCount: settled.length - lacks.length, lacks, others: now.filter((name) => !had.has(name)) };
}

/** The columns of each file. Needed if the source shows new columns. */
export class UnlikeFiles {
  readonly #seen = new Map<string, { readonly columns: Set<string>; readonly surely: boolean }>();

  async add(frame: Frame): Promise<void> {
    const { origin = partWithoutFileName, columnsOfFile, schema } = frame;
    const seen = this.#seen.get(origin) ?? { columns: new Set(columnsOfFile), surely: columnsOfFile !== undefined };
    this.#seen.set(origin, seen);
    if (seen.surely) return;
    const nulls = await frame.nullCounts();
    for (const [i, { name }] of schema.columns.entries()) if ((nulls[i] ?? 0) < frame.rows) seen.columns.add(name);
  }

  /** Throws HYG-2065 if a file has new columns in the place of the settled ones. */
  check(spec: EntitySpec, { settledCount, stillThere, newColumns }: Likeness): void {
    for (const [origin, { columns, surely }] of this.#seen) {
      const presentCount = stillThere.filter((column) => columns.has(column)).length;
      const others = newColumns.filter((column) => columns.has(column));
      // If only values show the columns, a column without a value may still exist, since records are often sparse.
      if (others.length === 0 || presentCount * 2 >= settledCount || (!surely && presentCount > others.length)) continue;
      throw anotherSource(spec, origin, { settledCount, presentCount, lacks: stillThere.filter((column) => !columns.has(column)), others });
    }
  }
}
