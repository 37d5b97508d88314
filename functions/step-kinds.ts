/** The role of each step in a run. */
import type { Step } from '../src/engine/contracts/frame.ts';
import type { Json } from '../src/ports/values.ts';
import type { StepInput } from './activities/activity.ts';
import { activities } from './run-input.ts';

/** The step is the last step of its entity run. */
export function endsRun(name: string, step: Step<Json>): boolean {
  if (!('done' in step)) return false;
  if (name === activities.planEntity) return (step.done as { readonly outcome?: unknown }).outcome === 'nothing';
  if (name === activities.verifyEntity || name === activities.awaitReplication || name === activities.replicateApart) return true;
  return name === activities.commitEntity || (name === activities.abandonEntity && step.done !== 'decided');
}

/** The steps whose failure no later step reports: abandoning an entity, finishing a decided commit, and the steps of a flow. */
export function isLast(name: string, given: StepInput): boolean {
  return !('n' in given) || name === activities.abandonEntity || ('plan' in given && given.plan === '');
}

/** The steps whose failure is a warning of a run that has settled. */
export function followsSettledRows(name: string, { of }: StepInput): boolean {
  if (name === activities.verifyEntity) return of.verify === undefined;
  return name === activities.replicateApart || name === activities.awaitReplication;
}
