import { namesSecret, Secret } from '../../ports/secret.ts';
import type { Scalar, Tree } from './tree.ts';

/** Whether a text is a secret from a variable. */
export function isSecretText(scalar: Scalar, key: string): boolean {
  return scalar.fromVariable && typeof scalar.value === 'string' && (scalar.isSecret ?? namesSecret(key));
}

/** A tree as plain values, for a schema. If a key needs a secret and its value comes from the environment, the value is wrapped. */
export function toPlain(tree: Tree, key = ''): unknown {
  switch (tree.kind) {
    case 'scalar':
      return isSecretText(tree, key) ? new Secret(String(tree.value)) : tree.value;
    case 'list':
      return tree.items.map((item) => toPlain(item, key));
    case 'map':
      return Object.fromEntries([...tree.entries].map(([name, { value }]) => [name, toPlain(value, name)]));
  }
}

/** `text`, `a number`, `a list`… */
export function kindOf(tree: Tree): string {
  if (tree.kind === 'list') return 'a list';
  if (tree.kind === 'map') return 'a map';
  if (tree.value === null) return 'nothing';
  return typeof tree.value === 'string' ? 'text' : typeof tree.value === 'number' ? 'a number' : 'true or false';
}
