import type { Arrow } from '../../frames/native.ts';
import type { Output } from './job.ts';

/** Writes rows as a stream of Arrow’s bytes. The bytes are those of `tableToIPC`, but no memory is allocated. */
export function writeStream(A: typeof Arrow, batch: Arrow.RecordBatch, output: Output): void {
  const sink = new A.AsyncByteQueue();
  sink.write = (chunk) => output.add(chunk as Uint8Array);
  const writer = new A.RecordBatchStreamWriter<Arrow.TypeMap>({ autoDestroy: false });
  writer.reset(sink, batch.schema);
  writer.write(batch);
  writer.finish();
}
