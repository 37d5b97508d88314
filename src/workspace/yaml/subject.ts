import type * as z from 'zod';
import { type Problems, quoted } from './problems.ts';
import type { Spot } from './source.ts';
import type { Tree } from './tree.ts';

/** What a tree is, for sentences: `a flow`, `the home of flow \`crm\` (local)`. */
export interface Subject {
  readonly name: string;
  /** Where the subject itself is written. */
  readonly spot: Spot;
  /** Keys between the file's top and this tree, for messages: `home`. */
  readonly prefix: readonly string[];
  /** The schema's keys that hygge sets itself, which no message names. */
  readonly internal?: readonly string[];
  /** What an unknown key may belong to instead. */
  readonly elsewhere?: (key: string) => string | undefined;
}

export interface Context {
  readonly tree: Tree;
  readonly schema: z.core.$ZodType;
  readonly subject: Subject;
  readonly problems: Problems;
}

/** `options.concurrency`; below an item of a list only what is inside the item, since the line is shown anyway. */
export function named(path: readonly PropertyKey[], subject: Pick<Subject, 'name' | 'prefix'>): string {
  const full = [...subject.prefix, ...path.map(String)];
  if (full.length === 0) return subject.name;
  const item = full.findLastIndex((step) => /^\d+$/.test(step));
  const inside = full.slice(item + 1);
  return inside.length > 0 ? quoted(inside.join('.')) : `item ${Number(full[item]) + 1} of ${quoted(full.slice(0, item).join('.'))}`;
}
