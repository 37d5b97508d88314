import type { Check } from '../../engine/contracts/validation.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Spot } from '../yaml/source.ts';

/** The requirements of a contract, the same for all forms of contracts. `validation.mode` decides the severities that the contract leaves open. */
export interface Contract {
  readonly columns: readonly ContractColumn[];
  /** Whether the source must have exactly the columns of the contract. */
  readonly isComplete: boolean;
  readonly rules: readonly Placed<Rule>[];
  readonly checks: readonly Placed<DraftCheck>[];
}

export interface ContractColumn {
  readonly name: string;
  /** Null: the contract leaves the type open. */
  readonly type: DataType | null;
  readonly nullable: boolean;
  /** A file may lack the column. */
  readonly optional: boolean;
  readonly spot: Spot;
}

/** A check whose `onFail` may come from `validation.mode`. */
export type DraftCheck = Check extends infer One
  ? One extends Check
    ? Omit<One, 'onFail'> & { readonly onFail?: Severity }
    : never
  : never;

export interface Placed<T> {
  readonly value: T;
  readonly spot: Spot;
}

/** A column's name as the SQL of Polars needs it. */
export function quotedColumn(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
