import type { OwnType } from '../../engine/contracts/connector.ts';
import type { Override } from '../../engine/contracts/spec.ts';
import { describeType } from '../../frames/describe-type.ts';
import { readColumnType } from '../../frames/type-text.ts';
import { noType } from '../schema/column-type.ts';
import type { Problems } from '../yaml/problems.ts';
import { whereIs } from '../yaml/source.ts';
import { child, entry, type MapNode, mapping, textAt, withEntry } from '../yaml/tree.ts';

/** The meaning of a text as one of the store's own types; undefined: the text is not such a type. */
export type OwnTypes = (written: string) => OwnType | undefined;

/** `schema_overrides` of an entity after all layers are merged. Errors are added to `problems`. */
export function overridesOf(tree: MapNode, own: OwnTypes, problems: Problems): readonly Override[] {
  const written = child(tree, 'schema_overrides');
  return [...(written?.kind === 'map' ? written.entries : [])].flatMap(([column, { value }]): readonly Override[] => {
    if (value.kind !== 'scalar') return [];
    const read = readColumnType(value.text);
    const where = whereIs(value.spot);
    if ('type' in read) return [{ column, type: read.type, where }];
    const found = own(value.text);
    if (found) return [{ column, ...found, where }];
    const { what, tryThis } = noType(value.shown, read.problem);
    problems.add({ code: 'HYG-1013', what, tryThis: [tryThis], spot: value.spot });
    return [];
  });
}

/** The type in which an untyped value of the source is read. If a text were first read as a number, its leading zeros would be lost. Homes with typed values ignore this setting. */
export function asTypesOfHome(tree: MapNode, overrides: readonly Override[]): MapNode {
  const home = entry(tree, 'home');
  const written = entry(tree, 'schema_overrides');
  if (home?.value.kind !== 'map' || written?.value.kind !== 'map' || overrides.length === 0) return tree;
  const given = entry(home.value, 'types');
  if (given && given.value.kind !== 'map') return tree;
  let types = given?.value.kind === 'map' ? given.value : mapping(written.value.spot);
  for (const { column, type } of overrides) {
    const spot = child(written.value, column)?.spot ?? written.spot;
    if (!types.entries.has(column)) types = withEntry(types, column, { spot, value: textAt(spot, describeType(type)), weight: 'default' });
  }
  const value = withEntry(home.value, 'types', { spot: given?.spot ?? written.spot, value: types, weight: given?.weight ?? 'default' });
  return withEntry(tree, 'home', { ...home, value });
}
