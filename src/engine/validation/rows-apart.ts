/** Rows that are in quarantine because another row of their run had the same key. The source’s row alone does not show that. */
import { type SeparatingCheck, setsRowsApart } from '../../checks/check.ts';
import { brokenBy } from '../../frames/rules/judge.ts';
import { sameKeyReason } from '../../frames/rules/reason.ts';
import type { Schema } from '../../frames/schema.ts';
import { brokenColumns } from '../../frames/values/rejected-rows.ts';
import type { Frame } from '../contracts/frame.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { asSettledRows, textsIn } from './quarantined-rows.ts';

export const setsAnyApart = ({ validation }: EntitySpec): boolean => (validation?.checks ?? []).some(setsRowsApart);

/** Returns these rows in the way in which `read` returns settled rows. Null: no such rows can exist. */
export function rowsApart(
  spec: EntitySpec,
  { quarantine }: Pick<Store, 'quarantine'>,
  settled: Schema,
): ((signal: AbortSignal) => AsyncGenerator<Frame>) | null {
  const checks = (spec.validation?.checks ?? []).filter(setsRowsApart);
  if (checks.length === 0 || quarantine === undefined) return null;
  return async function* read(signal) {
    for (const { slice, because, writtenBy } of await quarantine.parts()) {
      if (because !== 'rule' || writtenBy !== undefined) continue;
      for await (const frame of quarantine.read(slice, signal)) {
        const own = await brokenBy(
          frame,
          checks.map(({ name }) => name),
          checks.map(({ columns }) => sameKeyReason(columns)),
        );
        if (own.rows > 0) yield await asSettledRows(own, settled);
      }
    }
  };
}

/** The check that would set each broken row apart now: the check with the noted name or, if the check was renamed, with the noted columns. @param settled the columns that settle. */
export async function checksBehind(
  { validation }: EntitySpec,
  rows: Frame,
  settled: Schema,
): Promise<readonly (SeparatingCheck | undefined)[]> {
  const checks = (validation?.checks ?? []).filter(setsRowsApart);
  const names = brokenColumns(settled);
  const reasons = await textsIn(rows, names.reason);
  return (await textsIn(rows, names.rule)).map((rule, row) =>
    checks.find(({ name, columns }) => rule === name || reasons[row] === sameKeyReason(columns)),
  );
}
