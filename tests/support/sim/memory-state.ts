import type { JournalFilter, JournalRow, ObjectRef, StateRow, StateStore } from '../../../src/ports/state.ts';
import type { EntityKey, Json } from '../../../src/ports/values.ts';

/** State in memory: row and journal row in one write, as a table or a database does it. Every method does its work when called. */
export class MemoryState implements StateStore {
  readonly location = 'memory';
  readonly #rows = new Map<string, { readonly row: StateRow; readonly etag: string; readonly key: EntityKey }>();
  readonly #objects = new Map<string, Json>();
  readonly #journal: JournalRow[] = [];
  #version = 0;

  async read(key: EntityKey): Promise<{ row: StateRow; etag: string } | undefined> {
    const found = this.#rows.get(keyText(key));
    return found && { row: found.row, etag: found.etag };
  }

  async write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'> {
    if (this.#rows.get(keyText(key))?.etag !== etag) return 'moved';
    this.#rows.set(keyText(key), { row, etag: `e${++this.#version}`, key });
    if (journal) this.#journal.push(journal);
    return 'written';
  }

  async putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    const name = `${keyText(key)}/${ref}`;
    const there = this.#objects.get(name);
    if (there !== undefined) return there;
    // As a backend would keep it: text, so that nobody shares a live value.
    this.#objects.set(name, JSON.parse(JSON.stringify(body)) as Json);
    return body;
  }

  async getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    return this.#objects.get(`${keyText(key)}/${ref}`);
  }

  async removeObjects(key: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    for (const ref of refs) this.#objects.delete(`${keyText(key)}/${ref}`);
  }

  async listObjects(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    const start = `${keyText(key)}/`;
    return [...this.#objects.keys()].filter((name) => name.startsWith(`${start}${prefix}`)).map((name) => name.slice(start.length));
  }

  async appendJournal(row: JournalRow): Promise<void> {
    this.#journal.push(row);
  }

  async pruneJournal(before: string): Promise<number> {
    const old = this.#journal.filter((row) => row.finished_at < before);
    for (const row of old) this.#journal.splice(this.#journal.indexOf(row), 1);
    return old.length;
  }

  async journal({ flow, entity, run, limit, withVerifications }: JournalFilter): Promise<readonly JournalRow[]> {
    const first = new Map<string, JournalRow>();
    for (const row of this.#journal) if (!first.has(row.entity_run_id)) first.set(row.entity_run_id, row);
    return [...first.values()]
      .filter(({ lane }) => withVerifications === true || lane !== 'verify')
      .filter((row) => row.flow === (flow ?? row.flow) && row.entity === (entity ?? row.entity) && row.run_id === (run ?? row.run_id))
      .reverse()
      .slice(0, limit);
  }

  async entities(): Promise<readonly EntityKey[]> {
    return [...this.#rows.values()].map(({ key }) => key);
  }

  /** The row is gone; objects may well be left. */
  forget(key: EntityKey): void {
    this.#rows.delete(keyText(key));
  }
}

const keyText = ({ flow, entity }: EntityKey) => `${flow}/${entity}`;
