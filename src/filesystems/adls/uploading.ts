import type { DataLakeFileClient } from '@azure/storage-file-datalake';
import { OutcomeUnknown } from '../../ports/outcome.ts';
import { plain } from '../azure/etags.ts';
import { isCrossed, isTaken } from '../azure/refusals.ts';
import type { Requests } from '../azure/requests.ts';
import { sendBlocks } from '../azure/sending.ts';
import type { Handle } from './publishing.ts';
import { writeKey } from './version-check.ts';

export interface Uploaded {
  readonly bytes: number;
  readonly checksum: string;
  readonly handle: Handle;
}

/** An empty file with the folders above it, which nothing is written over. @param write marks it as ours. */
export async function create(
  requests: Requests,
  file: DataLakeFileClient,
  write: string,
): Promise<{ readonly etag: string } | 'exists' | 'crossed'> {
  let sent = 0;
  const created = await requests.send<{ etag?: string } | 'exists' | 'crossed'>({
    doing: 'write',
    once: file.name,
    ask: ({ abortSignal, attempt }) => {
      sent = attempt;
      return file.create({ abortSignal, conditions: { ifNoneMatch: '*' }, metadata: { [writeKey]: write } });
    },
    expected: (answer) => (isCrossed(answer) ? 'crossed' : isTaken(answer) ? 'exists' : undefined),
  });
  // It may be of a sending before: the name is given up.
  if (created === 'exists' && sent > 0) throw new OutcomeUnknown(`${file.name} may be there already`);
  return typeof created === 'string' ? created : { etag: plain(created.etag) };
}

/** Fills a file that was created. What is appended lies beside it until it is flushed at its whole length, with nothing missing. */
export async function pour(
  requests: Requests,
  file: DataLakeFileClient,
  { write, etag }: Handle,
  body: AsyncIterable<Uint8Array>,
): Promise<Uploaded> {
  // 12.31 sends the hash of a block only when it is given headers of the path as well.
  const hashed = { pathHttpHeaders: {} };
  // Safe to send again: the same bytes at the same place, before a flush, are the same.
  const { bytes, checksum } = await sendBlocks(requests, body, (block) =>
    file.append(block.body, block.offset, block.bytes, { ...hashed, ...block.options }),
  );
  return { bytes, checksum, handle: { write, etag: bytes === 0 ? etag : await flush(requests, file, bytes) } };
}

/** Safe to send again: at the length that the file has it changes nothing. */
async function flush(requests: Requests, file: DataLakeFileClient, bytes: number): Promise<string> {
  const flushed = await requests.send({
    doing: 'write',
    ask: ({ abortSignal }) => file.flush(bytes, { abortSignal, close: true }),
  });
  return plain(flushed.etag);
}
