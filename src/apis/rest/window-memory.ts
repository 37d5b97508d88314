/** The proofs of windows that are stored in the state. */
import type { Opening } from '../../engine/contracts/connector.ts';

const dayMs = 86_400_000;

/** The stored facts about a window. */
interface Proven {
  /** Absent: the proof is permanent. */
  readonly until?: string;
  /** The API returned records when they were requested by their own watermark. */
  readonly told?: true;
  /** No record shows a change so far. Absent: a record did, or records have no other times. `part`: the list has more pages than the inspected one. */
  readonly open?: 'whole' | 'part';
}

export class WindowMemory {
  readonly #ledger: NonNullable<Opening['ledger']>;
  readonly #nowMs: () => number;
  /** The proofs made by this process. */
  readonly #proven = new Set<string>();
  /** The proofs in the state when it was first read, and the proofs written since. */
  readonly #documents = new Map<string, Proven | undefined>();

  /** @param nowMs by the clock of the API. */
  constructor(ledger: NonNullable<Opening['ledger']>, nowMs: () => number) {
    this.#ledger = ledger;
    this.#nowMs = nowMs;
  }

  /** This process sends no further requests for the window. */
  keepProven(name: string): void {
    this.#proven.add(name);
  }

  async isProven(name: string): Promise<boolean> {
    const isKnown = (await this.knownOf(name)) === 'proven';
    if (isKnown) this.#proven.add(name);
    return isKnown;
  }

  /** open: no record has changed so far that would show the field of the filter. due: the last successful proof was a day ago. */
  async knownOf(name: string): Promise<'proven' | 'open' | 'due' | undefined> {
    if (this.#proven.has(name)) return 'proven';
    const known = await this.documentOf(name);
    if (known?.until !== undefined && this.#nowMs() >= Date.parse(known.until)) return known.told ? 'due' : undefined;
    if (known === undefined) return undefined;
    return known.open === undefined ? 'proven' : 'open';
  }

  async documentOf(name: string): Promise<Proven | undefined> {
    if (!this.#documents.has(name)) {
      const found = await this.#ledger(`window ${name}`).change((document) => ({ answer: document }));
      this.#documents.set(name, found === null ? undefined : (found as unknown as Proven));
    }
    return this.#documents.get(name);
  }

  /** @param isForToday the proof is repeated after a day. */
  async remember(
    name: string,
    {
      isForToday = false,
      isTold = false,
      open,
    }: { readonly isForToday?: boolean; readonly isTold?: boolean; readonly open?: Proven['open'] } = {},
  ): Promise<void> {
    this.#proven.add(name);
    const until = new Date(this.#nowMs() + dayMs).toISOString();
    const proven: Proven = { ...(isForToday ? { until } : {}), ...(isTold ? { told: true } : {}), ...(open === undefined ? {} : { open }) };
    await this.#ledger(`window ${name}`).change(() => ({ to: { version: 1, ...proven }, answer: undefined }));
    this.#documents.set(name, proven);
  }
}
