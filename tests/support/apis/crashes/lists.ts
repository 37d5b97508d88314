/** Lists of REST APIs, in each kind of paging that proves that it is whole. */
import type { Times } from '../changing-rows.ts';
import { type PageTraits, startShiftingPages } from '../shifting-pages.ts';
import { type Change, type Kind, readBy, type Scene, type SceneOptions, storeOf } from './scenes.ts';
import { tokenAuth } from './token-servers.ts';

interface Paging {
  readonly name: string;
  readonly traits: Partial<PageTraits>;
  readonly pagination: string;
  /** Keys of the home besides; absent: a window. */
  readonly home?: string;
}

const sized = 'page_size: 3, size_param: per_page';
const window = 'window: { from: updated_since, to: updated_until, format: iso_ms }';
const without = { since: 'none', until: 'none' } as const;

const pagings: readonly Paging[] = [
  {
    name: 'pages and a total',
    traits: { position: 'page', total: 'header' },
    pagination: `{ type: page, ${sized}, total_header: X-Total-Count }`,
  },
  {
    name: 'pages until the total, in the order of the last write',
    traits: { position: 'page', total: 'body', order: 'written', behind: 'error' },
    pagination: `{ type: page, ${sized}, end: total, total_at: total }`,
  },
  {
    name: 'pages read twice',
    traits: { position: 'page', order: 'written' },
    pagination: `{ type: page, ${sized} }`,
    home: `whole: two_passes\n${window}`,
  },
  {
    name: 'links and a total, newest first',
    traits: { position: 'page', next: 'link', total: 'header', order: 'newest_first' },
    pagination: `{ type: link_header, ${sized}, total_header: X-Total-Count }`,
  },
  { name: 'offsets that overlap', traits: { position: 'offset' }, pagination: `{ type: offset, ${sized} }` },
  {
    name: 'offsets of windows that end strictly',
    traits: { position: 'offset', since: 'strict', until: 'strict' },
    pagination: `{ type: offset, ${sized} }`,
  },
  {
    name: 'offsets in slices of windows',
    traits: { position: 'offset' },
    pagination: `{ type: offset, ${sized} }`,
    home: 'window: { from: updated_since, to: updated_until, format: iso_ms, slice: 30m }',
  },
  {
    name: 'cursors in the body',
    traits: { position: 'cursor', next: 'cursor' },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
  },
  {
    name: 'cursors of a snapshot, in a header',
    traits: { position: 'cursor', next: 'header', cursor: 'snapshot', order: 'written' },
    pagination: '{ type: cursor, param: cursor, header: X-Next-Cursor }',
  },
  { name: 'next addresses', traits: { position: 'cursor', next: 'url', order: 'by_id' }, pagination: '{ type: next_url, at: next }' },
  { name: 'a keyset', traits: { position: 'after', order: 'by_id' }, pagination: `{ type: keyset, param: after, field: id, ${sized} }` },
  {
    name: 'the filter, anchored anew at the last value',
    traits: { position: 'nothing' },
    pagination: `{ type: anchored, param: updated_since, field: updated_at, key: id, ${sized} }`,
  },
  {
    name: 'offsets without a filter, newest first',
    traits: { position: 'offset', order: 'newest_first', ...without },
    pagination: `{ type: offset, ${sized} }`,
    home: 'order: newest_first',
  },
  {
    name: 'windows that end at a cap',
    traits: { position: 'page', total: 'body', cap: { rows: 6, ends: 'error' } },
    pagination: `{ type: page, ${sized}, end: total, total_at: total }`,
    home: 'window: { from: updated_since, to: updated_until, format: iso_ms, cap: 6 }',
  },
];

/** A transaction may take nearly as long as the lag of the flow. */
const hiddenMs = 1_750_000;
const lag = '30m';
const rowsAtFirst = 8;
/** Rows of one time, at most as many as a page of the anchored kind has. */
const stepMs = 400_000;

async function openList({ traits, pagination, home = window }: Paging, { time, store }: SceneOptions): Promise<Scene> {
  const server = await startShiftingPages(traits, { nowMs: () => time.ms });
  const list = server.rows('/items');
  const versions = new Map<number, number>();
  const ever = new Set<string>();
  const text = (id: number) => `${id} v${versions.get(id)}`;
  const put = (id: number, times: Times = {}) => {
    versions.set(id, (versions.get(id) ?? 0) + 1);
    ever.add(text(id));
    list.put(id, { v: versions.get(id) }, times);
  };
  for (let id = 1; id <= rowsAtFirst; id++) {
    put(id);
    // Every third row has the time of the one before.
    if (id % 3 !== 0) time.ms += stepMs;
  }
  /** The rows of the window that the next run reads, oldest first. */
  let recent = [...versions.keys()];
  const change = ({ when, boundaryMs }: Change) => {
    const next = versions.size + 1;
    const added = when === 'between' ? 5 : 2;
    const [first = 1, second = 2] = recent;
    if (when === 'between') recent = [];
    // Its transaction ends when later ones are seen already.
    put(next, { visibleMs: time.ms + hiddenMs });
    // Rows that change leave the window of a run that is at work, and all behind them move up.
    for (const id of [...Array.from({ length: added }, (_, i) => next + 1 + i), first, second]) {
      time.ms += 1_000;
      put(id);
      recent.push(id);
    }
    if (boundaryMs !== undefined) put(next + added + 1, { stampMs: boundaryMs });
  };
  return {
    flow: `
home:
  type: rest_api
  base_url: ${server.url}
  endpoint: "{entity}"
  ${tokenAuth}
  records: data
  pagination: ${pagination}
  ${home.replaceAll('\n', '\n  ')}
  types: { id: int64, v: int64, updated_at: timestamptz }
store: ${storeOf[store]}
${readBy(store, `column: updated_at, lag: ${lag}`, 'id')}
entities: [items]
`,
    wire: { tick: () => undefined },
    row: "id || ' v' || v",
    table: 'items',
    change,
    rows: () => [...versions.keys()].map(text),
    versions: () => ever,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export const lists: readonly Kind[] = pagings.map((paging) => ({
  name: paging.name,
  // Without a filter nothing but the window of a run keeps a list still.
  stores: ['plain', 'keyed', ...(paging.home?.includes('cap') || paging.name.includes('anchored') ? [] : (['full'] as const))],
  open: (options) => openList(paging, options),
}));
