import type { Body } from '../../../src/apis/answers/document.ts';
import { envelopeOf } from '../../../src/apis/answers/envelope.ts';
import type { Pagination } from '../../../src/apis/lists/config.ts';
import { type Page, selectorsOf } from '../../../src/apis/lists/pages.ts';
import { restConfig } from '../../../src/apis/rest/config.ts';

export const itemsUrl = new URL('https://api.example.com/items');

/** `pagination` as the config has it. */
export const paginationOf = (of: unknown): Pagination =>
  restConfig.parse({ base_url: 'https://api.example.com', endpoint: 'items', pagination: of }).pagination;

/** A byte that is none of its own stands behind it. */
export const bodyOf = (text: string): Body => ({ bytes: Buffer.from(`${text}\0`), length: Buffer.byteLength(text) });

interface Around {
  /** Names that lead to the records. */
  readonly records?: readonly string[];
  readonly url?: URL;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page with this text. */
export function pageOf(pages: Pagination, text: string, { records = ['data'], url = itemsUrl, headers = {} }: Around = {}): Page {
  const body = bodyOf(text);
  const found = envelopeOf(body, records, selectorsOf(pages));
  return {
    ...{ body, url, name: 'items', records: found.records ?? [], values: found.values },
    header: (name) => headers[name.toLowerCase()],
  };
}
