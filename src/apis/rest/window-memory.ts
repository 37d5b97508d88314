/** Stores the proofs of windows in the state. */
import type { Opening } from '../../engine/contracts/connector.ts';

const dayMs = 86_400_000;

/** The stored facts about a window. */
interface Proven {
  /** The time until which the proof counts. Absent: the proof is permanent. */
  readonly until?: string;
  /** Whether the API returned records that were requested by their own watermark. */
  readonly told?: true;
  /** Set while no record shows a change. Absent: a record shows a change, or records have no other times. `part`: the list has more pages than the inspected page. */
  readonly open?: 'whole' | 'part';
}

export class WindowMemory {
  readonly #ledger: NonNullable<Opening['ledger']>;
  readonly #nowMs: () => number;
  /** The names of the windows that this process has proved. */
  readonly #proven = new Set<string>();
  /** The stored proofs, as this process has first read them or last written them. */
  readonly #documents = new Map<string, Proven | undefined>();

  /** @param nowMs returns the time by the clock of the API. */
  constructor(ledger: NonNullable<Opening['ledger']>, nowMs: () => number) {
    this.#ledger = ledger;
    this.#nowMs = nowMs;
  }

  /** Notes that this process needs no further proof of the window. */
  keepProven(name: string): void {
    this.#proven.add(name);
  }

  async isProven(name: string): Promise<boolean> {
    const isKnown = (await this.knownOf(name)) === 'proven';
    if (isKnown) this.#proven.add(name);
    return isKnown;
  }

  /** The state of the proof of a window. `open`: no record has changed so far, so it is unknown whether the filter follows changes. `due`: the last successful proof was a day ago. */
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

  /** @param isForToday whether the proof is repeated after a day. */
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
