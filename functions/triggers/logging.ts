import type { App } from '../../src/assembly/app.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { logged } from '../log.ts';
import type { TriggerContext } from '../sdk.ts';

/** Logs the error of a trigger: errors of hygge as events, and other errors with their stack. */
export function toldIn(app: App, flow: string, { log, invocation }: TriggerContext): (error: unknown) => void {
  return (error) => {
    const errors = error instanceof ConfigErrors ? error.errors : error instanceof HyggeError ? [error] : [];
    const base = { v: 1 as const, ts: app.clock.now(), invocation_id: invocation, flow };
    for (const one of errors) logged(log)({ ...base, event: 'error', ...one.toDetails() });
    if (errors.length === 0) log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
}
