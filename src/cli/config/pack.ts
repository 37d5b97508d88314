import { relative, resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { ConfigError, Interrupted } from '../../errors/hygge-error.ts';
import { type PackedTold, packedLines, packingLine, stoppedLine } from '../../narrate/commands/pack-lines.ts';
import { type PackFile, textFile } from '../../pack/file.ts';
import { builtApp, ownFolder, ownVersion } from '../../pack/home.ts';
import { packedHost } from '../../pack/host.ts';
import { type NativePackage, nativePackages } from '../../pack/natives.ts';
import { licenceFiles } from '../../pack/notices.ts';
import { type Trial, tryPackage } from '../../pack/trial.ts';
import { writeZip } from '../../pack/zip-file.ts';
import { entitiesOrTemplate } from '../../workspace/load/load.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { select } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { narrationStream } from '../terminal/output.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, StopSignal, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';
import { checkedWorkspace, loadTolerantly } from './check.ts';

export interface PackFlags extends CommonFlags {
  readonly flow?: readonly string[] | undefined;
  readonly all?: true | undefined;
  readonly out?: string | undefined;
  readonly withConfig?: true | undefined;
  /** The name of the task hub of the app. */
  readonly hub?: string | undefined;
}

/** Packages with native code, which the bundle can not contain. */
const natives = ['nodejs-polars'];

/** `hygge pack`: writes the function app as a zip to deploy. The zip gets its final name after an unpacked copy of it has started. */
export async function pack(flags: PackFlags, surroundings: Surroundings): Promise<number> {
  const { flows, workspace } = await flowsToServe(flags, surroundings);
  const {
    config,
    warnings,
    target: meant,
  } = flags.withConfig ? await configFiles(flags, surroundings) : { config: [], warnings: [], target: null };
  const narrated = narrationStream(surroundings, flags);
  const say = (line: string) => narrated.write(`${line}\n`);
  const root = ownFolder();
  const version = ownVersion(root);
  const app = await builtApp(root);
  const host = await packedHost({ root, workspace, flows, hub: flags.hub });
  const packages = await nativePackages({ root, names: natives, environment: surroundings.environment, told: say });
  const files = [
    host.file,
    ...app,
    ...packages.flatMap(inModules),
    ...(await licenceFiles(root, packages)),
    ...config,
    ...startFiles({ version, flows, packages, target: meant, withConfig: config.length > 0 }),
  ];
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const target = resolve(surroundings.directory, flags.out ?? `hygge-${flows === null ? 'all' : flows.join('-')}.zip`);
  const made = await unlessStopped(surroundings, async (mayGoOn) => {
    const progress = tenths(total, (done) => say(packingLine(done, total)));
    const told = (done: number) => {
      mayGoOn();
      progress(done);
    };
    let trial: Trial | undefined;
    const check = async (waiting: string) => {
      trial = await tryPackage(waiting, { main: mainFile, natives });
      mayGoOn();
    };
    const zipped = await writeZip(target, files, { told, check });
    return { zipped, trial };
  });
  if (typeof made === 'string') {
    say(stoppedLine);
    return exit[made];
  }
  const { zipped, trial } = made;
  const told: PackedTold = {
    file: relative(surroundings.directory, target),
    bytes: zipped.bytes,
    unpacked_bytes: total,
    files: files.length,
    sha256: zipped.sha256,
    hygge_version: version,
    flows,
    hub: host.hub,
    with_config: config.length > 0,
    platform: 'linux-x64-glibc',
    packages: packages.map(({ name, version, from }) => ({ name, version, from })),
    warnings,
    import_ms: { app: Math.round(trial?.appMs ?? 0), natives: trial?.nativesMs == null ? null : Math.round(trial.nativesMs) },
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => packedLines(told, palette) });
  return exit.ok;
}

/** Returns the result of `does`, or the signal that stopped `does`. After a signal, files of `does` are removed. */
async function unlessStopped<T>(surroundings: Surroundings, does: (mayGoOn: () => void) => Promise<T>): Promise<T | StopSignal> {
  let stopped: StopSignal | undefined;
  const unlisten = surroundings.onStop((signal) => {
    stopped ??= signal;
  });
  try {
    return await does(() => {
      if (stopped !== undefined) throw new Interrupted(stopped);
    });
  } catch (error) {
    if (error instanceof Interrupted && stopped !== undefined) return stopped;
    throw error;
  } finally {
    unlisten();
  }
}

interface ServedFlows {
  /** The flows that the app serves. Null: all flows of the config. */
  readonly flows: readonly string[] | null;
  readonly workspace: { readonly folder: string; readonly name: string } | null;
}

/** The flows that the app serves. Their names must be flows of the workspace, so that a typing mistake is not deployed. */
async function flowsToServe(flags: PackFlags, surroundings: Surroundings): Promise<ServedFlows> {
  const named = flags.flow !== undefined && flags.flow.length > 0;
  if (named === (flags.all === true)) {
    throw unreadable('pack needs to know which flows the app serves.', [
      'One or some: hygge pack --flow crm',
      'Every flow: hygge pack --all',
    ]);
  }
  if (!named) return { flows: null, workspace: await workspaceHere(flags, surroundings) };
  const { flows, root, name } = (await loadTolerantly(flags, surroundings, realClock().now())).workspace;
  const chosen = select(flows, { flow: flags.flow });
  const served = [...new Set(chosen.map(({ flow }) => flow))];
  mustRunInApp(flows.filter((flow) => served.includes(flow.name)).flatMap(entitiesOrTemplate));
  return { flows: served, workspace: { folder: root, name } };
}

/** The workspace of the command. Null: an app for all flows is packed outside of a workspace, since its config is pushed from elsewhere. Throws if the workspace does not load. Otherwise the app would get another task hub, and active runs would stay in the old task hub. */
async function workspaceHere(flags: PackFlags, surroundings: Surroundings): Promise<ServedFlows['workspace']> {
  try {
    await findWorkspace(workspaceFiles, resolve(surroundings.directory, flags.directory ?? '.'));
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'HYG-1001' && flags.directory === undefined && flags.target === undefined)
      return null;
    throw error;
  }
  const { root, name, flows } = (await loadTolerantly(flags, surroundings, realClock().now())).workspace;
  mustRunInApp(flows.flatMap(entitiesOrTemplate));
  return { folder: root, name };
}

/** Throws if a flow uses DuckDB. The package does not contain DuckDB, whose native library is as large as the rest of hygge. */
function mustRunInApp(specs: readonly EntitySpec[]): void {
  const flows = [...new Set(specs.filter(({ home, store }) => home.type === 'duckdb' || store.type === 'duckdb').map(({ flow }) => flow))];
  if (flows.length === 0) return;
  const others = [...new Set(specs.map(({ flow }) => flow))].filter((flow) => !flows.includes(flow));
  throw new ConfigError({
    code: 'HYG-1965',
    what: `${flows.length === 1 ? `The flow ${flows[0]} uses` : `The flows ${flows.join(', ')} use`} DuckDB, which a packed app does not contain.`,
    why: ['The native library of DuckDB is as large as the rest of hygge.'],
    tryThis: [
      ...(others.length === 0 ? [] : [`Pack the other flows: hygge pack --flow ${others.map(shellWord).join(',')}`]),
      `Run ${flows.length === 1 ? 'it' : 'them'} on a machine of your own: hygge go ${flows.map((flow) => `-f ${shellWord(flow)}`).join(' ')}`,
    ],
  });
}

const configFolder = 'workspace';

/** The files of the config that a push would include, after the same checks. */
async function configFiles(flags: PackFlags, surroundings: Surroundings): Promise<Config> {
  const { files, warnings, workspace } = await checkedWorkspace(flags, surroundings, realClock().now());
  const config = [...files].map(([path, text]) => textFile(`${configFolder}/${path}`, text));
  return { config, warnings, target: workspace.target?.name ?? null };
}

interface Config {
  readonly config: readonly PackFile[];
  readonly warnings: readonly string[];
  /** The target of the workspace. Null: the workspace has no targets. */
  readonly target: string | null;
}

function inModules({ name, files }: NativePackage): readonly PackFile[] {
  return files.map((file) => ({ ...file, path: `node_modules/${name}/${file.path}` }));
}

const mainFile = 'start.mjs';

interface Start {
  /** The version of hygge that packs the config. */
  readonly version: string;
  readonly flows: readonly string[] | null;
  readonly packages: readonly NativePackage[];
  /** The target that the packed config is for. Null: the workspace has no targets, or no target was chosen. */
  readonly target: string | null;
  readonly withConfig: boolean;
}

/** The files in the package that the platform reads, and files for people. */
function startFiles({ version, flows, packages, target, withConfig }: Start): readonly PackFile[] {
  const json = (path: string, value: object) => textFile(path, `${JSON.stringify(value, null, 2)}\n`);
  const settings = {
    ...(flows === null ? {} : { HYGGE_FLOWS: flows.join(',') }),
    ...(target === null ? {} : { HYGGE_TARGET: target }),
  };
  return [
    json('package.json', { name: 'hygge-app', version, private: true, type: 'module', main: mainFile, engines: { node: '>=22.15' } }),
    json('hygge-pack.json', {
      version: 1,
      hygge: version,
      flows,
      settings,
      config: withConfig ? configFolder : null,
      platform: 'linux-x64-glibc',
      packages: packages.map(({ name, version }) => ({ name, version })),
    }),
    textFile(mainFile, startText(settings, withConfig)),
  ];
}

/** If the start fails, one function is registered that throws the error, because the platform shows only errors of registered functions. Without this function, an app that can not be loaded would have no functions, so no timer would fire. */
const startProgram = `import { createRequire } from 'node:module';
const tooOld = 'HYG-6051';
try {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 15))
    throw new Error('hygge does not start: ' + tooOld + ' It needs Node 22.15 or newer; this is Node ' + process.versions.node + '. Set the Node version of the function app to 22 or 24.');
  await import('./app.mjs');
} catch (error) {
  const bindings = { timer: { name: 'timer', type: 'timerTrigger', direction: 'in', schedule: '0 0 6 * * *' } };
  try {
    createRequire(import.meta.url)('@azure/functions-core').registerFunction({ name: 'hygge-not-started', bindings }, () => { throw error; });
  } catch {
    // Outside of the platform, there is no host to register functions with.
  }
  throw error;
}
`;

/** The program that starts the app. An app setting has priority over a packed setting with the same name. */
function startText(settings: Readonly<Record<string, string>>, withConfig: boolean): string {
  return [
    ...Object.entries(settings).map(([name, value]) => `process.env.${name} ??= ${JSON.stringify(value)};`),
    ...(withConfig ? [`process.env.HYGGE_CONFIG ??= import.meta.dirname + '/${configFolder}';`] : []),
    startProgram,
  ].join('\n');
}

/** A function that calls `say` after each tenth of the total. */
function tenths(total: number, say: (done: number) => void): (done: number) => void {
  let said = 0;
  return (done) => {
    const tenth = Math.floor((10 * done) / Math.max(1, total));
    if (tenth > said && tenth < 10) say(done);
    said = Math.max(said, tenth);
  };
}
