import * as z from 'zod';
import type { Column, Schema } from '../../frames/schema.ts';
import { check } from '../check/check.ts';
import { columnType, parseTypeNode } from '../schema/column-type.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type SourceText, whereIs } from '../yaml/source.ts';
import { child, type Tree } from '../yaml/tree.ts';
import { parseTree } from '../yaml/yaml-tree.ts';

const column = z.strictObject({ name: z.string().min(1), type: columnType, nullable: z.boolean().optional() });
const columns = z.array(column).min(1);
const wrapped = z.strictObject({ columns });
const byName = z.record(z.string().min(1), columnType);

/**
 * The columns that a file says a source should have: `{ columns: [{ name, type, nullable }] }`, only the list, or a map `name: type`, in
 * YAML or JSON. What isn't said to be otherwise may be null. Undefined: it was explained why not.
 */
export function readExpectedSchema(source: SourceText, problems: Problems): Schema | undefined {
  const before = problems.count;
  // A JSON file may be indented with tabs. As many spaces keep every place where it is.
  const text = /\.json$/i.test(source.name) ? source.text.replaceAll('\t', ' ') : source.text;
  const tree = parseTree({ ...source, text }, problems);
  if (tree === undefined) return undefined;
  const read = tree.kind === 'map' && child(tree, 'columns')?.kind !== 'list' ? fromMap(tree, problems) : fromList(tree, problems);
  return problems.count === before && read !== undefined ? { columns: read } : undefined;
}

function fromMap(tree: Tree & { readonly kind: 'map' }, problems: Problems): readonly Column[] | undefined {
  const subject = { name: 'an expected schema', spot: tree.spot, prefix: [] };
  if (tree.entries.size === 0) {
    problems.add({
      code: 'HYG-1013',
      what: `${tree.spot.source.name} names no column.`,
      tryThis: ['Write a type for each column: `id: int64`.'],
      spot: tree.spot,
    });
    return undefined;
  }
  if (check(byName, tree, subject, problems) === undefined) return undefined;
  return [...tree.entries].flatMap(([name, { value }]) => {
    const type = parseTypeNode(value);
    return type === undefined ? [] : [{ name, type, nullable: true }];
  });
}

function fromList(tree: Tree, problems: Problems): readonly Column[] | undefined {
  const subject = { name: 'an expected schema', spot: tree.spot, prefix: [] };
  const read =
    tree.kind === 'map' ? check(wrapped, tree, subject, problems)?.value.columns : check(columns, tree, subject, problems)?.value;
  checkNames(tree.kind === 'map' ? child(tree, 'columns') : tree, problems);
  return read?.map(({ name, type, nullable }) => ({ name, type, nullable: nullable ?? true }));
}

function checkNames(list: Tree | undefined, problems: Problems): void {
  const seen = new Map<string, Tree>();
  for (const name of (list?.kind === 'list' ? list.items : []).map((item) => child(item, 'name'))) {
    if (name?.kind !== 'scalar' || name.value === null) continue;
    const other = seen.get(name.text);
    if (other === undefined) seen.set(name.text, name);
    else
      problems.add({
        code: 'HYG-1018',
        what: `The column ${quoted(name.text)} is there twice.`,
        why: [`The other one is in line ${whereIs(other.spot).line}.`],
        tryThis: ['Remove one of the two.'],
        spot: name.spot,
      });
  }
}
