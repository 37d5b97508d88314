import { basename, dirname, relative, resolve } from 'node:path';
import { kindOf } from '../../adapters/disk-places.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { openState, stateInFiles } from '../../assembly/open-state.ts';
import { openProcessResources, type Process } from '../../assembly/ports.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { savedLines } from '../../narrate/run/copy-lines.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import type { StateStore } from '../../ports/state.ts';
import { connectors } from '../../registry.ts';
import { loadWorkspace, type Workspace } from '../../workspace/load/load.ts';
import { flowNameProblem } from '../../workspace/names.ts';
import { slashed } from '../../workspace/read/find.ts';
import { isInside } from '../../workspace/sides/paths.ts';
import { draftFiles } from '../draft/draft.ts';
import type { Keys } from '../draft/yaml.ts';
import { gitignore } from '../generate/starter.ts';
import { exit } from '../terminal/exit-code.ts';
import { opening } from '../terminal/open-workspace.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags } from '../terminal/surroundings.ts';
import { type CopyFlow, draftedCopy } from './copy-flow.ts';
import { notSaved } from './errors.ts';
import { type CopyLoadRequest, stateKeys, withTexts } from './workspace.ts';

interface SaveRequest {
  readonly draft: CopyFlow;
  /** The workspace of the copy, which exists only in memory. */
  readonly workspace: Workspace;
  readonly loading: CopyLoadRequest;
  readonly flags: CommonFlags;
  readonly command: string;
}

/** `--save flows/orders`: saves the copy as a flow of a workspace, which continues after the copy. Existing files are not overwritten. */
export async function save(written: string, saving: SaveRequest): Promise<number> {
  const { draft, loading, flags, command } = saving;
  const { surroundings, directory } = loading;
  const folder = slashed(resolve(directory, written));
  const [name, root] = [basename(folder), dirname(dirname(folder))];
  if (basename(dirname(folder)) !== 'flows' || flowNameProblem(name) !== undefined)
    throw notSaved(`${written} can't hold a flow.`, 'A flow is in the folder flows of its workspace, and its name begins with a letter.', [
      `Write ${await placeToSave(saving)}`,
    ]);
  if ((await kindOf(folder)) !== undefined)
    throw notSaved(`${written} is not empty; --save never overwrites files.`, 'It may contain a flow, perhaps with changes of its own.', [
      `Remove it first, or save it elsewhere: ${await placeToSave(saving)}`,
    ]);
  await using own = await openProcessResources('hygge copy', { network: surroundings.network });
  const hasSettled = await settledUnder(saving, own);
  if (hasSettled && name !== draft.flow)
    throw notSaved(
      `The copy remembers its settled rows as ${draft.flow}, but ${written} would be another flow.`,
      'A flow finds its settled data by its name.',
      [`Write ${await placeToSave(saving)}`],
    );
  const addsWhole = draft.ifExists === 'append' && draft.runType === 'full_drop';
  if (addsWhole && !hasSettled)
    throw notSaved(
      'A flow with --if-exists append would add all rows of FROM in each of its runs.',
      'The flow could not know which rows are new.',
      ['To add only rows that are new: --watermark updated_at', 'Or leave --if-exists append out: each run replaces the rows of the flow'],
    );
  const isNew = !(await isThere(root, ['hygge.yml', 'hygge.yaml']));
  const state = await stateSeenFrom(root, saving, written);
  const copied = { ...draft, flow: name, ...(addsWhole ? { ifExists: null } : {}) };
  const texts = draftFiles(draftedCopy(copied, { command, name: isNew ? basename(root) || 'copy' : '', state }));
  const flowFile = `flows/${name}/flow.yml`;
  // hygge.yml comes first in the printed lines.
  const wanted = [...texts].toReversed().filter(([path]) => isNew || path === flowFile);
  await mustGoOn({ ...saving, root, texts: Object.fromEntries(wanted), name, hasSettled }, own);
  const files = localFileSystem(root);
  const made: string[] = [];
  for (const [path, text] of [...wanted, ...(isNew ? [[gitignore.path, gitignore.body] as const] : [])]) {
    const put = await files.put(path, typeof text === 'string' ? new TextEncoder().encode(text) : text, { ifNoneMatch: '*' });
    if (put.outcome === 'written') made.push(path);
    else if (path !== gitignore.path)
      throw notSaved(`${path} was created since then, and --save never overwrites.`, 'Someone else is working there.', [
        'Look at it, and try again',
      ]);
  }
  if (flags.output === 'json') for (const path of made) surroundings.out.write(`${JSON.stringify({ path, written: true })}\n`);
  const at = slashed(relative(surroundings.directory, root)) || '.';
  printLines(surroundings, { ...flags, directory: undefined }, (palette) =>
    savedLines({ made, root: at, flow: name, variables: Object.keys(draft.variables) }, palette),
  );
  return exit.ok;
}

/** The folder for the saved workspace. The folder must contain no workspace, must be above the files of the state, and must not be the destination of the copy. */
async function placeToSave({ draft, loading: { directory } }: Pick<SaveRequest, 'draft' | 'loading'>): Promise<string> {
  const { flow, state, store } = draft;
  const isFree = async (root: string) => !(await isThere(root, ['hygge.yml', 'hygge.yaml', `flows/${flow}`]));
  const roots =
    state.type === 'files' ? foldersAround(state.folder) : [directory, resolve(directory, flow), resolve(directory, `${flow}-flow`)];
  const filled = typeof store.path === 'string' ? resolve(directory, store.path) : null;
  let found = roots.at(-1) ?? directory;
  for (const root of roots) {
    if (resolve(root) === filled || !(await isFree(root))) continue;
    found = root;
    break;
  }
  const inside = slashed(relative(directory, found));
  const shown = inside.startsWith('..') ? slashed(found) : inside;
  return `--save ${shellWord(`${shown === '' ? '' : `${shown}/`}flows/${flow}`)}`;
}

/** The folders around a path, the innermost folder first. */
function foldersAround(path: string): readonly string[] {
  const around = dirname(path);
  return around === path ? [] : [around, ...foldersAround(around)];
}

async function isThere(root: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(names.map((name) => kindOf(`${root}/${name}`)));
  return found.some((one) => one !== undefined);
}

/** The key `state:` of the workspace, for the location of the copy’s state. Paths are relative to the folder of hygge.yml. */
async function stateSeenFrom(root: string, saving: SaveRequest, written: string): Promise<Keys | null> {
  const { draft } = saving;
  if (draft.state.type !== 'files') return stateKeys(draft);
  const { folder } = draft.state;
  if (isInside(root, folder)) return { type: 'files', path: `${slashed(relative(root, folder))}/.hygge` };
  throw notSaved(
    `${written} belongs to the workspace in ${root}, but the copy keeps its state in ${folder}.`,
    'State in files is below the folder of hygge.yml.',
    [`Save it in a folder above TO: ${await placeToSave(saving)}`],
  );
}

function stateOf(workspace: Workspace, draft: CopyFlow | null, own: Process): Promise<StateStore> {
  return draft?.state.type === 'files' ? stateInFiles(draft.state.folder) : openState(workspace, own);
}

async function settledUnder({ draft, workspace }: SaveRequest, own: Process): Promise<boolean> {
  const state = await stateOf(workspace, draft, own);
  for (const spec of workspace.flows.flatMap((flow) => flow.entities)) if ((await state.read(spec))?.row.settled != null) return true;
  return false;
}

/** Loads the future workspace before it is written. Throws if its flow would not find the state of the copy, or would store paths in another form. */
async function mustGoOn(
  about: SaveRequest & {
    readonly root: string;
    readonly texts: Readonly<Record<string, string>>;
    readonly name: string;
    readonly hasSettled: boolean;
  },
  own: Process,
): Promise<void> {
  const { draft, loading, workspace, root, texts, name, hasSettled } = about;
  const saved = await loadWorkspace({
    directory: root,
    env: { ...loading.surroundings.environment, ...draft.variables },
    date: loading.date,
    connectors,
    files: withTexts(workspaceFiles, root, texts),
    flow: name,
    opens: opening(loading.surroundings, null),
    secrets: secretValuesOf(loading.surroundings.network),
  });
  if (!hasSettled) return;
  const [here, there] = await Promise.all([stateOf(workspace, draft, own), stateOf(saved, null, own)]);
  const [before] = workspace.flows.flatMap((flow) => flow.entities);
  const [after] = saved.flows.flatMap((flow) => flow.entities);
  if (here.location === there.location && before?.root === after?.root) return;
  throw notSaved(
    `The workspace in ${root} would not find the rows that the copy has settled.`,
    `The workspace keeps its state in ${there.location}, but the copy keeps its state in ${here.location}.`,
    [`Save it into a workspace of its own: ${await placeToSave(about)}`],
  );
}
