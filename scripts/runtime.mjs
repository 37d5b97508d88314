/**
 * Where the Node that runs hygge is. Plain JavaScript without dependencies: it must work under Node 20, before anything is installed.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The oldest Node that the native parts of hygge install on. */
export const oldestNode = 22;

export function isOldNode(version = process.versions.node) {
  return Number.parseInt(version, 10) < oldestNode;
}

/** The Node that came with the dependencies; undefined when it did not. */
export function bundledNode() {
  const folder = join(root, 'node_modules', 'node', 'bin');
  return [join(folder, 'node.exe'), join(folder, 'node')].find((path) => existsSync(path));
}

/** The Node to run hygge with: the pinned one, else the running one when it is new enough, else undefined. */
export function usableNode() {
  return bundledNode() ?? (isOldNode() ? undefined : process.execPath);
}
