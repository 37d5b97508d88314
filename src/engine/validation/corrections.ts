/**
 * Standing corrections: what rows of the source become after a person mended them in quarantine. A correction is kept as two separate rows: the
 * source’s row, and the mended row. Both have the same id as their reason, and present masks and migrations apply to both. The rows are compared
 * without the values that polish adds in each run.
 */

import type { Cell } from '../../frames/cell.ts';
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Schema } from '../../frames/schema.ts';
import { frameBuilder } from '../../frames/values/builders.ts';
import { overRows } from '../../frames/values/cells.ts';
import { asColumn, asConstant } from '../../frames/values/conforms.ts';
import { brokenColumns, brokenSchema } from '../../frames/values/rejected-rows.ts';
import type { Frame } from '../contracts/frame.ts';
import type { SliceRef } from '../contracts/home.ts';
import type { Quarantine } from '../contracts/replacing.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Head, Store } from '../contracts/store.ts';
import { tooManyCorrections } from '../errors/settled-parts.ts';
import { keyText } from '../keys/corrected-keys.ts';
import { asBrokenRows, textsIn } from './quarantined-rows.ts';
import { stampedColumns } from './rows.ts';

export type CorrectionSide = 'before' | 'after';

/** How many corrections are held in memory at most. Each row is compared with all of them. */
const mostCorrections = 100_000;

/** The parts with corrections. An entity without rules has no corrections, because the rows that a person mends were set apart by rules. */
export async function correctionsIn({ validation }: EntitySpec, { quarantine }: Store, head: Head | null): Promise<readonly SliceRef[]> {
  return validation === undefined || quarantine === undefined || head === null ? [] : quarantine.corrections(head);
}

/** @param rows broken rows, or mended rows with the id of the row that they replace. @param run the run that mends the rows. */
export async function asCorrections(
  rows: Frame,
  of: { readonly side: CorrectionSide; readonly settled: Schema; readonly run: string },
): Promise<Frame> {
  const names = brokenColumns(of.settled);
  const type = { kind: 'string' } as const;
  const schema = brokenSchema(of.settled);
  const columns = [
    ...of.settled.columns.map((column) => asColumn(column)),
    asConstant({ name: names.rule, type }, of.side),
    asConstant({ name: names.column, type }, of.run),
    asColumn({ name: names.reason, type }, names.id),
    asConstant({ name: names.run, type }, of.run),
    asColumn({ name: names.id, type }),
  ];
  return (await rows.conform({ schema, columns, samples: 'mask' })).told(schema);
}

export interface Correction {
  readonly id: string;
  /** The run that mended the row. Null: the run is not known. */
  readonly run: string | null;
  readonly after: readonly Cell[];
  /** The columns whose value the correction changes. */
  readonly changed: readonly string[];
  /** The compared columns that existed when the row was mended. */
  readonly columns: readonly string[];
  /** The values of these columns in the source’s row. */
  readonly key: string;
  readonly to: string;
}

export interface CorrectionsOf {
  readonly spec: EntitySpec;
  readonly quarantine: Quarantine;
  readonly parts: readonly SliceRef[];
  /** The columns with which rows settle. */
  readonly settled: Schema;
  readonly signal: AbortSignal;
}

/** The columns by which rows of the source are compared. Columns that polish fills again in each run are left out. */
const comparedColumns = (spec: EntitySpec, { columns }: Schema): Schema['columns'] =>
  columns.filter(({ name }) => !stampedColumns(spec).includes(name));

interface Side {
  readonly cells: readonly Cell[];
  readonly texts: readonly (string | null)[];
  readonly columns: readonly string[];
  readonly run: string | null;
}

async function sidesOf({
  quarantine,
  parts,
  settled,
  signal,
  spec,
}: CorrectionsOf): Promise<Readonly<Record<CorrectionSide, ReadonlyMap<string, readonly Side[]>>>> {
  const rows = parts.reduce((sum, part) => sum + (part.rows ?? 0), 0);
  if (rows > 2 * mostCorrections) throw tooManyCorrections(spec, { rows: Math.ceil(rows / 2), most: mostCorrections });
  const found = { before: new Map<string, Side[]>(), after: new Map<string, Side[]>() };
  const names = brokenColumns(settled);
  for (const part of parts)
    for await (const read of quarantine.read(part, signal)) {
      // A column that was added after the correction is left out: its value does not count as changed by the source.
      const compared = comparedColumns(spec, settled).filter(({ name }) => read.schema.columns.some((column) => column.name === name));
      const columns = compared.map(({ name }) => name);
      const frame = await asBrokenRows(read, settled);
      const [sides, ids, runs] = [await textsIn(frame, names.rule), await textsIn(frame, names.reason), await textsIn(frame, names.column)];
      const texts = await canonicalTexts(frame, compared);
      let row = 0;
      await overRows(frame, (some) => {
        for (const cells of some) {
          const side = found[sides[row] === 'before' ? 'before' : 'after'];
          const key = JSON.stringify([ids[row], runs[row]]);
          const own = { cells: [...cells].slice(0, settled.columns.length), texts: texts[row] ?? [], columns, run: runs[row] ?? null };
          side.set(key, [...(side.get(key) ?? []), own]);
          row++;
        }
      });
    }
  return found;
}

/** All standing corrections. If equal rows were mended in different ways, several corrections have the same id. */
export async function readCorrections(of: CorrectionsOf): Promise<readonly Correction[]> {
  if (of.parts.length === 0) return [];
  const { before, after } = await sidesOf(of);
  return [...before].flatMap(([name, [from]]) => {
    if (from === undefined) return [];
    const [id] = JSON.parse(name) as readonly [string];
    const key = keyText(from.texts);
    const different = new Map((after.get(name) ?? []).map((one) => [keyText(one.texts), one]));
    return [...different].map(([to, { cells, texts }]) => {
      const changed = from.columns.filter((_, at) => from.texts[at] !== texts[at]);
      return { id, run: from.run, after: cells, changed, columns: from.columns, key, to };
    });
  });
}

interface CorrectorOf extends Omit<CorrectionsOf, 'settled' | 'quarantine'> {
  readonly quarantine: (settled: Schema) => Quarantine;
  /** The settled column of the watermark. If a person changed the watermark of a row, the row would settle where it is not read again, so the row stays as the source has it. */
  readonly watermark: string | null;
}

/** Replaces rows of the source that have a standing correction. */
export class Corrector {
  readonly #of: CorrectorOf;
  #known: Promise<readonly CorrectionsBy[]> | null = null;

  constructor(of: CorrectorOf) {
    this.#of = of;
  }

  /** Whether the entity has any correction. */
  get applies(): boolean {
    return this.#of.parts.length > 0;
  }

  /** Applies the corrections. @param shaped rows as they would settle. */
  async corrected(shaped: Frame): Promise<{ readonly frame: Frame; readonly rows: number }> {
    const { parts } = this.#of;
    if (parts.length === 0 || shaped.rows === 0) return { frame: shaped, rows: 0 };
    this.#known ??= this.#read(shaped.schema);
    const known = await this.#known;
    let frame = shaped;
    const corrected = new Set<number>();
    for (const some of known) frame = await this.#correctedBy(some, frame, corrected);
    return { frame, rows: corrected.size };
  }

  async #correctedBy({ columns, known }: CorrectionsBy, frame: Frame, corrected: Set<number>): Promise<Frame> {
    const { schema } = frame;
    const compared = schema.columns.filter(({ name }) => columns.includes(name));
    const found = (await canonicalTexts(frame, compared)).map((texts) => lastOf(known, keyText(texts)));
    if (found.every((one) => one === undefined)) return frame;
    const builder = await frameBuilder(schema);
    let row = 0;
    await overRows(frame, (some) => {
      for (const own of some) {
        const after = found[row]?.after;
        if (after !== undefined) corrected.add(row);
        builder.append(
          after === undefined ? own : schema.columns.map(({ name }, at) => (columns.includes(name) ? after[at] : own[at]) ?? null),
        );
        row++;
      }
    });
    return builder.take();
  }

  async #read(settled: Schema): Promise<readonly CorrectionsBy[]> {
    const { quarantine, watermark, ...of } = this.#of;
    const all = await readCorrections({ ...of, settled, quarantine: quarantine(settled) });
    // If a row was mended twice, its later correction is based on the earlier one, which may have fewer columns.
    const sets = [...Map.groupBy(all, ({ columns }) => JSON.stringify(columns)).values()].sort(
      ([one], [other]) => (one?.columns.length ?? 0) - (other?.columns.length ?? 0),
    );
    return sets.map((some) => {
      const known = new Map(some.filter(({ changed }) => watermark === null || !changed.includes(watermark)).map((one) => [one.key, one]));
      // Equal rows of the source can’t be told apart. So if they were mended in different ways, none of them is corrected.
      for (const { key, to } of some) if (known.get(key)?.to !== to) known.delete(key);
      return { columns: some[0]?.columns ?? [], known };
    });
  }
}

/** The corrections that have the same compared columns. */
interface CorrectionsBy {
  readonly columns: readonly string[];
  readonly known: ReadonlyMap<string, Correction>;
}

/** The last correction of a row. A row that was mended, broke a later rule and was mended again has two corrections, and the second is based on the first. */
function lastOf(known: ReadonlyMap<string, Correction>, key: string): Correction | undefined {
  const seen = new Set<string>();
  let found = known.get(key);
  for (let next = found; next !== undefined && !seen.has(next.key); next = known.get(next.to)) {
    seen.add(next.key);
    found = next;
  }
  return found;
}
