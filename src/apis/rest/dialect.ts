/** The differences between systems that are read as REST APIs. */
import type { Window } from '../../engine/contracts/home.ts';
import type { WindowParams } from '../lists/config.ts';
import type { Page } from '../lists/pages.ts';

export interface Dialect {
  /** How the API filters by this window, in place of `window` in the config. Undefined: the API can not filter. */
  readonly windowParams?: (window: Pick<Window, 'column' | 'lower' | 'upper'>) => WindowParams | undefined;
  /** The first request of a list, made from the request that the config describes. */
  readonly first?: (url: URL, window: Pick<Window, 'column' | 'lower' | 'upper'>) => URL;
  /** The paths of further values that are needed from the body of each page. */
  readonly selectors?: readonly string[];
  /** The page with complete addresses in `values`. Needed if addresses in the body are relative to another address than that of the page. */
  readonly absolute?: (page: Page) => Page;
  /** The records of a page to write, beginning with record number `from`. `read`: the number of records on earlier pages. */
  readonly settling?: (page: Page, of: { readonly from: number; readonly read: number; readonly window: Window }) => Page;
  /** The value of `Checkpoint.token`, from the last page. */
  readonly token?: (page: Page) => string;
}
