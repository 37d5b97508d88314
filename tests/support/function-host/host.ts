/** The host process: journal, hub, workers, triggers. Test code drives it over its IPC channel, people's programs over HTTP. */
import { appendFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { Dispatcher, textOf } from './dispatcher.ts';
import { type Api, statusOf } from './durable-api.ts';
import type { CallName, FromHost, HostCalls, HostFault, HostOptions, InstanceView, ToHost } from './host-messages.ts';
import { clientInputs, serve } from './http-front.ts';
import { Hub, hasEnded, type Instance } from './hub.ts';
import { Journal } from './journal.ts';
import type { Violation } from './rules.ts';
import type { Answer } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as HostOptions;
const say = (message: FromHost): void => void process.send?.(message);

let fault: HostFault | null = null;
let recordsSince = 0;

const hub = new Hub();
const journal = new Journal(join(options.folder, 'journal.ndjson'), (write) => {
  recordsSince += 1;
  if (fault?.when === 'before' && fault.atRecord === recordsSince) dieWithWorkers();
  write();
  if (fault?.when === 'after' && fault.atRecord === recordsSince) dieWithWorkers();
});
for (const record of journal.records()) hub.apply(record);

const waiting: { readonly isTrue: () => boolean; readonly tell: () => void }[] = [];

/** Answers those who wait for what has come true. */
function look(): void {
  for (const one of waiting.splice(0)) {
    if (one.isTrue()) one.tell();
    else waiting.push(one);
  }
}

const violate = (violation: Violation): void => say({ is: 'violation', violation });

const pool = new WorkerPool({
  app: options.app,
  workers: options.workers,
  onLog: (entry) => appendFileSync(join(options.folder, 'log.ndjson'), `${JSON.stringify(entry)}\n`),
  onViolation: (violation) => violate({ ...violation, instance: null, history: [] }),
  onHalted: (pid) => say({ is: 'halted', pid }),
  onRecycle: () => process.send?.({ is: 'recycling' } satisfies FromHost, dieWithWorkers),
});

const dispatcher = new Dispatcher({
  hub,
  journal,
  workers: pool,
  activities: options.activities,
  turns: 8,
  delivery: options.delivery,
  clock: options.clock,
  clients: (metadata) => clientInputs(metadata, theApi()),
  onViolation: violate,
  onIdle: look,
});

let api: Api | undefined;

function theApi(): Api {
  if (api === undefined) throw new Error('the host has not started');
  return api;
}

async function fireTimer(name: string): Promise<Answer> {
  const metadata = pool.functions.find((one) => one.name === name);
  const binding = Object.values(metadata?.bindings ?? {}).find(({ type }) => type === 'timerTrigger');
  if (metadata === undefined || binding === undefined) throw new Error(`there is no timer function ${name}`);
  const timer = { Schedule: { AdjustForDST: true }, ScheduleStatus: null, IsPastDue: false };
  return dispatcher.invoke(name, { json: JSON.stringify(timer) }, {}, clientInputs(metadata, theApi()));
}

function viewOf(instance: Instance): InstanceView {
  const { id, name, parent, status, history } = instance;
  const { input, output, customStatus } = statusOf(instance);
  return { id, name, parent: parent?.id ?? null, status, input, output, customStatus, history };
}

const until = (isTrue: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    waiting.push({ isTrue, tell: resolve });
    look();
  });

type Handlers = {
  readonly [C in CallName]: (...given: Parameters<HostCalls[C]>) => ReturnType<HostCalls[C]> | Promise<ReturnType<HostCalls[C]>>;
};

const calls: Handlers = {
  async fireTimer(name) {
    const fired = await fireTimer(name);
    if (!fired.ok) throw new Error(fired.message);
    return null;
  },
  advance(ms) {
    dispatcher.advance(ms);
    return null;
  },
  instance(id) {
    const found = hub.instances.get(id);
    return found === undefined ? null : viewOf(found);
  },
  instances: () => [...hub.instances.values()].map(viewOf).map(({ history: _, ...rest }) => rest),
  purge(id) {
    dispatcher.purge(id);
    return null;
  },
  async ended(id) {
    const isOver = () => {
      const found = hub.instances.get(id);
      return found !== undefined && hasEnded(found);
    };
    await until(isOver);
    const found = hub.instances.get(id);
    if (found === undefined) throw new Error(`the instance ${id} was purged`);
    return viewOf(found);
  },
  replay: async (orchestrator, triggerInput) => textOf(await dispatcher.invoke(orchestrator, { string: triggerInput })),
  async idle() {
    await until(() => dispatcher.isIdle);
    return null;
  },
  hold(names) {
    dispatcher.hold(names);
    return null;
  },
  stats: () => ({
    ...dispatcher.counts,
    writes: pool.writes,
    records: recordsSince,
    replaced: pool.replaced,
    largestHistories: [...hub.largest.values()],
  }),
  armWorker(worker, given) {
    pool.arm(worker, given);
    return null;
  },
  armHost(given) {
    fault = given;
    recordsSince = 0;
    return null;
  },
  wake: async () => (await pool.wake()).map((answer) => (answer.ok ? null : answer.message)),
};

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** As a machine that loses power. */
function dieWithWorkers(): void {
  for (const pid of pool.pids) endQuietly(pid);
  process.kill(process.pid, 'SIGKILL');
}

process.on('message', ({ n, call, given }: ToHost) => {
  const handler = calls[call] as (...given: readonly unknown[]) => unknown;
  Promise.resolve()
    .then(() => handler(...given))
    .then((value) => say({ is: 'answer', n, value: value ?? null }))
    .catch((error: unknown) => say({ is: 'refused', n, message: error instanceof Error ? error.message : String(error) }));
});
process.on('disconnect', () => dieWithWorkers());

try {
  const { origin } = await serve({ key: options.key, api: theApi });
  api = { hub, dispatcher, functions: () => pool.functions, origin };
  pool.setClock(hub.offsetMs);
  await pool.start({ ...options.settings, WEBSITE_HOSTNAME: origin.replace('http://', '') });
  say({ is: 'listening', origin });
  dispatcher.pump();
  // It is killed in the end, as its workers are.
  flushCompileCache();
} catch (error) {
  say({ is: 'failed', message: error instanceof Error ? error.message : String(error) });
}
