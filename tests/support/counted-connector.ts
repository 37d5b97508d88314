import * as z from 'zod';
import { type Connector, defineConnector } from '../../src/engine/contracts/connector.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { local } from '../../src/files/connectors/local-connector.ts';

/** What was opened and closed of one kind. */
export interface Tally {
  opened: number;
  closed: number;
  /** Closed again. */
  again: number;
}

const none = (): Tally => ({ opened: 0, closed: 0, again: 0 });

/** What goes on at once, now and at most. */
class AtOnce {
  now = 0;
  peak = 0;

  begin(): void {
    this.peak = Math.max(this.peak, ++this.now);
  }

  end(): void {
    this.now--;
  }
}

/** Files on a local disk, by a connector from outside that counts what is opened and closed. */
export class CountedConnector {
  readonly homes = none();
  readonly stores = none();
  readonly reads = new AtOnce();
  readonly connector: Connector;

  constructor(id = 'counted') {
    const { home, store } = local;
    if (home === undefined || store === undefined) throw new Error('local files are home and store');
    this.connector = defineConnector({
      ...local,
      id,
      connection: z.strictObject({}),
      home: {
        ...home,
        open: async (config, opening) => noted(readsCounted(sliceEach(await home.open(config, opening)), this.reads), this.homes),
      },
      store: {
        ...store,
        open: async (config, opening) => noted<Store>(await store.open(config, opening), this.stores),
        at: async (place, opening, today) => noted<Store>(await store.at(place, opening, today), this.stores),
      },
    });
  }
}

/** Every file is a slice of its own. */
function sliceEach(home: Home): Home {
  const plan = home.plan.bind(home);
  return Object.assign(home, { plan: ((window, _, cursor) => plan(window, { sliceBytes: 1 }, cursor)) satisfies Home['plan'] });
}

/** Every read takes a few turns, so that others get the chance to begin. */
function readsCounted(home: Home, reads: AtOnce): Home {
  const read = home.read.bind(home);
  return Object.assign(home, {
    async *read(...of: Parameters<Home['read']>) {
      reads.begin();
      try {
        await turns();
        yield* read(...of);
      } finally {
        reads.end();
      }
    },
  });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
}

/** The same object; what it does when it is disposed of is counted. */
function noted<T extends AsyncDisposable>(side: T, tally: Tally): T {
  tally.opened++;
  let isClosed = false;
  const dispose = side[Symbol.asyncDispose].bind(side);
  return Object.assign(side, {
    [Symbol.asyncDispose]: async () => {
      if (isClosed) tally.again++;
      else tally.closed++;
      isClosed = true;
      await dispose();
    },
  });
}
