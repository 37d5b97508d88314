import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { version } from '../../src/assembly/version.ts';
import type { ConfigError } from '../../src/errors/hygge-error.ts';
import { mapConcurrent } from '../../src/ports/map-concurrent.ts';
import type { Json } from '../../src/ports/values.ts';
import { factsOf } from '../../src/report/facts.ts';
import { pageOf, policy } from '../../src/report/page.ts';
import { workspaceLabel } from '../../src/workspace/load/load.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { errorAnswer, orError } from './answers.ts';
import { type AppStart, type ServedFlow, whyNotServed } from './flows.ts';
import { toldIn } from './logging.ts';

/** How many flows’ configs are read at once. */
const atOnce = 4;

/**
 * `GET /api/status`: the page of `hygge report`, for the flows in the current config. `?flow=a,b`: only those flows. `?messages=true`: with messages,
 * which may quote data. A client that accepts JSON but not HTML gets the output of `hygge status --output json`.
 */
export async function onStatus(app: App, start: AppStart, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  const named = (asked.query.get('flow') ?? '').split(',').filter((name) => name !== '');
  const unserved = named.map((name) => whyNotServed(name, start.flows)).find((why) => why?.status === 404);
  if (unserved !== undefined) return unserved;
  const chosen = start.flows.filter(({ found }) => named.length === 0 || named.includes(found.name));
  return await orError(
    async () => {
      const looks = await mapConcurrent(chosen, (served) => lookAt(app, served), atOnce);
      const usable = looks.flatMap((look) => ('errors' in look ? [] : [look]));
      const broken = looks.flatMap((look) => ('errors' in look ? [look] : []));
      const [first] = usable;
      // All flows of an app share one state, so any valid flow gives access to it.
      if (first === undefined)
        return errorAnswer(
          500,
          broken.flatMap(({ errors }) => errors.map((error) => error.toDetails())),
        );
      const facts = await factsOf(
        {
          ...workspaceLabel(first.pinned.workspace),
          entities: usable.flatMap(({ pinned, schedule }) =>
            pinned.flow.entities.map(({ flow, entity, expect }) => ({ flow, entity, schedule, expect })),
          ),
          broken,
          now: app.clock.now(),
          version,
        },
        // The result is undefined, because a process on another machine can’t be checked.
        { state: first.pinned.state, host: { fate: async () => 'unknown' } },
      );
      const { html, level, headline } = pageOf(facts, { messages: asked.query.get('messages') === 'true', from: 'app' });
      if (!wantsJson(asked)) return { status: 200, headers: safeHeaders, body: null, html };
      const entities = facts.entities.map(({ status }) => status) as unknown as Json;
      return { status: 200, headers: { 'Cache-Control': 'no-store' }, body: { at: facts.now, level, headline, entities } };
    },
    toldIn(app, named.join(','), called),
  );
}

/** The key may be in the address of the page. So the page must not send its address anywhere, and other pages must not embed the page. */
const safeHeaders = {
  'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

function wantsJson({ headers }: TriggerRequest): boolean {
  const accepted = headers?.get('accept') ?? '';
  return /\bapplication\/json\b/i.test(accepted) && !/\btext\/html\b/i.test(accepted);
}

type Look =
  | { readonly pinned: PinnedFlow; readonly schedule: string | null }
  | { readonly flow: string; readonly errors: readonly ConfigError[] };

async function lookAt(app: App, { found, schedule }: ServedFlow): Promise<Look> {
  if ('errors' in found) return { flow: found.name, errors: found.errors };
  try {
    return { pinned: await app.look(found.name), schedule };
  } catch (error) {
    if (error instanceof ConfigErrors) return { flow: found.name, errors: error.errors };
    throw error;
  }
}
