import { enginePorts } from '../../assembly/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { DryRunRequest } from '../../engine/drive/dry-run.ts';
import type { EventBody, HyggeEvent, PlanEvent } from '../../ports/events.ts';
import type { Instant } from '../../ports/values.ts';
import { workspaceLabel } from '../../workspace/load/load.ts';
import { type ChosenEntities, choose } from '../select/chosen-flows.ts';
import { selectionBy } from '../select/selection.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { unreadable } from '../terminal/usage.ts';
import type { GoContext } from './go.ts';

type Differences = Extract<EventBody, { readonly event: 'differences' }>;
type EntityDifference = Differences['entities'][number];

/** The chosen flows for the other target of the comparison. Throws the usual errors if the workspace can not be opened for this target. */
export async function otherTarget(
  against: string,
  { flags, workspace, surroundings }: Pick<GoContext, 'flags' | 'workspace' | 'surroundings'>,
  now: Instant,
): Promise<ChosenEntities> {
  if (workspace.target?.name === against)
    throw unreadable(`--against ${against} is the target itself.`, ['Name another target: hygge go --target prod --dry-run --against dev']);
  return choose(
    await openWorkspace({ ...flags, target: against }, surroundings, { now, vars: flags.var, tolerant: true, opens: selectionBy(flags) }),
    flags,
  );
}

/** Plans the same entities for another target, and reports how the plans differ. Numbers of rows and sizes are not compared. */
export async function differencesFrom(
  other: ChosenEntities,
  planned: readonly HyggeEvent[],
  { workspace, entities, ports, surroundings }: GoContext,
  request: DryRunRequest,
): Promise<Differences> {
  const there: HyggeEvent[] = [];
  const emit = (event: HyggeEvent) => void there.push(event);
  const { clock, random } = ports;
  await using theirs = await enginePorts(other.workspace, { clock, random, emit, network: surroundings.network });
  const { dryRun } = await import('../../engine/drive/dry-run.ts');
  await dryRun({ ...request, entities: other.entities, workspace: other.workspace.name }, theirs);
  const keyOf = ({ flow, entity }: Pick<EntitySpec, 'flow' | 'entity'>) => JSON.stringify([flow, entity]);
  const both = new Map([...entities, ...other.entities].map((spec) => [keyOf(spec), spec]));
  return {
    event: 'differences',
    ...workspaceLabel(workspace),
    against: other.workspace.target?.name ?? '',
    entities: [...both.values()].flatMap(({ flow, entity }): readonly EntityDifference[] => {
      const find = (events: readonly HyggeEvent[]) => outcomeOf(events, flow, entity);
      const parts = partsOf(find(planned), find(there));
      return parts.length === 0 ? [] : [{ flow, entity, parts }];
    }),
  };
}

/** The plan of an entity, or the error in place of a plan. Null: the entity does not exist in this target. */
function outcomeOf(events: readonly HyggeEvent[], flow: string, entity: string): PlanEvent | string | null {
  const own = events.filter((event) => event.flow === flow && event.entity === entity);
  const plan = own.find((event) => event.event === 'plan');
  if (plan !== undefined) return plan;
  const failed = own.find((event) => event.event === 'error');
  return failed === undefined ? null : `${failed.code} ${failed.what}`;
}

const absent = 'the entity is not there';

function partsOf(here: PlanEvent | string | null, there: PlanEvent | string | null): EntityDifference['parts'] {
  if (here === null || there === null || typeof here === 'string' || typeof there === 'string') {
    const said = (one: PlanEvent | string | null) => (one === null ? absent : typeof one === 'string' ? one : 'it would run');
    return said(here) === said(there) ? [] : [{ part: 'plan', here: said(here), there: said(there) }];
  }
  return [
    part('from', here.from, there.from),
    part('to', here.to, there.to),
    part('mode', here.mode, there.mode),
    part('watermark', markOf(here), markOf(there)),
    part('write', here.write?.mode ?? '', there.write?.mode ?? ''),
    ...columnParts(here, there),
  ].flat();
}

function part(name: string, here: string, there: string): EntityDifference['parts'] {
  return here === there ? [] : [{ part: name, here, there }];
}

function markOf({ window }: PlanEvent): string {
  return window.column === null ? '' : `${window.column}${window.lower === null ? '' : ` from ${window.lower}`}`;
}

/** The columns that differ. Columns are compared by their names, since readers do not depend on the order of columns. */
function columnParts(here: PlanEvent, there: PlanEvent): EntityDifference['parts'] {
  const [ours, theirs] = [here, there].map(({ schema }) => new Map(schema.map((column) => [column.name, column.type])));
  const names = [...new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])];
  return names.flatMap((name) => part(`column ${name}`, ours?.get(name) ?? absent, theirs?.get(name) ?? absent));
}
