/** The transactions of a store. Those that write find the tables of hygge's own: they are made where they are missing. */
import { HyggeError } from '../../errors/hygge-error.ts';
import { DatabaseError, type Session, type Transaction } from '../engine.ts';
import type { Sessions } from '../sessions.ts';
import { ownTablesMissing } from './errors.ts';
import { metadataDdl, metadataTables } from './head.ts';
import type { StoreDialect, TablePlace } from './table-commit.ts';

/** How a transaction comes to be. */
interface Asking {
  readonly signal?: AbortSignal;
  readonly stages?: true;
}

export const staging: Asking = { stages: true };
export const writing = { mode: 'write', isolation: 'statement' } as const;
const reading = { mode: 'read', isolation: 'statement' } as const;
/** Processes that make the same tables at the same time hinder each other no longer than this. */
export const makeAttempts = 4;

type Own = 'unknown' | 'tables' | 'all';

export class Transactions<S extends Session> {
  readonly #sessions: Sessions<S>;
  readonly #dialect: StoreDialect;
  readonly #place: TablePlace;
  /** What is known of hygge's own tables. A table that was found is not looked for again until a statement misses it. */
  #own: Own = 'unknown';
  /** What was known before the transaction of a session began: one that reads a snapshot sees no table that another one made afterwards. */
  readonly #knownTo = new WeakMap<S, Own>();

  constructor({
    sessions,
    dialect,
    place,
  }: { readonly sessions: Sessions<S>; readonly dialect: StoreDialect; readonly place: TablePlace }) {
    this.#sessions = sessions;
    this.#dialect = dialect;
    this.#place = place;
  }

  /** A commit: what it needs was made when its rows were staged. */
  committing<T>(work: (session: S) => Promise<T>): Promise<T> {
    return this.#explained(() => this.#within(writing, work));
  }

  /** Nothing of hygge's own is made. */
  asked<T>(work: (session: S) => Promise<T>, { signal, stages }: Asking = {}): Promise<T> {
    return this.#explained(() => this.#within(stages ? { ...writing, stages } : writing, work, signal));
  }

  /** Does the work in a read-only transaction, which no run waits for. If hygge's own tables have vanished meanwhile, the work is done again. */
  async looked<T>(work: (session: S) => Promise<T>, stop?: AbortSignal): Promise<T> {
    const [known, signal] = [this.#own, stop?.aborted ? undefined : stop];
    try {
      return await this.#explained(() => this.#within(reading, work, signal));
    } catch (error) {
      if (known === 'unknown' || this.#own !== 'unknown') throw error;
      return this.#explained(() => this.#within(reading, work, signal));
    }
  }

  /** Where a head that was locked is another one all the same, everything is looked at once more: no id comes back. */
  async #within<T>(of: Omit<Transaction, 'label'>, work: (session: S) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { beginsWithSettings } = this.#dialect;
    const { settings } = this.#dialect.commit;
    const known = this.#own;
    const begun = async (session: S): Promise<T> => {
      this.#knownTo.set(session, known);
      if (!beginsWithSettings) await session.run(settings);
      return work(session);
    };
    const once = () => this.#sessions.transaction({ ...of, settings }, begun, signal);
    return once().catch((error: unknown) => {
      if (error instanceof HyggeError && error.code === 'HYG-4291') return once();
      throw error;
    });
  }

  /** With the tables of hygge's own, made now where they are not there. */
  async written<T>(work: (session: S) => Promise<T>, of: Asking = {}): Promise<T> {
    for (let makes = 0; ; makes++) {
      const answer = await this.asked(async (session) => ((await this.#isSetUp(session)) ? { is: await work(session) } : undefined), of);
      if (answer) return answer.is;
      await this.#makeOwn(makes + 1 === makeAttempts, of);
    }
  }

  /** Several processes may do so at once: who comes second is refused, and finds it there. */
  async #makeOwn(isLast: boolean, { signal }: Asking): Promise<void> {
    try {
      await this.asked(async (session) => session.run(await this.missing(session)), signal ? { signal } : {});
    } catch (error) {
      if (!(error instanceof HyggeError && error.cause instanceof DatabaseError)) throw error;
      const meaning = this.#dialect.errors.meaning(error.cause);
      const missing = await this.looked((session) => this.missing(session));
      if (missing.length === 0 || meaning === 'transient' || meaning === 'lock_timeout') return;
      if (isLast || meaning === 'permanent') throw ownTablesMissing(this.#place.where, { ddl: missing, cause: error });
    }
  }

  async #isSetUp(session: S): Promise<boolean> {
    const { metadataSchema, stagingSchema } = this.#place;
    const known = this.#knownTo.get(session);
    if (known === 'all') return true;
    const hasStaging = async () =>
      stagingSchema === metadataSchema || (await this.#dialect.catalog.tablesIn(session, stagingSchema)) !== null;
    const isSetUp = (known === 'tables' && (await hasStaging())) || (await this.missing(session)).length === 0;
    if (isSetUp) this.#found(session, 'all');
    return isSetUp;
  }

  #found(session: S, own: Own): void {
    this.#own = own;
    this.#knownTo.set(session, own);
  }

  /** Statements that make what is not there of hygge's own. */
  async missing(session: S): Promise<readonly string[]> {
    const { metadataSchema, stagingSchema } = this.#place;
    const there = await this.#dialect.catalog.tablesIn(session, metadataSchema);
    const staging = await this.#dialect.catalog.tablesIn(session, stagingSchema);
    const tables = metadataTables.filter((name) => !there?.has(name));
    const absent = [
      ...(there === null ? [metadataSchema] : []),
      ...(staging === null && stagingSchema !== metadataSchema ? [stagingSchema] : []),
    ];
    return [...absent.map((schema) => this.#dialect.tables.createSchema(schema)), ...metadataDdl(this.#dialect, metadataSchema, tables)];
  }

  async hasOwnTables(session: S): Promise<boolean> {
    if ((this.#knownTo.get(session) ?? 'unknown') !== 'unknown') return true;
    const there = await this.#dialect.catalog.tablesIn(session, this.#place.metadataSchema);
    const areThere = metadataTables.every((name) => there?.has(name));
    if (areThere && this.#own !== 'all') this.#found(session, 'tables');
    return areThere;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const said = error instanceof HyggeError ? error.cause : error;
      if (said instanceof DatabaseError && this.#dialect.errors.meaning(said) === 'missing_object') this.#own = 'unknown';
      if (error instanceof DatabaseError) throw error.named(this.#dialect.errors.explain(error, this.#place.where));
      throw error;
    }
  }
}
