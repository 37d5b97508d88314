import type { Session, StateSide } from '../../databases/engine.ts';
import type { Sessions } from '../../databases/sessions.ts';
import { type StateTable, stateDdl, stateTables } from '../../databases/store/head.ts';
import type { Network } from '../../ports/network.ts';
import { Sender, type SendOutcome } from '../../remote/sender.ts';
import { databaseErrorIn, judged, type StatePlace, tablesMissing } from './errors.ts';

export interface SqlTablesRequest<S extends Session> extends StatePlace {
  readonly stateSide: StateSide<S>;
  readonly sessions: Sessions<S>;
  readonly schema: string;
  readonly network: Network;
}

/** How often hygge checks again for tables that another process is creating. */
const makesAtMost = 5;

/** Rolls back the writes of a probe. */
class Undone extends Error {}

/** The tables of a state: each call is one transaction, which is retried by the common policy (ports/retry.ts). */
export class SqlTables<S extends Session> {
  readonly stateSide: StateSide<S>;
  readonly #of: SqlTablesRequest<S>;
  readonly #sender: Sender;

  constructor(of: SqlTablesRequest<S>) {
    this.stateSide = of.stateSide;
    this.#of = of;
    this.#sender = new Sender(of.network, `state ${of.location}`);
  }

  /** The full name of a table in SQL. */
  name(table: StateTable): string {
    return this.stateSide.quotedTable(this.#of.schema, table);
  }

  /** @param absent the result if the tables do not exist. @param isolation `snapshot` for a read by several statements. */
  read<T>(absent: T, work: (session: S) => Promise<T>, isolation: 'snapshot' | 'statement' = 'statement'): Promise<T> {
    const ask = async (): Promise<T> => {
      try {
        return await this.#of.sessions.transaction({ mode: 'read', isolation }, work);
      } catch (error) {
        if (this.#isAbsent(error)) return absent;
        throw error;
      }
    };
    return this.#sender.send({}, ask, (error) => this.#judged(error, false));
  }

  /** Runs a change, and creates missing tables first. @param once the target of a conditional write: an unknown outcome is `OutcomeUnknown`. Null: the write may be repeated. */
  change<T>(once: string | null, work: (session: S) => Promise<T>): Promise<T> {
    const ask = async (): Promise<T> => {
      for (let makes = 0; ; makes++) {
        try {
          return await this.#transaction(work);
        } catch (error) {
          if (!this.#isAbsent(error) || makes === makesAtMost) throw error;
        }
        await this.#make(makes + 1 === makesAtMost);
      }
    };
    return this.#sender.send({ once: once ?? undefined }, ask, (error) => this.#judged(error, once !== null));
  }

  /** Like `change`, including the creation of tables, but rolls everything back. */
  async tried(work: (session: S) => Promise<unknown>): Promise<void> {
    const ask = async (): Promise<void> => {
      try {
        await this.#transaction(
          async (session) => {
            const { names, ddl } = await this.#missing(session);
            if (ddl.length > 0) await session.run(ddl.join('; ')).catch((error: unknown) => this.#notMade(error, names));
            await work(session);
            throw new Undone();
          },
          { endsInRollback: true },
        );
      } catch (error) {
        if (!(error instanceof Undone)) throw error;
      }
    };
    await this.#sender.send({}, ask, (error) => this.#judged(error, false));
  }

  #notMade(error: unknown, missing: readonly string[]): never {
    const said = databaseErrorIn(error);
    throw said !== undefined && this.stateSide.isDenied(said) ? tablesMissing(this.#of, { missing, cause: said }) : error;
  }

  makeReady(): Promise<void> {
    const { prepareOutsideTransaction } = this.stateSide;
    return prepareOutsideTransaction
      ? this.#sender.send(
          {},
          () => this.#of.sessions.outsideTransaction(prepareOutsideTransaction),
          (error) => this.#judged(error, false),
        )
      : Promise.resolve();
  }

  #transaction<T>(work: (session: S) => Promise<T>, how: { readonly endsInRollback?: true } = {}): Promise<T> {
    return this.#of.sessions.transaction({ mode: 'write', isolation: 'statement', ...how }, async (session) => {
      if (this.stateSide.writeTransactionSettings !== '') await session.run(this.stateSide.writeTransactionSettings);
      return work(session);
    });
  }

  /** Creates the tables. If several processes create the tables at once, the later processes get an error, try again, and find the tables. */
  async #make(isLast: boolean): Promise<void> {
    try {
      await this.#transaction(async (session) => {
        const { ddl } = await this.#missing(session);
        if (ddl.length > 0) await session.run(ddl.join('; '));
      });
    } catch (error) {
      const said = databaseErrorIn(error);
      if (said === undefined) throw error;
      const { names } = await this.#transaction((session) => this.#missing(session));
      if (names.length > 0 && (isLast || this.stateSide.isDenied(said))) throw tablesMissing(this.#of, { missing: names, cause: said });
      if (names.length > 0 && this.stateSide.errorClass(said) === 'needs_action') throw error;
    }
  }

  async #missing(session: S): Promise<{ readonly names: readonly string[]; readonly ddl: readonly string[] }> {
    const { schema } = this.#of;
    const there = await this.stateSide.tablesIn(session, schema);
    const tables = stateTables.filter((table) => !there?.has(table));
    const made = there === null ? this.stateSide.createSchema(schema) : null;
    return {
      names: [...(there === null ? [`schema ${schema}`] : []), ...tables.map((table) => this.name(table))],
      ddl: [...(made === null ? [] : [made]), ...stateDdl(this.stateSide, schema, tables)],
    };
  }

  #isAbsent(error: unknown): boolean {
    const said = databaseErrorIn(error);
    return said !== undefined && this.stateSide.errorClass(said) === 'missing_object';
  }

  #judged(error: unknown, once: boolean): SendOutcome<never> {
    return judged(error, this.stateSide, { ...this.#of, once });
  }
}
