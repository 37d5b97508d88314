/** Finds Delta tables that can be entities. */
import { nameKey, sourceSegment } from '../../workspace/names.ts';
import { tablesAmong } from '../../workspace/sides/delta-folders.ts';
import { entityOf, entriesIn, type FromFile } from './files.ts';
import type { Listing } from './listing.ts';

export interface FromFolder extends FromFile {
  readonly isTable: boolean;
}

/** How many levels of folders are searched: tables are in the folder itself, or in folders of schemas, as in `Tables/dbo/orders` of a Lakehouse. */
const depth = 2;

/** The folders of tables on a disk, relative to `folder`; '' is the folder itself. Folders below a table are not searched. */
export async function tablesOnDisk(folder: string, files: Listing): Promise<readonly string[]> {
  const found: string[] = [];
  const look = async (at: string, left: number): Promise<void> => {
    const whole = at === '' ? folder : `${folder}/${at}`;
    const log = await entriesIn(`${whole}/_delta_log`, files);
    if (tablesAmong(log.map(({ name }) => `_delta_log/${name}`)).length > 0) found.push(at);
    else if (left > 0)
      for (const { name, directory } of await entriesIn(whole, files))
        if (directory && !/^[._]/.test(name)) await look(at === '' ? name : `${at}/${name}`, left - 1);
  };
  await look('', depth);
  return found.sort();
}

/**
 * Marks the folders that are tables. A folder of tables is replaced by its tables, each with its own path. @param pattern as for `entitiesFromFiles`.
 * @param tables relative to the searched folder.
 */
export function withTables(found: readonly FromFile[], pattern: string, tables: readonly string[]): readonly FromFolder[] {
  const names = Map.groupBy(tables, (table) => nameKey(lastOf(table)));
  const inSchema = (table: string): FromFolder => {
    const [last = '', schema = ''] = table.split('/').reverse();
    const called = names.get(nameKey(last))?.length === 1 ? last : `${schema}_${last}`;
    const name = entityOf(called);
    return { name: name ?? called, path: table, segment: name === undefined ? called : null, isTable: true };
  };
  return found.flatMap((one): readonly FromFolder[] => {
    const folder = one.path ?? pattern.replaceAll('{entity}', one.segment ?? sourceSegment(one.name));
    const below = pattern === '{entity}' ? tables.filter((table) => table.startsWith(`${folder}/`)) : [];
    return below.length > 0 ? below.map(inSchema) : [{ ...one, isTable: tables.includes(folder) }];
  });
}

const lastOf = (path: string): string => path.split('/').at(-1) ?? path;
