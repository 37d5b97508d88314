import { resolve } from 'node:path';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { type SchemaOutcome, schemaLines } from '../../narrate/generate-lines.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { editorSchemas, type NewFile } from './starter.ts';

/** `hygge generate schema`: the editor's schemas as this hygge knows them; nothing else ever lies under these names. */
export async function generateSchema(flags: CommonFlags, surroundings: Surroundings): Promise<number> {
  const { root } = await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
  const files = localFileSystem(root);
  const rows: { readonly path: string; readonly outcome: SchemaOutcome }[] = [];
  for (const file of await editorSchemas()) rows.push({ path: file.path, outcome: await brought(files, file) });
  printAnswer(surroundings, flags, { rows, lines: (palette) => schemaLines(rows, palette) });
  return exit.ok;
}

async function brought(files: FileSystem, { path, body }: NewFile): Promise<SchemaOutcome> {
  for (;;) {
    const there = await files.get(path);
    if (there !== undefined && Buffer.compare(there.body, body) === 0) return 'same';
    const put = await files.put(path, body, there === undefined ? { ifNoneMatch: '*' } : { ifMatch: there.etag });
    if (put.outcome === 'written') return there === undefined ? 'new' : 'changed';
  }
}
