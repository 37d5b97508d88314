import type { Condition, PutOutcome } from './filesystem.ts';
import type { Instant } from './values.ts';

export interface ConfigBlob {
  readonly name: string;
  /** The etag, which changes at every write. `ifMatch` compares etags. */
  readonly etag: string;
  /** When the blob was written, by the clock of the storage. */
  readonly modifiedAt: Instant;
}

/**
 * One container of small blobs, which hold the versions of a workspace's config. Every method is one request that may fail; a write whose answer is lost
 * throws `OutcomeUnknown`. Conditional writes are atomic, and a method never repeats a write by itself.
 */
export interface ConfigBlobs {
  /** The address for people: `https://acct.blob.core.windows.net/hygge-config`. The address never contains a secret. */
  readonly url: string;
  /** The storage's time, from its last answer. Before the first answer: this machine’s time. */
  now(): Instant;
  get(name: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /** Writes a blob, and creates the container if it does not exist. */
  put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome>;
  /** Lists the blobs whose names begin with `prefix`, in the order of names. A container that does not exist has no blobs. */
  list(prefix: string): AsyncIterable<ConfigBlob>;
  /** Removes the blob if its etag is still `ifMatch`. A blob with another etag stays. A missing blob counts as removed. */
  remove(name: string, ifMatch: string): Promise<void>;
}
