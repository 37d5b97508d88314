import { entityOf } from '../../assembly/found/files.ts';
import { formatKinds } from '../../formats/formats.ts';
import { unreadFiles } from '../../narrate/run/copy-lines.ts';
import { bytes, counted } from '../../narrate/text/figures.ts';
import { entityNameProblem } from '../../workspace/names.ts';
import { extensionOf } from '../../workspace/sides/side-type.ts';
import type { Keys } from '../draft/yaml.ts';
import type { Candidate, Source } from './source.ts';

export type FileFound = { readonly path: string; readonly bytes: number };

/** Each folder of files of one format, and each file beside them. */
export async function ofFiles(
  files: AsyncIterable<FileFound> | readonly FileFound[],
  of: Pick<Source, 'shown' | 'flow' | 'variables'> & { readonly home: Keys; readonly only: string | null },
): Promise<Source> {
  const found = new Map<string, { readonly isFolder: boolean; readonly formats: Set<string>; files: number; bytes: number }>();
  const unread: string[] = [];
  for await (const { path, bytes: size } of files) {
    const format = formatKinds.find(({ extensions }) => (extensions as readonly string[]).includes(extensionOf(path)))?.id;
    if (/(^|\/)[._]/.test(path) || (of.only !== null && path !== of.only)) continue;
    if (format === undefined) {
      unread.push(path);
      continue;
    }
    const [segment = ''] = path.split('/');
    const one = found.get(segment) ?? { isFolder: segment !== path, formats: new Set(), files: 0, bytes: 0 };
    one.formats.add(format);
    one.files += 1;
    one.bytes += size;
    found.set(segment, one);
  }
  const leftOut: string[] = [];
  const about = new Map<string, { readonly entity: string; readonly home: Readonly<Record<string, string>>; readonly told: string }>();
  const candidates = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([segment, one]): Candidate[] => {
      const entity = entityOf(one.isFolder ? segment : segment.replace(/\.[a-z0-9]+(\.(gz|zst))?$/i, ''));
      const [format = '', other] = one.formats;
      if (entity === undefined || other !== undefined || entityNameProblem(entity) !== undefined) {
        leftOut.push(other === undefined ? segment : `${segment} (${[...one.formats].join(' and ')} files)`);
        return [];
      }
      const name = one.isFolder ? `${segment}/` : segment;
      const home: Readonly<Record<string, string>> = one.isFolder ? { format } : { path: segment };
      about.set(name, { entity, home, told: `# ${counted(one.files, `${format} file`)}, ${bytes(one.bytes)}` });
      const kind = one.isFolder ? `${counted(one.files, `${format} file`)}` : `${format} file`;
      return [
        {
          name,
          kind,
          rows: null,
          bytes: one.bytes,
          isExact: true,
          proposed: 'new and changed files',
          called: [name, segment, entity],
          schema: null,
        },
      ];
    });
  return {
    ...{ shown: of.shown, flow: of.flow, one: 'file or folder', connection: null, candidates, leftOut, variables: of.variables },
    notTaken: () => unreadFiles(unread),
    flowOf: (chosen) => ({
      home: of.home,
      run: [
        '# Only files that are new or have changed; what came from a file before goes when it has changed.',
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
