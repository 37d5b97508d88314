import type { Command } from '../../../infra/commands.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import { parsedJson } from '../../ports/values.ts';
import { appAmiss, appSilent } from './errors.ts';

/** The maximum time to wait. An app that was just deployed needs a minute until it answers, and another minute until its key is known. */
const patienceMs = 300_000;
const pauseMs = 10_000;
/** The time in which an app may still answer with an older config, because its machine has not been restarted yet. */
const staleMs = 60_000;
/** The maximum time for a request. The platform’s front end ends a request after 230 seconds. */
const withinMs = 235_000;
const mostBytes = 16 * 1024 * 1024;

interface Finding {
  readonly about: string;
  readonly ok: boolean;
  readonly what: string;
  readonly tryThis: readonly string[];
}

interface AppReport {
  readonly app: { readonly config?: unknown };
  readonly findings: readonly Finding[];
  readonly missing: readonly string[];
}

export interface AppRequest {
  readonly app: string;
  readonly site: string;
  readonly flows: readonly string[];
  /** The version of the config that was pushed. */
  readonly config: string;
}

export interface AskingApps {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly network: Pick<Network, 'send'>;
  readonly stop: AbortSignal;
  /** The function key of the app. The key is requested again until it is known, and is never shown. */
  key(): Promise<string | undefined>;
  /** Called once, at the first answer that is not a list of findings. */
  waiting(why: string): void;
}

export interface AppChecked {
  readonly checks: number;
  /** Whether the app still runs an older config, since it has not been restarted yet. */
  readonly older: boolean;
}

/** The command that prints the key of an app. Its output is a secret. */
export function keyCommand({
  subscription,
  group,
  site,
}: {
  readonly subscription: string;
  readonly group: string;
  readonly site: string;
}): Command {
  const app = ['--subscription', subscription, '--resource-group', group, '--name', site];
  return { program: 'az', args: ['functionapp', 'keys', 'list', ...app, '--query', 'functionKeys.default', '--output', 'json'] };
}

export function debugAddress(site: string): string {
  return `https://${site}.azurewebsites.net/api/debug`;
}

/** Sends `POST /api/debug` until the app answers. Throws HYG-1129 if the app does not answer, and HYG-1130 if the app reports a problem. */
export async function askApp(asked: AppRequest, asking: AskingApps): Promise<AppChecked> {
  const first = await patiently(asked, asking);
  // If the check of all flows took too long, each flow is checked by a separate request.
  const flows = asked.flows.filter((flow) => first.missing.some((entity) => entity === flow || entity.startsWith(`${flow}.`)));
  let findings = [...first.findings];
  let missing = [...first.missing];
  for (const flow of asked.flows.length > 1 ? flows : []) {
    const of = (about: string) => about === flow || about.startsWith(`${flow}.`);
    const again = await patiently(asked, asking, `?flow=${encodeURIComponent(flow)}`);
    findings = [...findings.filter(({ about }) => !of(about)), ...again.findings.filter(({ about }) => of(about))];
    missing = [...missing.filter((entity) => !of(entity)), ...again.missing];
  }
  const wrong = findings.filter(({ ok }) => !ok);
  if (wrong.length > 0 || missing.length > 0) throw appAmiss({ app: asked.app, of: findings.length, findings: wrong, missing });
  return { checks: findings.length, older: first.app.config !== asked.config };
}

async function patiently({ app, site, config }: AppRequest, asking: AskingApps, query = ''): Promise<AppReport> {
  const { clock } = asking;
  const began = clock.monotonicMs();
  let told = false;
  for (;;) {
    const answer = await once(`${debugAddress(site)}${query}`, asking);
    const spentMs = clock.monotonicMs() - began;
    const isOlder = 'told' in answer && answer.told.app.config !== config && query === '';
    if ('told' in answer && (!isOlder || spentMs + pauseMs > staleMs)) return answer.told;
    const said = 'told' in answer ? 'still runs an older config' : answer.said;
    if (spentMs + pauseMs > patienceMs || ('final' in answer && answer.final))
      throw appSilent(app, { site, said, seconds: Math.round(spentMs / 1000) });
    if (!told) asking.waiting(said);
    told = true;
    await clock.sleep(pauseMs, asking.stop);
  }
}

type AppAnswer = { readonly told: AppReport } | { readonly said: string; readonly final: boolean };

async function once(url: string, { network, key, stop }: AskingApps): Promise<AppAnswer> {
  const known = await key();
  if (known === undefined) return { said: 'has no key yet', final: false };
  try {
    const { status, text } = await unlessStopped(stop, async () => {
      const answer = await network.send({ method: 'POST', url, headers: { 'x-functions-key': known }, withinMs });
      return { status: answer.status, text: await textOf(answer.body) };
    });
    const answer = parsedJson(text);
    const told = status === 200 ? toldIn(answer) : undefined;
    if (told !== undefined) return { told };
    const errors = errorsIn(answer);
    // Errors of hygge itself are about the config, so waiting would not fix them.
    if (errors.length > 0) return { said: `answered ${status}: ${errors.join(' ')}`, final: status < 503 };
    return { said: status === 200 ? 'did not answer with findings' : `answered ${status}`, final: false };
  } catch (error) {
    stop.throwIfAborted();
    const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
    return { said: `could not be reached (${typeof code === 'string' ? code : String(name)})`, final: false };
  }
}

/** Returns the result of `does`, or stops waiting at a signal. A result after the signal is ignored. */
function unlessStopped<T>(stop: AbortSignal, does: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    stop.throwIfAborted();
    const stopped = () => reject(stop.reason);
    stop.addEventListener('abort', stopped, { once: true });
    does()
      .then(resolve, reject)
      .finally(() => stop.removeEventListener('abort', stopped));
  });
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes <= mostBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toldIn(answer: unknown): AppReport | undefined {
  const {
    app,
    findings,
    missing = [],
  } = (answer ?? {}) as { readonly app?: unknown; readonly findings?: unknown; readonly missing?: unknown };
  if (typeof app !== 'object' || app === null || !Array.isArray(findings) || !Array.isArray(missing)) return undefined;
  return findings.every(isFinding) && missing.every((one) => typeof one === 'string') ? { app, findings, missing } : undefined;
}

function isFinding(one: unknown): one is Finding {
  const { about, ok, what, tryThis } = (one ?? {}) as Partial<Record<keyof Finding, unknown>>;
  return typeof about === 'string' && typeof ok === 'boolean' && typeof what === 'string' && Array.isArray(tryThis);
}

function errorsIn(answer: unknown): readonly string[] {
  const { errors } = (answer ?? {}) as { readonly errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.flatMap(({ code, what }: { readonly code?: unknown; readonly what?: unknown }) =>
    typeof code === 'string' && typeof what === 'string' ? [`${code} ${what}`] : [],
  );
}
