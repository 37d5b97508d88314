import type { CheckTold, ErrorDetails } from '../events.ts';
import type { NotToldBecause } from '../state.ts';
import type { EntityKey } from '../values.ts';

/** The result of `verify --contract`: the settled rows of an entity, checked against the current contract. */
export interface JudgedContract extends EntityKey {
  /** True if every rule and check that fails or quarantines has passed, and every rule and check was evaluated. */
  readonly ok: boolean;
  /** The contract's file; null: the config has rules or checks without a contract. */
  readonly contract: string | null;
  /** How many rules and checks were evaluated. */
  readonly judged: number;
  readonly rows: number | null;
  /** Rules and checks with a finding. */
  readonly findings: readonly CheckTold[];
  readonly not_judged: readonly NotJudged[];
  /** Why no row was checked; `no contract`: the entity has no rule and no check. Null: rows were checked. */
  readonly because: NotToldBecause | 'no contract' | null;
  readonly seconds: number;
  readonly error: ErrorDetails | null;
}

export interface NotJudged {
  readonly kind: 'rule' | 'check';
  readonly name: string;
  /** `of runs`: the rule or check concerns a run or its source, not settled rows. `does not fit`: the rule or check does not fit the settled columns; `problem` has the reason, as a sentence. */
  readonly why: 'of runs' | 'does not fit';
  readonly problem?: string;
}
