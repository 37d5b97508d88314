import { namesSecret, Secret } from '../../ports/secret.ts';
import type { Tree } from './tree.ts';

/** A tree as plain values, for a schema. What comes from the environment under a key that names a secret is wrapped. */
export function toPlain(tree: Tree, key = ''): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.fromVariable && typeof tree.value === 'string' && namesSecret(key) ? new Secret(tree.value) : tree.value;
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
