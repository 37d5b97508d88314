/** Removes secrets from everything that leaves the app: answers, log lines, errors, and the texts in the history of a run. */
import { wordy } from '../src/assembly/state-without-secrets.ts';
import type { Network } from '../src/ports/network.ts';
import { type SecretValues, secretValuesOf } from '../src/ports/secrets/values.ts';
import { defined } from '../src/ports/values.ts';
import type { Answer } from './answer.ts';
import type { Log } from './log.ts';
import { type HttpAnswer, onHttp, registerTimer, type TriggerContext } from './sdk.ts';

/** Registers triggers so that every secret that the process knows is removed from their answers, logs and errors. */
export function exitsOf(network: Network): { readonly onHttp: typeof onHttp; readonly registerTimer: typeof registerTimer } {
  const values = secretValuesOf(network);
  const safely = async <T>(called: TriggerContext, work: (called: TriggerContext) => Promise<T>): Promise<T> => {
    try {
      return await work({ ...called, log: logWithoutSecrets(called.log, values) });
    } catch (error) {
      throw errorWithoutSecrets(error, values);
    }
  };
  return {
    onHttp: (name, how, answer) =>
      onHttp(name, how, (asked, called) => safely(called, async (own) => answerWithoutSecrets(await answer(asked, own), values))),
    registerTimer: (name, schedule, work) => registerTimer(name, schedule, (called, before) => safely(called, (own) => work(own, before))),
  };
}

export function logWithoutSecrets(log: Log, values: SecretValues): Log {
  return {
    debug: (line) => log.debug(values.hidden(line)),
    info: (line) => log.info(values.hidden(line)),
    warn: (line) => log.warn(values.hidden(line)),
    error: (line) => log.error(values.hidden(line)),
  };
}

function answerWithoutSecrets(answer: HttpAnswer, values: SecretValues): HttpAnswer {
  const { html, headers } = answer;
  return {
    ...answer,
    body: values.hiddenIn(answer.body),
    ...defined({ headers: headers && values.hiddenIn(headers), html: html && values.hidden(html) }),
  };
}

/** If a step continues, only texts for people are checked, because the home itself keeps secrets out of its cursor. */
export function stepWithoutSecrets(answer: Answer, values: SecretValues): Answer {
  return answer.ok ? values.hiddenIn(answer, wordy) : { ...answer, error: values.hiddenIn(answer.error) };
}

/** An error for the platform, with its stack. */
export function errorWithoutSecrets<E>(error: E, values: SecretValues): E {
  if (!(error instanceof Error)) return error;
  const { message, stack = '' } = error;
  if (values.hidden(message) === message && values.hidden(stack) === stack) return error;
  return Object.assign(new Error(values.hidden(message)), { name: error.name, stack: values.hidden(stack) }) as Error as E;
}
