import { resolve } from 'node:path';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { type SchemaOutcome, schemaLines } from '../../narrate/commands/generate-lines.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { editorSchemas, type NewFile } from './starter.ts';

/** `hygge generate schema`: writes the schemas of this version of hygge, which editors use. The names of the schema files belong to hygge. */
export async function generateSchema(flags: CommonFlags, surroundings: Surroundings): Promise<number> {
  const { root } = await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
  const rows: { readonly path: string; readonly outcome: SchemaOutcome }[] = [];
  for (const file of await editorSchemas(root)) rows.push({ path: file.path, outcome: await brought(root, file) });
  printAnswer(surroundings, flags, { rows, lines: (palette) => schemaLines(rows, palette) });
  return exit.ok;
}

/** Writes the whole file or nothing. A lock of hygge is not used, since it would stay in a folder that is committed. */
async function brought(root: string, { path, body, isKept }: NewFile): Promise<SchemaOutcome> {
  const there = await localFileSystem(root).get(path);
  if (there !== undefined && (isKept || Buffer.compare(there.body, body) === 0)) return 'same';
  await writeFileInside(root, path, new TextDecoder().decode(body), realRandom().nonce());
  return there === undefined ? 'new' : 'changed';
}
