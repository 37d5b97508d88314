import type * as z from 'zod';
import { toPlain } from '../yaml/plain.ts';
import type { Problems } from '../yaml/problems.ts';
import { repairTree } from '../yaml/repair.ts';
import type { Subject } from '../yaml/subject.ts';
import type { Entry, Tree } from '../yaml/tree.ts';
import { explainIssue } from './issues.ts';

export interface CheckedTree<T> {
  readonly value: T;
  /** Keys that the schema doesn't know and that were left out, because a default or a shorthand put them there. */
  readonly dropped: readonly Entry[];
}

/**
 * A tree checked by a schema. Numbers written where text is needed are taken as they are written (`007`); text from a variable is taken
 * for the number or truth value that is needed; unknown keys from shorthands and defaults are left out. Undefined: it was explained why not.
 */
export function check<T>(schema: z.ZodType<T>, tree: Tree, subject: Subject, problems: Problems): CheckedTree<T> | undefined {
  const dropped: Entry[] = [];
  let current = tree;
  for (;;) {
    // Read once or twice in a process: a parser made for the schema would cost more than it saves.
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
