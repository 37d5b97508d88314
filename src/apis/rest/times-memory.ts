/** Remembers the times of a column in the records of a list, from this run and earlier runs. */
import type { Opening } from '../../engine/contracts/connector.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Json } from '../../ports/values.ts';
import { type ShownTimes, withTimes } from '../times/cut-times.ts';
import { type RestConfig, revealedParams } from './config.ts';
import type { Bounds } from './list-pages.ts';

type Column = NonNullable<Bounds['column']>;

export class TimesMemory {
  readonly #config: RestConfig;
  /** The ledger in the state. Undefined: this run must not write to the state. */
  readonly #ledger: Opening['ledger'];
  /** The times learned by this process, for each column. */
  readonly #known = new Map<string, ShownTimes>();

  constructor(config: RestConfig, ledger: Opening['ledger']) {
    this.#config = config;
    this.#ledger = ledger;
  }

  /** The times of a column that are known so far. Undefined: no run has stored times of the column. */
  async known(column: Column): Promise<ShownTimes | undefined> {
    const name = this.#nameOf(column);
    const found = this.#known.get(name) ?? (await this.#ledger?.(name).change((document) => ({ answer: timesIn(document) })));
    if (found !== undefined) this.#known.set(name, found);
    return found;
  }

  /** Whether later runs get the times that this run learns. */
  get isKept(): boolean {
    return this.#ledger !== undefined;
  }

  /** Whether further times would teach this run nothing, since it is known that times are not cut. */
  isDone(column: Column): boolean {
    return this.#known.get(this.#nameOf(column)) === 'any';
  }

  /** Keeps times for this run only. */
  forThisRun(column: Column, times: ShownTimes): ShownTimes {
    this.#known.set(this.#nameOf(column), times);
    return times;
  }

  /** Adds times to the known times of a column, and returns all of them. */
  async learn(column: Column, times: ShownTimes): Promise<ShownTimes> {
    const name = this.#nameOf(column);
    const known = this.#known.get(name);
    if (known !== undefined && withTimes(known, times) === known) return known;
    const told = withTimes(known ?? [], times);
    const all = (await this.#ledger?.(name).change((document) => changed(document, told))) ?? told;
    this.#known.set(name, all);
    return all;
  }

  /** The name of the ledger, from everything that the times of the records depend on. Values of parameters are hashed. */
  #nameOf({ column, type }: Column): string {
    const { base_url, endpoint, window, each } = this.#config;
    const asked = [base_url, endpoint, window?.filters, window?.format, each, revealedParams(this.#config), column, type];
    return `times ${shortHash(JSON.stringify(asked))}`;
  }
}

function changed(document: Json, times: ShownTimes): { readonly to?: Json; readonly answer: ShownTimes } {
  const before = timesIn(document);
  const all = withTimes(before ?? [], times);
  return before === all ? { answer: all } : { to: { version: 1, times: all }, answer: all };
}

/** The times in a stored document. Undefined: the document has no times. */
function timesIn(document: Json): ShownTimes | undefined {
  const { times } = (document ?? {}) as { readonly times?: ShownTimes };
  return times;
}
