import type { Migration } from '../../checks/migrations.ts';
import { describeType } from '../../frames/describe-type.ts';
import { canBeWritten, valueText } from '../../frames/rules/value-text.ts';
import { parseTypeNode } from '../schema/column-type.ts';
import { constantOf, constantTypeOf } from '../schema/constants.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { Spot } from '../yaml/source.ts';
import { child, type Entry, type Scalar, type Tree } from '../yaml/tree.ts';

/** The planned changes, in the written order. Errors are added to `problems`. @param tree of `migrations`, checked by its schema. A plain object would lose the order of keys such as `7`, and digits of values. */
export function migrationsOf(tree: Tree | undefined, problems: Problems): readonly Migration[] {
  const items = tree?.kind === 'list' ? tree.items : [];
  checkRenames(items, problems);
  return items.flatMap((item) => [
    ...[...entriesOf(child(item, 'rename'))].flatMap(renameOf),
    ...[...entriesOf(child(item, 'cast'))].flatMap(castOf),
    ...[...entriesOf(child(item, 'default'))].flatMap((one) => defaultOf(one, problems)),
  ]);
}

function entriesOf(tree: Tree | undefined): Iterable<readonly [string, Entry]> {
  return tree?.kind === 'map' ? tree.entries : [];
}

function renameOf([from, { value }]: readonly [string, Entry]): readonly Migration[] {
  return value.kind === 'scalar' ? [{ what: 'rename', from, to: value.text }] : [];
}

function castOf([column, { value }]: readonly [string, Entry]): readonly Migration[] {
  const type = parseTypeNode(value);
  return type === undefined ? [] : [{ what: 'cast', column, type }];
}

function defaultOf([column, held]: readonly [string, Entry], problems: Problems): readonly Migration[] {
  const named = parseTypeNode(child(held.value, 'type'));
  const value = held.value.kind === 'map' ? child(held.value, 'value') : held.value;
  if (value?.kind !== 'scalar') return [];
  if (named !== undefined && !canBeWritten(named)) {
    problems.add({
      code: 'HYG-1013',
      what: `A default can't be a ${describeType(named)}.`,
      tryThis: ['Write a type with plain values, such as `string`, `int64` or `date`.'],
      spot: child(held.value, 'type')?.spot ?? value.spot,
    });
    return [];
  }
  const constant = named === undefined ? constantOf(value, undefined) : { type: named, text: valueText(named, value.text) };
  if (typeof constant?.text === 'string') return [{ what: 'default', column, type: constant.type, text: constant.text }];
  const type = named === undefined ? constantTypeOf(value) : describeType(named);
  problems.add({ code: 'HYG-1013', ...refused(column, value, type), spot: value.spot });
  return [];
}

function refused(column: string, value: Scalar, type: string | undefined): { readonly what: string; readonly tryThis: readonly [string] } {
  if (type !== undefined)
    return { what: `${quoted(value.shown)} is not a valid ${type}.`, tryThis: ['Write a value of that type, or name another `type`.'] };
  return {
    what: `The type of ${quoted(value.shown)} can't be decided.`,
    tryThis: [`Name the type: \`${column}: { value: ${value.shown}, type: string }\`.`],
  };
}

/** Finds renames that contradict each other; a chain (`a` to `b`, then `b` to `c`) is fine. */
function checkRenames(items: readonly Tree[], problems: Problems): void {
  const settles = new Map<string, string>();
  for (const [from, { value, spot }] of items.flatMap((item) => [...entriesOf(child(item, 'rename'))])) {
    if (value.kind !== 'scalar') continue;
    const before = settles.get(from);
    if (before !== undefined && ![...settles.values()].includes(from))
      twice(`${quoted(from)} is renamed already, to ${quoted(before)}.`, spot, problems);
    const other = [...settles].find(([, to]) => to === value.text)?.[0];
    if (other !== undefined && other !== from)
      twice(`Both ${quoted(other)} and ${quoted(from)} would settle as ${quoted(value.text)}.`, value.spot, problems);
    for (const [source, to] of settles) if (to === from) settles.set(source, value.text);
    settles.set(from, value.text);
  }
}

function twice(what: string, spot: Spot, problems: Problems): void {
  problems.add({ code: 'HYG-1013', what, tryThis: ['Remove one of the two renames, or write another name.'], spot });
}
