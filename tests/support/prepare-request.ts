import type { PrepareRequest } from '../../src/engine/contracts/intent.ts';
import { adding } from './sim/rows.ts';

type Needed = 'run' | 'prev' | 'supersede' | 'parts';

/** A request of `Store.prepare` that adds rows of no known columns, with nothing besides. */
export function preparing(of: Pick<PrepareRequest, Needed> & Partial<PrepareRequest>): PrepareRequest {
  return {
    ...{ writing: adding, schema: { columns: [] }, changes: [], reworked: [], carried: [], readAgain: [], expired: [] },
    ...{ keepsGroup: false, groupAgain: null, keepsKeys: false },
    ...of,
  };
}
