/**
 * The worker process: what `func` starts for a Node app, as the app can see it. The untouched @azure/functions asks for `@azure/functions-core`
 * and gets this one.
 */
import Module, { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { shiftClock } from './worker-clock.ts';
import { watchWrites } from './worker-faults.ts';
import type { Answer, FromWorker, FunctionMetadata, InvocationRequest, ToWorker, TypedData } from './worker-messages.ts';

type Callback = (...inputs: unknown[]) => unknown;

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: TypedData | null }>;
}

interface ProgrammingModel {
  getInvocationModel(context: object): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

const say = (message: FromWorker): void => void process.send?.(message);
const functions = new Map<string, { readonly metadata: FunctionMetadata; readonly callback: Callback }>();
let model: ProgrammingModel | undefined;
const startHooks: ((context: { hookData: object }) => unknown)[] = [];
let started = false;

const core = {
  version: '3.10.0',
  hostVersion: '4.1037.0',
  Disposable: class {
    dispose(): void {}
  },
  setProgrammingModel(given: ProgrammingModel) {
    model = given;
  },
  getProgrammingModel: () => model,
  registerFunction(metadata: FunctionMetadata, callback: Callback) {
    if (started) throw new Error(`the function ${metadata.name} was registered after the start of the app`);
    if (functions.has(metadata.name)) throw new Error(`there are two functions named ${metadata.name}`);
    functions.set(metadata.name, { metadata, callback });
    return new core.Disposable();
  },
  registerHook(name: string, callback: (context: { hookData: object }) => unknown) {
    if (name !== 'appStart') throw new Error(`this host has no hook ${name}`);
    startHooks.push(callback);
    return new core.Disposable();
  },
  log(level: string, category: string, message: string) {
    say({ is: 'log', level, category, functionName: '', message });
  },
};

const modules = Module as unknown as { prototype: { require: (this: unknown, id: string) => unknown } };
const realRequire = modules.prototype.require;
modules.prototype.require = function (this: unknown, id: string): unknown {
  return id === '@azure/functions-core' ? core : realRequire.call(this, id);
};

const faults = watchWrites(() => say({ is: 'halting' }));

async function load(app: string): Promise<void> {
  await loadEntryPoint(app);
  const capabilities = (await model?.getCapabilities({})) ?? {};
  if (capabilities.HttpUri !== undefined) throw new Error('this host does not stream HTTP');
  for (const hook of startHooks) await hook({ hookData: {} });
  started = true;
  const plain = [...functions.values()].map(({ metadata }) => JSON.parse(JSON.stringify(metadata)) as FunctionMetadata);
  say({ is: 'ready', functions: plain });
  flushCompileCache();
}

/** The platform asks for the error only of an app that has registered a function: one that has not starts well, with none. */
async function loadEntryPoint(app: string): Promise<void> {
  try {
    await import(pathToFileURL(app).href);
  } catch (error) {
    if (functions.size > 0) throw error;
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    core.log('error', 'system', `Worker was unable to load entry point "${app}": ${said}`);
  }
}

async function invoke(functionName: string, request: InvocationRequest): Promise<Answer> {
  const found = functions.get(functionName);
  if (found === undefined || model === undefined) return { ok: false, message: `there is no function ${functionName}`, stack: '' };
  const log = (level: string, category: string, message: string) => say({ is: 'log', level, category, functionName, message });
  try {
    const invocation = model.getInvocationModel({
      invocationId: request.invocationId,
      metadata: found.metadata,
      request,
      state: undefined,
      log,
    });
    const { context, inputs } = await invocation.getArguments();
    const result = await invocation.invokeFunction(context, inputs, found.callback);
    const { returnValue } = await invocation.getResponse(context, result);
    return { ok: true, returnValue: returnValue ?? null };
  } catch (error) {
    return error instanceof Error
      ? { ok: false, message: error.message, stack: error.stack ?? '' }
      : { ok: false, message: String(error), stack: '' };
  }
}

process.on('message', (message: ToWorker) => {
  if (message.is === 'arm') faults.arm(message.fault);
  else if (message.is === 'clock') shiftClock(message.offsetMs);
  else
    void invoke(message.functionName, message.request).then((answer) => {
      say({ is: 'answer', n: message.n, answer, writes: faults.writes() });
      // A worker is killed in the end, and Node would write only as it exits what the next one need not compile.
      flushCompileCache();
    });
});
// A host that is gone takes its workers with it.
process.on('disconnect', () => process.exit(0));

try {
  shiftClock(Number(process.argv[3] ?? 0));
  await load(process.argv[2] ?? '');
} catch (error) {
  const code = error instanceof Error && 'code' in error ? `${String(error.code)} ` : '';
  say({ is: 'failed', message: error instanceof Error ? `${code}${error.stack ?? error.message}` : String(error) });
}
