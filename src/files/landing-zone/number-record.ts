/**
 * Records how far the numbers of a decided commit are published. The folder does not show that, because Fabric removes a file seven days after it was applied. Before
 * a rename, the record of the commit says "number n may exist". After the rename it says "number n exists", which means the same as "number n + 1 may exist".
 * docs/building/protocol.md.
 */
import type { Intent } from '../../engine/contracts/intent.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import { type FilePlace, recordsFolder } from '../store/layout.ts';

/** The files of all numbers before `number` exist. The file of `number` itself may exist since the given time. */
export interface NumberRecord {
  readonly version: 1;
  readonly number: number;
  readonly since: Instant;
}

interface RecordsAt {
  readonly files: FileSystem;
  readonly place: FilePlace;
  readonly mirror: { readonly clock: Pick<Clock, 'now'> };
}

/** The age from which Fabric may have removed an applied file. Fabric removes files after seven days; one day less, because clocks differ. */
const cleanedAfterMs = 6 * 86_400_000;

export const isMaybeRemoved = (now: Instant, since: Instant): boolean => Date.parse(now) - Date.parse(since) >= cleanedAfterMs;

/** The folder of the records of commits. */
export const numbersFolder = ({ place }: Pick<RecordsAt, 'place'>): string => `${recordsFolder(place)}/numbers`;

const pathOf = (at: Pick<RecordsAt, 'place'>, { id }: Pick<Intent, 'id'>) => `${numbersFolder(at)}/${id}`;

/** The record of a commit. Undefined: no number of the commit was published, or an earlier version published the numbers. */
export async function readNumberRecord(
  at: Pick<RecordsAt, 'files' | 'place'>,
  intent: Pick<Intent, 'id'>,
): Promise<NumberRecord | undefined> {
  return (await find(at, intent))?.record;
}

async function find({ files, place }: Pick<RecordsAt, 'files' | 'place'>, intent: Pick<Intent, 'id'>) {
  const found = await retry(() => files.get(pathOf({ place }, intent)));
  return found && { record: JSON.parse(new TextDecoder().decode(found.body)) as NumberRecord, etag: found.etag };
}

/** Writes the record of one commit. If another finisher has written a record with a higher number, that record stays. */
export class NumberRecorder {
  readonly #at: RecordsAt;
  readonly #intent: Pick<Intent, 'id'>;
  /** The record that this finisher wrote last; undefined: no record yet. */
  #known: { readonly number: number; readonly etag: string } | undefined;

  constructor(at: RecordsAt, intent: Pick<Intent, 'id'>) {
    this.#at = at;
    this.#intent = intent;
  }

  /** Called before the rename to the number, and again with the number after the last one. All earlier numbers are published. */
  async mayBe(number: number): Promise<void> {
    const { files, mirror } = this.#at;
    while ((this.#known?.number ?? 0) < number) {
      const record: NumberRecord = { version: 1, number, since: mirror.clock.now() };
      const body = new TextEncoder().encode(JSON.stringify(record));
      const condition = this.#known === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: this.#known.etag };
      const put = await retry(() => files.put(pathOf(this.#at, this.#intent), body, condition));
      if (put.outcome === 'written') this.#known = { number, etag: put.etag };
      else {
        const found = await find(this.#at, this.#intent);
        this.#known = found && { number: found.record.number, etag: found.etag };
      }
    }
  }
}

/** Removes the record of a commit. Called when the commit has ended. */
export async function removeNumberRecord(at: Pick<RecordsAt, 'files' | 'place'>, intent: Pick<Intent, 'id'>): Promise<void> {
  await retry(() => at.files.remove(pathOf(at, intent)));
}
