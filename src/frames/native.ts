import type * as Arrow from 'apache-arrow';
import type * as Polars from 'nodejs-polars';
import { ConnectionError } from '../errors/hygge-error.ts';

/** The one place where the native engine is loaded: lazily, so that `hygge --help` and workspaces without data never pay for it. */

export type { Arrow, Polars };
export type DataFrame = Polars.DataFrame;
export type LazyDataFrame = Polars.LazyDataFrame;
export type Expr = Polars.Expr;

const leastNode = 22;

let polarsModule: Promise<typeof Polars> | undefined;
let arrowModule: Promise<typeof Arrow> | undefined;

/** nodejs-polars. Throws a readable ConnectionError (HYG-6002) when Node is too old or the platform's binary is missing. */
export function polars(): Promise<typeof Polars> {
  polarsModule ??= loadPolars(process.versions.node, () => import('nodejs-polars'));
  return polarsModule;
}

/** apache-arrow: the only boundary over which values pass between JavaScript and Polars. */
export function arrow(): Promise<typeof Arrow> {
  arrowModule ??= import('apache-arrow');
  return arrowModule;
}

/**
 * `npm ci` under Node 20 leaves the Linux binary out and still ends with exit code 0, because the package and its binary state
 * different engines; the failure then shows only here.
 */
export async function loadPolars(nodeVersion: string, load: () => Promise<unknown>): Promise<typeof Polars> {
  if (Number.parseInt(nodeVersion, 10) < leastNode) throw missing(`this is Node ${nodeVersion}`, undefined);
  try {
    const module = (await load()) as { readonly default?: unknown };
    // CommonJS: named exports are not all detected, the default export always has them.
    return (module.default ?? module) as typeof Polars;
  } catch (cause) {
    throw missing(`nodejs-polars does not load on ${process.platform}-${process.arch}`, cause);
  }
}

function missing(why: string, cause: unknown): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6002',
    what: 'The data engine (Polars) is not installed for this Node.',
    why: [why, 'Installing under a Node older than 22 leaves the native part out without a word.'],
    tryThis: [`Use Node ${leastNode} or newer`, 'Install again with that Node: rm -rf node_modules && npm ci'],
    cause,
  });
}
