/** What systems of the family do in their own ways. */
import type { Window } from '../../engine/contracts/home.ts';
import type { WindowParams } from '../lists/config.ts';
import type { Page } from '../lists/pages.ts';

export interface Dialect {
  /** How the API filters by this window, in place of the config's `window`. Undefined: it can't. */
  readonly windowParams?: (window: Pick<Window, 'column' | 'lower' | 'upper'>) => WindowParams | undefined;
  /** The first request, made of the one that the config asks for. */
  readonly first?: (url: URL, window: Pick<Window, 'column' | 'lower' | 'upper'>) => URL;
  /** What it has to know of the body of each page, besides. */
  readonly selectors?: readonly string[];
  /** The page with whole addresses in `values`, where those in its body are relative to something else than its own address. */
  readonly absolute?: (page: Page) => Page;
  /** The records that settle, from the `from`-th one on, of which `read` are on earlier pages. */
  readonly settling?: (page: Page, of: { readonly from: number; readonly read: number; readonly window: Window }) => Page;
  /** `Checkpoint.token`, by the last page. */
  readonly token?: (page: Page) => string;
}
