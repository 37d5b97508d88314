/** An API as many are: pages behind a cursor, a time before which it wants to be left alone, rows that show up late. */
export interface Item {
  readonly id: number;
  /** What a page may be filtered by: at least so much. */
  readonly mark: bigint | null;
  readonly name: string;
}

export type Answer =
  | { readonly status: 429; readonly retryAt: string }
  | { readonly status: 200; readonly items: readonly Item[]; readonly next: string | null };

export class PagedApi {
  readonly items: Item[] = [];
  /** Requests that it answers before it says 429 once. */
  patience = Number.POSITIVE_INFINITY;
  requests = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  put(item: Item): void {
    const at = this.items.findIndex(({ id }) => id === item.id);
    if (at >= 0) this.items.splice(at, 1);
    this.items.push(item);
  }

  async page(asked: { readonly since: bigint | null; readonly cursor: string | null; readonly most: number }): Promise<Answer> {
    this.requests++;
    if (--this.patience < 0) {
      this.patience = Number.POSITIVE_INFINITY;
      return { status: 429, retryAt: new Date(this.#now() + 20).toISOString() };
    }
    const { since, cursor, most } = asked;
    const found = this.items.filter(({ mark }) => since === null || mark === null || mark >= since);
    const from = Number(cursor ?? 0);
    return { status: 200, items: found.slice(from, from + most), next: from + most < found.length ? String(from + most) : null };
  }
}
