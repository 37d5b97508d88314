/** The state as an entity run uses it, if one process drives the run from its beginning to its end. */
import type { JournalFilter, JournalRow, ObjectRef, StateRow, StateStore } from '../../ports/state.ts';
import type { EntityKey, Instant, Json } from '../../ports/values.ts';

/** Whether only steps of this run read the object. Intents, schemas and lists of settled files are also read by other runs. */
const isOwn = (ref: ObjectRef): boolean => /^(plans|receipts)\//.test(ref);
/** How many characters of JSON are kept in memory. Further objects are written to the state like all others. */
const mostKept = 64 * 1024 * 1024;

/**
 * Keeps plans and receipts in memory. They may be lost with the process, since the next run plans again. It also knows which objects exist, from the
 * list made under the claim and from later writes. Other runs write under their own epochs, and remove their own objects.
 */
export class InMemoryRunObjects implements Required<StateStore> {
  readonly #state: StateStore;
  readonly #own = new Map<ObjectRef, string>();
  #kept = 0;
  /** The epoch of this run's claim. */
  #epoch: number | undefined;
  /** All objects in the state besides `own`. Undefined: the objects were not listed under the claim. */
  #there: Set<ObjectRef> | undefined;

  /** @param state the state to which only this entity’s objects and rows are written. */
  constructor(state: StateStore) {
    this.#state = state;
  }

  get location(): string {
    return this.#state.location;
  }

  now(): Instant | undefined {
    return this.#state.now?.();
  }

  read(key: EntityKey): ReturnType<StateStore['read']> {
    return this.#state.read(key);
  }

  known(key: EntityKey): { row: StateRow; etag: string } | undefined {
    return this.#state.known?.(key);
  }

  async makeReady(): Promise<void> {
    await this.#state.makeReady?.();
  }

  prepare(key: EntityKey, etag: string | undefined): void {
    this.#state.prepare?.(key, etag);
  }

  async write(key: EntityKey, etag: string | undefined, row: StateRow, journal?: JournalRow): Promise<'written' | 'moved'> {
    const isClaim = row.epoch !== this.#epoch;
    // If the answer to a claim is lost, it is not known which objects exist.
    if (isClaim) [this.#epoch, this.#there] = [row.epoch, undefined];
    const outcome = await this.#state.write(key, etag, row, journal);
    // The row is new, so its lineage is new, too, and no object of this lineage can exist.
    if (isClaim && outcome === 'written' && etag === undefined) this.#there = new Set();
    return outcome;
  }

  async putObject(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    const text = isOwn(ref) ? JSON.stringify(body) : undefined;
    if (text === undefined || this.#kept + text.length > mostKept) {
      this.#there?.add(ref);
      return this.#state.putObject(key, ref, body);
    }
    const there = this.#own.get(ref);
    if (there !== undefined) return JSON.parse(there) as Json;
    this.#own.set(ref, text);
    this.#kept += text.length;
    return body;
  }

  async getObject(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    const own = this.#own.get(ref);
    return own === undefined ? this.#state.getObject(key, ref) : (JSON.parse(own) as Json);
  }

  async removeObjects(key: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    const others = refs.filter((ref) => !this.#forget(ref));
    if (others.length > 0) await this.#state.removeObjects(key, others);
    for (const ref of others) this.#there?.delete(ref);
  }

  #forget(ref: ObjectRef): boolean {
    this.#kept -= this.#own.get(ref)?.length ?? 0;
    return this.#own.delete(ref);
  }

  async listObjects(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    const own = [...this.#own.keys()].filter((ref) => ref.startsWith(prefix));
    if (this.#there !== undefined) return [...own, ...[...this.#there].filter((ref) => ref.startsWith(prefix))];
    const listed = await this.#state.listObjects(key, prefix);
    if (prefix === '' && this.#epoch !== undefined) this.#there = new Set(listed);
    return [...own, ...listed];
  }

  appendJournal(row: JournalRow): Promise<void> {
    return this.#state.appendJournal(row);
  }

  journal(filter: JournalFilter): Promise<readonly JournalRow[]> {
    return this.#state.journal(filter);
  }

  pruneJournal(before: Instant): Promise<number> {
    return this.#state.pruneJournal(before);
  }

  entities(): Promise<readonly EntityKey[]> {
    return this.#state.entities();
  }

  async probe(name: string): Promise<void> {
    await this.#state.probe?.(name);
  }
}
