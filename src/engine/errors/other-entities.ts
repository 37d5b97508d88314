/** The errors of a run into a destination that has rows of other entities or programs. Codes: src/errors/codes/flow.ts. */
import { entityName } from '../../errors/as-argument.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Target } from '../contracts/store.ts';
import { quoted } from './run.ts';

/** The names of entities, as a list in a sentence. */
const namesOf = (keys: readonly EntityKey[]): string => keys.map(entityName).join(', ');

/** A first load finds data, and `if_exists` is `fail`. The data may belong to other entities of hygge. */
export function stateMissing(spec: EntitySpec, where: string, target: Target): FlowError {
  const { summary: content, others } = target.content === 'foreign' ? target : { summary: 'files', others: [] };
  const isOurs = others.length > 0;
  return new FlowError({
    code: 'HYG-2002',
    what: `${where} already contains ${isOurs ? `rows of ${namesOf(others)}` : 'data that hygge did not write'}: ${content}.`,
    why: [`Nothing is settled for ${entityName(spec)} yet, and if_exists is ${spec.ifExists}.`],
    tryThis: [
      'Choose an empty place for the store',
      'if_exists: append keeps the existing rows and adds to them',
      ...(isOurs ? [] : ['if_exists: replace replaces the existing data with the first commit']),
    ],
    where: spec.where,
  });
}

/**
 * The rows in the destination belong to other entities, and this entity has settled nothing there.
 * @param reason `owned`: no other entity may use the destination. `replaced`: the load would remove the rows. `same source`: the load would add the same rows again.
 */
export function anothersPlace(
  spec: EntitySpec,
  where: string,
  others: readonly OtherEntity[],
  reason: 'owned' | 'replaced' | 'same source',
): FlowError {
  const gone = reason === 'same source' ? others[0] : others.find(({ isConfigured }) => !isConfigured);
  const renamed = gone?.hasState
    ? `If ${entityName(spec)} is the new name of ${entityName(gone.key)}, move the state: hygge state mv ${quoted(gone.key)} ${quoted(spec)}`
    : gone &&
      `If ${entityName(spec)} is the new name of ${entityName(gone.key)}: name it as before, and rename it with the state that it settled with`;
  return new FlowError({
    code: 'HYG-2071',
    what: `${where} contains the settled rows of ${namesOf(others.map(({ key }) => key))}.`,
    why: [
      {
        owned: `Nothing is settled for ${entityName(spec)} yet, and two entities must not own the same files.`,
        replaced: `Nothing is settled for ${entityName(spec)} yet, and its first load would remove these rows, because if_exists is replace.`,
        'same source': `They are from the same source as the rows of ${entityName(spec)}, so the same rows would settle twice.`,
      }[reason],
    ],
    tryThis: [
      ...(renamed ? [renamed] : []),
      ...(reason === 'replaced' && gone === undefined ? additionsAdvice(spec) : []),
      `Give ${entityName(spec)} its own place: store: { path: … }, in a database store: { table: … }`,
    ],
    where: spec.where,
  });
}

/** Another entity of hygge, whose rows are in the destination. */
export interface OtherEntity {
  readonly key: EntityKey;
  readonly isConfigured: boolean;
  readonly hasState: boolean;
}

/** A full load with `if_exists: replace` would remove the rows of other entities, which share the table. */
/** @param isMixed whether rows of this entity may be in files with rows of others, so that no load can keep only the others. */
export function wouldRemoveOthers(
  spec: EntitySpec,
  where: string,
  { others, isMixed }: { readonly others: readonly EntityKey[]; readonly isMixed: boolean },
): FlowError {
  return new FlowError({
    code: 'HYG-2071',
    what: `${where} ${isMixed ? 'may contain' : 'contains'} rows of ${namesOf(others)} next to those of ${entityName(spec)}.`,
    why: ['This load would remove these rows, because if_exists is replace. Nothing was written.'],
    tryThis: [...(isMixed ? [] : resetAdvice(spec)), `Give ${entityName(spec)} its own place: store: { path: … }`],
    where: spec.where,
  });
}

const additionsAdvice = ({ runType }: EntitySpec): readonly string[] =>
  runType === 'incremental' ? ['if_exists: append adds new rows next to these rows'] : [];

/** A full load that keeps the rows of other writers. With `full_drop`, `append` would also keep the rows of earlier loads. */
export const resetAdvice = (spec: EntitySpec): readonly string[] =>
  spec.runType === 'incremental' ? [`if_exists: append keeps them. Then load again: hygge reset ${quoted(spec)} --yes, then hygge go`] : [];
