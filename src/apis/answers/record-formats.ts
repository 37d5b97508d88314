/** The format with which the records of many answers are decoded, one answer after the other. */
import type { Format } from '../../formats/contract/format.ts';
import type { Threads } from '../../formats/threads/threads.ts';
import type { Json } from '../../ports/values.ts';

/** Threads start only for more bytes than this, since starting threads takes longer than decoding fewer bytes. */
const threadsFrom = 16 * 1024 * 1024;

type Options = Readonly<Record<string, Json>>;

export class RecordFormats {
  readonly #few: Format;
  readonly #many: Format;
  #bytes = 0;

  constructor(few: Format, many: Format) {
    this.#few = few;
    this.#many = many;
  }

  /** The format for records that are only inspected. */
  get look(): Format {
    return this.#few;
  }

  /** The format for the next records. The format uses threads if the records before had many bytes. */
  of(bytes: number): Format {
    this.#bytes += bytes;
    return this.#bytes < threadsFrom ? this.#few : this.#many;
  }
}

/** A format for records as lines of JSON. @param options the options of a home with the format `ndjson`. */
export async function jsonRecords(options: Options): Promise<RecordFormats> {
  const { jsonFormat } = await import('../../formats/json/json.ts');
  return recordFormats((these) =>
    jsonFormat('ndjson', options, { threads: { these, from: 0 }, wholeBytes: Number.POSITIVE_INFINITY, row: 'Record' }),
  );
}

/** A format for records as lines of CSV. @param options the options of a home with the format `csv`. */
export async function csvRecords(options: Options): Promise<RecordFormats> {
  const { csvFormat } = await import('../../formats/csv/csv.ts');
  return recordFormats((these) => csvFormat(options, { threads: { these, from: 0 } }));
}

async function recordFormats(open: (threads: Threads) => Format): Promise<RecordFormats> {
  const { Threads, sharedThreads } = await import('../../formats/threads/threads.ts');
  return new RecordFormats(open(new Threads(0)), open(sharedThreads()));
}
