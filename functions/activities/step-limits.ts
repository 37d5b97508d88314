import type { App } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { stepOfAnotherApp, stepTooLarge } from '../../src/assembly/errors.ts';
import { bytesOf, mostBytes } from '../answer.ts';
import type { RunInput } from '../run-input.ts';

/** Apps that share a task hub are given each other's steps, and know nothing of each other's config. */
export function mustBeOurs({ app: theirs, run }: RunInput, { env }: App): void {
  if (theirs === undefined) return;
  const ours = appName(env);
  if (theirs !== ours) throw stepOfAnotherApp({ run, theirs, ours });
}

export function mustBeSmall(name: string, what: 'input' | 'output', value: unknown): void {
  const bytes = bytesOf(value);
  if (bytes <= mostBytes) return;
  throw stepTooLarge(name, what, { bytes, most: mostBytes });
}
