import type * as Arrow from 'apache-arrow';
import type * as Polars from 'nodejs-polars';
import { ConnectionError } from '../errors/hygge-error.ts';

/** The only module that loads the native engine. The engine is loaded at its first use, so that `hygge --help` and workspaces without data do not have to wait for it. */

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
    // In a CommonJS module, Node does not detect all named exports, but the default export always has them. The named exports are read-only.
    return { default: Object.create(module.default, { all: { value: all, enumerable: true } }) };
  });
  return polarsModule;
}

/** The module in which nodejs-polars makes its frames. Its types do not declare this module. */
interface FrameModule {
  _DataFrame(native: { readonly columns: string[] }): DataFrame;
}

/**
 * In nodejs-polars, a column hides a property of the same name. With a column `height`, `frame.height` is a Series, and with a column
 * `lazy`, `frame.lazy()` throws. The cause is a proxy around each frame. Users’ columns may have any name, so frames are made here without
 * the proxy. The proxy looks names up with a getter, whose `this` is the proxy’s target.
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

/** The key under which a module with exact names stores the expression for all columns. Other copies of this file in the process use the same key. */
const isExact: unique symbol = Symbol.for('hygge: exact names') as never;

/** The native part of nodejs-polars. All functions of nodejs-polars refer to columns with it. */
interface NativeModule {
  col(name: string): NativeExpression;
  cols(names: readonly string[]): NativeExpression;
  [isExact]?(): NativeExpression;
}

/**
 * Makes each name mean exactly one column, because users’ columns may have any name. Polars treats `*` as all columns, and `^…$` as the
 * columns whose names match.
 * @returns a function that makes the expression for all columns.
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

/** A pattern that matches only this name. */
const exactName = (name: string): string => (isNamePattern(name) ? `^${name.replace(/[\\^$.*+?()[\]{}|\-#&~]/g, '\\$&')}$` : name);

/** The module in which nodejs-polars makes its expressions. Its types do not declare this module. */
export interface ExpressionModule {
  _Expr(native: NativeExpression): Expr;
}

/** The mark of a module whose expressions are light. Other copies of this file in the process use the same mark. */
const isLight = Symbol.for('hygge: light expressions');

/** A native expression. Its methods return other native expressions. */
type NativeExpression = Readonly<Record<PropertyKey, unknown>>;

/**
 * Lets all expressions of nodejs-polars share one set of methods. Without this, the module makes an object with 160 functions for each step
 * of an expression (`.cast()`, `.sum()`), which takes up to a millisecond. The totals of a table of 2,000 columns take 25 s of processor
 * time without shared methods, and 2 s with them. The shared methods work on one variable, which is set to the native expression whose
 * method is called. One variable is enough, because a method returns before the next method is called, or calls only methods of the same
 * expression. May be called again for the same module.
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
      // The functions for texts, times and lists keep the native expression that they belong to.
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

/** apache-arrow. All values pass between JavaScript and Polars through it. */
export function arrow(): Promise<typeof Arrow> {
  arrowModule ??= import('apache-arrow');
  return arrowModule;
}

/**
 * Loads nodejs-polars. `npm ci` under Node 20 leaves the Linux binary out and still ends with exit code 0, because the package and its
 * binary state different engines. The missing binary is therefore noticed only here.
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
 * Runs `work` with diagnostic reports that leave the network out. nodejs-polars requests a diagnostic report to find out the C library.
 * Such a report looks up the name of each host that the process is connected to, and blocks until a name server has answered for each host:
 * https://nodejs.org/api/process.html#processreportexcludenetwork
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
