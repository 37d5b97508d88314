import { HyggeError, StateError } from '../errors/hygge-error.ts';
import type { AppendableFileSystem, FileSystem } from '../ports/filesystem.ts';
import { mapConcurrent } from '../ports/map-concurrent.ts';
import { OutcomeUnknown } from '../ports/retry.ts';
import type { JournalFilter, JournalRow, ObjectRef, StateRow, StateStore } from '../ports/state.ts';
import type { EntityKey, Instant, Json } from '../ports/values.ts';
import { decodeSegment, encodeSegment } from '../workspace/names.ts';
import { mustKeepConditions } from './conditions.ts';
import type { Journal, JournalDamage } from './journal.ts';
import { JournalFiles } from './journal-files.ts';
import { parseState, stateText } from './state-text.ts';
import type { JournalEntry } from './stored-row.ts';

export interface FilesStateRequest {
  /** The workspace's folder, or any other tree for the state. */
  readonly files: AppendableFileSystem;
  /** The folder of hygge’s own files in the tree. */
  readonly folder?: string;
  /** The address of the state, as stores record the address in their head. */
  readonly location?: string;
  /** Called if a journal file contains lines that are not rows. */
  readonly onDamage?: (damage: JournalDamage) => void;
}

const ending = '.state.yml';

/** State in files that a person can read: `state/<flow>/<entity>.state.yml`, objects as JSON, the journal with one line per row. Throws StateError HYG-5001…5005. */
export function filesState({
  files,
  folder = '.hygge',
  location = `files ${folder}/state`,
  onDamage = () => undefined,
}: FilesStateRequest): StateStore {
  return new FilesState({ files, folder, location, onDamage, journal: new JournalFiles(files, `${folder}/journal`) });
}

export interface FilesStateParts {
  readonly files: FileSystem;
  readonly folder: string;
  readonly location: string;
  readonly journal: Journal;
  readonly onDamage: (damage: JournalDamage) => void;
  readonly beforeFirst?: BeforeFirst;
}

export interface BeforeFirst {
  /** Called if an entity may get its first row in this state soon. Only reads; never rejects. */
  look(): void;
  /** Called before an entity gets its first row in this state. */
  prove(row: StateRow): Promise<void>;
}

/** A state file with its etag. The file may contain a journal row that is missing in the journal. */
interface ReadState {
  readonly row: StateRow;
  readonly journal: JournalEntry | null;
  readonly etag: string;
}

/** State in any tree of files. The tree needs only the port’s conditional writes and a journal that suits the tree. */
export class FilesState implements StateStore {
  readonly location: string;
  readonly now?: () => Instant | undefined;
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly #journal: Journal;
  readonly #onDamage: (damage: JournalDamage) => void;
  readonly #beforeFirst: BeforeFirst | undefined;
  /** State files as this process last read them, so that an unchanged file is parsed once. */
  readonly #known = new Map<string, ReadState>();
  /** Etags of state files whose journal row is known to be in the journal. */
  readonly #journalled = new Map<string, string>();
  /** Checks of state files that `prepare` has started. */
  readonly #prepared = new Map<string, { readonly etag: string; readonly caughtUp: Promise<boolean> }>();

  constructor({ files, folder, location, journal, onDamage, beforeFirst }: FilesStateParts) {
    this.location = location;
    if (files.now !== undefined) this.now = () => files.now?.();
    this.#files = files;
    this.#folder = folder;
    this.#journal = journal;
    this.#onDamage = onDamage;
    this.#beforeFirst = beforeFirst;
  }

  async read(key: EntityKey): Promise<{ row: StateRow; etag: string } | undefined> {
    const found = await this.#read(key);
    return found && { row: found.row, etag: found.etag };
  }

  known(key: EntityKey): { row: StateRow; etag: string } | undefined {
    const known = this.#known.get(this.#statePath(key));
    return known && { row: known.row, etag: known.etag };
  }

  async #read(key: EntityKey): Promise<ReadState | undefined> {
    const path = this.#statePath(key);
    const file = await this.#files.get(path);
    if (!file) {
      this.#known.delete(path);
      return undefined;
    }
    const known = this.#known.get(path);
    if (known?.etag === file.etag) return known;
    const read = { ...parseState(key, path, new TextDecoder().decode(file.body)), etag: file.etag };
    this.#known.set(path, read);
    return read;
  }

  prepare(key: EntityKey, etag: string | undefined): void {
    if (etag === undefined) {
      this.#beforeFirst?.look();
      return;
    }
    const caughtUp = this.#catchUp(key, etag);
    // The error is ignored here: the later write meets the same error and repeats its request.
    caughtUp.catch(() => undefined);
    this.#prepared.set(this.#statePath(key), { etag, caughtUp });
  }

  /**
   * A row and its journal row are one atomic write: the journal row is part of the state file, and is appended to the journal afterwards. The next process
   * that changes the row appends the journal row first if the append is missing. So a crash between write and append loses nothing. If each append is a
   * request, the append for a run without new rows is left to the next process. Until then, a reader of the journal also reads the journal rows in state
   * files.
   */
  async write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'> {
    if (etag === undefined) await this.#beforeFirst?.prove(row);
    else if (!(await this.#caughtUp(key, etag))) return 'moved';
    const path = this.#statePath(key);
    const entry = journal ? await this.#journal.entry(journal) : null;
    const body = new TextEncoder().encode(stateText(key, row, entry));
    const put = await this.#files.put(path, body, etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag });
    if (put.outcome === 'refused') return 'moved';
    this.#known.set(path, { row, journal: entry, etag: put.etag });
    if (!entry || (!this.#mayWait(entry) && (await this.#appended(entry)))) this.#journalled.set(path, put.etag);
    return 'written';
  }

  #caughtUp(key: EntityKey, etag: string): Promise<boolean> {
    const path = this.#statePath(key);
    const prepared = this.#prepared.get(path);
    this.#prepared.delete(path);
    return prepared?.etag === etag ? prepared.caughtUp.catch(() => this.#catchUp(key, etag)) : this.#catchUp(key, etag);
  }

  #mayWait({ row }: JournalEntry): boolean {
    return this.#journal.byRequest && row.status === 'skip';
  }

  /** Copies the journal row in the state file to the journal. False: the state file has changed in the meantime. */
  async #catchUp(key: EntityKey, etag: string): Promise<boolean> {
    const path = this.#statePath(key);
    if (this.#journalled.get(path) === etag) return true;
    const known = this.#known.get(path);
    const { etag: now, journal } = (known?.etag === etag ? known : await this.#read(key)) ?? {};
    if (now !== etag) return false;
    if (journal && (this.#mayWait(journal) || !(await this.#journal.holds(journal)))) await this.#journal.append(journal);
    this.#journalled.set(path, etag);
    return true;
  }

  /** The state file is written and contains the journal row. So the write succeeds even if the append to the journal fails. */
  async #appended(entry: JournalEntry): Promise<boolean> {
    try {
      await this.#journal.append(entry);
      return true;
    } catch (error) {
      if (error instanceof HyggeError || error instanceof OutcomeUnknown) return false;
      throw error;
    }
  }

  async putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    const path = this.#objectPath(key, ref);
    for (;;) {
      const put = await this.#files.put(path, new TextEncoder().encode(`${JSON.stringify(body)}\n`), { ifNoneMatch: '*' });
      if (put.outcome === 'written') return body;
      const there = await this.getObject(key, ref);
      // Another process removed the object between the two requests, so this process can create the object.
      if (there !== undefined) return there;
    }
  }

  async getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    const path = this.#objectPath(key, ref);
    const file = await this.#files.get(path);
    return file && parseObject(path, new TextDecoder().decode(file.body));
  }

  async removeObjects(key: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    await Promise.all(refs.map((ref) => this.#files.remove(this.#objectPath(key, ref))));
  }

  async listObjects(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    const folder = this.#objectFolder(key);
    const refs: ObjectRef[] = [];
    // Only the folder of the prefix is listed, because the folders next to it may contain many old schemas.
    const below = prefix.slice(0, prefix.lastIndexOf('/') + 1).replace(/\/$/, '');
    for await (const { path } of this.#files.list(below === '' ? folder : `${folder}/${below}`)) {
      const ref = path.slice(folder.length + 1, -'.json'.length);
      if (path.endsWith('.json') && ref.startsWith(prefix)) refs.push(ref);
    }
    return refs;
  }

  async appendJournal(row: JournalRow): Promise<void> {
    await this.#journal.append(await this.#journal.entry(row));
  }

  async journal(filter: JournalFilter): Promise<readonly JournalRow[]> {
    return this.#journal.read({ filter, unwritten: await this.#unwritten(filter), told: this.#onDamage });
  }

  pruneJournal(before: Instant): Promise<number> {
    return this.#journal.prune(before);
  }

  /** Journal rows in state files. An unreadable state file is skipped here. The error is reported when the entity of the file is read. */
  async #unwritten({ flow, entity, run }: JournalFilter): Promise<readonly JournalRow[]> {
    const about = flow !== undefined && entity !== undefined ? [{ flow, entity }] : await this.#entitiesIn(flow);
    const keys = about.filter((key) => (entity ?? key.entity) === key.entity);
    const carried = await mapConcurrent(keys, (key) => this.#carried(key));
    return carried.filter((row) => row !== undefined).filter((row) => (run ?? row.run_id) === row.run_id);
  }

  async #carried(key: EntityKey): Promise<JournalRow | undefined> {
    try {
      return (await this.#read(key))?.journal?.row;
    } catch (error) {
      if (error instanceof StateError) return undefined;
      throw error;
    }
  }

  entities(): Promise<readonly EntityKey[]> {
    return this.#entitiesIn(undefined);
  }

  async #entitiesIn(flow: string | undefined): Promise<readonly EntityKey[]> {
    const folder = `${this.#folder}/state`;
    const keys: EntityKey[] = [];
    for await (const { path } of this.#files.list(flow === undefined ? folder : `${folder}/${encodeSegment(flow)}`)) {
      const key = await this.#keyOf(path);
      if (key) keys.push(key);
    }
    return keys;
  }

  async #keyOf(path: string): Promise<EntityKey | undefined> {
    const [flowSegment, file, ...deeper] = path.slice(`${this.#folder}/state/`.length).split('/');
    if (flowSegment === undefined || !file?.endsWith(ending) || deeper.length > 0) return undefined;
    const flow = decodeSegment(flowSegment);
    const entity = decodeSegment(file.slice(0, -ending.length)) ?? (await this.#entityIn(path));
    return flow === undefined || entity === undefined ? undefined : { flow, entity };
  }

  probe(name: string): Promise<void> {
    return mustKeepConditions(this.#files, `${this.#folder}/probe-${name}`);
  }

  /** If an entity’s name is too long for a path, the path contains a shortened name, and a separate line in the file contains the full name. */
  async #entityIn(path: string): Promise<string | undefined> {
    const file = await this.#files.get(path);
    const line = /^entity: (".*")$/m.exec(new TextDecoder().decode(file?.body));
    return line?.[1] === undefined ? undefined : (JSON.parse(line[1]) as string);
  }

  #statePath({ flow, entity }: EntityKey): string {
    return `${this.#folder}/state/${encodeSegment(flow)}/${encodeSegment(entity)}${ending}`;
  }

  #objectFolder({ flow, entity }: EntityKey): string {
    return `${this.#folder}/objects/${encodeSegment(flow)}/${encodeSegment(entity)}`;
  }

  #objectPath(key: EntityKey, ref: ObjectRef): string {
    return `${this.#objectFolder(key)}/${ref}.json`;
  }
}

function parseObject(path: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new StateError({
      code: 'HYG-5005',
      what: `The stored object ${path} is damaged.`,
      why: [
        error instanceof Error ? error.message : String(error),
        'Objects are written once and completely, so something other than hygge changed this file.',
      ],
      tryThis: [`Put ${path} back from a backup.`, 'Or move the file away and run again. hygge then reports how to continue without it.'],
      cause: error,
    });
  }
}
