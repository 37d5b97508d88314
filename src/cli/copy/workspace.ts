import { realRandom } from '../../adapters/real-random.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { Connector } from '../../engine/contracts/connector.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { unreadFiles } from '../../narrate/run/copy-lines.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { connectors, findConnector } from '../../registry.ts';
import { ConfigErrors, loadWorkspace, type Workspace } from '../../workspace/load/load.ts';
import { tableOfLog } from '../../workspace/sides/delta-folders.ts';
import { isGlob, namesFile } from '../../workspace/sides/paths.ts';
import { draftFiles } from '../draft/draft.ts';
import type { Keys } from '../draft/yaml.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { formatAmong, isOneVersion, tableIn, unreadAmong } from './as-draft.ts';
import { type CopyFlow, draftedCopy } from './copy-flow.ts';
import { inside, notThere, samePlace } from './errors.ts';
import type { Place } from './place.ts';

/** The imaginary folder of a copy’s workspace. The folder has no files, and no path of a copy is relative to it. */
export const nowhere = '/hygge copy';

export interface CopyLoadRequest {
  readonly directory: string;
  readonly surroundings: Surroundings;
  readonly date: string;
  readonly from: Place;
  readonly to: Place;
}

/** The copy with the format of its files. In a folder of a lake, the names of the files show the format. */
export async function withFormat(draft: CopyFlow, loading: CopyLoadRequest): Promise<CopyFlow> {
  const { from, surroundings } = loading;
  if (from.kind !== 'remote' || namesFile(from.url) || isGlob(from.url) || 'format' in draft.home) return draft;
  // A copy of one version is a copy of a Delta table, since only a table has versions.
  if (isOneVersion({ ...draft.home, format: 'delta' })) return asTable(draft);
  const spec = (await loaded(draft, loading)).flows[0]?.entities[0];
  const remote = spec && (await findConnector(spec.home.type))?.remote;
  const around = { random: realRandom(), network: surroundings.network };
  if (await isTable(remote, spec?.home.config, around)) return asTable(draft);
  const names: string[] = [];
  for await (const { path } of remote?.list?.(spec?.home.config, around) ?? []) {
    if (!/(^|\/)[_.]/.test(path)) names.push(path);
    if (tableOfLog(path) !== undefined) tableIn([path], from.shown);
    if (names.length === namesLookedAt) break;
  }
  const absent = names.length > 0 ? undefined : await remote?.absent?.(spec?.home.config, around);
  if (absent !== undefined) throw notThere(from.shown, absent);
  return { ...draft, home: { ...draft.home, ...formatAmong(names, from.shown) }, notes: unreadFiles(unreadAmong(names)) };
}

const namesLookedAt = 1000;

type Around = Parameters<NonNullable<NonNullable<Connector['remote']>['list']>>[1];

/** Whether a folder is a Delta table. Only the log is listed, since the folder of a table may contain many files. */
async function isTable(remote: Connector['remote'], config: unknown, around: Around): Promise<boolean> {
  const { path } = config as { readonly path: string };
  const log = { ...(config as object), path: path === '' ? '_delta_log' : `${path.replace(/\/+$/, '')}/_delta_log` };
  for await (const file of remote?.list?.(log, around) ?? []) if (tableOfLog(`_delta_log/${file.path}`) !== undefined) return true;
  return false;
}

/** The copy of a Delta table. A version never changes, so each copy of a version is complete. */
function asTable(draft: CopyFlow): CopyFlow {
  const home = { ...draft.home, format: 'delta' };
  const whole: Partial<CopyFlow> = isOneVersion(home) && draft.watermark === null ? { runType: 'full_drop', changedFiles: null } : {};
  return { ...draft, ...whole, home };
}

export async function loaded(draft: CopyFlow, { directory, surroundings, date, from, to }: CopyLoadRequest): Promise<Workspace> {
  const texts = Object.fromEntries(draftFiles(draftedCopy(draft, { command: 'hygge copy', name: 'copy', state: stateKeys(draft) })));
  try {
    return await loadWorkspace({
      directory: nowhere,
      env: { ...surroundings.environment, ...draft.variables },
      date,
      connectors,
      files: inMemory(texts, directory),
      // A copy has no targets, so a target in the environment is ignored.
      target: { ifAny: '' },
      secrets: secretValuesOf(surroundings.network),
    });
  } catch (error) {
    throw error instanceof ConfigErrors ? inOwnWords(error, from, to) : error;
  }
}

/** The keys for the state of a copy. State in files is in the folder that the draft names. */
export function stateKeys({ state }: CopyFlow): Keys | null {
  if (state.type === 'object') return { type: 'object', path: state.url, ...state.keys };
  return state.type === 'sql' ? { type: 'sql', connection: 'destination' } : null;
}

/** The files of a workspace that exists only in memory. The `.env` of the folder where the copy runs may set variables. */
function inMemory(texts: Readonly<Record<string, string>>, directory: string): WorkspaceFiles {
  const own: WorkspaceFiles = {
    list: async (dir) => {
      throw new FileNotFound(dir);
    },
    read: async (path) => {
      if (path !== `${nowhere}/.env`) throw new FileNotFound(path);
      return await workspaceFiles.read(`${directory}/.env`);
    },
  };
  return withTexts(own, nowhere, texts);
}

/** The files of a workspace, and additional files in memory, by their paths below `root`. */
export function withTexts(files: WorkspaceFiles, root: string, texts: Readonly<Record<string, string>>): WorkspaceFiles {
  const added = Object.keys(texts).map((path) => `${root}/${path}`);
  return {
    async list(dir) {
      const below = added.filter((path) => path.startsWith(`${dir}/`)).map((path) => path.slice(dir.length + 1).split('/'));
      const own = await files.list(dir).catch((error: unknown) => {
        if (error instanceof FileNotFound && below.length > 0) return [];
        throw error;
      });
      const names = new Set(own.map(({ name }) => name));
      const more = new Map(below.map(([name = '', ...rest]) => [name, rest.length > 0]));
      return [...own, ...[...more].filter(([name]) => !names.has(name)).map(([name, directory]) => ({ name, directory }))];
    },
    read: async (path) => texts[path.slice(root.length + 1)] ?? (await files.read(path)),
  };
}

/** The errors of a copy. Since a copy has no flow file, the errors are about FROM and TO, without a line of a file. */
function inOwnWords(errors: ConfigErrors, from: Place, to: Place): Error {
  const told = errors.errors.map((error) => {
    const shown = { from: from.shown, to: to.shown };
    const plain = (text: string) => text.toLowerCase().replace(/\/+$/, '');
    const isOne = from.kind === 'database' || plain(shown.from) === plain(shown.to);
    if (error.code === 'HYG-1056') return isOne ? samePlace(to.shown) : inside('TO', shown);
    if (error.code === 'HYG-1057') return inside('FROM', shown);
    const { where: _, ...details } = error.toDetails();
    return new ConfigError({ ...details, cause: error.cause });
  });
  const [first, ...others] = told;
  return first !== undefined && others.length === 0 ? first : new ConfigErrors(told);
}
