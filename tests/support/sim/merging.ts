/** How a simulated table merges: frames are simulated, and hashes are those of the model. */

import { hash } from 'node:crypto';
import { readVector } from '../../../src/delta/values/vector.ts';
import type { Frame } from '../../../src/engine/contracts/frame.ts';
import { everything } from '../../../src/engine/contracts/home.ts';
import type { DeltaRowsOptions, MergeTools } from '../../../src/files/delta-store/merge/merge-tools.ts';
import type { SimulatedMerging } from '../../../src/files/delta-store/store.ts';
import { foldedKey } from '../../../src/frames/row-sum/alike-keys.ts';
import { jsonLines, within } from './jsonl-format.ts';
import { keyHashing, rowsOfFrame, SimFrame } from './rows.ts';

function toolsOf({ files, scratch, where }: DeltaRowsOptions): MergeTools {
  const { signal } = new AbortController();
  const sourceOf = (path: string, bytes: number) => ({ name: `${where}/${path}`, bytes, read: async () => files.read(path) });
  return {
    async open({ file, name }, columns) {
      const source = sourceOf(name, file.bytes);
      const content = await jsonLines.inspect(source, null);
      return {
        rows: content.rows ?? 0,
        async *frames() {
          const asked = { source, content, from: 0, to: 1, window: everything, frameBytes: 1, frameRows: 1, columns, scratch, signal };
          for await (const frame of jsonLines.read(asked)) if (!('rejected' in frame)) yield frame;
        },
      };
    },
    readVector: ({ vector, rows, name }) =>
      readVector({
        ...{ vector, rows, name },
        open: async (place) => {
          if (place.kind !== 'in table') throw new Error('no simulated vector lies elsewhere');
          const body = await files.read(place.path);
          return { name: place.path, bytes: body.length, read: async ({ start, end }) => body.slice(start, end) };
        },
      }),
    keys: async (frame, columns) => {
      const words = new Int32Array((await keyHashing.exact(frame, columnsIn(frame, columns))).buffer);
      // The model has hashes of 64 bits.
      return Int32Array.from({ length: 2 * words.length }, (_, at) => words[(at >> 2) * 2 + (at & 1)] as number);
    },
    spellings: async (frame, columns, equalities) => {
      const of = columns.map((name) => equalities[name]);
      const texts = rowsOfFrame(frame).map((one) => columns.map((name) => (one[name] == null ? null : String(one[name]))));
      return new Int32Array(Uint8Array.from(Buffer.concat(texts.map((some) => hash('md5', foldedKey(some, of), 'buffer')))).buffer);
    },
    hashes: (frame, columns) => keyHashing.exact(frame, columnsIn(frame, columns)),
    watermarks: async (frame, column) => rowsOfFrame(frame).map((one) => (one[column] == null ? null : BigInt(one[column]))),
    example: async (frame, columns) => columns.map((name) => String(rowsOfFrame(frame)[0]?.[name])).join(', '),
  };
}

const columnsIn = ({ schema }: Frame, names: readonly string[] | null) =>
  schema.columns.filter(({ name }) => names === null || names.includes(name));

export const simulatedMerging: SimulatedMerging = {
  tools: toolsOf,
  within: async (frame, window) => new SimFrame(frame.schema, rowsOfFrame(frame).filter(within(window))),
  // Each file is a step of its own.
  stepBytes: 1,
};
