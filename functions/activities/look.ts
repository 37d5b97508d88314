import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { Body, StepInput } from './activity.ts';

/** hygge-look: whether a request has stopped a run that waits. */
export const body: Body<StepInput> = async ({ of }, { pinned }) => ({
  done: (await raisedStopFlags(pinned.state, of)).has('cancelled') ? 'stopped' : 'waits',
});
