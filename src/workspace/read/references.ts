import { posix } from 'node:path';
import type { Where } from '../../errors/hygge-error.ts';
import { isSecretPlace } from '../../ports/secret.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { collectProblems } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { lookUp, type MapNode, type Tree, textOf } from '../yaml/tree.ts';
import { parseMapping } from '../yaml/yaml-tree.ts';
import { shownIn, type WrittenWorkspace } from './read.ts';

/** One use of a variable, `${NAME}`, in the files. */
export interface Reference {
  readonly name: string;
  readonly hasDefault: boolean;
  /** Whether the value consists only of the variable. */
  readonly isAll: boolean;
  /** Whether the variable holds a secret. */
  readonly isSecret: boolean;
  /** The keys from the top of the file to the value, without positions in lists. */
  readonly path: readonly string[];
  /** The flow that has the reference; null: the reference is in hygge.yml, for every flow that uses this part. */
  readonly flow: string | null;
  readonly where: Where;
}

export interface References {
  readonly variables: readonly Reference[];
  /** The place of a key in hygge.yml; undefined: the key is not written. */
  at(...path: readonly string[]): Where | undefined;
}

/** Every use of a variable in the files of a workspace, before variables are filled in. @param files relative to the root. */
export async function readReferences(
  from: WorkspaceFiles,
  {
    root,
    files,
    written: top,
    target,
    signing,
  }: Pick<WrittenWorkspace, 'files' | 'written' | 'target' | 'signing'> & { readonly root: string },
): Promise<References> {
  const read = async (path: string): Promise<MapNode | undefined> =>
    parseMapping({ name: path, text: await from.read(`${root === '/' ? '' : root}/${path}`) }, collectProblems());
  const flows = posix.normalize(textOf(top, 'flows_dir') ?? 'flows').replace(/\/+$/, '');
  const variables: Reference[] = [];
  const shown = new Set(shownIn(top));
  for (const [name, held] of top?.entries ?? []) {
    if (name !== 'flows' || held.value.kind !== 'map') collect(held.value, { path: [name], flow: null, into: variables, shown });
    else for (const [flow, body] of held.value.entries) collect(body.value, { path: [], flow, into: variables, shown });
  }
  for (const file of files) {
    const [, flow] = file.startsWith(`${flows}/`)
      ? (/^([^/]+)\/(?:flow\.ya?ml|entities\/[^/]+\.ya?ml)$/i.exec(file.slice(flows.length + 1)) ?? [])
      : [];
    const tree = flow === undefined ? undefined : await read(file);
    if (flow !== undefined && tree !== undefined) collect(signing(tree), { path: [], flow, into: variables, shown });
  }
  return {
    // A variable that the target itself sets needs no value from outside.
    variables: variables.filter(({ name }) => target?.variables.has(name) !== true),
    at(...path) {
      const found = top === undefined ? undefined : lookUp(top, path);
      return found === undefined ? undefined : whereIs((found.entry ?? found.tree).spot);
    },
  };
}

interface CollectContext {
  readonly path: readonly string[];
  readonly flow: string | null;
  readonly into: Reference[];
  readonly shown: ReadonlySet<string>;
}

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(:-[^}]*)?\}/g;

function collect(tree: Tree, at: CollectContext): void {
  if (tree.kind === 'list') for (const item of tree.items) collect(item, at);
  if (tree.kind === 'map') for (const [key, { value }] of tree.entries) collect(value, { ...at, path: [...at.path, key] });
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return;
  for (const [all, name, fallback] of tree.value.matchAll(reference)) {
    if (name === undefined) continue;
    at.into.push({
      name,
      hasDefault: fallback !== undefined,
      isAll: all === tree.value.trim(),
      isSecret: isSecretPlace(at.path, name, at.shown),
      path: at.path,
      flow: at.flow,
      where: whereIs(spotOf(tree.spot, name)),
    });
  }
}

function spotOf({ source, offset }: Spot, name: string): Spot {
  const found = source.text.indexOf(`\${${name}`, offset);
  return { source, offset: found === -1 ? offset : found };
}
