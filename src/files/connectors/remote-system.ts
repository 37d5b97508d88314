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
 * A file system that is reached over the network: the keys of its config, and how a folder of the system is opened. A system consists
 * of this object and a `FileSystem`. Home, store and the state next to the data are shared by all systems.
 */
export interface RemoteSystem<K extends object> extends Pick<Connector, 'id' | 'summary' | 'verifiedAgainst'> {
  readonly addresses: Addresses;
  /** Keys of homes, stores and states, in addition to `path`: account, container, sign-in. With descriptions; secrets by `secret()`. */
  readonly keys: z.ZodRawShape;
  /** The keys that only stores have. */
  readonly storeKeys?: z.ZodRawShape;
  /** Finds config values that exclude each other. Returns the key to change, and what that key needs. A text that begins with a capital letter is a sentence. */
  clash?(config: K): { readonly key: string; readonly needs: string } | undefined;
  /** The parts of a URL of this system, exactly as written; undefined: the URL belongs to another system. */
  locate(url: string): UrlLocation | undefined;
  /** The default path of an entity, which may contain templates. Without a default path, the config needs a path. */
  defaultPath?(written: Readonly<Record<string, string>>): string | undefined;
  /** A place as text: `s3://lake/raw/orders`. Never contains a secret. @param path inside the container, '' its root. */
  url(config: K, path: string): string;
  /** The account and container. An intent keeps this address, so that its commit can be finished after a change of the config. Never contains a secret. */
  address(config: K): Json;
  /** The config for an address. If the current config (`today`) has the same account, its credential is used, else the default. */
  recall(address: Json, today: K | null): K;
  /** Opens the tree below `folder` ('' is the root of the container). Sends no request yet. */
  open(config: K, folder: string, around: FileSystemContext): Promise<FileSystem>;
  /** What a config requires: roles or permissions at a scope, secrets, environment variables and hosts. */
  requirements(config: K, doing: 'read' | 'write'): readonly Requirement[];
}
