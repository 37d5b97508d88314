import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { Body, StepInput } from './activity.ts';

/** hygge-look: checks whether a request has stopped a waiting run. */
export const body: Body<StepInput> = async ({ of }, { pinned }) => ({
  done: (await raisedStopFlags(pinned.state, of)).has('cancelled') ? 'stopped' : 'waits',
});
