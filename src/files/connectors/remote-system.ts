import type * as z from 'zod';
import type { Addresses, Connector, Requirement, UrlLocation } from '../../engine/contracts/connector.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { Json } from '../../ports/values.ts';

/** The options for opening a filesystem. */
export interface FileSystemContext {
  readonly random: Random;
  readonly network: Network;
}

/**
 * A system of files that is reached over the network: the keys of its config, and how a tree of it is opened. Such a system consists of
 * this object and a `FileSystem`; home, store and the state next to the data are shared by all systems.
 */
export interface RemoteSystem<K extends object> extends Pick<Connector, 'id' | 'summary' | 'verifiedAgainst'> {
  readonly addresses: Addresses;
  /** Keys of homes, stores and states, in addition to `path`: account, container, sign-in. With descriptions; secrets by `secret()`. */
  readonly keys: z.ZodRawShape;
  /** The keys that only stores have. */
  readonly storeKeys?: z.ZodRawShape;
  /** Values that exclude each other: the key to change and what it needs (a sentence, if it begins with a capital letter). */
  clash?(config: K): { readonly key: string; readonly needs: string } | undefined;
  /** The parts of a URL of this system, exactly as written; undefined: it is not one. */
  locate(url: string): UrlLocation | undefined;
  /** The default path of an entity; may contain templates. Without it, the config needs a path. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** A place as text: `s3://lake/raw/orders`. Never contains a secret. @param path inside the container, '' its root. */
  url(config: K, path: string): string;
  /** The account and container, kept in an intent, so that its commit can be finished after a change of the config. Never a secret. */
  address(config: K): Json;
  /** The config of such a place, with the credential of the current config (`today`) for the same account, or else the default. */
  recall(address: Json, today: K | null): K;
  /** A tree below `folder` ('' is the root of the container). Sends no request yet. */
  open(config: K, folder: string, around: FileSystemContext): Promise<FileSystem>;
  /** Roles or permissions at a scope, secrets, environment names and hosts. */
  requirements(config: K, doing: 'read' | 'write'): readonly Requirement[];
}
