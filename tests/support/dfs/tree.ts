import { refuse } from './exchange.ts';

interface Common {
  /** With its quotes, as the header has it. */
  etag: string;
  readonly created: Date;
  modified: Date;
  metadata: ReadonlyMap<string, string>;
}

export interface FileNode extends Common {
  readonly kind: 'file';
  content: Buffer;
  /** Appended and not flushed yet, by position. */
  readonly pending: Map<number, Buffer>;
  /** content-type and its kin. */
  headers: ReadonlyMap<string, string>;
  /** What one door wrote the other one does not append to. */
  writtenBy: 'dfs' | 'blob';
}

export interface FolderNode extends Common {
  readonly kind: 'folder';
  readonly children: Map<string, TreeNode>;
}

export type TreeNode = FileNode | FolderNode;

let changes = 0x8dd0000000;

/** Another one at each change. */
export const nextEtag = (): string => `"0x${(++changes).toString(16).toUpperCase()}"`;

export function newFile(metadata: ReadonlyMap<string, string>, headers: ReadonlyMap<string, string>): FileNode {
  const now = new Date();
  const common = { etag: nextEtag(), created: now, modified: now, metadata, headers };
  return { kind: 'file', content: Buffer.alloc(0), pending: new Map(), writtenBy: 'dfs', ...common };
}

export function newFolder(metadata: ReadonlyMap<string, string> = new Map()): FolderNode {
  const now = new Date();
  return { kind: 'folder', children: new Map(), etag: nextEtag(), created: now, modified: now, metadata };
}

export function touch(node: TreeNode): void {
  node.etag = nextEtag();
  node.modified = new Date();
}

/** Of a decoded path. Refuses what is none. */
export function segmentsOf(path: string): readonly string[] {
  const segments = path === '' ? [] : path.split('/');
  if (segments.some((one) => one === '' || one === '.' || one === '..')) throw refuse('InvalidUri');
  if (segments.some((one) => one.length > 255 || /\p{Cc}|\p{Cs}/u.test(one))) throw refuse('InvalidResourceName');
  return segments;
}

export function lookup(root: FolderNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const segment of segmentsOf(path)) node = node?.kind === 'folder' ? node.children.get(segment) : undefined;
  return node;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Puts a node where the path says, making the folders above it. A file among them is a conflict. */
export function attach(root: FolderNode, path: string, node: TreeNode): void {
  let folder = root;
  for (const segment of segmentsOf(parentOf(path))) {
    const next = folder.children.get(segment) ?? newFolder();
    if (next.kind === 'file') throw refuse('PathConflict');
    folder.children.set(segment, next);
    folder = next;
  }
  folder.children.set(nameOf(path), node);
}

export function detach(root: FolderNode, path: string): void {
  const parent = lookup(root, parentOf(path));
  if (parent?.kind === 'folder') parent.children.delete(nameOf(path));
}

export interface Met {
  readonly path: string;
  readonly node: TreeNode;
}

/** A folder before what is in it, names in the order of their bytes: not the order of whole paths (`a/b` comes before `a.txt`). */
export function* walk(folder: FolderNode, at: string, recursive: boolean): Generator<Met> {
  const names = [...folder.children].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [name, node] of names) {
    const path = at === '' ? name : `${at}/${name}`;
    yield { path, node };
    if (recursive && node.kind === 'folder') yield* walk(node, path, recursive);
  }
}
