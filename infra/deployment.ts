import { type AppPlace, type InfraNeed, needsOf, variablesOf } from '../src/assembly/requirements.ts';
import type { Requirement } from '../src/engine/contracts/connector.ts';
import type { SideSpec } from '../src/engine/contracts/spec.ts';
import { didYouMean } from '../src/errors/did-you-mean.ts';
import { ConfigError, type Where } from '../src/errors/hygge-error.ts';
import { findConnector } from '../src/registry.ts';
import { ConfigErrors, type FlowSpec, type Workspace } from '../src/workspace/load/load.ts';
import type { References } from '../src/workspace/read/references.ts';
import { settingOf } from '../src/workspace/schema/zones.ts';
import { type InfraTarget, wrongVariables } from '../src/workspace/target/read.ts';
import { quoted } from '../src/workspace/yaml/problems.ts';
import { whereIs } from '../src/workspace/yaml/source.ts';

/** A variable of the config in an app: a public value, or a secret of the vault. */
export interface Setting {
  readonly name: string;
  /** The public value; null: the variable is a secret. */
  readonly value: string | null;
}

/** A function app: flows that share an identity, and therefore all rights. */
export interface FunctionApp {
  readonly name: string;
  /** Flows by name. */
  readonly flows: readonly FlowSpec[];
  readonly needs: readonly InfraNeed[];
  /** Variables by name. */
  readonly settings: readonly Setting[];
  /** The config of the parts that every run of the app’s flows uses. */
  readonly around: Readonly<Record<'state' | 'journal' | 'report', Config>>;
}

type Config = Readonly<Record<string, unknown>>;

/** A workspace in one target. */
export interface Deployment {
  readonly workspace: string;
  readonly target: InfraTarget;
  /** Whether the workspace has targets, including this target. */
  readonly isWorkspaceTarget: boolean;
  /** Apps by name. */
  readonly apps: readonly FunctionApp[];
}

export interface DeploymentRequest {
  readonly workspace: Workspace;
  readonly references: References;
  readonly target: InfraTarget;
  /** The names of an app's own resources. */
  readonly placeOf: (app: string) => AppPlace;
}

/** Divides a workspace into apps. Throws `ConfigErrors` with all errors that would prevent a run in an app. */
export async function deploymentOf({ workspace, references, target, placeOf }: DeploymentRequest): Promise<Deployment> {
  const deployed = deployedFlows(workspace.flows, target);
  const divided = dividedInto(deployed.flows, target);
  const around = aroundOf(workspace);
  const apps = await Promise.all(
    divided.apps.map(async ({ name, flows }): Promise<FunctionApp> => {
      const entities = flows.flatMap((flow) => flow.entities);
      const needs = await needsOf({ workspace, entities, references, app: placeOf(name) });
      return { name, flows, needs, settings: settingsOf(flows, { workspace, references, target }), around };
    }),
  );
  const schedules = new Set(workspace.flows.flatMap(({ schedule }) => settingOf(schedule ?? '') ?? []));
  const errors = [
    ...deployed.errors,
    ...divided.errors,
    ...wrongVariables(target, references, schedules),
    ...unsetSchedules(deployed.flows, target),
    ...(await stateHere(workspace, references)),
    ...leavingOut(await flowsHere(deployed.flows, apps), target),
    ...apps.flatMap(alikeSettings),
  ];
  if (errors.length > 0) throw new ConfigErrors(distinct(errors));
  return { workspace: workspace.name, target, isWorkspaceTarget: workspace.target !== null, apps };
}

function aroundOf({ state, mirror, report: page }: Workspace): FunctionApp['around'] {
  const journal = (mirror?.store.config ?? {}) as Config;
  const report = (page?.config ?? {}) as Config;
  return { state: state.type === 'object' || state.type === 'sql' ? (state.config as Config) : {}, journal, report };
}

/** Flows that the target does not exclude. */
function deployedFlows(flows: readonly FlowSpec[], target: InfraTarget) {
  const excluded = target.settings.exclude ?? [];
  const names = flows.map(({ name }) => name);
  const wrong = (what: string, tryThis: string) =>
    new ConfigError({ code: 'HYG-1113', what, tryThis: [tryThis], where: whereIs(target.spot('exclude')) });
  const unknown = excluded.filter((name) => !names.includes(name));
  const left = flows.filter(({ name }) => !excluded.includes(name));
  const errors = [
    ...unknown.map((name) => {
      const near = didYouMean(name, names);
      const advice = near === undefined ? 'See all flows: hygge list flows' : `Did you mean ${quoted(near)}?`;
      return wrong(`${quoted('exclude')} names ${quoted(name)}, and there is no such flow.`, advice);
    }),
    ...(left.length === 0 && flows.length > 0
      ? [wrong(`${quoted('exclude')} names every flow: nothing is left to deploy.`, 'Remove a flow that runs in the cloud from the list.')]
      : []),
  ];
  return { flows: left, errors };
}

interface DividedFlows {
  readonly apps: readonly Pick<FunctionApp, 'name' | 'flows'>[];
  readonly errors: readonly ConfigError[];
}

function dividedInto(flows: readonly FlowSpec[], target: InfraTarget): DividedFlows {
  const errors: ConfigError[] = [];
  const taken = new Map<string, string>();
  const wrong = (what: string, tryThis: string, ...path: readonly string[]) =>
    errors.push(new ConfigError({ code: 'HYG-1113', what, tryThis: [tryThis], where: whereIs(target.spot('apps', ...path)) }));
  const shared = Object.entries(target.settings.apps ?? {}).map(([name, wanted]) => {
    const served = [...new Set(wanted)].flatMap((flow) => {
      const found = flows.find((one) => one.name === flow);
      const before = taken.get(flow);
      if (found === undefined && target.settings.exclude?.includes(flow)) {
        wrong(
          `The app ${quoted(name)} serves ${quoted(flow)}, which ${quoted('exclude')} leaves out.`,
          'Remove the flow from the app or from `exclude`.',
          name,
        );
      } else if (found === undefined) {
        const near = didYouMean(
          flow,
          flows.map((one) => one.name),
        );
        wrong(
          `The app ${quoted(name)} serves ${quoted(flow)}, and there is no such flow.`,
          near === undefined ? 'See all flows: hygge list flows' : `Did you mean ${quoted(near)}?`,
          name,
        );
      } else if (before !== undefined) {
        wrong(
          `The flow ${quoted(flow)} is in two apps, ${quoted(before)} and ${quoted(name)}: it would run twice.`,
          'Leave the flow in one of the two apps.',
          name,
        );
      }
      if (found === undefined || before !== undefined) return [];
      taken.set(flow, name);
      return [found];
    });
    return { name, flows: served };
  });
  const own = flows.filter(({ name }) => !taken.has(name)).map((flow) => ({ name: flow.name, flows: [flow] }));
  for (const { name } of own)
    if (shared.some((app) => app.name === name))
      wrong(`The app ${quoted(name)} has the name of a flow that is not in it.`, 'Give the app another name, or add the flow to it.', name);
  const apps = [...shared, ...own].map((app) => ({ ...app, flows: [...app.flows].sort(byName) })).sort(byName);
  return { apps, errors };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function settingsOf(
  flows: readonly FlowSpec[],
  { workspace, references, target }: Pick<DeploymentRequest, 'workspace' | 'references' | 'target'>,
): readonly Setting[] {
  const values = target.settings.variables ?? {};
  const all = new Map<string, Setting>();
  for (const flow of flows) {
    for (const { name, secret, hasDefault } of variablesOf(flow, references, workspace)) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined && all.get(name)?.value !== null) all.set(name, { name, value });
      // Without a value, the default applies. The value of a secret is unknown here.
      if (secret || (value === undefined && !hasDefault)) all.set(name, { name, value: null });
    }
    const schedule = settingOf(flow.schedule ?? '');
    const when = schedule === undefined ? undefined : values[schedule];
    if (schedule !== undefined && when !== undefined) all.set(schedule, { name: schedule, value: when });
  }
  return [...all.values()].sort(byName);
}

function unsetSchedules(flows: readonly FlowSpec[], target: InfraTarget): readonly ConfigError[] {
  return flows.flatMap((flow) => {
    const name = settingOf(flow.schedule ?? '');
    if (name === undefined || target.settings.variables?.[name] !== undefined) return [];
    return [withoutValue(name, target.file, flow.entities[0]?.where)];
  });
}

/** The error of a variable without a value in the target, although its key sets a path, a server or a time. */
export function withoutValue(name: string, file: string, where: Where | undefined): ConfigError {
  return new ConfigError({
    code: 'HYG-1116',
    what: `${quoted(name)} has no value in ${file}.`,
    why: ['The config key that uses it is not for secrets: rights, alerts and settings depend on its value.'],
    tryThis: [
      `Add it to ${file}: \`variables: { ${name}: … }\``,
      'Or, if the value contains a password, write it under a key for secrets, such as `connection_string`. The vault then has it.',
    ],
    where,
  });
}

/** The error of a state or a mirror that is only on this machine, where the app could not reach it. */
async function stateHere({ state, mirror }: Workspace, references: References): Promise<readonly ConfigError[]> {
  const inTables = 'Keep it in tables: `state: { type: table_storage }`.';
  const engine = state.type === 'sql' ? await findConnector(state.engine) : undefined;
  const isDatabaseHere = state.type === 'sql' && isFileOrSocket(engine?.home?.requirements(state.config as never) ?? [], state.config);
  const sides = mirror === null ? [] : (['home', 'store'] as const);
  const mirrored = await Promise.all(
    sides.map(async (which) => (mirror !== null && (await isHere(mirror[which], which)) ? [mirror[which]] : [])),
  );
  return [
    ...(state.type === 'files' && !state.byDefault
      ? [onlyHere('The state is kept in files, but an app has no permanent disk.', [inTables], references.at('state'))]
      : []),
    ...(isDatabaseHere ? [onlyHere('The state is kept in a database on this machine.', [inTables], references.at('state'))] : []),
    ...mirrored
      .flat()
      .map(({ where }) => onlyHere('The journal’s mirror is on this machine.', ['Mirror it to a store in the cloud.'], where)),
  ];
}

/** An error of a flow that needs files or databases of this machine. */
interface FlowHere {
  /** The flow; null: the parts that every flow uses need the file or database. */
  readonly flow: string | null;
  readonly what: string;
  readonly advice: string;
  readonly where: Where | undefined;
}

async function flowsHere(flows: readonly FlowSpec[], apps: readonly FunctionApp[]): Promise<readonly FlowHere[]> {
  const sides = flows.flatMap(({ entities }) => entities).flatMap((spec) => (['home', 'store'] as const).map((which) => ({ spec, which })));
  const local = await Promise.all(
    sides.map(async ({ spec, which }): Promise<readonly FlowHere[]> => {
      const { flow } = spec;
      if (!(await isHere(spec[which], which))) return [];
      const advice = which === 'home' ? 'Read from a home in the cloud.' : 'Settle in a store in the cloud.';
      return [
        { flow, what: `The ${which} of flow ${quoted(flow)} is a place of this machine.`, advice, where: spec[which].where ?? spec.where },
      ];
    }),
  );
  return [...local.flat(), ...apps.flatMap(({ needs }) => loopbacks(needs))];
}

/** The error proposes one line that excludes all flows with this error together. */
function leavingOut(found: readonly FlowHere[], { name, file, settings }: InfraTarget): readonly ConfigError[] {
  const excluded = [...new Set([...(settings.exclude ?? []), ...found.flatMap(({ flow }) => flow ?? [])])];
  const leave = `Or leave it out of ${name}: \`exclude: [${excluded.join(', ')}]\` in ${file}`;
  return found.map(({ flow, what, advice, where }) => onlyHere(what, flow === null ? [advice] : [advice, leave], where));
}

/** Whether data is on this machine: a folder, or a database without a host (a file or a socket). */
async function isHere({ type, config }: SideSpec, which: 'home' | 'store'): Promise<boolean> {
  const connector = await findConnector(type);
  if (connector?.place?.(config)?.root === '') return true;
  return connector?.family === 'databases' && isFileOrSocket(connector[which]?.requirements(config) ?? [], config);
}

/** A database in memory has no host. Such a database is only used for queries over files. */
function isFileOrSocket(asked: readonly Requirement[], config: unknown): boolean {
  return !asked.some(({ need }) => need === 'host') && (config as Config).path !== ':memory:';
}

/** The server with its port, or with its instance of SQL Server. */
const ownMachine = /^(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal)([:\\].*)?$/i;

function loopbacks(needs: readonly InfraNeed[]): readonly FlowHere[] {
  return needs.flatMap(({ flow, part, requirement, where }) =>
    requirement.need === 'host' && ownMachine.test(requirement.name)
      ? [
          {
            flow: part === 'home' || part === 'store' ? flow : null,
            what: `Flow ${quoted(flow)} calls ${requirement.name}, which always means the machine that the flow runs on.`,
            advice: 'Use the name under which other machines reach the server.',
            where,
          },
        ]
      : [],
  );
}

function onlyHere(what: string, tryThis: readonly string[], where: Where | undefined): ConfigError {
  return new ConfigError({ code: 'HYG-1115', what, tryThis, where });
}

/** Settings that the platform, or hygge for it, sets itself. */
const taken = new Set([
  'HYGGE_FLOWS',
  'HYGGE_CONFIG',
  'AZURE_CLIENT_ID',
  'AZUREWEBJOBSSTORAGE',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
  'FUNCTIONS_WORKER_RUNTIME',
  'FUNCTIONS_EXTENSION_VERSION',
  'WEBSITE_RUN_FROM_PACKAGE',
]);

/** The platform ignores case in the names of an app's settings. */
function alikeSettings({ name: app, settings }: FunctionApp): readonly ConfigError[] {
  const seen = new Map<string, string>();
  return settings.flatMap(({ name }) => {
    const key = name.toUpperCase();
    const before = taken.has(key) ? key : seen.get(key);
    seen.set(key, name);
    if (before === undefined) return [];
    return [
      new ConfigError({
        code: 'HYG-1114',
        what: taken.has(key)
          ? `The config reads ${quoted(name)}, but the app ${quoted(app)} needs this setting for itself.`
          : `The app ${quoted(app)} would have the settings ${quoted(before)} and ${quoted(name)}, which the platform treats as one.`,
        tryThis: ['Rename the variable in the config.'],
      }),
    ];
  });
}

/** Equal messages about the same line, once. */
export function distinct(errors: readonly ConfigError[]): readonly ConfigError[] {
  const known = new Map(errors.map((error) => [JSON.stringify([error.code, error.what, error.where?.file, error.where?.line]), error]));
  return [...known.values()];
}

/** Whether a need concerns the app's own identity. If the config gives a part a secret or another identity, this part does not use the app’s identity. */
export function isOfApp(need: InfraNeed, app: FunctionApp): boolean {
  if (configOf(app, need).client_id !== undefined) return false;
  return !app.needs.some(
    (other) => other.flow === need.flow && other.entity === need.entity && other.part === need.part && other.requirement.need === 'secret',
  );
}

/** The config of the parts that need something; empty: no part needs something. */
export function configOf(app: FunctionApp, { flow, entity, part }: InfraNeed): Config {
  const spec = app.flows.find(({ name }) => name === flow)?.entities.find((one) => one.entity === entity);
  if (part === 'state' || part === 'journal' || part === 'report') return app.around[part];
  const config = part === 'home' || part === 'store' ? spec?.[part].config : undefined;
  return (config ?? {}) as Config;
}
