import type * as Arrow from 'apache-arrow';
import type * as Polars from 'nodejs-polars';
import { ConnectionError } from '../errors/hygge-error.ts';

/** The only place where the native engine is loaded: lazily, so that `hygge --help` and workspaces without data never pay for it. */

export type { Arrow, Polars };
export type DataFrame = Polars.DataFrame;
export type LazyDataFrame = Polars.LazyDataFrame;
export type Expr = Polars.Expr;

const leastNode = 22;

let polarsModule: Promise<typeof Polars> | undefined;
let arrowModule: Promise<typeof Arrow> | undefined;

/** nodejs-polars. Throws a readable ConnectionError (HYG-6002) if Node is too old or the platform’s binary is missing. */
export function polars(): Promise<typeof Polars> {
  polarsModule ??= loadPolars(process.versions.node, async () => {
    const [module, native, frames, expressions] = await Promise.all([
      import('nodejs-polars'),
      import('nodejs-polars/bin/native-polars.js') as Promise<{ readonly default: unknown }>,
      import('nodejs-polars/bin/dataframe.js') as Promise<{ readonly default: unknown }>,
      import('nodejs-polars/bin/lazy/expr/index.js') as Promise<{ readonly default: unknown }>,
    ]);
    withoutColumnProperties(frames.default as FrameModule);
    withLightExpressions(expressions.default as ExpressionModule);
    const all = withExactNames(native.default as NativeModule, expressions.default as ExpressionModule);
    // CommonJS: not all named exports are detected, but the default export always has them. The named exports are read-only.
    return { default: Object.create(module.default, { all: { value: all, enumerable: true } }) };
  });
  return polarsModule;
}

/** The module in which nodejs-polars makes its frames; it is not part of its types. */
interface FrameModule {
  _DataFrame(native: { readonly columns: string[] }): DataFrame;
}

/**
 * In nodejs-polars, a column shadows a property of its name: with a column `height` or `lazy`, `frame.height` is a Series and
 * `frame.lazy()` throws. Users’ columns may have any name, so frames are made here without the proxy that does this. The proxy looks names
 * up with a getter, whose `this` is the proxy’s target.
 */
function withoutColumnProperties(module: FrameModule): void {
  const proxied = module._DataFrame;
  module._DataFrame = (native) => {
    const proxy = proxied(native);
    let bare = proxy;
    Object.defineProperty(proxy, 'columns', {
      configurable: true,
      get(this: DataFrame) {
        bare = this;
        return [];
      },
    });
    Reflect.get(proxy, 'height');
    Object.defineProperty(bare, 'columns', { configurable: true, enumerable: true, get: () => native.columns });
    return bare;
  };
}

/** Under this key, a module with exact names keeps the expression for all columns, also for another copy of this file in the process. */
const isExact: unique symbol = Symbol.for('hygge: exact names') as never;

/** The native part of nodejs-polars, with which all of its functions refer to columns. */
interface NativeModule {
  col(name: string): NativeExpression;
  cols(names: readonly string[]): NativeExpression;
  [isExact]?(): NativeExpression;
}

/**
 * Polars treats `*` as all columns, and `^…$` as those whose names match. Users’ columns may have any name, so a name given here means
 * exactly one column.
 * @returns the expression for all columns.
 */
function withExactNames(native: NativeModule, expressions: ExpressionModule): () => Expr {
  if (native[isExact] === undefined) {
    const { col, cols } = native;
    Object.assign(native, {
      [isExact]: () => col('*'),
      col: (name: string) => col(exactName(name)),
      cols: (names: readonly string[]) => cols(names.map(exactName)),
    });
  }
  return () => expressions._Expr(native[isExact]?.() ?? {});
}

/** Whether Polars treats a name as a pattern of names. */
export const isNamePattern = (name: string): boolean => name === '*' || (name.startsWith('^') && name.endsWith('$'));

/** The pattern that matches only the name. */
const exactName = (name: string): string => (isNamePattern(name) ? `^${name.replace(/[\\^$.*+?()[\]{}|\-#&~]/g, '\\$&')}$` : name);

/** The module in which nodejs-polars makes its expressions; it is not part of its types. */
export interface ExpressionModule {
  _Expr(native: NativeExpression): Expr;
}

/** Marks a module whose expressions are light, also for another copy of this file in the process. */
const isLight = Symbol.for('hygge: light expressions');

/** A native expression. Its methods return other native expressions. */
type NativeExpression = Readonly<Record<PropertyKey, unknown>>;

/**
 * Lets all expressions of nodejs-polars share one set of methods. The module makes an object with 160 functions of its own for each step of
 * an expression (`.cast()`, `.sum()`), which takes up to a millisecond: the totals of a table of 2,000 columns take 25 s of processor time
 * with those, and 2 s with shared methods. The shared methods work on a native expression that is set to the one whose method is called. A
 * method returns before another one is called, or calls others of the same expression. May be called again for the same module.
 */
export function withLightExpressions(module: ExpressionModule): void {
  const whole = module._Expr;
  if (Object.hasOwn(whole, isLight)) return;
  let native: NativeExpression = {};
  const standIn = new Proxy<NativeExpression>(
    {},
    {
      get(_, name) {
        const of = native;
        const value = of[name];
        return typeof value === 'function' ? value.bind(of) : value;
      },
    },
  );

  class LightExpression {
    readonly _expr: NativeExpression;

    constructor(of: NativeExpression) {
      this._expr = of;
    }

    inner(): NativeExpression {
      return this._expr;
    }
  }

  const model = whole(standIn);
  for (const [name, property] of propertiesOf(model)) {
    if (Object.hasOwn(LightExpression.prototype, name) || name === '_expr') continue;
    const { value: method, get } = property;
    if (get !== undefined) {
      // Functions for texts, times and lists keep the native expression to which they belong.
      Object.defineProperty(LightExpression.prototype, name, {
        get(this: LightExpression) {
          return Reflect.get(whole(this._expr), name);
        },
      });
      continue;
    }
    Object.defineProperty(LightExpression.prototype, name, {
      value(this: LightExpression, ...args: unknown[]) {
        const before = native;
        native = this._expr;
        try {
          return method.apply(model, args);
        } finally {
          native = before;
        }
      },
    });
  }
  module._Expr = Object.assign((of: NativeExpression) => new LightExpression(of) as unknown as Expr, { [isLight]: true });
}

function propertiesOf(of: object): readonly (readonly [PropertyKey, PropertyDescriptor])[] {
  return Reflect.ownKeys(of).map((name) => [name, Object.getOwnPropertyDescriptor(of, name) ?? {}] as const);
}

/** apache-arrow: the only way in which values pass between JavaScript and Polars. */
export function arrow(): Promise<typeof Arrow> {
  arrowModule ??= import('apache-arrow');
  return arrowModule;
}

/**
 * `npm ci` under Node 20 leaves the Linux binary out and still ends with exit code 0, because the package and its binary state different
 * engines. The failure then appears only here.
 */
export async function loadPolars(nodeVersion: string, load: () => Promise<unknown>): Promise<typeof Polars> {
  if (Number.parseInt(nodeVersion, 10) < leastNode) throw missing(`this is Node ${nodeVersion}`, undefined);
  try {
    const module = (await withoutNetworkInReports(load)) as { readonly default?: unknown };
    return (module.default ?? module) as typeof Polars;
  } catch (cause) {
    throw missing(`nodejs-polars does not load on ${process.platform}-${process.arch}`, cause);
  }
}

/**
 * nodejs-polars requests a diagnostic report to find out the C library. Such a report looks up the name of each host that the process is
 * connected to, and blocks until a name server has answered for each: https://nodejs.org/api/process.html#processreportexcludenetwork
 */
async function withoutNetworkInReports<T>(work: () => Promise<T>): Promise<T> {
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  const before = report.excludeNetwork ?? false;
  report.excludeNetwork = true;
  try {
    return await work();
  } finally {
    report.excludeNetwork = before;
  }
}

function missing(why: string, cause: unknown): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6002',
    what: 'The data engine (Polars) is not installed for this Node.',
    why: [why, 'An installation under a Node older than 22 leaves the native part out without a warning.'],
    tryThis: [
      `Use Node ${leastNode} or newer`,
      'Install hygge again with that Node, as docs/install.md says: npm install --global ./hygge-<version>.tgz',
      'In a clone of hygge: npm ci',
    ],
    cause,
  });
}
