/**
 * A document that is changed by compare-and-set, stored in the objects that every state has. Each object can only be created once, so the document is a
 * series of objects with increasing numbers. The object with the highest number is the current document. A process changes the document by creating the
 * object with the next number. If that object already exists, another process was faster. Each object contains the id of its writer, which shows after
 * a lost answer who created the object.
 *
 * Old objects are removed long after their permits have expired. A process that was paused for so long may create an object whose number was removed.
 * That does no harm: no process reads the object, and its permits have expired.
 */
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { retry } from '../ports/retry.ts';
import { type Changed, type Ledger, permitMs, type StateStore } from '../ports/state.ts';
import type { EntityKey, Instant, Json } from '../ports/values.ts';

/** An object is removed this long after the next object was created. */
const keptMs = 3 * permitMs;
/** After this time, the known newest number is looked up again. */
const knownForMs = 60_000;
/** Tolerance for a service’s clock. Its answers have whole seconds, so the clock is known more precisely after several answers. */
const networkSkewMs = 250;
/** How many next numbers are tried before the newest one is searched. */
const mostSteps = 3;

interface Entry {
  readonly version: 1;
  readonly by: string;
  readonly document: Json;
  /** The lowest number of an existing object. */
  readonly from: number;
  /** A number and the time when its object was written. Long after that time, all objects with lower numbers are removed. */
  readonly mark: { readonly number: number; readonly at: Instant };
}

interface Newest {
  readonly number: number;
  /** The newest object; null: no object exists yet. */
  readonly entry: Entry | null;
  /** When the object was read, by the clock that all processes share. The shared clock continues while this machine sleeps. */
  readonly lookedAt: Instant;
}

export interface LedgerPorts {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Objects of the ledger are stored under a flow name that no flow can have. */
const keyOf = (name: string): EntityKey => ({ flow: '_connections', entity: name });
const prefix = 'ledger/';
const refOf = (number: number) => `${prefix}${String(number).padStart(12, '0')}`;

export class StateLedger implements Ledger {
  readonly place: string;
  readonly by: string;
  readonly skewMs: number;
  readonly #ports: LedgerPorts;
  readonly #key: EntityKey;
  #newest: Newest | undefined;
  /** Changes within one process wait for each other. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param name the name of the document: any text of at most 200 characters. */
  constructor(ports: LedgerPorts, name: string) {
    this.#ports = ports;
    this.#key = keyOf(name);
    this.place = `${ports.state.location} ${name}`;
    this.by = ports.random.nonce();
    this.skewMs = ports.state.now === undefined ? 0 : networkSkewMs;
  }

  now(): Instant {
    const { state, clock } = this.#ports;
    return state.now?.() ?? clock.now();
  }

  change<T>(decide: (document: Json | null, at: Instant) => Changed<T>): Promise<T> {
    const changed = this.#turn.then(() => this.#change(decide));
    this.#turn = changed.catch(() => undefined);
    return changed;
  }

  async #change<T>(decide: (document: Json | null, at: Instant) => Changed<T>): Promise<T> {
    const by = this.#ports.random.nonce();
    for (let steps = 1; ; steps++) {
      const looked = steps % mostSteps !== 0 && this.#isYoung() ? undefined : await this.#look();
      const { number, entry } = looked ?? (this.#newest as Newest);
      const at = this.now();
      const decided = decide(entry?.document ?? null, at);
      // Nothing will be written, so the answer must be based on the newest document.
      if (decided.to === undefined && looked !== undefined) return decided.answer;
      if (decided.to === undefined || !this.#isYoung(at)) {
        this.#newest = undefined;
        continue;
      }
      const next = number + 1;
      const isOld = entry !== null && Date.parse(at) - Date.parse(entry.mark.at) > keptMs;
      const mark = entry === null || isOld ? { number: next, at } : entry.mark;
      const from = isOld ? entry.mark.number : (entry?.from ?? next);
      const mine: Entry = { version: 1, by: `${by}${steps}`, document: decided.to, from, mark };
      const there = await this.#put(next, mine);
      if (there.by !== mine.by) continue;
      if (isOld) await this.#remove(entry.from, from);
      return decided.answer;
    }
  }

  async #put(number: number, entry: Entry): Promise<Entry> {
    // After a write, the document that this process knows is outdated, whatever the result of the write.
    this.#newest = undefined;
    const there = (await retry(() => this.#ports.state.putObject(this.#key, refOf(number), entry as unknown as Json))) as unknown as Entry;
    this.#newest = { number, entry: there, lookedAt: this.now() };
    return there;
  }

  #isYoung(at = this.now()): boolean {
    return this.#newest !== undefined && Math.abs(Date.parse(at) - Date.parse(this.#newest.lookedAt)) < knownForMs;
  }

  async #look(): Promise<Newest> {
    const { state } = this.#ports;
    for (;;) {
      const lookedAt = this.now();
      const refs = await retry(() => state.listObjects(this.#key, prefix));
      const last = [...refs].sort().at(-1);
      if (last === undefined) return this.#know({ number: 0, entry: null, lookedAt });
      const entry = (await retry(() => state.getObject(this.#key, last))) as unknown as Entry | undefined;
      // Many objects were written in the meantime, so the object with this number was removed.
      if (entry === undefined) continue;
      const strays = refs.filter((ref) => ref < refOf(entry.from));
      if (strays.length > 0) await retry(() => state.removeObjects(this.#key, strays));
      return this.#know({ number: Number(last.slice(prefix.length)), entry, lookedAt });
    }
  }

  #know(newest: Newest): Newest {
    this.#newest = newest;
    return newest;
  }

  async #remove(from: number, before: number): Promise<void> {
    const refs = Array.from({ length: before - from }, (_, i) => refOf(from + i));
    if (refs.length > 0) await retry(() => this.#ports.state.removeObjects(this.#key, refs));
  }
}
