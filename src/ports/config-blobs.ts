import type { Condition, PutOutcome } from './filesystem.ts';
import type { Instant } from './values.ts';

export interface ConfigBlob {
  readonly name: string;
  /** Changes at every write; good for `ifMatch`. */
  readonly etag: string;
  /** On the clock of the storage. */
  readonly modifiedAt: Instant;
}

/**
 * The small blobs that versions of a workspace's config are kept in: one container. Every method is one request that may fail; a write
 * whose answer is lost throws `OutcomeUnknown`. Conditional writes are atomic, and are never repeated behind the caller's back.
 */
export interface ConfigBlobs {
  /** For people: `https://acct.blob.core.windows.net/hygge-config`. Never holds a secret. */
  readonly url: string;
  /** The time of the storage, as its last answer told it; of this machine, before there was one. */
  now(): Instant;
  get(name: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined>;
  /** Makes the container when it is not there yet. */
  put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome>;
  /** Every blob whose name begins so, in the order of names. A container that is not there has none. */
  list(prefix: string): AsyncIterable<ConfigBlob>;
  /** Removes a blob that is still the one of this etag; another or an absent one stays as it is. */
  remove(name: string, ifMatch: string): Promise<void>;
}
