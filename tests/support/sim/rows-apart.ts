import type { Frame } from '../../../src/engine/contracts/frame.ts';
import type { PartitionValue } from '../../../src/files/paths/partition-values.ts';
import {
  type MakePartitionSorter,
  type PartitionRows,
  type PartitionSorter,
  withoutColumns,
} from '../../../src/files/store/staging/partition-by.ts';
import type { Column } from '../../../src/frames/schema.ts';
import { markText } from './marks.ts';
import { type Row, rowsOfFrame, SimFrame } from './rows.ts';

/** Simulated rows, partition by partition. They keep their columns: files of simulated rows tell everything themselves. */
export const rowsApart: MakePartitionSorter = ({ columns }) => new RowsApart(columns);

class RowsApart implements PartitionSorter {
  bytes = 0;
  readonly #columns: readonly Column[];
  #frames: Frame[] = [];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  async add(frame: Frame): Promise<void> {
    this.#frames.push(frame);
    this.bytes += frame.bytes;
  }

  async *drain(): AsyncGenerator<PartitionRows> {
    const [first] = this.#frames;
    const groups = new Map<string, { values: readonly PartitionValue[]; rows: Row[] }>();
    for (const row of this.#frames.flatMap(rowsOfFrame)) {
      const values = this.#columns.map(({ name, type }) => ({
        name,
        type,
        text: row[name] == null ? null : markText(Number(row[name]), type),
      }));
      const key = JSON.stringify(values);
      const group = groups.get(key) ?? { values, rows: [] };
      groups.set(key, group);
      group.rows.push(row);
    }
    const schema =
      first &&
      withoutColumns(
        first.schema,
        this.#columns.map(({ name }) => name),
      );
    for (const { values, rows } of groups.values()) if (schema) yield { values, frame: new SimFrame(schema, rows) };
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#frames = [];
    this.bytes = 0;
  }
}
