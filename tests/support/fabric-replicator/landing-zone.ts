import { type FileNode, type FolderNode, lookup } from '../dfs/tree.ts';
import type { Metadata } from './metadata.ts';

/** A table's folder in the landing zone. */
export interface TableFolder {
  /** `schema.table`, or the table alone. */
  readonly name: string;
  readonly schema: string | undefined;
  readonly table: string;
  readonly folder: FolderNode;
}

/**
 * "Open mirroring landing zone requirements and format", https://learn.microsoft.com/fabric/mirroring/open-mirroring-landing-zone-format, Schema:
 * `LandingZone/[<schema>.schema/]<table>`. "Best practices for open mirroring in Microsoft Fabric",
 * https://learn.microsoft.com/fabric/mirroring/open-mirroring-best-practices, Publish files atomically: what begins with an underscore is ignored, and `_scratchPad` is
 * no table.
 */
export function tableFolders(item: FolderNode): readonly TableFolder[] {
  const zone = lookup(item, 'Files/LandingZone');
  return zone?.kind === 'folder' ? foldersOf(zone).flatMap(([name, folder]) => inSchema(name, folder)) : [];
}

function inSchema(name: string, folder: FolderNode): readonly TableFolder[] {
  if (!name.endsWith('.schema')) return [{ name, schema: undefined, table: name, folder }];
  const schema = name.slice(0, -'.schema'.length);
  return foldersOf(folder).map(([table, inside]) => ({ name: `${schema}.${table}`, schema, table, folder: inside }));
}

function foldersOf(folder: FolderNode): readonly (readonly [string, FolderNode])[] {
  const visible = [...folder.children].flatMap(([name, node]) =>
    node.kind === 'folder' && !name.startsWith('_') ? [[name, node] as const] : [],
  );
  return visible.sort(([a], [b]) => (a < b ? -1 : 1));
}

export interface NamedFile {
  readonly name: string;
  readonly node: FileNode;
  /** Under sequential detection; undefined where times decide. */
  readonly number: bigint | undefined;
}

export interface Contents {
  readonly files: readonly NamedFile[];
  /** Files whose names the strategy does not take. */
  readonly unknown: readonly string[];
  readonly folders: readonly string[];
}

/**
 * What a table's folder offers. "Best practices", Choose a file-detection strategy: sequential names have exactly 20 digits; under LastUpdateTimeFileDetection any name
 * will do. What begins with an underscore is ignored.
 */
export function contentsOf(folder: FolderNode, { strategy }: Metadata): Contents {
  const files: NamedFile[] = [];
  const unknown: string[] = [];
  const folders: string[] = [];
  for (const [name, node] of folder.children) {
    if (name.startsWith('_')) continue;
    const dot = name.indexOf('.');
    const isKnown = name.slice(dot + 1) === 'parquet';
    const isSequential = /^\d{20}$/.test(name.slice(0, dot));
    if (node.kind === 'folder') folders.push(name);
    else if (!isKnown || (strategy === 'SequentialFileName' && !isSequential)) unknown.push(name);
    else files.push({ name, node, number: strategy === 'SequentialFileName' ? BigInt(name.slice(0, dot)) : undefined });
  }
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), unknown, folders };
}

export const sequentialName = (number: bigint): string => String(number).padStart(20, '0');
