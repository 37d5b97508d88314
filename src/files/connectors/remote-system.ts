import type * as z from 'zod';
import type { Addresses, Connector, Requirement, UrlLocation } from '../../engine/contracts/connector.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { Json } from '../../ports/values.ts';

/** What a filesystem is given when it is opened. */
export interface FileSystemContext {
  readonly random: Random;
  readonly network: Network;
}

/**
 * A system of files that is reached over the network: what its config says and how a tree of it is opened. One of these and a `FileSystem`
 * are all that such a system is; home, store and the state beside the data exist once for all of them.
 */
export interface RemoteSystem<K extends object> extends Pick<Connector, 'id' | 'summary' | 'verifiedAgainst'> {
  readonly addresses: Addresses;
  /** Keys of homes, stores and states alike, beside `path`: account, container, who we are there. Described; secrets by `secret()`. */
  readonly keys: z.ZodRawShape;
  /** The keys that only stores have. */
  readonly storeKeys?: z.ZodRawShape;
  /** Values that can't be had together: the key to change and what it needs (a sentence, when it begins with a capital letter). */
  clash?(config: K): { readonly key: string; readonly needs: string } | undefined;
  /** A URL of this system taken apart, character by character as it is written; undefined: it is none. */
  locate(url: string): UrlLocation | undefined;
  /** Where an entity lies when no path is written; may hold templates. Without it a path is needed. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** A place as people write it: `s3://lake/raw/orders`. Never holds a secret. @param path inside the container, '' its root. */
  url(config: K, path: string): string;
  /** What an intent keeps, so that its commit can be finished whatever the config says by then: which account and container. Never a secret. */
  address(config: K): Json;
  /** The config of such a place, with the credential that `today`'s config has for the same account; without one, the default. */
  recall(address: Json, today: K | null): K;
  /** A tree below `folder` ('' is the root of the container). Asks nothing of the service yet. */
  open(config: K, folder: string, around: FileSystemContext): Promise<FileSystem>;
  /** Roles or permissions at a scope, secrets, environment names and hosts. */
  requirements(config: K, doing: 'read' | 'write'): readonly Requirement[];
}
