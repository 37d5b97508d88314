import type { ListTableEntitiesOptions, TableEntityResult } from '@azure/data-tables';
import type { Account, Action } from './account.ts';
import { isConflict, isMissing, isPlaceMissing } from './answers.ts';
import type { KeyRange } from './keys.ts';

/** A row of the table as received. */
export type Row = TableEntityResult<Readonly<Record<string, unknown>>>;

type Page = readonly Row[] & { readonly continuationToken?: string };

export interface RowKey {
  readonly partition: string;
  readonly row: string;
}

/** The service’s maximum of rows in a page, and of operations in a transaction. */
const pageRows = 1000;
export const transactionRows = 100;

/** The table: single rows, ranges of keys, and entity-group transactions. The first write creates it. */
export class Table {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  async get({ partition, row }: RowKey): Promise<Row | undefined> {
    const { requests, table, place } = this.#account;
    const found = await requests.send<Row | null>({
      place,
      ask: () => table.getEntity(partition, row),
      expected: (answer) => (isMissing(answer) ? null : undefined),
    });
    return found ?? undefined;
  }

  /** Rows that match `filter` (OData), in the order of their keys; pages are requested as needed. */
  async *rows(filter: string, asked: { readonly select?: readonly string[]; readonly atOnce?: number } = {}): AsyncGenerator<Row> {
    const queryOptions = { filter, ...(asked.select ? { select: [...asked.select] } : {}) };
    const maxPageSize = Math.min(pageRows, Math.max(1, asked.atOnce ?? pageRows));
    for (let continuationToken: string | undefined, isFirst = true; isFirst || continuationToken !== undefined; isFirst = false) {
      const from = continuationToken === undefined ? {} : { continuationToken };
      const page = await this.#page({ queryOptions }, { maxPageSize, ...from });
      yield* page;
      continuationToken = page.continuationToken;
    }
  }

  #page(query: ListTableEntitiesOptions, from: { readonly maxPageSize: number; readonly continuationToken?: string }): Promise<Page> {
    const { requests, table, place } = this.#account;
    return requests.send<Page>({
      place,
      async ask() {
        const pages = table.listEntities<Readonly<Record<string, unknown>>>(query).byPage(from);
        for await (const page of pages) return page;
        return [];
      },
      expected: (answer) => (isMissing(answer) ? [] : undefined),
    });
  }

  /** Every existing partition. One request finds the next partition without reading the rows of the previous one. */
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
   * Makes all changes in one transaction of one partition, at most 100. `refused`: a condition failed. The request is sent once, so a lost answer is
   * `OutcomeUnknown`. Only a request that was surely not carried out (throttled, no table yet) is sent again.
   */
  async change(actions: readonly Action[]): Promise<'done' | 'refused'> {
    for (let isMade = false; ; isMade = true) {
      const changed = await this.#change(actions);
      if (changed !== 'no table') return changed;
      if (isMade) return 'refused';
      await this.#create();
    }
  }

  #change(actions: readonly Action[]): Promise<'done' | 'refused' | 'no table'> {
    const { requests, table, place } = this.#account;
    return requests.send<'done' | 'refused' | 'no table'>({
      place,
      once: actions.map(([, { partitionKey, rowKey }]) => `${partitionKey} ${rowKey}`).join('\n'),
      async ask() {
        await table.submitTransaction([...actions]);
        return 'done';
      },
      expected: (answer) => (isPlaceMissing(answer) ? 'no table' : isConflict(answer) ? 'refused' : undefined),
    });
  }

  async #create(): Promise<void> {
    const { requests, table, place } = this.#account;
    await requests.send({ place, ask: () => table.createTable() });
  }
}

/** A text in an OData filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The filter for a range of one partition. */
export function rangeFilter(partition: string, { from, to }: KeyRange): string {
  return `PartitionKey eq ${quoted(partition)} and RowKey ge ${quoted(from)} and RowKey lt ${quoted(to)}`;
}
