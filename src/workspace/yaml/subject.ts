import type * as z from 'zod';
import { type Problems, quoted } from './problems.ts';
import type { Spot } from './source.ts';
import type { Tree } from './tree.ts';

/** The name of the tree in sentences: `a flow`, `the home of flow \`crm\` (local)`. */
export interface Subject {
  readonly name: string;
  /** The place of the subject itself. */
  readonly spot: Spot;
  /** Keys between the file's top and this tree, for messages: `home`. */
  readonly prefix: readonly string[];
  /** Keys of the schema that hygge sets itself, so that messages never name them. */
  readonly internal?: readonly string[];
  /** Sentences about the map to which an unknown key may belong. */
  readonly elsewhere?: (key: string) => string | undefined;
}

export interface Context {
  readonly tree: Tree;
  readonly schema: z.core.$ZodType;
  readonly subject: Subject;
  readonly problems: Problems;
}

/** The path of a key: `options.concurrency`. Below a list item: only the path inside the item, because the line is shown anyway. */
export function named(path: readonly PropertyKey[], subject: Pick<Subject, 'name' | 'prefix'>): string {
  const full = [...subject.prefix, ...path.map(String)];
  if (full.length === 0) return subject.name;
  const item = full.findLastIndex((step) => /^\d+$/.test(step));
  const inside = full.slice(item + 1);
  return inside.length > 0 ? quoted(inside.join('.')) : `item ${Number(full[item]) + 1} of ${quoted(full.slice(0, item).join('.'))}`;
}
