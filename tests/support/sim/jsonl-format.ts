import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { EncodeOptions, FileEncoder, FileSource, Format } from '../../../src/formats/contract/format.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { markIn } from './marks.ts';
import { markEdges, nullsOf, type Row, rowsOfFrame, SimFrame } from './rows.ts';

/** Rows as JSON lines between a line with the schema and a line that says how many there are: a file format for tests. */
export const jsonLines: Format = {
  id: 'jsonl',
  extension: '.jsonl',
  extensions: ['.jsonl'],
  async inspect(source) {
    const { schema, rows } = await whole(source);
    return { schema, rows: rows.length, pieces: [{ from: 0, to: 1, rows: rows.length, bytes: source.bytes }] };
  },
  within: async ({ content }) => content.pieces.map(() => true),
  async *read({ source, window }) {
    const { schema, rows } = await whole(source);
    yield new SimFrame(schema, rows.filter(within(window)));
  },
  async max({ source, cap }) {
    const { rows } = await whole(source);
    const { max, min = null } = markEdges(
      rows.filter((one) => cap === null || (one.mark ?? 0) <= Number(cap)),
      { kind: 'int64' },
    );
    return max === undefined ? undefined : { max: { column: 'mark', type: { kind: 'int64' }, text: max }, min };
  },
  async nulls({ source }) {
    return (await whole(source)).rows.filter((one) => one.mark === null).length;
  },
  encoder: (options) => new Encoder(options),
};

interface Limits {
  readonly column: unknown;
  readonly lower: { readonly text: string; readonly inclusive: boolean } | null;
  readonly upper: { readonly text: string; readonly inclusive: boolean } | null;
  readonly nulls: 'include' | 'exclude';
}

/** Whether a row is in a window. */
export function within({ column, lower, upper, nulls }: Limits): (one: Row) => boolean {
  return ({ mark }) => {
    if (column === null) return true;
    if (mark === null) return nulls === 'include';
    const above = lower === null || mark > markIn(lower.text) || (lower.inclusive && mark === markIn(lower.text));
    const below = upper === null || mark < markIn(upper.text) || (upper.inclusive && mark === markIn(upper.text));
    return above && below;
  };
}

async function whole(source: FileSource): Promise<{ schema: Schema; rows: readonly Row[] }> {
  return decodeLines(await source.read({ start: 0, end: source.bytes }));
}

/** A whole file, as another program would write it. */
export function encodedLines(schema: Schema, rows: readonly Row[]): string {
  return [JSON.stringify(schema), ...rows.map((one) => JSON.stringify(one)), `"rows ${rows.length}"`].map((line) => `${line}\n`).join('');
}

/** Throws when the file is torn. */
export function decodeLines(body: Uint8Array): { readonly schema: Schema; readonly rows: readonly Row[] } {
  const [first = '', ...lines] = new TextDecoder()
    .decode(body)
    .split('\n')
    .filter((line) => line !== '');
  const last = lines.pop();
  if (last !== `"rows ${lines.length}"`) throw new Error('torn: the file does not end with its count of rows');
  return { schema: JSON.parse(first) as Schema, rows: lines.map((line) => JSON.parse(line) as Row) };
}

class Encoder implements FileEncoder {
  bytes = 0;
  readonly #options: EncodeOptions;
  readonly #rows: Row[] = [];

  constructor(options: EncodeOptions) {
    this.#options = options;
  }

  async *add(frame: Frame): AsyncGenerator<Uint8Array> {
    const rows = rowsOfFrame(frame);
    const head = this.bytes === 0 ? [JSON.stringify(this.#options.schema)] : [];
    this.#rows.push(...rows);
    yield this.#line([...head, ...rows.map((one) => JSON.stringify(one))]);
  }

  async *end(): AsyncGenerator<Uint8Array> {
    const head = this.bytes === 0 ? [JSON.stringify(this.#options.schema)] : [];
    yield this.#line([...head, `"rows ${this.#rows.length}"`]);
  }

  summary() {
    return {
      rows: this.#rows.length,
      nulls: nullsOf(this.#options.schema, this.#rows),
      ...(this.#options.watermark ? markEdges(this.#rows, this.#options.watermark.type) : {}),
    };
  }

  #line(lines: readonly string[]): Uint8Array {
    const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
    this.bytes += bytes.length;
    return bytes;
  }
}
