import { realClock } from '../../adapters/real-clock.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { type PushTold, pushLines } from '../../narrate/commands/config-lines.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import { entitiesOrTemplate } from '../../workspace/load/load.ts';
import { encodeVersion, type VersionFiles } from '../../workspace/versions/content.ts';
import { currentVersion, push } from '../../workspace/versions/versions.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { checkedWorkspace } from './check.ts';
import { type ConfigFlags, openVersions } from './place.ts';

export interface PushFlags extends ConfigFlags {
  readonly message?: string | undefined;
  readonly dryRun?: true | undefined;
  readonly allowSecrets?: true | undefined;
}

const defaultKeepMs = 90 * 86_400_000;

/** `hygge config push`: makes the workspace the current version of the function app. The push sends files only after all checks. */
export async function configPush(flags: PushFlags, surroundings: Surroundings): Promise<number> {
  const { workspace, files, warnings } = await checkedWorkspace(flags, surroundings, realClock().now());
  const request = await openVersions(flags, surroundings);
  const target = workspace.target?.name ?? null;
  const { id, body } = encodeVersion(files, target);
  const before = await currentVersion(request.blobs);
  const runsFor = before?.content === undefined ? before?.move.target : before.content.target;
  mustBeOf(target, runsFor ?? null, request.blobs.url);
  const changes = differences(before?.content?.files ?? new Map(), files);
  const keepMs = Math.max(...workspace.flows.flatMap((flow) => entitiesOrTemplate(flow).map((spec) => spec.keepMs)), 0) || defaultKeepMs;
  const message = flags.message ?? null;
  const flows = workspace.flows.length;
  const pushed = flags.dryRun ? undefined : await push(request, { id, body, flows, target, message, keepMs });
  const outcome = pushed?.outcome ?? (before?.move.id === id ? 'current already' : 'would be pushed');
  const told: PushTold = {
    version: id,
    outcome,
    prev: outcome === 'current already' ? (before?.move.prev ?? null) : (pushed?.move.prev ?? before?.move.id ?? null),
    workspace: workspace.name,
    ...(target === null ? {} : { target }),
    container: request.blobs.url,
    by: pushed?.move.by ?? request.by,
    pushed_at: pushed?.move.pushed_at ?? null,
    message,
    flows,
    files: files.size,
    ...changes,
    restart: before !== undefined && Object.values(changes).flat().some(isReadAtStart),
    pruned: pushed?.pruned ?? 0,
    warnings: [
      ...workspace.warnings.map(warningText),
      ...warnings,
      ...(target !== null && before !== undefined && runsFor === undefined ? [targetUnknown] : []),
      ...(pushed?.notPruned ? [notPruned(pushed.notPruned)] : []),
    ],
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => pushLines(told, palette) });
  return exit.ok;
}

/** Throws if the app runs for another target. A push for this target would switch the app’s flows to other sources and stores. */
function mustBeOf(target: string | null, there: string | null, container: string): void {
  if (there === target || there === null) return;
  throw new ConfigError({
    code: 'HYG-1936',
    what: `The app that reads ${container} runs for target ${there}, but this would push ${target === null ? 'a workspace without targets' : `target ${target}`}.`,
    why: ['From the next run on, its flows would use other sources and stores, with another state.'],
    tryThis: [
      `Push its own target: hygge config push --target ${there}`,
      ...(target === null ? [] : [`Or into the container of the app of ${target}: hygge config push --target ${target} --container URL`]),
    ],
  });
}

/** Whether the app reads a file when it starts: `hygge.yml`, `hygge.<target>.yml` and `flow.yml`. Files of entities, and files that entities name, are read later. */
function isReadAtStart(path: string): boolean {
  return /(^hygge(\.[^./]+)?|\/flow)\.ya?ml$/.test(path);
}

const targetUnknown =
  'The version that was current is no longer in the container, so hygge can’t check which target its app runs for. `hygge config list --container URL` shows who pushed it.';

function notPruned(why: string): string {
  return `Old versions stay for now. The next push tries again to remove them: ${why}`;
}

function differences(before: VersionFiles, now: VersionFiles): Pick<PushTold, 'added' | 'changed' | 'removed'> {
  const paths = [...now.keys()].sort();
  return {
    added: paths.filter((path) => !before.has(path)),
    changed: paths.filter((path) => before.has(path) && before.get(path) !== now.get(path)),
    removed: [...before.keys()].filter((path) => !now.has(path)).sort(),
  };
}
