import { hash, randomUUID } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { reservedPrefix } from '../paths.ts';
import type { Folders } from './folders.ts';
import { fateOf, type Identity, ownIdentity } from './processes.ts';

const prefix = `${reservedPrefix}tmp-`;
const named = /^\.hygge-tmp-([0-9a-f]*)-([0-9a-f]*)-([0-9a-f]*)-(\d+)-(\w*)-[0-9a-f-]{36}$/;

/** The age at which a temporary file is removed even if the state of its writer is unknown. No temporary file is used for so long. */
const forgottenMs = 60 * 60 * 1000;

/** A unique name for a temporary file. The name identifies the writing process, so that any process on this machine can find out whether the writer is still running. */
export function temporaryName(writer: Identity = ownIdentity()): string {
  return `${writtenBy(writer)}${randomUUID()}`;
}

function writtenBy(writer: Identity): string {
  const { host, boot, pid, started } = shortened(writer);
  const [id = '', numbering = ''] = boot.split(' ');
  return `${prefix}${host}-${id}-${numbering}-${pid}-${started}-`;
}

/** A shortened identity that fits into a name. Equal identities have equal shortened identities. */
function shortened(whole: Identity): Identity {
  const short = (text: string | undefined): string => (text ? hash('sha256', text).slice(0, 8) : '');
  const [id, numbering] = whole.boot.split(' ');
  return { ...whole, host: short(whole.host), boot: id ? `${short(id)} ${short(numbering)}` : '' };
}

function writerOf(name: string): Identity | undefined {
  const [, host, id, numbering, pid, started] = named.exec(name) ?? [];
  if (host === undefined || started === undefined) return undefined;
  return { host, boot: id ? `${id} ${numbering}` : '', pid: Number(pid), started };
}

/** The temporary files that killed processes left. A listing notices such files, but only the next writer removes them, because a reader changes nothing. */
export class Litter {
  readonly #folders: Folders;
  readonly #noticed = new Set<string>();
  readonly #looked = new Set<string>();
  readonly #ours = writtenBy(ownIdentity());

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /** Called when a listing of `folder` skips the temporary file `name`. */
  notice(folder: string, name: string): void {
    if (name.startsWith(prefix) && !name.startsWith(this.#ours)) this.#noticed.add(folder);
  }

  /** Cleans the folders with temporary files that listings noticed. Also cleans the folder of the next write, once in the life of this object. */
  async clear(folder?: string): Promise<void> {
    if (folder !== undefined && !this.#looked.has(folder)) {
      this.#looked.add(folder);
      this.#noticed.add(folder);
    }
    if (this.#noticed.size === 0) return;
    const noticed = [...this.#noticed];
    this.#noticed.clear();
    for (const each of noticed) if (await removeForgotten(each)) await this.#folders.prune(each);
  }
}

/** Removes temporary files without a living writer; returns whether there were any. If the writer of a removed file is alive after all, only its write fails. */
async function removeForgotten(folder: string): Promise<boolean> {
  // A failed removal is ignored, because the next writer tries again.
  const names = await readdir(folder).catch(() => []);
  const found = names.filter((name) => name.startsWith(prefix));
  const removed = await Promise.all(found.map((name) => removeIfForgotten(folder, name).catch(() => false)));
  return removed.includes(true);
}

async function removeIfForgotten(folder: string, name: string): Promise<boolean> {
  const path = join(folder, name);
  const writer = writerOf(name);
  const fate = writer ? await fateOf(writer, shortened(ownIdentity())) : 'unknown';
  if (fate === 'alive' || (fate === 'unknown' && Date.now() - (await stat(path)).mtimeMs < forgottenMs)) return false;
  await unlink(path);
  return true;
}
