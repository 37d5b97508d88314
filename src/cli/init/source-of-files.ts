import { entityOf, isPattern } from '../../assembly/found/files.ts';
import { formatKinds } from '../../formats/formats.ts';
import { unreadFiles } from '../../narrate/run/copy-lines.ts';
import { bytes, counted } from '../../narrate/text/figures.ts';
import { entityNameProblem, nameKey } from '../../workspace/names.ts';
import { tablesAmong } from '../../workspace/sides/delta-folders.ts';
import { extensionOf } from '../../workspace/sides/side-type.ts';
import type { Keys } from '../draft/yaml.ts';
import type { Candidate, Source } from './source.ts';

export type FileFound = { readonly path: string; readonly bytes: number };

interface Place extends Pick<Source, 'shown' | 'flow' | 'variables'> {
  readonly home: Keys;
  /** The name of the only file that is read. Null: all files of the folder are read. */
  readonly only: string | null;
  /** The parent folder, if the folder itself is a table. Null: the folder is not a table, or has no parent. */
  readonly around: { readonly home: Keys; readonly flow: string; readonly name: string } | null;
}

/** A possible entity: a folder of files, a file, or a Delta table. */
interface Found {
  readonly kind: 'folder' | 'file' | 'table';
  readonly formats: Set<string>;
  files: number;
  bytes: number;
}

interface About {
  readonly entity: string;
  readonly home: Readonly<Record<string, string>>;
  readonly told: string;
}

/** The possible entities among files: each folder with files of one format, each file outside of these folders, and each Delta table. */
export async function ofFiles(files: AsyncIterable<FileFound> | readonly FileFound[], place: Place): Promise<Source> {
  const all: FileFound[] = [];
  for await (const file of files) all.push(file);
  const tables = new Set(tablesAmong(all.map(({ path }) => path)));
  const { around } = place;
  if (tables.has('') && around !== null && place.only === null) {
    const inside = all.map((file) => ({ ...file, path: `${around.name}/${file.path}` }));
    return { ...sourceOf(inside, new Set([around.name]), { ...place, ...around, only: null }), shown: place.shown };
  }
  return sourceOf(all, tables, place);
}

function sourceOf(all: readonly FileFound[], tables: ReadonlySet<string>, of: Place): Source {
  const { found, unread } = grouped(all, tables, of.only);
  const leftOut: string[] = [];
  const about = new Map<string, About>();
  const candidates = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, one]): Candidate[] => {
      const made = one.kind === 'table' ? aboutTable(path, one, tables) : aboutFiles(path, one);
      if ('not' in made) {
        leftOut.push(made.not);
        return [];
      }
      const name = one.kind === 'file' ? path : `${path}/`;
      about.set(name, made);
      const [format = ''] = one.formats;
      const kind = one.kind === 'table' ? 'Delta table' : one.kind === 'file' ? `${format} file` : counted(one.files, `${format} file`);
      const called = [...new Set([name, path, path.split('/').at(-1) ?? path, made.entity])];
      const proposed = one.kind === 'table' ? 'rows of new versions' : 'new and changed files';
      return [{ name, kind, rows: null, bytes: one.bytes, isExact: true, proposed, called, schema: null }];
    });
  return {
    ...{ shown: of.shown, flow: of.flow, one: 'file or folder', connection: null, candidates, leftOut, variables: of.variables },
    notTaken: () => unreadFiles(unread),
    flowOf: (chosen) => ({
      home: of.home,
      run: [
        '# Only new and changed files. The earlier rows of a changed file are replaced.',
        'run_type: incremental',
        'changed_files: replace',
      ],
      entities: chosen.flatMap(({ name }) => {
        const one = about.get(name);
        return one === undefined ? [] : [{ name: one.entity, home: one.home, about: `${one.told}\n` }];
      }),
    }),
  };
}

/** Groups files by their first folder. Files of a table are grouped by the folder of the table. */
function grouped(
  all: readonly FileFound[],
  tables: ReadonlySet<string>,
  only: string | null,
): { readonly found: ReadonlyMap<string, Found>; readonly unread: readonly string[] } {
  const found = new Map<string, Found>();
  const unread: string[] = [];
  const add = (path: string, kind: Found['kind'], { bytes: size }: FileFound): Found => {
    const one = found.get(path) ?? { kind, formats: new Set(), files: 0, bytes: 0 };
    one.files += 1;
    one.bytes += size;
    found.set(path, one);
    return one;
  };
  for (const file of all) {
    const { path } = file;
    if (only !== null && path !== only) continue;
    const table = only === null ? tableWith(path, tables) : undefined;
    if (table !== undefined) {
      add(table, 'table', file);
      continue;
    }
    if (/(^|\/)[._]/.test(path)) continue;
    const format = formatKinds.find(({ extensions }) => (extensions as readonly string[]).includes(extensionOf(path)))?.id;
    const [segment = ''] = path.split('/');
    if (format === undefined) unread.push(path);
    else add(segment, segment === path ? 'file' : 'folder', file).formats.add(format);
  }
  return { found, unread };
}

function tableWith(path: string, tables: ReadonlySet<string>): string | undefined {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, at) => segments.slice(0, at + 1).join('/')).find((folder) => tables.has(folder));
}

function aboutFiles(segment: string, { kind, formats, files, bytes: size }: Found): About | { readonly not: string } {
  const entity = entityOf(kind === 'folder' ? segment : segment.replace(/\.[a-z0-9]+(\.(gz|zst))?$/i, ''));
  const [format = '', other] = formats;
  if (entity === undefined || other !== undefined || entityNameProblem(entity) !== undefined)
    return { not: other === undefined ? segment : `${segment} (${[...formats].join(' and ')} files)` };
  return {
    entity,
    home: kind === 'folder' ? { format } : { path: segment },
    told: `# ${counted(files, `${format} file`)}, ${bytes(size)}`,
  };
}

/** A table as an entity with the name of its folder. If another table has the same name, the name of the parent folder is added. */
function aboutTable(path: string, { bytes: size }: Found, tables: ReadonlySet<string>): About | { readonly not: string } {
  const [folder = '', schema] = path.split('/').reverse();
  const isOnly = [...tables].filter((other) => nameKey(other.split('/').at(-1) ?? '') === nameKey(folder)).length === 1;
  const called = isOnly || schema === undefined ? folder : `${schema}_${folder}`;
  const named = entityOf(called);
  const entity = named ?? called;
  const isTaken = named === undefined && [...tables].some((other) => entityOf(other.split('/').at(-1) ?? '') === called);
  if (isTaken || isPattern(path) || entityNameProblem(entity) !== undefined) return { not: path };
  const home = named !== undefined && path === folder ? { format: 'delta' } : { path, format: 'delta' };
  return { entity, home, told: `# a Delta table, ${bytes(size)} with its earlier versions` };
}
