import type { Paging } from './dfs-list.ts';
import { type Asked, headerOf, Refusal, refuse } from './exchange.ts';
import { attach, type FolderNode, newFolder } from './tree.ts';

/** What is in a Fabric tenant: workspaces, and items in them, each with a name and an id. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly items: readonly { readonly id: string; readonly name: string; readonly type: 'Lakehouse' | 'Warehouse' | 'MirroredDatabase' }[];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const managed = ['Files', 'Tables'];

/** The one account `onelake`: workspaces are its filesystems, and what is in them is not made here. */
export class OneLake {
  readonly #roots = new Map<string, FolderNode>();
  readonly #workspaces: readonly Workspace[];
  #listings = 0;
  /** Whether the tenant lets names in; ids it always does. */
  friendlyNames = true;

  constructor(workspaces: readonly Workspace[]) {
    this.#workspaces = workspaces;
    for (const { id, items } of workspaces) this.#roots.set(id, rootOf(items));
  }

  /** The tree of a workspace by its name or id; ids go with ids and names with names. */
  root(workspace: string): FolderNode {
    const found = this.#workspaces.find(({ id, name }) => id === workspace.toLowerCase() || name === workspace);
    const root = found && this.#roots.get(found.id);
    if (root === undefined) throw new Refusal('WorkspaceNotFound', 404, `Workspace '${workspace}' is not found.`);
    return root;
  }

  /** The same request with the item's id in its path. */
  resolved(asked: Asked): Asked {
    const query = new URLSearchParams(asked.query);
    const directory = query.get('directory');
    if (directory !== null) query.set('directory', this.#path(asked.filesystem, directory));
    const source = headerOf(asked, 'x-ms-rename-source');
    const headers = source === undefined ? asked.headers : { ...asked.headers, 'x-ms-rename-source': this.#source(source) };
    return { ...asked, query, headers, path: this.#path(asked.filesystem, asked.path) };
  }

  /** What a listing calls a path: its item by id, or as it was asked for. */
  naming(asked: Asked, how: Paging['itemNames']): (path: string) => string {
    const byId = how === 'ids' || (how === 'by turns' && ++this.#listings % 2 === 0);
    const written = (asked.query.get('directory') ?? '').replace(/^\/+/, '').split('/')[0] ?? '';
    return byId || written === '' ? (path) => path : (path) => [written, ...path.split('/').slice(1)].join('/');
  }

  #source(written: string): string {
    const [, workspace = '', ...path] = decodeURIComponent(written.split('?')[0] ?? '').split('/');
    return `/${encodeURIComponent(workspace)}/${encodeURIComponent(this.#path(workspace, path.join('/')))}`;
  }

  #path(workspace: string, path: string): string {
    const [item = '', ...rest] = path.replace(/^\/+|\/+$/g, '').split('/');
    if (item === '') return '';
    const items = this.#workspaces.find(({ id, name }) => id === workspace.toLowerCase() || name === workspace)?.items ?? [];
    if (guid.test(item) !== guid.test(workspace) || !(this.friendlyNames || guid.test(item))) {
      throw new Refusal('FriendlyNameSupportDisabled', 400, 'Names are not resolved here: give the ids of workspace and item.');
    }
    const found = items.find(({ id, name, type }) => id === item.toLowerCase() || `${name}.${type}`.toLowerCase() === item.toLowerCase());
    if (found === undefined) throw new Refusal('ArtifactNotFound', 404, `Artifact '${item}' is not found in workspace '${workspace}'.`);
    return [found.id, ...rest].join('/');
  }
}

function rootOf(items: Workspace['items']): FolderNode {
  const root = newFolder();
  for (const { id, type } of items) {
    const item = newFolder();
    for (const name of managed) item.children.set(name, newFolder());
    if (type === 'MirroredDatabase') attach(item, 'Files/LandingZone', newFolder());
    root.children.set(id, item);
  }
  return root;
}

/** Writes go below `Files` and `Tables`; what Fabric itself has made stays as it is. */
export function checkPlace({ method, path, filesystem, headers }: Asked): void {
  const reading = method === 'GET' || method === 'HEAD';
  if (path === '') {
    if (!reading) throw new Refusal('OperationNotAllowedOnThePath', 400, `Workspace '${filesystem}' is managed by Fabric.`);
    return;
  }
  const source = headers['x-ms-rename-source'];
  const from = typeof source === 'string' ? [decodeURIComponent(source).split('/').slice(2).join('/')] : [];
  for (const written of reading ? [] : [path, ...from]) {
    const [, folder = '', ...inside] = written.split('/');
    if (!managed.includes(folder) || inside.length === 0) {
      throw new Refusal('OperationNotAllowedOnThePath', 400, `The operation is not allowed on path '${written}': it is managed by Fabric.`);
    }
  }
}

export const noKeys = (): Refusal => refuse('AuthorizationFailure');
