import type { TableEntityResult } from '@azure/data-tables';
import { OutcomeUnknown } from '../../ports/outcome.ts';
import { answerIn } from '../../remote/azure/answer.ts';
import type { Account, Action } from './account.ts';
import { failure, isMissing, isPlaceMissing, isRefusal } from './answers.ts';
import type { KeyRange } from './keys.ts';

/** A row of the table as it comes. */
export type Row = TableEntityResult<Readonly<Record<string, unknown>>>;

export interface RowKey {
  readonly partition: string;
  readonly row: string;
}

/** The service takes no more in one page, and no more operations in one transaction. */
const pageRows = 1000;
export const transactionRows = 100;

/** How often a throttled write is sent again before the driver hears of it. */
const mostSends = 4;
const pauseMs = 500;
const longestPauseMs = 20_000;

/** The table: single rows, ranges of keys, and entity-group transactions. It is made by the first write. */
export class Table {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  async get({ partition, row }: RowKey): Promise<Row | undefined> {
    try {
      return await this.#account.tables.patient.getEntity(partition, row);
    } catch (error) {
      if (isMissing(answerIn(error))) return undefined;
      throw failure(error, this.#account.place, 'read');
    }
  }

  /** Rows that `filter` (OData) holds for, in the order of their keys; pages are asked for as they are needed. */
  async *rows(filter: string, asked: { readonly select?: readonly string[]; readonly atOnce?: number } = {}): AsyncGenerator<Row> {
    const queryOptions = { filter, ...(asked.select ? { select: [...asked.select] } : {}) };
    const pages = this.#account.tables.patient
      .listEntities<Readonly<Record<string, unknown>>>({ queryOptions })
      .byPage({ maxPageSize: Math.min(pageRows, Math.max(1, asked.atOnce ?? pageRows)) });
    try {
      for await (const page of pages) yield* page;
    } catch (error) {
      if (!isMissing(answerIn(error))) throw failure(error, this.#account.place, 'read');
    }
  }

  /** Every partition that there is, by jumping from one to the next: whatever they hold is not read. */
  async *partitions(): AsyncGenerator<string> {
    for (let after: string | undefined = ''; after !== undefined; ) {
      after = await this.#partitionAfter(after);
      if (after !== undefined) yield after;
    }
  }

  async #partitionAfter(partition: string): Promise<string | undefined> {
    const rows = this.rows(`PartitionKey gt ${quoted(partition)}`, { select: ['PartitionKey'], atOnce: 1 });
    for await (const { partitionKey } of rows) return partitionKey;
    return undefined;
  }

  /**
   * All of the changes or none, in one partition; at most 100. `refused`: a condition did not hold. Sent once: an answer that is lost is
   * `OutcomeUnknown`. Only what was surely not done (throttled, no table yet) is sent again.
   */
  async change(actions: readonly Action[]): Promise<'done' | 'refused'> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#account.tables.once.submitTransaction([...actions]);
        return 'done';
      } catch (error) {
        const answer = answerIn(error);
        if (isPlaceMissing(answer) && attempt < mostSends) await this.#create();
        else if (answer.status === 429 && attempt < mostSends) await this.#pause(answer.retryAfterMs, attempt);
        else if (isRefusal(answer)) return 'refused';
        else {
          const told = failure(error, this.#account.place, 'write');
          // Whoever looks for the outcome now would ask a service that has too much to do.
          if (told instanceof OutcomeUnknown && answer.status !== undefined) await this.#pause(answer.retryAfterMs, attempt);
          throw told;
        }
      }
    }
  }

  async #create(): Promise<void> {
    try {
      await this.#account.tables.patient.createTable();
    } catch (error) {
      throw failure(error, this.#account.place, 'read');
    }
  }

  #pause(askedMs: number | undefined, attempt: number): Promise<void> {
    return this.#account.clock.sleep(Math.min(askedMs ?? pauseMs * attempt, longestPauseMs));
  }
}

/** A text in an OData filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The filter for a range of one partition. */
export function within(partition: string, { from, to }: KeyRange): string {
  return `PartitionKey eq ${quoted(partition)} and RowKey ge ${quoted(from)} and RowKey lt ${quoted(to)}`;
}
