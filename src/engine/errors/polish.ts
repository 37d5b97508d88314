/** Why polish stops a run before a row is read. */

import { didYouMean } from '../../errors/did-you-mean.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { HashId, Names } from '../../frames/polish/polish.ts';
import type { SettledColumn } from '../../frames/polish/settled-columns.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export function noColumnForHash(
  spec: EntitySpec,
  { id, column }: { readonly id: HashId; readonly column: string },
  { sources, names }: { readonly sources: readonly string[]; readonly names: Names },
): FlowError {
  const polished = names.find(([, settled]) => settled === column)?.[0];
  const near = polished ?? didYouMean(column, sources);
  return new FlowError({
    code: 'HYG-2021',
    what: `The source of ${spec.flow}.${spec.entity} has no column ${JSON.stringify(column)}, which the hash id ${JSON.stringify(id.name)} needs.`,
    why: [`It has: ${sources.slice(0, 20).join(', ')}${sources.length > 20 ? ', …' : ''}`],
    tryThis: [
      ...(near === undefined ? [] : [`Did you mean ${JSON.stringify(near)}?`]),
      'Correct polish.hash_ids. from_columns contains the exact column names of the source',
    ],
    where: spec.where,
  });
}

export function columnNameTaken(spec: EntitySpec, [first, second]: readonly [SettledColumn, SettledColumn]): FlowError {
  const told = ({ column, from }: SettledColumn) =>
    from === null ? `the added column ${JSON.stringify(column.name)}` : `the source’s column ${JSON.stringify(from)}`;
  return new FlowError({
    code: 'HYG-2022',
    what: `Two columns of ${spec.flow}.${spec.entity} would settle as ${JSON.stringify(second.column.name)}: ${told(first)} and ${told(second)}.`,
    why: ['A column would be lost. As in databases, upper and lower case make no difference.'],
    tryThis: ['Give the added column another name in polish', 'Or leave the source’s column out with home.exclude'],
    where: spec.where,
  });
}
