import { type Arrow, arrow, type DataFrame, polars } from '../../../frames/native.ts';

/** A stream of Arrow bytes of at least so many, so that memory is not asked for a little at a time. */
const firstBytes = 4 * 1024 * 1024;

/**
 * Arrow → Polars over one piece of memory that is used again and again. Fresh memory for every batch made the garbage collector the busiest part
 * of reading: it counts what lies outside of its heap, and marks everything whenever that grows.
 */
export class IpcBuffer {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #length = 0;
  /** Of the batches so far, which are all alike: thousands of columns are costly to describe. */
  #schema: Arrow.Schema | undefined;

  /** Polars copies what it reads: the memory is free again when this returns. */
  async read(names: readonly string[], children: Arrow.Data[], rows: number): Promise<DataFrame> {
    const [A, pl] = await Promise.all([arrow(), polars()]);
    this.#schema ??= new A.Schema(children.map((child, index) => new A.Field(names[index] ?? '', child.type, true)));
    const type = new A.Struct(this.#schema.fields);
    const batch = new A.RecordBatch(this.#schema, A.makeData({ type, length: rows, nullCount: 0, children }));
    this.#length = 0;
    const sink = new A.AsyncByteQueue();
    sink.write = (chunk) => this.#add(chunk as Uint8Array);
    const writer = new A.RecordBatchStreamWriter<Arrow.TypeMap>({ autoDestroy: false });
    writer.reset(sink, batch.schema);
    writer.write(batch);
    writer.finish();
    return pl.readIPCStream(Buffer.from(this.#bytes.buffer, 0, this.#length));
  }

  #add(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2, firstBytes));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = needed;
  }
}
