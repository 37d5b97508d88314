/** The next page's cursor is beside the body, as in a header. */
export type Page = { readonly body: Uint8Array; readonly next: string | null };

/** A REST API whose pages are documents of JSON, with the items under `data.items`. */
export class RestApi {
  /** Each as the API writes it. */
  readonly items: string[] = [];
  pages = 0;
  /** Called before each page, with how many there were. */
  onPage: (before: number) => void = () => undefined;

  async page(cursor: string | null, most: number): Promise<Page> {
    this.onPage(this.pages++);
    const from = Number(cursor ?? 0);
    const body = Buffer.from(`{"data": {"items": [${this.items.slice(from, from + most).join(', ')}]}}`);
    return { body, next: from + most < this.items.length ? String(from + most) : null };
  }
}
