/** Differences between systems of the family. */
import type { Window } from '../../engine/contracts/home.ts';
import type { WindowParams } from '../lists/config.ts';
import type { Page } from '../lists/pages.ts';

export interface Dialect {
  /** How the API filters by this window, in place of the config's `window`. Undefined: the API can't filter. */
  readonly windowParams?: (window: Pick<Window, 'column' | 'lower' | 'upper'>) => WindowParams | undefined;
  /** The first request, made from the request of the config. */
  readonly first?: (url: URL, window: Pick<Window, 'column' | 'lower' | 'upper'>) => URL;
  /** Further values that are needed from the body of each page. */
  readonly selectors?: readonly string[];
  /** The page with complete addresses in `values`, if addresses in its body are relative to another address than its own. */
  readonly absolute?: (page: Page) => Page;
  /** The records to write, beginning with record number `from`. `read` records are on earlier pages. */
  readonly settling?: (page: Page, of: { readonly from: number; readonly read: number; readonly window: Window }) => Page;
  /** The `Checkpoint.token` from the last page. */
  readonly token?: (page: Page) => string;
}
