/** The format that decodes records, as lines. */
import type { Format } from '../../formats/contract/format.ts';
import type { Json } from '../../ports/values.ts';

/** Threads take longer to start than so many bytes take to decode. */
const threadsFrom = 16 * 1024 * 1024;

export class RecordFormats {
  readonly #few: Format;
  readonly #many: Format;
  #bytes = 0;

  constructor(few: Format, many: Format) {
    this.#few = few;
    this.#many = many;
  }

  /** For a look at records. */
  get look(): Format {
    return this.#few;
  }

  /** For the next of the records: by threads, where there were many before. */
  of(bytes: number): Format {
    this.#bytes += bytes;
    return this.#bytes < threadsFrom ? this.#few : this.#many;
  }
}

/** @param options of a home of the format `ndjson`. */
export async function recordFormats(options: Readonly<Record<string, Json>>): Promise<RecordFormats> {
  const [{ jsonFormat }, { Threads, sharedThreads }] = await Promise.all([
    import('../../formats/json/json.ts'),
    import('../../formats/threads/threads.ts'),
  ]);
  const opened = (these: InstanceType<typeof Threads>) =>
    jsonFormat('ndjson', options, { threads: { these, from: 0 }, wholeBytes: Number.POSITIVE_INFINITY, row: 'Record' });
  return new RecordFormats(opened(new Threads(0)), opened(sharedThreads()));
}
