import { ProcessNetwork } from '../../src/adapters/process-network.ts';

/** Of the process, or of the file where that is a process of its own. */
export const testNetwork = new ProcessNetwork();
