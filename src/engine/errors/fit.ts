/** Errors of rows that do not fit the destination's own columns. */

import { FlowError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Change, Refusal } from '../contracts/catalog.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { quoted } from './run.ts';

export function cannotChange(where: string, change: Change): Refusal {
  return {
    code: 'HYG-2077',
    what: `${where} can't ${changeInWords(change)}.`,
    why: ['The rows do not fit its columns, and this store can’t change those columns.'],
    tryThis: [
      'Change the table by hand, and run again',
      ...(change.change === 'add column' ? ['Or skip the column: schema_evolution: { add_columns: ignore }'] : []),
    ],
    needsAnotherTable: true,
  };
}

export function columnsGone({ flow, entity }: EntitySpec, where: string, names: readonly string[]): Refusal {
  const [first = '', ...more] = names;
  const all = more.length === 0 ? `Column ${first}, which` : `Columns ${names.join(', ')}, which`;
  return {
    code: 'HYG-4280',
    what: `${all} settled in ${where}, ${more.length === 0 ? 'is' : 'are'} not there any more.`,
    why: ['Someone dropped or renamed it in the table. Only new rows would have values there, without an error.'],
    tryThis: [
      'Give the column its previous name, or restore it with its values',
      `Or load all rows again: hygge go -d -e ${quoted({ flow, entity })}`,
      'Or leave it out from now on: home: { exclude: […] }',
    ],
  };
}

function changeInWords(change: Change): string {
  switch (change.change) {
    case 'add column':
      return `add column ${change.column.name} (${describeType(change.column.type)})`;
    case 'widen':
      return `make column ${change.column}, which is ${change.from}, ${describeType(change.to)}`;
    case 'drop not null':
      return `make column ${change.column} nullable`;
    case 'rename column':
      return `rename column ${change.column} to ${change.to}`;
  }
}

/** @param isKept whether even a full load keeps the table, and makes a table only if it does not exist. */
export function withTableAnew(key: Pick<EntitySpec, 'flow' | 'entity'>, refusal: Refusal, isKept: boolean): Refusal {
  const anew = isKept
    ? `Or have the table recreated, with all rows: drop it, then hygge reset ${quoted(key)}, then hygge go`
    : `Or load all rows again: hygge go -d -e ${quoted(key)}`;
  return { ...refusal, tryThis: [...refusal.tryThis, anew] };
}

/** All misfits in one error, with the first one as the headline. */
export function cannotSettle(spec: Pick<EntitySpec, 'where'>, [first, ...others]: readonly Refusal[]): FlowError | StoreError {
  const { code = 'HYG-2078', what = '', why = [], tryThis = [] } = first ?? {};
  const details = { code, what, why: [...why, ...others.map((one) => one.what)], tryThis, where: spec.where };
  return code.startsWith('HYG-4') ? new StoreError(details) : new FlowError(details);
}
