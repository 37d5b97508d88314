/** Parents whose rows are lists of their own: parents come, and their rows with them. */
import { type PageTraits, startShiftingPages } from '../shifting-pages.ts';
import { type Change, type Kind, readBy, type Scene, type SceneOptions, storeOf } from './scenes.ts';
import { tokenAuth } from './tokens.ts';

interface Paging {
  readonly name: string;
  readonly traits: Partial<PageTraits>;
  readonly pagination: string;
  readonly overlap?: string;
  /** The number of rows of each parent. */
  readonly rowsAtFirst?: readonly number[];
}

const pagings: readonly Paging[] = [
  {
    name: 'rows of parents, by pages and a total',
    traits: { position: 'page', total: 'header' },
    pagination: '{ type: page, page_size: 2, size_param: per_page, total_header: X-Total-Count }',
  },
  {
    name: 'rows of parents, by offsets, with an overlap',
    traits: { position: 'offset' },
    pagination: '{ type: offset, page_size: 2, size_param: per_page }',
    overlap: ', overlap: 1m',
  },
  {
    name: 'rows of parents, by cursors',
    traits: { position: 'cursor', next: 'cursor', pageSize: 2 },
    pagination: '{ type: cursor, param: cursor, at: next_cursor }',
  },
  {
    name: 'rows of so many parents that a slice has several',
    traits: { position: 'page', total: 'header', pageSize: 50 },
    pagination: '{ type: page, page_size: 2, size_param: per_page, total_header: X-Total-Count }',
    rowsAtFirst: Array.from({ length: 70 }, (_, i) => (i % 5 === 0 ? 3 : i % 2)),
  },
];

async function openParents(
  { traits, pagination, overlap = '', rowsAtFirst = [3, 0, 2] }: Paging,
  { time, store }: SceneOptions,
): Promise<Scene> {
  const server = await startShiftingPages(traits, { nowMs: () => time.ms });
  const parents: number[] = [];
  const versions = new Map<string, number>();
  const ever = new Set<string>();
  const text = (key: string) => `${key} v${versions.get(key)}`;
  // Ids repeat from parent to parent: only both tell rows apart.
  const put = (parent: number, id: number, stampMs = time.ms) => {
    const key = `${parent} ${id}`;
    versions.set(key, (versions.get(key) ?? 0) + 1);
    ever.add(text(key));
    server.rows(`/repos/${parent}/items`).put(id, { v: versions.get(key) }, { stampMs });
  };
  const begunMs = time.ms;
  const addParent = (rows: number) => {
    const parent = parents.push(parents.length + 1);
    // They are older than any run.
    for (let id = 1; id <= rows; id++) put(parent, id, begunMs + id * 60_000);
    server.rows('/repos').put(parent, { name: `r${parent}` }, { stampMs: 0 });
  };
  for (const rows of rowsAtFirst) addParent(rows);
  time.ms += 1_000_000;
  let next = 10;
  const change = ({ when, boundaryMs }: Change) => {
    put(1, next++);
    time.ms += 1_000;
    put(3, 1);
    if (when === 'between') put(2, next++);
    // The boundary of parents is open, so that only an overlap sees what comes late with its value.
    if (overlap !== '' && boundaryMs !== undefined) put(1, next++, boundaryMs);
    addParent(2);
    time.ms += 1_000;
  };
  return {
    flow: `
home:
  type: rest_api
  base_url: ${server.url}
  endpoint: "{entity}"
  ${tokenAuth}
  records: data
  pagination: ${pagination.replace('page_size: 2', `page_size: ${traits.pageSize ?? 2}`)}
store: ${storeOf[store]}
entities:
  - repos
  - name: items
    home:
      from: repos
      endpoint: "repos/{id}/items"
      parent: { repo_id: id }
      pagination: ${pagination}
      window: { from: updated_since, to: updated_until, format: iso_ms }
      types: { repo_id: int64, id: int64, v: int64, updated_at: timestamptz }
    ${readBy(store, `column: updated_at${overlap}`, 'repo_id, id').replaceAll('\n', '\n    ')}
`,
    wire: { tick: () => undefined },
    row: "repo_id || ' ' || id || ' v' || v",
    table: 'items',
    change,
    rows: () => [...versions.keys()].map(text),
    versions: () => ever,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

export const parents: readonly Kind[] = pagings.map((paging) => ({
  name: paging.name,
  stores: ['plain', 'keyed', 'full'],
  ...(paging.rowsAtFirst === undefined ? {} : { isLarge: true as const }),
  open: (options) => openParents(paging, options),
}));
