/** The folder of `hygge verify --proof`. The folder contains the SQL for the source and the destination, the results of the SQL, and instructions to run the SQL. */
import { join, resolve } from 'node:path';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { version } from '../../assembly/version.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { proofFiles } from '../../narrate/commands/verify/proof-files.ts';
import type { Comparison } from '../../ports/answers/comparison.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { EntityKey, Instant } from '../../ports/values.ts';
import { NotUtf8 } from '../../ports/workspace-files.ts';
import { unreadable } from '../terminal/usage.ts';

const ownFiles: ReadonlySet<string> = new Set(['README.md', 'sums.json', 'source.sql', 'destination.sql', 'row-sum.py']);

/** The folder for a proof, checked before rows are compared. Throws HYG-1914 if the folder has files that hygge did not write. */
export async function folderForProof(given: string, entities: readonly EntityKey[], directory: string): Promise<string> {
  const [entity] = entities;
  if (entity === undefined || entities.length !== 1)
    throw unreadable(`--proof is for one entity, and ${entities.length} are chosen.`, ['hygge verify shop.orders --proof orders-proof']);
  const folder = resolve(directory, given);
  let names: readonly string[];
  try {
    names = (await workspaceFiles.list(folder)).map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof FileNotFound)) throw error;
    if (await isFile(folder)) throw notAFolder(given, 'It is a file.');
    return folder;
  }
  const foreign = names.filter((name) => !ownFiles.has(name));
  if (foreign.length > 0) throw notAFolder(given, `It has other files, such as ${foreign[0]}.`);
  if (names.length > 0 && !(await isProofOf(entity, join(folder, 'sums.json'))))
    throw notAFolder(given, `The folder has files, but no proof of ${entity.flow}.${entity.entity}.`);
  return folder;
}

async function isFile(path: string): Promise<boolean> {
  try {
    await workspaceFiles.read(path);
    return true;
  } catch (error) {
    if (error instanceof FileNotFound) return false;
    if (error instanceof NotUtf8) return true;
    throw error;
  }
}

async function isProofOf({ flow, entity }: EntityKey, sums: string): Promise<boolean> {
  try {
    const found: unknown = JSON.parse(await workspaceFiles.read(sums));
    const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
    return isRecord(found) && found.flow === flow && found.entity === entity;
  } catch {
    return false;
  }
}

function notAFolder(given: string, why: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1914',
    what: `--proof can't write into ${given}.`,
    why: [why],
    tryThis: ['Name a folder that does not exist yet'],
  });
}

/** Writes the files of a proof. An earlier proof is replaced. */
export async function writeProof(folder: string, found: Comparison, madeAt: Instant): Promise<void> {
  for (const [path, text] of proofFiles(found, { version, madeAt })) await writeFileInside(folder, path, text, realRandom().nonce());
}
