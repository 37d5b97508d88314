import type { EnginePorts } from '../../../src/engine/contracts/ports.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import type { HyggeEvent } from '../../../src/ports/events.ts';
import type { Request } from './call.ts';
import { Coverage } from './coverage.ts';
import { Process } from './process.ts';
import { type Row, row } from './rows.ts';
import { type Setting, World } from './world.ts';

/** Looks at a call before it happens; may throw, or make it wait. */
export type Watch = (label: string) => void | Promise<void>;

/** A process whose calls happen at once, in the order in which they are made: for tests that need no scheduler. */
export class Unscheduled extends Process {
  readonly #watch: Watch;

  constructor(name: string, watch: Watch) {
    super(name, false, async () => '');
    this.#watch = watch;
  }

  override async call<T>(request: Request): Promise<T> {
    await this.#watch(request.label);
    return (await request.apply()) as T;
  }
}

export interface Simulated {
  readonly world: World;
  readonly ports: EnginePorts;
  readonly events: HyggeEvent[];
  /** The same world through another process. */
  another(name: string, watch?: Watch): EnginePorts;
}

const ordinary: Setting = {
  pair: { store: 'plain', state: 'memory' },
  rows: [row(1, 1), row(2, 2)],
  home: 'slices',
  spec: { watermark: { nulls: 'exclude' } },
};

export function simulated(change: Partial<Setting> & { readonly rows?: readonly Row[] } = {}, watch: Watch = () => undefined): Simulated {
  const world = new World({ ...ordinary, ...change }, new Coverage());
  const events: HyggeEvent[] = [];
  const through = (name: string, look: Watch): EnginePorts => ({
    ...world.ports(new Unscheduled(name, look)),
    emit: (event) => void events.push(event),
  });
  return { world, events, ports: through('hygge go', watch), another: (name, look = () => undefined) => through(name, look) };
}

/** A failure that goes away when the call is made again. */
export class Hiccup extends HyggeError {
  constructor() {
    super({ code: 'HYG-6003', what: 'The system is busy.', tryThis: ['Wait a little'], transient: true });
  }
}
