import * as z from 'zod';
import { defineConnector } from '../../../../src/engine/contracts/connector.ts';
import type { Frame } from '../../../../src/engine/contracts/frame.ts';
import { type Checkpoint, type Home, usualReading, type Window } from '../../../../src/engine/contracts/home.ts';
import type { Schema } from '../../../../src/frames/schema.ts';
import { frameBuilder } from '../../../../src/frames/values/builders.ts';
import { watermarkKey } from '../../../../src/frames/watermark-text.ts';
import type { Item, PagedApi } from './api.ts';

const config = z.strictObject({
  url: z.string().describe('The address of the API.'),
  page: z.int().positive().default(100).describe('Items of a page.'),
});

/** `mark` as the tests want it: a number that grows, or a time. */
export type Mark = { readonly kind: 'int64' } | { readonly kind: 'timestamp'; readonly unit: 'us'; readonly zone: 'UTC' };

export function apiHome(api: PagedApi, of: { readonly url: string; readonly page: number; readonly mark: Mark }): Home {
  const schema: Schema = {
    columns: [
      { name: 'id', type: { kind: 'int64' }, nullable: false },
      { name: 'mark', type: of.mark, nullable: true },
      { name: 'name', type: { kind: 'string' }, nullable: false },
    ],
  };

  async function* read(window: Window, from: string | null, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    const since = window.lower && (watermarkKey(of.mark, window.lower.text) as bigint);
    for (let cursor = from; ; ) {
      signal.throwIfAborted();
      const answer = await api.page({ since, cursor, most: of.page });
      if (answer.status === 429) {
        yield { checkpoint: { cursor }, notBefore: answer.retryAt };
        continue;
      }
      const builder = await frameBuilder(schema);
      for (const { id, mark, name } of answer.items.filter((item) => isWanted(item, window, since)))
        builder.append([BigInt(id), mark, name]);
      if (builder.rows > 0) yield await builder.take();
      if (answer.next === null) return;
      cursor = answer.next;
      yield { checkpoint: { cursor } };
    }
  }

  return {
    reading: { ...usualReading, order: 'in_order', upper: 'observed', filter: 'lower', repeatable: false },
    rowCondition: '',
    place: of.url,
    describe: async () => ({ done: { schema, rows: undefined, bytes: undefined, summary: `items of ${of.url}`, keys: ['id'] } }),
    bound: async () => ({ done: 'observed' }),
    future: async () => ({ done: { rows: 0, latest: null, until: null } }),
    nulls: async () => ({ done: 'while reading' }),
    plan: async () => ({ done: { slices: [{ ref: {}, rows: null, bytes: null }] } }),
    read: (_slice, window, from, signal) => read(window, (from as { cursor: string | null } | undefined)?.cursor ?? null, signal),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The API filters from a value on, and gives what has none always. */
function isWanted({ mark }: Item, { column, lower, nulls }: Window, since: bigint | null): boolean {
  if (column === null) return true;
  if (mark === null) return nulls === 'include';
  return since === null || lower?.inclusive === true || mark > since;
}

export const apiLike = (api: PagedApi, mark: Mark) =>
  defineConnector({
    id: 'api_like',
    summary: 'An API that gives pages.',
    verifiedAgainst: 'an API in memory',
    family: 'others',
    home: {
      config,
      open: async ({ url, page }) => apiHome(api, { url, page, mark }),
      probe: async ({ url }) => [{ ok: true, what: `${url} answers` }],
      requirements: () => [],
    },
  });
