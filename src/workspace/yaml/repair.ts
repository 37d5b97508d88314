import type * as z from 'zod';
import { type Entry, lookUp, replaceAt, type Scalar, type Tree } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** The tree without parts that may be left out, and with values in the type that the schema needs. A tree that can’t be repaired is returned unchanged. */
export function repairTree(tree: Tree, issues: readonly Issue[], dropped: Entry[], above: readonly PropertyKey[] = []): Tree {
  let result = tree;
  for (const issue of issues) {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') result = dropKeys(result, path, issue.keys, dropped);
    else if (issue.code === 'invalid_type' || issue.code === 'invalid_union') result = retype(result, path, needs(issue));
    if (issue.code === 'invalid_union' && result === tree) result = repairBranch(result, issue, path, dropped);
  }
  return result;
}

/** The expected type of an invalid value. */
function needs(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flatMap((branch) => branch.filter(({ path }) => path.length === 0).flatMap(needs));
}

/** The intended branch of a union is the branch that matches the value most deeply. */
export function meantBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] {
  const inside = issue.errors.filter((branch) => !branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0));
  const depth = (branch: readonly Issue[]) => Math.max(...branch.map(({ path }) => path.length));
  return [...inside].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
}

function repairBranch(tree: Tree, issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[], dropped: Entry[]): Tree {
  return repairTree(tree, meantBranch(issue), dropped, path);
}

function dropKeys(tree: Tree, path: readonly PropertyKey[], keys: readonly string[], dropped: Entry[]): Tree {
  let result = tree;
  for (const key of keys) {
    const held = lookUp(tree, [...path, key])?.entry;
    if (held === undefined || held.weight === 'explicit') continue;
    dropped.push(held);
    result = replaceAt(result, [...path, key], undefined);
  }
  return result;
}

function retype(tree: Tree, path: readonly PropertyKey[], expected: readonly string[]): Tree {
  const held = lookUp(tree, path)?.tree;
  const value = held?.kind === 'scalar' ? retyped(held, expected) : undefined;
  return held?.kind !== 'scalar' || value === undefined ? tree : replaceAt(tree, path, { ...held, value });
}

function retyped(scalar: Scalar, expected: readonly string[]): string | number | boolean | undefined {
  if (expected.includes('string') && (typeof scalar.value === 'number' || typeof scalar.value === 'boolean')) return scalar.text;
  if (!scalar.fromVariable || typeof scalar.value !== 'string') return undefined;
  if (expected.some((one) => one === 'number' || one === 'int') && /^[+-]?\d+(\.\d+)?$/.test(scalar.text)) return Number(scalar.text);
  if (expected.includes('boolean') && /^(true|false)$/i.test(scalar.text)) return scalar.text.toLowerCase() === 'true';
  return undefined;
}
