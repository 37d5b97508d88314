import { hash } from 'node:crypto';
import { DefectError } from '../../../src/errors/hygge-error.ts';
import { checkFolder, checkPath, comparePaths } from '../../../src/filesystems/paths.ts';
import type {
  AppendableFileSystem,
  Condition,
  FileInfo,
  ListedStagedFile,
  PublishOutcome,
  PutOutcome,
  StagedFile,
} from '../../../src/ports/filesystem.ts';
import { FileNotFound } from '../../../src/ports/filesystem.ts';
import { attach, detach, type FileNode, type FolderNode, lookup, newFile, nextEtag, walk } from './tree.ts';

/**
 * Files of the tree that a model of Data Lake serves, without its requests: for protocols whose every step is tried. The suite of file systems and the
 * tests of whole runs have the requests.
 */
export class TreeFiles implements AppendableFileSystem {
  readonly url = 'tree://files';
  readonly #root: FolderNode;

  constructor(root: FolderNode) {
    this.#root = root;
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const file = this.#file(path);
    return file && infoOf(path, file);
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    for (const [path, file] of this.#below(folder)) yield infoOf(path, file);
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    const file = this.#file(path);
    if (file === undefined) throw new FileNotFound(path);
    const { content } = file;
    return new Uint8Array(range ? content.subarray(range.start, Math.max(range.start, range.end)) : content);
  }

  async get(path: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const file = this.#file(path);
    return file && { body: new Uint8Array(file.content), etag: plain(file.etag) };
  }

  async stage(
    { staged, final }: { readonly staged: string; readonly final: string },
    body: AsyncIterable<Uint8Array>,
  ): Promise<StagedFile> {
    checkPath(final);
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece.slice());
    if (this.#file(staged) !== undefined) throw usedTwice(staged);
    const content = Buffer.concat(pieces);
    this.#create(staged, content);
    return { staged, final, bytes: content.length, checksum: `sha256:${hash('sha256', content)}` };
  }

  async publish({ staged, final }: StagedFile): Promise<PublishOutcome> {
    const [from, there] = [this.#file(staged), this.#file(final)];
    if (from === undefined) return there ? 'already' : 'gone';
    if (there && !there.content.equals(from.content)) throw usedTwice(final);
    detach(this.#root, staged);
    if (there) return 'already';
    attach(this.#root, final, from);
    return 'published';
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    for (const [path, { content }] of this.#below(folder)) yield { staged: path, bytes: content.length };
  }

  discard({ staged }: { readonly staged: string }): Promise<void> {
    return this.remove(staged);
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const file = this.#file(path);
    const holds = 'ifNoneMatch' in condition ? file === undefined : file !== undefined && plain(file.etag) === condition.ifMatch;
    return holds ? { outcome: 'written', etag: this.#create(path, Buffer.from(body)) } : { outcome: 'refused' };
  }

  async append(path: string, line: Uint8Array): Promise<void> {
    this.#create(path, Buffer.concat([this.#file(path)?.content ?? Buffer.alloc(0), line, Buffer.from('\n')]));
  }

  async remove(path: string): Promise<void> {
    if (this.#file(path) !== undefined) detach(this.#root, path);
  }

  async folderEtag(path: string): Promise<string | undefined> {
    const folder = lookup(this.#root, path);
    return folder?.kind === 'folder' ? plain(folder.etag) : undefined;
  }

  async removeFolder(path: string, { ifMatch }: { readonly ifMatch: string }): Promise<'removed' | 'absent' | 'refused' | 'busy'> {
    const etag = await this.folderEtag(path);
    if (etag === undefined) return 'absent';
    if (etag !== ifMatch) return 'refused';
    detach(this.#root, path);
    return 'removed';
  }

  #file(path: string): FileNode | undefined {
    checkPath(path);
    const node = lookup(this.#root, path);
    return node?.kind === 'file' ? node : undefined;
  }

  #create(path: string, content: Buffer): string {
    const file = newFile(new Map(), new Map());
    file.content = content;
    file.etag = nextEtag();
    attach(this.#root, path, file);
    return plain(file.etag);
  }

  #below(folder: string): [string, FileNode][] {
    checkFolder(folder);
    const at = folder === '' ? this.#root : lookup(this.#root, folder);
    if (at?.kind !== 'folder') return [];
    const files = [...walk(at, folder, true)].flatMap(({ path, node }) =>
      node.kind === 'file' ? [[path, node] as [string, FileNode]] : [],
    );
    return files.sort(([a], [b]) => comparePaths(a, b));
  }
}

const plain = (etag: string): string => etag.replaceAll('"', '');

const infoOf = (path: string, { content, etag, modified }: FileNode): FileInfo => ({
  ...{ path, bytes: content.length, etag: plain(etag), modifiedAt: modified.toISOString() },
});

function usedTwice(path: string): DefectError {
  return new DefectError({
    code: 'HYG-9401',
    what: `A file named ${path} already exists with other content.`,
    why: ['hygge uses every name once. A second use would overwrite data that a commit needs.'],
    tryThis: ['Report it with the output of `-v`. Nothing was overwritten.'],
  });
}
