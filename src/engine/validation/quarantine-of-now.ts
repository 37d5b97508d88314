/** Rows in quarantine as a present run would read them: with names and values after migrations, masked, and with the columns that polish adds. */

import { type Mask, type MaskBy, maskedFrame } from '../../frames/polish/mask.ts';
import type { HashId, Polish, RunFacts } from '../../frames/polish/polish.ts';
import { polishedFrame } from '../../frames/polish/polished-frame.ts';
import { settledColumns } from '../../frames/polish/settled-columns.ts';
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Conforms } from '../../frames/values/conforms.ts';
import { brokenColumnsIn } from '../../frames/values/rejected-rows.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Quarantine } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';

interface NamesOfNow {
  readonly settled: Schema;
  /** The settled name of a source’s column. */
  readonly settledName: (source: string) => string;
}

interface QuarantineOfNow extends NamesOfNow {
  /** The facts of the run that removes rows from the quarantine. Null: the rows are only listed. */
  readonly run: RunFacts | null;
}

export function quarantineOfNow(spec: EntitySpec, quarantine: Quarantine, now: QuarantineOfNow): Quarantine {
  return {
    parts: () => quarantine.parts(),
    corrections: (head) => quarantine.corrections(head),
    async *read(part, signal) {
      for await (const frame of quarantine.read(part, signal)) {
        // Rows that can’t be read have no columns, so they are returned as they are.
        if (part.apart?.role !== 'quarantine')
          yield await polishedNow(spec, await maskedNow(spec, await migratedNow(spec, frame, now), now), now);
        else yield frame;
      }
    },
  };
}

type Columns = readonly (Conforms & Pick<Schema['columns'][number], 'nullable'>)[];

/** The names of a column before and after each of its `rename`s. */
function namesOf(column: string, { schema: { migrations } }: EntitySpec, settledName: NamesOfNow['settledName']): readonly string[] {
  const names = [column];
  for (const migration of migrations) {
    const isOfIt = migration.what === 'rename' && [settledName(migration.from), migration.from].includes(names.at(-1) ?? '');
    if (isOfIt) names.push(settledName(migration.to));
  }
  return names;
}

/** All names under which a column of the source has settled or will settle. */
function namesOfSource(source: string, spec: EntitySpec, { settledName }: Pick<NamesOfNow, 'settledName'>): readonly string[] {
  return [source, settledName(source)].flatMap((name) => namesOf(name, spec, settledName));
}

/** The columns that a `default` adds beside other columns. */
function defaultsBeside(has: (name: string) => boolean, { schema: { migrations } }: EntitySpec, { settledName }: NamesOfNow): Columns {
  return migrations.flatMap((migration) => {
    if (migration.what !== 'default' || has(settledName(migration.column))) return [];
    const { type, text } = migration;
    return [{ name: settledName(migration.column), type, nullable: false, from: null, fill: { type, text } }];
  });
}

const asTheyAre = ({ columns }: Schema): Columns => columns.map((column) => ({ ...column, from: column.name, fill: null }));

/** Rows under their settled names. If no row has settled under a new name yet, the values keep the old name. */
async function migratedNow(spec: EntitySpec, frame: Frame, names: NamesOfNow): Promise<Frame> {
  const settles = new Set(names.settled.columns.map(({ name }) => name));
  const taken = new Set(frame.schema.columns.map(({ name }) => name));
  const renamed = asTheyAre(frame.schema).map((column) => {
    const free = namesOf(column.name, spec, names.settledName).findLast((name) => settles.has(name) && !taken.has(name));
    if (free === undefined) return column;
    taken.add(free);
    return { ...column, name: free };
  });
  const filled = defaultsBeside((name) => taken.has(name) || !settles.has(name), spec, names);
  // The columns about why a row is broken come after the row’s own columns.
  return conformedTo(frame, [...filled, ...renamed]);
}

function conformedTo(frame: Frame, columns: Columns): Promise<Frame> | Frame {
  const { columns: before } = frame.schema;
  if (columns.length === before.length && columns.every(({ name }, at) => name === before[at]?.name)) return frame;
  const schema = { columns: columns.map(({ name, type, nullable }) => ({ name, type, nullable })) };
  return frame.conform({ schema, columns, samples: 'mask' });
}

/**
 * Rows with the names that present rules use. If a migration was added and no row has settled with it yet, the rules already use its names, but the
 * settled columns do not.
 */
export class RowsToJudge {
  readonly schema: Schema;
  /** The settled columns that are masked, even if migrations give them other names. */
  readonly masked: Schema['columns'];
  /** The hash ids that settle. They are computed from settled columns. */
  readonly hashIds: readonly HashId[];
  readonly #names: ReadonlyMap<string, string>;
  readonly #filled: Columns;

  constructor(spec: EntitySpec, names: NamesOfNow) {
    const { columns } = names.settled;
    const taken = new Set(columns.map(({ name }) => name));
    const own = columns.map(({ name }) => namesOf(name, spec, names.settledName));
    const made = new Map<string, string>();
    // After several renames, the column with the newest name has the values.
    for (const chain of own.toSorted((a, b) => a.length - b.length)) {
      const [name, last] = [chain[0], chain.at(-1)];
      if (name === undefined || last === undefined || taken.has(last)) continue;
      taken.add(last);
      made.set(name, last);
    }
    this.#names = made;
    const masked = maskedNames(spec, names);
    this.masked = columns.filter(({ name }) => masked.has(name));
    this.hashIds = hashIdsOf(spec, names, new Set(columns.map(({ name }) => name))).filter((id) =>
      columns.some(({ name }) => name === id.name),
    );
    this.#filled = defaultsBeside((name) => taken.has(name), spec, names);
    this.schema = { columns: [...this.#filled, ...columns.map((column) => ({ ...column, name: this.nameOfNow(column.name) }))] };
  }

  nameOfNow(settled: string): string {
    return this.#names.get(settled) ?? settled;
  }

  settledNameOf(name: string): string {
    return [...this.#names].find(([, now]) => now === name)?.[0] ?? name;
  }

  /** Rows with the names that present rules use. @param rows rows with the settled columns, and maybe further columns. */
  async ofNow(rows: Frame): Promise<Frame> {
    return conformedTo(rows, [
      ...this.#filled,
      ...asTheyAre(rows.schema).map((column) => ({ ...column, name: this.nameOfNow(column.name) })),
    ]);
  }

  /** Some of the rows with their settled columns again. */
  async asSettled(rows: Frame): Promise<Frame> {
    const filled = new Set(this.#filled.map(({ name }) => name));
    const own = asTheyAre(rows.schema).filter(({ name }) => !filled.has(name));
    return conformedTo(
      rows,
      own.map((column) => ({ ...column, name: this.settledNameOf(column.name) })),
    );
  }
}

/** The settled names of masked columns. A mask uses the source’s name of a column. */
function maskedNames(spec: EntitySpec, { settledName }: Pick<NamesOfNow, 'settledName'>): ReadonlyMap<string, MaskBy> {
  return new Map([...spec.mask.columns].flatMap(([source, by]) => namesOfSource(source, spec, { settledName }).map((name) => [name, by])));
}

const hash = /^[0-9a-f]{64}$/;

/** Masks rows. Rows that were set apart before a mask was added still have clear values. A value that is already a hash is not hashed again. */
async function maskedNow(spec: EntitySpec, frame: Frame, names: NamesOfNow): Promise<Frame> {
  if (spec.mask.columns.size === 0) return frame;
  const facts = new Set(Object.values(brokenColumnsIn(frame.schema)));
  const masked = maskedNames(spec, names);
  const clear = new Map<string, MaskBy>();
  for (const column of frame.schema.columns) {
    const by = facts.has(column.name) ? undefined : masked.get(column.name);
    if (by === undefined) continue;
    const isMasked =
      by === 'hash' &&
      column.type.kind === 'string' &&
      (await canonicalTexts(frame, [column])).every(([text]) => text == null || hash.test(text));
    if (!isMasked) clear.set(column.name, by);
  }
  if (clear.size === 0) return frame;
  const mask: Mask = { ...spec.mask, columns: clear };
  return maskedFrame(frame, mask, spec);
}

/** The facts for frames to which a run adds no values. */
const shownOnly: RunFacts = { runId: '', entityRunId: '', startedAt: '' };

/** Adds the columns of polish with which rows have settled since the rows were set apart. If a row in quarantine already has such a column, it keeps its value. */
async function polishedNow(spec: EntitySpec, frame: Frame, now: QuarantineOfNow): Promise<Frame> {
  const has = new Set(frame.schema.columns.map(({ name }) => name));
  const lacks = ({ name }: { readonly name: string }) => !has.has(name) && now.settled.columns.some((column) => column.name === name);
  const hashIds = hashIdsOf(spec, now, has).filter(lacks);
  const added = (spec.polish?.added ?? []).filter((one) => lacks(one) && (one.what === 'constant' || now.run !== null));
  if (hashIds.length === 0 && added.length === 0) return frame;
  const polish: Polish = { names: null, hashIds, added };
  return polishedWith(frame, polish, now.run ?? shownOnly);
}

/** The hash ids that can be computed from these columns. */
function hashIdsOf(spec: EntitySpec, names: Pick<NamesOfNow, 'settledName'>, has: ReadonlySet<string>): readonly HashId[] {
  const column = (source: string) => namesOfSource(source, spec, names).find((name) => has.has(name));
  return (spec.polish?.hashIds ?? []).flatMap((id) => {
    const from = id.from.flatMap((source) => column(source) ?? []);
    return from.length < id.from.length ? [] : [{ ...id, from }];
  });
}

async function polishedWith(frame: Frame, polish: Polish, run: RunFacts): Promise<Frame> {
  const has = new Set(frame.schema.columns.map(({ name }) => name));
  const polished = await polishedFrame(frame, { polish, settled: settledColumns(polish, frame.schema, []), run });
  const all = asTheyAre(polished.schema);
  // The columns about why a row is broken come after the row’s own columns.
  return conformedTo(polished, [...all.filter(({ name }) => !has.has(name)), ...all.filter(({ name }) => has.has(name))]);
}

/** The frame with hash ids computed from its present values. */
export async function withHashIds(frame: Frame, hashIds: readonly HashId[]): Promise<Frame> {
  const all = asTheyAre(frame.schema);
  const others = await conformedTo(
    frame,
    all.filter(({ name }) => hashIds.every((id) => id.name !== name)),
  );
  return conformedTo(await polishedWith(others, { names: null, hashIds, added: [] }, shownOnly), all);
}
