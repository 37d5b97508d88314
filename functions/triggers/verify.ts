import type { App } from '../../src/assembly/app.ts';
import { requestTooLarge } from '../../src/assembly/errors.ts';
import type { ConfigError } from '../../src/errors/hygge-error.ts';
import { verifyLane } from '../../src/ports/state.ts';
import type { FlowSpec } from '../../src/workspace/load/load.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { bytesOf } from '../answer.ts';
import type { VerifyInput } from '../run-input.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { orError, runBody, runLink } from './answers.ts';
import { isObject, needs, objectIn, refuseInAddress, refuseUnknown } from './body.ts';
import { toldIn } from './logging.ts';
import { edgeIn, entitiesIn, mostCharacters } from './request.ts';
import { conflict } from './run.ts';
import { type Start, start } from './start.ts';

/** `POST /api/flows/<flow>/verify`: compares entities with their sources. A comparison takes no lease, so runs can continue meanwhile. */
export async function onVerify(app: App, flow: Pick<FlowSpec, 'name'>, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  return await orError(
    async () => {
      refuseInAddress(asked.query, verifyKeys);
      const { entities, verify } = readVerifyRequest(await asked.text());
      const about = { flow: flow.name, invocation: called.invocation, trigger: 'http', lane: verifyLane } as const;
      const wanted: Start = { ...about, entities, verify, runType: null, backfill: null, vars: {} };
      const started = await start(app, called.instances, wanted);
      if (started.outcome === 'running') return conflict(app, asked, started.record);
      const self = runLink(asked, started.record);
      return { status: 202, headers: { Location: self, 'Retry-After': '10' }, body: runBody(asked, started.record) };
    },
    toldIn(app, flow.name, called),
  );
}

const verifyKeys = ['entities', 'range', 'columns', 'key', 'sample', 'rows'];
/** How many differing rows are described, because their descriptions must fit next to the verdict. */
const mostRows = 100;
const usualRows = 10;
/** The most bytes of keys in a request, because the keys are passed to every step. */
const mostVerifyBytes = 1000;

/** The content of a request to `POST /api/flows/<flow>/verify`. */
interface VerifyAsked {
  /** Names of entities; null: all entities. */
  readonly entities: readonly string[] | null;
  readonly verify: VerifyInput;
}

/** Throws `ConfigErrors` with all errors. */
function readVerifyRequest(text: string): VerifyAsked {
  if (text.length > mostCharacters) throw new ConfigErrors([requestTooLarge(text.length, mostCharacters)]);
  const wrong: ConfigError[] = [];
  const body = objectIn(text, 'Send `{}` to compare the whole flow with its sources.', wrong);
  refuseUnknown(body, { known: verifyKeys, place: 'the request' }, wrong);
  const verify: VerifyInput = {
    range: rangeIn(body.range, wrong),
    columns: namesIn('columns', body.columns, wrong),
    key: namesIn('key', body.key, wrong),
    sample: numberIn(body.sample, { key: 'sample', usual: 1, fits: (n) => n > 0 && n <= 1, what: 'a number above 0 and at most 1' }, wrong),
    rows: numberIn(
      body.rows,
      {
        key: 'rows',
        usual: usualRows,
        fits: (n) => Number.isInteger(n) && n >= 0 && n <= mostRows,
        what: `a whole number up to ${mostRows}`,
      },
      wrong,
    ),
  };
  const entities = entitiesIn(body.entities, wrong);
  if (bytesOf(verify) > mostVerifyBytes)
    wrong.push(needs('columns', `names that have at most ${mostVerifyBytes} bytes together with \`key\``));
  if (wrong.length > 0) throw new ConfigErrors(wrong);
  return { entities, verify };
}

function rangeIn(value: unknown, wrong: ConfigError[]): VerifyInput['range'] {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    wrong.push(needs('range', 'an object with `from` and `to`'));
    return null;
  }
  refuseUnknown(value, { known: ['from', 'to'], place: '`range`' }, wrong);
  return { from: edgeIn('range.from', value.from, wrong), to: edgeIn('range.to', value.to, wrong) };
}

function namesIn(key: string, value: unknown, wrong: ConfigError[]): readonly string[] | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return [...new Set(value)];
  wrong.push(needs(key, 'a list of names of columns'));
  return null;
}

interface NumberNeeded {
  readonly key: string;
  readonly usual: number;
  readonly fits: (n: number) => boolean;
  readonly what: string;
}

function numberIn(value: unknown, { key, usual, fits, what }: NumberNeeded, wrong: ConfigError[]): number {
  if (value === undefined || value === null) return usual;
  if (typeof value === 'number' && fits(value)) return value;
  wrong.push(needs(key, what));
  return usual;
}
