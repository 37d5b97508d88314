import type * as z from 'zod';
import { toPlain } from '../yaml/plain.ts';
import type { Problems } from '../yaml/problems.ts';
import { repairTree } from '../yaml/repair.ts';
import type { Subject } from '../yaml/subject.ts';
import type { Entry, Tree } from '../yaml/tree.ts';
import { explainIssue } from './issues.ts';

export interface CheckedTree<T> {
  readonly value: T;
  /** Keys that come from a default or a shorthand and were left out, because the schema does not know them. */
  readonly dropped: readonly Entry[];
}

/** A tree checked by a schema. A number where text is needed keeps its written form (`007`). If a number or a truth value is needed, text from a variable is converted. Unknown keys from shorthands and defaults are left out. Undefined: the problem was reported. */
export function check<T>(schema: z.ZodType<T>, tree: Tree, subject: Subject, problems: Problems): CheckedTree<T> | undefined {
  const dropped: Entry[] = [];
  let current = tree;
  for (;;) {
    // A process uses each schema only once or twice. So compiling a parser would cost more time than the parser saves.
    const result = schema.safeParse(toPlain(current), { jitless: true });
    if (result.success) return { value: result.data, dropped };
    const repaired = repairTree(current, result.error.issues, dropped);
    if (repaired === current) {
      for (const issue of result.error.issues) explainIssue(issue, { tree: current, schema, subject, problems });
      return undefined;
    }
    current = repaired;
  }
}
