/** The homes of the matrix: each an API with its rows, what becomes of them, and how a flow reads it. */
import type { WireOptions } from './wire.ts';

export type Store = 'plain' | 'keyed' | 'full';

export interface SceneOptions {
  readonly time: { ms: number };
  readonly store: Store;
}

export interface Change {
  /** Before a run, or while one is stopped. */
  readonly when: 'between' | 'meanwhile';
  /** The watermark that has settled, in ms since 1970: a row may come late with its very value. Undefined: nothing has settled, or it is not a time. */
  readonly boundaryMs: number | undefined;
}

export interface Scene extends AsyncDisposable {
  readonly flow: string;
  readonly wire: Omit<WireOptions, 'time' | 'requestMs' | 'tokens'>;
  /** SQL for the text of a row that settled. */
  readonly row: string;
  /** Name of the list, whose rows settle in a folder or a table of that name. */
  readonly table: string;
  change(of: Change): void | Promise<void>;
  /** Texts of the rows that the API has now. */
  rows(): readonly string[];
  /** Texts of each version that a row ever had; a store without a key may have older ones as well. */
  versions(): ReadonlySet<string>;
}

export interface Kind {
  readonly name: string;
  readonly stores: readonly Store[];
  /** A run has very many requests. */
  readonly isLarge?: true;
  /** The code of an error by which a run says that the record that it went on from is gone. */
  readonly mayStop?: string;
  open(options: SceneOptions): Promise<Scene>;
}

export const storeOf = {
  plain: 'lake',
  keyed: '{ type: sqlite, path: out.db, table: "{entity}" }',
  full: 'lake',
} as const satisfies Record<Store, string>;

/** How a flow reads by a watermark into a store. */
export function readBy(store: Store, watermark: string, key: string): string {
  if (store === 'full') return 'run_type: full_drop';
  return `run_type: incremental\nwatermark: { ${watermark}${store === 'keyed' ? `, key: [${key}]` : ''} }`;
}
