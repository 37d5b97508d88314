import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { ConfigError } from '../../errors/hygge-error.ts';
import { newestRow, type StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import {
  allEntityNames,
  type BrokenFlow,
  ConfigErrors,
  type FlowEntities,
  type FlowSpec,
  isUnset,
  type UnusableFlow,
  type Workspace,
} from '../../workspace/load/load.ts';
import { choosesEntities, type Filter, isFiltered, select, selectOne } from './selection.ts';

export interface ChosenEntities {
  /** The workspace. Its flows have only entities without errors, whether they are chosen or not. */
  readonly workspace: Workspace;
  readonly entities: readonly EntitySpec[];
  readonly broken: readonly BrokenFlow[];
}

/**
 * The entities that the filters name, in a workspace that was opened as `tolerant`. Without a filter, all entities. Errors in other
 * entities are ignored. Throws `ConfigErrors` if no named entity can be used.
 */
export function choose(workspace: Workspace, filter: Filter): ChosenEntities {
  const named = select(allEntityNames(workspace), filter);
  // If the files of a flow have errors, the flow can not run. So a filter by the last run does not apply to this flow.
  const meant = filter.only === undefined ? named : select(allEntityNames(workspace), { ...filter, only: undefined });
  const broken = workspace.unusable.flatMap((flow) => brokenOf(flow, meant, filter));
  // Without a filter, a flow runs only if all its entities have no errors.
  const sound = isFiltered(filter) ? withSoundOnes(workspace) : workspace;
  const isNamed = ({ flow, entity }: EntitySpec): boolean => named.some((one) => one.flow === flow && one.entity === entity);
  const isWhole = ({ flow }: EntitySpec): boolean => !broken.some((one) => one.flow === flow) || choosesEntities(filter);
  const entities = sound.flows.flatMap((flow) => flow.entities.filter((spec) => isNamed(spec) && isWhole(spec)));
  if (entities.length === 0 && broken.length > 0) throw new ConfigErrors(unlike(broken.flatMap(({ errors }) => errors)));
  return { workspace: sound, entities, broken };
}

/**
 * A filter for the entities whose last run failed, according to the journal. Ignored are backfills, and runs that were stopped, that
 * another run prevented, or that never reached an entity.
 */
export async function filterToFailed(workspace: Workspace, filter: Filter, state: Pick<StateStore, 'journal'>): Promise<Filter> {
  const failed = new Set<EntityKey>();
  for (const key of select(allEntityNames(workspace), filter)) if (await hasFailed(key, state)) failed.add(key);
  const isSame = (a: EntityKey) => (b: EntityKey) => a.flow === b.flow && a.entity === b.entity;
  return { ...filter, only: (key) => [...failed].some(isSame(key)) };
}

async function hasFailed(key: EntityKey, state: Pick<StateStore, 'journal'>): Promise<boolean> {
  const telling = await newestRow(state, key, ({ lane, reason }) => lane === 'live' && (reason ?? null) === null);
  return telling?.status === 'error';
}

/** The only entity that an argument names. Throws `ConfigErrors` with the errors of this entity alone. */
export function chooseEntity(
  workspace: Workspace,
  name: string,
  more: readonly Pick<FlowSpec, 'name' | 'entities'>[] = [],
): { readonly workspace: Workspace; readonly spec: EntitySpec } {
  const { flow, entity } = selectOne([...allEntityNames(workspace), ...more], name);
  const sound = withSoundOnes(workspace);
  const spec = [...sound.flows, ...more].find((one) => one.name === flow)?.entities.find((one) => one.entity === entity);
  if (spec !== undefined) return { workspace: sound, spec };
  throw new ConfigErrors(unusableOne(workspace, { flow, entity })?.errors ?? []);
}

/** The only entity that an argument names, for commands that read just its state, so that variables may be unset. */
export function lookAtOne(workspace: Workspace, name: string): { readonly workspace: Workspace; readonly spec: EntitySpec } {
  const held = unusableOne(workspace, selectOne(allEntityNames(workspace), name));
  if (held?.spec === undefined || !held.errors.some(isUnset)) return chooseEntity(workspace, name);
  return { workspace, spec: held.spec };
}

function unusableOne(workspace: Workspace, { flow, entity }: EntityKey): UnusableFlow['entities'][number] | undefined {
  return workspace.unusable.find((one) => one.name === flow)?.entities.find((one) => one.name === entity);
}

function brokenOf(flow: UnusableFlow, named: FlowEntities['entities'], filter: Filter): readonly BrokenFlow[] {
  const own = flow.entities.filter(({ name }) => named.some((one) => one.flow === flow.name && one.entity === name));
  if (own.length === 0) return [];
  // If single entities are chosen, errors of other entities in the flow are ignored.
  const byEntity = choosesEntities(filter) || own.length < flow.entities.length;
  const errors = byEntity ? unlike(own.flatMap((entity) => entity.errors)) : flow.errors;
  return errors.length === 0 ? [] : [{ flow: flow.name, errors }];
}

/** The workspace with all entities that have no errors, even if other entities of their flow have errors. */
function withSoundOnes(workspace: Workspace): Workspace {
  const sound = workspace.unusable.flatMap(({ flow, entities }) => {
    const specs = entities.flatMap(({ spec, errors }) => (spec !== undefined && errors.length === 0 ? [spec] : []));
    return flow === undefined || specs.length === 0 ? [] : [{ ...flow, entities: specs }];
  });
  return sound.length === 0 ? workspace : { ...workspace, flows: [...workspace.flows, ...sound] };
}

function unlike(errors: readonly ConfigError[]): readonly ConfigError[] {
  return [...new Set(errors)];
}
