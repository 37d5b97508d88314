/** The page of `hygge report` about all flows of a workspace, written to the place of `report:` whenever a flow has run. */
import { posix } from 'node:path';
import type { PageResult } from '../engine/contracts/ports.ts';
import { DefectError } from '../errors/hygge-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/filesystem.ts';
import type { Host } from '../ports/host.ts';
import type { Network } from '../ports/network.ts';
import type { Random } from '../ports/random.ts';
import { mustBeUnresolved, retry } from '../ports/retry.ts';
import { secretValuesOf } from '../ports/secrets/values.ts';
import type { StateStore } from '../ports/state.ts';
import { findFilesSystem } from '../registry.ts';
import type { ScheduledEntity } from '../report/entity-status.ts';
import { factsOf } from '../report/facts.ts';
import { pageOf } from '../report/page.ts';
import { allEntityNames, brokenFlows, expectedIn, type Workspace, workspaceLabel } from '../workspace/load/load.ts';
import type { ReportPlace } from '../workspace/load/places.ts';
import { scheduleProblem } from '../workspace/schema/schedule.ts';
import { scheduled, settingOf, withZone } from '../workspace/schema/zones.ts';
import { ConfigErrors } from '../workspace/yaml/problems.ts';
import { version } from './version.ts';

/** The flows on the page. */
export interface Whole {
  readonly workspace: Workspace;
  /** The values of schedules that are app settings; absent: the values are unknown here. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
}

interface PageRequest {
  readonly place: ReportPlace;
  /** All flows in the current config. Throws `ConfigErrors` if the config can’t be used. */
  readonly whole: () => Promise<Whole>;
  readonly state: StateStore;
  readonly host: Pick<Host, 'fate'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
}

/**
 * Writes the page, while other processes may write their pages. A page is made after the existing page is read, and replaces only that page, so a newer
 * page is never replaced by an older one. If a process is rejected twice, it stops: the page that was written instead was begun after the first try of this
 * process, so it includes this run. Throws the errors of the system; readers then see the whole earlier page.
 */
export async function publishPage(putting: PageRequest): Promise<PageResult> {
  const { files, name } = await openPlace(putting);
  for (let [sends, refusals] = [1, 0]; ; sends++) {
    const before = await retry(() => files.get(name));
    const { html, amiss } = await pageNow(putting);
    try {
      const condition = before === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: before.etag };
      const { outcome } = await files.put(name, new TextEncoder().encode(html), condition);
      if (outcome === 'written' || ++refusals === 2) return { amiss };
    } catch (error) {
      mustBeUnresolved(error, sends);
    }
  }
}

async function openPlace({
  place: { type, config },
  random,
  network,
}: PageRequest): Promise<{ readonly files: FileSystem; readonly name: string }> {
  const [folder, name] = [posix.dirname(config.path), posix.basename(config.path)];
  if (type === 'local') {
    const { localFileSystem } = await import('../filesystems/disk/local.ts');
    return { files: localFileSystem(folder), name };
  }
  const system = await findFilesSystem(type);
  if (system === undefined)
    throw new DefectError({ code: 'HYG-9001', what: `There is no system of files of type ${type}.`, tryThis: ['Report this'] });
  return { files: await system.open(config, folder === '.' ? '' : folder, { random, network }), name };
}

/** Leaves out the messages of runs, which may quote data: readers of the page may have no right to see the data. */
async function pageNow({ whole, state, host, clock, network }: PageRequest): Promise<{ readonly html: string } & PageResult> {
  const { workspace, settings = {} } = await orFirst(whole);
  const facts = await factsOf(
    { ...workspaceLabel(workspace), entities: entitiesOf(workspace, settings), broken: brokenFlows(workspace), now: clock.now(), version },
    { state, host },
  );
  const unread = facts.journal ?? facts.entities.find(({ status }) => status.unreadable !== null)?.status.unreadable ?? null;
  const { html } = pageOf(facts, { messages: false, from: 'lake' });
  return { html: secretValuesOf(network).hidden(html), amiss: unread };
}

/** Each warning is about one error. */
async function orFirst<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw error instanceof ConfigErrors ? (error.errors[0] ?? error) : error;
  }
}

/** Valid flows, each only once, because a flow with errors may also list its valid entities. */
function entitiesOf(workspace: Workspace, settings: NonNullable<Whole['settings']>): readonly ScheduledEntity[] {
  const flows = [...workspace.flows, ...workspace.unusable.map(({ flow }) => flow)];
  const schedules = new Map(flows.map((flow) => [flow?.name, setTo(flow?.schedule ?? null, settings)]));
  const named = [...allEntityNames(workspace)].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const keys = named.flatMap(({ entities }) => entities);
  const each = new Map(keys.map(({ flow, entity }) => [JSON.stringify([flow, entity]), { flow, entity }]));
  const expected = expectedIn(flows);
  return [...each.values()].map((key) => ({ ...key, schedule: schedules.get(key.flow) ?? null, expect: expected(key) }));
}

function setTo(schedule: string | null, settings: NonNullable<Whole['settings']>): string | null {
  const value = settings[settingOf(schedule ?? '') ?? ''];
  if (schedule === null || value === undefined || scheduleProblem(value) !== undefined) return schedule;
  return withZone(value, scheduled(schedule).zone);
}
