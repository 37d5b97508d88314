/** Sends rows from PostgreSQL to PostgreSQL in the messages in which they arrived, if none of their values has to be decoded. */
import { DefectError } from '../../../errors/hygge-error.ts';
import type { SourceColumn } from '../../engine.ts';
import { numericOf, spelling } from '../types.ts';
import type { Block, Blocks } from './blocks.ts';
import {
  type Fold,
  type Folded,
  foldBools,
  foldBytes,
  foldDates,
  foldFloats4,
  foldFloats8,
  foldInts2,
  foldInts4,
  foldInts8,
  foldNumerics,
  foldTimes,
  foldTimestamps,
  foldUuids,
} from './folds.ts';

/** A type whose values are the same bytes in every database in UTF-8. */
interface PlainType {
  /** The declaration of the type, as in `format_type`. */
  readonly declared: string;
  readonly fold: Fold;
}

/** How totals of plain types are computed, by the oid of the type. Types have no modifier, and are built-in scalars: no enums, domains, arrays or types of extensions. */
const folds: Readonly<Record<number, Fold>> = {
  ...{ 16: foldBools, 17: foldBytes, 20: foldInts8, 21: foldInts2, 23: foldInts4, 25: foldBytes, 700: foldFloats4, 701: foldFloats8 },
  ...{ 1082: foldDates, 1083: foldTimes, 1114: foldTimestamps, 1184: foldTimestamps, 2950: foldUuids },
};

const numeric = 1700;
/** The maximum number of digits of a summed number. The sum of longer numbers may not fit into 38 digits. */
const mostDigits = 27;

function plainType({ wire }: SourceColumn): PlainType | undefined {
  const [, oid, modifier] = JSON.parse(wire) as readonly [string, number, number, unknown];
  const declared = spelling(oid, modifier);
  const fold = oid === numeric ? numericFold(modifier) : modifier === -1 ? folds[oid] : undefined;
  return declared === undefined || fold === undefined ? undefined : { declared, fold };
}

function numericFold(modifier: number): Fold | undefined {
  const digits = numericOf(modifier);
  return digits === undefined || digits.precision > mostDigits ? undefined : foldNumerics(digits);
}

/** What hygge knows about columns whose rows are sent untouched. */
export interface UntouchedColumns {
  /** The declaration of each column in the source. */
  readonly declared: readonly string[];
  readonly folds: readonly Fold[];
}

/** The columns, if their rows can be sent untouched. Undefined: the values of a column have to be decoded. */
export function untouchedColumns(columns: readonly SourceColumn[]): UntouchedColumns | undefined {
  const types = columns.map(plainType);
  if (types.length === 0 || !types.every((type) => type !== undefined)) return undefined;
  return { declared: types.map(({ declared }) => declared), folds: types.map(({ fold }) => fold) };
}

/** The totals of the rows of a block. Undefined: a value is special. */
export function foldedBlock(block: Block, { folds }: UntouchedColumns): readonly Folded[] | undefined {
  const all: Folded[] = [];
  for (const [column, fold] of folds.entries()) {
    const folded = fold({ block, columns: folds.length, column });
    if (folded === undefined) return undefined;
    all.push(folded);
  }
  return all;
}

/** The rows of a frame as the server sent them. Once they were sent, their memory may be used for later rows. From then on, these rows can’t be read any more. */
export class UntouchedRows {
  readonly declared: readonly string[];
  readonly totals: readonly Folded[];
  readonly rows: number;
  readonly #blocks: Blocks;
  #block: Block | undefined;

  constructor(block: Block, of: { readonly declared: readonly string[]; readonly totals: readonly Folded[]; readonly blocks: Blocks }) {
    this.#block = block;
    this.#blocks = of.blocks;
    this.declared = of.declared;
    this.totals = of.totals;
    this.rows = block.rows;
  }

  /** The block of the rows. Throws once the rows were returned. */
  get block(): Block {
    if (this.#block !== undefined) return this.#block;
    throw new DefectError({
      code: 'HYG-9001',
      what: 'Rows were read after they had been sent and their memory had been freed.',
      tryThis: ['Run again. If the run fails again, report it: this should not be possible'],
    });
  }

  /** The CopyData messages, one for each row, without the header and the trailer of the COPY. */
  get messages(): Buffer {
    const { bytes, from, to } = this.block;
    return bytes.subarray(from, to);
  }

  /** Returns the rows. Called when nothing writes or reads them any more. */
  giveBack(): void {
    if (this.#block !== undefined) this.#blocks.giveBack(this.#block);
    this.#block = undefined;
  }
}
