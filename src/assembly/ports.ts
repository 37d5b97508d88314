import { ProcessNetwork } from '../adapters/process-network.ts';
import { ProcessPools } from '../adapters/process-pools.ts';
import { realClock } from '../adapters/real-clock.ts';
import type { Connector, Opening } from '../engine/contracts/connector.ts';
import type { Pools } from '../engine/contracts/pools.ts';
import type { Closing, EnginePorts } from '../engine/contracts/ports.ts';
import type { EntitySpec } from '../engine/contracts/spec.ts';
import type { Store } from '../engine/contracts/store.ts';
import { OpenSides } from '../engine/entity/open-sides.ts';
import { ConfigError, DefectError } from '../errors/hygge-error.ts';
import { wording } from '../narrate/text/notes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Emit } from '../ports/events.ts';
import type { Host } from '../ports/host.ts';
import type { Network } from '../ports/network.ts';
import type { Random } from '../ports/random.ts';
import type { Scratch } from '../ports/scratch.ts';
import { type SecretValues, secretValuesOf } from '../ports/secrets/values.ts';
import type { StateStore } from '../ports/state.ts';
import type { Json } from '../ports/values.ts';
import type { Webhook } from '../ports/webhook.ts';
import { findConnector, sumsOfFiles } from '../registry.ts';
import { StateLedger } from '../state/ledger.ts';
import type { Workspace } from '../workspace/load/load.ts';
import { frameTools } from './frame-tools.ts';
import { openState, passingState } from './open-state.ts';
import type { Whole } from './page.ts';
import { version } from './version.ts';

export interface RealPorts extends EnginePorts, AsyncDisposable {
  readonly opening: (spec: EntitySpec, pinned?: Json | null) => Opening;
}

/** The limit on frames that are read but not yet written, over all entities. */
const bytesInFlight = 192 * 1024 * 1024;

/** The parts that all runs of one process share. */
export interface Process extends Pick<EnginePorts, 'host' | 'budget'>, AsyncDisposable {
  readonly scratch: Scratch;
  readonly pools: Pools;
  readonly network: Network;
}

/**
 * @param program the name of this process for people, shown to runs that meet its leases. @param holder the identity in leases, if a run outlives this
 * process. @param network an outer network that lives longer; absent: the process creates its own network.
 */
export async function openProcessResources(
  program: string,
  { holder = (host) => host, network }: { readonly holder?: (host: Host) => Host; readonly network?: Network | undefined } = {},
): Promise<Process> {
  const [{ realHost }, { realScratch }, { ByteBudget }] = await Promise.all([
    import('../adapters/real-host.ts'),
    import('../adapters/real-scratch.ts'),
    import('../frames/budget.ts'),
  ]);
  const pools = new ProcessPools(realClock());
  const own = new ProcessNetwork();
  const host = realHost(program);
  const scratch = realScratch({ host });
  return {
    host: holder(host),
    scratch,
    pools,
    network: network ?? own,
    budget: new ByteBudget(bytesInFlight),
    [Symbol.asyncDispose]: async () => {
      await pools[Symbol.asyncDispose]();
      await own[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
}

/** The engine's ports on this machine: real clock, real disk, and the state that the workspace sets. */
export async function enginePorts(
  workspace: Workspace,
  given: {
    readonly clock: Clock;
    readonly random: Random;
    readonly emit: Emit;
    /** A state that replaces the workspace’s own state; `thrown away`: the state is deleted with these ports. */
    readonly state?: StateStore | 'thrown away';
    /** A shared process that lives longer than these ports; absent: the ports create their own process. */
    readonly within?: Process;
    /** The network of a separate process. Absent: the process creates its own network. */
    readonly network?: Network;
    /** All flows of the workspace, for its page; absent: the workspace already has all flows. */
    readonly whole?: () => Promise<Whole>;
    /** Whether the used part of a limit is written to the state, so that it counts for all processes. Absent: the used part counts only in this process, which only reads. */
    readonly countsInState?: boolean;
    /** Absent: `here`. */
    readonly steps?: Opening['steps'];
  },
): Promise<RealPorts> {
  const { clock, random, emit } = given;
  const own = given.within ?? (await openProcessResources('hygge go', { network: given.network }));
  const { host, scratch, pools, network, budget } = own;
  const entities = [...workspace.flows.flatMap((flow) => flow.entities), ...(workspace.mirror ? [workspace.mirror] : [])];
  const specs = new Map(entities.map((spec) => [JSON.stringify([spec.flow, spec.entity]), spec]));
  const state =
    given.state === 'thrown away' ? await passingState(scratch) : (given.state ?? (await openState(workspace, { network, pools })));
  // A try-out sends no notices.
  const whole = given.whole ?? (async () => ({ workspace }));
  const closing = given.state === 'thrown away' ? undefined : await closingOf(workspace, { whole, state, host, clock, random, network });
  const ledger = given.countsInState ? (name: string) => new StateLedger({ state, clock, random }, name) : undefined;
  const opening = (spec: EntitySpec, pinned: Json | null = null, stop?: AbortSignal): Opening => {
    const { flow, entity, root, watermark } = spec;
    const feed = watermark?.changes === undefined ? {} : { changeFeed: watermark.changes };
    return {
      flow,
      entity,
      root,
      clock,
      random,
      scratch,
      pools,
      network,
      steps: given.steps ?? 'here',
      pinned,
      journal: state,
      ...feed,
      ...(spec.home.connection === undefined ? {} : { connection: spec.home.connection.name }),
      ...(ledger ? { ledger } : {}),
      ...(stop ? { stop } : {}),
    };
  };
  return {
    clock,
    random,
    emit,
    frames: frameTools,
    words: wording,
    host,
    state,
    trace: () => undefined,
    onDefect: () => undefined,
    ...(closing ? { closing } : {}),
    budget,
    version,
    ...(workspace.target && { target: workspace.target.name }),
    opening,
    entity(flow, entity) {
      const spec = specs.get(JSON.stringify([flow, entity]));
      if (spec !== undefined) return spec;
      throw new DefectError({ code: 'HYG-9001', what: `No entity ${flow}.${entity} in this run.`, tryThis: ['Report this'] });
    },
    async home(spec, pinned, _look, stop) {
      const home = await (await side(spec, 'home')).open(spec.home.config, { ...opening(spec, pinned, stop), ...(await rowKeyOf(spec)) });
      if (spec.mask.columns.size === 0) return home;
      const { maskedHome } = await import('../engine/schema/masks.ts');
      return maskedHome(home, spec.mask, spec);
    },
    store: async (spec, stop) => (await side(spec, 'store')).open(spec.store.config, opening(spec, null, stop)),
    storeAt: (spec, place) => storeAt(spec, place, opening(spec)),
    async withSumsOfFiles(files, spec, work) {
      // Connections without databases, because connections to databases belong to the process, with the folder of the workspace.
      await using own = new ProcessPools(clock);
      return await work(await sumsOfFiles(files, { ...opening(spec), pools: own }));
    },
    [Symbol.asyncDispose]: async () => {
      if (given.within === undefined) await own[Symbol.asyncDispose]();
    },
  };
}

/** The sides for commands that inspect many entities. Each home and store is opened once, and closed with the ports. */
export async function sharedSidePorts(...given: Parameters<typeof enginePorts>): Promise<RealPorts> {
  const ports = await enginePorts(...given);
  const sides = new OpenSides();
  const close = async () => {
    await sides[Symbol.asyncDispose]();
    await ports[Symbol.asyncDispose]();
  };
  return { ...ports, ...sides.over(ports), [Symbol.asyncDispose]: close };
}

/** The sides for one of many entities, whose resources are closed before the next entity is inspected. */
export async function withOwnSides<T>(ports: RealPorts, look: (ports: RealPorts) => Promise<T>): Promise<T> {
  await using sides = new OpenSides();
  return await look({ ...ports, ...sides.over(ports) });
}

/** With every way of writing, databases and Delta tables settle only the newest of several rows with the same key. */
async function rowKeyOf({ watermark, store }: EntitySpec): Promise<Pick<Opening, 'rowKey'>> {
  const columns = watermark?.key ?? [];
  if (columns.length === 0) return {};
  const isTable = (store.config as { readonly format?: unknown }).format === 'delta';
  return { rowKey: { columns, isMerged: isTable || (await findConnector(store.type))?.family !== 'files' } };
}

/** One side of an entity's connector. The workspace has checked that the connector exists, but an intent may name a removed connector. */
export async function side<S extends 'home' | 'store'>(spec: EntitySpec, which: S): Promise<NonNullable<Connector[S]>> {
  const found = (await findConnector(spec[which].type))?.[which];
  if (found !== undefined && found !== null) return found;
  throw new ConfigError({
    code: 'HYG-1030',
    what: `There is no ${which} of type ${JSON.stringify(spec[which].type)}.`,
    tryThis: ['See all connectors: hygge list connectors'],
    where: spec.where,
  });
}

/** The connector comes from the intent’s place, because the config may have another connector now. */
async function storeAt(spec: EntitySpec, place: Json, opening: Opening): Promise<Store> {
  const { type = spec.store.type } = place as { readonly type?: string };
  const today = await side(spec, 'store');
  const then = (await findConnector(type))?.store;
  return then === undefined || then === today ? today.at(place, opening, spec.store.config) : then.at(place, opening, null);
}

/** The texts of notices contain no secret, but the address of a notice is a secret. */
function webhookWithoutSecrets(webhook: Webhook, values: SecretValues): Webhook {
  return { post: (message) => webhook.post({ ...message, body: values.hiddenIn(message.body) }) };
}

/** The notices and the publication of `closeFlow` for a workspace; undefined: none is configured. Loads code only if needed. */
async function closingOf(
  workspace: Pick<Workspace, 'flows' | 'mirror' | 'report'>,
  around: Omit<Parameters<typeof import('./page.ts').publishPage>[0], 'place'>,
): Promise<Closing | undefined> {
  const told = new Map(workspace.flows.map(({ name, notify }) => [name, notify]));
  const { mirror, report } = workspace;
  const beats = new Map(workspace.flows.map(({ name, heartbeat }) => [name, heartbeat]));
  const isSilent = [...told.values(), ...beats.values()].every((one) => one === null);
  if (mirror === null && report === null && isSilent) return undefined;
  const [{ noticeBody }, { httpWebhook }] = await Promise.all([
    import('../narrate/commands/notice-bodies.ts'),
    import('../adapters/webhook.ts'),
  ]);
  return {
    notify: (flow) => told.get(flow) ?? null,
    heartbeat: (flow) => beats.get(flow) ?? null,
    message: noticeBody,
    webhook: webhookWithoutSecrets(httpWebhook(around.network), secretValuesOf(around.network)),
    mirror: mirror && { flow: mirror.flow, entity: mirror.entity },
    page: report && (async () => (await import('./page.ts')).publishPage({ ...around, place: report })),
  };
}
