/** `schema.mode` and `schema_evolution`: how each kind of drift is handled. */

export type Mode = 'strict' | 'warn' | 'adapt';

export interface Policies {
  readonly addColumns: 'auto' | 'warn' | 'ignore' | 'fail';
  readonly removeColumns: 'warn' | 'ignore' | 'fail' | 'null_fill';
  /** `accept`: `hygge schema accept` allows the change once, with a wider type if one exists, else with a new column. */
  readonly typeChanges: 'fail' | 'warn' | 'widen' | 'cast' | 'new_column' | 'accept';
  readonly nullableChanges: 'warn' | 'ignore' | 'fail';
}

/** The policies of each mode; a written policy wins. */
const byMode: Readonly<Record<Mode, Policies>> = {
  strict: { addColumns: 'fail', removeColumns: 'fail', typeChanges: 'fail', nullableChanges: 'fail' },
  warn: { addColumns: 'auto', removeColumns: 'warn', typeChanges: 'fail', nullableChanges: 'warn' },
  adapt: { addColumns: 'auto', removeColumns: 'ignore', typeChanges: 'widen', nullableChanges: 'warn' },
};

/** The policies for a source that a person has accepted as it is. */
export const accepting: Policies = { addColumns: 'auto', removeColumns: 'null_fill', typeChanges: 'accept', nullableChanges: 'ignore' };

export function policiesOf(mode: Mode, written: Partial<Policies>): Policies {
  return { ...byMode[mode], ...written };
}
