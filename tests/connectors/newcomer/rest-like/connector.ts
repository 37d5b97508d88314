import * as z from 'zod';
import { defineConnector, type Opening } from '../../../../src/engine/contracts/connector.ts';
import { type Home, usualReading } from '../../../../src/engine/contracts/home.ts';
import type { FileSource } from '../../../../src/formats/contract/format.ts';
import { formatKinds, formatOf, formatOptions } from '../../../../src/formats/formats.ts';
import type { RestApi } from './api.ts';

const jsonKeys = formatKinds.find(({ id }) => id === 'json')?.homeKeys;

/** What the JSON format has keys for is set by those keys: where the records are, their types, `flatten`, `mixed`, `bad_rows`. */
const config = z.strictObject({
  url: z.string().describe('The address of the API.'),
  page: z.int().positive().default(100).describe('Items of a page.'),
  ...jsonKeys,
});

export type RestConfig = z.infer<typeof config> & Readonly<Record<string, unknown>>;

/** The home knows pages and cursors. What the columns are, and what a value is, the JSON format decides. */
export async function restHome(
  api: RestApi,
  of: RestConfig,
  { scratch, pinned: before }: Pick<Opening, 'scratch' | 'pinned'>,
): Promise<Home> {
  const format = await formatOf('json', formatOptions({ ...of, format: 'json' }, 'home'));
  let pinned = before;

  async function* pages(from: string | null): AsyncGenerator<{ readonly source: FileSource; readonly next: string | null }> {
    for (let cursor = from; ; ) {
      const { body, next } = await api.page(cursor, of.page);
      const name = `${of.url}?after=${cursor ?? ''}`;
      yield { source: { name, bytes: body.length, read: async ({ start, end }) => body.slice(start, end) }, next };
      if (next === null) return;
      cursor = next;
    }
  }

  const read: Home['read'] = async function* (_slice, window, from, signal) {
    const { cursor } = (from as { readonly cursor: string | null } | undefined) ?? { cursor: null };
    for await (const { source, next } of pages(cursor)) {
      signal.throwIfAborted();
      const content = await format.inspect(source, pinned);
      const whole = { source, content, from: 0, to: source.bytes, columns: null, frameBytes: 32 * 1024 * 1024, frameRows: 100_000 };
      // Items may come after the look: a name that none had then is decided by another look.
      yield* format.read({ ...whole, window, partly: 'names', scratch, signal });
      if (next !== null) yield { checkpoint: { cursor: next } };
    }
  };

  return {
    reading: { ...usualReading, order: 'in_order', upper: 'observed', repeatable: false },
    rowCondition: '',
    place: of.url,
    async describe(_cursor, look = 'briefly') {
      const isForRows = look === 'for a run' || look === 'whole';
      const sources: FileSource[] = [];
      for await (const { source } of pages(null)) {
        sources.push(source);
        if (!isForRows) break;
      }
      const found = await format.sample?.({ sources, pinned, scratch, look, complete: isForRows });
      pinned = found?.pinned ?? null;
      const { schema } = await format.inspect(sources[0] as FileSource, pinned);
      const notes = found?.notes ?? [];
      return { done: { schema, rows: undefined, bytes: undefined, summary: `items of ${of.url}`, notes, pinned: pinned ?? {} } };
    },
    bound: async () => ({ done: 'observed' }),
    future: async () => ({ done: { rows: 0, latest: null, until: null } }),
    nulls: async () => ({ done: 'while reading' }),
    plan: async () => ({ done: { slices: [{ ref: {}, rows: null, bytes: null }] } }),
    read,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export const restLike = (api: RestApi) =>
  defineConnector({
    id: 'rest_like',
    summary: 'A REST API whose pages are JSON.',
    verifiedAgainst: 'an API in memory',
    family: 'others',
    home: {
      config,
      open: (of, opening) => restHome(api, of, opening),
      probe: async ({ url }) => [{ ok: true, what: `${url} answers` }],
      requirements: () => [],
    },
  });
