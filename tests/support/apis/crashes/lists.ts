/** Lists of REST APIs, in each kind of paging that proves that it is whole. */
import type { Times } from '../changing-rows.ts';
import { type Paging, pagings, windowLine } from '../pagings.ts';
import { type PageTraits, startShiftingPages } from '../shifting-pages.ts';
import { type Change, type Kind, readBy, type Scene, type SceneOptions, storeOf } from './scenes.ts';
import { tokenAuth } from './tokens.ts';

const mostInWindow = 6;
/** The model has these, which differ from others in their order or in how they end. */
const leftOut = /^(offsets and a total|cursors of a place without|pages without|cursors of windows|the filter.* and links)/;

/** The kinds of the model, with a smaller cap, and two more of offsets. */
const kinds: readonly (Paging & { readonly home: string })[] = [
  ...pagings
    .filter(({ name }) => !leftOut.test(name))
    .map((paging) => {
      const { cap } = paging.traits;
      const filters = paging.newestFirst ? ({ since: 'none', until: 'none' } as const) : {};
      const traits = { ...paging.traits, ...filters, ...(cap && { cap: { ...cap, rows: mostInWindow } }) };
      const smaller = { ...paging, traits, ...(cap && { cap: mostInWindow }) };
      return { ...smaller, home: `${paging.twice ? 'whole: two_passes\n' : ''}${windowLine(smaller, 'iso_ms')}` };
    }),
  ofOffsets('offsets of windows that end strictly', { since: 'strict', until: 'strict' }),
  ofOffsets('offsets in slices of windows', {}, ', slice: 30m'),
];

function ofOffsets(name: string, bounds: Partial<PageTraits>, keys = '') {
  const pagination = '{ type: offset, page_size: 3, size_param: per_page }';
  const paging: Paging = { name, traits: { position: 'offset', ...bounds }, pagination };
  return { ...paging, home: windowLine(paging, 'iso_ms', keys) };
}

/** A transaction may take nearly as long as the lag of the flow. */
const hiddenMs = 1_750_000;
const lag = '30m';
const rowsAtFirst = 8;
/** Rows of one time, at most as many as a page of the anchored kind has. */
const stepMs = 400_000;

async function openList({ traits, pagination, home }: (typeof kinds)[number], { time, store }: SceneOptions): Promise<Scene> {
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

export const lists: readonly Kind[] = kinds.map((kind) => ({
  name: kind.name,
  // Without a filter nothing but the window of a run keeps a list still.
  stores: ['plain', 'keyed', ...(kind.cap !== undefined || kind.isAnchored ? [] : (['full'] as const))],
  open: (options) => openList(kind, options),
}));
