/** Rows in quarantine of which the source's row alone does not tell that they lie there: those whose key another row of their run had as well. */
import { setsRowsApart } from '../../checks/check.ts';
import { brokenBy } from '../../frames/rules/judge.ts';
import type { Schema } from '../../frames/schema.ts';
import type { Frame } from '../contracts/frame.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { asSettledRows } from './quarantined-rows.ts';

export const setsAnyApart = ({ validation }: EntitySpec): boolean => (validation?.checks ?? []).some(setsRowsApart);

/** Those rows as the settled ones of the destination are read, from `read`; null: there can be none. */
export function rowsApart(
  spec: EntitySpec,
  { quarantine }: Pick<Store, 'quarantine'>,
  settled: Schema,
): ((signal: AbortSignal) => AsyncGenerator<Frame>) | null {
  const rules = (spec.validation?.checks ?? []).filter(setsRowsApart).map(({ name }) => name);
  if (rules.length === 0 || quarantine === undefined) return null;
  return async function* read(signal) {
    for (const { slice, because, writtenBy } of await quarantine.parts()) {
      if (because !== 'rule' || writtenBy !== undefined) continue;
      for await (const frame of quarantine.read(slice, signal)) {
        const own = await brokenBy(frame, rules);
        if (own.rows > 0) yield await asSettledRows(own, settled);
      }
    }
  };
}
